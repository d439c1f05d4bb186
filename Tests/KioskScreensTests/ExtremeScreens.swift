import GuidedFlow
import HallModel

/// The longest texts that a card, an item or the platform may bring, in the real flow: beside `RealScreens`, which has
/// what ships.
struct ExtremeScreens {
    static func entries(
        _ contents: KioskContents, in language: Language = .simplifiedChinese, textStep: Int = 2
    ) -> [RealScreens.Entry] {
        let screens = (try? walk(contents)) ?? []
        return screens.enumerated().map { index, entry in
            var entry = entry
            entry.screen.language = language
            entry.screen.textStep = textStep
            entry.screen.revision = 1_000 + index
            return entry
        }
    }

    /// A screen of this name with hand-made content.
    static func screen(_ name: Screen.Name, _ heading: ScreenText, _ fill: (inout Screen) -> Void) -> Screen {
        var screen = Screen(name: name, revision: 1, language: .simplifiedChinese, textStep: 2, heading: heading)
        fill(&screen)
        return screen
    }

    // MARK: -

    private static func text(_ chinese: String, _ english: String) -> LocalizedText {
        LocalizedText([.simplifiedChinese: chinese, .english: english])
    }

    /// An item with names as long as they are in real lists.
    private static func item(_ number: Int, like real: ServiceItem) -> ServiceItem {
        var item = real
        item.id = "long-\(number)"
        item.title = text("城乡居民基本养老保险待遇资格认证", "Certificate of residents' pension")
        item.officialName = text(
            "城乡居民基本养老保险待遇领取资格认证及丧葬补助金申领", "Application for residents' basic old-age pension and for funeral grants")
        item.summary = text("每年要办一次，可以由家里人代办", "Once a year, and your family may do it for you")
        item.window = text("二楼东侧社会保障综合服务窗口", "Social Security desk, second floor")
        item.bring = [
            text("户口本", "household register"), text("社会保障卡", "social security card"), text("银行卡", "bank card"),
            text("一寸白底照片两张", "two photographs, white background"),
        ]
        item.afterwards = text("20 个工作日内办好，请带身份证来取", "Ready within 20 working days, please come with your ID card")
        item.questions = [
            .init(
                id: "place",
                heading: text("证书办好以后，您想到哪一个服务站去领取？", "At which service station would you like to collect it?"),
                label: text("领取证书的服务站", "Service station to collect it"),
                form: .choice(
                    (1...6).map {
                        .init(
                            id: "place-\($0)", label: text("第九街道东门社区党群服务中心", "East Gate Community Service Centre"),
                            detail: text(
                                "东门大街 12 号院内二楼，星期一到星期五", "12 East Gate Street, second floor, Monday to Friday"),
                            pictogram: "place")
                    })),
            .init(
                id: "account", heading: text("请按一下银行卡上的号码", "Please enter the number on your bank card"),
                label: text("银行卡号码", "Bank card number"), form: .digits(length: 16...20, prefixes: ["6"]),
                isPrivate: true),
        ]
        item.materials = [
            .init(
                id: "paper", title: text("社会保障卡正反两面复印件", "Copy of both sides of the social security card"),
                pages: [text("社会保障卡有照片的那一面", "the side of the social security card with the photograph")])
        ]
        return item
    }

    private static func walk(_ contents: KioskContents) throws -> [RealScreens.Entry] {
        var entries: [RealScreens.Entry] = []
        func show(_ label: String, _ screen: Screen) {
            entries.append(.init(label: "extreme, " + label, screen: screen))
        }
        let items = (1...5).map { item($0, like: contents.seniorCard) }
        var kiosk = RealKiosk(contents, items: items)
        kiosk.environment.settings.hallName = text(
            "虚构省虚构市第九街道社会保障综合服务中心", "Ninth Street Centre for Social Services")
        kiosk.environment.settings.window = items[0].window
        kiosk.send(.device(.scanner, RealScreens.broken(.scannerJam)))
        show("start, five items closed", kiosk.screen)
        // 20 characters of three bytes, 60 in all, and a number of the most digits that a field has.
        var person = IdentityDocument.person(
            "阿卜杜热合曼·买买提艾力江·吐尔逊古丽阿", .unknown, born: (1940, 1, 1), number: "999999194001010014",
            flags: [.expired])
        person.address = "虚构维吾尔自治区虚构哈萨克自治州虚构市第九街道东门大街东段 1200 号附 12 号院 3 单元 1502 室"
        kiosk.layCard(person)
        show("items, closed", kiosk.screen)
        show("intro, closed", kiosk.press(.chooseItem("long-1")))
        kiosk.send(.device(.scanner, .init(.online)))
        show("intro", kiosk.screen)
        show("six choices", kiosk.press(.begin))
        show("20 digits", kiosk.press(.answer(question: "place", value: "place-1")))
        for digit in 0..<19 { kiosk.press(.digit(digit % 10)) }
        show("20 digits, wrong", kiosk.press(.confirmDigits))
        for _ in 0..<19 { kiosk.press(.deleteDigit) }
        for digit in 0..<20 { kiosk.press(.digit(digit == 0 ? 6 : digit % 10)) }
        show("scan", kiosk.press(.confirmDigits))
        show("preview", kiosk.scanPage(1, PageChecks.Finding.allCases.filter { $0 != .incomplete }))
        kiosk.press(.keepPage)
        show("stored", kiosk.send(.materialStored("paper")))
        show("check", kiosk.press(.next))
        show("another card", kiosk.layCard(.misterOuyang))
        kiosk.send(.cardRemoved)
        kiosk.press(.submit)
        kiosk.send(.caseAccepted)
        kiosk.send(.device(.receiptPrinter, RealScreens.broken(.printerPaperLow)))
        kiosk.send(.caseWaits(acceptanceCode: "WWWWWWWW"))
        show(
            "done, waiting, not printed",
            kiosk.send(.receipt(.init(.notPrinted, rung: .notStarted, problem: Problem(.printerPaperLow)))))
        show("done, a long number", kiosk.send(.caseConfirmed(number: "990000-2026-0000-0000-0123")))
        show("help failed", kiosk.press(.help).overlay == nil ? kiosk.screen : kiosk.send(.helpNotDelivered))
        var latin = RealKiosk(contents)
        latin.layCard(
            .person(
                "MARIA MAGDALENA WOLFESCHLEGELSTEINHAUSENBERGERDORFF-BERGEDOR", .unknown, born: (1940, 1, 1),
                number: "1"))
        show("a name of 60 Latin letters", latin.screen)
        latin.press(.chooseItem("progress"))
        show(
            "progress, long",
            latin.send(
                .progressFound(
                    (1...4).map { _ in
                        .init(
                            number: "990000-2026-0000-0000-0123", itemTitle: items[0].officialName,
                            status: LocalizedText([
                                .simplifiedChinese: "材料不全，请带身份证到窗口补交材料",
                                .english: "Papers missing: bring them with your ID card",
                            ]),
                            acceptedOn: CalendarDate(year: 2026, month: 12, day: 31),
                            detail: LocalizedText([
                                .simplifiedChinese: "请在 12 月 31 日以前到二楼窗口",
                                .english: "By 31 December, on the second floor",
                            ]))
                    })))
        return entries
    }
}
