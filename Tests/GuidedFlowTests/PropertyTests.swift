import HallModel
import Testing

@testable import GuidedFlow

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Whatever happens, in whatever order")
struct PropertyTests {
    /// Stands in every personal field of the cards, and nowhere else.
    static let marker = "标记"

    @Test(
        "nothing traps, nothing accepted is lost, nothing is sent or printed twice, nobody's data stays",
        arguments: 0..<20)
    func anySequence(seed: UInt64) {
        var random = SplitMix64(state: seed &* 7_919 &+ 11)
        for _ in 0..<100 { run(&random, steps: 40 + 4 * Int(seed), seed: seed) }
    }

    @Test(
        "The sequences reach every screen, second copies and refused cases, so that the promises above mean something")
    func reach() {
        var random = SplitMix64(state: 42)
        var reached: Set<String> = []
        for _ in 0..<700 { reached.formUnion(run(&random, steps: 120, seed: 42)) }
        let wanted =
            Screen.Name.allCases.map(\.rawValue) + [
                "submitted", "accepted", "second copy", "ended after acceptance", "document printed", "second document",
                "document given up", "receipt code",
            ]
        #expect(Set(wanted).subtracting(reached).isEmpty, "never reached: \(Set(wanted).subtracting(reached))")
    }

    /// What the world would see of one kiosk.
    private struct Ledger {
        var hasSession = false
        var submissionOpen = false
        var acceptedInSession = false
        var printing = false
        var personAskedToPrint = false
        var printsOfCase = 0
        var askingDocument = false
        var printingDocument = false
        var printsOfDocument = 0
        /// Plain page images in memory.
        var pages: Set<PageID> = []
        var reached: Set<String> = []
    }

    @discardableResult
    private func run(_ random: inout SplitMix64, steps: Int, seed: UInt64) -> Set<String> {
        var kiosk = KioskUnderTest()
        var ledger = Ledger()
        var revision = kiosk.screen.revision
        for step in 0..<steps {
            kiosk.environment.now += .milliseconds(
                Int.random(in: 0...(Int.random(in: 0..<12) == 0 ? 60_000 : 900), using: &random))
            let event = event(for: kiosk, &random)
            if case .action(.printAgain, _) = event {
                ledger.personAskedToPrint = true
            } else {
                ledger.personAskedToPrint = false
            }
            if case .receipt = event { ledger.printing = false }
            if case .documentPrinted = event { ledger.printingDocument = false }
            if case .documentUnavailable = event { ledger.askingDocument = false }
            if case .caseNotAccepted = event, !ledger.acceptedInSession { ledger.submissionOpen = false }
            if case .pageScanned(let page, _) = event { ledger.pages.insert(page) }
            let wasSending = kiosk.screen.name == .submitting
            let effects = kiosk.send(event)
            let context = "seed \(seed), step \(step), \(event)"
            if case .caseAccepted = event, wasSending, ledger.submissionOpen { ledger.acceptedInSession = true }
            for effect in effects { book(effect, &ledger, context) }
            // 再办一件事: the next case is another one.
            if ledger.acceptedInSession, kiosk.flow.session?.item?.submission.isAccepted != true {
                ledger.submissionOpen = false
                ledger.acceptedInSession = false
            }
            hold(kiosk, ledger, revision, context)
            revision = kiosk.screen.revision
            ledger.reached.insert(kiosk.screen.name.rawValue)
        }
        return ledger.reached
    }

    private func book(_ effect: FlowEffect, _ ledger: inout Ledger, _ context: String) {
        switch effect {
        case .beginSession:
            #expect(!ledger.hasSession, "\(context)")
            ledger = Ledger(hasSession: true, reached: ledger.reached)
        case .endSession:
            #expect(ledger.hasSession, "\(context)")
            // The journal was asked and has not answered: nothing may be torn away, unless it is silent for minutes.
            #expect(!ledger.submissionOpen || ledger.acceptedInSession || context.hasSuffix("tick"), "\(context)")
            // What was not printed yet must not come out for the next person.
            #expect(!ledger.printingDocument && !ledger.askingDocument, "\(context)")
            ledger.hasSession = false
            ledger.pages = []
            if ledger.acceptedInSession { ledger.reached.insert("ended after acceptance") }
        case .submit:
            #expect(!ledger.submissionOpen, "sent twice: \(context)")
            ledger.submissionOpen = true
            ledger.reached.insert("submitted")
            ledger.acceptedInSession = false
            ledger.printsOfCase = 0
        case .printReceipt(_, let isSecondCopy):
            ledger.reached.insert("accepted")
            if isSecondCopy { ledger.reached.insert("second copy") }
            #expect(ledger.submissionOpen && !ledger.printing, "\(context)")
            #expect(ledger.printsOfCase == 0 || ledger.personAskedToPrint, "printed again by itself: \(context)")
            ledger.printsOfCase += 1
            ledger.printing = true
            ledger.acceptedInSession = true
        case .requestDocument:
            #expect(ledger.hasSession && !ledger.askingDocument && !ledger.printingDocument, "\(context)")
            ledger.askingDocument = true
            ledger.printsOfDocument = 0
        case .printDocument(let isSecondCopy):
            ledger.reached.insert(isSecondCopy ? "second document" : "document printed")
            #expect(ledger.hasSession && !ledger.printingDocument, "\(context)")
            #expect(ledger.printsOfDocument == 0 || ledger.personAskedToPrint, "printed again by itself: \(context)")
            ledger.askingDocument = false
            ledger.printsOfDocument += 1
            ledger.printingDocument = true
        case .cancelDocument:
            ledger.reached.insert("document given up")
            ledger.askingDocument = false
            ledger.printingDocument = false
        case .lookUpProgress(.receipt): ledger.reached.insert("receipt code")
        case .discardPage(let page):
            #expect(ledger.pages.remove(page) != nil, "discarded twice: \(context)")
        default: break
        }
    }

