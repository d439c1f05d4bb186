import Foundation

/// What the kiosk signed, as far as the platform compares it with the request: read on the platform's own terms, with
/// nothing shared with the kiosk's code.
struct SignedManifest: Decodable {
    struct File: Decodable {
        var id: String
        var sha256: String
    }

    var type: String
    var kiosk: String
    var id: String
    var item: String
    var acceptanceCode: String
    var files: [File]

    /// - Throws: ``APIProblem`` `wrong-manifest` that says what differs.
    static func check(_ wanted: CheckedCase, kiosk: String) throws {
        func wrong(_ sentence: String) -> APIProblem { APIProblem(.wrongManifest, sentence) }
        guard let manifest = try? JSONDecoder().decode(SignedManifest.self, from: wanted.manifest),
            manifest.type == "case-manifest-v1"
        else { throw wrong("The manifest is not a `case-manifest-v1`.") }
        guard manifest.kiosk == kiosk else {
            throw wrong("The manifest is of another kiosk than the client certificate (\(kiosk)).")
        }
        guard manifest.id == wanted.id.rawValue, manifest.item == wanted.item,
            manifest.acceptanceCode == wanted.acceptanceCode
        else { throw wrong("The manifest's `id`, `item` or `acceptanceCode` is not that of the request.") }
        let files = wanted.files.map { [$0.material ?? wanted.id.rawValue, $0.digest] }
        guard manifest.files.map({ [$0.id, $0.sha256] }) == files else {
            throw wrong("The manifest's files are not those of the request, answers first, in the same order.")
        }
    }
}
