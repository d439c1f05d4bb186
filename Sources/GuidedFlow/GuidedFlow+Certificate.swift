import HallModel

/// 打印证明: asking for the document, printing it, and what comes of both.
extension GuidedFlow {
    /// 打印证明 on the check page, or once more after a fault.
    mutating func requestDocument(_ item: inout ItemFlow) -> [FlowEffect] {
        guard let visitor = session?.visitor, item.isComplete, item.position == .check || item.position == .sent,
            item.certificate.ask()
        else { return [] }
        item.position = .sent
        return [
            .requestDocument(
                DocumentRequest(item: item.item.id, person: visitor.document, answers: item.submittedAnswers))
        ]
    }

    mutating func document(_ event: FlowEvent) -> [FlowEffect] {
        guard var item = session?.item, item.item.kind == .certificate else { return [] }
        defer { session?.item = item }
        switch event {
        case .documentReady(let pages):
            guard item.certificate.ready(pages: pages) else { return [] }
            return printDocument(isSecondCopy: false)
        case .documentUnavailable(let obstacle): item.certificate.unavailable(obstacle)
        case .documentPrinted(let outcome):
            guard item.certificate.print.isPrinting else { return [] }
            item.certificate.printed(outcome)
            if outcome.verdict == .notPrinted, !item.certificate.print.mayExist { belongings.papers = .none }
            belongings.papers.seen(lies: availability.mediaPresent(.documentPrinter) ?? false)
        default: break
        }
        return []
    }

    /// 再打一份, where the last one did not come out or nobody knows.
    mutating func printDocumentAgain(_ item: inout ItemFlow) -> [FlowEffect] {
        let isSecondCopy = item.certificate.print.mayExist
        return item.certificate.print.printAgain() ? printDocument(isSecondCopy: isSecondCopy) : []
    }

    /// From here on papers may lie in the tray, whatever becomes of the person.
    private mutating func printDocument(isSecondCopy: Bool) -> [FlowEffect] {
        if belongings.papers == .none { belongings.papers = .somewhere }
        return [.printDocument(isSecondCopy: isSecondCopy)]
    }
}
