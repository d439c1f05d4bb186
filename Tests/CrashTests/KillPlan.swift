import TestSupport

/// What is killed.
enum Victim: String, CaseIterable, Sendable {
    case kioskd
    case usbWorker = "kiosk-worker-usb"
    case scanWorker = "kiosk-worker-scan"
    case renderWorker = "kiosk-worker-render"
    case platform = "kiosk-platformd"
    /// The platform, started again only when residents have got acceptance codes instead of numbers.
    case platformForLong = "kiosk-platformd for 12 s"
}

/// When, counted from the beginning of the round.
struct KillMoment: Sendable, CustomStringConvertible {
    /// `nil`: whatever is going on.
    var step: ScreenClient.Step?
    var delayMilliseconds: Int

    var description: String {
        switch step {
        case nil: "\(delayMilliseconds) ms into the round"
        case .touched(let action): "\(delayMilliseconds) ms after the touch on \(action)"
        case .shown(let screen): "\(delayMilliseconds) ms after the screen \(screen)"
        }
    }
}

/// Victims and moments of a campaign; the same for the same seed.
struct KillPlan: Sendable {
    struct Round: Sendable {
        var number: Int
        var victim: Victim
        var moment: KillMoment
    }

    var rounds: [Round] = []

    /// Half of all moments are anywhere; the others lie close to a step at which something is promised or under way.
    static let steps: [(ScreenClient.Step, longestDelay: Int)] = [
        (.touched("submit"), 250), (.touched("submit"), 40), (.shown("submitting"), 150), (.shown("done"), 800),
        (.touched("scan"), 500), (.touched("keep-page"), 300), (.shown("stored"), 150), (.shown("reading"), 300),
    ]

    /// The daemon's turn comes most often.
    static let bag: [Victim] = [
        .kioskd, .kioskd, .kioskd, .kioskd, .usbWorker, .scanWorker, .renderWorker, .platform, .platform,
        .platformForLong,
    ]

    init(seed: UInt64, rounds count: Int) {
        var generator = SeededGenerator(seed: seed)
        var victims: [Victim] = []
        for number in 1...max(1, count) {
            if victims.isEmpty { victims = Self.bag.shuffled(using: &generator) }
            let moment: KillMoment
            if Bool.random(using: &generator) {
                moment = KillMoment(step: nil, delayMilliseconds: .random(in: 0...4000, using: &generator))
            } else {
                let (step, longest) = Self.steps[Int.random(in: 0..<Self.steps.count, using: &generator)]
                moment = KillMoment(step: step, delayMilliseconds: .random(in: 0...longest, using: &generator))
            }
            rounds.append(Round(number: number, victim: victims.removeLast(), moment: moment))
        }
    }
}
