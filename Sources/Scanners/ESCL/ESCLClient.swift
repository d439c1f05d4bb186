import DeviceKit
import HallModel
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks an eSCL scanner for its status, since libsane tells a flatbed's jam or an open cover as "I/O error", and ends jobs
/// that a worker before this one left behind.
///
/// A connection a question; bounded in time and bytes.
struct ESCLClient: Sendable {
    enum Failure: Error, Equatable { case unreachable, timedOut, status(UInt), tooLarge }

    static let maximumBytes = 64 << 10
    let endpoint: ESCLEndpoint
    var timeout = Duration.seconds(2)

    func scannerStatus() async throws -> ESCLScannerStatus { ESCLScannerStatus(try await get("ScannerStatus")) }

    /// Make and model as the scanner says; `nil` when it does not.
    func model() async -> String? {
        guard let document = try? await get("ScannerCapabilities") else { return nil }
        return XMLElements(document).first { $0.path.last == "MakeAndModel" && !$0.text.isEmpty }
            .flatMap { PlainText.line($0.text) }
    }

    /// Ends a job. Only the last part of its address is used: whatever a scanner says, nothing but a job of this scanner
    /// is ever addressed.
    func deleteJob(_ job: ESCLScannerStatus.Job) async throws {
        guard let name = job.uri.split(separator: "/").last, !name.isEmpty, name.utf8.count <= 100,
            name.utf8.allSatisfy({ byte in
                byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
            })
        else { throw Failure.status(404) }
        _ = try await request(.DELETE, "ScanJobs/\(name)")
    }

    func get(_ resource: String) async throws -> [UInt8] {
        let answer = try await request(.GET, resource)
        guard answer.status == 200 else { throw Failure.status(answer.status) }
        return answer.body
    }

    /// What a scanner answered.
    struct Answer: Sendable, Equatable {
        var status: UInt
        var headers: [String: String] = [:]
        var body: [UInt8] = []
    }

    /// - Parameter limit: the longest body that is taken.
    func request(
        _ method: HTTPMethod, _ resource: String, body: [UInt8] = [], type: String? = nil, limit: Int = maximumBytes
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Answer.self) { group in
            group.addTask { try await exchange(method, resource, body, type, limit) }
            group.addTask {
                try await ProgramLoop.sleep(for: timeout)
                throw Failure.timedOut
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw Failure.unreachable }
            return answer
        }
    }

    private typealias HTTPChannel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func exchange(
        _ method: HTTPMethod, _ resource: String, _ content: [UInt8], _ type: String?, _ limit: Int
    ) async throws -> Answer {
        let channel: HTTPChannel
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.milliseconds(1_500))
                .connect(host: endpoint.connectHost, port: endpoint.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        return try HTTPChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch { throw Failure.unreachable }
        return try await channel.executeThenClose { inbound, outbound in
            var headers: HTTPHeaders = [
                "Host": "\(endpoint.host):\(endpoint.port)", "Accept": "text/xml", "Connection": "close",
            ]
            if let type { headers.add(name: "Content-Type", value: type) }
            if !content.isEmpty { headers.add(name: "Content-Length", value: "\(content.count)") }
            let head = HTTPRequestHead(
                version: .http1_1, method: method, uri: "\(endpoint.path)/\(resource)", headers: headers)
            try await outbound.write(.head(head))
            if !content.isEmpty { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: content)))) }
            try await outbound.write(.end(nil))
            var answer = Answer(status: 0)
            for try await part in inbound {
                switch part {
                case .head(let head):
                    answer.status = head.status.code
                    for (name, value) in head.headers { answer.headers[name.lowercased()] = value }
                case .body(let bytes):
                    guard answer.body.count + bytes.readableBytes <= limit else { throw Failure.tooLarge }
                    answer.body.append(contentsOf: bytes.readableBytesView)
                case .end:
                    return answer
                }
            }
            throw Failure.unreachable
        }
    }
}
