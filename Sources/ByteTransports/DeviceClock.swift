import HallModel

#if canImport(Glibc)
    import Glibc
#endif

/// The time as drivers see it, so that tests and replays can own it.
public struct DeviceClock: Sendable {
    /// Time since an arbitrary moment; never goes back.
    public var now: @Sendable () -> Duration
    /// Throws only `CancellationError`.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// The calendar day in China (UTC+8), for expiry dates.
    public var today: @Sendable () -> CalendarDate

    /// A clock of a test's own, made of these three.
    public init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        today: @escaping @Sendable () -> CalendarDate
    ) {
        self.now = now
        self.sleep = sleep
        self.today = today
    }

    /// The machine's own clock.
    public static let system: DeviceClock = {
        let start = ContinuousClock.now
        return DeviceClock(
            now: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0) },
            today: { localDay(of: time(nil)) })
    }()

    /// The machine's own clock, with the waits of a program that has a timer of its own.
    public static func system(sleep: @escaping @Sendable (Duration) async throws -> Void) -> DeviceClock {
        var clock = system
        clock.sleep = sleep
        return clock
    }

    private static func localDay(of moment: time_t) -> CalendarDate {
        var moment = moment + 8 * 3600
        var parts = tm()
        gmtime_r(&moment, &parts)
        let day = CalendarDate(
            year: Int(parts.tm_year) + 1_900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
        // Years beyond 9999 are the only way to miss; the last day we know is then the nearest to the truth.
        return day ?? CalendarDate(compact: "99991231") ?? earliest
    }

    private static var earliest: CalendarDate {
        guard let day = CalendarDate(year: 1, month: 1, day: 1) else { preconditionFailure("a day that exists") }
        return day
    }
}
