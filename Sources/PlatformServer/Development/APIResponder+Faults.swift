import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

extension APIResponder {
    /// Runs an operation with whatever fault is ordered for it.
    func withFaults(
        _ operation: APIOperation, _ request: Request, _ context: Context,
        _ body: (Request) async throws -> Response
    ) async throws -> Response {
        guard let faults else { return try await body(request) }
        guard let fault = await faults.next(for: operation) else {
            let answer = try await RecordedAnswer(try await body(request))
            _ = await faults.remember(operation, answer)
            return answer.response
        }
        logger.notice("An ordered fault happens.", metadata: ["route": "\(operation)", "kind": "\(fault.kind)"])
        switch fault.kind {
        case .delay:
            try await Task.sleep(for: .milliseconds(fault.ms ?? 0))
            return try await body(request)
        case .status:
            if fault.code == 507 { throw APIProblem(.diskFull, "A test ordered a full disk.").retry(afterSeconds: 1) }
            context.closeSoon()
            return Self.ordered(status: fault.code ?? 500)
        case .loseAnswer:
            _ = try? await body(request)
            return try await closed(context)
        case .cut:
            _ = try? await body(cutting(request, after: fault.bytes ?? 0))
            return try await closed(context)
        case .cutAnswer, .twice, .earlierAnswer, .garbage, .endless, .wrongContentType:
            let answer: RecordedAnswer
            do { answer = try await RecordedAnswer(try await body(request)) } catch {
                answer = try await RecordedAnswer(problem(for: error).response())
            }
            let before = await faults.remember(operation, answer)
            return try await spoiled(answer, fault, before: before, context)
        }
    }

    private func spoiled(
        _ answer: RecordedAnswer, _ fault: DevelopmentFaults.Fault, before: RecordedAnswer?, _ context: Context
    ) async throws -> Response {
        switch fault.kind {
        case .cutAnswer:
            let octets = answer.octets
            let head = octets.readableBytes - answer.body.readableBytes
            let length = min(octets.readableBytes, head + (fault.bytes ?? 0))
            try await write(octets.getSlice(at: octets.readerIndex, length: length) ?? octets, to: context.channel)
            return try await closed(context)
        case .twice:
            // One by hand, one on the usual way.
            try await write(answer.octets, to: context.channel)
            return answer.response
        case .earlierAnswer: return (before ?? answer).response
        case .garbage:
            let count = fault.bytes ?? 512
            // Every byte but those that could make it text by accident.
            let nonsense: [UInt8] = (0..<count).map { 128 | UInt8(truncatingIfNeeded: $0 &* 89) }
            var headers = answer.headers
            headers[.contentLength] = nil
            return Response(
                status: answer.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: nonsense)))
        case .endless:
            let piece = ByteBuffer(bytes: [UInt8](repeating: UInt8(ascii: " "), count: 16 << 10))
            var headers = answer.headers
            headers[.contentLength] = nil
            return Response(
                status: answer.status == .noContent ? .ok : answer.status, headers: headers,
                body: .init { writer in while !Task.isCancelled { try await writer.write(piece) } })
        case .wrongContentType:
            var response = answer.response
            response.headers[.contentType] = fault.contentType
            return response
        default: return answer.response
        }
    }

    private static func ordered(status code: Int) -> Response {
        Response(
            status: .init(code: code),
            headers: [.contentType: "application/problem+json", .connection: "close"],
            body: .init(
                byteBuffer: ByteBuffer(
                    string: #"{"type":"urn:hallkiosk:problem:ordered-fault","title":"Ordered fault","status":"#
                        + "\(code)" + #","detail":"A test ordered this fault."}"#)))
    }

    /// Ends the connection; what is returned is never sent.
    private func closed(_ context: Context) async throws -> Response {
        try? await context.channel.close()
        return Response(status: .internalServerError)
    }

    /// Writes octets as they are, past the encoder and through TLS.
    private func write(_ octets: ByteBuffer, to channel: any Channel) async throws {
        try await channel.eventLoop.flatSubmit {
            do {
                let encoder = try channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
                return encoder.writeAndFlush(NIOAny(octets))
            } catch { return channel.eventLoop.makeFailedFuture(error) }
        }.get()
    }

    /// The request with a body that ends after so many bytes.
    private func cutting(_ request: Request, after bytes: Int) -> Request {
        var cutting = request
        let (stream, source) = RequestBody.makeStream()
        let original = request.body
        Task {
            var left = bytes
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
        return cutting
    }
}
