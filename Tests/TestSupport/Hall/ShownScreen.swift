import Foundation

/// One screen as the kiosk sent it to a browser, read from the HTML that a resident would see.
public struct ShownScreen: Sendable {
    /// Rises with every screen that the client got, over all its connections.
    public internal(set) var sequence = 0
    /// Which of the client's connections it came on: another one after the daemon was away.
    public internal(set) var connection = 0
    /// When that connection was asked for.
    public internal(set) var connectionBegan: ContinuousClock.Instant
    /// When its event was whole, before it was taken apart.
    public internal(set) var arrived: ContinuousClock.Instant
    /// The template's name: `start`, `items`, `scan`, `done` …
    public let name: String
    /// Goes back with a touch.
    public let revision: Int
    /// The words on it, without those of an overlay.
    public let text: String
    /// Which dialog stands in front of it; `nil` when there is none.
    public let overlayName: String?
    /// The words of the overlay; empty when there is none.
    public let overlayText: String
    /// `zh-Hans` or `en`.
    public let language: String
    /// What the buttons that can be pressed now send; those of the overlay alone while there is one.
    public let actions: [String]
    /// The number that stands large on the page: a case number or an acceptance code, without spaces.
    public let number: String?
    /// What stands on the digit pad.
    public let entered: String

    /// The members of the `screen` event that are looked at.
    private struct Parts: Decodable {
        var revision: Int
        var name: String
        var content: String
        var overlay: String
        var overlayName: String?
        var language: String
    }

    /// - Parameter data: the data of a `screen` event.
    public init(event data: String, connectionBegan: ContinuousClock.Instant) throws {
        // Before it is read, which takes this client longer than a browser.
        arrived = .now
        let parts = try JSONDecoder().decode(Parts.self, from: Data(data.utf8))
        name = parts.name
        revision = parts.revision
        overlayName = parts.overlayName
        text = Self.words(parts.content)
        overlayText = Self.words(parts.overlay)
        language = parts.language
        let offered = parts.overlayName == nil ? parts.content : parts.overlay
        actions = offered.matches(of: /name="action" value="([^"]*)"/).map { Self.plain(String($0.output.1)) }
        number = parts.content.firstMatch(of: /<p class="number[^"]*"[^>]*>([^<]*)<\/p>/).map {
            $0.output.1.filter { $0.isLetter || $0.isNumber }
        }
        entered = parts.content.matches(of: /<span class="slot">([0-9])<\/span>/).map { String($0.output.1) }.joined()
        self.connectionBegan = connectionBegan
    }

    /// Whether a button that sends this can be pressed now.
    public func offers(_ action: String) -> Bool { actions.contains(action) }

    private static func words(_ html: String) -> String {
        plain(html.replacing(/<[^>]*>/, with: " ")).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func plain(_ html: String) -> String {
        html.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}

/// Takes an event stream apart (WHATWG HTML, section 9.2): names and data of events, as their bytes arrive.
struct EventStreamParser {
    private var rest: [UInt8] = []
    private var name = ""
    private var data: [String] = []

    /// The events that are complete with these bytes.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [(name: String, data: String)] {
        rest += bytes
        var events: [(String, String)] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest.removeSubrange(...end)
            if line.isEmpty {
                if !data.isEmpty { events.append((name, data.joined(separator: "\n"))) }
                (name, data) = ("", [])
            } else if line.hasPrefix("event: ") {
                name = String(line.dropFirst(7))
            } else if line.hasPrefix("data: ") {
                data.append(String(line.dropFirst(6)))
            }
        }
        return events
    }
}
