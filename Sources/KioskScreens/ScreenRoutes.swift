import GuidedFlow
import HTTPTypes
import HallModel
import Hummingbird
import NIOCore

extension ScreenServer {
    func addRoutes(to router: Router<ScreenRequestContext>) {
        router.get("/enter") { request, _ in enter(request) }
        router.get("/") { _, _ in
            Response.of("text/html; charset=utf-8", renderer.page(await source.currentScreen()))
        }
        router.get("/events") { request, context in events(request, context) }
        router.post("/act") { request, context in try await act(request, context) }
        router.post("/activity") { request, context in
            _ = try await body(of: request, context)
            await source.activity()
            return Response(status: .noContent)
        }
        router.get("/page/:file") { _, context in
            guard let file = context.parameters.get("file"), file.hasSuffix(".jpg"), file.utf8.count < 24,
                let number = Int(file.dropLast(4)), let jpeg = await source.previewJPEG(PageID(rawValue: number))
            else { return Response(status: .notFound) }
            return Response.of("image/jpeg", jpeg)
        }
        // Browsers ask for it by themselves.
        router.get("/favicon.ico") { _, _ in Response(status: .noContent) }
        router.get("/assets/:name") { _, context in
            guard let name = context.parameters.get("name"), let asset = renderer.assets[name] else {
                return Response(status: .notFound)
            }
            return Response.of(asset.contentType, asset.bytes)
        }
    }

    /// Exchanges the token for the cookie. A browser that already has the cookie is let through, so that reloading the
    /// address does no harm.
    private func enter(_ request: Request) -> Response {
        let token = request.uri.queryParameters["token"].map(String.init) ?? ""
        let isNew = use(token: token)
        guard isNew || hasCookie(request) else { return Response.closedDoor() }
        var response = Response(status: .seeOther, headers: [.location: "/"])
        if isNew {
            response.headers[.setCookie] = "\(cookieName)=\(secret.text); Path=/; HttpOnly; SameSite=Strict"
        }
        return response
    }

    private func act(_ request: Request, _ context: ScreenRequestContext) async throws -> Response {
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() } ?? ""
        guard type == "application/x-www-form-urlencoded" else { return Response(status: .unsupportedMediaType) }
        let form = FormBody(try await body(of: request, context))
        guard let action = form["action"].flatMap(ResidentAction.init(form:)),
            let revision = form["revision"].flatMap({ Int($0) })
        else { return Response(status: .badRequest) }
        await source.act(action, revision: revision)
        return Response(status: .noContent)
    }

    /// The whole body, or 413. A body that does not arrive in time costs the client its connection.
    private func body(of request: Request, _ context: ScreenRequestContext) async throws -> [UInt8] {
        let channel = context.channel
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(Int64(limits.requestSeconds))) {
            channel.close(promise: nil)
        }
        if let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced > limits.bodyBytes {
            throw HTTPError(.contentTooLarge)  // the deadline stays set: the rest of the body is not waited for
        }
        do {
            let buffer = try await request.body.collect(upTo: limits.bodyBytes)
            deadline.cancel()
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge)
        }
    }
}

/// `application/x-www-form-urlencoded`, as browsers send it (WHATWG URL, section 5.1). Bytes that are not UTF-8 become
/// U+FFFD; of a repeated name the first counts.
struct FormBody {
    private var fields: [String: String] = [:]

    init(_ bytes: [UInt8]) {
        for pair in bytes.split(separator: UInt8(ascii: "&")).prefix(16) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decode(parts[0])
            if fields[name] == nil { fields[name] = parts.count > 1 ? Self.decode(parts[1]) : "" }
        }
    }

    subscript(_ name: String) -> String? { fields[name] }

    private static func decode(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "%"), index + 2 < text.endIndex, let high = hexadecimal(text[index + 1]),
                let low = hexadecimal(text[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}

extension Response {
    static func of(_ contentType: String, _ text: String) -> Response { of(contentType, Array(text.utf8)) }

    static func of(_ contentType: String, _ bytes: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: contentType],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// What somebody sees who comes without the cookie. It says nothing about the kiosk.
    static func closedDoor() -> Response {
        let page = """
            <!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>HallKiosk</title></head><body><main>
            <h1>请从自助机打开</h1><p lang="en">Open this page with the address that the kiosk gave.</p></main></body></html>
            """
        var response = Response.of("text/html; charset=utf-8", page)
        response.status = .unauthorized
        return response
    }
}
