import HallModel

@testable import GuidedFlow

/// One kiosk: the flow, a clock that only tests turn, and what the flow asked for.
struct KioskUnderTest {
    var environment: FlowEnvironment
    private(set) var flow: GuidedFlow
    /// Every effect but wakes, in order, since the beginning.
    private(set) var effects: [FlowEffect] = []
    private(set) var wake: Duration?

    init(items: [ServiceItem] = [.seniorCard, .certificate, .socialCard, .progress], settings: FlowSettings = .test) {
        environment = FlowEnvironment(
            now: .seconds(1_000), today: CalendarDate(year: 2026, month: 3, day: 5)!, settings: settings, items: items,
            problems: ProblemEntry.catalogue)
        flow = GuidedFlow(environment: environment)
    }

    var screen: Screen { flow.screen(in: environment) }

    /// Sends an event and answers with what it caused, without wakes.
    @discardableResult
    mutating func send(_ event: FlowEvent) -> [FlowEffect] {
        let caused = flow.handle(event, in: environment)
        var other: [FlowEffect] = []
        if event == .tick { wake = nil }
        for effect in caused {
            if case .wake(let moment) = effect { wake = moment } else { other.append(effect) }
        }
        effects += other
        return other
    }

    /// A touch on the screen as it is now.
    @discardableResult
    mutating func press(_ action: ResidentAction) -> [FlowEffect] { send(.action(action, revision: screen.revision)) }

    mutating func press(_ actions: [ResidentAction]) { for action in actions { press(action) } }

    /// Lets time pass, with a tick at every moment that the flow asked for.
    @discardableResult
    mutating func wait(_ seconds: Int) -> [FlowEffect] {
        let end = environment.now + .seconds(seconds)
        var caused: [FlowEffect] = []
        var ticks = 0
        while let moment = wake, moment <= end {
            ticks += 1
            precondition(ticks < 10_000, "the flow asks to be woken without end")
            environment.now = max(environment.now, moment)
            caused += send(.tick)
        }
        environment.now = end
        return caused
    }

    // MARK: Ways that many tests go

    mutating func layCard(_ document: IdentityDocument = .grandmotherZhang) {
        send(.cardPresented)
        send(.cardRead(document))
    }

    mutating func goToFirstQuestion() {
        layCard()
        press([.chooseItem("senior-card"), .begin])
    }

    mutating func goToScan() {
        goToFirstQuestion()
        press([.answer(question: "pickup", value: "centre"), .answer(question: "notify", value: "none")])
    }

    mutating func scanPage(_ id: Int, _ findings: [PageChecks.Finding] = []) {
        press(.scan)
        send(.pageScanned(PageID(rawValue: id), .found(findings)))
    }

    mutating func goToCheck() {
        goToScan()
        scanPage(1)
        press(.keepPage)
        scanPage(2)
        press(.keepPage)
        send(.materialStored("household-register"))
        press(.next)
    }

    mutating func goToDone(_ outcome: PrintOutcome? = PrintOutcome(.printed, rung: .processID)) {
        goToCheck()
        press(.submit)
        send(.caseAccepted)
        send(.caseConfirmed(number: "9900 0123"))
        if let outcome { send(.receipt(outcome)) }
    }

    mutating func goToCertificateCheck() {
        layCard()
        press([.chooseItem("certificate"), .begin, .answer(question: "period", value: "year")])
    }

    mutating func goToPapers(_ outcome: PrintOutcome? = PrintOutcome(.printed, rung: .impressions)) {
        goToCertificateCheck()
        press(.submit)
        send(.documentReady(pages: 2))
        if let outcome { send(.documentPrinted(outcome)) }
    }

    func count(_ isCounted: (FlowEffect) -> Bool) -> Int { effects.count(where: isCounted) }
}

extension Screen {
    var actions: [ResidentAction] { buttons.map(\.action) }
    var key: String { heading.keyName }
    var noteKeys: [String] { notes.map(\.text.keyName) }
    var leadKeys: [String] { lead.map(\.keyName) }
}

extension ScreenText {
    /// The key, or the text itself where it is not one.
    var keyName: String {
        switch self {
        case .key(let key, _): key
        case .localized(let text): text[.simplifiedChinese]
        case .plain(let text): text
        }
    }

    /// The text as it reads in 简体中文.
    func text(_ texts: [String: String] = TextFile.chinese, language: Language = .simplifiedChinese) -> String {
        switch self {
        case .plain(let text): text
        case .localized(let text): text[language]
        case .key(let key, let values):
            values.reduce(texts[key] ?? "(\(key))") {
                $0.replacing("{\($1.key)}", with: $1.value.text(texts, language: language))
            }
        }
    }
}

extension FlowSettings {
    static let test = FlowSettings(
        hallName: LocalizedText("第九街道服务中心"), window: LocalizedText("1 号窗口"), idleSeconds: 180, alertSeconds: 45,
        coverSeconds: 30, textStep: 2, takeSeconds: 30)
}

extension PageChecks {
    static func found(_ findings: [Finding]) -> PageChecks {
        PageChecks(
            widthPixels: 1_654, heightPixels: 2_339, rowsExpected: 2_339, rowsReceived: 2_339, inkShare: 0.06,
            brightness: 0.9, skewDegrees: 0.1, skewConfidence: 6, touchedBorders: 0, findings: findings)
    }
}

extension DeviceStatus {
    static let well = DeviceStatus(.online)
    static func broken(_ code: ProblemCode) -> DeviceStatus { DeviceStatus(.hardwareError, problem: Problem(code)) }
}

extension PrintOutcome {
    static let paperOut = PrintOutcome(.notPrinted, rung: .statusUnchanged, problem: Problem(.printerPaperOut))
    static let unknown = PrintOutcome(.unknown, rung: .writeOnly)
    static let printed = PrintOutcome(.printed, rung: .processID)
}
