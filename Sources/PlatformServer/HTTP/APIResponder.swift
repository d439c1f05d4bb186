import Crypto
import Foundation
import GRDB
import HTTPTypes
import HallModel
import Hummingbird
import Logging
import NIOCore
import NIOFoundationCompat

/// Answers the platform API.
struct APIResponder: HTTPResponder {
    typealias Context = PlatformRequestContext

    let uploads: UploadStore
    let cases: CaseStore
    let documents: DocumentStore
    let rates: RequestRates
    let configuration: PlatformConfiguration
    let recipients: [String]
    let version: String
    let faults: DevelopmentFaults?
    let logger: Logger

    func respond(to request: Request, context: Context) async throws -> Response {
        let path = request.head.path.map { $0.split(separator: "?", maxSplits: 1).first.map(String.init) ?? "" } ?? ""
        let route = APIRoute.find(
            method: request.method, path: path, methodOverride: request.headers[.methodOverride])
        var isUpload = false
        var response: Response
        do {
            switch route {
            case .notFound:
                throw APIProblem(.notFound, "This API has no such address.")
            case .wrongMethod(let allow, let upload):
                isUpload = upload
                throw APIProblem(.methodNotAllowed, "This address takes \(allow).").with(header: .allow, allow)
            case .operation(let operation, let parameter):
                isUpload = operation.isUpload
                response = try await withFaults(operation, request, context) { request in
                    var response = try await answer(operation, parameter, request, context)
                    Self.name(request, in: &response)
                    return response
                }
            }
        } catch {
            let problem = problem(for: error)
            response = problem.response()
            if mayHaveBody(request) {
                response.headers[.connection] = "close"
                context.closeSoon()
            }
        }
        Self.name(request, in: &response)
        if isUpload { response.headers[.tusResumable] = TusHeaders.version }
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Says which request is answered, as the kiosk named it: 1 to 64 letters, digits and hyphens, and nothing else.
    private static func name(_ request: Request, in response: inout Response) {
        guard let id = request.headers[.requestID], id.wholeMatch(of: /[0-9A-Za-z-]{1,64}/) != nil else { return }
        response.headers[.requestID] = id
    }

    private func answer(
        _ operation: APIOperation, _ parameter: String, _ request: Request, _ context: Context
    ) async throws -> Response {
        if operation.isUpload, operation != .describeUploads,
            request.headers[values: .tusResumable] != [TusHeaders.version]
        {
            throw APIProblem(.wrongTusVersion, "Tus-Resumable must be \(TusHeaders.version).")
                .with(header: .tusVersion, TusHeaders.version)
        }
        try await rates.take(operation, kiosk: (try? await context.kioskName()) ?? "")
        switch operation {
        case .getHealth: return try await health()
        case .listItems: return json(["items": configuration.items.map(ItemAnswer.init)])
        case .listRecipients: return json(["recipients": recipients])
        case .getSigningKey:
            return json([
                "algorithm": "Ed25519",
                "publicKey": cases.keys.signing.publicKey.rawRepresentation.base64EncodedString(),
            ])
        case .describeUploads:
            return Response(
                status: .noContent,
                headers: [
                    .tusVersion: TusHeaders.version, .tusExtension: TusHeaders.extensions,
                    .tusMaxSize: String(configuration.limits.uploadBytes),
                ])
        case .createUpload: return try await createUpload(request, kiosk: context.kioskName())
        case .inspectUpload: return try await inspectUpload(parameter, kiosk: context.kioskName())
        case .appendToUpload: return try await append(parameter, request, context)
        case .terminateUpload:
            try await uploads.terminate(parameter, kiosk: context.kioskName())
            return Response(status: .noContent)
        case .createCase:
            let kiosk = try await context.kioskName()
            let (answer, isNew) = try await cases.create(try await body(NewCase.self, of: request), kiosk: kiosk)
            var response = json(answer, status: isNew ? .created : .ok)
            if isNew { response.headers[.location] = "/v1/cases/\(answer.id)" }
            return response
        case .getCase: return json(try await cases.answer(id: parameter, kiosk: context.kioskName()))
        case .resolveAcceptanceCode: return json(try await cases.resolve(acceptanceCode: parameter))
        case .queryCases:
            switch try await body(CaseQuery.self, of: request).checked() {
            case .person(let number): return json(["cases": try await cases.query(idNumber: number)])
            case .receipt(let code): return json(["cases": try await cases.query(receipt: code)])
            }
        case .createDocument:
            let kiosk = try await context.kioskName()
            let wanted = try await body(NewDocument.self, of: request)
            let (answer, isNew) = try await documents.make(wanted, kiosk: kiosk)
            var response = json(answer, status: isNew ? .created : .ok)
            if isNew { response.headers[.location] = "/v1/documents/\(answer.id)" }
            return response
        case .getDocumentContent:
            let (answer, content) = try await documents.content(of: parameter, kiosk: context.kioskName())
            return Response(
                status: .ok,
                headers: [
                    .contentType: "application/pdf", .cacheControl: "no-store", .eTag: "\"\(answer.sha256)\"",
                ], body: .init(byteBuffer: ByteBuffer(bytes: content)))
        case .dropDocument:
            try await documents.drop(parameter, kiosk: context.kioskName())
            return Response(status: .noContent)
        case .checkDocument: return json(try await documents.check(parameter))
        }
    }

    // MARK: tus

    private func createUpload(_ request: Request, kiosk: String) async throws -> Response {
        if request.headers[.uploadDeferLength] != nil {
            throw APIProblem(.malformedRequest, "Upload-Defer-Length is not offered; Upload-Length is needed.")
        }
        guard let length = TusHeaders.byteCount(request.headers[.uploadLength]) else {
            throw APIProblem(.malformedRequest, "Upload-Length must be a whole number of bytes.")
        }
        let metadata = try TusHeaders.metadata(request.headers[.uploadMetadata])
        let upload = try await uploads.create(kiosk: kiosk, metadata: metadata, length: length)
        var response = json(
            UploadAnswer(id: upload.id, offset: upload.offset, length: upload.length), status: .created)
        response.headers[.location] = "/v1/uploads/\(upload.id)"
        addProgress(of: upload, to: &response)
        return response
    }

    private func inspectUpload(_ id: String, kiosk: String) async throws -> Response {
        let upload = try await uploads.inspect(id, kiosk: kiosk)
        var response = Response(
            status: .ok, headers: [.uploadLength: String(upload.length), .cacheControl: "no-store"])
        addProgress(of: upload, to: &response)
        return response
    }

    private func append(_ id: String, _ request: Request, _ context: Context) async throws -> Response {
        guard request.headers[.contentType] == "application/offset+octet-stream" else {
            throw APIProblem(.wrongMediaType, "Content-Type must be application/offset+octet-stream.")
        }
        guard let offset = TusHeaders.byteCount(request.headers[.uploadOffset]) else {
            throw APIProblem(.malformedRequest, "Upload-Offset must be a whole number of bytes.")
        }
        let upload = try await uploads.append(
            id, kiosk: context.kioskName(), offset: offset,
            contentLength: request.headers[.contentLength].flatMap { Int64($0) }, body: request.body,
            giveWay: { context.closeAtOnce() })
        var response = Response(status: .noContent)
        addProgress(of: upload, to: &response)
        return response
    }

    private func addProgress(of upload: Upload, to response: inout Response) {
        response.headers[.uploadOffset] = String(upload.offset)
        if upload.state != .claimed {
            let expires = Timestamp(unixSeconds: uploads.expiry(of: upload))
            response.headers[.uploadExpires] = expires.httpDate
        }
    }

    // MARK: pieces

    private struct UploadAnswer: Encodable {
        var id: String
        var offset: Int64
        var length: Int64
    }

    private struct HealthAnswer: Encodable {
        var status = "ok"
        var time: String
        var version: String
    }

    private struct CaseQuery: Decodable {
        enum Question {
            case person(Sensitive<String>)
            case receipt(CaseReference)
        }

        var idNumber: Sensitive<String>?
        var receiptCode: Sensitive<String>?

        func checked() throws -> Question {
            switch (idNumber, receiptCode) {
            case (let number?, nil):
                guard IdentityNumber.isValid(number.exposed) else {
                    throw APIProblem(.malformedBody, "Member `idNumber` must be 8 to 18 digits and capital letters.")
                }
                return .person(number)
            case (nil, let text?):
                guard let code = CaseReference(text.exposed) else {
                    throw APIProblem(
                        .malformedBody,
                        "Member `receiptCode` must be HK1:N:<case number> or HK1:A:<acceptance code>, as on a receipt.")
                }
                return .receipt(code)
            default: throw APIProblem(.malformedBody, "One of `idNumber` and `receiptCode` must be there, not both.")
            }
        }
    }

    /// `ServiceItem` of the API description.
    private struct ItemAnswer: Encodable {
        struct Material: Encodable {
            var id: String
            var title: String
            var translations: [String: [String: String]]?
        }
        var id: String
        var title: String
        var needsWindow: Bool
        var window: String?
        var materials: [Material]
        var translations: [String: [String: String]]?

        init(_ item: PlatformConfiguration.Item) {
            id = item.id
            title = item.title.simplifiedChinese
            needsWindow = item.needsWindow
            window = item.window?.simplifiedChinese
            materials = item.materials.map {
                Material(
                    id: $0.id, title: $0.title.simplifiedChinese, translations: Translations.of(["title": $0.title]))
            }
            translations = Translations.of(["title": item.title, "window": item.window])
        }
    }

    private func health() async throws -> Response {
        guard try await uploads.database.pool.read({ db in try db.tableExists("platformCase") }) else {
            throw APIProblem(.unavailable, "The database is not there.").retry(afterSeconds: 60)
        }
        return json(HealthAnswer(time: cases.clock.now().text, version: version))
    }

    private func body<Value: Decodable>(_ type: Value.Type, of request: Request) async throws -> Value {
        let mediaType = request.headers[.contentType]?.split(separator: ";").first?
            .trimmingCharacters(in: .whitespaces).lowercased()
        guard mediaType == "application/json" else {
            throw APIProblem(.wrongMediaType, "Content-Type must be application/json.")
        }
        let buffer = try await request.collected(limit: configuration.limits.bodyBytes)
        return try PlatformJSON.decode(type, from: Data(buffer: buffer))
    }

    private func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: PlatformJSON.encode(value))))
    }

    private func mayHaveBody(_ request: Request) -> Bool {
        request.headers[.transferEncoding] != nil || (request.headers[.contentLength].flatMap { Int($0) } ?? 0) > 0
    }

    func problem(for error: any Error) -> APIProblem {
        if let problem = error as? APIProblem { return problem }
        if let error = error as? DatabaseError, error.resultCode == .SQLITE_FULL {
            return APIProblem(.diskFull, "The platform's disk is full.").retry(afterSeconds: 60)
        }
        // The message of an unforeseen error may hold anything; its type may be logged.
        logger.error("A request failed.", metadata: ["error": "\(type(of: error))"])
        return APIProblem(.unavailable, "The platform could not do this just now.").retry(afterSeconds: 5)
    }
}
