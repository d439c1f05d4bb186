import DeviceKit

/// All delays of a SAM_V reader in one place. What the profile does not name is the same for all models.
struct SAMVTiming: Sendable {
    let poll: Duration
    /// The same after `resting` without a card: a reader that is asked less often spares the processor half of all that it
    /// wakes up for in an idle kiosk, and costs the first person after a pause 150 ms on average.
    private let restingPoll: Duration
    static let resting = Duration.seconds(30)
    let presence: Duration
    let healthCheck: Duration
    let startTimeout: Duration
    /// The time that a SAM may be deaf after power-up.
    let powerUp: Duration
    /// The answer to `11 FF` is waited for so long while starting, and asked again after the rest of 300 ms.
    let startInterval: Duration
    let startPause: Duration
    let speedChange = Duration.milliseconds(5)
    let firstReopening: Duration
    let lastReopening: Duration
    private let statusTimeout: Duration
    private let readTimeout: Duration

    init(_ settings: CardReaderSettings) {
        // A profile is data: times that are no times must not make a loop that never rests.
        func bounded(_ milliseconds: Int, atLeast least: Int = 10) -> Duration {
            .milliseconds(min(max(milliseconds, least), 600_000))
        }
        poll = bounded(settings.pollMilliseconds)
        restingPoll = poll * 2
        presence = bounded(settings.presenceMilliseconds)
        healthCheck = bounded(settings.healthCheckMilliseconds, atLeast: 100)
        startTimeout = bounded(settings.startTimeoutMilliseconds)
        powerUp = min(.seconds(2), startTimeout / 5)
        startInterval = min(.milliseconds(250), bounded(settings.statusTimeoutMilliseconds))
        startPause = .milliseconds(50)
        firstReopening = min(.milliseconds(250), startTimeout)
        lastReopening = min(.seconds(2), startTimeout)
        statusTimeout = bounded(settings.statusTimeoutMilliseconds)
        readTimeout = bounded(settings.readTimeoutMilliseconds)
    }

    /// Until the next look for a card, when there has been none for so long.
    func poll(afterAlone span: Duration) -> Duration { span >= Self.resting ? restingPoll : poll }

    func timeout(of command: SAMVCommand) -> Duration {
        switch command {
        case .readText: readTimeout
        case .readTextAndFingerprints: max(readTimeout, .seconds(5))
        default: statusTimeout
        }
    }
}
