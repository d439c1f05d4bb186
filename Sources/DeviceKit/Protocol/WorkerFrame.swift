import HallModel
import NIOCore
import NIOFoundationCompat
import Synchronization

import class Foundation.JSONDecoder
import class Foundation.JSONEncoder

/// One message with its attachments, as it stands on the socket:
/// ```
/// u32  bytes that follow                       (big-endian, at most `maximumFrameBytes`)
/// u32  bytes of JSON                           (at most `maximumControlBytes`)
///      JSON of a `WorkerMessage`
/// then for each attachment, until the frame ends:
/// u32  bytes of the attachment
///      the attachment
/// ```
public struct WorkerFrame: Sendable, Equatable {
    /// Bound on a frame in bytes, without the four that tell its length.
    public static let maximumFrameBytes = 96 << 20
    /// Bound on the JSON of one message, in bytes.
    public static let maximumControlBytes = 1 << 20
    /// What a connection may send before it has said who it is.
    public static let maximumBytesOfStranger = 1 << 20
    /// Bound on the attachments of one frame.
    public static let maximumAttachments = 64

    /// What is said; what is attached to it is told at each kind of message.
    public var message: WorkerMessage
    /// What travels beside the JSON, in order; most messages have none.
    public var attachments: [ByteBuffer]

    /// A frame to be sent; its bounds are checked when it is written.
    public init(_ message: WorkerMessage, attachments: [ByteBuffer] = []) {
        self.message = message
        self.attachments = attachments
    }
}

/// What is wrong with bytes that claim to be a frame.
public enum WorkerFrameError: Error, Equatable, Sendable {
    /// More bytes than ``WorkerFrame/maximumFrameBytes``, or than the caller allowed.
    case tooLarge(bytes: Int)
    /// More JSON than ``WorkerFrame/maximumControlBytes``.
    case controlTooLarge(bytes: Int)
    /// A length inside the frame goes beyond its end, or the frame is shorter than its own beginning.
    case lengthsDisagree
    /// More than ``WorkerFrame/maximumAttachments``.
    case tooManyAttachments
    /// The JSON is no `WorkerMessage`: the kind of the decoder's error, without its words, which may quote a card.
    case notJSON(String)
}

extension WorkerFrame {
    /// The frame as it goes out, in order: the attachments themselves among the bytes around them. No copy of a page.
    public func pieces() throws -> [ByteBuffer] {
        let json = try JSONEncoder().encode(message)
        let attached = attachments.reduce(0) { $0 + 4 + $1.readableBytes }
        let total = 4 + json.count + attached
        guard total <= Self.maximumFrameBytes else { throw WorkerFrameError.tooLarge(bytes: total) }
        guard json.count <= Self.maximumControlBytes else {
            throw WorkerFrameError.controlTooLarge(bytes: json.count)
        }
        guard attachments.count <= Self.maximumAttachments else { throw WorkerFrameError.tooManyAttachments }
        var head = ByteBuffer()
        head.reserveCapacity(minimumWritableBytes: 12 + json.count)
        head.writeInteger(UInt32(total))
        head.writeInteger(UInt32(json.count))
        head.writeBytes(json)
        var pieces = [head]
        for attachment in attachments {
            pieces[pieces.count - 1].writeInteger(UInt32(attachment.readableBytes))
            pieces.append(attachment)
            pieces.append(ByteBuffer())
        }
        return pieces.filter { $0.readableBytes > 0 }
    }

    /// Writes the frame at the end of `buffer`.
    public func write(into buffer: inout ByteBuffer) throws {
        for piece in try pieces() { buffer.writeImmutableBuffer(piece) }
    }

