import DeviceKit
import Testing

@testable import CardReaders

@Suite("Times of a card reader")
struct SAMVTimingTests {
    @Test("half a minute without a card, and the reader is asked half as often")
    func resting() {
        var settings = CardReaderSettings()
        settings.pollMilliseconds = 300
        let timing = SAMVTiming(settings)
        #expect(timing.poll(afterAlone: .zero) == .milliseconds(300))
        #expect(timing.poll(afterAlone: .seconds(29.9)) == .milliseconds(300))
        #expect(timing.poll(afterAlone: .seconds(30)) == .milliseconds(600))
    }
}
