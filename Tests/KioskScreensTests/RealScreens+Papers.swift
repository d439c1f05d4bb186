import GuidedFlow
import HallModel

/// 打印证明, and what is sent by post.
extension RealScreens {
    mutating func certificates() {
        var kiosk = kiosk
        kiosk.layCard()
        show("intro, certificate", kiosk.press(.chooseItem("insurance-certificate")))
        for code in Self.documentPrinter {
            var broken = kiosk
            show("intro, \(code)", broken.send(.device(.documentPrinter, Self.broken(code))))
        }
        var unreachable = kiosk
        show("intro, the platform does not answer", unreachable.send(.platformReachable(false)))
        show("question period", kiosk.press(.begin))
        show("check, certificate", kiosk.press(.answer(question: "period", value: "all")))
        show("making", kiosk.press(.submit))
        var failed = kiosk
        show("no record", failed.send(.documentUnavailable(.nothingOnRecord)))
        for code in [ProblemCode.platformUnreachable, .platformRefused, ProblemCode("unknown")] {
            failed = kiosk
            show("no document, \(code)", failed.send(.documentUnavailable(.problem(code))))
        }
        show("papers, printing", kiosk.send(.documentReady(pages: 2)))
        var printed = kiosk
        show("papers, printed", printed.send(.documentPrinted(.init(.printed, rung: .impressions))))
        show("take, card and papers", printed.press(.next))
        printed.send(.cardRemoved)
        show("take, papers", printed.screen)
        var unknown = kiosk
        show("papers, unknown", unknown.send(.documentPrinted(.init(.unknown, rung: .jobCompleted))))
        show("papers, they are there", unknown.press(.havePaper))
        for code in Self.documentPrinter + [nil] {
            let name = code?.rawValue ?? "document printer"
            var waiting = kiosk
            show("papers, printing, \(name)", waiting.send(.device(.documentPrinter, Self.broken(code))))
            var unknown = waiting
            show(
                "papers, unknown, \(name)", unknown.send(.documentPrinted(.init(.unknown, rung: .jobCompleted))))
            if code == .documentPrinterPaperOut { show("papers, some of them", unknown.press(.skipPaper)) }
            show(
                "papers, not printed, \(name)",
                waiting.send(
                    .documentPrinted(.init(.notPrinted, rung: .notStarted, problem: code.map { Problem($0) }))))
            guard code == .documentPrinterPaperOut else { continue }
            show(
                "papers, not printed, the printer is well again",
                waiting.send(.device(.documentPrinter, .init(.online))))
            show("papers, not wanted", waiting.press(.skipPaper))
        }
        var held = kiosk
        show(
            "papers, not printed, the job was held",
            held.send(
                .documentPrinted(.init(.notPrinted, rung: .notStarted, problem: Problem(.documentPrinterPaused)))))
        show("dialog end, papers", kiosk.press(.end))
    }

    mutating func post() {
        var kiosk = kiosk
        kiosk.layCard()
        show("intro, social card", kiosk.press(.chooseItem("social-card")))
        show("question reason", kiosk.press(.begin))
        show("question delivery", kiosk.press(.answer(question: "reason", value: "changed")))
        show("check, post", kiosk.press(.answer(question: "delivery", value: "post")))
        var homeless = self.kiosk
        var card = IdentityDocument.grandmotherZhang
        card.address = ""
        homeless.layCard(card)
        homeless.press(.chooseItem("social-card"), .begin)
        show("question delivery, no address", homeless.press(.answer(question: "reason", value: "lost")))
        var closed = contents.items
        closed[1].closedHere = LocalizedText([
            .simplifiedChinese: "这台机器不办社保卡", .english: "This machine makes no social security cards",
        ])
        closed[1].window = LocalizedText([.simplifiedChinese: "5 号窗口", .english: "window 5"])
        var other = RealKiosk(contents, items: closed)
        show("items, one of them elsewhere", other.layCard())
        show("intro, not offered here", other.press(.chooseItem("social-card")))
    }

    mutating func receiptCodes() {
        var kiosk = kiosk
        let code = Sensitive("HK1:N:99000123")
        show("looking up a receipt", kiosk.send(.codeRead(code)))
        var none = kiosk
        show("progress, no such receipt", none.send(.progressFound([])))
        var unavailable = kiosk
        show("progress of a receipt, unavailable", unavailable.send(.progressUnavailable))
        let found = CaseSummary(
            number: "9900 0123",
            itemTitle: LocalizedText([
                .simplifiedChinese: "社会保障卡补领", .english: "Replacement of a social security card",
            ]), status: LocalizedText([.simplifiedChinese: "审核中", .english: "Being reviewed"]),
            acceptedOn: CalendarDate(year: 2026, month: 3, day: 4))
        show("progress of a receipt", kiosk.send(.progressFound([found])))
    }
}
