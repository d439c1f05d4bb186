import DeviceKit
import HTTPTypes
import HallModel
import Hummingbird
import KioskControl
import NIOCore

import struct Foundation.Data
import class Foundation.JSONDecoder
import class Foundation.JSONEncoder

extension ControlServer {
    func router() -> Router<ControlContext> {
        let router = Router(context: ControlContext.self)
        router.get("/v1/status") { _, _ in try Self.json(await controller.statusReport()) }
        router.get("/v1/devices") { _, _ in
            try Self.json(DevicesReport(devices: await controller.deviceReports()))
        }
        router.get("/v1/outbox") { _, _ in
            let report: OutboxReport
            do throws(ControlRefusal) { report = try await controller.outboxReportWithCases() } catch {
                return try Self.refused(error)
            }
            return try Self.json(report)
        }
        router.get("/v1/session") { _, _ in try Self.json(await controller.sessionReport()) }
        router.get("/v1/events") { request, context in try events(request, context) }
        router.post("/v1/outbox/retry") { request, _ in
            try await Self.answer(request, as: RetryRequest.self) { retry throws(ControlRefusal) in
                try await controller.retryOutbox(retry.case)
            }
        }
        router.post("/v1/scan") { request, context in scan(request, context) }
        router.post("/v1/print") { request, context in print(request, context) }
        return router
    }

    // MARK: - Answers

    private static func json(_ report: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(report))))
    }

    private static func refused(_ refusal: ControlRefusal) throws -> Response {
        let status: HTTPResponse.Status =
            switch refusal.reason {
            case .unknownDevice, .unknownCase: .notFound
            case .sessionOn, .busy: .conflict
            case .notUnderstood: .badRequest
            case .tooMany: .serviceUnavailable
            case .failed, .workerFailed: .internalServerError
            }
        return try json(refusal, status: status)
    }

    private static func read<Value: Decodable>(
        _ body: RequestBody, as type: Value.Type
    ) async throws(ControlRefusal) -> Value {
        let bytes: ByteBuffer
        do { bytes = try await body.collect(upTo: bodyBytes) } catch {
            throw ControlRefusal(.notUnderstood, "a request has at most \(bodyBytes / 1_024) KiB.")
        }
        do { return try JSONDecoder().decode(type, from: Data(bytes.readableBytesView)) } catch {
            throw ControlRefusal(.notUnderstood, "the request is not what kioskctl of this version sends.")
        }
    }

    private static func answer<Body: Decodable, Report: Encodable>(
        _ request: Request, as type: Body.Type, _ work: (Body) async throws(ControlRefusal) -> Report
    ) async throws -> Response {
        let report: Report
        do throws(ControlRefusal) {
            report = try await work(try await read(request.body, as: type))
        } catch { return try refused(error) }
        return try json(report)
    }

    // MARK: - Streams

    private func events(_ request: Request, _ context: ControlContext) throws -> Response {
        let recent = min(request.uri.queryParameters.get("recent", as: Int.self) ?? 50, 500)
        guard request.uri.queryParameters.get("follow") == "true" else {
            let lines = try controller.events.recent(recent).map(ControlLines.line)
            return Response(
                status: .ok, headers: [.contentType: ControlLines.type],
                body: .init(byteBuffer: ByteBuffer(string: lines.joined())))
        }
        guard let (kept, stream) = controller.events.follow(recent: recent) else {
            return try Self.refused(
                .init(.tooMany, "as many readers as may follow the events do so already; end one of them."))
        }
        return ControlLines(request, context).response { _, lines in
            for event in kept { try await lines.write(event) }
            for await event in stream { try await lines.write(event) }
            // Only a reader that fell behind comes here: the others end with their connection.
            if !Task.isCancelled { try await lines.write(controller.events.dropped()) }
        }
    }

    private func scan(_ request: Request, _ context: ControlContext) -> Response {
        ControlLines(request, context).response { body, lines in
            let (progress, sink) = AsyncStream<WorkLine.Progress>.makeStream(bufferingPolicy: .bufferingNewest(1))
            async let outcome = scanned(body, sink)
            for await step in progress { try await lines.write(WorkLine(progress: step)) }
            switch await outcome {
            case .success(let (page, jpeg)):
                let told = WorkLine.Page(
                    dotsPerInch: page.dotsPerInch, rowsExpected: page.rowsExpected, rowsReceived: page.rowsReceived,
                    bytes: jpeg.readableBytes)
                try await lines.write(WorkLine(page: told), then: jpeg)
            case .failure(let refusal): try await lines.write(WorkLine(refusal: refusal))
            }
        }
    }

    private func scanned(
        _ body: RequestBody, _ sink: AsyncStream<WorkLine.Progress>.Continuation
    ) async -> Result<(ScannedPage, ByteBuffer), ControlRefusal> {
        defer { sink.finish() }
        do throws(ControlRefusal) {
            let wanted = try await Self.read(body, as: ScanRequest.self)
            return .success(try await controller.scan(wanted, progress: sink))
        } catch { return .failure(error) }
    }

    private func print(_ request: Request, _ context: ControlContext) -> Response {
        ControlLines(request, context).response { body, lines in
            let line: WorkLine
            do throws(ControlRefusal) {
                let wanted = try await Self.read(body, as: PrintRequest.self)
                line = WorkLine(print: try await controller.print(wanted))
            } catch { line = WorkLine(refusal: error) }
            try await lines.write(line)
        }
    }
}