    private func hold(_ kiosk: KioskUnderTest, _ ledger: Ledger, _ before: Int, _ context: String) {
        let screen = kiosk.screen
        // What the flow needs no more stays in nobody's memory.
        let needed = kiosk.flow.session?.item?.scans.flatMap(\.pages).compactMap { $0?.id } ?? []
        #expect(ledger.pages == Set(needed), "\(context)")
        #expect(screen.revision >= before, "\(context)")
        #expect(kiosk.flow.hasSession == ledger.hasSession, "\(context)")
        #expect(!screen.heading.text().isEmpty && !screen.heading.text().contains("("), "\(context)")
        #expect(screen.buttons.count { $0.kind == .go } <= 1, "\(context)")
        #expect((screen.overlay?.buttons.count { $0.kind == .go } ?? 0) <= 1, "\(context)")
        if let step = screen.step { #expect((1...step.of).contains(step.number), "\(context)") }
        if !ledger.hasSession, screen.revision != before {
            #expect(!String(describing: screen).contains(Self.marker), "\(context)")
            #expect(!String(reflecting: kiosk.flow).contains(Self.marker), "\(context)")
        }
        if screen.revision != before { for text in screen.texts { check(text, context) } }
    }

    /// Every key exists, and carries exactly the values that its text asks for.
    private func check(_ text: ScreenText, _ context: String) {
        guard case .key(let key, let values) = text else { return }
        let chinese = TextFile.chinese[key]
        #expect(chinese != nil, "\(key)")
        #expect(TextFile.chinesePlaceholders[key] ?? [] == Set(values.keys), "\(key): \(context)")
        for value in values.values { check(value, context) }
    }

    // MARK: Events, most of them such as could happen next

    private func event(for kiosk: KioskUnderTest, _ random: inout SplitMix64) -> FlowEvent {
        let screen = kiosk.screen
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45:
            let offered =
                screen.actions + screen.choices.map(\.action) + screen.answers.compactMap(\.change)
                + (screen.overlay.map { $0.buttons.map(\.action) + $0.choices.map(\.action) } ?? [])
                + (screen.digits == nil ? [] : (0..<6).map { _ in .digit(1) })
            return .action(offered.randomElement(using: &random) ?? .help, revision: screen.revision)
        case 45..<55: return .action(anyAction(&random), revision: screen.revision)
        case 55..<58:
            return .action(anyAction(&random), revision: Int.random(in: 0...screen.revision + 2, using: &random))
        case 58..<62: return .tick
        case 62..<85: return likelyEvent(screen.name, &random)
        default: return anyEvent(&random)
        }
    }

    private func likelyEvent(_ name: Screen.Name, _ random: inout SplitMix64) -> FlowEvent {
        switch name {
        case .start:
            Int.random(in: 0..<6, using: &random) == 0 ? .codeRead(Sensitive("HK1:N:99000012")) : .cardPresented
        case .making: .documentReady(pages: 2)
        case .papers: .documentPrinted([.printed, .unknown, .paperOut].randomElement(using: &random) ?? .printed)
        case .reading: .cardRead(anyCard(&random))
        case .scanning:
            Bool.random(using: &random)
                ? .pageScanned(PageID(rawValue: Int.random(in: 0..<1_000_000, using: &random)), .found([]))
                : .materialStored("household-register")
        case .submitting:
            [.caseAccepted, .caseConfirmed(number: "9900"), .caseWaits(acceptanceCode: "K1")]
                .randomElement(using: &random) ?? .caseAccepted
        case .done: .receipt([.printed, .unknown, .paperOut].randomElement(using: &random) ?? .printed)
        case .take: .cardRemoved
        case .lookingUp: .progressFound([])
        default: .activity
        }
    }

