import HallModel

/// One application item from its first page to its receipt: which page is shown, what was answered, what was scanned.
struct ItemFlow: Sendable {
    enum Position: Sendable, Equatable {
        case intro
        /// A question, by its id.
        case question(String)
        /// A material, by its place in the item.
        case material(Int)
        case check
        /// Submitted, or on the way to it.
        case sent
    }

    /// 更改 from the check page: leads back there as soon as everything is answered.
    struct Change: Sendable, Equatable {
        var origin: String
        /// What stood there before; put back when the change is given up half-way.
        var previous: String?
    }

    let item: ServiceItem
    var position: Position = .intro
    private(set) var answers: [String: String] = [:]
    /// What stands on the digit pad, kept when the person leaves the page.
    private(set) var entries: [String: String] = [:]
    /// The entry of the page was confirmed and found wanting.
    private(set) var entryWasRefused = false
    private(set) var change: Change?
    var scans: [MaterialScan]
    var submission = CaseSubmission()
    /// For items of kind certificate, in the place of a submission.
    var certificate = CertificatePrint()

    init(_ item: ServiceItem) {
        self.item = item
        scans = item.materials.map(MaterialScan.init)
    }

    // MARK: What follows from the answers

    /// The questions that this person is asked, in order.
    var askedQuestions: [ServiceItem.Question] { item.questions.filter { isAsked($0, depth: 0) } }

    /// Every question answered, every material safe.
    var isComplete: Bool { askedQuestions.allSatisfy { answers[$0.id] != nil } && scans.allSatisfy(\.isStored) }

    var question: ServiceItem.Question? {
        guard case .question(let id) = position else { return nil }
        return item.questions.first { $0.id == id }
    }

    var scanInHand: MaterialScan? {
        guard case .material(let place) = position, scans.indices.contains(place) else { return nil }
        return scans[place]
    }

    var isBusy: Bool { submission.isBusy || certificate.isBusy || scans.contains(where: \.isBusy) }

    /// Papers of the person's are laid into the scanner for it.
    var takesPages: Bool { scans.contains { !$0.requirement.pages.isEmpty } }

    /// The case is in the journal, or the document is made: the person's way through the item is over.
    var isThrough: Bool { submission.isAccepted || certificate.isMade }

    /// The answers as they are sent, in the kiosk's first language.
    var submittedAnswers: [Submission.Answer] {
        askedQuestions.map { question in
            Submission.Answer(
                question: question.id, label: question.label[.simplifiedChinese], value: answers[question.id] ?? "",
                text: text(of: question)?[.simplifiedChinese] ?? "")
        }
    }

    /// Whether ending now would lose something of the person's.
    var wouldLoseEntries: Bool {
        !isThrough
            && (!answers.isEmpty || entries.values.contains { !$0.isEmpty } || scans.contains(where: \.holdsSomething))
    }

    /// "第 n 步，共 m 步": one step a question, one a material, the check, the end.
    var step: Screen.Step? {
        let asked = askedQuestions
        let total = asked.count + scans.count + 2
        switch position {
        case .intro: return nil
        case .question(let id):
            guard let place = asked.firstIndex(where: { $0.id == id }) else { return nil }
            return Screen.Step(place + 1, of: total)
        case .material(let place): return Screen.Step(asked.count + place + 1, of: total)
        case .check: return Screen.Step(total - 1, of: total)
        case .sent:
            let isAtTheEnd = submission.stage == .answered || certificate.isMade
            return Screen.Step(isAtTheEnd ? total : total - 1, of: total)
        }
    }

    /// An answer's text in every language, or its digits.
    func text(of question: ServiceItem.Question) -> LocalizedText? {
        guard let value = answers[question.id] else { return nil }
        switch question.form {
        case .choice(let choices): return choices.first { $0.id == value }?.label
        case .digits: return LocalizedText(value)
        }
    }

    // MARK: Ways

    mutating func begin() {
        guard position == .intro else { return }
        position = askedQuestions.first.map { .question($0.id) } ?? firstAfterQuestions
    }

    mutating func answer(_ id: String, _ value: String) {
        guard let question, question.id == id, case .choice(let choices) = question.form,
            choices.contains(where: { $0.id == value })
        else { return }
        answers[id] = value
        goOn(from: id)
    }

    mutating func digit(_ digit: Int) {
        guard let question, case .digits(let length, _) = question.form, (0...9).contains(digit) else { return }
        let entry = entries[question.id] ?? ""
        guard entry.count < length.upperBound else { return }
        entries[question.id] = entry + String(digit)
        entryWasRefused = false
    }

    mutating func deleteDigit() {
        guard let question else { return }
        entries[question.id] = entries[question.id].map { String($0.dropLast()) }
        entryWasRefused = false
    }

