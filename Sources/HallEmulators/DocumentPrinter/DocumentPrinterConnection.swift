import NIOCore
import NIOHTTP1

/// What a request is answered with.
enum DocumentPrinterReply {
    /// An IPP message; late: after 3 s.
    case message([UInt8], isLate: Bool)
    /// Half of the message, then the end of the connection.
    case truncated([UInt8])
    /// The message and then octets without end.
    case endless([UInt8])
    case status(HTTPResponseStatus)
    case silence
    /// The end of the connection, without a word.
    case hangUp
}

/// One HTTP connection to the A4 printer: takes whole requests, bounded in size, and answers each.
final class DocumentPrinterConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let longestBody = DocumentStore.longestDocument + (1 << 20)

    private let printer: EmulatedDocumentPrinter
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    /// The request was answered before its end; what still comes of it is dropped.
    private var isRefused = false

    init(printer: EmulatedDocumentPrinter) { self.printer = printer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let piece):
            guard !isRefused else { return }
            guard body.count + piece.readableBytes <= Self.longestBody else {
                return refuse(.payloadTooLarge, context)
            }
            body += piece.readableBytesView
        case .end:
            defer { body = [] }
            guard !isRefused, let head else { return }
            finish(head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.head = head
        isRefused = false
        body = []
        guard head.method == .POST else { return }
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > Self.longestBody {
            return refuse(.payloadTooLarge, context)
        }
        guard head.headers["content-type"].first?.lowercased().hasPrefix("application/ipp") == true else {
            return refuse(.unsupportedMediaType, context)
        }
        guard head.uri.hasPrefix("/ipp/print") || head.uri == "/" else { return refuse(.notFound, context) }
        if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }),
            !printer.isSilent
        {
            context.writeAndFlush(
                wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
        }
    }

    private func finish(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .POST else {
            guard head.method == .GET, head.uri == "/" else { return refuse(.notFound, context) }
            return send(
                Array("The emulated A4 printer of HallKiosk. It speaks IPP at /ipp/print.\n".utf8), "text/plain",
                context)
        }
        let authority = head.headers.first(name: "host") ?? "127.0.0.1:\(printer.port)"
        switch printer.answer(body, authority: authority) {
        case .message(let bytes, isLate: false): send(bytes, "application/ipp", context)
        case .message(let bytes, isLate: true):
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .seconds(3)) {
                bound.value.0.send(bytes, "application/ipp", bound.value.1)
            }
        case .truncated(let bytes): truncate(bytes, context)
        case .endless(let bytes):
            write(head: .ok, ["Content-Type": "application/ipp", "Transfer-Encoding": "chunked"], context)
            // Without the end-of-attributes tag the client has to read on.
            goOn(Array(bytes.dropLast()), context)
        case .status(let status): refuse(status, context)
        case .silence: break
        case .hangUp: context.close(promise: nil)
        }
    }

    private func write(head status: HTTPResponseStatus, _ headers: [String: String], _ context: ChannelHandlerContext) {
        var fields = HTTPHeaders()
        for (name, value) in headers { fields.add(name: name, value: value) }
        let version = head?.version ?? .http1_1
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: version, status: status, headers: fields))), promise: nil)
    }

    private func send(_ bytes: [UInt8], _ type: String, _ context: ChannelHandlerContext) {
        write(head: .ok, ["Content-Type": type, "Content-Length": "\(bytes.count)"], context)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// An answer without content, and the end: what the client still sends cannot be told from a next request.
    private func refuse(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        isRefused = true
        write(head: status, ["Content-Length": "0", "Connection": "close"], context)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }

    private func truncate(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        write(head: .ok, ["Content-Type": "application/ipp", "Content-Length": "\(bytes.count)"], context)
        let half = ByteBuffer(bytes: bytes.prefix(bytes.count / 2))
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(half)))).whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }

    /// Writes on as fast as the client reads, until it has had enough.
    private func goOn(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes))))).whenSuccess { _ in
            bound.value.1.eventLoop.scheduleTask(in: .milliseconds(5)) {
                bound.value.0.goOn(Self.oneMoreAttribute, bound.value.1)
            }
        }
    }

    /// A whole attribute, many times: a client that only looks for the end of attributes never finds it.
    private static let oneMoreAttribute: [UInt8] = {
        var bytes: [UInt8] = []
        for _ in 0..<100 {
            bytes += [0x44, 0, 6] + Array("x-more".utf8) + [0, 32] + [UInt8](repeating: UInt8(ascii: "x"), count: 32)
        }
        return bytes
    }()
}
