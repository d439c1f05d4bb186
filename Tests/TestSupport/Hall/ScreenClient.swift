import AsyncHTTPClient
import Foundation
import NIOCore

/// The kiosk's screen without a browser: gets in with the one-time address, follows the event stream, and touches by form,
/// as `screen.js` does. What it knows it knows from HTTP alone.
///
/// Not for what only a browser does: pages that do not fit, dead times, focus.
public actor ScreenClient {
    /// A moment in what a resident does and sees.
    public enum Step: Sendable, Hashable {
        /// A button is pressed: the action's name without what follows its colon. Told before the form goes out.
        case touched(String)
        /// A screen of this name came.
        case shown(String)
    }

    /// As in `screen.js`: the pause before the stream is asked for again.
    private static let pause = Duration.milliseconds(400)

    private let origin: String
    private let cookie: String
    private var follower: Task<Void, Never>?
    /// The screen that came last; `nil` before the first.
    public private(set) var latest: ShownScreen?
    /// Every screen that came since the last `forgetHistory()`, oldest first; the newest 2,000.
    public private(set) var history: [ShownScreen] = []
    private var connections = 0
    private var sequence = 0
    private var watchers: [Int: @Sendable (ShownScreen) -> Bool] = [:]
    private var stepWatchers: [Int: Step] = [:]
    private var waiting: [Int: CheckedContinuation<ShownScreen?, Never>] = [:]
    private var nextWaiter = 0

    /// Exchanges the token of the address for the cookie and begins to follow the screen. End with `leave()`.
    public init(entering address: String) async throws {
        guard let url = URL(string: address), let host = url.host(), let port = url.port else {
            throw TestFailure("no address of a screen: \(address)")
        }
        origin = "http://\(host):\(port)"
        let response = try await HTTPClient.withoutRedirects.execute(
            HTTPClientRequest(url: address), timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 1 << 20)
        guard let cookie = response.headers["set-cookie"].first?.split(separator: ";").first else {
            throw TestFailure("the kiosk gave no cookie: HTTP \(response.status.code)")
        }
        self.cookie = String(cookie)
        follower = Task { await self.follow() }
    }

    /// Follows the screen no longer; whoever waits for one gets `nil`.
    public func leave() async {
        follower?.cancel()
        await follower?.value
        for waiter in Array(waiting.keys) { settle(waiter, nil) }
    }

    // MARK: - Seeing

    /// The first screen, from `earliest` on, that fits; `nil` when none comes in time.
    public func screen(
        after earliest: Int = 0, within limit: Duration,
        where fits: @escaping @Sendable (ShownScreen) -> Bool = { _ in true }
    ) async -> ShownScreen? {
        if let latest, latest.sequence > earliest, fits(latest) { return latest }
        return await wait(within: limit) { watchers[$0] = { $0.sequence > earliest && fits($0) } }
    }

    /// Waits for the next such moment; `false` when it does not come in time.
    public func reaches(_ step: Step, within limit: Duration) async -> Bool {
        await wait(within: limit) { stepWatchers[$0] = step } != nil
    }

    private func wait(within limit: Duration, _ register: (Int) -> Void) async -> ShownScreen? {
        let waiter = nextWaiter
        nextWaiter += 1
        let timer = Task {
            try await Task.sleep(for: limit)
            self.settle(waiter, nil)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: nil) }
                waiting[waiter] = continuation
                register(waiter)
            }
        } onCancel: {
            Task { await self.settle(waiter, nil) }
        }
    }

    private func settle(_ waiter: Int, _ screen: ShownScreen?) {
        watchers[waiter] = nil
        stepWatchers[waiter] = nil
        waiting.removeValue(forKey: waiter)?.resume(returning: screen)
    }

    private func tell(_ step: Step) {
        for (waiter, wanted) in stepWatchers where wanted == step { settle(waiter, latest) }
    }

    /// A new person: what was shown before is not theirs.
    public func forgetHistory() { history = latest.map { [$0] } ?? [] }

    // MARK: - Touching

    /// Presses a button of this screen. `false`: the kiosk did not answer; the screen says what came of it.
    @discardableResult
    public func touch(_ action: String, on screen: ShownScreen) async -> Bool {
        tell(.touched(String(action.prefix { $0 != ":" })))
        var request = HTTPClientRequest(url: origin + "/act")
        request.method = .POST
        request.headers.add(name: "cookie", value: cookie)
        request.headers.add(name: "origin", value: origin)
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: "action=\(action)&revision=\(screen.revision)"))
        guard let response = try? await HTTPClient.withoutRedirects.execute(request, timeout: .seconds(3)) else {
            return false
        }
        return response.status == .noContent
    }

    // MARK: - The stream

    private func follow() async {
        while !Task.isCancelled {
            try? await listen()
            try? await Task.sleep(for: Self.pause)
        }
    }

    /// One connection, until it breaks or says nothing for 16 s.
    private func listen() async throws {
        let began = ContinuousClock.now
        connections += 1
        let connection = connections
        var request = HTTPClientRequest(url: origin + "/events")
        request.headers.add(name: "cookie", value: cookie)
        request.headers.add(name: "accept", value: "text/event-stream")
        let response = try await HTTPClient.withoutRedirects.execute(request, deadline: .distantFuture)
        guard response.status == .ok else { throw TestFailure("/events: HTTP \(response.status.code)") }
        var parser = EventStreamParser()
        for try await bytes in response.body {
            for event in parser.take(bytes.readableBytesView) where event.name == "screen" {
                var screen = try ShownScreen(event: event.data, connectionBegan: began)
                sequence += 1
                screen.sequence = sequence
                screen.connection = connection
                latest = screen
                if history.count >= 2_000 { history.removeFirst(500) }
                history.append(screen)
                for (waiter, fits) in watchers where fits(screen) { settle(waiter, screen) }
                tell(.shown(screen.name))
            }
        }
    }
}

extension HTTPClient {
    /// For tests that look at redirects and cookies themselves. A stream that is silent for 16 s is broken.
    public static let withoutRedirects: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(2), read: .seconds(16))
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()
}