    private func anyEvent(_ random: inout SplitMix64) -> FlowEvent {
        let code = ProblemCode.allOfTests.randomElement(using: &random) ?? .scannerJam
        let events: [FlowEvent] = [
            .activity, .tick, .cardPresented, .cardRead(anyCard(&random)), .cardFailed(code), .cardRemoved,
            .device(DeviceRole.allCases.randomElement(using: &random) ?? .scanner, .broken(code)),
            .device(
                DeviceRole.allCases.randomElement(using: &random) ?? .scanner,
                DeviceStatus(.online, mediaPresent: [nil, true, false].randomElement(using: &random) ?? nil)),
            .device(DeviceRole.allCases.randomElement(using: &random) ?? .scanner, .well),
            .scanStarted,
            .pageScanned(
                PageID(rawValue: Int.random(in: 0..<1_000_000, using: &random)),
                .found([PageChecks.Finding.allCases.randomElement(using: &random) ?? .blank])),
            .scanFailed(code), .materialStored("household-register"), .materialStored("moon"),
            .materialNotStored("household-register", code), .caseAccepted, .caseNotAccepted(code),
            .caseConfirmed(number: "9900 0123"), .caseWaits(acceptanceCode: "K7"), .receipt(.printed),
            .receipt(.unknown), .receipt(.paperOut), .slipTaken,
            .progressFound([
                CaseSummary(
                    number: "1", itemTitle: LocalizedText(Self.marker), status: LocalizedText(Self.marker),
                    acceptedOn: nil)
            ]),
            .progressUnavailable, .helpDelivered, .helpNotDelivered, .submissionClosed(code), .submissionClosed(nil),
            .submissionClosed(nil), .previousSessionLost(accepted: nil),
            .codeRead(Sensitive("HK1:N:99000012")), .codeRead(Sensitive("HK1:A:K7F3K92Q")),
            .codeRead(Sensitive("moon")),
            .documentReady(pages: 1), .documentUnavailable(.nothingOnRecord), .documentUnavailable(.problem(code)),
            .documentPrinted(.printed), .documentPrinted(.unknown), .documentPrinted(.paperOut),
            .platformReachable(false), .platformReachable(true), .platformReachable(true),
        ]
        return events.randomElement(using: &random) ?? .tick
    }

    private func anyCard(_ random: inout SplitMix64) -> IdentityDocument {
        let tail = Int.random(in: 0...1, using: &random)
        var card = IdentityDocument.person(
            "\(Self.marker)\(tail)", tail == 0 ? .female : .unknown, born: (1_940 + tail * 50, 1, 1),
            number: "999999\(Self.marker)\(tail)", flags: [.expired])
        card.address = Self.marker
        return card
    }

    private func anyAction(_ random: inout SplitMix64) -> ResidentAction {
        let actions: [ResidentAction] = [
            .back, .help, .openTextSize, .setTextStep(3), .setLowered(true), .openLanguage, .setLanguage(.english),
            .end, .confirmEnd,
            .stay,
            .goToWindow, .chooseItem("senior-card"), .chooseItem("progress"), .chooseItem("moon"), .begin,
            .chooseItem("certificate"), .chooseItem("social-card"), .answer(question: "period", value: "all"),
            .answer(question: "delivery", value: "post"),
            .answer(question: "pickup", value: "east"), .answer(question: "notify", value: "phone"),
            .answer(question: "notify", value: "none"), .answer(question: "phone", value: "1"),
            .answer(question: "moon", value: "moon"), .digit(1), .digit(-7), .digit(99), .deleteDigit, .confirmDigits,
            .scan, .keepPage, .scanAgain, .change("pickup"), .change("household-register"), .change("moon"), .next,
            .submit, .printAgain, .havePaper, .skipPaper, .allTaken, .keepFirstCard, .useNewCard, .retry, .anotherItem,
        ]
        return actions.randomElement(using: &random) ?? .back
    }
}

extension ProblemCode {
    static let allOfTests: [ProblemCode] = [
        .scannerJam, .scannerNoPaper, .printerPaperOut, .diskFull, .readerMissing, ProblemCode("moon"),
    ]
}

extension Screen {
    /// Every text of the screen.
    var texts: [ScreenText] {
        var all = [heading] + lead + notes.map(\.text) + buttons.map(\.text)
        all += choices.flatMap { [$0.title] + ($0.detail.map { [$0] } ?? []) }
        all += answers.flatMap { [$0.label, $0.value] + ($0.source.map { [$0] } ?? []) }
        all += things.map(\.text) + (page.map { [$0.description] } ?? []) + (digits?.error.map { [$0] } ?? [])
        if let overlay {
            all += [overlay.heading] + overlay.lead + overlay.choices.map(\.title) + overlay.buttons.map(\.text)
        }
        return all
    }
}
