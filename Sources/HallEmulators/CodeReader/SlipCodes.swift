/// Reads the codes off a printed slip.
enum SlipCodes {
    /// Why there is no code to hold under the reader.
    enum Failure: Error, CustomStringConvertible, Equatable {
        case noSlip
        case noCode(String)
        case noDecoder

        var description: String {
            switch self {
            case .noSlip: "No slip has come out yet."
            case .noCode(let slip): "No QR code can be read on \(slip)."
            case .noDecoder:
                "This slip is a picture, and zbarimg, which would read its code, is not installed (Debian package zbar-tools)."
            }
        }
    }

    /// The first code on a slip. Printed by the printer's own QR command it is known; in a picture it is looked for with
    /// `zbarimg`. Throws `Failure`.
    static func first(on slip: SlipEntry, picture: [UInt8]) async throws -> [UInt8] {
        if let code = slip.qr.first { return Array(code.utf8) }
        do {
            let found = try await ExternalTool.run(
                "zbarimg", package: "zbar-tools",
                ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-Sbinary", "PNG:-"], input: picture,
                outputLimit: 64 << 10)
            guard !found.isEmpty else { throw Failure.noCode(slip.id) }
            return found
        } catch ExternalTool.Failure.notInstalled {
            throw Failure.noDecoder
        } catch is ExternalTool.Failure {
            throw Failure.noCode(slip.id)
        }
    }
}
