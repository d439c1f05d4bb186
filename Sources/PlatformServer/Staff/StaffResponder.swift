import Foundation
import HTTPTypes
import HallModel
import Hummingbird
import Logging
import NIOCore
import NIOFoundationCompat

/// Answers the staff page: cases, one case, its pages as pictures, its status. And, when ordered, the faults of tests.
struct StaffResponder: HTTPResponder {
    typealias Context = PlatformRequestContext

    let cases: CaseStore
    let sessions: StaffSessions
    let pictures = PagePictures()
    let faults: DevelopmentFaults?
    /// Called when a token was used, so that the next address is written.
    let tokenUsed: @Sendable () async -> Void
    let logger: Logger
    static let casesPerPage = 50
    /// The only address on which the page answers: it is HTTP in the clear and shows people's names, numbers and papers.
    static let address = "127.0.0.1"

    func respond(to request: Request, context: Context) async throws -> Response {
        var response: Response
        do {
            response = try await answer(request, context)
        } catch let problem as APIProblem {
            response = errorPage(.init(code: problem.kind.status), problem.detail)
        } catch {
            logger.error("A staff request failed.", metadata: ["error": "\(type(of: error))"])
            response = errorPage(.serviceUnavailable, "平台暂时办不了，请稍后再试。")
        }
        if response.status.code >= 400, request.method == .post {
            response.headers[.connection] = "close"
            context.closeSoon()
        }
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[HTTPField.Name("Referrer-Policy")!] = "same-origin"
        response.headers[HTTPField.Name("Cross-Origin-Resource-Policy")!] = "same-origin"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ context: Context) async throws -> Response {
        let port = context.channel.localAddress?.port ?? 0
        guard let authority = request.head.authority, Self.isOurs(authority) else {
            return errorPage(.init(code: 421), "这个地址不是本平台的。")
        }
        let url = URLComponents(string: request.head.path ?? "")
        let path = url?.path ?? ""
        // A form sends its fields in the address as it sends them in a body: a blank is "+".
        let query = Form.fields(url?.percentEncodedQuery ?? "")
        if path == "/development/faults" {
            return try await development(request, id: query["id"])
        }
        // Browsers ask for an icon by themselves; there is none.
        if path == "/favicon.ico" { return Response(status: .noContent) }
        if path == "/style.css", request.method == .get || request.method == .head {
            return Response(
                status: .ok, headers: [.contentType: "text/css; charset=utf-8", .cacheControl: "max-age=300"],
                body: .init(byteBuffer: ByteBuffer(string: StaffStyle.sheet)))
        }
        let cookieName = "hallkiosk-staff-\(port)"
        if path == "/", request.method == .get, let token = query["token"] {
            guard let session = sessions.exchange(token) else {
                return errorPage(.forbidden, "这个地址用过了，或者不对。请打开平台刚写出的新地址（platform.json 里的 staff）。")
            }
            await tokenUsed()
            return Response(
                status: .seeOther,
                headers: [
                    .location: "/", .setCookie: "\(cookieName)=\(session); Path=/; HttpOnly; SameSite=Strict",
                ])
        }
        guard let session = cookie(cookieName, of: request), sessions.isOpen(session) else {
            return errorPage(.unauthorized, "请从平台启动时给出的地址进来（platform.json 里的 staff）。")
        }
        let parts = path.split(separator: "/").map(String.init)
        switch (request.method, parts.count, parts.first) {
        case (.get, 0, _), (.head, 0, _):
            return try await list(StaffListQuery(query))
        case (.get, 1, "cases.json"): return try await listJSON(StaffListQuery(query))
        case (.get, 2, "cases") where parts[1].hasSuffix(".json"):
            return try await oneJSON(String(parts[1].dropLast(5)))
        case (.get, 2, "cases"): return try await one(parts[1], saved: query["saved"] != nil)
        case (.get, 4, "cases") where parts[2] == "materials" && parts[3].hasSuffix(".pdf"):
            return try await document(parts[1], material: Int(parts[3].dropLast(4)))
        case (.get, 6, "cases") where parts[2] == "materials" && parts[4] == "pages" && parts[5].hasSuffix(".jpg"):
            return try await picture(
                parts[1], material: Int(parts[3]), page: Int(parts[5].dropLast(4)),
                dotsPerInch: query["large"] == nil ? 60 : 150)
        case (.post, 3, "cases") where parts[2] == "status":
            return try await changeStatus(parts[1], request)
        default: return errorPage(.notFound, "没有这一页。")
        }
    }

    // MARK: pages

    private func list(_ query: StaffListQuery) async throws -> Response {
        let page = try await cases.page(query.filter, at: query.position, size: Self.casesPerPage)
        return html(
            StaffPages.list(
                page, query, counts: try await cases.statusCounts(), size: Self.casesPerPage,
                configuration: cases.configuration))
    }

    /// - Parameter attempt: what was sent and could not be saved.
    private func one(
        _ number: String, saved: Bool = false, attempt: StaffAttempt? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let stored = try await stored(number)
        let files = try await cases.files(of: stored.id)
        return html(
            StaffPages.one(
                stored, answers: await cases.answers(in: files), materials: Array(files.dropFirst()),
                history: try await cases.history(of: stored.id), configuration: cases.configuration,
                saved: saved, attempt: attempt), status: status)
    }

