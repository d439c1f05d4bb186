import HallModel
import TestSupport
import Testing

@testable import ReceiptPrinters

/// A whole full status, or the parts of one.
private func report(_ text: String, parts: UInt8 = 0x0F) throws -> FullStatusReport {
    try #require(FullStatusReport(parts: parts, bytes: bytes(text)))
}

@Suite("A full status on the line") struct FullStatusParserTests {
    @Test("A printer that does not know it has never sent one: its 10 begins an automatic status")
    func onlyWhereItIsKnown() {
        var parser = ESCPOSStatusParser()
        #expect(parser.feed(bytes("10 0F 20 00")) == [.automatic(AutomaticStatus(0x10, 0x0F, 0x20, 0))])
    }

    @Test("Six bytes are one answer, in whatever pieces they come")
    func pieces() throws {
        let six = bytes("10 0F 20 0C 40 01")
        let expected = ESCPOSStatusParser.Item.full(try report("20 0C 40 01"))
        for cut in 0...6 {
            var parser = ESCPOSStatusParser(knowsFullStatus: true)
            #expect(parser.feed(six.prefix(cut)) + parser.feed(six.dropFirst(cut)) == [expected])
        }
    }

    @Test("Between answers of every other kind it is told apart from them")
    func mixed() throws {
        var parser = ESCPOSStatusParser(knowsFullStatus: true)
        let items = parser.feed(
            bytes(
                "12 10 0F 20 00 00 00 16 14 00 00 00 10 00 00 00 10 0F 00 08 00 00 37 22 41 00 00 10 0F 80 60 00 00 5F 41 00"
            )
        )
        #expect(
            items == [
                .realTime(0x12), .full(try report("20 00 00 00")), .realTime(0x16),
                .automatic(AutomaticStatus(0x14, 0, 0, 0)), .automatic(AutomaticStatus(0x10, 0, 0, 0)),
                .full(try report("00 08 00 00")), .block(header: 0x37, [0x22, 0x41]), .single(0),
                .full(try report("80 60 00 00")), .block(header: 0x5F, [0x41]),
            ])
        #expect(parser.droppedBytes == 0)
    }

    @Test("Flow control between its bytes is not lost")
    func flow() throws {
        var parser = ESCPOSStatusParser(knowsFullStatus: true)
        #expect(
            parser.feed(bytes("10 13 0F 20 11 00 00 13 00"))
                == [.flow(false), .flow(true), .flow(false), .full(try report("20 00 00 00"))])
    }

    @Test("One that breaks off begins anew with what follows")
    func broken() throws {
        var parser = ESCPOSStatusParser(knowsFullStatus: true)
        #expect(
            parser.feed(bytes("10 0F 20 12 10 0F 20 00 10 0F 00 00 00 00"))
                == [.realTime(0x12), .full(try report("00 00 00 00"))])
        #expect(parser.droppedBytes == 7)
    }

    @Test("What a fallen silent printer began is forgotten before it is asked again")
    func unfinished() throws {
        var parser = ESCPOSStatusParser(knowsFullStatus: true)
        #expect(parser.feed(bytes("10 0F 20 00")).isEmpty)
        parser.dropUnfinished()
        #expect(parser.droppedBytes == 4)
        #expect(parser.feed(bytes("10 0F 00 00 00 00")) == [.full(try report("00 00 00 00"))])
    }

    @Test("Parts of it, told unasked, have a byte for each bit")
    func parts() throws {
        var parser = ESCPOSStatusParser(knowsFullStatus: true)
        #expect(
            parser.feed(bytes("10 01 20 10 03 00 02 12")) == [
                .full(try report("20", parts: 1)), .full(try report("00 02", parts: 3)), .realTime(0x12),
            ])
    }

    @Test("A key that is pressed, in bit 7, hides no answer")
    func pressedKey() {
        var parser = ESCPOSStatusParser(knowsFullStatus: true)
        #expect(parser.feed([0x92]) == [.realTime(0x92)])
        var other = ESCPOSStatusParser()
        #expect(other.feed([0x92]).isEmpty)
    }

    @Test("Any answers in any order, cut in any way, come out as they went in")
    func anyAnswers() throws {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        for _ in 0..<300 {
            var items: [ESCPOSStatusParser.Item] = []
            var line: [UInt8] = []
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                let (item, bytes) = try Self.answer(&random)
                items.append(item)
                line += bytes
            }
            var parser = ESCPOSStatusParser(knowsFullStatus: true)
            var parsed: [ESCPOSStatusParser.Item] = []
            var rest = line[...]
            while !rest.isEmpty {
                let count = min(rest.count, Int.random(in: 1...5, using: &random))
                parsed += parser.feed(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(parsed == items, "seed \(seed)")
            #expect(parser.droppedBytes == 0, "seed \(seed)")
        }
    }

    private static func answer(
        _ random: inout SeededGenerator
    ) throws -> (ESCPOSStatusParser.Item, [UInt8]) {
        func byte(_ mask: UInt8, _ random: inout SeededGenerator) -> UInt8 {
            UInt8.random(in: .min ... .max, using: &random) & mask
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            let answer = byte(0xEC, &random) | 0x12
            return (.realTime(answer), [answer])
        case 1:
            // The second byte of an automatic status has neither bit 0 nor bit 1.
            let four = [byte(0x6C, &random) | 0x10, byte(0x6C, &random), byte(0x6F, &random), byte(0x6F, &random)]
            return (.automatic(AutomaticStatus(four[0], four[1], four[2], four[3])), four)
        case 2:
            let body = (0..<Int.random(in: 0...10, using: &random)).map { _ in byte(0x7F, &random) | 0x01 }
            return (.block(header: 0x37, body), [0x37] + body + [0])
        case 3:
            let single = byte(0x6F, &random)
            return (.single(single), [single])
        case 4:
            let goes = Bool.random(using: &random)
            return (.flow(goes), [goes ? 0x11 : 0x13])
        default:
            let parts = [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15].randomElement(using: &random) ?? 15
            let told = (0..<UInt8(parts).nonzeroBitCount).map { _ in byte(0xEF, &random) }
            let report = try #require(FullStatusReport(parts: UInt8(parts), bytes: told))
            return (.full(report), [0x10, UInt8(parts)] + told)
        }
    }
}

