import AsyncHTTPClient
import Crypto
import Foundation
import HallModel
import NIOCore
import NIOHTTP1

/// Documents on paper (打印证明).
extension PlatformAPI {
    /// Bound on one document in bytes.
    public static let largestDocument = 16 << 20

    /// Asks for a document, or finds that it was made before: the same answer for the same id.
    ///
    /// - Throws: `nothingOnRecord` when the platform has nothing to print for this person; `documentGone` when this id
    ///   has been used up: ask with a new one.
    public func requestDocument(_ request: NewDocument) async throws(PlatformError) -> PlatformDocument {
        do throws(PlatformError) {
            let made: WireDocument = try await post("/v1/documents", WireNewDocument(request))
            return try made.document(for: request.id)
        } catch { throw Self.documentError(error) }
    }

    /// The PDF of a document, exactly as the platform described it.
    ///
    /// - Throws: `documentGone`; `notUnderstood` when length or digest is not the one that was announced, or it is no PDF.
    public func documentContent(of document: PlatformDocument) async throws(PlatformError) -> [UInt8] {
        guard (1...Self.largestDocument).contains(document.bytes) else {
            throw .notUnderstood(words: "document out of bounds")
        }
        var request = request(.GET, "/v1/documents/\(document.id.rawValue)/content")
        request.headers.replaceOrAdd(name: "Accept", value: "application/pdf, application/problem+json")
        let response: HTTPClientResponse
        let body: ByteBuffer
        do throws(PlatformError) {
            (response, body) = try await ownAnswer(request, upTo: max(document.bytes, 65_536))
        } catch { throw Self.documentError(error) }
        guard response.status == .ok else { throw Self.documentError(Self.refusal(response, body)) }
        guard response.headers.first(name: "Content-Type")?.lowercased().hasPrefix("application/pdf") == true else {
            throw .notUnderstood(words: "document is not application/pdf")
        }
        let bytes = Array(body.readableBytesView)
        guard bytes.count == document.bytes else { throw .notUnderstood(words: "document of another length") }
        guard Hexadecimal.text(SHA256.hash(data: bytes)) == document.sha256 else {
            throw .notUnderstood(words: "document with another digest")
        }
        guard bytes.starts(with: "%PDF-".utf8) else { throw .notUnderstood(words: "document is no PDF") }
        return bytes
    }

    /// Gives a document up, when it has been printed or nobody wants it any more. One that the platform does not have
    /// any more counts as given up.
    public func dropDocument(_ id: ItemID) async throws(PlatformError) {
        let (response, body) = try await ownAnswer(request(.DELETE, "/v1/documents/\(id.rawValue)"))
        guard [204, 404, 410].contains(response.status.code) else { throw Self.refusal(response, body) }
    }

    private static func documentError(_ error: PlatformError) -> PlatformError {
        switch error {
        case .refused(404, "nothing-on-record", _): .nothingOnRecord
        case .refused(410, _, _): .documentGone
        default: error
        }
    }
}
