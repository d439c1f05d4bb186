import HallModel
import Testing

@testable import GuidedFlow

@Suite("A receipt's code under the code reader")
struct ReceiptCodeTests {
    private let number = Sensitive("HK1:N:99000012")
    private let found = CaseSummary(
        number: "9900 0012", itemTitle: LocalizedText("老年人优待证"), status: LocalizedText("审核中"), acceptedOn: nil)

    @Test(
        "Only the text of a receipt is one",
        arguments: [
            "", "HK1:N:", "HK1:X:1", "hk1:N:1", "https://example.com/?c=1", "HK1:N:99 00", "HK1:N:99\u{0}00", "HK1:A:码",
            "HK1:N:" + String(repeating: "9", count: 33), "HK1:N:" + String(repeating: "9", count: 65),
            "HK1:A:k7f3k92q",
            "HK1:A:K7F3K92O", "HK1:A:K7F3K92", "HK1:A:K7F3-92Q", "HK1:N:99000012:",
            String(repeating: " ", count: 100_000),
        ])
    func noReceipt(text: String) {
        #expect(ReceiptCode.read(text) == nil)
    }

    @Test("Every number that a slip can carry is read, also one that is longer than the platform's interface says")
    func everyNumber() {
        for count in 1...32 {
            let text = "HK1:N:" + String(repeating: "7", count: count)
            #expect(ReceiptCode.read(text) == text)
        }
    }

    @Test("White space around it is not a part of it")
    func trimmed() {
        #expect(ReceiptCode.read("HK1:N:99000012\r\n") == "HK1:N:99000012")
        #expect(ReceiptCode.read(" HK1:A:K7F3K92Q\t") == "HK1:A:K7F3K92Q")
    }

    @Test("Any text whatever is read or refused, never trapped on")
    func anyText() {
        var random = SplitMix64(state: 3)
        for _ in 0..<2_000 {
            let scalars = (0..<Int.random(in: 0...80, using: &random)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random))
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            _ = ReceiptCode.read("HK1:N:" + String(text))
        }
    }

    @Test("Another code says so on the start screen, and the next touch or time takes the sentence away")
    func anotherCode() {
        var kiosk = KioskUnderTest()
        #expect(kiosk.send(.codeRead(Sensitive("https://example.com"))).isEmpty)
        #expect(kiosk.screen.name == .start && !kiosk.screen.notes.isEmpty)
        kiosk.wait(200)
        #expect(kiosk.screen.notes.isEmpty)
    }

    @Test("Without an item that looks up progress a code does nothing")
    func noProgress() {
        var kiosk = KioskUnderTest(items: [.seniorCard])
        #expect(kiosk.send(.codeRead(number)).isEmpty)
        #expect(kiosk.screen.name == .start)
    }

    @Test("At the empty kiosk its case is shown, with no card and nobody's name; reading it ends the session")
    func withoutCard() {
        var kiosk = KioskUnderTest()
        #expect(kiosk.send(.codeRead(number)) == [.beginSession, .lookUpProgress(.receipt(code: number))])
        #expect(kiosk.screen.name == .lookingUp)
        kiosk.send(.progressFound([found]))
        #expect(kiosk.screen.key == "progress.headingReceipt" && kiosk.screen.cases == [found])
        #expect(kiosk.screen.actions == [.end])
        #expect(kiosk.press(.end) == [.endSession])
        #expect(kiosk.screen.name == .start)
    }

    @Test("A code that nobody knows yet, and a platform that does not answer, are said differently")
    func noAnswer() {
        var kiosk = KioskUnderTest()
        kiosk.send(.codeRead(number))
        kiosk.send(.progressUnavailable)
        #expect(kiosk.screen.key == "progress.unavailable")
        #expect(kiosk.press(.retry) == [.lookUpProgress(.receipt(code: number))])
        kiosk.send(.progressFound([]))
        #expect(kiosk.screen.key == "progress.noneReceipt")
        kiosk.press(.back)
        #expect(kiosk.screen.name == .start)
    }

    @Test("Walking away from it clears it, and what comes back late is nobody's")
    func walkingAway() {
        var kiosk = KioskUnderTest()
        kiosk.send(.codeRead(number))
        kiosk.send(.progressFound([found]))
        kiosk.wait(30)
        #expect(kiosk.screen.isCovered)
        kiosk.wait(300)
        #expect(kiosk.screen.name == .start && !kiosk.flow.hasSession)
        #expect(kiosk.send(.progressFound([found])).isEmpty)
        #expect(kiosk.screen.cases.isEmpty)
    }

    @Test("The next code, or a card, begins anew")
    func next() {
        var kiosk = KioskUnderTest()
        kiosk.send(.codeRead(number))
        kiosk.send(.progressFound([found]))
        let other = Sensitive("HK1:A:K7F3K92Q")
        #expect(kiosk.send(.codeRead(other)) == [.lookUpProgress(.receipt(code: other))])
        kiosk.send(.progressFound([]))
        kiosk.layCard()
        #expect(kiosk.screen.name == .items && kiosk.flow.session?.lookup == nil)
    }

    @Test("In the middle of somebody's matter it does nothing; from the list of items it shows the case")
    func withCard() {
        var kiosk = KioskUnderTest()
        kiosk.goToScan()
        #expect(kiosk.send(.codeRead(number)).isEmpty)
        #expect(kiosk.screen.name == .scan)
        var other = KioskUnderTest()
        other.layCard()
        #expect(other.send(.codeRead(number)) == [.lookUpProgress(.receipt(code: number))])
        other.send(.progressFound([found]))
        #expect(other.screen.actions == [.anotherItem])
    }

    @Test("While something of the one before is seen to lie there, a code does not hide that")
    func leftBehind() {
        var kiosk = KioskUnderTest()
        kiosk.goToDone()
        kiosk.press(.next)
        #expect(kiosk.send(.codeRead(number)).isEmpty)
        #expect(kiosk.screen.name == .take)
        kiosk.press(.allTaken)
        kiosk.send(.cardRemoved)
        #expect(kiosk.screen.name == .start)
    }

    @Test("The start screen speaks of it only where the kiosk has a code reader that works")
    func hint() {
        var kiosk = KioskUnderTest()
        #expect(!kiosk.screen.leadKeys.contains("start.receipt"))
        kiosk.send(.device(.codeReader, .well))
        #expect(kiosk.screen.leadKeys.contains("start.receipt"))
        kiosk.send(.device(.cardReader, .broken(.readerMissing)))
        #expect(kiosk.screen.name == .closed && kiosk.screen.leadKeys.contains("start.receipt"))
        #expect(kiosk.send(.codeRead(number)).contains(.lookUpProgress(.receipt(code: number))))
    }
}
