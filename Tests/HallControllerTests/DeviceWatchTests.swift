import HallModel
import Testing

@testable import HallController

@Suite("What the flow hears of devices")
struct DeviceWatchTests {
    let lost = DeviceStatus(.noDevice, problem: Problem(.scannerMissing))

    func watch() -> DeviceWatch {
        var watch = DeviceWatch(devices: [("scanner", .scanner)], now: .zero)
        _ = watch.heard(DeviceStatus(.online), from: "scanner", at: .seconds(1))
        return watch
    }

    @Test("a scanner that is away for 2.9 s is not noticed, and neither is the moment that it takes to be opened again")
    func blip() {
        var watch = watch()
        #expect(watch.heard(lost, from: "scanner", at: .seconds(10)) == nil)
        #expect(watch.due(at: .milliseconds(14_300)).isEmpty)
        #expect(watch.heard(DeviceStatus(.online), from: "scanner", at: .milliseconds(14_300)) == nil)
        #expect(watch.nextDue == nil)
    }

    @Test("a scanner that stays away for longer than a blip is told, once")
    func loss() {
        var watch = watch()
        #expect(watch.heard(lost, from: "scanner", at: .seconds(10)) == nil)
        #expect(watch.nextDue == .milliseconds(14_500))
        let told = watch.due(at: .milliseconds(14_500))
        #expect(told.count == 1)
        #expect(told.first?.1 == lost)
        #expect(watch.due(at: .seconds(20)).isEmpty)
        #expect(watch.heard(DeviceStatus(.online), from: "scanner", at: .seconds(21))?.1 == DeviceStatus(.online))
    }

    @Test("an open cover is told at once")
    func cover() {
        var watch = watch()
        let open = DeviceStatus(.userError, problem: Problem(.scannerCoverOpen))
        #expect(watch.heard(open, from: "scanner", at: .seconds(10))?.1 == open)
    }

    @Test("a device that never says a word is told as lost after the same time")
    func silentFromTheStart() {
        var watch = DeviceWatch(devices: [("reader", .cardReader)], now: .zero)
        #expect(watch.due(at: .seconds(4)).isEmpty)
        #expect(watch.due(at: .milliseconds(4_500)).first?.1.state == .offline)
    }

    @Test("a device nobody configured is not heard")
    func stranger() {
        var watch = watch()
        #expect(watch.heard(lost, from: "other", at: .seconds(10)) == nil)
    }

    @Test(
        "A device that is lost for good counts as a fault whatever its problem is; within a blip, or a code reader, it does not"
    )
    func lostForGood() {
        var watch = DeviceWatch(devices: [("reader", .cardReader), ("codes", .codeReader)], now: .zero)
        for name in ["reader", "codes"] { _ = watch.heard(DeviceStatus(.online), from: name, at: .seconds(1)) }
        let garbled = DeviceStatus(.offline, problem: Problem(.readerGarbled))
        for name in ["reader", "codes"] { _ = watch.heard(garbled, from: name, at: .seconds(10)) }
        #expect(watch.entries["reader"]?.isOutOfUse == false)
        _ = watch.due(at: .seconds(15))
        #expect(watch.entries["reader"]?.isOutOfUse == true)
        #expect(watch.entries["codes"]?.isOutOfUse == false)
        _ = watch.heard(DeviceStatus(.online, problem: Problem(.readerGarbled)), from: "reader", at: .seconds(20))
        #expect(watch.entries["reader"]?.isOutOfUse == false)
    }

    @Test("A printer whose paper covers no more slip is a fault as well; one that only runs low is not")
    func tooLittlePaper() {
        var watch = DeviceWatch(devices: [("printer", .receiptPrinter)], now: .zero)
        let low = Problem(.printerPaperLow)
        _ = watch.heard(DeviceStatus(.online, paper: .low, problem: low), from: "printer", at: .seconds(1))
        #expect(watch.entries["printer"]?.isOutOfUse == false)
        let told = watch.heard(DeviceStatus(.userError, paper: .low, problem: low), from: "printer", at: .seconds(2))
        // No blip: items that need a slip are closed at once.
        #expect(told?.1.isUsable == false)
        #expect(watch.entries["printer"]?.isOutOfUse == true)
    }
}
