import ByteTransports
import CCUPS
import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Breaks one exchange off from outside of its thread, which is blocked in a read or a write.
///
/// By shutting the socket down: the blocked call returns then. libcups's own time-outs are for silence only; an answer that
/// comes a byte a second would keep it busy for ever.
final class ExchangeBreaker: Sendable {
    enum Reason: Sendable, Equatable { case cancelled, timedOut(Duration) }

    private let state = Mutex<(descriptor: CInt?, reason: Reason?)>((nil, nil))

    var reason: Reason? { state.withLock(\.reason) }

    /// The socket is open and stays this one until `end`.
    func begin(_ descriptor: CInt) {
        state.withLock { state in
            state.descriptor = descriptor
            if state.reason != nil { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// Called before the socket is closed: its number may be somebody else's then.
    func end() { state.withLock { $0.descriptor = nil } }

    func breakOff(_ reason: Reason) {
        state.withLock { state in
            state.reason = state.reason ?? reason
            if let descriptor = state.descriptor { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }
}

/// One question and its answer on a connection of its own, with nothing kept between two of them: no stale connection, no
/// password, no second try. A document is never sent twice by the library.
///
/// Blocks: to be used on a `LibraryThread`.
struct IPPExchange: ~Copyable {
    /// Answers of printers have some ten KiB.
    private static let answerLimit = 1 << 20
    private static let connectMilliseconds: Int32 = 3_000
    private static let piece = 32 << 10

    private let endpoint: IPPEndpoint
    private let breaker: ExchangeBreaker
    private let http: OpaquePointer
    private var documentBytes = 0

    /// Connects.
    init(_ endpoint: IPPEndpoint, _ breaker: ExchangeBreaker) throws(IPPFailure) {
        if breaker.reason != nil { throw Self.brokenOff(breaker, endpoint, 0) }
        // Zero milliseconds: made, not connected, so that the cause can be asked when connecting fails.
        guard
            let http = httpConnect2(
                endpoint.host, Int32(endpoint.port), nil, AF_UNSPEC, HTTP_ENCRYPTION_NEVER, 1, 0, nil)
        else { throw .unreachable(.missing("\(endpoint.name): the host name is not known")) }
        guard httpReconnect2(http, Self.connectMilliseconds, nil) == 0 else {
            httpClose(http)
            throw .unreachable(TransportError(errno: ConnectDiagnosis.cause(endpoint), on: endpoint.name))
        }
        breaker.begin(httpGetFd(http))
        self.endpoint = endpoint
        self.breaker = breaker
        self.http = http
    }

    deinit {
        breaker.end()
        httpClose(http)
    }

    /// Asks, with the document behind the question where there is one.
    mutating func ask(_ request: IPPRequest, document: ByteBuffer?) throws(IPPFailure) -> IPPAnswer {
        guard let message = Self.message(request) else { throw garbled("no memory for a request") }
        defer { ippDelete(message) }
        httpClearFields(http)
        httpSetField(http, HTTP_FIELD_CONTENT_TYPE, "application/ipp")
        httpSetLength(http, ippLength(message) + (document?.readableBytes ?? 0))
        guard httpPost(http, endpoint.resource) == 0 else { throw broken() }
        var state = ippWrite(http, message)
        while state != IPP_STATE_DATA, state != IPP_STATE_ERROR { state = ippWrite(http, message) }
        guard state == IPP_STATE_DATA else { throw broken() }
        var status = HTTP_STATUS_CONTINUE
        if let document { status = try send(document) }
        while status == HTTP_STATUS_CONTINUE {
            if breaker.reason != nil { throw broken() }
            status = httpUpdate(http)
        }
        guard status == HTTP_STATUS_OK else {
            guard status.rawValue > 0 else { throw broken() }
            throw .http(status.rawValue, documentBytes: documentBytes)
        }
        let answer = try read()
        guard answer.status.isSuccess else { throw .refused(answer.status) }
        return answer
    }

    /// - Returns: *continue*, or what the printer said before it had heard all.
    private mutating func send(_ document: ByteBuffer) throws(IPPFailure) -> http_status_t {
        var document = document
        while let part = document.readSlice(length: min(Self.piece, document.readableBytes)), part.readableBytes > 0 {
            let written = part.withUnsafeReadableBytes {
                httpWrite2(http, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
            }
            // What was handed to a call that failed may be there too.
            documentBytes += part.readableBytes
            guard written == part.readableBytes, breaker.reason == nil else { throw broken() }
            if document.readableBytes > 0, httpCheck(http) != 0 {
                let status = httpUpdate(http)
                if status != HTTP_STATUS_CONTINUE { return status }
            }
        }
        return HTTP_STATUS_CONTINUE
    }

    /// What `ippReadIO` reads from: bounded, whatever the printer sends.
    private struct Source {
        let http: OpaquePointer
        let breaker: ExchangeBreaker
        var left = IPPExchange.answerLimit
        var isTooLong = false

        /// All of `count` bytes, as libcups takes fewer for an error; -1 at the end of the answer, at the end of our patience
        /// and when it grows without end.
        mutating func read(_ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
            guard count <= left else {
                isTooLong = true
                return -1
            }
            left -= count
            var filled = 0
            while filled < count {
                guard breaker.reason == nil else { return -1 }
                let read = UnsafeMutableRawPointer(buffer + filled).withMemoryRebound(
                    to: CChar.self, capacity: count - filled
                ) { httpRead2(http, $0, count - filled) }
                guard read > 0 else { return -1 }
                filled += read
            }
            return filled
        }
    }

    private func read() throws(IPPFailure) -> IPPAnswer {
        guard let message = ippNew() else { throw garbled("no memory for an answer") }
        defer { ippDelete(message) }
        var source = Source(http: http, breaker: breaker)
        var state = IPP_STATE_IDLE
        withUnsafeMutablePointer(to: &source) { source in
            repeat {
                state = ippReadIO(
                    source,
                    { context, buffer, count in
                        guard let source = context?.assumingMemoryBound(to: Source.self), let buffer else { return -1 }
                        return source.pointee.read(buffer, count)
                    }, 1, nil, message)
            } while state != IPP_STATE_DATA && state != IPP_STATE_ERROR
        }
        guard state == IPP_STATE_DATA else {
            if breaker.reason != nil { throw broken() }
            throw garbled(
                source.isTooLong
                    ? "an answer without end from \(endpoint.name)" : "no answer in IPP from \(endpoint.name)")
        }
        return IPPAnswer(message)
    }

    private func garbled(_ cause: String) -> IPPFailure { .garbled(cause, documentBytes: documentBytes) }

    private func broken() -> IPPFailure {
        if breaker.reason != nil { return Self.brokenOff(breaker, endpoint, documentBytes) }
        let code = httpError(http)
        let cause =
            code == 0
            ? TransportError.gone("\(endpoint.name) ended the connection")
            : TransportError(errno: code, on: endpoint.name)
        return .broken(cause: cause, documentBytes: documentBytes)
    }

    private static func brokenOff(
        _ breaker: ExchangeBreaker, _ endpoint: IPPEndpoint, _ documentBytes: Int
    ) -> IPPFailure {
        guard case .timedOut(let limit) = breaker.reason else { return .cancelled(documentBytes: documentBytes) }
        let cause = "ETIMEDOUT \(endpoint.name): no answer within \(limit.inWords)"
        return .broken(cause: .timedOut(cause), documentBytes: documentBytes)
    }

    private static func message(_ request: IPPRequest) -> OpaquePointer? {
        guard let message = ippNewRequest(ipp_op_t(rawValue: ipp_op_t.RawValue(request.operation.rawValue))) else {
            return nil
        }
        // What every printer speaks; none of what came later is needed.
        ippSetVersion(message, 1, 1)
        for attribute in request.attributes {
            let group = attribute.group == .job ? IPP_TAG_JOB : IPP_TAG_OPERATION
            switch attribute.value {
            case .keywords(let words):
                // One value by one: an array of C strings is not made for a handful of words.
                let made = ippAddStrings(message, group, IPP_TAG_KEYWORD, attribute.name, Int32(words.count), nil, nil)
                for (index, word) in words.enumerated() {
                    var made = made
                    ippSetString(message, &made, Int32(index), word)
                }
            case .name(let text): ippAddString(message, group, IPP_TAG_NAME, attribute.name, nil, text)
            case .uri(let text): ippAddString(message, group, IPP_TAG_URI, attribute.name, nil, text)
            case .mediaType(let text): ippAddString(message, group, IPP_TAG_MIMETYPE, attribute.name, nil, text)
            case .integer(let number): ippAddInteger(message, group, IPP_TAG_INTEGER, attribute.name, number)
            case .boolean(let yes): ippAddBoolean(message, group, attribute.name, yes ? 1 : 0)
            }
        }
        return message
    }
}
