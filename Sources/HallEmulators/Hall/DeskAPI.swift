import Foundation
import Hummingbird
import NIOCore

/// The HTTP interface of the hall: what the desk page does, tests do too.
struct DeskAPI: Sendable {
    let hall: EmulatedHall

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.add(middleware: LoopbackOnlyMiddleware())
        let api = router.group("api")
        addPage(to: router)
        addEvents(to: api)
        addCardReader(to: api)
        addScanner(to: api)
        addPrinter(to: api)
        addCodeReader(to: api)
        addDocumentPrinter(to: api)
        addFaults(to: api)
        addNetwork(to: api)
        addHall(to: api)
        return router
    }

    private func addHall(to api: RouterGroup<BasicRequestContext>) {
        api.post("reset") { _, _ in
            try await hall.reset()
            return Done()
        }
        api.get("staff-calls") { _, _ in JSONReply(hall.staffCalls.all) }
        api.post("staff-calls") { request, context in
            struct Posted: Decodable {
                var kiosk: String
                var step: String?
                var at: String?
            }
            let posted = try await request.decode(as: Posted.self, context: context)
            hall.staffCalls.add(
                StaffCall(
                    kiosk: String(posted.kiosk.prefix(100)), step: String((posted.step ?? "").prefix(100)),
                    at: String((posted.at ?? ISO8601DateFormatter().string(from: Date())).prefix(40))))
            hall.signal.notify()
            return Done()
        }
    }
}

/// `{"ok":true}`: what was asked has been done.
struct Done: ResponseEncodable {
    var ok = true
}

/// Any value as JSON.
struct JSONReply<Value: Encodable & Sendable>: ResponseGenerator {
    let value: Value

    init(_ value: Value) { self.value = value }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var response = Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
        response.headers[.contentType] = "application/json; charset=utf-8"
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
