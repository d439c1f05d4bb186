import HTTPTypes

/// The operations of the API description, by their `operationId`.
public enum APIOperation: String, Sendable, CaseIterable, Codable {
    case getHealth, listItems, listRecipients, getSigningKey
    case describeUploads, createUpload, inspectUpload, appendToUpload, terminateUpload
    case createCase, getCase, resolveAcceptanceCode, queryCases
    case createDocument, getDocumentContent, dropDocument, checkDocument

    /// tus operations carry `Tus-Resumable` in both directions.
    var isUpload: Bool {
        switch self {
        case .describeUploads, .createUpload, .inspectUpload, .appendToUpload, .terminateUpload: true
        default: false
        }
    }

    /// Questions with which somebody could go through lists of numbers and codes.
    var isLookup: Bool {
        switch self {
        case .resolveAcceptanceCode, .queryCases, .createDocument, .checkDocument: true
        default: false
        }
    }
}

/// Which operation a method and path mean.
struct APIRoute: Equatable {
    enum Outcome: Equatable {
        case operation(APIOperation, parameter: String)
        /// The resource exists; `allow` is the value of the Allow header.
        case wrongMethod(allow: String, isUpload: Bool)
        case notFound
    }

    /// - Parameters:
    ///   - path: the path as it was sent; nothing in this API needs percent-encoding, so nothing is decoded.
    ///   - methodOverride: `X-HTTP-Method-Override`, which tus 1.0 asks servers to follow.
    static func find(method: HTTPRequest.Method, path: String, methodOverride: String?) -> Outcome {
        guard path.utf8.count <= 512, path.hasPrefix("/v1/") else { return .notFound }
        let parts = path.dropFirst(4).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let operations: [(HTTPRequest.Method, APIOperation)]
        switch (parts.first, parts.count) {
        case ("health", 1): operations = [(.get, .getHealth)]
        case ("items", 1): operations = [(.get, .listItems)]
        case ("recipients", 1): operations = [(.get, .listRecipients)]
        case ("signing-key", 1): operations = [(.get, .getSigningKey)]
        case ("uploads", 1): operations = [(.options, .describeUploads), (.post, .createUpload)]
        case ("uploads", 2):
            operations = [(.head, .inspectUpload), (.patch, .appendToUpload), (.delete, .terminateUpload)]
        case ("cases", 1): operations = [(.post, .createCase)]
        case ("cases", 2): operations = [(.get, .getCase)]
        case ("acceptance-codes", 2): operations = [(.get, .resolveAcceptanceCode)]
        case ("case-queries", 1): operations = [(.post, .queryCases)]
        case ("documents", 1): operations = [(.post, .createDocument)]
        case ("documents", 2): operations = [(.delete, .dropDocument)]
        case ("documents", 3) where parts[2] == "content": operations = [(.get, .getDocumentContent)]
        case ("document-checks", 2): operations = [(.get, .checkDocument)]
        default: return .notFound
        }
        let isUpload = parts.first == "uploads"
        var wanted = method
        if isUpload, method == .post, let methodOverride, let other = HTTPRequest.Method(methodOverride.uppercased()) {
            wanted = other
        }
        // HEAD is GET without the body, wherever there is a GET.
        let match = operations.first { $0.0 == wanted || ($0.0 == .get && wanted == .head) }
        guard let match else {
            let allow = operations.flatMap { $0.0 == .get ? ["GET", "HEAD"] : [$0.0.rawValue] }
            return .wrongMethod(allow: allow.joined(separator: ", "), isUpload: isUpload)
        }
        return .operation(match.1, parameter: parts.count > 1 ? parts[1] : "")
    }
}
