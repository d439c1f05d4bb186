import Foundation
import HTTPTypes
import Hummingbird

/// An error answer of the platform API: RFC 9457 problem details.
///
/// `detail` is written for a person and holds no personal data; a program decides by `kind`.
public struct APIProblem: Error, Sendable {
    /// The stable problem types of the API description.
    public enum Kind: String, Sendable, CaseIterable {
        case malformedRequest = "malformed-request"
        case malformedMetadata = "malformed-metadata"
        case malformedBody = "malformed-body"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case tooSlow = "too-slow"
        case offsetMismatch = "offset-mismatch"
        case uploadBusy = "upload-busy"
        case uploadInCase = "upload-in-case"
        case lengthMismatch = "length-mismatch"
        case caseDiffers = "case-differs"
        case acceptanceCodeAmbiguous = "acceptance-code-ambiguous"
        case uploadGone = "upload-gone"
        case wrongTusVersion = "wrong-tus-version"
        case tooLarge = "too-large"
        case wrongMediaType = "wrong-media-type"
        case unknownItem = "unknown-item"
        case uploadNotReady = "upload-not-ready"
        case digestMismatch = "digest-mismatch"
        case cannotOpen = "cannot-open"
        case wrongSignature = "wrong-signature"
        case wrongManifest = "wrong-manifest"
        case duplicateUpload = "duplicate-upload"
        case tooManyUploads = "too-many-uploads"
        case unavailable = "unavailable"
        case diskFull = "disk-full"
        case nothingOnRecord = "nothing-on-record"
        case documentDiffers = "document-differs"
        case documentGone = "document-gone"
        case tooManyDocuments = "too-many-documents"
        case tooManyRequests = "too-many-requests"
        case statusChanged = "status-changed"
        case statusNotAllowed = "status-not-allowed"

        var status: Int {
            switch self {
            case .malformedRequest, .malformedMetadata, .malformedBody: 400
            case .notFound, .nothingOnRecord: 404
            case .methodNotAllowed: 405
            case .tooSlow: 408
            case .offsetMismatch, .uploadBusy, .uploadInCase, .lengthMismatch, .caseDiffers,
                .acceptanceCodeAmbiguous, .documentDiffers, .statusChanged, .statusNotAllowed:
                409
            case .uploadGone, .documentGone: 410
            case .wrongTusVersion: 412
            case .tooLarge: 413
            case .wrongMediaType: 415
            case .unknownItem, .uploadNotReady, .digestMismatch, .cannotOpen, .wrongSignature, .wrongManifest,
                .duplicateUpload:
                422
            case .tooManyUploads, .tooManyDocuments, .tooManyRequests: 429
            case .unavailable: 503
            case .diskFull: 507
            }
        }

        var title: String {
            let words = rawValue.replacingOccurrences(of: "-", with: " ")
            return words.prefix(1).uppercased() + words.dropFirst()
        }
    }

    /// One file that a 422 is about.
    public struct File: Sendable, Equatable, Codable {
        public enum Role: String, Sendable, Codable { case answers, material }
        public var role: Role
        public var material: String?
        public var upload: String
        public var expected: String?
        public var received: String?
    }

    public var kind: Kind
    public var detail: String
    public var offset: Int64?
    public var limit: Int64?
    public var files: [File]?
    public var headers: HTTPFields = [:]

    public init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    func with(offset: Int64) -> APIProblem { changed { $0.offset = offset } }
    func with(limit: Int64) -> APIProblem { changed { $0.limit = limit } }
    func with(files: [File]) -> APIProblem { changed { $0.files = files } }
    func retry(afterSeconds seconds: Int) -> APIProblem { changed { $0.headers[.retryAfter] = String(seconds) } }
    func with(header: HTTPField.Name, _ value: String) -> APIProblem { changed { $0.headers[header] = value } }

    private func changed(_ change: (inout APIProblem) -> Void) -> APIProblem {
        var copy = self
        change(&copy)
        return copy
    }

    private struct Body: Encodable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var offset: Int64?
        var limit: Int64?
        var files: [File]?
    }

    func response() -> Response {
        let body = Body(
            type: "urn:hallkiosk:problem:\(kind.rawValue)", title: kind.title, status: kind.status, detail: detail,
            offset: offset, limit: limit, files: files)
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(
            status: .init(code: kind.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: PlatformJSON.encode(body))))
    }
}