    /// Takes one frame off the front of `buffer`; `nil` when it has not all arrived.
    ///
    /// Attachments are slices of `buffer`'s memory: no copy.
    /// - Parameter limit: the longest frame that is taken.
    /// - Throws: `WorkerFrameError`; the stream cannot be used after that.
    public static func read(
        from buffer: inout ByteBuffer, limit: Int = maximumFrameBytes
    ) throws -> WorkerFrame? {
        guard let total = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self).map(Int.init) else { return nil }
        guard total <= min(limit, maximumFrameBytes) else { throw WorkerFrameError.tooLarge(bytes: total) }
        guard total >= 4 else { throw WorkerFrameError.lengthsDisagree }
        guard buffer.readableBytes >= 4 + total else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        guard var frame = buffer.readSlice(length: total), let controlBytes = frame.readInteger(as: UInt32.self)
        else { return nil }
        guard controlBytes <= maximumControlBytes else {
            throw WorkerFrameError.controlTooLarge(bytes: Int(controlBytes))
        }
        guard let json = frame.readData(length: Int(controlBytes)) else { throw WorkerFrameError.lengthsDisagree }
        let message: WorkerMessage
        do {
            message = try JSONDecoder().decode(WorkerMessage.self, from: json)
        } catch {
            // The decoder's own words may quote the input, which can be a card: only the kind of error is kept.
            throw WorkerFrameError.notJSON(String(describing: type(of: error)))
        }
        var attachments: [ByteBuffer] = []
        while frame.readableBytes > 0 {
            guard attachments.count < maximumAttachments else { throw WorkerFrameError.tooManyAttachments }
            guard let length = frame.readInteger(as: UInt32.self), let slice = frame.readSlice(length: Int(length))
            else { throw WorkerFrameError.lengthsDisagree }
            attachments.append(slice)
        }
        return WorkerFrame(message, attachments: attachments)
    }
}

/// How much a connection may send at once: little until it is known who is there.
final class WorkerFrameLimit: Sendable {
    private let limit: Atomic<Int>

    init(bytes: Int) { limit = Atomic(bytes) }

    var bytes: Int { limit.load(ordering: .relaxed) }
    var isOfStranger: Bool { bytes <= WorkerFrame.maximumBytesOfStranger }

    func trust() { limit.store(WorkerFrame.maximumFrameBytes, ordering: .relaxed) }
}

/// Cuts a byte stream into frames.
struct WorkerFrameDecoder: ByteToMessageDecoder {
    typealias InboundOut = WorkerFrame

    let limit: WorkerFrameLimit

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let frame = try WorkerFrame.read(from: &buffer, limit: limit.bytes) else {
            // Room for the whole frame at once: a page image must not grow the buffer by doubling. Not for a stranger,
            // whose word for the length is worth nothing.
            if !limit.isOfStranger, let total = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) {
                buffer.reserveCapacity(minimumWritableBytes: max(0, Int(total) + 4 - buffer.readableBytes))
            }
            return .needMoreData
        }
        context.fireChannelRead(wrapInboundOut(frame))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState { try decode(context: context, buffer: &buffer) }
}

/// Writes frames onto a byte stream, gathered by the kernel from where they lie.
final class WorkerFrameWriter: ChannelOutboundHandler {
    typealias OutboundIn = WorkerFrame
    typealias OutboundOut = ByteBuffer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let pieces: [ByteBuffer]
        do { pieces = try unwrapOutboundIn(data).pieces() } catch {
            promise?.fail(error)
            return
        }
        for piece in pieces.dropLast() { context.write(wrapOutboundOut(piece), promise: nil) }
        guard let last = pieces.last else { return }
        context.write(wrapOutboundOut(last), promise: promise)
    }
}

/// A connected socket that carries frames.
typealias WorkerChannel = NIOAsyncChannel<WorkerFrame, WorkerFrame>

extension WorkerFrame {
    /// Puts frame coding onto a channel. Call on the channel's event loop.
    static func wrap(
        _ channel: any Channel, limit: WorkerFrameLimit = WorkerFrameLimit(bytes: maximumFrameBytes)
    ) throws -> WorkerChannel {
        let decoder = ByteToMessageHandler(
            WorkerFrameDecoder(limit: limit), maximumBufferSize: WorkerFrame.maximumFrameBytes + 4)
        try channel.pipeline.syncOperations.addHandlers([decoder, WorkerFrameWriter()])
        return try WorkerChannel(wrappingChannelSynchronously: channel)
    }
}
