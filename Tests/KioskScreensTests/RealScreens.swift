import GuidedFlow
import HallModel

/// Every screen that the real flow reaches with the real items, problems and texts: each question, each fault of the
/// catalogue where it can meet the resident, each dialog, alert and cover.
///
/// `RealScreensTests` holds this tour against the lists of screens, texts and problems, so that a new one cannot be
/// forgotten here.
struct RealScreens {
    struct Entry: Sendable {
        var label: String
        var screen: Screen
    }

    let contents: KioskContents
    /// What the dialogs tick, too.
    let language: Language
    let textStep: Int
    private(set) var entries: [Entry] = []

    /// The tour in this language and text step; revisions number the entries from 1.
    static func entries(
        _ contents: KioskContents, in language: Language = .simplifiedChinese, textStep: Int = 2
    ) -> [Entry] {
        var tour = RealScreens(contents: contents, language: language, textStep: textStep)
        tour.arrival()
        tour.choiceOfItem()
        tour.questions()
        tour.scans()
        tour.checkAndSubmission()
        tour.receipts()
        tour.certificates()
        tour.post()
        tour.progress()
        tour.receiptCodes()
        tour.leaving()
        tour.otherCards()
        tour.dialogs()
        return tour.entries.enumerated().map { index, entry in
            var entry = entry
            entry.screen.language = language
            entry.screen.textStep = textStep
            entry.screen.revision = index + 1
            return entry
        }
    }

    private init(contents: KioskContents, language: Language, textStep: Int) {
        (self.contents, self.language, self.textStep) = (contents, language, textStep)
    }

    var kiosk: RealKiosk { RealKiosk(contents, textStep: textStep) }

    mutating func show(_ label: String, _ screen: Screen) { entries.append(Entry(label: label, screen: screen)) }

    /// A kiosk on which something was done.
    func kiosk(_ way: (inout RealKiosk) -> Void) -> RealKiosk {
        var kiosk = kiosk
        way(&kiosk)
        return kiosk
    }

    // MARK: Which problems come where

    static let reader: [ProblemCode] = [
        .readerMissing, .readerSilent, .readerNotAuthorised, .readerFault, .readerGarbled,
    ]
    static let card: [ProblemCode] = [
        .readerGarbled, .cardUnreadable, .cardUnknownKind, .cardRemovedTooSoon, .codeUnreadable,
    ]
    static let scanner: [ProblemCode] = [
        .scanInterrupted, .scannerMissing, .scannerJam, .scannerCoverOpen, .scannerNoPaper, .scannerBusy, .scannerFault,
    ]
    static let printer: [ProblemCode] = [
        .printerMissing, .printerPaperOut, .printerPaperLow, .printerCoverOpen, .printerCutter, .printerJam,
        .printerFault, .receiptUnknown,
    ]
    static let documentPrinter: [ProblemCode] = [
        .documentPrinterMissing, .documentPrinterPaperOut, .documentPrinterJam, .documentPrinterCoverOpen,
        .documentPrinterSupplyEmpty, .documentPrinterOutputFull, .documentPrinterPaused, .documentPrinterFault,
        .documentUnknown,
    ]
    static let closed: [ProblemCode] = [.diskFull, .outboxFull]
    static let store: [ProblemCode] = closed + [.storageFault, .rendererMissing, .pageIncomplete]
    static let submission: [ProblemCode] = closed + [.storageFault, .pageIncomplete, .platformRefused]

    static func broken(_ code: ProblemCode?) -> DeviceStatus {
        DeviceStatus(.hardwareError, problem: code.map { Problem($0) })
    }

    // MARK: Before an item is chosen

