import HallModel
import Testing

@testable import GuidedFlow

@Suite("Questions and check page")
struct ItemTests {
    @Test("The first page says what to bring, how long it takes and that all of it can be done here")
    func intro() {
        var kiosk = KioskUnderTest()
        kiosk.layCard()
        kiosk.press(.chooseItem("senior-card"))
        #expect(kiosk.screen.name == .intro)
        #expect(kiosk.screen.step == nil)
        #expect(
            kiosk.screen.lead.map { $0.text() }
                == ["请准备好：户口本。", "大约要 4 分钟。", "在这里就能全部办完。", "5 个工作日内办好。"])
        #expect(kiosk.screen.actions == [.begin])
    }

    @Test("An item that can only be begun here says so, and where the rest is done")
    func partlyHere() {
        var item = ServiceItem.seniorCard
        item.canBeFinishedHere = false
        item.elsewhere = LocalizedText("照片请到 3 号窗口照。")
        var kiosk = KioskUnderTest(items: [item])
        kiosk.layCard()
        kiosk.press(.chooseItem("senior-card"))
        #expect(kiosk.screen.lead.map { $0.text() }.contains("在这里只能办一部分。"))
        #expect(kiosk.screen.lead.map { $0.text() }.contains("照片请到 3 号窗口照。"))
    }

    @Test("Steps count from the first question, and a question that opens counts from then on")
    func steps() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        #expect(kiosk.screen.step == .init(1, of: 5))
        kiosk.press(.answer(question: "pickup", value: "east"))
        #expect(kiosk.screen.heading.text() == "办好了怎么通知您？")
        #expect(kiosk.screen.step == .init(2, of: 5))
        kiosk.press(.answer(question: "notify", value: "phone"))
        #expect(kiosk.screen.name == .digits)
        #expect(kiosk.screen.step == .init(3, of: 6))
        kiosk.press(.back)
        kiosk.press(.answer(question: "notify", value: "none"))
        #expect(kiosk.screen.name == .scan)
        #expect(kiosk.screen.step == .init(3, of: 5))
    }

    @Test("A number is taken when it is long enough and begins as it must; else one sentence says what is missing")
    func digits() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        kiosk.press([.answer(question: "pickup", value: "east"), .answer(question: "notify", value: "phone")])
        let revision = kiosk.screen.revision
        // Quick fingers: ten digits on the same screen.
        for digit in [2, 3, 9, 0, 0, 0, 0, 1, 2, 3] { kiosk.send(.action(.digit(digit), revision: revision)) }
        #expect(kiosk.screen.digits?.entered == "2390000123")
        #expect(kiosk.screen.digits?.error == nil)
        kiosk.press(.confirmDigits)
        #expect(kiosk.screen.digits?.error?.text() == "还差 1 位，请接着按。")
        kiosk.press([.digit(4), .digit(5)])
        #expect(kiosk.screen.digits?.entered == "23900001234")
        kiosk.press(.confirmDigits)
        #expect(kiosk.screen.digits?.error?.keyName == "digits.start")
        kiosk.press(Array(repeating: .deleteDigit, count: 12))
        #expect(kiosk.screen.digits?.entered == "")
        kiosk.press([1, 3, 9, 0, 0, 0, 0, 0, 0, 0, 0].map { .digit($0) })
        kiosk.press(.confirmDigits)
        #expect(kiosk.screen.name == .scan)
        kiosk.press(.back)
        #expect(kiosk.screen.digits?.entered == "13900000000")
    }

    @Test("Back leads page by page to the items, and forward again everything is still there")
    func back() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        var seen: [Screen.Name] = []
        while kiosk.screen.name != .items {
            #expect(kiosk.screen.canGoBack)
            kiosk.press(.back)
            seen.append(kiosk.screen.name)
        }
        #expect(seen == [.choice, .choice, .intro, .items])
        kiosk.press([.chooseItem("senior-card"), .begin])
        #expect(
            kiosk.screen.choices.filter(\.isSelected).map(\.action) == [.answer(question: "pickup", value: "centre")])
        #expect(kiosk.effects == [.beginSession])
    }

    @Test("Another item gives up the one before: its pages and sealed files go")
    func otherItem() {
        var second = ServiceItem.seniorCard
        second.id = "second"
        var kiosk = KioskUnderTest(items: [.seniorCard, second])
        kiosk.goToScan()
        kiosk.scanPage(1)
        kiosk.press([.back, .back, .back, .back])
        #expect(kiosk.screen.name == .items)
        #expect(kiosk.press(.chooseItem("second")) == [.discardPage(PageID(rawValue: 1))])
    }

    @Test("The check page shows every answer, says which came from the card, and masks the number")
    func check() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.screen.step == .init(4, of: 5))
        let rows = kiosk.screen.answers.map { "\($0.label.text())：\($0.value.text())" }
        #expect(
            rows == [
                "要办的事：老年人优待证申领", "姓名：张秀兰", "证件号码：尾号 0025", "地址：虚构省虚构市第九街道 9 号", "领取地点：第九街道服务中心",
                "怎么通知您：不用通知", "户口本：2 页，已收好",
            ])
        #expect(kiosk.screen.answers.map { $0.source?.text() }[1...3] == ["来自身份证", "来自身份证", "来自身份证"])
        #expect(
            kiosk.screen.answers.compactMap(\.change)
                == [.change("pickup"), .change("notify"), .change("household-register")])
        #expect(kiosk.screen.actions == [.submit])
    }

    @Test("更改 returns straight to the check page")
    func change() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.press(.change("pickup"))
        #expect(kiosk.screen.heading.text() == "您想在哪里领？")
        kiosk.press(.answer(question: "pickup", value: "west"))
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.screen.answers.contains { $0.value.text() == "西门居委会" })
        kiosk.press([.change("pickup"), .back])
        #expect(kiosk.screen.name == .check)
    }

    @Test("更改 to a choice that opens a question asks that one, then returns; back gives the change up")
    func changeOpensQuestion() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.press([.change("notify"), .answer(question: "notify", value: "phone")])
        #expect(kiosk.screen.name == .digits)
        #expect(kiosk.screen.step == .init(3, of: 6))
        kiosk.press(.back)
        #expect(kiosk.screen.heading.text() == "办好了怎么通知您？")
        kiosk.press(.back)
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.screen.answers.contains { $0.value.text() == "不用通知" })

        kiosk.press([.change("notify"), .answer(question: "notify", value: "phone")])
        kiosk.press([1, 3, 9, 0, 0, 0, 0, 4, 3, 2, 1].map { .digit($0) })
        kiosk.press(.confirmDigits)
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.screen.answers.contains { $0.value.text() == "139 0000 4321" })
        #expect(!kiosk.screen.answers.contains { $0.value.text().contains("13900004321") })
        // Known already: not asked again (XN4).
        kiosk.press([.change("notify"), .answer(question: "notify", value: "none")])
        kiosk.press([.change("notify"), .answer(question: "notify", value: "phone")])
        #expect(kiosk.screen.name == .check)
    }

    @Test("What the screen does not offer does nothing, whatever the browser sends")
    func hostile() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        let before = kiosk.screen
        let actions: [ResidentAction] = [
            .answer(question: "pickup", value: "moon"), .answer(question: "notify", value: "none"),
            .answer(question: "nothing", value: "centre"), .chooseItem("senior-card"), .chooseItem("../../etc"),
            .submit,
            .keepPage, .scan, .change("pickup"), .digit(1), .confirmDigits, .next, .allTaken, .retry, .printAgain,
            .useNewCard, .goToWindow, .begin, .anotherItem, .confirmEnd, .havePaper, .skipPaper, .keepFirstCard,
        ]
        for action in actions {
            #expect(kiosk.press(action).isEmpty)
            #expect(kiosk.screen == before, "\(action)")
        }
    }

    @Test("An item without questions and materials leads from its first page to the check page")
    func bareItem() {
        var item = ServiceItem.seniorCard
        item.questions = []
        item.materials = []
        var kiosk = KioskUnderTest(items: [item])
        kiosk.goToFirstQuestion()
        #expect(kiosk.screen.name == .check)
        #expect(kiosk.screen.step == .init(1, of: 2))
        kiosk.press(.back)
        #expect(kiosk.screen.name == .intro)
    }
}
