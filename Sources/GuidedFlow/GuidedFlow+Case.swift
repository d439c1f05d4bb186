import HallModel

/// Devices, scans, submission and receipt: what the world reports of the item in hand.
extension GuidedFlow {
    mutating func device(_ role: DeviceRole, _ status: DeviceStatus) -> [FlowEffect] {
        let change = availability.note(role, status)
        if role == .cardReader, change == .lost {
            session?.otherCard = nil
            if case .reading = place { place = .start }
        }
        if let lies = status.mediaPresent, status.isUsable {
            // A reader that went away while the card lay there did not see it go.
            if role == .cardReader, !lies { belongings.cardLies = false }
            if role == .receiptPrinter {
                belongings.slip.seen(lies: lies)
                if !lies { hasToldOfSlip = false }
            }
            if role == .scanner { belongings.originals.seen(lies: lies) }
            if role == .documentPrinter { belongings.papers.seen(lies: lies) }
        }
        if role == .documentPrinter, change == .recovered { session?.item?.certificate.printerRecovered() }
        guard role == .scanner || role == .renderer, var item = session?.item else { return [] }
        var effects: [FlowEffect] = []
        for place in item.scans.indices {
            switch change {
            case .lost: item.scans[place].deviceLost()
            case .recovered: effects += item.scans[place].deviceRecovered(role)
            case .none: break
            }
            if role == .scanner, status.mediaPresent == true { item.scans[place].paperArrived() }
        }
        session?.item = item
        return effects
    }

    mutating func scan(_ event: FlowEvent) -> [FlowEffect] {
        guard var item = session?.item else {
            switch event {
            // Came after the session had ended: nobody's, and nobody may see it.
            case .pageScanned(let id, _): return [.discardPage(id)]
            case .materialStored(let material) where session == nil: return [.eraseMaterial(material)]
            default: return []
            }
        }
        defer { session?.item = item }
        switch event {
        case .pageScanned(let id, let checks):
            guard let place = item.scans.firstIndex(where: \.isScanning) else {
                return item.scans.contains { $0.pages.contains { $0?.id == id } } ? [] : [.discardPage(id)]
            }
            belongings.originals = .somewhere
            return item.scans[place].scanned(id, checks)
        case .scanFailed(let code):
            // Drawn in or not: it is about, and a stuck one is all the easier forgotten.
            if code != .scannerNoPaper, belongings.originals == .none { belongings.originals = .somewhere }
            for place in item.scans.indices { item.scans[place].scanFailed(code) }
        case .materialStored(let material):
            return item.scans.indices.filter { item.scans[$0].requirement.id == material }
                .flatMap { item.scans[$0].stored() }
        case .materialNotStored(let material, let code):
            for place in item.scans.indices where item.scans[place].requirement.id == material {
                item.scans[place].notStored(code)
            }
        default: break
        }
        return []
    }

    /// 提交申请. Sends a case at most once at a time, and never again after it was accepted.
    mutating func submit(_ item: inout ItemFlow) -> [FlowEffect] {
        guard let visitor = session?.visitor, item.isComplete, item.position == .check || item.position == .sent else {
            return []
        }
        guard item.submission.send() else { return [] }
        item.position = .sent
        // A full disk or outbox closes before the next person begins: the limits leave room for whoever is under way.
        return [
            .submit(
                Submission(
                    item: item.item.id, person: visitor.document, answers: item.submittedAnswers,
                    materials: item.item.materials.map(\.id)))
        ]
    }

    mutating func submission(_ event: FlowEvent) -> [FlowEffect] {
        guard var item = session?.item else { return [] }
        defer { session?.item = item }
        var isFirstAnswer = false
        switch event {
        case .caseAccepted: item.submission.accepted()
        case .caseNotAccepted(let code): item.submission.refused(code)
        case .caseConfirmed(let number): isFirstAnswer = item.submission.confirmed(number)
        case .caseWaits(let code): isFirstAnswer = item.submission.waits(code)
        case .receipt(let outcome):
            guard item.submission.receipt.isPrinting else { break }
            item.submission.receipt.ended(outcome)
            // What is seen to lie in the slot is theirs to take, be it a torn piece.
            if outcome.verdict == .notPrinted, !item.submission.receipt.mayExist, belongings.slip != .lies {
                belongings.slip = .none
            }
            belongings.slip.seen(lies: availability.mediaPresent(.receiptPrinter) ?? false)
        default: break
        }
        guard isFirstAnswer, item.submission.receipt.start(), let content = receiptContent(of: item) else { return [] }
        return printReceipt(content, isSecondCopy: false)
    }

    /// From here on a slip may lie in the slot, whatever becomes of the person.
    mutating func printReceipt(_ content: ReceiptContent, isSecondCopy: Bool) -> [FlowEffect] {
        if belongings.slip != .lies { belongings.slip = .somewhere }
        return [.printReceipt(content, isSecondCopy: isSecondCopy)]
    }

    /// The case is through, and the person has the receipt or does without: nothing holds this session any more.
    var isReceiptSettled: Bool {
        guard let item = session?.item else { return false }
        return item.submission.receipt.isSettled || item.certificate.isSettled
    }

    /// The journal takes cases again: a refusal for that reason is over, and the check page is back.
    mutating func submissionOpened() {
        guard case .refused = session?.item?.submission.stage else { return }
        session?.item?.submission.opened()
        session?.item?.position = .check
    }

    /// What the slip says; nothing that a stranger could use (L5).
    func receiptContent(of item: ItemFlow) -> ReceiptContent? {
        guard let visitor = session?.visitor else { return nil }
        let rows = item.askedQuestions.compactMap { question in
            item.text(of: question).map { text in
                let value = text[.simplifiedChinese]
                return ReceiptContent.Row(
                    label: question.label[.simplifiedChinese],
                    value: question.isPrivate ? Self.masked(value) : value)
            }
        }
        return ReceiptContent(
            itemName: item.item.officialName[.simplifiedChinese], maskedName: visitor.maskedName,
            numberTail: visitor.numberTail, caseNumber: item.submission.caseNumber,
            acceptanceCode: item.submission.acceptanceCode, rows: rows,
            afterwards: item.item.afterwards[.simplifiedChinese])
    }

    /// All but the last four characters as stars; all of them when there are four or fewer.
    static func masked(_ value: String) -> String {
        guard value.count > 4 else { return String(repeating: "*", count: value.count) }
        return String(repeating: "*", count: value.count - 4) + value.suffix(4)
    }
}
