import Foundation
import HallModel

/// Values of the header fields that the kiosk reads from a tus server or from whatever answers in its place. Every
/// function takes any text and gives a value within its bounds, or `nil`.
public enum TusHeaderFields {
    /// `Tus-Resumable` of every request (tus resumable upload protocol 1.0.0).
    public static let version = "1.0.0"
    /// A server that asks for more is asked again after this.
    public static let longestRetryAfter = Duration.seconds(3600)

    /// A whole number of bytes: ASCII digits only, at most 2^53; `nil` when the field is missing or there twice.
    public static func byteCount(_ values: [String]) -> Int64? {
        guard values.count == 1, (1...16).contains(values[0].utf8.count),
            values[0].utf8.allSatisfy({ (48...57).contains($0) }), let count = Int64(values[0]), count <= 1 << 53
        else { return nil }
        return count
    }

    /// `Retry-After`: seconds, or an IMF-fixdate (RFC 9110 section 10.2.3). Never negative, at most
    /// ``longestRetryAfter``.
    public static func retryAfter(_ values: [String], now: Date) -> Duration? {
        guard let value = values.first else { return nil }
        if !value.isEmpty, value.utf8.allSatisfy({ (48...57).contains($0) }) {
            return min(.seconds(Int64(value) ?? .max / 2), longestRetryAfter)
        }
        guard let date = imfFixdate(value) else { return nil }
        let seconds = date.timeIntervalSince(now)
        return seconds <= 0 ? .zero : min(.seconds(seconds), longestRetryAfter)
    }

    /// Where an upload lies: resolved against the address it was created at, and refused when it is on another server,
    /// because a kiosk speaks with the servers of its configuration only.
    public static func location(_ values: [String], base: URL) -> URL? {
        guard values.count == 1, (1...2048).contains(values[0].utf8.count),
            values[0].utf8.allSatisfy({ (33...126).contains($0) && $0 != UInt8(ascii: "\\") }),
            let url = URL(string: values[0], relativeTo: base)?.absoluteURL,
            url.scheme?.lowercased() == base.scheme?.lowercased(),
            url.host()?.lowercased() == base.host()?.lowercased(),
            port(of: url) == port(of: base), url.user() == nil, url.password() == nil, url.fragment() == nil
        else { return nil }
        return url
    }

    /// `Upload-Metadata`. The file name and type say nothing personal; several tus servers insist on having both.
    public static func metadata(item: ItemID, digest: String) -> String {
        [
            ("item", item.rawValue), ("digest", digest), ("filename", "\(item.rawValue).age"),
            ("filetype", "application/age"),
        ].map { "\($0.0) \(Data($0.1.utf8).base64EncodedString())" }.joined(separator: ",")
    }

    private static func port(of url: URL) -> Int? {
        url.port ?? ["http": 80, "https": 443][url.scheme?.lowercased() ?? ""]
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    static func imfFixdate(_ text: String) -> Date? {
        guard text.utf8.count == 29 else { return nil }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, words[5] == "GMT", words[0].hasSuffix(","),
            let month = months.firstIndex(of: String(words[2])),
            let day = number(words[1], digits: 2), let year = number(words[3], digits: 4),
            let date = CalendarDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hour = number(time[0], digits: 2), let minute = number(time[1], digits: 2),
            let second = number(time[2], digits: 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return Date(timeIntervalSince1970: Double(daysSince1970(date) * 86_400 + hour * 3600 + minute * 60 + second))
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// Days of the proleptic Gregorian calendar; years start in March so that the leap day is their last.
    private static func daysSince1970(_ date: CalendarDate) -> Int {
        let year = date.month <= 2 ? date.year - 1 : date.year
        let monthFromMarch = (date.month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + date.day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}
