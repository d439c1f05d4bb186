import Testing

@testable import HallEmulators

@Suite("The receipt printer's paper, status and answers")
struct ReceiptPrinterCoreTests {
    /// 你好 in GB18030, one line.
    private let hello: [UInt8] = [0x1B, 0x40, 0x1C, 0x26, 0xC4, 0xE3, 0xBA, 0xC3, 0x0A]
    private let cut: [UInt8] = [0x1D, 0x56, 0x42, 0]
    private func processID(_ id: UInt8) -> [UInt8] { [0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 0, 0, 0, id] }
    private func status(_ core: inout ReceiptPrinterCore, _ n: UInt8) -> [UInt8] {
        core.receive([0x10, 0x04, n], from: 1).answers.flatMap(\.bytes)
    }

    @discardableResult
    private func print(_ core: inout ReceiptPrinterCore, _ bytes: [UInt8], dots: Int = 100_000) -> [UInt8] {
        let answers = core.receive(bytes[...], from: 1).answers
        return (answers + core.advance(dots: dots)).flatMap(\.bytes)
    }

    @Test("a slip has its text, and what is cut without a feed stays in the printer")
    func slips() {
        var core = ReceiptPrinterCore()
        print(&core, hello + cut)
        #expect(core.slipEntries.map(\.lines) == [["你好"]])
        #expect(core.slipEntries[0].cut && core.slipEntries[0].complete && !core.slipEntries[0].taken)
        #expect(core.slipEntries[0].millimetres == 14 + 3)
        print(&core, hello + [0x1D, 0x56, 0])
        // What came off is white: a scrap, and no slip.
        #expect(core.scraps == 1 && core.slipEntries.count == 2 && core.slipEntries.last?.id == "current")
        print(&core, hello + cut)
        #expect(core.slipEntries.last?.lines == ["你好", "你好"])
        core.takeSlip()
        #expect(core.slipEntries.map(\.taken) == [true, true])
    }

