import Hummingbird

extension DeskAPI {
    func addPrinter(to api: RouterGroup<BasicRequestContext>) {
        api.get("printer") { _, _ in JSONReply(hall.printer.snapshot) }
        api.get("printer/slips") { _, _ in JSONReply(hall.printer.slips) }
        api.get("printer/slips/:slip") { _, context in
            let name = try context.parameters.require("slip")
            guard name.hasSuffix(".png"), let picture = hall.printer.slipPicture(String(name.dropLast(4))) else {
                throw HTTPError(.notFound)
            }
            return Self.picture(picture, "image/png")
        }
        api.post("printer/state") { request, context in
            struct Wish: Decodable {
                enum Power: String, Decodable { case on, off }
                var paper: ReceiptPaper?
                var cover: ReceiptCover?
                var power: Power?
                var cutter: ReceiptCutter?
                var executesRealTimeInsideData: Bool?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            if let power = wish.power { try await hall.printer.setPower(power == .on) }
            if let paper = wish.paper { hall.printer.setPaper(paper) }
            if let cover = wish.cover { hall.printer.setCover(cover) }
            if let cutter = wish.cutter { hall.printer.setCutter(cutter) }
            if let inside = wish.executesRealTimeInsideData { hall.printer.setExecutesRealTimeInsideData(inside) }
            return JSONReply(hall.printer.snapshot)
        }
        api.post("printer/fault-at") { request, context in
            struct Wish: Decodable {
                var millimetres: Int?
                var fault: ReceiptPrinterFault?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            if let fault = wish.fault {
                hall.printer.setFault(fault, atMillimetres: min(wish.millimetres ?? 0, 100_000))
            } else {
                hall.printer.clearFaultAt()
            }
            return JSONReply(hall.printer.snapshot)
        }
        api.post("printer/model") { request, context in
            struct Wish: Decodable { var model: ReceiptPrinterModel }
            hall.printer.setModel(try await request.decode(as: Wish.self, context: context).model)
            return JSONReply(hall.printer.snapshot)
        }
        api.post("printer/take-slip") { _, _ in
            hall.printer.takeSlip()
            return JSONReply(hall.printer.snapshot)
        }
        addPresenter(to: api)
    }

    /// What only a kiosk printer has.
    private func addPresenter(to api: RouterGroup<BasicRequestContext>) {
        api.post("printer/draw-back") { _, _ in
            try needsPresenter()
            hall.printer.drawBackSlip()
            return JSONReply(hall.printer.snapshot)
        }
        api.post("printer/presenter") { request, context in
            struct Wish: Decodable {
                var presenting: SlipPresenting?
                var leftSlip: LeftSlip?
                var cutsPartially: Bool?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            try needsPresenter()
            hall.printer.setPresenter(
                presenting: wish.presenting, leftSlip: wish.leftSlip, cutsPartially: wish.cutsPartially)
            return JSONReply(hall.printer.snapshot)
        }
        api.post("printer/condition") { request, context in
            struct Wish: Decodable {
                var condition: KioskPrinterCondition
                var on: Bool
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            try needsPresenter()
            hall.printer.set(wish.condition, wish.on)
            return JSONReply(hall.printer.snapshot)
        }
    }

    private func needsPresenter() throws {
        guard hall.printer.snapshot.presenter != nil else {
            throw HTTPError(
                .conflict, message: "The receipt printer has no presenter: choose the model custom-kiosk first.")
        }
    }
}