@Suite("What a full status says") struct FullStatusTests {
    @Test(
        "Every bit of the tables, and what a person is told of it",
        arguments: [
            ("00 00 00 00", nil, .online, .full, ""),
            ("01 00 00 00", .printerPaperOut, .userError, .out, "the printer reports the end of its paper"),
            ("04 00 00 00", nil, .online, .low, ""),
            ("40 00 00 00", nil, .online, .low, ""),
            ("20 00 00 00", nil, .online, .full, ""),
            ("80 00 00 00", nil, .online, .full, ""),
            ("00 01 00 00", .printerCoverOpen, .userError, .full, "the printer reports its print head up"),
            ("00 02 00 00", .printerCoverOpen, .userError, .full, "the printer reports its cover open"),
            ("00 04 00 00", nil, .online, .full, ""),
            ("00 08 00 00", nil, .online, .full, ""),
            ("00 20 00 00", nil, .online, .full, ""),
            ("00 40 00 00", nil, .online, .full, ""),
            (
                "00 00 01 00", .printerFault, .hardwareError, .full,
                "the printer reports that the temperature of its head is wrong"
            ),
            ("00 00 02 00", nil, .online, .full, ""),
            (
                "00 00 08 00", .printerFault, .hardwareError, .full,
                "the printer reports that its supply voltage is wrong"
            ),
            ("00 00 20 00", nil, .online, .full, ""),
            ("00 00 40 00", .printerJam, .hardwareError, .jammed, "the printer reports a paper jam"),
            ("00 00 00 01", .printerCutter, .hardwareError, .full, "the printer reports a cutter error"),
            ("00 00 00 04", .printerFault, .hardwareError, .full, "the printer reports an error of its memory"),
            ("00 00 00 08", .printerFault, .hardwareError, .full, "the printer reports an error of its memory"),
            ("00 00 00 40", .printerFault, .hardwareError, .full, "the printer reports an error of its memory"),
        ] as [(String, ProblemCode?, DeviceState, PaperState, String)])
    func everyBit(
        _ text: String, _ code: ProblemCode?, _ state: DeviceState, _ paper: PaperState, _ evidence: String
    ) throws {
        var condition = PrinterCondition()
        condition.apply(try report(text))
        let problem = condition.problem(of: "printer")
        #expect(problem?.code == code)
        #expect((problem?.evidence ?? "") == evidence)
        #expect(condition.state == state)
        #expect(condition.paper == paper)
        #expect(condition.isStopped == (code != nil))
        condition.apply(try report("00 00 00 00"))
        #expect(condition.problem(of: "printer") == nil)
    }

