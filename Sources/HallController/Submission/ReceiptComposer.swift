import GuidedFlow
import HallModel

/// Writes the slip: what it says and in which order. Measures and fonts are the renderer's.
struct ReceiptComposer {
    var hallName: String
    var kiosk: String

    /// - Parameters:
    ///   - time: "2026-11-23 09:41", the kiosk's wall clock.
    func document(_ content: ReceiptContent, time: String, isSecondCopy: Bool) -> ReceiptDocument {
        var blocks: [ReceiptDocument.Block] = []
        blocks.append(.title(hallName))
        blocks.append(.line("办事凭条"))
        blocks.append(.rule)
        if let number = content.caseNumber {
            blocks.append(.line("办件号"))
            blocks.append(.number(number.inGroupsOfFour))
        } else if let code = content.acceptanceCode {
            blocks.append(.line("受理码（网络恢复后自动生成办件号）"))
            blocks.append(.number(code.inGroupsOfFour))
        }
        blocks.append(.row(label: "事项", value: content.itemName))
        blocks.append(.row(label: "办事人", value: content.maskedName))
        blocks.append(.row(label: "证件尾号", value: content.numberTail))
        blocks += content.rows.map { .row(label: $0.label, value: $0.value) }
        blocks.append(.row(label: "时间", value: time))
        blocks.append(.rule)
        blocks.append(.line(content.afterwards))
        blocks.append(.line("拿身份证来这里，也能查进度。"))
        blocks.append(.qr(Self.qrText(content)))
        blocks.append(.line(kiosk))
        return ReceiptDocument(blocks: blocks, isSecondCopy: isSecondCopy)
    }

    /// What a code reader gets: `HK1:N:<case number>` or `HK1:A:<acceptance code>`, nothing personal.
    static func qrText(_ content: ReceiptContent) -> String {
        if let number = content.caseNumber { return "HK1:N:" + number.filter { $0 != " " } }
        return "HK1:A:" + (content.acceptanceCode ?? "")
    }
}
