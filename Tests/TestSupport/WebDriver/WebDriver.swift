import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat

/// One `chromedriver` with one headless Chromium (W3C WebDriver). Both end with `end()`; use `withBrowser`.
public final class WebDriver: Sendable {
    /// What the browser could not do.
    public struct Failure: Error, CustomStringConvertible {
        /// The sentence.
        public var description: String
        /// A failure in these words.
        public init(description: String) { self.description = description }
    }

    private let driver: RunningDriver
    private let session: String

    private init(driver: RunningDriver, session: String) {
        self.driver = driver
        self.session = session
    }

    /// Starts a browser with a window of this many CSS pixels, runs `body`, and ends the browser whatever happens.
    public static func withBrowser<Result: Sendable>(
        width: Int = 1080, height: Int = 1920, reducedMotion: Bool = false,
        _ body: (WebDriver) async throws -> Result
    ) async throws -> Result {
        let driver = try await RunningDriver.start()
        do {
            var arguments: [JSONValue] = [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars=false", "--disable-extensions",
                "--disable-dev-shm-usage", "--no-first-run", "--force-device-scale-factor=1",
                .string("--window-size=\(width),\(height)"),
            ]
            if reducedMotion { arguments.append("--force-prefers-reduced-motion") }
            let answer = try await driver.command(
                "POST", "/session",
                [
                    "capabilities": [
                        "alwaysMatch": [
                            "browserName": "chrome",
                            "goog:chromeOptions": ["args": .array(arguments)],
                            "goog:loggingPrefs": ["browser": "ALL"],
                        ]
                    ]
                ])
            guard let session = answer["sessionId"]?.string else { throw Failure(description: "no session: \(answer)") }
            let browser = WebDriver(driver: driver, session: session)
            do {
                // The outer window may have a frame; the page must be exactly this large.
                try await browser.devTools(
                    "Emulation.setDeviceMetricsOverride",
                    [
                        "width": .number(Double(width)), "height": .number(Double(height)), "deviceScaleFactor": 1,
                        "mobile": false,
                    ])
                let result = try await body(browser)
                _ = try? await browser.command("DELETE", "")
                await driver.end()
                return result
            } catch {
                _ = try? await browser.command("DELETE", "")
                throw error
            }
        } catch {
            await driver.end()
            throw error
        }
    }

    @discardableResult
    func command(_ method: String, _ path: String, _ body: JSONValue = [:]) async throws -> JSONValue {
        try await driver.command(method, "/session/\(session)" + path, body)
    }

    /// Loads an address and waits until it is there.
    public func navigate(to address: String) async throws {
        try await command("POST", "/url", ["url": .string(address)])
    }

    /// The address that the browser shows; it may be another than it was sent to.
    public func address() async throws -> String { try await command("GET", "/url").string ?? "" }

    /// Runs a function body; `arguments` are its arguments. The value of `return` comes back.
    @discardableResult
    public func run(_ script: String, _ arguments: JSONValue...) async throws -> JSONValue {
        try await command("POST", "/execute/sync", ["script": .string(script), "args": .array(arguments)])
    }

    /// Runs a function body whose last argument is the function to call with the result.
    @discardableResult
    public func runAsynchronously(_ script: String, _ arguments: JSONValue...) async throws -> JSONValue {
        try await command("POST", "/execute/async", ["script": .string(script), "args": .array(arguments)])
    }

    /// The window as PNG.
    public func screenshot() async throws -> [UInt8] {
        let text = try await command("GET", "/screenshot").string ?? ""
        guard let data = Data(base64Encoded: text) else { throw Failure(description: "the screenshot is not base64") }
        return Array(data)
    }

    /// A command of the Chrome DevTools protocol.
    @discardableResult
    public func devTools(_ name: String, _ parameters: JSONValue = [:]) async throws -> JSONValue {
        try await command("POST", "/goog/cdp/execute", ["cmd": .string(name), "params": parameters])
    }

    /// What the page wrote to its console, and errors such as refused scripts.
    public func console() async throws -> [String] {
        try await command("POST", "/se/log", ["type": "browser"]).array.compactMap { $0["message"]?.string }
    }

    /// Presses at one point, moves to another and lets go, with a finger. Points are CSS pixels of the window.
    /// - Parameter milliseconds: how long the finger rests before it moves or lets go.
    public func touch(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double)? = nil, resting milliseconds: Int = 0
    ) async throws {
        func move(_ point: (x: Double, y: Double)) -> JSONValue {
            ["type": "pointerMove", "duration": 0, "x": .number(point.x.rounded()), "y": .number(point.y.rounded())]
        }
        var steps: [JSONValue] = [move(start), ["type": "pointerDown", "button": 0]]
        if milliseconds > 0 { steps.append(["type": "pause", "duration": .number(Double(milliseconds))]) }
        if let end { steps.append(move(end)) }
        steps.append(["type": "pointerUp", "button": 0])
        try await command(
            "POST", "/actions",
            [
                "actions": [
                    [
                        "type": "pointer", "id": "finger", "parameters": ["pointerType": "touch"],
                        "actions": .array(steps),
                    ]
                ]
            ])
    }

    /// Middle of the first element that the selector finds, or `nil`.
    public func middle(of selector: String) async throws -> (x: Double, y: Double)? {
        let box = try await run(
            """
            const found = document.querySelector(arguments[0]);
            if (!found) return null;
            const box = found.getBoundingClientRect();
            return {x: box.x + box.width / 2, y: box.y + box.height / 2};
            """, .string(selector))
        guard let x = box["x"]?.number, let y = box["y"]?.number else { return nil }
        return (x, y)
    }

    /// Touches the middle of the element.
    /// - Parameter milliseconds: how long the finger rests there.
    public func touch(_ selector: String, resting milliseconds: Int = 0) async throws {
        guard let point = try await middle(of: selector) else { throw Failure(description: "nothing is \(selector)") }
        try await touch(from: point, resting: milliseconds)
    }

    /// Presses and lets go of a key. Special keys are W3C key values, such as `\u{E007}` for Enter.
    public func key(_ key: String, holding modifier: String? = nil) async throws {
        var steps: [JSONValue] = []
        if let modifier { steps.append(["type": "keyDown", "value": .string(modifier)]) }
        steps.append(["type": "keyDown", "value": .string(key)])
        steps.append(["type": "keyUp", "value": .string(key)])
        if let modifier { steps.append(["type": "keyUp", "value": .string(modifier)]) }
        try await command("POST", "/actions", ["actions": [["type": "key", "id": "keys", "actions": .array(steps)]]])
    }

    /// Asks until the script returns something true. Throws after the deadline, saying what it waited for.
    public func wait(
        for what: String, seconds: Double = 10, _ script: String, _ arguments: JSONValue...
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while true {
            let value = try await command(
                "POST", "/execute/sync", ["script": .string(script), "args": .array(arguments)])
            switch value {
            case .null, .bool(false), .string(""), .number(0): break
            default: return
            }
            guard ContinuousClock.now < deadline else { throw Failure(description: "waited in vain for \(what)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
