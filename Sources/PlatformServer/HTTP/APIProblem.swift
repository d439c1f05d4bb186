import Foundation
import HTTPTypes
import Hummingbird

/// An error answer of the platform API: RFC 9457 problem details.
///
/// `detail` is written for a person and holds no personal data; a program decides by `kind`.
public struct APIProblem: Error, Sendable {
    /// The stable problem types of the API description.
    public enum Kind: String, Sendable, CaseIterable {
        /// `Upload-Length` or `Upload-Offset` is missing or no number of bytes.
        case malformedRequest = "malformed-request"
        /// `Upload-Metadata` lacks `item` or `digest`, or cannot be read.
        case malformedMetadata = "malformed-metadata"
        /// The JSON, or a member of it, is not what the API describes.
        case malformedBody = "malformed-body"
        /// There is no such address; or this kiosk has nothing of this id, though another may.
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        /// The body did not come, or not whole, in time.
        case tooSlow = "too-slow"
        /// The upload stands elsewhere: see ``APIProblem/offset``.
        case offsetMismatch = "offset-mismatch"
        /// Another request works on the upload; soon it may be free.
        case uploadBusy = "upload-busy"
        /// A case holds the upload, which stays as long as the case.
        case uploadInCase = "upload-in-case"
        /// The same file was announced before with another length.
        case lengthMismatch = "length-mismatch"
        /// A case of this id was committed with other content.
        case caseDiffers = "case-differs"
        /// Two kiosks drew the same code: only the ID card tells the cases apart.
        case acceptanceCodeAmbiguous = "acceptance-code-ambiguous"
        /// The upload was terminated or has expired: create it again.
        case uploadGone = "upload-gone"
        /// `Tus-Resumable` is not 1.0.0.
        case wrongTusVersion = "wrong-tus-version"
        /// A file or a body is longer than ``APIProblem/limit``.
        case tooLarge = "too-large"
        case wrongMediaType = "wrong-media-type"
        /// The configuration has no such service item, or makes no document for it.
        case unknownItem = "unknown-item"
        /// A file of the case is not there whole, or another case holds it.
        case uploadNotReady = "upload-not-ready"
        /// What arrived of a file is not what the kiosk says that it sent.
        case digestMismatch = "digest-mismatch"
        /// A file is sealed to nobody here, or is damaged, or is not what it should be inside.
        case cannotOpen = "cannot-open"
        /// `kioskKey` did not sign the manifest.
        case wrongSignature = "wrong-signature"
        /// The manifest says something else than the request, or is none.
        case wrongManifest = "wrong-manifest"
        /// One upload stands for two files of the case.
        case duplicateUpload = "duplicate-upload"
        /// The kiosk has too many uploads without a case, or too many bytes in them.
        case tooManyUploads = "too-many-uploads"
        /// Nothing is wrong with the request: the platform cannot just now.
        case unavailable = "unavailable"
        /// The disk is full, or would have less than ``PlatformConfiguration/Limits/minimumFreeBytes`` left.
        case diskFull = "disk-full"
        /// There is nothing from which a document for this person could be made.
        case nothingOnRecord = "nothing-on-record"
        /// A document of this id was asked for with other content.
        case documentDiffers = "document-differs"
        /// The document was given up or has expired: ask with a new id.
        case documentGone = "document-gone"
        /// The kiosk has too many documents that were not given up.
        case tooManyDocuments = "too-many-documents"
        /// More than ``PlatformConfiguration/Limits`` allow in a minute.
        case tooManyRequests = "too-many-requests"
        /// Staff page: somebody else changed the status since the page was shown.
        case statusChanged = "status-changed"
        /// Staff page: this status may not follow the one that the case has.
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
        /// What the file is in the case.
        public enum Role: String, Sendable, Codable { case answers, material }
        /// The sealed answers, or a material.
        public var role: Role
        /// Id of the material; `nil` for the answers.
        public var material: String?
        /// Id of its upload.
        public var upload: String
        /// With `digest-mismatch`, the SHA-256 that the kiosk named, 64 lower-case hexadecimal digits.
        public var expected: String?
        /// With `digest-mismatch`, that of what arrived.
        public var received: String?
    }

    /// What a program decides by; the HTTP status follows from it.
    public var kind: Kind
    /// A sentence for a person, without personal data.
    public var detail: String
    /// With `offset-mismatch`: where the upload stands, in bytes.
    public var offset: Int64?
    /// In bytes. With `too-large`, what the file or the body may have, or what is missing of the upload; with
    /// `too-many-uploads`, what a kiosk may have in uploads without a case.
    public var limit: Int64?
    /// With 422, the files that are meant.
    public var files: [File]?
    /// Further header fields of the answer, such as `Retry-After`.
    public var headers: HTTPFields = [:]

    /// A problem with nothing but its sentence.
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
