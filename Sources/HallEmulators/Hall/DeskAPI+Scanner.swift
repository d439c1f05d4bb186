import Hummingbird
import NIOCore

extension DeskAPI {
    func addScanner(to api: RouterGroup<BasicRequestContext>) {
        api.get("scanner") { _, _ in JSONReply(hall.scanner.snapshot) }
        api.get("scanner/documents") { _, _ in
            JSONReply(SampleDocument.allCases.map { SheetEntry(id: $0.rawValue, name: $0.name) })
        }
        api.get("scanner/documents/:document") { _, context in
            guard let document = SampleDocument(rawValue: try context.parameters.require("document")) else {
                throw HTTPError(.notFound)
            }
            return Self.picture(try await hall.scanner.thumbnail(of: document), "image/jpeg")
        }
        api.get("scanner/sheets/:sheet") { _, context in
            guard let picture = try await hall.scanner.thumbnail(try context.parameters.require("sheet")) else {
                throw HTTPError(.notFound)
            }
            return Self.picture(picture, "image/jpeg")
        }
        api.post("scanner/tray") { request, context in try await lay(request, context) }
        api.delete("scanner/tray") { _, _ in
            hall.scanner.emptyTray()
            return JSONReply(hall.scanner.snapshot)
        }
        api.post("scanner/take-originals") { _, _ in
            hall.scanner.takeOriginals()
            return JSONReply(hall.scanner.snapshot)
        }
    }

    /// A sample document by name, or a picture as it is. `?place=glass` lays it on the glass.
    private func lay(_ request: Request, _ context: BasicRequestContext) async throws -> JSONReply<ScannerSnapshot> {
        let place = request.uri.queryParameters["place"].map(String.init)
        do {
            if request.headers[.contentType]?.hasPrefix("image/") == true {
                let bytes = try await request.body.collect(upTo: EmulatedScanner.largestPicture)
                try await hall.scanner.lay(picture: Array(buffer: bytes), on: place == "glass" ? .glass : .tray)
            } else {
                struct Wish: Decodable {
                    var document: String
                    var place: EmulatedScanner.Place?
                }
                let wish = try await request.decode(as: Wish.self, context: context)
                guard let document = SampleDocument(rawValue: wish.document) else {
                    throw HTTPError(.notFound, message: "No document of this name lies beside the scanner.")
                }
                try hall.scanner.lay(document, on: wish.place ?? (place == "glass" ? .glass : .tray))
            }
        } catch let error as EmulatorError {
            throw HTTPError(.conflict, message: error.description)
        }
        return JSONReply(hall.scanner.snapshot)
    }

    static func picture(_ bytes: [UInt8], _ type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-cache"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
