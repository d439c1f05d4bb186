import HallModel

/// What drawing a screen needs besides the state that it shows.
struct Canvas {
    let revision: Int
    let language: Language
    let textStep: Int
    let environment: FlowEnvironment
    let availability: Availability
    /// A card was read in this session.
    var hasVisitor = false

    func screen(_ name: Screen.Name, _ heading: ScreenText, picture: ScreenPicture? = nil) -> Screen {
        var screen = Screen(name: name, revision: revision, language: language, textStep: textStep, heading: heading)
        screen.picture = picture?.rawValue
        return screen
    }

    var window: ScreenText { .localized(environment.settings.window) }

    /// What is wrong, as a sentence without its full stop, to stand inside another.
    func what(_ obstacle: Availability.Obstacle) -> ScreenText {
        switch obstacle {
        case .closed(let code): what(code, else: .troubleClosed)
        case .notOffered(let why): .localized(why.withoutFullStop)
        // Its words in the catalogue are those for a card that lies there.
        case .device(.cardReader, .readerGarbled): .text(Self.fallback(.cardReader))
        case .device(let role, let code): what(code, else: Self.fallback(role))
        }
    }

    func what(_ code: ProblemCode?, else key: ScreenTextKey) -> ScreenText {
        guard let text = code.flatMap({ environment.problems[$0]?.residentHeading }) else { return .text(key) }
        return .localized(text.withoutFullStop)
    }

    /// What to do about it.
    func advice(_ code: ProblemCode?) -> ScreenText {
        guard let text = code.flatMap({ environment.problems[$0]?.residentAction }) else {
            return .text(.troubleAdvice, ["window": window])
        }
        return .localized(text)
    }

    func picture(_ code: ProblemCode?) -> String {
        code.flatMap { environment.problems[$0]?.picture } ?? ScreenPicture.staff.rawValue
    }

    /// A page that says what stands in the way, what to do, and that nothing is lost.
    func fault(_ code: ProblemCode?, else key: ScreenTextKey, retry: ScreenTextKey) -> Screen {
        var screen = screen(.fault, what(code, else: key))
        screen.problem = code
        screen.lead = [advice(code)]
        screen.notes = [.init(.good, .text(.faultKept))]
        screen.picture = picture(code)
        screen.buttons = [
            .init(.go, .retry, .text(retry)),
            .init(.other, .help, .text(.faultHelp), pictogram: ScreenPictogram.help.rawValue),
        ]
        return screen
    }

    static func fallback(_ role: DeviceRole) -> ScreenTextKey {
        switch role {
        case .cardReader: .troubleReader
        case .scanner: .troubleScanner
        case .receiptPrinter: .troublePrinter
        case .documentPrinter: .troubleDocumentPrinter
        // No item stands or falls with a code reader.
        case .renderer, .codeReader: .troubleKiosk
        }
    }
}

extension Availability.Obstacle {
    var code: ProblemCode? {
        switch self {
        case .device(_, let code): code
        case .closed(let code): code
        case .notOffered: nil
        }
    }
}

extension LocalizedText {
    var withoutFullStop: LocalizedText {
        LocalizedText(byLanguage.mapValues { $0.hasSuffix("。") || $0.hasSuffix(".") ? String($0.dropLast()) : $0 })
    }

    /// Fits a line or two in the largest letters, in every language.
    var isShort: Bool { byLanguage.allSatisfy { $0 == .simplifiedChinese ? $1.count <= 16 : $1.count <= 44 } }

    /// An enumeration in every language that the first of them has.
    static func list(_ texts: [LocalizedText]) -> LocalizedText {
        var result: [Language: String] = [:]
        for language in Language.allCases where texts.allSatisfy({ $0.byLanguage[language] != nil }) {
            let comma = language == .simplifiedChinese ? "、" : ", "
            result[language] = texts.map { $0[language] }.joined(separator: comma)
        }
        return LocalizedText(result)
    }
}
