import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks an eSCL scanner for its status: libsane tells a flatbed's jam or an open cover as "I/O error". And ends jobs that
/// libsane knows nothing of.
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
        return XMLElements(document).first { $0.path.last == "MakeAndModel" && !$0.text.isEmpty }?.text
    }

    /// Ends every job that is not over, whoever began it. Returns how many.
    func endJobs() async -> Int {
        guard let document = try? await get("ScannerStatus") else { return 0 }
        let jobs = ESCLJobs.unfinished(in: document)
        for job in jobs { _ = try? await ask(.DELETE, "ScanJobs/\(job)") }
        return jobs.count
    }

    func get(_ resource: String) async throws -> [UInt8] { try await ask(.GET, resource) }

    private func ask(_ method: HTTPMethod, _ resource: String) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await exchange(method, resource) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw Failure.timedOut
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    private typealias HTTPChannel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func exchange(_ method: HTTPMethod, _ resource: String) async throws -> [UInt8] {
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
            let headers: HTTPHeaders = [
                "Host": "\(endpoint.host):\(endpoint.port)", "Accept": "text/xml", "Connection": "close",
            ]
            let head = HTTPRequestHead(
                version: .http1_1, method: method, uri: "\(endpoint.path)/\(resource)", headers: headers)
            try await outbound.write(.head(head))
            try await outbound.write(.end(nil))
            var body: [UInt8] = []
            for try await part in inbound {
                switch part {
                case .head(let head):
                    guard head.status == .ok else { throw Failure.status(head.status.code) }
                case .body(let bytes):
                    guard body.count + bytes.readableBytes <= Self.maximumBytes else { throw Failure.tooLarge }
                    body.append(contentsOf: bytes.readableBytesView)
                case .end:
                    return body
                }
            }
            throw Failure.unreachable
        }
    }
}
