import GuidedFlow
import HallModel
import KioskConfiguration
import TestSupport
import Testing

@testable import HallController

@Suite("The words on the slip")
struct ReceiptComposerTests {
    static func texts() throws -> TextCatalogue {
        try TextCatalogue(folder: "\(Repository.folder)/Kiosk/texts")
    }

    static let content = ReceiptContent(
        itemName: "老年人优待证申领", maskedName: "张*", numberTail: "0025", caseNumber: nil, acceptanceCode: "K7F3K92Q",
        rows: [.init(label: "领取地点", value: "第九街道服务中心")], afterwards: "5 个工作日内办好")

    func lines(
        caseNumber: String?, acceptanceCode: String?, offersProgress: Bool = true
    ) throws -> [String] {
        var content = Self.content
        content.caseNumber = caseNumber
        content.acceptanceCode = acceptanceCode
        let composer = ReceiptComposer(
            hallName: "第九街道服务中心", kiosk: "hall-1", texts: try Self.texts(), offersProgress: offersProgress)
        return composer.document(content, time: "2026-11-23 09:41", isSecondCopy: false).blocks.map { block in
            switch block {
            case .title(let text), .line(let text), .number(let text), .qr(let text): text
            case .row(let label, let value): "\(label)：\(value)"
            case .rule: "—"
            case .space: ""
            }
        }
    }

    @Test("stand in the texts of the kiosk, in both languages")
    func keys() throws {
        let texts = try Self.texts()
        for key in ReceiptTextKey.allCases {
            for language in Language.allCases { #expect(texts.text(key.rawValue, in: language) != nil, "\(key)") }
        }
        let known = Set(ReceiptTextKey.allCases.map(\.rawValue))
        #expect(texts.keys.filter { $0.hasPrefix("receipt.") } == known)
    }

    @Test("name how the hall is found again, as far as the configuration says it")
    func contact() throws {
        var composer = ReceiptComposer(
            hallName: "第九街道服务中心", kiosk: "hall-1", texts: try Self.texts(), offersProgress: false)
        composer.contact = .init(address: "虚构市第九街道 9 号", phone: "0000-00000000")
        let blocks = composer.document(Self.content, time: "2026-11-23 09:41", isSecondCopy: false).blocks
        #expect(
            blocks.suffix(3) == [
                .row(label: "地址", value: "虚构市第九街道 9 号"), .row(label: "电话", value: "0000-00000000"), .line("hall-1"),
            ])
    }

    @Test("name the case number, and the acceptance number where there is one")
    func numbers() throws {
        #expect(
            try lines(caseNumber: "9900 0123", acceptanceCode: nil) == [
                "第九街道服务中心", "办事凭条", "—", "办件号", "9900 0123", "事项：老年人优待证申领", "办事人：张*", "证件尾号：0025",
                "领取地点：第九街道服务中心", "时间：2026-11-23 09:41", "—", "5 个工作日内办好", "拿身份证来这里，也能查进度。",
                "HK1:N:99000123", "hall-1",
            ])
        let waiting = try lines(caseNumber: nil, acceptanceCode: "K7F3K92Q")
        #expect(waiting[3...5] == ["受理号", "K7F3 K92Q", "交上去以后，就会有办件号。"])
        #expect(waiting.contains("HK1:A:K7F3K92Q"))
        let both = try lines(caseNumber: "9900 0123", acceptanceCode: "K7F3K92Q")
        #expect(both[3...5] == ["办件号", "9900 0123", "受理号：K7F3 K92Q"])
    }

    @Test("send nobody here for progress where none can be looked up")
    func withoutProgress() throws {
        let lines = try lines(caseNumber: "9900 0123", acceptanceCode: nil, offersProgress: false)
        #expect(!lines.contains { $0.contains("查进度") })
    }
}