    private mutating func arrival() {
        show("start", kiosk.screen)
        show("start, with a code reader", kiosk { $0.send(.device(.codeReader, .init(.online))) }.screen)
        show(
            "start, the platform does not answer",
            kiosk { $0.send(.platformReachable(false)) }.screen)
        for code in Self.documentPrinter + [nil] {
            show(
                "start, \(code?.rawValue ?? "document printer")",
                kiosk { $0.send(.device(.documentPrinter, Self.broken(code))) }.screen)
        }
        show(
            "closed, with a code reader",
            kiosk {
                $0.send(.device(.codeReader, .init(.online)))
                $0.send(.device(.cardReader, Self.broken(.readerMissing)))
            }.screen)
        for code in Self.card + [ProblemCode("unknown")] {
            show(
                "start, \(code)",
                kiosk {
                    $0.send(.cardPresented); $0.send(.cardFailed(code))
                }.screen)
        }
        for code in Self.scanner + [nil] {
            show(
                "start, \(code?.rawValue ?? "scanner")", kiosk { $0.send(.device(.scanner, Self.broken(code))) }.screen)
        }
        for code in Self.printer + [nil] {
            show(
                "start, \(code?.rawValue ?? "printer")",
                kiosk { $0.send(.device(.receiptPrinter, Self.broken(code))) }.screen)
        }
        for code in [.rendererMissing, nil] as [ProblemCode?] {
            show(
                "start, \(code?.rawValue ?? "renderer")",
                kiosk { $0.send(.device(.renderer, Self.broken(code))) }.screen)
        }
        for code in Self.closed { show("start, \(code)", kiosk { $0.send(.submissionClosed(code)) }.screen) }
        show(
            "start, all at once",
            kiosk {
                $0.send(.submissionClosed(.diskFull))
                $0.send(.previousSessionLost(accepted: nil))
                $0.send(.cardPresented)
                $0.send(.cardFailed(.cardRemovedTooSoon))
            }.screen)
        show("reading", kiosk { $0.send(.cardPresented) }.screen)
        for code in Self.reader + [nil] {
            show(
                "closed, \(code?.rawValue ?? "reader")",
                kiosk { $0.send(.device(.cardReader, Self.broken(code))) }.screen)
        }
        for code in Self.closed + [ProblemCode("unknown")] {
            var only = RealKiosk(contents, items: [contents.seniorCard])
            only.send(.previousSessionLost(accepted: nil))
            show("closed, \(code), after a lost session", only.send(.submissionClosed(code)))
        }
        show("window", kiosk { $0.press(.goToWindow) }.screen)
    }

    private mutating func choiceOfItem() {
        show("items, grandmother", kiosk { $0.layCard() }.screen)
        let people: [(String, IdentityDocument)] = [
            ("grandfather", .person("欧阳修", .male, born: (1940, 1, 1), number: "1")),
            ("madam", .person("司马相", .female, born: (1990, 1, 1), number: "2")), ("sir", .misterOuyang),
            ("by name", .person("阿依古丽·买买提江", .unknown, born: (1950, 1, 1), number: "3", flags: [.expired])),
            ("plain", .person("", .unknown, born: nil, number: "4")),
            ("not yet valid", .person("张秀兰", .female, born: (1947, 11, 15), number: "5", flags: [.notYetValid])),
        ]
        for (label, person) in people { show("items, \(label)", kiosk { $0.layCard(person) }.screen) }
        show(
            "items after a lost session",
            kiosk {
                $0.send(.previousSessionLost(accepted: nil)); $0.layCard()
            }.screen)
        show("start after a session with a case", kiosk { $0.send(.previousSessionLost(accepted: "K7M2 XQ4D")) }.screen)
        show(
            "items after a session with a case",
            kiosk {
                $0.send(.previousSessionLost(accepted: "9900 0012 3456")); $0.layCard()
            }.screen)
        show(
            "items, scanner broken",
            kiosk {
                $0.send(.device(.scanner, Self.broken(.scannerJam))); $0.layCard()
            }.screen)
        show(
            "intro",
            kiosk {
                $0.layCard(); $0.press(.chooseItem("senior-card"))
            }.screen)
        show(
            "intro, too young",
            kiosk {
                $0.layCard(.misterOuyang); $0.press(.chooseItem("senior-card"))
            }.screen)
        let obstacles =
            Self.scanner.map { (DeviceRole.scanner, $0) } + Self.printer.map { (.receiptPrinter, $0) }
            + [(.renderer, .rendererMissing)]
        for (role, code) in obstacles {
            show(
                "intro, \(code)",
                kiosk {
                    $0.layCard()
                    $0.send(.device(role, Self.broken(code)))
                    $0.press(.chooseItem("senior-card"))
                }.screen)
        }
        for code in Self.closed {
            show(
                "intro, \(code)",
                kiosk {
                    $0.send(.submissionClosed(code)); $0.layCard(); $0.press(.chooseItem("senior-card"))
                }.screen)
        }
        var elsewhere = contents.seniorCard
        elsewhere.canBeFinishedHere = false
        elsewhere.elsewhere = LocalizedText([
            .simplifiedChinese: "照片要到 3 号窗口照。", .english: "The photograph is taken at window 3.",
        ])
        var other = RealKiosk(contents, items: [elsewhere])
        other.layCard()
        show("intro, only a part here", other.press(.chooseItem("senior-card")))
    }

