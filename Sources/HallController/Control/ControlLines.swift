import DeviceKit
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

import class Foundation.JSONEncoder

/// A long answer as lines of JSON, with an empty line every 5 s as a sign of life. A reader that takes nothing for 20 s is cut, one
/// that goes away ends the work, and the end of the daemon ends both.
struct ControlLines {
    static let type = "application/jsonl"
    static let heartbeat = Duration.seconds(5)
    static let stall = TimeAmount.seconds(20)

    private let request: Request
    private let channel: any Channel

    init(_ request: Request, _ context: ControlContext) {
        self.request = request
        channel = context.channel
    }

    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// The answer that `work` writes; it is given the request's body, which must be read nowhere else.
    func response(_ work: @escaping @Sendable (RequestBody, Sink) async throws -> Void) -> Response {
        Response(
            status: .ok, headers: [.contentType: Self.type],
            body: .init { writer in
                try? await request.body.consumeWithCancellationOnInboundClose { body in
                    try await pump(into: &writer, body, work)
                }
                try await writer.finish(nil)
            })
    }

    /// Writes what the work and the clock yield, one after the other.
    private func pump(
        into writer: inout any ResponseBodyWriter, _ body: RequestBody,
        _ work: @escaping @Sendable (RequestBody, Sink) async throws -> Void
    ) async throws {
        let (pieces, yielding) = AsyncStream<Piece>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { yielding.finish() }
                try await work(body, Sink(pieces: yielding))
            }
            group.addTask {
                while true {
                    try await ProgramLoop.sleep(for: Self.heartbeat)
                    yielding.yield(Piece(bytes: ByteBuffer(string: "\n"), written: nil))
                }
            }
            defer { yielding.finish() }
            var failure: (any Error)?
            await withGracefulShutdownHandler {
                for await piece in pieces {
                    if failure == nil {
                        do { try await write(piece.bytes, into: &writer) } catch {
                            failure = error
                            yielding.finish()
                        }
                    }
                    piece.written?.resume(returning: failure == nil)
                }
            } onGracefulShutdown: {
                yielding.finish()
            }
            group.cancelAll()
            if let failure { throw failure }
        }
    }

    private func write(_ bytes: ByteBuffer, into writer: inout any ResponseBodyWriter) async throws {
        // A reader that does not read would hold this task, and its place, for ever.
        let stalled = channel.eventLoop.scheduleTask(in: Self.stall) { [channel] in channel.close(promise: nil) }
        defer { stalled.cancel() }
        try await writer.write(bytes)
    }

    fileprivate struct Piece: Sendable {
        var bytes: ByteBuffer
        /// Told whether it went out.
        var written: CheckedContinuation<Bool, Never>?
    }

    /// Where the work puts its lines.
    struct Sink: Sendable {
        fileprivate let pieces: AsyncStream<Piece>.Continuation

        /// Returns when the line was taken by the connection: who writes is as slow as who reads.
        func write(_ value: some Encodable, then attachment: ByteBuffer? = nil) async throws {
            var bytes = ByteBuffer(string: try ControlLines.line(value))
            if let attachment { bytes.writeImmutableBuffer(attachment) }
            let whole = bytes
            let isWritten = await withCheckedContinuation { continuation in
                let result = pieces.yield(Piece(bytes: whole, written: continuation))
                if case .terminated = result { continuation.resume(returning: false) }
            }
            guard isWritten else { throw CancellationError() }
        }
    }
}
