import Hummingbird
import NIOCore

extension DeskAPI {
    func addDocumentPrinter(to api: RouterGroup<BasicRequestContext>) {
        let printer = hall.documentPrinter
        api.get("document-printer") { _, _ in JSONReply(printer.snapshot) }
        api.get("document-printer/sheets/:sheet") { request, context in
            try await sheetPicture(try context.parameters.require("sheet"), request)
        }
        api.post("document-printer/state") { request, context in
            let wish = try await request.decode(as: DocumentPrinterWish.self, context: context)
            try await wish.apply(to: printer)
            return JSONReply(printer.snapshot)
        }
        api.post("document-printer/event-after") { request, context in
            struct Wish: Decodable {
                var sheets: Int?
                var event: DocumentPrinterEvent?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            printer.setEvent(
                wish.event.map { .init(sheets: max(1, min(wish.sheets ?? 1, 10_000)), event: $0) })
            return JSONReply(printer.snapshot)
        }
        api.post("document-printer/end-job") { request, context in
            struct Wish: Decodable {
                enum How: String, Decodable { case canceled, aborted }
                var how: How
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            guard printer.endActiveJob(canceled: wish.how == .canceled) else {
                throw HTTPError(.conflict, message: "The A4 printer has no job.")
            }
            return JSONReply(printer.snapshot)
        }
        api.post("document-printer/take-papers") { _, _ in
            printer.takePapers()
            return JSONReply(printer.snapshot)
        }
    }

    /// `SHEET.jpg` with `?side=1` for the back and `?resolution=` for a larger picture; `SHEET.document` is what was sent.
    private func sheetPicture(_ name: String, _ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        if name.hasSuffix(".document"), let bytes = hall.documentPrinter.document(ofSheet: String(name.dropLast(9))) {
            return Self.picture(bytes, "application/octet-stream")
        }
        guard name.hasSuffix(".jpg"),
            let picture = try await hall.documentPrinter.picture(
                ofSheet: String(name.dropLast(4)), side: query["side"].flatMap { Int($0) } ?? 0,
                resolution: query["resolution"].flatMap { Int($0) })
        else { throw HTTPError(.notFound) }
        return Self.picture(picture, "image/jpeg")
    }
}

/// What a hand does to the A4 printer; each part optional.
struct DocumentPrinterWish: Decodable {
    enum Power: String, Decodable { case on, off }

    var power: Power?
    /// Sheets in the tray.
    var paper: Int?
    var toner: DocumentPrinterToner?
    var jam: Bool?
    var doorOpen: Bool?
    var coverOpen: Bool?
    var outputFull: Bool?
    var paused: Bool?
    var honesty: DocumentPrinterHonesty?
    var forgetsJobs: Bool?
    var namesSeverity: Bool?

    func apply(to printer: EmulatedDocumentPrinter) async throws {
        if let power { try await printer.setPower(power == .on) }
        if let paper { printer.setPaper(paper) }
        if let toner { printer.setToner(toner) }
        let conditions: [(DocumentPrinterCondition, Bool?)] = [
            (.jam, jam), (.doorOpen, doorOpen), (.coverOpen, coverOpen), (.outputFull, outputFull), (.paused, paused),
        ]
        for (condition, isSo) in conditions { if let isSo { printer.set(condition, isSo) } }
        if let honesty { printer.setHonesty(honesty) }
        if let forgetsJobs { printer.setForgetsJobs(forgetsJobs) }
        if let namesSeverity { printer.setNamesSeverity(namesSeverity) }
    }
}
