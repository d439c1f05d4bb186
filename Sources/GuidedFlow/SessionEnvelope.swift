import HallModel

/// What lies around every screen of a session: time without touch, the cover, the dialog above, text size, language.
///
/// It knows nothing of items; what it must know of the screen below comes in as `Surroundings`.
struct SessionEnvelope: Sendable {
    /// The dialog that a person opened. The idle alert is not one of them: it lies above any of these.
    enum Dialog: Sendable, Equatable {
        case help(HelpCall)
        case textSize
        case language
        case end
    }

    enum HelpCall: Sendable, Equatable { case calling, delivered, failed }

    /// What idle time does to the screen below.
    enum IdleRule: Sendable {
        /// Nothing: nobody is there, or the screen keeps its own time.
        case none
        /// Back to the plain start screen without asking; nothing of a person would be lost.
        case silent
        /// The same, as soon as nobody can be looking any more: what is said there is of a card that was taken away.
        case brief
        /// XD1: an alert that any touch answers.
        case alert
    }

    struct Surroundings: Sendable {
        var rule: IdleRule
        var showsPersonalData: Bool
    }

    /// What a tick found to be due.
    enum Due: Sendable { case nothing, silentReset, timeOut }

    /// Work of the machine counts as the person's activity (XD3), yet not for ever: a part that never answers must not
    /// keep a person's data on the screen.
    static let longestBusy: Duration = .seconds(300)

    var language: Language = .simplifiedChinese
    var textStep: Int
    /// XA7: the whole page is moved down for a seated person.
    var isLowered = false
    var dialog: Dialog?
    /// A person called for help and the outcome is not known yet, whether the dialog is still open or not.
    var isCallingHelp = false
    private(set) var alertSince: Duration?
    private(set) var isCovered = false
    private var lastActivity: Duration
    private var busySince: Duration?

    init(settings: FlowSettings, now: Duration) {
        textStep = min(3, max(1, settings.textStep))
        lastActivity = now
    }

    /// A touch, a key, a card laid down: the person is there. Answers the alert and lifts the cover.
    mutating func touched(at now: Duration) {
        lastActivity = max(lastActivity, now)
        alertSince = nil
        isCovered = false
    }

    /// To be called after each event with whether the machine is at work for the person.
    mutating func noteWork(_ isBusy: Bool, at now: Duration) {
        if isBusy {
            busySince = busySince ?? now
        } else if let since = busySince {
            lastActivity = max(lastActivity, min(now, since + Self.longestBusy))
            busySince = nil
        }
    }

    /// Lifts what the screen below no longer needs: a cover without personal data, an alert where none belongs.
    mutating func fit(_ surroundings: Surroundings) {
        if !surroundings.showsPersonalData { isCovered = false }
        if case .alert = surroundings.rule { return }
        alertSince = nil
    }

    mutating func tick(at now: Duration, settings: FlowSettings, surroundings: Surroundings) -> Due {
        if surroundings.showsPersonalData, now >= coverTime(settings) { isCovered = true }
        if let since = alertSince {
            return now >= since + .seconds(settings.alertSeconds) ? .timeOut : .nothing
        }
        guard now >= dueTime(surroundings.rule, settings) else { return .nothing }
        switch surroundings.rule {
        case .none: return .nothing
        case .silent, .brief: return .silentReset
        case .alert:
            alertSince = now
            return .nothing
        }
    }

    /// The next moment at which a tick changes something; `nil` when none does.
    func nextDeadline(at now: Duration, settings: FlowSettings, surroundings: Surroundings) -> Duration? {
        var moments: [Duration] = []
        if surroundings.showsPersonalData, !isCovered { moments.append(coverTime(settings)) }
        if let since = alertSince {
            moments.append(nextSecond(since: since, now: now, settings: settings))
        } else if case .none = surroundings.rule {
            // Nothing to wait for.
        } else {
            moments.append(dueTime(surroundings.rule, settings))
        }
        return moments.min()
    }

    /// Seconds until the alert ends; `nil` in its first half (XD1).
    func secondsLeft(at now: Duration, settings: FlowSettings) -> Int? {
        guard let since = alertSince, now >= since + .seconds(settings.alertSeconds) / 2 else { return nil }
        return max(1, (since + .seconds(settings.alertSeconds) - now).wholeSecondsUp)
    }

    private var quietSince: Duration {
        guard let busySince else { return lastActivity }
        return max(lastActivity, busySince + Self.longestBusy)
    }

    func idleTime(_ settings: FlowSettings) -> Duration { quietSince + .seconds(settings.idleSeconds) }
    private func dueTime(_ rule: IdleRule, _ settings: FlowSettings) -> Duration {
        if case .brief = rule { coverTime(settings) } else { idleTime(settings) }
    }
    private func coverTime(_ settings: FlowSettings) -> Duration { quietSince + .seconds(settings.coverSeconds) }

    private func nextSecond(since: Duration, now: Duration, settings: FlowSettings) -> Duration {
        let half = since + .seconds(settings.alertSeconds) / 2
        guard now >= half else { return half }
        let end = since + .seconds(settings.alertSeconds)
        return end - .seconds(max(0, (end - now).wholeSecondsUp - 1))
    }
}

extension Duration {
    /// Seconds, a part of a second counted as a whole one; never negative.
    var wholeSecondsUp: Int {
        let parts = components
        return max(0, Int(clamping: parts.seconds) + (parts.attoseconds > 0 ? 1 : 0))
    }
}
