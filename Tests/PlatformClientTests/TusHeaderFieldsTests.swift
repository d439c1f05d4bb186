import Foundation
import HallModel
import PlatformClient
import TestSupport
import Testing

@Suite("tus header fields")
struct TusHeaderFieldsTests {
    private let base = URL(string: "https://platform.example:8443/v1/uploads")!

    @Test("a byte count is digits only, once, within bounds")
    func byteCount() {
        #expect(TusHeaderFields.byteCount(["0"]) == 0)
        #expect(TusHeaderFields.byteCount(["9007199254740992"]) == 1 << 53)
        for bad in [
            [], [""], ["-1"], ["+1"], [" 1"], ["1 "], ["1,1"], ["0x10"], ["1.0"], ["１"], ["9007199254740993"],
            ["99999999999999999999999999"], ["1", "1"],
        ] { #expect(TusHeaderFields.byteCount(bad) == nil, "\(bad)") }
    }

    @Test("Retry-After is seconds or a date, never negative, never more than an hour")
    func retryAfter() throws {
        let now = try #require(ISO8601DateFormatter().date(from: "1994-11-06T08:49:07Z"))
        #expect(TusHeaderFields.retryAfter(["7"], now: now) == .seconds(7))
        #expect(TusHeaderFields.retryAfter(["99999999999999999999999"], now: now) == .seconds(3600))
        #expect(TusHeaderFields.retryAfter(["Sun, 06 Nov 1994 08:49:37 GMT"], now: now) == .seconds(30))
        #expect(TusHeaderFields.retryAfter(["Sun, 06 Nov 1993 08:49:37 GMT"], now: now) == .zero)
        #expect(TusHeaderFields.retryAfter(["Fri, 31 Dec 9999 23:59:59 GMT"], now: now) == .seconds(3600))
        for bad in ["", "-1", "soon", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "1.5"] {
            #expect(TusHeaderFields.retryAfter([bad], now: now) == nil, "\(bad)")
        }
    }

    @Test("dates agree with Foundation's")
    func dates() throws {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<300 {
            let date = Date(timeIntervalSince1970: Double(Int.random(in: 0...7_000_000_000, using: &generator)))
            let wait = TusHeaderFields.retryAfter([formatter.string(from: date)], now: date - 100)
            #expect(wait == .seconds(100), "\(formatter.string(from: date))")
        }
    }

    @Test("an upload lies on the server it was created at, or it is refused")
    func location() {
        let good = [
            "/v1/uploads/ab": "https://platform.example:8443/v1/uploads/ab",
            "https://platform.example:8443/files/ab?x=1": "https://platform.example:8443/files/ab?x=1",
            "HTTPS://PLATFORM.example:8443/files/ab": "HTTPS://PLATFORM.example:8443/files/ab",
        ]
        for (text, expected) in good {
            #expect(TusHeaderFields.location([text], base: base)?.absoluteString == expected, "\(text)")
        }
        for bad in [
            [], [""], ["https://platform.example/ab"], ["http://platform.example:8443/ab"], ["//other.example:8443/ab"],
            ["https://other.example:8443/ab"], ["https://user@platform.example:8443/ab"],
            ["https://platform.example:8443@other.example/ab"], ["file:///etc/passwd"], ["/a b"], ["/a\r\nX: y"],
            ["/ä"],
            ["/a#b"], ["\\\\other\\x"], ["/1", "/2"], [String(repeating: "/a", count: 2_000)], ["javascript:alert(1)"],
        ] { #expect(TusHeaderFields.location(bad, base: base) == nil, "\(bad)") }
    }

    @Test("any text gives a value within its bounds or none, never a trap")
    func anyText() {
        var generator = SeededGenerator(printedAs: #function)
        let pieces = [
            "1", "9", "-", " ", ",", "GMT", "Sun", "Nov", ":", "https://", "platform.example", "/", "@", "\u{0}", "张",
        ]
        for _ in 0..<5_000 {
            let text =
                Bool.random(using: &generator)
                ? String(decoding: generator.bytes(Int.random(in: 0...60, using: &generator)), as: UTF8.self)
                : (0..<Int.random(in: 0...8, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }
                    .joined()
            if let count = TusHeaderFields.byteCount([text]) { #expect((0...(1 << 53)).contains(count)) }
            if let wait = TusHeaderFields.retryAfter([text], now: Date()) {
                #expect(wait >= .zero && wait <= TusHeaderFields.longestRetryAfter)
            }
            if let url = TusHeaderFields.location([text], base: base) { #expect(url.host() == "platform.example") }
        }
    }

    @Test("metadata is what tus servers ask for, and says nothing personal")
    func metadata() throws {
        let id = try #require(ItemID(rawValue: "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d"))
        let pairs = TusHeaderFields.metadata(item: id, digest: "ab").split(separator: ",").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(pairs.map { $0[0] } == ["item", "digest", "filename", "filetype"])
        #expect(
            pairs.map { String(decoding: Data(base64Encoded: $0[1]) ?? Data(), as: UTF8.self) }
                == [id.rawValue, "ab", "\(id).age", "application/age"])
    }
}
