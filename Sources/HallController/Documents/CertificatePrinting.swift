import GuidedFlow
import HallModel

/// 打印证明: asks the platform for the document and gives it to the A4 printer.
extension HallController {
    func requestDocument(_ request: DocumentRequest) {
        handle(.documentUnavailable(.problem(.platformUnreachable)))
    }

    func printDocument(isSecondCopy: Bool) {
        handle(.documentPrinted(PrintOutcome(.notPrinted, rung: .notStarted)))
    }

    func cancelDocument() {}
}
