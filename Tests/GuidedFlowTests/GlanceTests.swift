import HallModel
import Testing

@testable import GuidedFlow

/// What a technician may see of a session.
@Suite struct GlanceTests {
    @Test("While nobody is there, there is nothing to see")
    func nobody() {
        let kiosk = KioskUnderTest()
        #expect(kiosk.flow.glance(in: kiosk.environment) == nil)
    }

    @Test("Nothing that the card says or the resident entered is in it, at any step")
    func nothingPersonal() throws {
        var kiosk = KioskUnderTest()
        var person = IdentityDocument.grandmotherZhang
        person.englishName = "ZHANG XIULAN"
        person.newestAddress = "虚构市东门 7 号"
        kiosk.layCard(person)
        kiosk.press([.chooseItem("senior-card"), .begin, .answer(question: "pickup", value: "centre")])
        kiosk.press(.answer(question: "notify", value: "phone"))
        for digit in "13900000000" { kiosk.press(.digit(digit.wholeNumberValue ?? 0)) }
        var seen = ""
        dump(kiosk.flow.glance(in: kiosk.environment), to: &seen)
        kiosk.press(.confirmDigits)
        kiosk.scanPage(1)
        dump(kiosk.flow.glance(in: kiosk.environment), to: &seen)
        for word in ["张", "秀兰", "ZHANG", "9999991947", "虚构", "13900000000", "1390", "centre"] {
            #expect(!seen.contains(word), "\(word)")
        }
    }

    @Test("Step, pages and the time left are told")
    func progress() throws {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        kiosk.scanPage(1)
        kiosk.press(.keepPage)
        kiosk.environment.now += .seconds(60)
        let glance = try #require(kiosk.flow.glance(in: kiosk.environment))
        #expect(glance.hasCard)
        #expect(glance.item == "senior-card")
        #expect(glance.step == Screen.Step(3, of: 5))
        #expect(
            glance.materials == [
                .init(id: "household-register", pages: 2, pagesScanned: 1, isStored: false)
            ])
        // 180 s until the alert, 45 s of it, 60 s of them gone.
        #expect(glance.idleLeft == .seconds(165))
    }

    @Test("A material that is safe counts all its pages, though none lies in memory")
    func stored() throws {
        var kiosk = KioskUnderTest()
        kiosk.goToCheck()
        #expect(
            kiosk.flow.glance(in: kiosk.environment)?.materials == [
                .init(id: "household-register", pages: 2, pagesScanned: 2, isStored: true)
            ])
    }

    @Test("During the alert the time left is what the alert leaves")
    func alert() throws {
        var kiosk = KioskUnderTest()
        kiosk.layCard()
        kiosk.wait(190)
        #expect(kiosk.flow.glance(in: kiosk.environment)?.idleLeft == .seconds(35))
    }
}
