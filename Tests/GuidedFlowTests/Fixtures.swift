import HallModel

extension IdentityDocument {
    static func person(
        _ name: String, _ sex: Sex, born: (Int, Int, Int)?, number: String, kind: Kind = .resident,
        flags: Set<Flag> = []
    ) -> IdentityDocument {
        var document = IdentityDocument(
            kind: kind, name: name, sex: sex,
            birth: born.flatMap { CalendarDate(year: $0.0, month: $0.1, day: $0.2) }, number: number, flags: flags)
        document.address = "虚构省虚构市第九街道 9 号"
        return document
    }

    static let grandmotherZhang = person("张秀兰", .female, born: (1947, 11, 15), number: "999999194711150025")
    static let misterOuyang = person("欧阳建国", .male, born: (1990, 5, 1), number: "999999199005010014")
}

extension ServiceItem {
    /// 老年人优待证申领 as the first kiosks have it.
    static let seniorCard = ServiceItem(
        id: "senior-card", kind: .application, title: LocalizedText("老年人优待证"),
        officialName: LocalizedText("老年人优待证申领"), summary: LocalizedText("坐车、逛公园有优待"), pictogram: "senior",
        minutes: 4, canBeFinishedHere: true, window: LocalizedText("2 号窗口"), bring: [LocalizedText("户口本")],
        afterwards: LocalizedText("5 个工作日内办好"), needs: [.scanner, .receiptPrinter, .platform], minimumAge: 60,
        questions: [
            Question(
                id: "pickup", heading: LocalizedText("您想在哪里领？"), label: LocalizedText("领取地点"),
                form: .choice([
                    Choice(id: "centre", label: LocalizedText("第九街道服务中心")),
                    Choice(id: "east", label: LocalizedText("东门居委会")),
                    Choice(id: "west", label: LocalizedText("西门居委会")),
                ])),
            Question(
                id: "notify", heading: LocalizedText("办好了怎么通知您？"), label: LocalizedText("怎么通知您"),
                form: .choice([
                    Choice(id: "phone", label: LocalizedText("打电话")), Choice(id: "none", label: LocalizedText("不用通知")),
                ])),
            Question(
                id: "phone", heading: LocalizedText("电话打到哪里？"), label: LocalizedText("电话号码"),
                form: .digits(length: 11...11, prefixes: ["1"]),
                condition: .init(question: "notify", answer: "phone"), isPrivate: true),
        ],
        materials: [
            MaterialRequirement(
                id: "household-register", title: LocalizedText("户口本"),
                pages: [LocalizedText("户主那一页"), LocalizedText("您自己那一页")])
        ])

    /// 打印参保证明.
    static let certificate = ServiceItem(
        id: "certificate", kind: .certificate, title: LocalizedText("打印参保证明"),
        officialName: LocalizedText("社会保险参保证明打印"),
        summary: LocalizedText("打在纸上带走"), pictogram: "page", minutes: 2, canBeFinishedHere: true,
        window: LocalizedText("2 号窗口"), bring: [], afterwards: LocalizedText("打好就能拿走"),
        needs: [.documentPrinter, .platform],
        questions: [
            Question(
                id: "period", heading: LocalizedText("要哪一段时间的？"), label: LocalizedText("时间"),
                form: .choice([
                    Choice(id: "year", label: LocalizedText("最近一年")), Choice(id: "all", label: LocalizedText("全部")),
                ]))
        ])

    /// 社会保障卡补领, sent by post to the address on the card.
    static let socialCard = ServiceItem(
        id: "social-card", kind: .application, title: LocalizedText("补领社保卡"), officialName: LocalizedText("社会保障卡补领"),
        summary: LocalizedText("卡丢了、坏了"), pictogram: "social", minutes: 3, canBeFinishedHere: true,
        window: LocalizedText("2 号窗口"), bring: [], afterwards: LocalizedText("10 个工作日内办好"), needs: [.receiptPrinter],
        questions: [
            Question(
                id: "delivery", heading: LocalizedText("新卡怎么给您？"), label: LocalizedText("领卡方式"),
                form: .choice([
                    Choice(id: "pickup", label: LocalizedText("我自己来取")),
                    Choice(id: "post", label: LocalizedText("寄到地址上"), needsAddress: true),
                ]))
        ])

    static let progress = ServiceItem(
        id: "progress", kind: .progress, title: LocalizedText("查办事进度"), officialName: LocalizedText("办件进度查询"),
        summary: LocalizedText("看看办到哪一步了"), pictogram: "look", minutes: 1, canBeFinishedHere: true,
        window: LocalizedText("1 号窗口"), bring: [], afterwards: LocalizedText(""), needs: [.platform])
}

extension ProblemEntry {
    static let catalogue: [ProblemCode: ProblemEntry] = Dictionary(
        uniqueKeysWithValues: [
            entry(.scannerJam, "扫描仪里的纸卡住了", "请轻轻向上拉出来，再放一次。", picture: "scanner-jam"),
            entry(.scannerNoPaper, "扫描仪里没有纸", "请把这一页放进去。"),
            entry(.scannerCoverOpen, "扫描仪的盖子开着", "请把盖子合上。"),
            entry(.printerPaperOut, "凭条打印机没有纸了。", "请叫人帮忙装纸。"),
            entry(.documentPrinterPaperOut, "打印机的纸用完了", "请叫人帮忙加纸。"),
            entry(.cardRemovedTooSoon, "身份证拿得太快了", "请再放一次，等一下再拿。"),
            entry(.readerMissing, "读身份证的机器没有接好", "请到 1 号窗口。"),
            entry(.diskFull, "机器里的地方满了", "请到 2 号窗口。"),
        ].map { ($0.code, $0) })

    private static func entry(
        _ code: ProblemCode, _ heading: String, _ action: String, picture: String? = nil
    ) -> ProblemEntry {
        ProblemEntry(
            code: code, severity: .fault, cause: "", action: "", residentHeading: LocalizedText(heading),
            residentAction: LocalizedText(action), picture: picture)
    }
}
