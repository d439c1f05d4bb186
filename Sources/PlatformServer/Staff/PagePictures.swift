import Foundation
import HallModel

/// Turns one page of an opened PDF into a picture with poppler's `pdftoppm`, from its standard input to its standard
/// output: nothing opened touches a disk. The PDF is a stranger's: the tool is held in memory and time.
struct PagePictures: Sendable {
    private let turnstile = Turnstile(2)
    /// Address space of the tool.
    private static let memoryBytes = 1 << 30
    private static let largestPicture = 32 << 20

    /// - Parameters:
    ///   - page: from 1.
    ///   - dotsPerInch: 36…200.
    /// - Returns: a JPEG, or `nil` when there is no such page or it cannot be drawn.
    func picture(of document: Sensitive<[UInt8]>, page: Int, dotsPerInch: Int) async -> Sensitive<[UInt8]>? {
        let outcome = await turnstile.pass {
            await ToolRun.run(
                "prlimit",
                [
                    "--as=\(Self.memoryBytes)", "--cpu=15", "--fsize=0", "pdftoppm", "-jpeg", "-jpegopt", "quality=82",
                    "-r", String(min(max(dotsPerInch, 36), 200)), "-f", String(page), "-l", String(page), "-",
                ],
                input: document.exposed, outputLimit: Self.largestPicture)
        }
        guard case .finished(let bytes) = outcome, bytes.starts(with: [0xFF, 0xD8]) else { return nil }
        return Sensitive(bytes)
    }
}
