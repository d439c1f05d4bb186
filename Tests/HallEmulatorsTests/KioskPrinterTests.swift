import Testing

@testable import HallEmulators

@Suite("A kiosk printer's presenter and full status")
struct KioskPrinterTests {
    /// 你好 in GB18030, one line.
    private let hello: [UInt8] = [0x1B, 0x40, 0x1C, 0x26, 0xC4, 0xE3, 0xBA, 0xC3, 0x0A]
    private let cut: [UInt8] = [0x1D, 0x56, 65, 0]
    private var lines: [UInt8] { (0..<30).flatMap { _ in hello } }

    private func kioskPrinter(_ presenting: SlipPresenting = .whilePrinting) -> ReceiptPrinterCore {
        var core = ReceiptPrinterCore()
        core.model = .customKiosk
        core.presenter.setUp = presenting
        return core
    }

    @discardableResult
    private func print(_ core: inout ReceiptPrinterCore, _ bytes: [UInt8], dots: Int = 100_000) -> [UInt8] {
        let answers = core.receive(bytes[...], from: 1).answers
        return (answers + core.advance(dots: dots)).flatMap(\.bytes)
    }

    private func status(_ core: inout ReceiptPrinterCore, _ n: UInt8) -> [UInt8] {
        core.receive([0x10, 0x04, n], from: 1).answers.flatMap(\.bytes)
    }

    /// The four bytes behind the header.
    private func full(_ core: inout ReceiptPrinterCore) -> [UInt8] {
        let answer = status(&core, 20)
        #expect(answer.prefix(2) == [0x10, 0x0F] && answer.count == 6)
        return Array(answer.dropFirst(2))
    }

    private func places(_ core: ReceiptPrinterCore) -> [SlipPlace] { core.slipEntries.map(\.place) }

    // MARK: - The full status

    @Test("paper, cover and cutter stand where the references put them")
    func fullStatus() {
        var core = kioskPrinter()
        #expect(full(&core) == [0, 0, 0, 0])
        _ = core.setPaper(.nearEnd)
        #expect(full(&core) == [0x04, 0, 0, 0])
        _ = core.setPaper(.out)
        #expect(full(&core) == [0x05, 0, 0, 0])
        #expect(status(&core, 1) == [0x1A] && status(&core, 2) == [0x32] && status(&core, 4) == [0x7E])
        _ = core.setPaper(.full)
        _ = core.setCover(.open)
        #expect(full(&core) == [0, 0x02, 0, 0])
        _ = core.setCover(.closed)
        _ = core.setCutter(.error)
        // The printer learns it when it cuts; what it has printed meanwhile stands in the slot and waits for the cut.
        #expect(full(&core) == [0, 0, 0, 0])
        print(&core, lines + cut)
        #expect(full(&core) == [0x20, 0x04, 0, 0x01])
        #expect(status(&core, 3) == [0x1A])
    }

    @Test(
        "each other condition has its bit, and alone that bit",
        arguments: zip(
            KioskPrinterCondition.allCases,
            [
                [0, 0x01, 0, 0], [0, 0, 0x40, 0], [0, 0, 0x01, 0], [0, 0, 0x08, 0], [0, 0, 0x02, 0], [0, 0, 0x20, 0],
                [0x40, 0, 0, 0], [0x80, 0, 0, 0], [0, 0x20, 0, 0], [0, 0x40, 0, 0], [0, 0, 0, 0x02], [0, 0, 0, 0x04],
                [0, 0, 0, 0x08], [0, 0, 0, 0x40],
            ] as [[UInt8]]))
    func conditions(_ condition: KioskPrinterCondition, _ bytes: [UInt8]) {
        var core = kioskPrinter()
        _ = core.set(condition, true)
        #expect(full(&core) == bytes)
        let stops = KioskPrinterCondition.stopping.contains(condition)
        #expect(core.condition.isOnline != stops && (status(&core, 1)[0] & 0x08 != 0) == stops)
        _ = core.set(condition, false)
        #expect(full(&core) == [0, 0, 0, 0])
        #expect(status(&core, 1) == [0x12])
    }

