import HallModel

import struct Foundation.Calendar
import struct Foundation.Date
import struct Foundation.TimeZone

/// The kiosk's wall clock, read in one place: the time of China (GB/T 7408, UTC+8 everywhere, no summer time), whatever zone the
/// machine was set up with. Slip, screen and platform must name the same day.
enum WallClock {
    static var unixMilliseconds: UInt64 { UInt64(max(0, Date().timeIntervalSince1970 * 1000)) }

    /// Whole seconds until a moment; 0 when it has passed.
    static func seconds(until date: Date) -> Int { Int(max(0, min(date.timeIntervalSinceNow.rounded(), 1e9))) }

    /// Whole seconds since a moment; 0 when it is to come.
    static func age(of date: Date) -> Int { Int(max(0, min(-date.timeIntervalSinceNow.rounded(), 1e9))) }

    static func today() -> CalendarDate {
        let parts = calendar.dateComponents([.year, .month, .day], from: Date())
        // A calendar always gives a day that exists; the epoch is only what the type asks for.
        return CalendarDate(year: parts.year ?? 1970, month: parts.month ?? 1, day: parts.day ?? 1)
            ?? CalendarDate(year: 1970, month: 1, day: 1)!
    }

    /// "2026-11-23 09:41", for receipts.
    static func stamp() -> String {
        let parts = calendar.dateComponents([.hour, .minute], from: Date())
        func two(_ value: Int?) -> String { (value ?? 0) < 10 ? "0\(value ?? 0)" : "\(value ?? 0)" }
        return "\(today().iso) \(two(parts.hour)):\(two(parts.minute))"
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3600) ?? .current
        return calendar
    }()
}
