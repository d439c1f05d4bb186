import Foundation
import GuidedFlow
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

extension ScreenServer {
    /// The event stream (WHATWG HTML, section 9.2): one `screen` event with the current screen at once, whatever
    /// `Last-Event-ID` says, one for every change, and a `tick` in between.
    func events(_ request: Request, _ context: ScreenRequestContext) -> Response {
        guard !listeners.isFull else { return Response(status: .serviceUnavailable) }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: .init { writer in
                guard listeners.enter() else { return try await writer.finish(nil) }
                defer { listeners.leave() }
                try? await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await follow(with: &writer, channel: context.channel)
                }
                try await writer.finish(nil)
            })
    }

    private func follow(with writer: inout any ResponseBodyWriter, channel: any Channel) async throws {
        let mailbox = Mailbox()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await screen in source.screens() { mailbox.put(screen) }
                mailbox.finish()
            }
            let seconds = TimeAmount.seconds(Int64(limits.heartbeatSeconds))
            let heartbeat = channel.eventLoop.scheduleRepeatedTask(initialDelay: seconds, delay: seconds) { _ in
                mailbox.beat()
            }
            defer { heartbeat.cancel() }
            try await withGracefulShutdownHandler {
                try await writer.write(ByteBuffer(string: "retry: 500\n\n"))
                for await _ in mailbox.signals {
                    let (screen, isBeat) = mailbox.take()
                    var text = ""
                    if let screen { text += try event(screen) }
                    if isBeat { text += ": tick\nevent: tick\ndata: \n\n" }
                    guard !text.isEmpty else { continue }
                    // A listener that does not read would hold this task, and its place, for ever.
                    let stalled = channel.eventLoop.scheduleTask(in: .seconds(Int64(limits.stalledSeconds))) {
                        channel.close(promise: nil)
                    }
                    defer { stalled.cancel() }
                    try await writer.write(ByteBuffer(string: text))
                }
            } onGracefulShutdown: {
                mailbox.finish()
            }
            group.cancelAll()
        }
    }

    private func event(_ screen: Screen) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        // JSON has no raw line break, so one `data` line holds it.
        let json = String(decoding: try encoder.encode(renderer.parts(of: screen)), as: UTF8.self)
        return "event: screen\nid: \(screen.revision)\ndata: \(json)\n\n"
    }
}

/// Holds the latest screen for one listener: however slow it reads, it costs one screen.
private final class Mailbox: Sendable {
    private struct Content {
        var screen: Screen?
        var isBeat = false
    }

    let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation
    private let content = Mutex(Content())

    init() {
        (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func put(_ screen: Screen) {
        content.withLock { $0.screen = screen }
        signal.yield()
    }

    func beat() {
        content.withLock { $0.isBeat = true }
        signal.yield()
    }

    func take() -> (Screen?, isBeat: Bool) {
        content.withLock { content in
            defer { content = Content() }
            return (content.screen, content.isBeat)
        }
    }

    func finish() { signal.finish() }
}

/// How many browsers listen.
final class ListenerCount: Sendable {
    private let most: Int
    private let count = Mutex(0)

    init(most: Int) { self.most = most }

    var isFull: Bool { count.withLock { $0 >= most } }

    func enter() -> Bool {
        count.withLock { count in
            guard count < most else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}

/// The port a server was given, once it listens.
final class BoundPort: Sendable {
    private struct State {
        var result: Result<Int, any Error>?
        var waiting: [CheckedContinuation<Int, any Error>] = []
    }
    private let state = Mutex(State())

    var current: Int? { state.withLock { try? $0.result?.get() } }

    func value() async throws -> Int {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiting.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(with: result) }
        }
    }

    func set(_ port: Int) { finish(.success(port)) }
    func fail(_ error: any Error) { finish(.failure(error)) }

    private func finish(_ result: Result<Int, any Error>) {
        let waiting = state.withLock { state in
            state.result = result
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(with: result) }
    }
}
