import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Faults that tests order, so that a kiosk meets a bad platform on purpose. Only with `--development-faults`.
actor DevelopmentFaults {
    enum Kind: String, Codable, Sendable, CaseIterable {
        /// Does the work, then closes the connection without an answer.
        case loseAnswer
        /// Answers with `code` and does nothing; 507 with the problem of a full disk.
        case status
        /// Waits `ms` milliseconds first.
        case delay
        /// Closes the connection after `bytes` of the request's body.
        case cut
        /// Answers as it should, but closes the connection after `bytes` of the answer's body.
        case cutAnswer
        /// Does the work, then answers with `bytes` bytes of nonsense under the right status and Content-Type.
        case garbage
        /// Does the work, then answers with a body that does not end.
        case endless
        /// Answers as it should, under the Content-Type `contentType`.
        case wrongContentType
        /// Sends the answer twice on the same connection.
        case twice
        /// Does the work, then sends the answer that the operation gave before (the same one for the first time).
        case earlierAnswer
    }

    struct Fault: Codable, Sendable, Equatable {
        /// An `operationId`, `upload` for all of tus, or `any`.
        var route: String
        var kind: Kind
        var code: Int?
        var ms: Int?
        var bytes: Int?
        var contentType: String?
        /// How often it still happens; `nil` once, 0 until it is cleared.
        var times: Int?
        /// What to clear it by; given by the platform.
        var id: Int?

        var isValid: Bool {
            guard ["any", "upload"].contains(route) || APIOperation(rawValue: route) != nil else { return false }
            guard (0...1_000_000).contains(times ?? 1) else { return false }
            switch kind {
            case .loseAnswer, .endless, .twice, .earlierAnswer: return true
            case .status: return (400...599).contains(code ?? 0)
            case .delay: return (0...600_000).contains(ms ?? -1)
            case .cut, .cutAnswer: return (bytes ?? -1) >= 0
            case .garbage: return (0...1 << 24).contains(bytes ?? 512)
            case .wrongContentType: return (1...100).contains(contentType?.utf8.count ?? 0)
            }
        }

        func concerns(_ operation: APIOperation) -> Bool {
            route == "any" || route == operation.rawValue || (route == "upload" && operation.isUpload)
        }
    }

    static let mostFaults = 1000

    private(set) var faults: [Fault] = []
    private var lastID = 0
    /// The last answer of each operation, for `earlierAnswer`.
    private var earlier: [APIOperation: RecordedAnswer] = [:]

    /// - Throws: ``APIProblem`` `malformed-body` when the fault is none, or there are too many.
    func add(_ fault: Fault) throws -> Fault {
        guard fault.isValid else { throw APIProblem(.malformedBody, "There is no such fault.") }
        guard faults.count < Self.mostFaults else { throw APIProblem(.malformedBody, "There are too many faults.") }
        lastID += 1
        var added = fault
        added.id = lastID
        faults.append(added)
        return added
    }

    func removeAll() { faults = [] }

    /// `false` when there is no such fault.
    func remove(_ id: Int) -> Bool {
        let count = faults.count
        faults.removeAll { $0.id == id }
        return faults.count < count
    }

    /// The next fault for this operation; counts it.
    func next(for operation: APIOperation) -> Fault? {
        guard let index = faults.firstIndex(where: { $0.concerns(operation) }) else { return nil }
        let fault = faults[index]
        guard fault.times != 0 else { return fault }
        let left = (fault.times ?? 1) - 1
        if left > 0 { faults[index].times = left } else { faults.remove(at: index) }
        return fault
    }

    /// Remembers an answer and gives the one before it, if there is one.
    func remember(_ operation: APIOperation, _ answer: RecordedAnswer) -> RecordedAnswer? {
        defer { earlier[operation] = answer }
        return earlier[operation]
    }
}

/// An answer in memory.
struct RecordedAnswer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: ByteBuffer

    /// Everything that `response` would write.
    init(_ response: Response) async throws {
        status = response.status
        headers = response.headers
        let collected = Collected()
        try await response.body.write(collected)
        body = collected.buffer
    }

    var response: Response { Response(status: status, headers: headers, body: .init(byteBuffer: body)) }

    /// The answer as HTTP/1.1 writes it.
    var octets: ByteBuffer {
        var text = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
        for field in headers where field.name != .contentLength { text += "\(field.name): \(field.value)\r\n" }
        if status != .noContent { text += "Content-Length: \(body.readableBytes)\r\n" }
        var octets = ByteBuffer(string: text + "\r\n")
        octets.writeImmutableBuffer(body)
        return octets
    }

    /// The writer is used by one task only, while the answer is collected.
    private final class Collected: ResponseBodyWriter {
        var buffer = ByteBuffer()
        func write(_ part: ByteBuffer) async throws { buffer.writeImmutableBuffer(part) }
        func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
