/// The documents that the printer received, for as long as a job or a sheet shows them.
struct DocumentStore {
    struct Document: Sendable {
        var format: DocumentFormat
        var bytes: [UInt8]
        /// Each page small, as JPEG; empty until the document has been read.
        var thumbnails: [[UInt8]] = []
    }

    /// The longest request body, in bytes.
    static let longestDocument = 64 << 20

    private(set) var documents: [Int: Document] = [:]
    private var next = 1

    var nextNumber: Int { next }

    mutating func add(_ document: Document) {
        documents[next] = document
        next += 1
    }

    mutating func setThumbnails(_ thumbnails: [[UInt8]], of number: Int) {
        documents[number]?.thumbnails = thumbnails
    }

    mutating func keepOnly(_ used: Set<Int>) { documents = documents.filter { used.contains($0.key) } }
}

/// What a document's first bytes say it is.
enum DocumentFormat: Sendable {
    case pdf, jpeg, pwgRaster

    /// From the bytes, whatever the client called it; `nil` when it is none of the three.
    init?(_ bytes: some Collection<UInt8>) {
        if bytes.prefix(1_024).starts(with: "%PDF-".utf8) {
            self = .pdf
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: "RaS2".utf8) {
            self = .pwgRaster
        } else {
            return nil
        }
    }
}
