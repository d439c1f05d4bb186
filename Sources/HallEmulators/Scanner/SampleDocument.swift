/// The papers that lie beside the scanner. Everything on them is made up.
public enum SampleDocument: String, Sendable, CaseIterable {
    case householdRegister1 = "household-register-1"
    case householdRegister2 = "household-register-2"
    case idCopy = "id-copy"
    case blank
    case dark
    case skewed
    case cropped

    /// What the desk calls it.
    var name: String {
        switch self {
        case .householdRegister1: "户口本首页"
        case .householdRegister2: "户口本本人页"
        case .idCopy: "身份证复印件"
        case .blank: "空白页"
        case .dark: "太暗的一页"
        case .skewed: "放歪的一页"
        case .cropped: "没放全的一页"
        }
    }

    /// Draws the sheet in three-hundredths of an inch.
    func draw(on canvas: CairoCanvas) {
        canvas.fill(0.985, 0.98, 0.965)
        switch self {
        case .householdRegister1: drawFirstPage(canvas)
        case .householdRegister2: drawPersonPage(canvas)
        case .idCopy: drawCardCopy(canvas)
        case .blank: break
        case .dark:
            drawPersonPage(canvas)
            canvas.color(0.05, 0.05, 0.06, 0.86)
            canvas.box(0, 0, 2_480, 3_508)
        case .skewed:
            canvas.fill(0.8, 0.8, 0.81)
            canvas.turned(degrees: 7) { drawLooseSheet($0) }
        case .cropped:
            canvas.fill(0.8, 0.8, 0.81)
            canvas.moved(x: 720, y: -430) { drawLooseSheet($0) }
        }
        canvas.paperGrain()
    }

    /// A sheet that does not cover the glass: beside it the backing shows.
    private func drawLooseSheet(_ canvas: CairoCanvas) {
        canvas.color(0.985, 0.98, 0.965)
        canvas.box(0, 0, 2_480, 3_508)
        drawPersonPage(canvas)
    }

    private func drawFirstPage(_ canvas: CairoCanvas) {
        canvas.color(0.1, 0.1, 0.12)
        canvas.text("居 民 户 口 簿", 0, 260, size: 150, bold: true, centredIn: 2_480)
        canvas.text("首 页", 0, 480, size: 84, centredIn: 2_480)
        let rows = [
            ("户　　别", "非农业家庭户口", "户　号", "999900019"),
            ("户主姓名", "张桂兰", "户　籍", "本地"),
            ("住　　址", "测试省示范市第九街道平安路9号3栋201室", "", ""),
            ("省级公安\n机　　关", "测试省公安厅", "", ""),
            ("户口登记\n机　　关", "示范市公安局第九派出所", "", ""),
            ("承办人签章", "赵明", "签发日期", "2011年06月10日"),
        ]
        drawTable(canvas, rows, top: 680, rowHeight: 250)
        drawSeal(canvas, "示范市公安局", x: 1_780, y: 1_990)
        drawNotes(canvas, from: 2_420)
    }

    private func drawPersonPage(_ canvas: CairoCanvas) {
        canvas.color(0.1, 0.1, 0.12)
        canvas.text("常住人口登记卡", 0, 260, size: 130, bold: true, centredIn: 2_480)
        let rows = [
            ("姓　　名", "张桂兰", "户主或与\n户主关系", "户主"),
            ("曾 用 名", "无", "性　别", "女"),
            ("出 生 地", "测试省示范市", "民　族", "汉"),
            ("籍　　贯", "测试省示范市", "出生日期", "1948年03月15日"),
            ("住　　址", "测试省示范市第九街道平安路9号3栋201室", "", ""),
            ("公民身份\n号码", "999999194803150026", "身　高", "158"),
            ("文化程度", "初中", "婚姻状况", "有配偶"),
            ("兵役状况", "未服兵役", "职　业", "退休"),
            ("何时由何地\n迁来本址", "2011年06月10日由示范市第三街道迁来", "", ""),
        ]
        drawTable(canvas, rows, top: 520, rowHeight: 230)
        drawSeal(canvas, "第九派出所", x: 1_760, y: 2_700)
        canvas.color(0.1, 0.1, 0.12)
        canvas.text("承办人签章：赵明　　　登记日期：2011年06月10日", 260, 2_720, size: 60)
        drawNotes(canvas, from: 2_900)
    }

