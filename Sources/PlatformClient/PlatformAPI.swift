import AsyncHTTPClient
import Foundation
import HallModel
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOSSL

/// The platform's HTTP API (docs/api/platform.yaml) with the kiosk's own certificate. Every call has a time limit and a
/// bound on what it reads; none follows a redirect.
public final class PlatformAPI: Sendable {
    /// Bound on a JSON answer.
    static let largestAnswer = 1 << 20

    struct Timeouts: Sendable {
        var connect = TimeAmount.seconds(5)
        /// Nothing arrives, or nothing can be written, for so long.
        var silence = TimeAmount.seconds(20)
        /// A whole call without a file.
        var call = TimeAmount.seconds(30)
        /// The slowest upload that is waited for.
        var slowestBytesPerSecond: Int64 = 4096
        /// A connection that is cut within this time of a call is not spoken of: it is asked once more.
        var blip = Duration.seconds(3)
    }

    /// Without a slash at its end.
    let base: URL
    let client: HTTPClient
    let logger: Logger
    let timeouts: Timeouts
    /// The most that uploads may take of the line; `nil`: all of it.
    let uploadBytesPerSecond: Int?

    /// - Parameters:
    ///   - url: `https://host:port`.
    ///   - certificateFile: PEM, the kiosk's certificate and what leads to its CA.
    ///   - keyFile: PEM.
    ///   - trustFile: PEM, the CAs of the platform; the system's are not used.
    ///   - uploadBytesPerSecond: the most that uploads may take of the line; `nil`: all of it.
    /// - Throws: a sentence that names the file, or `NIOSSLError`.
    public convenience init(
        url: String, certificateFile: String, keyFile: String, trustFile: String,
        uploadBytesPerSecond: Int? = nil, logger: Logger
    ) throws {
        let tls = try Self.tls(certificateFile: certificateFile, keyFile: keyFile, trustFile: trustFile)
        guard url.hasPrefix("https://") else { throw SetupRefused(description: "\(url) does not start with https://") }
        try self.init(
            url: url, tls: tls, timeouts: Timeouts(), uploadBytesPerSecond: uploadBytesPerSecond, logger: logger)
    }

    /// Who the kiosk is, and whom it believes.
    static func tls(certificateFile: String, keyFile: String, trustFile: String) throws -> TLSConfiguration {
        func reading<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
            do { return try body() } catch { throw SetupRefused(description: "\(path) cannot be read as PEM") }
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.certificateChain = try reading(certificateFile) {
            try NIOSSLCertificate.fromPEMFile(certificateFile).map { .certificate($0) }
        }
        tls.privateKey = .privateKey(try reading(keyFile) { try NIOSSLPrivateKey(file: keyFile, format: .pem) })
        tls.trustRoots = .certificates(try reading(trustFile) { try NIOSSLCertificate.fromPEMFile(trustFile) })
        do { _ = try NIOSSLContext(configuration: tls) } catch {
            throw SetupRefused(description: "\(certificateFile) and \(keyFile) do not belong together")
        }
        return tls
    }

