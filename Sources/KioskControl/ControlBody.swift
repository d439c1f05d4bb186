import AsyncHTTPClient
import NIOCore

import struct Foundation.Data
import class Foundation.JSONDecoder

/// A long answer of `kioskd`: lines of JSON, and after some of them raw bytes. Memory is bounded: a line by
/// ``maximumLineBytes``, raw bytes by what the caller asks for.
///
/// A line without content is a sign of life and is left out. The daemon gives one every 5 s; a client that hears nothing for 15 s
/// fails.
public struct ControlBody {
    static let maximumLineBytes = 1 << 16

    private var iterator: HTTPClientResponse.Body.AsyncIterator
    private var buffer = ByteBuffer()
    private let socket: String

    init(_ response: HTTPClientResponse, socket: String) {
        iterator = response.body.makeAsyncIterator()
        self.socket = socket
    }

    /// The next line as a value; `nil` at the end.
    /// - Throws: ``ControlClient/Failure`` `notUnderstood` for a line that is no such value or longer than the bound,
    ///   `lost` when the daemon goes away; `CancellationError`.
    public mutating func next<Line: Decodable>(_ type: Line.Type) async throws -> Line? {
        while true {
            if let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let length = end - buffer.readerIndex
                let line = buffer.readSlice(length: length) ?? ByteBuffer()
                buffer.moveReaderIndex(forwardBy: 1)
                guard length > 0 else { continue }
                do {
                    return try JSONDecoder().decode(type, from: Data(line.readableBytesView))
                } catch {
                    throw ControlClient.Failure.notUnderstood("\(Swift.type(of: error)) in a line")
                }
            }
            guard buffer.readableBytes <= Self.maximumLineBytes else {
                throw ControlClient.Failure.notUnderstood("a line without an end")
            }
            guard try await more() else { return nil }
        }
    }

    /// Exactly so many raw bytes.
    /// - Throws: ``ControlClient/Failure`` `notUnderstood` when the answer ends before, `lost` when the daemon goes
    ///   away; `CancellationError`.
    public mutating func bytes(_ count: Int) async throws -> ByteBuffer {
        buffer.reserveCapacity(minimumWritableBytes: max(0, count - buffer.readableBytes))
        while buffer.readableBytes < count {
            guard try await more() else { throw ControlClient.Failure.notUnderstood("an answer without its end") }
        }
        return buffer.readSlice(length: count) ?? ByteBuffer()
    }

    private mutating func more() async throws -> Bool {
        buffer.discardReadBytes()
        do {
            guard var piece = try await iterator.next() else { return false }
            buffer.writeBuffer(&piece)
            return true
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            if Task.isCancelled { throw CancellationError() }
            throw ControlClient.Failure.lost(socket: socket)
        }
    }
}