    @Test("status bytes of DLE EOT as the table says")
    func realTimeStatus() {
        var core = ReceiptPrinterCore()
        for n in 1...4 { #expect(status(&core, UInt8(n)) == [0x12]) }
        _ = core.setPaper(.nearEnd)
        #expect(status(&core, 4) == [0x1E] && status(&core, 1) == [0x12])
        _ = core.setPaper(.out)
        #expect(status(&core, 4) == [0x7E] && status(&core, 1) == [0x1A] && status(&core, 2) == [0x32])
        _ = core.setPaper(.full)
        _ = core.setCover(.open)
        #expect(status(&core, 2) == [0x16] && status(&core, 1) == [0x1A])
        core.model = .clone
        #expect(status(&core, 2) == [] && status(&core, 1) == [0x1A])
    }

    @Test("automatic status comes at once and on change")
    func automaticStatus() {
        var core = ReceiptPrinterCore()
        #expect(print(&core, [0x1D, 0x61, 0x0F]) == [0x10, 0, 0, 0x0F])
        #expect(core.setPaper(.nearEnd).flatMap(\.bytes) == [0x10, 0, 0x03, 0x0F])
        #expect(core.setPaper(.out).flatMap(\.bytes) == [0x18, 0, 0x0F, 0x0F])
        #expect(core.setCover(.open).flatMap(\.bytes) == [0x38, 0, 0x0F, 0x0F])
    }

    @Test("GS ( H answers when what precedes it is on paper, not before")
    func processIdentifier() {
        var core = ReceiptPrinterCore()
        #expect(print(&core, hello + cut + processID(7), dots: 50) == [])
        #expect(print(&core, [], dots: 1_000) == [0x37, 0x22, 0, 0, 0, 7, 0])
        core.model = .clone
        #expect(print(&core, processID(8)) == [])
    }

    @Test("paper out in mid-receipt: the rest waits, nothing buffered is answered, and it goes on after the refill")
    func paperOut() {
        var core = ReceiptPrinterCore()
        core.faultAt = .init(millimetres: 20, fault: .paperOut)
        let lines = (0..<10).flatMap { _ in hello }
        #expect(print(&core, lines + cut + processID(1) + [0x1D, 0x72, 1]) == [])
        #expect(status(&core, 4) == [0x7E])
        #expect(core.slipEntries.map(\.id) == ["current"] && core.snapshot(connections: 0).currentMillimetres == 20)
        _ = core.setPaper(.full)
        #expect(print(&core, []) == [0x37, 0x22, 0, 0, 0, 1, 0, 0])
        #expect(core.slipEntries.map(\.complete) == [false, false])
        let printed = core.slipEntries.flatMap(\.lines)
        #expect(printed.count == 10)
        print(&core, hello + cut)
        #expect(core.slipEntries[2].complete)
    }

    @Test("a receipt sent while the paper is out prints whole after the refill")
    func paperOutBefore() {
        var core = ReceiptPrinterCore()
        _ = core.setPaper(.out)
        print(&core, hello + cut)
        #expect(core.slipEntries.isEmpty)
        _ = core.setPaper(.full)
        print(&core, [])
        #expect(core.slipEntries.map(\.complete) == [true])
    }

    @Test("power cut in mid-receipt: the rest is lost, the piece hangs there until it is taken")
    func powerCut() {
        var core = ReceiptPrinterCore()
        core.faultAt = .init(millimetres: 20, fault: .power)
        print(&core, (0..<10).flatMap { _ in hello } + cut + processID(1))
        let lost = core.takeLostPower()
        #expect(lost && !core.isPowered && core.isIdle)
        core.setPower(true)
        #expect(print(&core, []) == [])
        #expect(core.slipEntries.map(\.id) == ["current"] && core.snapshot(connections: 0).slipInSlot)
        core.takeSlip()
        #expect(core.slipEntries[0].taken && !core.slipEntries[0].complete)
        #expect(!core.snapshot(connections: 0).slipInSlot)
    }

    @Test("a cutter that fails stops the printer until it is freed; then the cut is made")
    func cutter() {
        var core = ReceiptPrinterCore()
        _ = core.setCutter(.error)
        print(&core, hello + cut)
        #expect(core.slipEntries.map(\.id) == ["current"])
        #expect(status(&core, 3) == [0x1A] && status(&core, 2) == [0x52])
        _ = core.setCutter(.ok)
        print(&core, [])
        #expect(core.slipEntries.map(\.id) == ["slip-1"])
    }

    @Test("DLE DC4 fn 8 clears what waits, and what was begun is not complete")
    func clearBuffer() {
        var core = ReceiptPrinterCore()
        core.faultAt = .init(millimetres: 10, fault: .cover)
        print(&core, (0..<10).flatMap { _ in hello } + cut)
        #expect(print(&core, [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]) == [0x37, 0x25, 0])
        _ = core.setCover(.closed)
        print(&core, cut)
        #expect(core.slipEntries.map(\.complete) == [false])
        #expect(core.slipEntries[0].lines.count < 10)
    }

    @Test("near its end in mid-receipt: it prints on and says so; the cutter fails in mid-receipt: the slip is not cut")
    func nearEndAndCutterInMidReceipt() {
        var core = ReceiptPrinterCore()
        core.faultAt = .init(millimetres: 10, fault: .nearEnd)
        print(&core, (0..<10).flatMap { _ in hello } + cut)
        #expect(core.slipEntries.map(\.complete) == [true] && status(&core, 4) == [0x1E])
        core.faultAt = .init(millimetres: 10, fault: .cutter)
        print(&core, (0..<10).flatMap { _ in hello } + cut)
        #expect(core.slipEntries.last?.id == "current" && status(&core, 3) == [0x1A])
    }

    @Test("a four-byte character is not in the font: its bytes come out as garbage")
    func fourByteCharacter() {
        var core = ReceiptPrinterCore()
        print(&core, [0x1C, 0x26, 0x95, 0x34, 0xB2, 0x37, 0x0A] + cut)
        #expect(core.slipEntries[0].lines[0] != "𠮷" && core.slipEntries[0].lines[0].contains("4"))
    }

    @Test("paper moves no faster than it is told")
    func speed() {
        var core = ReceiptPrinterCore()
        print(&core, (0..<10).flatMap { _ in hello }, dots: 100)
        #expect(core.strip.printedRows == 100)
    }
}
