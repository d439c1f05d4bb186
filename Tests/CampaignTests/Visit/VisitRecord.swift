import Foundation

/// What happened on a visit, by the screen's own words and the resident's own hands.
struct VisitRecord: Sendable {
    enum End: Sendable, Equatable {
        /// The whole way, and the start screen was back.
        case finished
        /// The item could not be had: too young, closed, or a card that nobody can read.
        case refused(String)
        case gaveUp
        /// Somebody else has taken over, and has ended as well.
        case replaced
        /// Walked away, and the kiosk cleared itself.
        case leftAlone
        /// None of these within the time; the last screen's words.
        case stuck(String)
    }

    /// How a scene went.
    struct Played: Sendable {
        var scene: Scene
        var began: ContinuousClock.Instant
        var lifted: ContinuousClock.Instant?
        /// What should have been said and was not.
        var unsaid: [[Sentence]] = []
        /// The first screen after the mending that says nothing of it any more.
        var recovered: ContinuousClock.Instant?
        /// How much longer than usual the hall's desk took to answer, all in all, until the page with the number or the code.
        var hindered = Duration.zero
        /// How much longer than ordered the platform's program was away.
        var away = Duration.zero

        /// What is left of the product's 10 s in each of these scenes, when all goes as ordered.
        static let slack = Duration.seconds(4)
        /// The kiosk's waits between attempts double, by lot: two may go by in the first second, and the third attempt comes
        /// within 5 s. After that a platform that is still away may be asked again too late.
        static let mayBeAway = Duration.seconds(0.8)

        /// The number comes within the patience, or the product is to blame: not the machine, nor the test's own hands.
        var owesNumber: Bool { scene.givesNumber && hindered <= Self.slack && away <= Self.mayBeAway }
        /// In words, for whoever looks into it.
        var delay: String {
            "the machine held it up for \(Int(hindered / .milliseconds(1))) ms, the platform was away for "
                + "\(Int(away / .milliseconds(1))) ms longer than ordered"
        }

        var recovery: Duration? {
            guard let lifted, let recovered else { return nil }
            return max(.zero, recovered - lifted)
        }
    }

    let plan: SessionPlan
    let began = Date()
    var end: End?
    var played: [Played] = []
    /// Actions that were touched, without what follows their colon.
    var touched: [String] = []
    var screens: Set<String> = []
    /// The screen said that the case was taken in.
    var saidAccepted = false
    var numbers: Set<String> = []
    var codes: Set<String> = []
    /// What the resident typed where a phone number is asked for.
    var phone = ""
    var typedPhone = false
    /// Sequence number of the screen from which on nothing of this person may be read: the last page, the start screen, or
    /// the first page of whoever took over.
    var clearedAt: Int?
    /// Staff were called while things lay there that nobody took.
    var staffCalled = false
    /// Sheets that were seen in the A4 printer's tray.
    var sheets: [PaperSheet] = []
    /// Promises that were broken on the way.
    var broken: [String] = []

    init(_ plan: SessionPlan) { self.plan = plan }

    func count(of action: String) -> Int { touched.count { $0 == action } }
}

/// A sheet in the tray of the emulated A4 printer.
struct PaperSheet: Sendable, Decodable, Equatable {
    var id: String
    var jobName: String
    var pages: [Int]
    var isComplete: Bool
}
