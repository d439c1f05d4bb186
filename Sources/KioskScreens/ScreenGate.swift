import HTTPTypes
import Hummingbird
import NIOCore

/// What a request to the screen server brings along.
struct ScreenRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

/// Stands before every route: refuses what does not come from the kiosk's own page, and closes every response with the
/// headers that keep the page to itself.
struct ScreenGate: RouterMiddleware {
    let server: ScreenServer

    func handle(
        _ request: Request, context: ScreenRequestContext,
        next: (Request, ScreenRequestContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        if let refusal = refusal(of: request) {
            response = refusal
        } else {
            do {
                response = try await next(request, context)
            } catch let error as HTTPError {
                response = Response(status: error.status)
            }
        }
        close(&response)
        if response.status.code >= 400, request.method != .get {
            // What is left of a refused body is not worth reading.
            response.headers[.connection] = "close"
            let channel = context.channel
            channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        }
        return response
    }

    private func refusal(of request: Request) -> Response? {
        // DNS rebinding: a foreign page that made its name point here still sends its own name.
        guard server.isOurHost(request.head.authority) else {
            return Response(status: .misdirectedRequest)
        }
        if let origin = request.headers[.origin] {
            guard origin.hasPrefix("http://"), server.isOurHost(String(origin.dropFirst("http://".count))) else {
                return Response(status: .forbidden)
            }
        } else if request.method != .get {
            // Every browser sends it with a form.
            return Response(status: .forbidden)
        }
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" {
            return Response(status: .forbidden)
        }
        if request.uri.path != "/enter", !server.hasCookie(request) { return Response.closedDoor() }
        return nil
    }

    private func close(_ response: inout Response) {
        for (name, value) in Self.headers { response.headers[name] = value }
    }

    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    private static let permissions = [
        "accelerometer", "camera", "clipboard-read", "clipboard-write", "display-capture", "geolocation", "gyroscope",
        "hid", "microphone", "midi", "payment", "serial", "usb",
    ].map { "\($0)=()" }.joined(separator: ", ")

    private static let headers: [(HTTPField.Name, String)] = [
        (.contentSecurityPolicy, policy),
        (.cacheControl, "no-store"),
        (.referrerPolicy, "no-referrer"),
        (.permissionsPolicy, permissions),
        (.xContentTypeOptions, "nosniff"),
        (.frameOptions, "DENY"),
        (.openerPolicy, "same-origin"),
        (.resourcePolicy, "same-origin"),
    ]
}

extension HTTPField.Name {
    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a header name") }
        return name
    }

    static let referrerPolicy = named("referrer-policy")
    static let permissionsPolicy = named("permissions-policy")
    static let frameOptions = named("x-frame-options")
    static let openerPolicy = named("cross-origin-opener-policy")
    static let resourcePolicy = named("cross-origin-resource-policy")
    static let secFetchSite = named("sec-fetch-site")
}