    mutating func confirmDigits() {
        guard let question, case .digits = question.form else { return }
        guard fault(of: question) == nil else {
            entryWasRefused = true
            return
        }
        answers[question.id] = entries[question.id]
        goOn(from: question.id)
    }

    enum EntryFault: Sendable, Equatable {
        case short(missing: Int)
        case start
    }

    func fault(of question: ServiceItem.Question) -> EntryFault? {
        guard case .digits(let length, let prefixes) = question.form else { return nil }
        let entry = entries[question.id] ?? ""
        if entry.count < length.lowerBound { return .short(missing: length.lowerBound - entry.count) }
        return prefixes.isEmpty || prefixes.contains { entry.hasPrefix($0) } ? nil : .start
    }

    /// 下一步 from 收好了.
    mutating func next() {
        guard case .material(let place) = position, scans[place].stage == .stored else { return }
        if change != nil {
            change = nil
            position = .check
        } else {
            position = place + 1 < scans.count ? .material(place + 1) : .check
        }
    }

    mutating func startChange(_ what: String) {
        guard position == .check else { return }
        entryWasRefused = false
        if askedQuestions.contains(where: { $0.id == what }) {
            change = Change(origin: what, previous: answers[what])
            position = .question(what)
        } else if let place = item.materials.firstIndex(where: { $0.id == what }) {
            change = Change(origin: what, previous: nil)
            scans[place].startOver()
            position = .material(place)
        }
    }

    enum BackResult: Sendable { case stayed, leavesItem, impossible }

    /// One page back; nothing entered is lost by it.
    mutating func back() -> (BackResult, [FlowEffect]) {
        entryWasRefused = false
        switch position {
        case .intro: return (.leavesItem, [])
        case .question(let id):
            if change != nil {
                backInChange(from: id)
            } else {
                let asked = askedQuestions
                let place = asked.firstIndex { $0.id == id } ?? 0
                position = place > 0 ? .question(asked[place - 1].id) : .intro
            }
            return (.stayed, [])
        case .material(let place): return backFromMaterial(place)
        case .check:
            position = scans.isEmpty ? lastQuestion : .material(scans.count - 1)
            return (.stayed, [])
        case .sent:
            guard canGoBack else { return (.impossible, []) }
            // What was asked for must not come back as the answer to another question.
            let effects: [FlowEffect] = certificate.request == .asking ? [.cancelDocument] : []
            submission.returnToCheck()
            certificate.returnToCheck()
            position = .check
            return (.stayed, effects)
        }
    }

    /// Whether back leads anywhere from here.
    var canGoBack: Bool {
        switch position {
        case .intro, .question, .check: return true
        case .material(let place): return scans[place].stage != .storing
        case .sent:
            switch (submission.stage, certificate.request) {
            case (.refused, _), (_, .asking), (_, .unavailable): return true
            default: return false
            }
        }
    }

    /// What must go when the item is given up before it was submitted.
    func abandoned() -> [FlowEffect] { submission.isAccepted ? [] : scans.flatMap { $0.abandoned() } }

    // MARK: -

    private var firstAfterQuestions: Position { scans.isEmpty ? .check : .material(0) }
    private var lastQuestion: Position { askedQuestions.last.map { .question($0.id) } ?? .intro }

    private func isAsked(_ question: ServiceItem.Question, depth: Int) -> Bool {
        guard let condition = question.condition else { return true }
        // A definition that refers to itself in a ring asks nothing of it.
        guard depth < item.questions.count, let other = item.questions.first(where: { $0.id == condition.question })
        else { return false }
        return answers[other.id] == condition.answer && isAsked(other, depth: depth + 1)
    }

    private mutating func goOn(from id: String) {
        entryWasRefused = false
        let asked = askedQuestions
        if change != nil {
            if let open = asked.first(where: { answers[$0.id] == nil }) {
                position = .question(open.id)
            } else {
                change = nil
                position = .check
            }
            return
        }
        let place = asked.firstIndex { $0.id == id } ?? asked.count
        position = place + 1 < asked.count ? .question(asked[place + 1].id) : firstAfterQuestions
    }

    private mutating func backInChange(from id: String) {
        guard let change else { return }
        if id != change.origin {
            position = .question(change.origin)
            return
        }
        if !askedQuestions.allSatisfy({ answers[$0.id] != nil }) { answers[id] = change.previous }
        self.change = nil
        position = .check
    }

    private mutating func backFromMaterial(_ place: Int) -> (BackResult, [FlowEffect]) {
        if scans[place].isScanning { return (.stayed, scans[place].giveUpScan()) }
        guard scans[place].stage != .storing else { return (.impossible, []) }
        if scans[place].back() { return (.stayed, []) }
        if change != nil {
            change = nil
            position = .check
            return (.stayed, scans[place].giveUpReplacing())
        }
        position = place > 0 ? .material(place - 1) : lastQuestion
        return (.stayed, [])
    }
}