    @Test("Slip, head, motor and data have their bits")
    func bitsOfTheSlip() throws {
        var status = FullStatus()
        status.take(try report("20 0C 00 00"))
        #expect(status.isTicketPresent && status.isAtWork)
        status.take(try report("DF 61 00 00"))
        #expect(!status.isTicketPresent && !status.isAtWork)
    }

    @Test("A part changes its own byte, and says nothing before the whole is known")
    func parts() throws {
        var condition = PrinterCondition()
        condition.apply(try report("20", parts: 1))
        #expect(condition.full == nil)
        condition.apply(try report("20 00 40 00"))
        condition.apply(try report("00", parts: 4))
        #expect(condition.full?.isTicketPresent == true)
        #expect(condition.full?.isJammed == false)
        #expect(FullStatusReport(parts: 0x0F, bytes: [0]) == nil)
        #expect(FullStatusReport(parts: 0, bytes: []) == nil)
        #expect(FullStatusReport(parts: 0x11, bytes: [0, 0]) == nil)
    }

    @Test("A slip that comes out and paper that runs low are no sign against a print; a jam is")
    func asGood() throws {
        var before = PrinterCondition()
        before.apply(try report("00 00 00 00"))
        var after = before
        after.apply(try report("24 08 00 00"))
        #expect(after.isAsGood(as: before))
        after.apply(try report("00 00 40 00"))
        #expect(!after.isAsGood(as: before))
    }
}

@Suite("What is seen of the slot") struct SlipWatchTests {
    @Test("A slip that comes into an empty slot is the receipt's, and is taken once")
    func comesAndGoes() {
        var watch = SlipWatch()
        #expect(watch.see(lies: false, isAtWork: false) == false)
        watch.beginReceipt()
        #expect(watch.canProve)
        #expect(watch.see(lies: true, isAtWork: true) == false)
        #expect(watch.hasRisen && !watch.liesAtRest)
        watch.handedOver()
        for _ in 0..<2 { #expect(watch.see(lies: true, isAtWork: false) == false) }
        #expect(watch.liesAtRest)
        #expect(watch.endReceipt() == false)
        #expect(watch.see(lies: false, isAtWork: false) == true)
        #expect(watch.see(lies: false, isAtWork: false) == false)
    }

    @Test("One that lay there before proves nothing, also when it goes and something comes back")
    func laidThereBefore() {
        var watch = SlipWatch()
        _ = watch.see(lies: true, isAtWork: false)
        watch.beginReceipt()
        #expect(!watch.canProve)
        #expect(watch.see(lies: false, isAtWork: true) == false)
        #expect(watch.see(lies: true, isAtWork: false) == false)
        #expect(!watch.hasRisen && !watch.liesAtRest)
        // The stranger's slip that went in between is not told as this receipt's.
        _ = watch.see(lies: false, isAtWork: false)
        #expect(watch.endReceipt() == false)
    }

    @Test("A slip that is pulled in the middle of the receipt is told at its end")
    func pulledBeforeTheEnd() {
        var watch = SlipWatch()
        _ = watch.see(lies: false, isAtWork: false)
        watch.beginReceipt()
        _ = watch.see(lies: true, isAtWork: false)
        #expect(watch.see(lies: false, isAtWork: false) == false)
        #expect(watch.endReceipt() == true)
        #expect(watch.endReceipt() == false)
    }

    @Test("A slot that nobody saw proves nothing, and what is not seen again was not seen to go")
    func unknown() {
        var watch = SlipWatch()
        watch.beginReceipt()
        #expect(!watch.canProve)
        _ = watch.endReceipt()
        _ = watch.see(lies: true, isAtWork: false)
        watch.lost()
        #expect(watch.see(lies: false, isAtWork: false) == false)
    }

    @Test("Any looks: a slip is told as taken at most as often as it was seen to come")
    func anyLooks() {
        var random = SeededGenerator(printedAs: #function)
        for _ in 0..<300 {
            var watch = SlipWatch()
            var (rises, taken, last) = (0, 0, false)
            for _ in 0..<50 {
                switch Int.random(in: 0..<10, using: &random) {
                case 0: watch.beginReceipt()
                case 1: taken += watch.endReceipt() ? 1 : 0
                case 2: watch.handedOver()
                case 3:
                    watch.lost()
                    last = false
                default:
                    let lies = Bool.random(using: &random)
                    if lies, !last { rises += 1 }
                    last = lies
                    taken += watch.see(lies: lies, isAtWork: Bool.random(using: &random)) ? 1 : 0
                }
            }
            #expect(taken <= rises, "seed \(random.seed)")
        }
    }
}