    private func picture(_ number: String, material: Int?, page: Int?, dotsPerInch: Int) async throws -> Response {
        guard let page, (1...500).contains(page) else { throw APIProblem(.notFound, "没有这一页。") }
        let plain = try await opened(number, material: material)
        guard let picture = await pictures.picture(of: plain, page: page, dotsPerInch: dotsPerInch) else {
            throw APIProblem(.notFound, "这一页画不出来。")
        }
        return Response(
            status: .ok, headers: [.contentType: "image/jpeg"],
            body: .init(byteBuffer: ByteBuffer(bytes: picture.exposed)))
    }

    private func document(_ number: String, material: Int?) async throws -> Response {
        let plain = try await opened(number, material: material)
        return Response(
            status: .ok, headers: [.contentType: "application/pdf", .contentDisposition: "inline"],
            body: .init(byteBuffer: ByteBuffer(bytes: plain.exposed)))
    }

    private func changeStatus(_ number: String, _ request: Request) async throws -> Response {
        guard isFromOurPage(request) else { return errorPage(.forbidden, "这个请求不是从本页来的。") }
        let buffer = try await request.collected(limit: 64 << 10)
        let fields = Form.fields(String(buffer: buffer))
        let stored = try await stored(number)
        guard let status = cases.configuration.status(fields["status"] ?? "") else {
            throw APIProblem(.malformedBody, "没有这个状态。")
        }
        func words(_ name: String) -> String {
            String((fields[name] ?? "").trimmingCharacters(in: .whitespacesAndNewlines).prefix(500))
        }
        let detail = words("detail")
        var others: [String: String] = [:]
        for tag in cases.configuration.otherLanguages where !words("detail-\(tag)").isEmpty {
            others[tag] = words("detail-\(tag)")
        }
        /// The case again, with the sentence and everything that was typed.
        func again(_ sentence: String, _ code: HTTPResponse.Status) async throws -> Response {
            try await one(
                number, attempt: .init(sentence: sentence, status: status.id, detail: PlatformText(detail, others)),
                status: code)
        }
        if detail.isEmpty, status.needsDetail { return try await again("请用中文写明要补什么，再保存。", .unprocessableContent) }
        if detail.isEmpty, !others.isEmpty {
            return try await again("只写了外文，没有写中文说明。请先写中文说明，再保存。", .unprocessableContent)
        }
        do {
            try await cases.change(
                stored, to: status, detail: detail.isEmpty ? nil : PlatformText(detail, others), seen: fields["seen"])
        } catch let problem as APIProblem where [.statusChanged, .statusNotAllowed].contains(problem.kind) {
            return try await again(problem.detail, .conflict)
        }
        logger.info("Staff changed a status.", metadata: ["number": "\(number)", "status": "\(status.id)"])
        return redirect("/cases/\(number)?saved=1")
    }

    // MARK: pieces

    func stored(_ number: String) async throws -> StoredCase {
        guard let stored = try await cases.find(number: number) else { throw APIProblem(.notFound, "没有这个办件。") }
        return stored
    }

    private func opened(_ number: String, material: Int?) async throws -> Sensitive<[UInt8]> {
        let stored = try await stored(number)
        let files = try await cases.files(of: stored.id)
        guard let material, material > 0, let file = files.first(where: { $0.position == material }) else {
            throw APIProblem(.notFound, "没有这份材料。")
        }
        do throws(UnsealFailure) { return try await cases.open(file) } catch {
            throw cases.told(error, of: file, calling: "这份材料")
        }
    }

    /// Whether a page was asked for by a name of this machine for itself: a foreign page that has its own name point
    /// here must not get in. The port says nothing: on 80 browsers leave it out, and a tunnel may begin at any.
    static func isOurs(_ authority: String) -> Bool {
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] == address || parts[0] == "localhost" else { return false }
        return parts.count == 1 || UInt16(parts[1]) != nil
    }

    /// What a browser says of where a form came from; who is none says nothing. Another port of this machine is another
    /// page, and gets the cookie all the same.
    private func isFromOurPage(_ request: Request) -> Bool {
        // Also right where a proxy put TLS and another name before the page.
        if let site = request.headers[HTTPField.Name("Sec-Fetch-Site")!] { return site == "same-origin" }
        guard let origin = request.headers[.origin] else { return true }
        return origin == "http://\(request.head.authority ?? "")"
    }

    private func cookie(_ name: String, of request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let words = pair.split(separator: "=", maxSplits: 1)
                if words.count == 2, words[0].trimmingCharacters(in: .whitespaces) == name { return String(words[1]) }
            }
        }
        return nil
    }

    private func redirect(_ location: String) -> Response {
        Response(status: .seeOther, headers: [.location: location])
    }

    private func html(_ page: Markup, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: page.text)))
    }

    func errorPage(_ status: HTTPResponse.Status, _ sentence: String) -> Response {
        html(StaffPages.error(sentence), status: status)
    }

    func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: PlatformJSON.encode(value))))
    }
}

/// `application/x-www-form-urlencoded` (WHATWG URL standard, section 5.1).
enum Form {
    static func fields(_ body: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in body.split(separator: "&").prefix(32) {
            let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ text: Substring) -> String {
                let spaced = text.replacingOccurrences(of: "+", with: " ")
                return spaced.removingPercentEncoding ?? ""
            }
            fields[decoded(words[0])] = words.count == 2 ? decoded(words[1]) : ""
        }
        return fields
    }
}
