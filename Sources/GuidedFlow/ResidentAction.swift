import HallModel

/// Everything a resident can do on a screen. Written in a form as `name` or `name:value`.
public enum ResidentAction: Sendable, Equatable {
    /// 返回: one page back, what was entered stays; from the choice of items the same as `end`.
    case back
    /// 叫人帮忙, also once more when nobody was reached.
    case help
    /// Opens the dialog for text size and height.
    case openTextSize
    /// XA3: 1, 2 or 3.
    case setTextStep(Int)
    /// XA7: moves the whole page down for a seated person, or back.
    case setLowered(Bool)
    /// Opens the choice of language.
    case openLanguage
    /// In which screens are shown until the session ends.
    case setLanguage(Language)
    /// 结束: asks first where something would be lost.
    case end
    /// The answer to that question, and 不办了 on the idle alert: ends, unless the journal takes a case in.
    case confirmEnd
    /// Closes whatever dialog is open; also 我还在 and 点一下继续.
    case stay
    /// 不想放证件，去窗口办: says which window.
    case goToWindow
    /// By the item's id.
    case chooseItem(String)
    /// From the item's first page to its first question.
    case begin
    /// One of the choices of a question, both by their ids.
    case answer(question: String, value: String)
    /// 0…9, to the end of what stands on the pad.
    case digit(Int)
    /// Takes the last digit away.
    case deleteDigit
    /// Takes what stands on the pad as the answer, if it may be one.
    case confirmDigits
    /// Draws in the page that is asked for.
    case scan
    /// Takes the page as it is, and goes on.
    case keepPage
    /// Back to laying the same page in; the one that was looked at goes when the new one is there.
    case scanAgain
    /// 更改: to one question or material; returns to the check page.
    case change(String)
    /// From 收好了 onwards.
    case next
    /// 提交申请; of a certificate: asks for the document and prints it.
    case submit
    /// The slip or the document once more; 补打 when an earlier one may exist.
    case printAgain
    /// It came out, slip or papers: the person has it.
    case havePaper
    /// The person does without it.
    case skipPaper
    /// 都拿好了: only what is seen to lie there keeps the page.
    case allTaken
    /// The other card's owner is the same visitor's helper: go on with the first person's matter.
    case keepFirstCard
    /// End the first person's session and begin with the new card.
    case useNewCard
    /// The person did what the fault page asked for.
    case retry
    /// Back to the choice of items, in the same session.
    case anotherItem

    /// Reads what a form sent; `nil` for anything not in this list.
    public init?(form text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= 200, let name = parts.first else { return nil }
        switch (name, parts.count) {
        case ("back", 1): self = .back
        case ("help", 1): self = .help
        case ("text-size", 1): self = .openTextSize
        case ("text-step", 2):
            guard let step = Int(parts[1]), (1...3).contains(step) else { return nil }
            self = .setTextStep(step)
        case ("lowered", 2):
            guard let isLowered = ["yes": true, "no": false][parts[1]] else { return nil }
            self = .setLowered(isLowered)
        case ("languages", 1): self = .openLanguage
        case ("language", 2):
            guard let language = Language(rawValue: parts[1]) else { return nil }
            self = .setLanguage(language)
        case ("end", 1): self = .end
        case ("confirm-end", 1): self = .confirmEnd
        case ("stay", 1): self = .stay
        case ("window", 1): self = .goToWindow
        case ("item", 2): self = .chooseItem(parts[1])
        case ("begin", 1): self = .begin
        case ("answer", 3): self = .answer(question: parts[1], value: parts[2])
        case ("digit", 2):
            guard let digit = Int(parts[1]), (0...9).contains(digit) else { return nil }
            self = .digit(digit)
        case ("delete-digit", 1): self = .deleteDigit
        case ("confirm-digits", 1): self = .confirmDigits
        case ("scan", 1): self = .scan
        case ("keep-page", 1): self = .keepPage
        case ("scan-again", 1): self = .scanAgain
        case ("change", 2): self = .change(parts[1])
        case ("next", 1): self = .next
        case ("submit", 1): self = .submit
        case ("print-again", 1): self = .printAgain
        case ("have-paper", 1): self = .havePaper
        case ("skip-paper", 1): self = .skipPaper
        case ("all-taken", 1): self = .allTaken
        case ("keep-first-card", 1): self = .keepFirstCard
        case ("use-new-card", 1): self = .useNewCard
        case ("retry", 1): self = .retry
        case ("another-item", 1): self = .anotherItem
        default: return nil
        }
    }

    /// The inverse of `init(form:)`.
    public var form: String {
        switch self {
        case .back: "back"
        case .help: "help"
        case .openTextSize: "text-size"
        case .setTextStep(let step): "text-step:\(step)"
        case .setLowered(let isLowered): "lowered:\(isLowered ? "yes" : "no")"
        case .openLanguage: "languages"
        case .setLanguage(let language): "language:\(language.rawValue)"
        case .end: "end"
        case .confirmEnd: "confirm-end"
        case .stay: "stay"
        case .goToWindow: "window"
        case .chooseItem(let id): "item:\(id)"
        case .begin: "begin"
        case .answer(let question, let value): "answer:\(question):\(value)"
        case .digit(let digit): "digit:\(digit)"
        case .deleteDigit: "delete-digit"
        case .confirmDigits: "confirm-digits"
        case .scan: "scan"
        case .keepPage: "keep-page"
        case .scanAgain: "scan-again"
        case .change(let what): "change:\(what)"
        case .next: "next"
        case .submit: "submit"
        case .printAgain: "print-again"
        case .havePaper: "have-paper"
        case .skipPaper: "skip-paper"
        case .allTaken: "all-taken"
        case .keepFirstCard: "keep-first-card"
        case .useNewCard: "use-new-card"
        case .retry: "retry"
        case .anotherItem: "another-item"
        }
    }
}
