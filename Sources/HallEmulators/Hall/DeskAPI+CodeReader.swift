import Hummingbird

extension DeskAPI {
    func addCodeReader(to api: RouterGroup<BasicRequestContext>) {
        api.get("code-reader") { _, _ in JSONReply(hall.codeReader.snapshot) }
        api.post("code-reader/hold") { request, context in
            struct Wish: Decodable {
                var text: String?
                /// The id of a slip, or `last`.
                var slip: String?
                var stays: Bool?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            do {
                let code: [UInt8]
                switch (wish.text, wish.slip) {
                case (let text?, nil): code = Array(text.utf8)
                case (nil, let slip?): code = try await self.code(onSlip: slip)
                default: throw HTTPError(.badRequest, message: "Say either \"text\" or \"slip\".")
                }
                try hall.codeReader.hold(code, stays: wish.stays ?? false)
            } catch let error as SlipCodes.Failure {
                throw HTTPError(error == .noDecoder ? .notImplemented : .notFound, message: error.description)
            } catch let error as EmulatorError {
                throw HTTPError(.badRequest, message: error.description)
            }
            return JSONReply(hall.codeReader.snapshot)
        }
        api.post("code-reader/remove") { _, _ in
            hall.codeReader.remove()
            return JSONReply(hall.codeReader.snapshot)
        }
        api.post("code-reader/settings") { request, context in
            struct Wish: Decodable {
                var ending: CodeEnding?
                var sendsAIM: Bool?
            }
            let wish = try await request.decode(as: Wish.self, context: context)
            var settings = hall.codeReader.snapshot.settings
            if let ending = wish.ending { settings.ending = ending }
            if let sendsAIM = wish.sendsAIM { settings.sendsAIM = sendsAIM }
            hall.codeReader.configure(settings)
            return JSONReply(hall.codeReader.snapshot)
        }
    }

    /// The code that is printed on a slip, `last` or one by its id.
    private func code(onSlip id: String) async throws -> [UInt8] {
        // What still hangs from the printer is no slip yet.
        let slips = hall.printer.slips.filter { $0.id != "current" }
        guard let slip = id == "last" ? slips.last : slips.first(where: { $0.id == id }),
            let picture = hall.printer.slipPicture(slip.id)
        else { throw SlipCodes.Failure.noSlip }
        return try await SlipCodes.first(on: slip, picture: picture)
    }
}
