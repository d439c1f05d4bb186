/// Where the platform takes the time from: the machine, or a test.
public struct PlatformClock: Sendable {
    let now: @Sendable () -> Timestamp

    /// The machine's clock, in whole seconds.
    public static let system = PlatformClock { .now }
}
