import HallModel
import Testing

@testable import GuidedFlow

@Suite("Time, dialogs and late touches")
struct EnvelopeTests {
    @Test("Idle: an alert after 180 s, seconds in its second half, the end after 45 s more (XD1)")
    func idle() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        kiosk.wait(179)
        #expect(kiosk.screen.overlay == nil)
        kiosk.wait(1)
        #expect(kiosk.screen.overlay?.name == .idle)
        #expect(kiosk.screen.overlay?.buttons.map(\.action) == [.stay, .confirmEnd])
        kiosk.wait(22)
        #expect(kiosk.screen.overlay?.secondsLeft == nil)
        let revision = kiosk.screen.revision
        kiosk.wait(1)
        #expect(kiosk.screen.overlay?.secondsLeft == 22)
        kiosk.wait(21)
        #expect(kiosk.screen.overlay?.secondsLeft == 1)
        #expect(kiosk.screen.revision == revision)
        #expect(kiosk.wait(1) == [.endSession])
        #expect(kiosk.screen.name == .take)
    }

    @Test("The alert is answered by any touch, as often as need be")
    func renewed() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        for round in 0..<25 {
            kiosk.wait(200)
            #expect(kiosk.screen.overlay?.name == .idle)
            switch round % 4 {
            case 0: kiosk.press(.stay)
            case 1: kiosk.send(.activity)
            case 2: kiosk.send(.action(.answer(question: "pickup", value: "east"), revision: 1))
            default: kiosk.press(.answer(question: "pickup", value: "east"))
            }
            #expect(kiosk.screen.overlay == nil)
            #expect(kiosk.screen.heading.text() == "您想在哪里领？")
        }
        #expect(!kiosk.effects.contains(.endSession))
    }

    @Test("不办了 on the alert ends, also when the same touch was reported as activity first")
    func leaveFromAlert() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        kiosk.wait(190)
        let revision = kiosk.screen.revision
        kiosk.send(.activity)
        #expect(kiosk.send(.action(.confirmEnd, revision: revision)) == [.endSession])
        #expect(kiosk.send(.action(.confirmEnd, revision: revision)).isEmpty)
    }

    @Test("On the start screen nothing is asked: a look around is forgotten quietly")
    func noAlertOnStart() {
        var kiosk = KioskUnderTest()
        kiosk.press([.openLanguage, .setLanguage(.english), .stay])
        #expect(kiosk.screen.language == .english)
        kiosk.wait(179)
        #expect(kiosk.screen.overlay == nil && kiosk.screen.language == .english)
        #expect(kiosk.wait(1) == [.endSession])
        #expect(kiosk.screen.language == .simplifiedChinese)
    }

    @Test("Work of the machine counts as activity (XD3), yet not for ever")
    func busy() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.press(.scan)
        kiosk.wait(299)
        #expect(kiosk.screen.overlay == nil)
        kiosk.send(.pageScanned(PageID(rawValue: 1), .found([])))
        kiosk.wait(179)
        #expect(kiosk.screen.overlay == nil)
        kiosk.wait(1)
        #expect(kiosk.screen.overlay?.name == .idle)

        var stuck = KioskUnderTest()
        stuck.goToScan()
        stuck.press(.scan)
        #expect(stuck.wait(300 + 180 + 45) == [.cancelScan, .endSession])

        var silent = KioskUnderTest()
        silent.goToCheck()
        silent.press(.submit)
        silent.wait(300 + 180 + 44)
        #expect(silent.press(.confirmEnd).isEmpty)
        #expect(silent.flow.hasSession)
    }

    @Test("Personal data is covered after 30 s (XD2); the first touch uncovers and does nothing else")
    func cover() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.wait(29)
        let open = kiosk.screen.revision
        #expect(!kiosk.screen.isCovered)
        kiosk.wait(1)
        #expect(kiosk.screen.isCovered)
        #expect(kiosk.press(.submit).isEmpty)
        #expect(!kiosk.screen.isCovered && kiosk.screen.name == .check)
        // A touch made before the cover came is late.
        #expect(kiosk.send(.action(.submit, revision: open)).isEmpty)
        kiosk.wait(30)
        let covered = kiosk.screen.revision
        kiosk.send(.activity)
        #expect(!kiosk.screen.isCovered)
        #expect(kiosk.send(.action(.submit, revision: covered)).isEmpty)
        kiosk.wait(30)
        kiosk.press(.stay)
        #expect(!kiosk.screen.isCovered)
        #expect(kiosk.press(.submit).count == 1)
    }

    @Test("Around the cover the buttons of the frame work at once, also when the touch was told as activity first")
    func frameAroundCover() {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        kiosk.wait(30)
        #expect(kiosk.screen.isCovered)
        #expect(kiosk.press(.help) == [.callStaff(step: "check", byPerson: true)])
        #expect(!kiosk.screen.isCovered)
        kiosk.press(.stay)
        kiosk.wait(30)
        let covered = kiosk.screen.revision
        kiosk.send(.activity)
        kiosk.send(.action(.openTextSize, revision: covered))
        #expect(kiosk.screen.overlay?.name == .textSize)
        kiosk.wait(30)
        #expect(kiosk.screen.isCovered)
        kiosk.press(.setTextStep(3))
        #expect(!kiosk.screen.isCovered && kiosk.screen.textStep == 3)
        // With the alert up, a touch answers the alert and does nothing else, also where the page is covered.
        kiosk.press(.stay)
        kiosk.wait(180)
        let alerted = kiosk.screen.revision
        #expect(kiosk.screen.isCovered)
        kiosk.send(.activity)
        #expect(kiosk.send(.action(.help, revision: alerted)).isEmpty)
        // A button of the page itself is not pressed through the cover.
        kiosk.press(.stay)
        kiosk.wait(30)
        #expect(kiosk.press(.submit).isEmpty)
    }

    @Test("Screens without personal data are not covered; the number to copy stays in sight")
    func notCovered() {
        var question = KioskUnderTest()
        question.goToFirstQuestion()
        question.wait(60)
        #expect(question.screen.name == .choice && !question.screen.isCovered)
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.wait(60)
        #expect(!kiosk.screen.isCovered)
        var scan = KioskUnderTest()
        scan.goToScan()
        scan.wait(60)
        #expect(!scan.screen.isCovered)
    }

    @Test("A touch made on an older screen is dropped (XT2)")
    func lateTouch() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        let old = kiosk.screen.revision
        kiosk.press(.answer(question: "pickup", value: "east"))
        #expect(kiosk.screen.revision > old)
        kiosk.send(.action(.answer(question: "notify", value: "none"), revision: old))
        #expect(kiosk.screen.heading.text() == "办好了怎么通知您？")
        kiosk.send(.action(.answer(question: "notify", value: "none"), revision: kiosk.screen.revision + 1))
        #expect(kiosk.screen.heading.text() == "办好了怎么通知您？")
    }

    @Test("Text size and language apply at once, stay to the end of the session, and are default again after it")
    func presentation() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        kiosk.press(.openTextSize)
        #expect(kiosk.screen.overlay?.choices.map(\.isSelected) == [false, true, false, false])
        kiosk.press(.setTextStep(3))
        #expect(kiosk.screen.textStep == 3 && kiosk.screen.overlay?.name == .textSize)
        kiosk.press([.stay, .openLanguage, .setLanguage(.english), .stay])
        #expect(kiosk.screen.language == .english && kiosk.screen.overlay == nil)
        kiosk.press(.back)
        #expect(kiosk.screen.textStep == 3 && kiosk.screen.language == .english)
        kiosk.press([.back, .end])
        #expect(kiosk.screen.name == .take && kiosk.screen.language == .english)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.textStep == 2 && kiosk.screen.language == .simplifiedChinese)
    }

    @Test("The page is moved down for a seated person (XA7), on every screen of this session and no longer")
    func lowered() {
        var kiosk = KioskUnderTest()
        kiosk.press(.openTextSize)
        #expect(kiosk.screen.overlay?.choices.last?.action == .setLowered(true))
        let high = kiosk.screen.revision
        kiosk.press(.setLowered(true))
        #expect(kiosk.screen.isLowered && kiosk.screen.overlay?.name == .textSize)
        // Everything stands elsewhere: a touch made before is late.
        #expect(kiosk.screen.revision > high)
        #expect(kiosk.screen.overlay?.choices.last?.action == .setLowered(false))
        kiosk.press([.setLowered(false), .setLowered(true), .stay])
        kiosk.layCard()
        #expect(kiosk.screen.name == .items && kiosk.screen.isLowered)
        kiosk.press(.end)
        #expect(kiosk.screen.name == .take && kiosk.screen.isLowered)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .start && !kiosk.screen.isLowered)
    }

    @Test("Help says 已通知 only when it was delivered, and the truth when it was not")
    func help() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        #expect(kiosk.press(.help) == [.callStaff(step: "choice", byPerson: true)])
        #expect(kiosk.screen.overlay?.heading.text() == "正在通知工作人员")
        #expect(kiosk.press(.help).isEmpty)
        kiosk.send(.helpDelivered)
        #expect(kiosk.screen.overlay?.heading.text() == "已通知，请稍等")
        kiosk.press(.stay)
        kiosk.press(.help)
        kiosk.send(.helpNotDelivered)
        #expect(kiosk.screen.overlay?.lead.map { $0.text() } == ["请叫一下旁边的工作人员，或到1 号窗口。"])
        #expect(kiosk.press(.help) == [.callStaff(step: "choice", byPerson: true)])
        kiosk.press(.stay)
        kiosk.send(.helpDelivered)
        #expect(kiosk.screen.overlay == nil)
    }

    @Test("A call that nobody heard is said also when its dialog was closed meanwhile, and only to who called")
    func helpFailsUnseen() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        kiosk.press([.help, .stay])
        #expect(kiosk.screen.overlay == nil)
        kiosk.send(.helpNotDelivered)
        #expect(kiosk.screen.overlay?.heading.keyName == "help.failed")

        // Pressed again while the first call is under way: one call, one outcome.
        #expect(kiosk.press(.help) == [.callStaff(step: "choice", byPerson: true)])
        kiosk.press(.stay)
        #expect(kiosk.press(.help).isEmpty)
        #expect(kiosk.screen.overlay?.heading.keyName == "help.calling")
        kiosk.press([.stay, .openTextSize])
        kiosk.send(.helpNotDelivered)
        #expect(kiosk.screen.overlay?.heading.keyName == "help.failed")
        kiosk.press(.stay)

        // Nobody at the screen called: the next person is told nothing.
        kiosk.send(.helpNotDelivered)
        #expect(kiosk.screen.overlay == nil)
        kiosk.press([.help, .stay, .end])
        #expect(kiosk.screen.name == .take)
        kiosk.send(.helpNotDelivered)
        #expect(kiosk.screen.overlay == nil)
    }

    @Test("结束 asks when something would be lost, else ends at once")
    func end() {
        var kiosk = KioskUnderTest()
        kiosk.goToFirstQuestion()
        #expect(kiosk.press(.end) == [.endSession])
        kiosk.send(.cardRemoved)
        kiosk.goToScan()
        #expect(kiosk.press(.end).isEmpty)
        #expect(kiosk.screen.overlay?.lead.map(\.keyName) == ["end.unsent"])
        kiosk.press(.stay)
        #expect(kiosk.screen.name == .scan && kiosk.screen.overlay == nil)
        kiosk.press(.end)
        #expect(kiosk.press(.confirmEnd) == [.endSession])
    }
}
