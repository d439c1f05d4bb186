import HallModel
import Testing

@testable import GuidedFlow

@Suite("Arrival")
struct ArrivalTests {
    @Test("An idle kiosk asks for the card, says who reads it and why, and wants no wake")
    func start() {
        let kiosk = KioskUnderTest()
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.screen.heading.text() == "请把身份证放在这里")
        // All that the reader gets is named: nothing is read that the person was not told of.
        #expect(
            kiosk.screen.lead.first?.text() == "第九街道服务中心来读卡上的字和照片。有姓名、性别、民族、生日、地址、号码、有效期。")
        #expect(kiosk.screen.actions == [.goToWindow])
        #expect(kiosk.screen.notes.isEmpty)
        #expect(!kiosk.flow.hasSession)
        #expect(kiosk.wake == nil)
    }

    @Test("The start screen says which item cannot be done today, why, and where else")
    func brokenScannerOnStart() {
        var kiosk = KioskUnderTest()
        kiosk.send(.device(.scanner, .broken(.scannerJam)))
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.screen.notes.map { $0.text.text() } == ["现在「老年人优待证」在这里办不了。扫描仪里的纸卡住了。请到2 号窗口。"])
        kiosk.send(.device(.scanner, .well))
        #expect(kiosk.screen.notes.isEmpty)
    }

    @Test("Without a reader the kiosk is closed, and says why and where to go")
    func closedByReader() {
        var kiosk = KioskUnderTest()
        kiosk.send(.device(.cardReader, .broken(.readerMissing)))
        #expect(kiosk.screen.name == .closed)
        #expect(kiosk.screen.notes.map { $0.text.text() } == ["读身份证的机器没有接好。"])
        #expect(kiosk.screen.lead.map { $0.text() } == ["请到1 号窗口办。"])
        kiosk.send(.device(.cardReader, .well))
        #expect(kiosk.screen.name == .start)
    }

    @Test(
        "A reader whose answers are garbled closes the kiosk as a broken reader, and asks nobody to lay a card down again"
    )
    func closedByGarbledReader() {
        var kiosk = KioskUnderTest()
        kiosk.send(.device(.cardReader, .broken(.readerGarbled)))
        #expect(kiosk.screen.name == .closed)
        #expect(kiosk.screen.notes.map { $0.text.keyName } == ["closed.why"])
        #expect(kiosk.screen.notes.map { $0.text.text() } == ["读身份证的机器坏了。"])
        #expect(kiosk.screen.problem == .readerGarbled)
        kiosk.send(.device(.cardReader, .well))
        #expect(kiosk.screen.problem == nil)
    }

    @Test("With submission closed the look at one's cases stays open, and the start screen says the rest")
    func submissionClosed() {
        var kiosk = KioskUnderTest()
        kiosk.send(.submissionClosed(.diskFull))
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.screen.noteKeys == ["start.itemUnavailable", "start.stillOpen"])
        kiosk.layCard()
        #expect(
            kiosk.screen.choices.map { $0.detail?.keyName }
                == ["items.unavailable", "打在纸上带走", "items.unavailable", "看看办到哪一步了"])
        kiosk.press(.chooseItem("senior-card"))
        #expect(kiosk.screen.name == .intro)
        #expect(kiosk.screen.actions == [.help])
        #expect(kiosk.screen.notes.first?.text.text() == "现在在这里办不了。机器里的地方满了。")
        #expect(kiosk.screen.lead.first?.text() == "请到2 号窗口办。")

        var bare = KioskUnderTest(items: [.seniorCard])
        bare.send(.submissionClosed(.diskFull))
        #expect(bare.screen.name == .closed)
    }

    @Test("Who does not want to lay down a card learns the window, and finds the way back")
    func window() {
        var kiosk = KioskUnderTest()
        #expect(kiosk.press(.goToWindow) == [.beginSession])
        #expect(kiosk.screen.name == .window)
        #expect(kiosk.screen.heading.text() == "请到1 号窗口")
        #expect(kiosk.screen.canGoBack)
        kiosk.press(.back)
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.wait(180) == [.endSession])
        #expect(!kiosk.flow.hasSession)
    }

    @Test("A card is read, and the person is asked by name what they want to do")
    func cardToItems() {
        var kiosk = KioskUnderTest()
        kiosk.send(.cardPresented)
        #expect(kiosk.screen.name == .reading)
        #expect(kiosk.send(.cardRead(.grandmotherZhang)) == [.beginSession])
        #expect(kiosk.screen.name == .items)
        #expect(kiosk.screen.heading.text() == "张奶奶，您要办哪件事？")
        #expect(
            kiosk.screen.choices.map { $0.detail?.text() }
                == ["您符合条件，大约 4 分钟", "打在纸上带走", "卡丢了、坏了", "看看办到哪一步了"])
        #expect(kiosk.flow.hasSession)
    }

    @Test(
        "The salutation goes by age, sex and the shape of the name",
        arguments: [
            (IdentityDocument.grandmotherZhang, "张奶奶，您要办哪件事？"),
            (.misterOuyang, "欧阳先生，您要办哪件事？"),
            (.person("欧阳", .female, born: (1990, 5, 1), number: "1"), "欧女士，您要办哪件事？"),
            (.person("\u{2B5AF}明", .male, born: (1940, 5, 1), number: "1"), "\u{2B5AF}爷爷，您要办哪件事？"),
            (.person("李明", .male, born: (1966, 3, 5), number: "1"), "李爷爷，您要办哪件事？"),
            (.person("李明", .male, born: (1966, 3, 6), number: "1"), "李先生，您要办哪件事？"),
            (.person("李明", .unknown, born: (1966, 3, 6), number: "1"), "李明，您好！您要办哪件事？"),
            (.person("李明", .male, born: nil, number: "1"), "李先生，您要办哪件事？"),
            (.person("阿依·买买提", .male, born: (1940, 5, 1), number: "1"), "阿依·买买提，您好！您要办哪件事？"),
            (
                .person("SMITH, ANNA", .female, born: (1940, 5, 1), number: "1", kind: .foreigner2023),
                "您好！您要办哪件事？"
            ),
            (.person("史密斯", .male, born: (1940, 5, 1), number: "1", kind: .foreigner2017), "史密斯，您好！您要办哪件事？"),
            (.person("陈大文", .male, born: (1980, 5, 1), number: "1", kind: .hongKongMacaoTaiwan), "陈先生，您要办哪件事？"),
            (.person("", .male, born: (1980, 5, 1), number: "1"), "您好！您要办哪件事？"),
        ])
    func salutation(card: IdentityDocument, heading: String) {
        var kiosk = KioskUnderTest()
        kiosk.layCard(card)
        #expect(kiosk.screen.heading.text() == heading)
    }

    @Test("An expired card is said and not refused; a wrong check digit is no matter of the resident's")
    func flags() {
        var kiosk = KioskUnderTest()
        var card = IdentityDocument.grandmotherZhang
        card.flags = [.expired, .checkDigitWrong]
        kiosk.layCard(card)
        #expect(kiosk.screen.name == .items)
        #expect(kiosk.screen.noteKeys == ["items.expired"])
        kiosk.press([.chooseItem("senior-card"), .begin])
        #expect(kiosk.screen.name == .choice)
    }

    @Test(
        "A card that could not be read is said on the start screen, with what to do, until the next one or a while later"
    )
    func cardFailed() {
        var kiosk = KioskUnderTest()
        kiosk.send(.cardPresented)
        kiosk.send(.cardFailed(.cardRemovedTooSoon))
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.screen.notes.map { $0.text.text() } == ["身份证拿得太快了", "请再放一次，等一下再拿。"])
        kiosk.send(.cardRemoved)
        #expect(!kiosk.screen.notes.isEmpty)
        kiosk.wait(180)
        #expect(kiosk.screen.notes.isEmpty)
        kiosk.send(.cardPresented)
        kiosk.send(.cardFailed(ProblemCode("never-heard-of")))
        #expect(kiosk.screen.noteKeys == ["trouble.card", "trouble.cardAdvice"])
        #expect(!kiosk.flow.hasSession)
    }

    @Test(
        "What was said of a card that was taken away does not stand there for the next person; of one that lies there it does"
    )
    func cardNoticeFades() {
        var kiosk = KioskUnderTest()
        kiosk.send(.cardPresented)
        kiosk.send(.cardFailed(.cardRemovedTooSoon))
        kiosk.send(.cardRemoved)
        kiosk.wait(29)
        #expect(kiosk.screen.notes.count == 2)
        kiosk.wait(1)
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.screen.notes.isEmpty)

        kiosk.send(.cardPresented)
        kiosk.send(.cardFailed(.cardUnreadable))
        kiosk.wait(60)
        #expect(kiosk.screen.notes.count == 2)
        kiosk.send(.cardRemoved)
        kiosk.wait(30)
        #expect(kiosk.screen.notes.isEmpty)
    }

    @Test("A card of a kind that nobody knows begins no session")
    func unknownKind() {
        var kiosk = KioskUnderTest()
        kiosk.layCard(.person("", .unknown, born: nil, number: "", kind: .unknown))
        #expect(kiosk.screen.name == .start)
        #expect(kiosk.screen.notes.count == 2)
        #expect(kiosk.effects.isEmpty)
    }

    @Test("A card taken away while it is being read leads back to the start")
    func removedWhileReading() {
        var kiosk = KioskUnderTest()
        kiosk.send(.cardPresented)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .start)
    }

    @Test("结束 while the card is being read keeps the card from beginning a session")
    func endWhileReading() {
        var kiosk = KioskUnderTest()
        kiosk.send(.cardPresented)
        kiosk.press(.end)
        #expect(kiosk.screen.name == .take)
        kiosk.send(.cardRead(.grandmotherZhang))
        #expect(kiosk.screen.name == .take)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .start)
    }

    @Test("A session that was lost is said on the start screen")
    func lostSession() {
        var kiosk = KioskUnderTest()
        kiosk.send(.previousSessionLost(accepted: nil))
        #expect(kiosk.screen.noteKeys == ["start.sessionLost"])
        // The card may lie there still, and is read before anybody has seen the start screen.
        kiosk.layCard()
        #expect(kiosk.screen.name == .items && kiosk.screen.noteKeys == ["items.sessionLost"])
        kiosk.press(.chooseItem("senior-card"))
        kiosk.press(.back)
        #expect(kiosk.screen.notes.isEmpty)
        kiosk.press(.end)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .start && kiosk.screen.notes.isEmpty)
    }

    @Test("A lost session whose case was accepted is not told to begin again, but its number")
    func lostSessionWithCase() {
        var kiosk = KioskUnderTest()
        kiosk.send(.previousSessionLost(accepted: "K7M2 XQ4D"))
        #expect(kiosk.screen.notes.map { $0.text.text() } == ["机器刚才停了一下。申请已经收下，不用再交。请记下号码：K7M2 XQ4D。"])
        kiosk.layCard()
        #expect(kiosk.screen.noteKeys == ["start.sessionKept"])
    }

    @Test("Who is too young may look, and learns from which age and where to ask")
    func tooYoung() {
        var kiosk = KioskUnderTest()
        kiosk.layCard(.misterOuyang)
        #expect(kiosk.screen.choices.first?.detail?.text() == "满 60 岁可以办")
        kiosk.press(.chooseItem("senior-card"))
        #expect(kiosk.screen.name == .intro)
        #expect(kiosk.screen.notes.map { $0.text.text() } == ["这件事满 60 岁才能办。"])
        #expect(kiosk.screen.lead.map { $0.text() } == ["想问一问，请到2 号窗口。"])
        #expect(kiosk.screen.actions == [.help])
        kiosk.press(.begin)
        #expect(kiosk.screen.name == .intro)
        kiosk.press(.back)
        #expect(kiosk.screen.name == .items)
    }

    @Test("The look at one's cases asks at once, and says what came of it")
    func progress() {
        var kiosk = KioskUnderTest()
        kiosk.layCard()
        #expect(
            kiosk.press(.chooseItem("progress")) == [.lookUpProgress(.person(number: Sensitive("999999194711150025")))])
        #expect(kiosk.screen.name == .lookingUp)
        kiosk.send(.progressUnavailable)
        #expect(kiosk.screen.key == "progress.unavailable")
        #expect(kiosk.press(.retry) == [.lookUpProgress(.person(number: Sensitive("999999194711150025")))])
        let found = CaseSummary(
            number: "9900 0123", itemTitle: LocalizedText("老年人优待证"), status: LocalizedText("审核中"), acceptedOn: nil)
        kiosk.send(.progressFound([found]))
        #expect(kiosk.screen.cases == [found])
        kiosk.press(.anotherItem)
        #expect(kiosk.screen.name == .items)
        kiosk.press(.chooseItem("progress"))
        kiosk.send(.progressFound([]))
        #expect(kiosk.screen.key == "progress.none")
        kiosk.press(.back)
        kiosk.send(.progressFound([found]))
        #expect(kiosk.screen.name == .items)
    }
}
