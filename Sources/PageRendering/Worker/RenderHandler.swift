import DeviceKit
import HallModel
import Logging
import NIOCore

/// What `kiosk-worker-render` does: page checks and receipts. It has no devices, opens no files and no network.
public struct RenderHandler: WorkerHandler {
    private let thread = RenderThread()
    private let logger: Logger

    /// Starts the thread for the C libraries.
    public init(logger: Logger) { self.logger = logger }

    /// Does nothing: a render worker has no devices.
    public func assign(_ devices: [DeviceAssignment]) async {}

    /// Returns at once: nothing is to be done beside commands.
    public func run() async {}

    /// `checkPage`, `renderReceipt` and `pictureReceipt`, one after another on one thread.
    /// - Throws: `.problem` with `page-incomplete` for a page that can be scanned again; `.cancelled`; `.notUnderstood`
    ///   for the rest, also a page or a receipt out of bounds.
    public func perform(
        _ command: WorkerCommand, attachments: [ByteBuffer]
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        do {
            return try await carryOut(command, attachments)
        } catch let failure as WorkerFailure {
            throw failure
        } catch let failure as PageFailure {
            throw Self.answer(to: failure)
        } catch let failure as ReceiptFailure {
            throw .notUnderstood("the receipt cannot be rendered: \(failure)")
        } catch is CancellationError {
            throw .cancelled
        } catch {
            throw .notUnderstood("the command failed: \(type(of: error))")
        }
    }

    private func carryOut(
        _ command: WorkerCommand, _ attachments: [ByteBuffer]
    ) async throws -> (WorkerReply, [ByteBuffer]) {
        switch command {
        case .checkPage(let request):
            guard attachments.count == 1 else { throw WorkerFailure.notUnderstood("checkPage takes one JPEG") }
            let (checks, preview) = try await thread.run { try PageChecker.check(attachments[0], request) }
            return (.checked(checks), [preview])
        case .renderReceipt(let receipt, let settings):
            let slip = try await thread.run { try ReceiptRenderer.render(receipt, settings) }
            if slip.missingCharacters > 0 {
                // The number only: which character it is would tell of a name.
                logger.warning(
                    "no font has some characters of a receipt", metadata: ["characters": "\(slip.missingCharacters)"])
            }
            return (.rendered(millimetres: slip.millimetres), [slip.escpos])
        case .pictureReceipt(let receipt, let settings):
            let (slip, png) = try await thread.run {
                (try ReceiptRenderer.render(receipt, settings), try ReceiptRenderer.png(receipt, settings))
            }
            return (.rendered(millimetres: slip.millimetres), [png])
        default:
            throw WorkerFailure.notUnderstood("a render worker drives no devices")
        }
    }

    /// A damaged page is one that a person can scan again; the rest is a fault between core and worker.
    static func answer(to failure: PageFailure) -> WorkerFailure {
        switch failure {
        case .notJPEG: .problem(Problem(.pageIncomplete, evidence: "the page is no JPEG"))
        case .damaged(let cause): .problem(Problem(.pageIncomplete, evidence: "damaged JPEG: \(cause)"))
        case .unsupported(let what): .notUnderstood("unsupported JPEG: \(what)")
        case .tooLarge(let width, let height): .notUnderstood("a page of \(width)x\(height) pixels is too large")
        case .wrongResolution(let resolution): .notUnderstood("\(resolution) dots per inch")
        case .libraryFailed(let step): .notUnderstood("\(step) failed")
        }
    }
}
