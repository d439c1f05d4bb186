import Foundation
import HallModel

/// A certificate of insurance on A4, as it comes out of the printer. Every page says that it is a demonstration.
struct CertificatePaper: Sendable {
    var title: String
    var number: String
    var record: InsuranceRecord
    /// What the person needs it for, in words.
    var purpose: String?
    var office: String
    var madeAt: Timestamp
    var checkAddress: String
    /// Marked 补打: an earlier one may exist.
    var isSecondCopy = false

    struct Drawn: Sendable {
        var content: [UInt8]
        var pages: Int
    }

    private static let left = 56.7
    private static let right = PaperCanvas.width - 56.7
    private static var across: Double { right - left }
    private static let rowHeight = 16.5
    /// Rows of payments on the first page, on a later one, and how many fewer where the page also has to be signed.
    private static let firstRows = 26
    private static let laterRows = 40
    private static let signingRows = 13

    /// The payments of each page; the last one leaves room for what is signed.
    static func pages(of payments: Int) -> [Range<Int>] {
        var pages: [Range<Int>] = []
        var start = 0
        while true {
            let room = pages.isEmpty ? firstRows : laterRows
            let left = payments - start
            if left <= room - signingRows { return pages + [start..<payments] }
            // Some rows stay for the last page: what is signed never stands alone.
            let end = start + min(left - 3, room)
            pages.append(start..<end)
            start = end
        }
    }

    /// Draws it. Blocks.
    func drawn() throws -> Drawn {
        let canvas = try PaperCanvas(title: "\(title) \(number.inGroupsOfFour)", madeAt: madeAt)
        let pages = Self.pages(of: record.payments.count)
        for (index, rows) in pages.enumerated() {
            if index > 0 { canvas.nextPage() }
            watermark(on: canvas)
            var y = index == 0 ? head(on: canvas) : smallHead(on: canvas)
            if !rows.isEmpty || index == 0 { y = payments(Array(record.payments[rows]), on: canvas, y: y) }
            if index == pages.count - 1 { try signature(on: canvas) }
            foot(on: canvas, page: index + 1, of: pages.count)
        }
        let count = canvas.pages
        return Drawn(content: try canvas.finished(), pages: count)
    }

    // MARK: - Head

    private func head(on canvas: PaperCanvas) -> Double {
        canvas.text(
            title, x: Self.left, y: 58, width: Self.across, size: 25, bold: true, face: .serif, alignment: .center,
            spacing: 2)
        if isSecondCopy {
            canvas.text(
                "补打", x: Self.right - 52, y: 64, width: 52, size: 13, bold: true, alignment: .center, ink: .seal)
            canvas.frame(x: Self.right - 52, y: 60, width: 52, height: 25, thickness: 1, .seal)
        }
        canvas.text("证明编号　\(number.inGroupsOfFour)", x: Self.left, y: 110, width: Self.across, size: 10, ink: .soft)
        canvas.text(
            "打印日期　\(Self.day(madeAt))", x: Self.left, y: 110, width: Self.across, size: 10, alignment: .right,
            ink: .soft)
        var y = 130.0
        let half = Self.across / 2
        let facts = [
            [("姓　　名", record.name.exposed), ("证件号码", record.number.exposed)],
            [("首次参保", record.insurances.map(\.since).min()?.text ?? "—"), ("证明期间", Self.period(record))],
        ]
        for row in facts {
            for (column, fact) in row.enumerated() {
                let x = Self.left + Double(column) * half
                canvas.fill(x: x, y: y, width: 66, height: 26, .wash)
                canvas.text(fact.0, x: x, y: y + 6.5, width: 66, size: 10, alignment: .center, ink: .soft)
                canvas.text(fact.1, x: x + 76, y: y + 5.5, width: half - 80, size: 11.5, bold: true)
                canvas.frame(x: x, y: y, width: half, height: 26, thickness: 0.5, .line)
            }
            y += 26
        }
        y += 18
        y = table(
            on: canvas, y: y, heading: "一、参保情况",
            columns: [
                ("险种", 0.34, .left), ("参保时间", 0.18, .center), ("期间缴费月数", 0.16, .center), ("累计缴费月数", 0.16, .center),
                ("目前状态", 0.16, .center),
            ],
            rows: record.insurances.map {
                [$0.name, $0.since.text, "\($0.monthsInPeriod)", "\($0.monthsEver)", $0.state]
            })
        return y + 16
    }

    private func smallHead(on canvas: PaperCanvas) -> Double {
        canvas.text(title, x: Self.left, y: 44, width: Self.across, size: 11, bold: true, face: .serif)
        canvas.text(
            "\(isSecondCopy ? "补打　" : "")\(record.name.exposed)　编号 \(number.inGroupsOfFour)", x: Self.left, y: 45,
            width: Self.across, size: 10,
            alignment: .right, ink: .soft)
        return 68
    }

