import Foundation
import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// A server on TCP that says what a test wants it to say, right or wrong: for what no real printer can be told to do.
///
/// Written from RFC 8010, without libcups.
final class ScriptedIPPServer: Sendable {
    /// One request as it came.
    struct Request: Sendable {
        var operation: UInt16
        var id: [UInt8]
        var body: [UInt8]

        /// The value of an attribute that is a text, by its name; the first one of that name.
        func text(_ name: String) -> String? {
            let key = Array(name.utf8)
            guard let at = body.firstRange(of: key), at.upperBound + 2 <= body.count else { return nil }
            let length = Int(body[at.upperBound]) << 8 | Int(body[at.upperBound + 1])
            let value = body[(at.upperBound + 2)...].prefix(length)
            return String(decoding: value, as: UTF8.self)
        }
    }

    enum Answer: Sendable {
        /// An answer of IPP.
        case ipp(status: UInt16, [IPPBytes.Group])
        /// Whatever stands behind an HTTP 200 with its length.
        case body([UInt8])
        /// All bytes of the answer, then the end of the connection.
        case raw([UInt8])
        /// These bytes again and again, with so much time between, until the other side is gone.
        case endless([UInt8], start: [UInt8], every: Duration)
        /// Nothing, and the connection stays open.
        case silence
        /// The end of the connection.
        case hangUp
    }

    let port: Int
    private let channel: any Channel
    private let heard: HeardRequests

    init(_ answer: @escaping @Sendable (Request) -> Answer) async throws {
        let heard = HeardRequests()
        self.heard = heard
        port = try HallUnderTest.freePort()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptedConnection(answer, heard))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
    }

    func stop() async { try? await channel.close().get() }

    var requests: [Request] { heard.all }
    var operations: [UInt16] { requests.map(\.operation) }
}

final class HeardRequests: Sendable {
    private let requests = Mutex<[ScriptedIPPServer.Request]>([])
    var all: [ScriptedIPPServer.Request] { requests.withLock { $0 } }
    func append(_ request: ScriptedIPPServer.Request) { requests.withLock { $0.append(request) } }
}

/// One connection: collects a request, answers it.
private final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: @Sendable (ScriptedIPPServer.Request) -> ScriptedIPPServer.Answer
    private let heard: HeardRequests
    private var bytes: [UInt8] = []

    init(
        _ answer: @escaping @Sendable (ScriptedIPPServer.Request) -> ScriptedIPPServer.Answer, _ heard: HeardRequests
    ) {
        self.answer = answer
        self.heard = heard
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let length = head.firstMatch(of: #/(?i)content-length: *(\d+)/#).flatMap { Int($0.1) } ?? 0
        let body = Array(bytes[end.upperBound...])
        guard body.count >= length, body.count >= 8 else { return }
        bytes = []
        let request = ScriptedIPPServer.Request(
            operation: UInt16(body[2]) << 8 | UInt16(body[3]), id: Array(body[4..<8]), body: body)
        heard.append(request)
        reply(answer(request), to: request, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func reply(
        _ answer: ScriptedIPPServer.Answer, to request: ScriptedIPPServer.Request, _ context: ChannelHandlerContext
    ) {
        switch answer {
        case .ipp(let status, let groups):
            reply(.body(IPPBytes.answer(status: status, id: request.id, groups)), to: request, context)
        case .body(let body):
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: \(body.count)\r\n\r\n"
            write(Array(head.utf8) + body, context)
        case .raw(let bytes):
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes))).whenComplete { _ in
                channel.close(promise: nil)
            }
        case .endless(let bytes, let start, let pause):
            write(start, context)
            drip(bytes, every: TimeAmount.nanoseconds(Int64(pause / .nanoseconds(1))), context.channel)
        case .silence: return
        case .hangUp: context.close(promise: nil)
        }
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

}

/// Writes the same again and again, no faster than it is taken, until the other side is gone.
private func drip(_ bytes: [UInt8], every pause: TimeAmount, _ channel: any Channel) {
    channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
        channel.eventLoop.scheduleTask(in: pause) { drip(bytes, every: pause, channel) }
    }
}

/// Answers of IPP, byte by byte (RFC 8010).
enum IPPBytes {
    struct Group: Sendable {
        var tag: UInt8
        var attributes: [(tag: UInt8, name: String, values: [[UInt8]])]

        static func printer(_ attributes: [(tag: UInt8, name: String, values: [[UInt8]])]) -> Group {
            Group(tag: 0x04, attributes: attributes)
        }
        static func job(_ attributes: [(tag: UInt8, name: String, values: [[UInt8]])]) -> Group {
            Group(tag: 0x02, attributes: attributes)
        }
    }

    typealias Attribute = (tag: UInt8, name: String, values: [[UInt8]])

    static func enumeration(_ name: String, _ values: Int...) -> Attribute { (0x23, name, values.map(bytes)) }
    static func integer(_ name: String, _ values: Int...) -> Attribute { (0x21, name, values.map(bytes)) }
    static func keywords(_ name: String, _ values: String...) -> Attribute {
        (0x44, name, values.map { Array($0.utf8) })
    }
    static func name(_ name: String, _ value: String) -> Attribute { (0x42, name, [Array(value.utf8)]) }
    static func boolean(_ name: String, _ value: Bool) -> Attribute { (0x22, name, [[value ? 1 : 0]]) }

    static func answer(status: UInt16, id: [UInt8], _ groups: [Group]) -> [UInt8] {
        var out: [UInt8] = [1, 1, UInt8(status >> 8), UInt8(status & 0xFF)] + id
        let charset: Attribute = (0x47, "attributes-charset", [Array("utf-8".utf8)])
        let language: Attribute = (0x48, "attributes-natural-language", [Array("en".utf8)])
        for group in [Group(tag: 0x01, attributes: [charset, language])] + groups {
            out.append(group.tag)
            for attribute in group.attributes { out += encoded(attribute) }
        }
        return out + [0x03]
    }

    static func encoded(_ attribute: Attribute) -> [UInt8] {
        var out: [UInt8] = []
        for (index, value) in attribute.values.enumerated() {
            let name = index == 0 ? Array(attribute.name.utf8) : []
            out += [attribute.tag] + length(name.count) + name + length(value.count) + value
        }
        return out
    }

    private static func length(_ count: Int) -> [UInt8] { [UInt8(count >> 8), UInt8(count & 0xFF)] }

    private static func bytes(_ number: Int) -> [UInt8] {
        let value = UInt32(bitPattern: Int32(truncatingIfNeeded: number))
        return [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}
