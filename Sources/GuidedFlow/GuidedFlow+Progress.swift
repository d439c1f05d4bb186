import HallModel

/// 办件进度查询: by the card that lies on the reader, or by the code of a receipt.
extension GuidedFlow {
    mutating func lookUp(_ question: ProgressQuestion, for item: ServiceItem) -> [FlowEffect] {
        session?.lookup = ProgressLookup(item, question)
        place = .progress
        return [.lookUpProgress(question)]
    }

    /// A code was held under the reader. Whoever is at the empty kiosk, or looks at cases already, sees the receipt's case;
    /// in the middle of something else a code does nothing: it may be the next person's.
    mutating func codeRead(_ text: String, in environment: FlowEnvironment) -> [FlowEffect] {
        guard let item = environment.items.first(where: { $0.kind == .progress && $0.closedHere == nil }) else {
            return []
        }
        switch place {
        case .start, .window:
            touched(in: environment)
            guard let code = ReceiptCode.read(text) else {
                notice.cardProblem = .codeUnreadable
                place = .start
                return []
            }
            notice = StartNotice()
            var effects: [FlowEffect] = []
            if session == nil {
                session = Session()
                effects.append(.beginSession)
            }
            envelope.dialog = nil
            return effects + lookUp(.receipt(code: Sensitive(code)), for: item)
        case .leaving where canBeLeft:
            // The one before is gone, or is looking at the slip just printed.
            let effects = returnToStart(in: environment)
            return effects + codeRead(text, in: environment)
        case .progress, .items:
            guard session?.lookup?.isBusy != true, session?.otherCard == nil, envelope.dialog == nil,
                session?.item.map(\.isThrough) ?? true, let code = ReceiptCode.read(text)
            else { return [] }
            touched(in: environment)
            return lookUp(.receipt(code: Sensitive(code)), for: item)
        case .leaving, .reading, .item: return []
        }
    }

    /// Nothing is seen to lie there that the page would have to be kept for.
    private var canBeLeft: Bool { !belongings.things(availability).contains { $0.isTaken == false } }
}