    private func payments(_ payments: [InsuranceRecord.Payment], on canvas: PaperCanvas, y: Double) -> Double {
        let isYears = record.period == .all
        func label(_ payment: InsuranceRecord.Payment) -> String {
            guard isYears else { return payment.month.text }
            return payment.months == 12 ? "\(payment.month.year)年" : "\(payment.month.year)年（\(payment.months)个月）"
        }
        func yuan(_ amount: Int) -> String { amount == 0 ? "—" : "\(amount).00" }
        return table(
            on: canvas, y: y, heading: "二、缴费明细（单位：元）",
            columns: [
                (isYears ? "缴费年份" : "缴费月份", 0.19, .center), (isYears ? "月平均基数" : "缴费基数", 0.16, .right),
                ("养老（个人）", 0.16, .right),
                ("医疗（个人）", 0.16, .right), ("失业（个人）", 0.16, .right), ("单位缴费", 0.17, .right),
            ],
            rows: payments.map {
                [
                    label($0), yuan($0.base), yuan($0.pension), yuan($0.medical), yuan($0.unemployment),
                    yuan($0.employer),
                ]
            })
    }

    private func table(
        on canvas: PaperCanvas, y: Double, heading: String,
        columns: [(title: String, share: Double, alignment: PaperCanvas.Alignment)], rows: [[String]]
    ) -> Double {
        canvas.text(heading, x: Self.left, y: y, width: Self.across, size: 11, bold: true)
        var y = y + 20
        let top = y
        func row(_ cells: [String], isHead: Bool) {
            if isHead { canvas.fill(x: Self.left, y: y, width: Self.across, height: Self.rowHeight + 2, .wash) }
            var x = Self.left
            for (cell, column) in zip(cells, columns) {
                let width = column.share * Self.across
                canvas.text(
                    cell, x: x + 6, y: y + 2.2, width: width - 12, size: 9, bold: false,
                    alignment: isHead && column.alignment == .right ? .right : column.alignment,
                    ink: isHead ? .soft : .black)
                x += width
            }
            y += isHead ? Self.rowHeight + 2 : Self.rowHeight
            canvas.line(fromX: Self.left, y: y, toX: Self.right, thickness: 0.4)
        }
        row(columns.map(\.title), isHead: true)
        for cells in rows { row(cells, isHead: false) }
        canvas.frame(x: Self.left, y: top, width: Self.across, height: y - top, thickness: 0.8, .soft)
        return y
    }

    // MARK: - End of the last page

    private func signature(on canvas: PaperCanvas) throws {
        let y = 618.0
        let statement = purpose.map { "本证明用于：\($0)。" } ?? "本证明用于：本人办事。"
        canvas.text(
            "以上内容由经办系统根据参保登记和缴费记录生成。\(statement)", x: Self.left, y: y, width: Self.across, size: 10.5)
        try canvas.qr(checkAddress, x: Self.left - 6, y: y + 36, side: 92)
        canvas.text("扫码核对真伪", x: Self.left + 96, y: y + 46, width: 160, size: 10.5, bold: true)
        canvas.text("或打开下面的地址核对：", x: Self.left + 96, y: y + 64, width: 180, size: 8.5, ink: .soft)
        canvas.text(checkAddress, x: Self.left + 96, y: y + 77, width: 165, size: 8.5, ink: .soft)
        let end = Self.right - 84
        canvas.text(office, x: end - 220, y: y + 66, width: 220, size: 12, bold: true, face: .serif, alignment: .right)
        canvas.text(Self.day(madeAt), x: end - 220, y: y + 88, width: 220, size: 11, alignment: .right)
        seal(on: canvas, x: Self.right - 37, y: y + 82)
    }

    /// A ring with plain words: it shows where a seal belongs and cannot be taken for one.
    private func seal(on canvas: PaperCanvas, x: Double, y: Double) {
        canvas.circle(x: x, y: y, radius: 36, thickness: 2, .seal)
        canvas.circle(x: x, y: y, radius: 32.5, thickness: 0.6, .seal)
        canvas.text("演示", x: x - 30, y: y - 21, width: 60, size: 17, bold: true, alignment: .center, ink: .seal)
        canvas.text("不作凭证", x: x - 30, y: y + 5, width: 60, size: 10, bold: true, alignment: .center, ink: .seal)
    }

    // MARK: - On every page

    private func watermark(on canvas: PaperCanvas) {
        for row in 0..<4 {
            canvas.slanted(
                "演示　不作凭证", x: row % 2 == 0 ? 210 : 385, y: 150 + Double(row) * 185, degrees: -24, size: 46, .watermark)
        }
    }

    private func foot(on canvas: PaperCanvas, page: Int, of count: Int) {
        canvas.line(fromX: Self.left, y: 788, toX: Self.right, thickness: 0.5)
        canvas.text(
            "演示件：数据是编造的，不作任何凭证。", x: Self.left, y: 793, width: Self.across, size: 9, bold: true, ink: .seal)
        canvas.text(
            "第 \(page) 页，共 \(count) 页", x: Self.left, y: 793, width: Self.across, size: 9, alignment: .right, ink: .soft
        )
    }

    // MARK: - Words

    /// "2026年3月2日".
    private static func day(_ time: Timestamp) -> String {
        let parts = time.chinaDay.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return time.chinaDay }
        return "\(parts[0])年\(parts[1])月\(parts[2])日"
    }

    private static func period(_ record: InsuranceRecord) -> String { "\(record.first.text)—\(record.last.text)" }
}
