import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Faults that tests order, so that a kiosk meets a bad platform on purpose. Only with `--development-faults`.
actor DevelopmentFaults {
    enum Kind: String, Codable, Sendable {
        /// Does the work, then closes the connection without an answer.
        case loseAnswer
        /// Answers with `code` and does nothing.
        case status
        /// Waits `ms` milliseconds first.
        case delay
        /// Closes the connection after `bytes` of the body.
        case cut
    }

    struct Fault: Codable, Sendable {
        /// An `operationId`, `upload` for all of tus, or `any`.
        var route: String
        var kind: Kind
        var code: Int?
        var ms: Int?
        var bytes: Int?
        /// How often it still happens.
        var times: Int?

        var isValid: Bool {
            guard ["any", "upload"].contains(route) || APIOperation(rawValue: route) != nil else { return false }
            guard (times ?? 1) > 0 else { return false }
            switch kind {
            case .loseAnswer: return true
            case .status: return (400...599).contains(code ?? 0)
            case .delay: return (0...600_000).contains(ms ?? -1)
            case .cut: return (bytes ?? -1) >= 0
            }
        }

        func concerns(_ operation: APIOperation) -> Bool {
            route == "any" || route == operation.rawValue || (route == "upload" && operation.isUpload)
        }
    }

    private(set) var faults: [Fault] = []

    func add(_ fault: Fault) { faults.append(fault) }
    func removeAll() { faults = [] }

    /// The next fault for this operation; counts it.
    func next(for operation: APIOperation) -> Fault? {
        guard let index = faults.firstIndex(where: { $0.concerns(operation) }) else { return nil }
        let fault = faults[index]
        let left = (fault.times ?? 1) - 1
        if left > 0 { faults[index].times = left } else { faults.remove(at: index) }
        return fault
    }
}

extension APIResponder {
    /// Runs an operation with whatever fault is ordered for it.
    func withFaults(
        _ operation: APIOperation, _ request: Request, _ context: Context,
        _ body: (Request) async throws -> Response
    ) async throws -> Response {
        guard let fault = await faults?.next(for: operation) else { return try await body(request) }
        logger.notice("An ordered fault happens.", metadata: ["route": "\(operation)", "kind": "\(fault.kind)"])
        switch fault.kind {
        case .delay:
            try await Task.sleep(for: .milliseconds(fault.ms ?? 0))
            return try await body(request)
        case .status:
            context.closeSoon()
            return Response(
                status: .init(code: fault.code ?? 500),
                headers: [.contentType: "application/problem+json", .connection: "close"],
                body: .init(
                    byteBuffer: ByteBuffer(
                        string: #"{"type":"urn:hallkiosk:problem:ordered-fault","title":"Ordered fault","status":"#
                            + "\(fault.code ?? 500)" + #","detail":"A test ordered this fault."}"#)))
        case .loseAnswer:
            _ = try? await body(request)
            try? await context.channel.close()
            return Response(status: .internalServerError)
        case .cut:
            var cutting = request
            let channel = context.channel
            let (stream, source) = RequestBody.makeStream()
            let original = request.body
            let pump = Task {
                var left = fault.bytes ?? 0
                do {
                    for try await var part in original {
                        if part.readableBytes >= left {
                            if let slice = part.readSlice(length: left) { await source.yield(slice) }
                            break
                        }
                        left -= part.readableBytes
                        await source.yield(part)
                    }
                } catch {}
                source.finish(ChannelError.eof)
            }
            cutting.body = stream
            _ = try? await body(cutting)
            pump.cancel()
            try? await channel.close()
            return Response(status: .internalServerError)
        }
    }
}
