import Foundation
import Hummingbird
import NIOCore

/// Everything the desk shows, in one value.
struct HallState: Encodable, Sendable {
    let reader: CardReaderSnapshot
    let scanner: ScannerSnapshot
    let printer: ReceiptPrinterSnapshot
    let slips: [SlipEntry]
    let codeReader: CodeReaderSnapshot
    let documentPrinter: DocumentPrinterSnapshot
    /// Whether a code can be read off a slip that is a picture.
    let canReadPictures: Bool
    let network: NetworkSnapshot?
    let name: NameEntry?
    let staffCalls: [StaffCall]

    init(_ hall: EmulatedHall) {
        reader = hall.cardReader.snapshot
        scanner = hall.scanner.snapshot
        printer = hall.printer.snapshot
        slips = hall.printer.slips
        codeReader = hall.codeReader.snapshot
        documentPrinter = hall.documentPrinter.snapshot
        canReadPictures = ExternalTool.isInstalled("zbarimg")
        network = hall.network?.snapshot
        name = hall.names.map(NameEntry.init)
        staffCalls = hall.staffCalls.all
    }
}

extension DeskAPI {
    /// The page and its files, which travel inside the program.
    func addPage(to router: Router<BasicRequestContext>) {
        router.get("/") { _, _ in Self.file(PackageResources.desk_html, "text/html; charset=utf-8") }
        router.get("desk.css") { _, _ in Self.file(PackageResources.desk_css, "text/css; charset=utf-8") }
        for (name, bytes) in Self.scripts {
            router.get(RouterPath(name)) { _, _ in Self.file(bytes, "text/javascript; charset=utf-8") }
        }
        router.get("desk.svg") { _, _ in Self.file(PackageResources.desk_svg, "image/svg+xml") }
    }

    private static let scripts: [(String, [UInt8])] = [
        ("desk.js", PackageResources.desk_js), ("controls.js", PackageResources.controls_js),
        ("cards.js", PackageResources.cards_js), ("codes.js", PackageResources.codes_js),
        ("scanner.js", PackageResources.scanner_js), ("receipts.js", PackageResources.receipts_js),
        ("documents.js", PackageResources.documents_js), ("network.js", PackageResources.network_js),
    ]

    func addEvents(to api: RouterGroup<BasicRequestContext>) {
        api.get("state") { _, _ in JSONReply(HallState(hall)) }
        api.get("events") { _, _ in
            let changes = hall.signal.changes()
            return Response(
                status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
                body: ResponseBody { writer in
                    for await _ in changes {
                        let data = try JSONEncoder().encode(HallState(hall))
                        var event = ByteBuffer(string: "data: ")
                        event.writeBytes(data)
                        event.writeString("\n\n")
                        try await writer.write(event)
                        // Changes that come faster than this arrive together.
                        try await Task.sleep(for: .milliseconds(60))
                    }
                    try await writer.finish(nil)
                })
        }
    }

    private static func file(_ bytes: [UInt8], _ type: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .cacheControl: "no-cache",
                .contentSecurityPolicy:
                    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
                .xContentTypeOptions: "nosniff",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