    @Test("what waits and what moves is told while it does")
    func movement() {
        var core = kioskPrinter()
        print(&core, lines + cut, dots: 100)
        #expect(full(&core) == [0, 0x0C, 0, 0] && status(&core, 17) == [0x16])
        _ = core.setPaper(.out)
        #expect(full(&core) == [0x05, 0x04, 0, 0] && status(&core, 17) == [0x32])
        _ = core.setPaper(.full)
        print(&core, [])
        #expect(full(&core) == [0x20, 0, 0, 0])
    }

    @Test("a request in two pieces is one request; one that is broken off takes the next byte with it")
    func tornRequest() {
        var core = kioskPrinter()
        #expect(core.receive([0x10], from: 1).answers.isEmpty)
        #expect(core.receive([0x04], from: 1).answers.isEmpty)
        #expect(core.receive([0x14], from: 1).answers.map(\.bytes) == [[0x10, 0x0F, 0, 0, 0, 0]])
        // 20 inside a picture is no request, unless the printer looks for it there.
        let picture: [UInt8] = [0x1D, 0x76, 0x30, 0, 3, 0, 1, 0, 0x10, 0x04, 0x14]
        #expect(print(&core, picture) == [])
        core.executesRealTimeInsideData = true
        #expect(print(&core, picture) == [0x10, 0x0F, 0, 0x04, 0, 0])
    }

    @Test("other models answer nothing to it, and know no presenter")
    func otherModels() {
        for model in [ReceiptPrinterModel.epson, .clone] {
            var core = ReceiptPrinterCore()
            core.model = model
            #expect(status(&core, 20) == [] && status(&core, 17) == [])
            #expect(core.set(.jam, true) == [] && core.condition.kiosk.isEmpty)
            #expect(core.snapshot(connections: 0).presenter == nil)
        }
    }

    @Test("what the references do not have is not answered: process id, clearing, automatic status")
    func unknownCommands() {
        var core = kioskPrinter()
        #expect(print(&core, [0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 0, 0, 0, 1]) == [])
        #expect(print(&core, [0x1D, 0x61, 0x0F]) == [])
        #expect(print(&core, [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]) == [])
        #expect(print(&core, [0x10, 0x04, 5, 0x10, 0x04, 21]) == [])
        #expect(print(&core, lines + [0x1D, 0x72, 1]) == [0])
    }

    @Test("told unasked after GS E0: the bytes that were asked for, at once and on change")
    func fullStatusBack() {
        var core = kioskPrinter()
        #expect(print(&core, [0x1D, 0xE0, 0x05]) == [0x10, 0x05, 0, 0])
        #expect(core.setPaper(.nearEnd).flatMap(\.bytes) == [0x10, 0x05, 0x04, 0])
        #expect(core.setCover(.open).isEmpty)
        #expect(core.set(.jam, true).flatMap(\.bytes) == [0x10, 0x05, 0x04, 0x40])
        _ = core.set(.jam, false)
        _ = core.setCover(.closed)
        #expect(print(&core, lines + cut) == [0x10, 0x05, 0x24, 0])
        #expect(core.takeSlip().flatMap(\.bytes) == [0x10, 0x05, 0x04, 0])
        core.setPower(false)
        core.setPower(true)
        #expect(core.setPaper(.full).isEmpty)
    }

    // MARK: - The slot

    @Test("a slip stands in the slot while it is printed, lies there after the cut, and is gone when it is taken")
    func whilePrinting() {
        var core = kioskPrinter()
        print(&core, lines + cut, dots: 300)
        #expect(full(&core)[0] == 0 && core.slipEntries.map(\.id) == ["current"])
        print(&core, [], dots: 100)
        #expect(full(&core)[0] == 0x20)
        print(&core, [])
        #expect(full(&core)[0] == 0x20 && places(core) == [.slot] && core.slipEntries[0].complete)
        #expect(core.snapshot(connections: 0).slipInSlot)
        core.takeSlip()
        #expect(full(&core)[0] == 0 && places(core) == [.taken] && !core.snapshot(connections: 0).slipInSlot)
    }