    init(
        url: String, tls: TLSConfiguration?, timeouts: Timeouts, uploadBytesPerSecond: Int? = nil, logger: Logger
    ) throws {
        guard let base = URL(string: url.hasSuffix("/") ? String(url.dropLast()) : url), base.host() != nil else {
            throw SetupRefused(description: "\(url) is not an address")
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: timeouts.connect, read: timeouts.silence, write: timeouts.silence)
        // Shorter than servers keep idle connections, so that a request rarely meets one that is just being closed.
        configuration.connectionPool.idleTimeout = .seconds(10)
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        self.base = base
        self.timeouts = timeouts
        self.uploadBytesPerSecond = uploadBytesPerSecond
        self.logger = logger
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Why the client cannot be set up, as a clause.
    public struct SetupRefused: Error, Sendable, Equatable, CustomStringConvertible {
        /// Names the file or the address that is wrong.
        public let description: String
    }

    /// To be called once, when no call is under way.
    public func shutdown() async throws { try await client.shutdown() }

    // MARK: - Calls

    /// Whether the platform is up: `GET /v1/health`. Any answer but a good one is an error.
    public func health() async throws(PlatformError) -> PlatformHealth { try await get("/v1/health") }

    /// The service items that the platform accepts: `GET /v1/items`.
    public func items() async throws(PlatformError) -> [PlatformItem] {
        try await (get("/v1/items") as ItemList).items.map(\.item)
    }

    /// The age recipients that the platform names.
    public func recipients() async throws(PlatformError) -> [String] {
        try await (get("/v1/recipients") as RecipientList).recipients
    }

    /// The Ed25519 public key of the platform's confirmations.
    public func signingKey() async throws(PlatformError) -> [UInt8] {
        let key: SigningKey = try await get("/v1/signing-key")
        guard key.algorithm == "Ed25519", let bytes = Data(base64Encoded: key.publicKey), bytes.count == 32 else {
            throw .notUnderstood(words: "signing key")
        }
        return Array(bytes)
    }

    /// Makes the case, or finds that it was made before: the same answer for the same case.
    public func createCase(_ new: NewCase) async throws(PlatformError) -> PlatformCase {
        try await post("/v1/cases", new)
    }

    /// One case of this kiosk: `GET /v1/cases/{id}`.
    /// - Throws: `refused(404, "not-found", …)` while the platform does not have it, as for every other kiosk's.
    public func platformCase(_ id: ItemID) async throws(PlatformError) -> PlatformCase {
        try await get("/v1/cases/\(id.rawValue)")
    }

    /// A person's own cases, newest first. The number travels in the body only.
    public func cases(ofIDNumber number: Sensitive<String>) async throws(PlatformError) -> [CaseSummary] {
        let list: CaseList = try await post("/v1/case-queries", CaseQuery(idNumber: number.exposed))
        return list.cases.prefix(50).map(\.summary)
    }

    /// The case behind a receipt, by the text of its QR code (`HK1:N:…` or `HK1:A:…`): one, or none that the platform
    /// knows. A text that is no such code is not sent, and has no case.
    ///
    /// - Throws: `refused(409, "acceptance-code-ambiguous", …)` when two kiosks drew the same acceptance code; then only the
    ///   ID card tells.
    public func cases(ofReceipt code: Sensitive<String>) async throws(PlatformError) -> [CaseSummary] {
        guard let text = ReceiptCode.read(code.exposed) else { return [] }
        do throws(PlatformError) {
            let list: CaseList = try await post("/v1/case-queries", CaseQuery(receiptCode: text))
            return list.cases.prefix(1).map(\.summary)
        } catch {
            // A number with a wrong check digit is refused as malformed: nobody's case.
            if case .refused(400, "malformed-body", _) = error { return [] }
            throw error
        }
    }

    /// The case behind an acceptance code; `nil` while the platform does not have it.
    public func resolve(acceptanceCode: String) async throws(PlatformError) -> CaseSummary? {
        guard acceptanceCode.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) }) else { return nil }
        do throws(PlatformError) {
            return try await (get("/v1/acceptance-codes/\(acceptanceCode)") as WireCaseSummary).summary
        } catch {
            if case .refused(404, _, _) = error { return nil }
            throw error
        }
    }

    private func get<Value: Decodable>(_ path: String) async throws(PlatformError) -> Value {
        try await decoded(request(.GET, path))
    }

    func post<Value: Decodable>(_ path: String, _ body: some Encodable) async throws(PlatformError) -> Value {
        var request = request(.POST, path)
        do { request.body = .bytes(ByteBuffer(data: try JSONEncoder().encode(body))) } catch {
            throw .notUnderstood(words: "request")
        }
        request.headers.add(name: "Content-Type", value: "application/json")
        return try await decoded(request)
    }

    func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base.absoluteString + path)
        request.method = method
        request.headers.add(name: "Accept", value: "application/json, application/problem+json")
        return request
    }

    private func decoded<Value: Decodable>(_ request: HTTPClientRequest) async throws(PlatformError) -> Value {
        let (response, body) = try await ownAnswer(request)
        guard (200...299).contains(response.status.code) else { throw Self.refusal(response, body) }
        do { return try JSONDecoder().decode(Value.self, from: Data(buffer: body)) } catch {
            throw .notUnderstood(words: "\(Value.self)")
        }
    }

    // MARK: - Exchange

    /// As `exchange`, for a request that may be sent again: where an answer was meant for another request, its connection
    /// is one answer behind, so it is ended with the next try, and the try after that has a connection of its own. Where the
    /// connection ended before its answer, soon after the request, it is asked once more at once.
    func ownAnswer(
        _ request: HTTPClientRequest, upTo bytes: Int = largestAnswer
    ) async throws(PlatformError) -> (HTTPClientResponse, ByteBuffer) {
        var request = request
        var (strangers, cuts) = (0, 0)
        let begin = ContinuousClock.now
        while true {
            do throws(PlatformError) { return try await exchange(request, within: timeouts.call, upTo: bytes) } catch {
                if error == Self.answerToAnother, strangers < 2 {
                    strangers += 1
                    logger.warning("an answer to another request was dropped")
                    request.headers.replaceOrAdd(name: "Connection", value: "close")
                } else if error == cut, cuts < 1, .now - begin < timeouts.blip {
                    cuts += 1
                    logger.notice("the connection ended before the answer; it is asked for once more")
                } else {
                    throw error
                }
            }
        }
    }

    private var cut: PlatformError { .unreachable(words: "\(place): \(NetworkFault.cut.rawValue)") }

    static let answerToAnother = PlatformError.notUnderstood(words: "answer to another request")

    private static let requestID = "X-Request-Id"

    /// Sends a request and reads the whole answer, of at most so many bytes; a refusal may have as many as any answer.
    /// An answer that names another request is not believed: on a connection that is reused, one answer too many would
    /// otherwise become the answer of the next call.
    func exchange(
        _ request: HTTPClientRequest, within limit: TimeAmount, upTo bytes: Int = largestAnswer
    ) async throws(PlatformError) -> (HTTPClientResponse, ByteBuffer) {
        var request = request
        let id = UUID().uuidString
        request.headers.replaceOrAdd(name: Self.requestID, value: id)
        do {
            let response = try await client.execute(request, timeout: limit, logger: logger)
            guard response.headers[Self.requestID].allSatisfy({ $0 == id }) else { throw Self.answerToAnother }
            return (response, try await response.body.collect(upTo: bytes))
        } catch { throw platformError(error) }
    }

    static func refusal(_ response: HTTPClientResponse, _ body: ByteBuffer) -> PlatformError {
        .refused(
            status: Int(response.status.code), type: problemType(body),
            retryAfter: TusHeaderFields.retryAfter(response.headers["Retry-After"], now: Date()))
    }

    static func problemType(_ body: ByteBuffer) -> String? {
        guard body.readableBytes > 0, body.readableBytes <= 65_536 else { return nil }
        return (try? JSONDecoder().decode(ProblemAnswer.self, from: Data(buffer: body)))?.shortType
    }
}
