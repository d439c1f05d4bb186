import Foundation

/// What a resident comes for, and the way there.
enum ErrandKind: String, CaseIterable, Sendable {
    /// Questions, two pages scanned, a case, a slip.
    case seniorCard = "senior-card"
    /// Questions, a case, a slip.
    case socialCard = "social-card"
    /// A paper from the A4 printer.
    case certificate = "insurance-certificate"
    case progressByCard = "progress"
    case progressByCode = "progress by code"

    /// Id of the item to choose; `nil` where no card is laid down.
    var item: String? { self == .progressByCode ? nil : rawValue }
    var makesCase: Bool { self == .seniorCard || self == .socialCard }
}

/// Something that a screen says: in the language of whoever stands before it.
enum Sentence: Sendable, Hashable {
    /// A key of `Kiosk/texts`.
    case text(String)
    /// What residents are told of a problem: the heading of its entry in `Kiosk/problems.yaml`.
    case problem(String)
}

/// One thing that is done to the hall.
enum Order: Sendable, Hashable {
    /// `POST` on the desk's interface (docs/desk.md).
    case desk(String, String)
    /// A fault of the platform (docs/integrator.md).
    case platform(String)
    case clearPlatformFaults
    /// The platform's process dies and is started again after so many seconds.
    case killPlatform(awaySeconds: Double)
    /// The worker's process dies, and again each time that it is back, for so long.
    case killWorker(String, forSeconds: Double)
}

/// When a scene begins, counted from something that the resident sees or does.
enum Moment: Sendable, Hashable {
    /// Before the card is laid down, or the code is shown.
    case arrival
    /// The screen of this name is shown for the first time.
    case shown(String)
    /// Just before this button is touched: the name of its action.
    case before(String)
}

/// What ends it.
enum Lifting: Sendable, Hashable {
    /// It ends by itself: so many replies, so many seconds.
    case byItself
    /// Hands mend it so many seconds later.
    case after(seconds: Double)
    /// Hands mend it when the screen has said all that it should, but not before so many seconds.
    case whenSaid(atLeastSeconds: Double)
}

/// What a slip or paper may turn out to be, in the journal.
enum Verdict: String, Sendable, CaseIterable { case printed, notPrinted, unknown }

/// One misbehaviour of the hall: what is done, when, and what a resident must, and must not, read meanwhile. A pure
/// description; `Visit` plays it.
struct Scene: Sendable, Identifiable {
    /// What misbehaves. Two scenes at once are of different groups.
    enum Group: String, CaseIterable, Sendable {
        case reader, cards, scanner, printer, papers, codes, network, platform
    }

    let id: String
    let group: Group
    /// Those that meet with it.
    let errands: [ErrandKind]
    let moment: Moment
    let orders: [Order]
    var mending: [Order] = []
    var lifting = Lifting.byItself
    /// Each of them must be said: by one of its alternatives.
    var says: [[Sentence]] = []
    /// What a printer of few words may have said of it instead of any of these.
    var saysOfClone: [Sentence] = []
    /// None of them may be said while somebody is there.
    var never: [Sentence] = []
    /// What the start screen says else, and does not say meanwhile.
    var withdraws: [Sentence] = []
    /// Problems that a technician is told of, by their codes: `kioskctl events`.
    var tells: [String] = []
    /// What the first slip, or the first paper, may be in the journal.
    var firstPrint: Set<Verdict> = [.printed]
    /// The printer says of itself what is not so: no word of it can be held against what came out.
    var printerLies = false
    /// A worker's process is meant to die.
    var killsWorkers = false
    /// The number is seen, not the acceptance code: the trouble is over in less than the 10 s of patience.
    var givesNumber = false
    /// What is seen is the acceptance code.
    var givesCode = false
    /// How it differs in front of a receipt printer whose near-end sensor trips when no whole slip is left.
    var ofLateSensor: @Sendable (inout Scene) -> Void = { _ in }

    init(
        _ id: String, _ group: Group, _ errands: [ErrandKind], _ moment: Moment, _ orders: [Order],
        _ change: (inout Scene) -> Void = { _ in }
    ) {
        self.id = id
        self.group = group
        self.errands = errands
        self.moment = moment
        self.orders = orders
        change(&self)
    }
}

extension Scene {
    /// All scenes, in the order of the list.
    static let all: [Scene] = reader + cards + scanner + printer + papers + codes + network + platform

    /// Those that are played once more where the receipt printer cannot clear its buffer: what is left in it comes out after
    /// a refill.
    static func beforeClone(_ scenes: [Scene]) -> [Scene] { scenes.filter { $0.group == .printer } }

    /// And those of paper that runs low, where the near-end sensor leaves none for a slip.
    static func beforeLateSensor(_ scenes: [Scene]) -> [Scene] {
        beforeClone(scenes).filter { $0.id.contains("near its end") }
    }

    /// The resident notices nothing: none of these is said, and the plain way is.
    mutating func isUnseen(_ sentences: [Sentence]) { never = sentences }

    /// What a resident reads who comes to the end, whatever happened on the way: each by one of its alternatives.
    func plainWay(of errand: ErrandKind) -> [[Sentence]] {
        let isPlain = firstPrint == [.printed]
        switch errand {
        case .seniorCard, .socialCard:
            return [[.text("done.number"), .text("done.kept")]] + (isPlain ? [[.text("done.printed")]] : [])
        case .certificate:
            let after: [Sentence] = [.text("papers.question"), .text("papers.notPrinted")]
            return [[.text("papers.printed")] + (isPlain ? [] : after)]
        case .progressByCard: return [[.text("progress.heading"), .text("progress.none")]]
        case .progressByCode: return [[.text("progress.headingReceipt"), .text("progress.noneReceipt")]]
        }
    }

    /// The same in front of a receipt printer that cannot name causes.
    func asOfClone() -> Scene {
        var scene = self
        scene.says = says.map { $0 + saysOfClone }
        return scene
    }

    /// The same in front of a receipt printer that counts no paper below near-end.
    func asOfLateSensor() -> Scene {
        var scene = self
        ofLateSensor(&scene)
        return scene
    }

    /// Ends when it was said, by these orders.
    mutating func isSaid(_ sentences: [[Sentence]], mendedBy orders: [Order], atLeastSeconds: Double = 0.3) {
        says = sentences
        mending = orders
        lifting = .whenSaid(atLeastSeconds: atLeastSeconds)
    }
}