    @Test("set up to hand out after the cut, it shows nothing before")
    func afterCut() {
        var core = kioskPrinter(.afterCut)
        print(&core, lines)
        #expect(full(&core)[0] == 0)
        core.takeSlip()
        #expect(core.slipEntries.map(\.id) == ["current"], "no hand reaches it in there")
        print(&core, cut)
        #expect(full(&core)[0] == 0x20 && places(core) == [.slot])
    }

    @Test("a slip that nobody took is pushed out before the next, which lies in the slot instead of it")
    func secondSlip() {
        var core = kioskPrinter()
        print(&core, lines + cut)
        print(&core, lines, dots: 100)
        #expect(full(&core)[0] == 0 && places(core).first == .pushedOut)
        print(&core, cut)
        #expect(full(&core)[0] == 0x20 && places(core) == [.pushedOut, .slot])
        core.takeSlip()
        #expect(places(core) == [.taken, .taken])
    }

    @Test("set up to draw back, it takes the earlier one into the box, where no hand reaches it")
    func drawnBackForNext() {
        var core = kioskPrinter()
        core.presenter.leftSlip = .drawBack
        print(&core, lines + cut + lines + cut)
        #expect(places(core) == [.box, .slot])
        _ = core.drawBack()
        #expect(full(&core)[0] == 0 && places(core) == [.box, .box])
        core.takeSlip()
        #expect(places(core) == [.box, .box] && core.slipEntries.allSatisfy { !$0.taken })
    }

    @Test("power cut with a slip in the slot: it lies there still, and is told when the printer is back")
    func powerCut() {
        var core = kioskPrinter()
        print(&core, lines + cut)
        core.setPower(false)
        #expect(status(&core, 20) == [] && core.snapshot(connections: 0).slipInSlot)
        core.setPower(true)
        #expect(full(&core)[0] == 0x20)
        core.setPower(false)
        core.takeSlip()
        core.setPower(true)
        #expect(full(&core)[0] == 0 && places(core) == [.taken])
    }

    @Test("power cut in mid-receipt: the piece stands in the slot, uncut, and a hand tears it off")
    func powerCutInMidReceipt() {
        var core = kioskPrinter()
        core.faultAt = .init(millimetres: 60, fault: .power)
        print(&core, lines + cut)
        core.setPower(true)
        #expect(full(&core)[0] == 0x20 && core.slipEntries.map(\.id) == ["current"])
        core.takeSlip()
        // What stands between head and cutter stays there.
        #expect(full(&core)[0] == 0 && places(core) == [.taken, .inside] && !core.slipEntries[0].complete)
    }

    @Test("a jam in mid-receipt: whoever opens the way takes out the piece, and the rest is printed")
    func jam() {
        var core = kioskPrinter()
        core.faultAt = .init(millimetres: 60, fault: .jam)
        print(&core, lines + cut)
        #expect(full(&core) == [0x20, 0x04, 0x40, 0] && status(&core, 2) == [0x52])
        _ = core.set(.jam, false)
        print(&core, [])
        #expect(places(core) == [.taken, .slot] && core.slipEntries.map(\.complete) == [false, false])
        core.takeSlip()
        print(&core, lines + cut)
        #expect(core.slipEntries.last?.complete == true)
    }

    @Test("white paper that is cut off is no slip, and lies in the slot all the same")
    func scrap() {
        var core = kioskPrinter()
        print(&core, [0x1B, 0x4A, 80, 0x1D, 0x56, 0])
        #expect(core.slipEntries.isEmpty && core.scraps == 1 && full(&core)[0] == 0x20)
        core.takeSlip()
        #expect(core.slipEntries.isEmpty && full(&core)[0] == 0)
        // Nothing has come out of the cutter: there is nothing to cut.
        print(&core, [0x1D, 0x56, 0])
        #expect(core.scraps == 1 && full(&core)[0] == 0)
    }

    @Test("it counts vertical motion in half dots")
    func motionUnits() {
        var core = kioskPrinter()
        print(&core, [0x1B, 0x4A, 80])
        #expect(core.strip.printedRows == 40)
        print(&core, [0x1D, 0x56, 65, 24])
        #expect(core.scraps == 1)
    }