    private func drawCardCopy(_ canvas: CairoCanvas) {
        canvas.color(0.15, 0.15, 0.17)
        for top in [420.0, 1_320.0] { canvas.frame(730, top, 1_012, 638, line: 5) }
        let lines = ["姓　名　张桂兰", "性　别　女　　民　族　汉", "出　生　1948 年 3 月 15 日", "住　址　测试省示范市第九街道"]
        for (index, line) in lines.enumerated() { canvas.text(line, 780, 480 + Double(index) * 95, size: 46) }
        canvas.text("平安路9号3栋201室", 926, 845, size: 46)
        canvas.text("公民身份号码　999999194803150026", 780, 965, size: 46, bold: true)
        canvas.color(0.75, 0.75, 0.76)
        canvas.box(1_430, 500, 250, 320)
        canvas.color(0.15, 0.15, 0.17)
        canvas.text("中华人民共和国", 730, 1_420, size: 64, bold: true, centredIn: 1_012)
        canvas.text("居 民 身 份 证", 730, 1_530, size: 84, bold: true, centredIn: 1_012)
        canvas.text("签发机关　示范市公安局第九分局", 860, 1_740, size: 46)
        canvas.text("有效期限　2011.06.10-长期", 860, 1_830, size: 46)
        drawNotes(canvas, from: 2_300)
    }

    private func drawTable(
        _ canvas: CairoCanvas, _ rows: [(String, String, String, String)], top: Double, rowHeight: Double
    ) {
        let left = 220.0
        let right = 2_260.0
        canvas.frame(left, top, right - left, rowHeight * Double(rows.count), line: 6)
        for (index, row) in rows.enumerated() {
            let y = top + Double(index) * rowHeight
            if index > 0 { canvas.line(left, y, right, y, width: 3) }
            canvas.line(left + 380, y, left + 380, y + rowHeight, width: 3)
            cell(canvas, row.0, left, y, 380, rowHeight)
            if row.2.isEmpty {
                cell(canvas, row.1, left + 380, y, right - left - 380, rowHeight)
            } else {
                canvas.line(left + 1_120, y, left + 1_120, y + rowHeight, width: 3)
                canvas.line(left + 1_460, y, left + 1_460, y + rowHeight, width: 3)
                cell(canvas, row.1, left + 380, y, 740, rowHeight)
                cell(canvas, row.2, left + 1_120, y, 340, rowHeight)
                cell(canvas, row.3, left + 1_460, y, right - left - 1_460, rowHeight)
            }
        }
    }

    private func cell(
        _ canvas: CairoCanvas, _ text: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double
    ) {
        let lines = text.contains("\n") ? 2.0 : 1.0
        canvas.text(text, x, y + height / 2 - 47 * lines, size: 64, centredIn: width)
    }

    private func drawSeal(_ canvas: CairoCanvas, _ text: String, x: Double, y: Double) {
        canvas.color(0.78, 0.1, 0.12, 0.85)
        canvas.circle(x, y, radius: 200, line: 12)
        canvas.text("★", x - 200, y - 80, size: 110, centredIn: 400)
        canvas.text(text, x - 200, y + 60, size: 46, bold: true, centredIn: 400)
    }

    private func drawNotes(_ canvas: CairoCanvas, from top: Double) {
        canvas.color(0.3, 0.3, 0.32)
        canvas.text(
            "注意事项：一、本页为演示样张，姓名、住址、号码均为虚构，不能证明任何人的身份。二、请勿涂改、折叠。"
                + "三、复印、扫描时请放正，四个角都要露出来。",
            260, top, size: 46, wrapAt: 1_960)
        canvas.text("样张 · 仅供演示", 0, 3_330, size: 44, centredIn: 2_480)
    }
}
