import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport

/// A resident without a browser: reads the screen as a page and touches its buttons as forms, over the same HTTP.
struct ScreenOverHTTP {
    struct Page {
        let screen: String
        /// Names the page among all that one screen can show.
        let key: String
        let revision: String
        /// Values of all buttons, in their order.
        let actions: [String]
        let text: String

        init(_ html: String) {
            screen = html.firstMatch(of: #/data-screen="([^"]*)"/#).map { String($0.1) } ?? ""
            key = html.firstMatch(of: #/data-key="([^"]*)"/#).map { String($0.1) } ?? ""
            revision = html.firstMatch(of: #/name="revision" value="([^"]*)"/#).map { String($0.1) } ?? ""
            actions = html.matches(of: #/name="action" value="([^"]*)"/#).map { String($0.1) }
            text = html.replacing(#/<[^>]*>/#, with: " ")
        }
    }

    /// Does not follow the entrance's redirection, which gives the cookie. Lives as long as the tests.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private let base: String
    private let cookie: String

    /// Exchanges the one-time token of `screen.json` for the cookie.
    init(entering address: String) async throws {
        guard let end = address.range(of: "/enter")?.lowerBound else { throw TestFailure("\(address) is no entrance") }
        base = String(address[..<end])
        let response = try await Self.client.execute(HTTPClientRequest(url: address), timeout: .seconds(5))
        cookie = response.headers["set-cookie"].first?.split(separator: ";").first.map(String.init) ?? ""
        guard !cookie.isEmpty else { throw TestFailure("the screen gave no cookie: HTTP \(response.status.code)") }
    }

    func page() async throws -> Page {
        var request = HTTPClientRequest(url: base + "/")
        request.headers.add(name: "cookie", value: cookie)
        let response = try await Self.client.execute(request, timeout: .seconds(5))
        return Page(String(buffer: try await response.body.collect(upTo: 1 << 20)))
    }

    func sees(_ screens: String..., within limit: Duration = .seconds(20)) async throws -> Page {
        var last = Page("")
        do {
            try await eventually("the screen", within: limit) {
                last = try await page()
                return screens.contains(last.screen)
            }
        } catch {
            throw TestFailure("\(screens) is not shown within \(limit); shown is “\(last.screen)”: \(last.text)")
        }
        return last
    }

    /// Touches a button and waits until another page stands there, one of `next`. Touches again when nothing happened: a
    /// touch on a screen that has changed meanwhile is dropped.
    @discardableResult
    func touches(_ action: String, until next: String..., within limit: Duration = .seconds(20)) async throws -> Page {
        let before = try await page()
        var last = before
        var posted: ContinuousClock.Instant?
        do {
            try await eventually("another page", within: limit) {
                last = try await page()
                if last.key != before.key, next.contains(last.screen) { return true }
                guard last.key == before.key, posted.map({ $0 + .seconds(1) < .now }) ?? true else { return false }
                posted = .now
                try await send(action, madeOn: last)
                return false
            }
        } catch {
            throw TestFailure("“\(action)” leads to “\(last.screen)”, not to \(next): \(last.text)")
        }
        return last
    }

    private func send(_ action: String, madeOn page: Page) async throws {
        var request = HTTPClientRequest(url: base + "/act")
        request.method = .POST
        request.headers.add(name: "cookie", value: cookie)
        request.headers.add(name: "origin", value: base)
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        let value = action.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? action
        request.body = .bytes(ByteBuffer(string: "action=\(value)&revision=\(page.revision)"))
        _ = try await Self.client.execute(request, timeout: .seconds(5))
    }
}