    @Test("a short slip is lengthened to 70 mm, or nothing would hold it")
    func shortest() {
        var core = kioskPrinter()
        print(&core, hello + cut)
        #expect(core.slipEntries.map(\.millimetres) == [70] && full(&core)[0] == 0x20)
    }

    // MARK: - Commands of the family

    @Test("it cuts all through or not at all: GS V 66 is not in its reference, and is passed over")
    func partialCut() {
        var core = kioskPrinter()
        for unknown: [UInt8] in [[0x1D, 0x56, 66, 0], [0x1D, 0x56, 1], [0x1D, 0x56, 49]] {
            print(&core, hello + unknown)
            #expect(core.slipEntries.map(\.id) == ["current"] && core.scraps == 0)
        }
        print(&core, [0x1D, 0x56, 65, 0])
        #expect(core.slipEntries.map(\.lines) == [["你好", "你好", "你好"]])
        core.presenter.cutsPartially = true
        print(&core, lines + [0x1D, 0x56, 66, 0])
        #expect(core.slipEntries.map(\.cut) == [true, true])
    }

    @Test("held inside until it is asked for: presented, ejected or drawn back", arguments: [3, 5, 2] as [UInt8])
    func onCommand(_ n: UInt8) {
        var core = kioskPrinter()
        // Out of continuous mode.
        print(&core, [0x1D, 0x65, 18] + lines + cut)
        #expect(full(&core)[0] == 0 && places(core) == [.inside])
        core.takeSlip()
        #expect(places(core) == [.inside])
        print(&core, [0x1D, 0x65, n] + (n == 3 ? [12] : []))
        #expect(places(core) == [n == 3 ? .slot : n == 5 ? .pushedOut : .box])
        #expect(full(&core)[0] == (n == 3 ? 0x20 : 0))
        core.setPower(false)
        core.setPower(true)
        print(&core, lines)
        #expect(full(&core)[0] == 0x20, "switched on, it hands out while it prints")
    }

    @Test(
        "what hands out cuts first",
        arguments: [[0x1D, 0x65, 3, 12], [0x1D, 0x65, 32, 12, 30], [0x1C, 0x50, 2, 0, 0x45, 0], [0x0C]] as [[UInt8]])
    func presentingCuts(_ command: [UInt8]) {
        for presenting in [SlipPresenting.whilePrinting, .onCommand] {
            var core = kioskPrinter(presenting)
            print(&core, lines + command)
            #expect(core.slipEntries.map(\.cut) == [true, false] && places(core).first == .slot)
        }
    }

    @Test("a cutter that fails holds up what hands out")
    func presentingWithoutCutter() {
        var core = kioskPrinter(.onCommand)
        _ = core.setCutter(.error)
        print(&core, lines + [0x1D, 0x65, 3, 12])
        #expect(full(&core) == [0, 0x04, 0, 0x01] && places(core) == [.inside])
        _ = core.setCutter(.ok)
        print(&core, [])
        #expect(places(core).first == .slot && full(&core) == [0x20, 0, 0, 0])
    }

    @Test("the ejector's own status byte, in its turn")
    func ejectorStatus() {
        var core = kioskPrinter()
        #expect(print(&core, [0x1D, 0x65, 6]) == [0x04])
        _ = core.setPaper(.nearEnd)
        #expect(print(&core, lines + cut + [0x1D, 0x65, 6]) == [0x0D])
    }

    @Test("commands without effect here are taken whole, and leave nothing on the paper")
    func withoutEffect() {
        var core = kioskPrinter()
        let commands: [[UInt8]] = [
            [0x1D, 0xE6, 0x41, 0x41], [0x1D, 0xE7, 0x41, 0x41], [0x1D, 0xE8, 0x41], [0x1D, 0xF0, 0x41], [0x1D, 0xF6],
            [0x1D, 0xF8], [0x1D, 0x7C, 0x41], [0x1C, 0xC1, 0x41], [0x1C, 0x4B, 0x41], [0x1B, 0x43, 0x41], [0x1B, 0x46],
            [0x1D, 0x65, 1],
        ]
        print(&core, commands.flatMap(\.self) + hello + cut)
        #expect(core.slipEntries.map(\.lines) == [["你好"]])
    }
}
