import Foundation
import GuidedFlow
import HallModel
import KioskConfiguration

/// What a hall may change, as it ships: the items, problems and texts of the kiosk folder.
struct KioskContents: Sendable {
    let items: [ServiceItem]
    let problems: [ProblemCode: ProblemEntry]
    let texts: TextCatalogue

    static let shared = Result { try KioskContents() }

    private init() throws {
        let folder = TestKiosk.folder
        items = try ["senior-card", "social-card", "insurance-certificate", "progress"].map { name in
            try ItemLoader.load(file: folder.appending(path: "items/\(name).yaml").path)
        }
        problems = try ProblemCatalogue(file: folder.appending(path: "problems.yaml").path).entries
        texts = try TextCatalogue(folder: folder.appending(path: "texts").path)
    }

    var seniorCard: ServiceItem { items[0] }
}

/// The real flow with the real contents, and a clock that only tests turn.
struct RealKiosk {
    var environment: FlowEnvironment
    private(set) var flow: GuidedFlow
    /// Every effect but wakes, in order.
    private(set) var effects: [FlowEffect] = []
    private var wake: Duration?

    init(_ contents: KioskContents, items: [ServiceItem]? = nil, textStep: Int = 2) {
        environment = FlowEnvironment(
            now: .seconds(1_000), today: CalendarDate(year: 2026, month: 3, day: 5)!,
            settings: FlowSettings(
                hallName: LocalizedText([.simplifiedChinese: "第九街道服务中心", .english: "Ninth Street Service Centre"]),
                window: LocalizedText([.simplifiedChinese: "1 号窗口", .english: "window 1"]), textStep: textStep),
            items: items ?? contents.items, problems: contents.problems)
        flow = GuidedFlow(environment: environment)
    }

    var screen: Screen { flow.screen(in: environment) }

    @discardableResult
    mutating func send(_ event: FlowEvent) -> Screen {
        if event == .tick { wake = nil }
        for effect in flow.handle(event, in: environment) {
            if case .wake(let moment) = effect { wake = moment } else { effects.append(effect) }
        }
        return screen
    }

    /// A touch on the screen as it is now.
    @discardableResult
    mutating func press(_ actions: ResidentAction...) -> Screen {
        for action in actions { send(.action(action, revision: screen.revision)) }
        return screen
    }

    @discardableResult
    mutating func wait(_ seconds: Int) -> Screen {
        let end = environment.now + .seconds(seconds)
        for _ in 0..<10_000 {
            guard let moment = wake, moment <= end else { break }
            environment.now = max(environment.now, moment)
            send(.tick)
        }
        environment.now = end
        return screen
    }

    // MARK: Ways that many tests go

    @discardableResult
    mutating func layCard(_ document: IdentityDocument = .grandmotherZhang) -> Screen {
        send(.cardPresented)
        return send(.cardRead(document))
    }

    mutating func goToQuestions(_ document: IdentityDocument = .grandmotherZhang) {
        layCard(document)
        press(.chooseItem("senior-card"), .begin)
    }

    mutating func goToScan() {
        goToQuestions()
        press(.answer(question: "pickup", value: "service-centre"), .answer(question: "notify", value: "phone"))
        for digit in [1, 3, 9, 0, 0, 0, 0, 4, 3, 2, 1] { press(.digit(digit)) }
        press(.confirmDigits)
    }

    @discardableResult
    mutating func scanPage(_ id: Int, _ findings: [PageChecks.Finding] = []) -> Screen {
        press(.scan)
        return send(.pageScanned(PageID(rawValue: id), .found(findings)))
    }

    mutating func keepBothPages() {
        scanPage(1)
        press(.keepPage)
        scanPage(2)
        press(.keepPage)
    }

    mutating func goToStored() {
        goToScan()
        keepBothPages()
        send(.materialStored("household-register"))
    }

    mutating func goToCheck() {
        goToStored()
        press(.next)
    }

    /// The document of the certificate item is asked for.
    @discardableResult
    mutating func goToMaking(_ document: IdentityDocument = .grandmotherZhang) -> Screen {
        layCard(document)
        press(.chooseItem("insurance-certificate"), .begin, .answer(question: "period", value: "all"))
        return press(.submit)
    }

    mutating func goToAccepted() {
        goToCheck()
        press(.submit)
        send(.caseAccepted)
    }
}

extension IdentityDocument {
    static func person(
        _ name: String, _ sex: Sex, born: (Int, Int, Int)?, number: String, flags: Set<Flag> = []
    ) -> IdentityDocument {
        var document = IdentityDocument(
            kind: .resident, name: name, sex: sex,
            birth: born.flatMap { CalendarDate(year: $0.0, month: $0.1, day: $0.2) }, number: number, flags: flags)
        document.address = "虚构省虚构市第九街道东门大街 12 号 3 单元 502 室"
        return document
    }

    static let grandmotherZhang = person("张秀兰", .female, born: (1947, 11, 15), number: "999999194711150025")
    static let misterOuyang = person("欧阳建国", .male, born: (1990, 5, 1), number: "999999199005010014")
}

extension PageChecks {
    static func found(_ findings: [Finding]) -> PageChecks {
        PageChecks(
            widthPixels: 1_654, heightPixels: 2_339, rowsExpected: 2_339, rowsReceived: 2_339, inkShare: 0.06,
            brightness: 0.9, skewDegrees: 0.1, skewConfidence: 6, touchedBorders: 0, findings: findings)
    }
}
