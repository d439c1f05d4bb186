import HallModel
import Testing

@testable import GuidedFlow

@Suite("The language switch")
struct LanguageTests {
    @Test("works on every screen, and loses nothing: back in the first language the screen is as it was")
    func everyScreen() {
        for (name, way) in WalkAwayTests.ways {
            var kiosk = KioskUnderTest()
            way(&kiosk)
            let before = kiosk.screen
            let effects = kiosk.effects.filter { $0 != .beginSession }
            kiosk.press([.openLanguage, .setLanguage(.english), .stay])
            #expect(kiosk.screen.language == .english && kiosk.screen.name == name && kiosk.screen.overlay == nil)
            #expect(kiosk.screen.digits == before.digits && kiosk.screen.step == before.step, "\(name)")
            kiosk.press([.openLanguage, .setLanguage(.simplifiedChinese), .stay])
            var after = kiosk.screen
            after.revision = before.revision
            #expect(after == before, "\(name)")
            #expect(kiosk.effects.filter { $0 != .beginSession } == effects, "\(name)")
        }
    }

    @Test("is one person's: the next one finds the kiosk's own language")
    func reset() {
        var kiosk = KioskUnderTest()
        kiosk.layCard()
        kiosk.press([.openLanguage, .setLanguage(.english), .stay])
        kiosk.send(.cardRemoved)
        kiosk.press(.end)
        #expect(kiosk.screen.language == .simplifiedChinese)
    }
}