    // MARK: Questions and scans

    private mutating func questions() {
        var kiosk = kiosk
        kiosk.goToQuestions()
        for question in contents.seniorCard.questions {
            show("question \(question.id)", kiosk.screen)
            guard case .choice(let choices) = question.form, let first = choices.first else { continue }
            kiosk.press(.answer(question: question.id, value: first.id))
            show("question \(question.id), answered", kiosk.press(.back))
            kiosk.press(.answer(question: question.id, value: first.id))
        }
        show("digits, short", kiosk.press(.digit(2), .digit(3), .confirmDigits))
        for digit in [3, 9, 0, 0, 0, 0, 4, 3, 2] { kiosk.press(.digit(digit)) }
        show("digits, wrong start", kiosk.press(.confirmDigits))
        var item = contents.seniorCard
        for place in item.questions.indices {
            if case .digits(_, let prefixes) = item.questions[place].form {
                item.questions[place].form = .digits(length: 8...11, prefixes: prefixes)
            }
        }
        var landline = RealKiosk(contents, items: [item])
        landline.goToQuestions()
        landline.press(.answer(question: "pickup", value: "service-centre"))
        show("digits, 8 to 11", landline.press(.answer(question: "notify", value: "phone")))
    }

    private mutating func scans() {
        var kiosk = kiosk
        kiosk.goToScan()
        show("scan, page 1", kiosk.screen)
        show("scanning, page 1", kiosk.press(.scan))
        show("preview, page 1", kiosk.send(.pageScanned(PageID(rawValue: 1), .found([]))))
        show("scan, page 2", kiosk.press(.keepPage))
        show("preview, page 2", kiosk.scanPage(2))
        for finding in PageChecks.Finding.allCases {
            kiosk.press(.scanAgain)
            show("preview, \(finding)", kiosk.scanPage(2, [finding]))
        }
        kiosk.press(.scanAgain)
        show("preview, every finding", kiosk.scanPage(2, PageChecks.Finding.allCases))
        kiosk.press(.scanAgain)
        kiosk.scanPage(2)
        let storing = kiosk
        show("storing", kiosk.press(.keepPage))
        show("stored", kiosk.send(.materialStored("household-register")))
        for code in Self.store + [ProblemCode("unknown")] {
            var failed = storing
            failed.press(.keepPage)
            show("store failed, \(code)", failed.send(.materialNotStored("household-register", code)))
        }
        for code in Self.scanner + [.rendererMissing, ProblemCode("unknown")] {
            var failed = self.kiosk
            failed.goToScan()
            failed.press(.scan)
            show("scan failed, \(code)", failed.send(.scanFailed(code)))
        }
        for role in [DeviceRole.scanner, .renderer] {
            var lost = self.kiosk
            lost.goToScan()
            show("\(role) broken at the scan", lost.send(.device(role, Self.broken(nil))))
        }
    }
}
