import Foundation
import TestSupport
import Testing

@testable import HallEmulators

@Suite("The desk's interface: five devices, one shape of fault", .serialized)
struct DeskInterfaceTests {
    private func withHall(
        _ body: (EmulatedHall, HallAddresses, String) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "desk-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = HallOptions(runtimeFolder: folder)
        options.timeScale = 0
        options.platform = "127.0.0.1:9"
        options.platformName = "platform.hall.test"
        let hall = try EmulatedHall(options)
        let addresses = try await hall.start()
        do { try await body(hall, addresses, addresses.desk + "api/") } catch {
            await hall.stop()
            throw error
        }
        await hall.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }

    @Test("hall.json names the new devices and the files of the name")
    func addresses() async throws {
        try await withHall { hall, addresses, _ in
            #expect(addresses.codeReader.hasSuffix("/code-reader"))
            #expect(addresses.documentPrinter == hall.documentPrinter.url)
            let hosts = try String(contentsOfFile: #require(addresses.hostsFile), encoding: .utf8)
            #expect(hosts == "127.0.0.1 localhost\n127.0.0.1 platform.hall.test\n")
        }
    }

    @Test("every device takes none, slow, garbled, silent and gone; another word is refused")
    func sharedFaults() async throws {
        try await withHall { hall, _, api in
            for device in ["reader", "code-reader", "scanner", "printer", "document-printer"] {
                for fault in ["slow", "garbled", "silent", "gone", "none"] {
                    let answer = try await HTTP.post(api + device + "/fault", #"{"fault":"\#(fault)"}"#)
                    #expect(answer.status == 200, "\(device) \(fault)")
                }
                #expect(try await HTTP.post(api + device + "/fault", #"{"fault":"dance"}"#).status == 400)
            }
            #expect(hall.cardReader.snapshot.misbehaviour == .none && hall.scanner.snapshot.fault == .none)
        }
    }

    @Test("gone for a time: every device comes back by itself, and a later fault calls the return off")
    func goneForATime() async throws {
        try await withHall { hall, addresses, api in
            for device in ["reader", "code-reader", "scanner", "printer", "document-printer"] {
                let shown = try await HTTP.post(api + device + "/fault", #"{"fault":"gone","seconds":0.3}"#).json()
                let fault = (shown["fault"] ?? shown["misbehaviour"]) as? String
                #expect(fault == (device == "reader" ? "unplugged" : "gone"))
            }
            #expect(
                await becomes {
                    hall.cardReader.snapshot.device != nil && hall.codeReader.snapshot.device != nil
                        && hall.scanner.snapshot.fault == .none && hall.printer.snapshot.fault == .none
                        && hall.documentPrinter.snapshot.fault == .none
                })
            #expect(try await HTTP.get(#require(addresses.scanner) + "/ScannerStatus").status == 200)
            let port = try #require(addresses.printer.flatMap { Int($0.split(separator: ":")[1]) })
            let client = try await TCPClient(port: port)
            try await client.send([0x10, 0x04, 1])
            #expect(await client.receive(1) == [0x12])
            _ = try await HTTP.post(api + "code-reader/fault", #"{"fault":"gone","seconds":0.2}"#)
            _ = try await HTTP.post(api + "code-reader/fault", #"{"fault":"silent"}"#)
            try await Task.sleep(for: .milliseconds(400))
            #expect(hall.codeReader.snapshot.fault == .silent)
        }
    }

    @Test("a code is held, from text and from the slip printed last")
    func codes() async throws {
        try await withHall { hall, addresses, api in
            let line = try SerialLine(addresses.codeReader, speed: CInt(B9600))
            #expect(await becomes { hall.codeReader.snapshot.isOpened })
            #expect(try await HTTP.post(api + "code-reader/hold", #"{"slip":"last"}"#).status == 404)
            #expect(try await HTTP.post(api + "code-reader/hold", "{}").status == 400)
            #expect(try await HTTP.post(api + "code-reader/hold", #"{"text":""}"#).status == 400)
            _ = try await HTTP.post(api + "code-reader/settings", #"{"ending":"crlf"}"#)
            _ = try await HTTP.post(api + "code-reader/hold", #"{"text":"CODE 1"}"#)
            #expect(String(decoding: await line.read(8, silenceMilliseconds: 10_000), as: UTF8.self) == "CODE 1\r\n")
            let port = try #require(addresses.printer.flatMap { Int($0.split(separator: ":")[1]) })
            let client = try await TCPClient(port: port)
            let data = Array("SLIP CODE".utf8)
            try await client.send(
                [0x1D, 0x28, 0x6B, UInt8(data.count + 3), 0, 0x31, 0x50, 0x30] + data
                    + [0x1D, 0x28, 0x6B, 3, 0, 0x31, 0x51, 0x30, 0x1D, 0x56, 0x42, 0, 0x1D, 0x72, 1])
            _ = await client.receive(1)
            #expect(try await HTTP.post(api + "code-reader/hold", #"{"slip":"last","stays":true}"#).status == 200)
            #expect(
                String(decoding: await line.read(11, silenceMilliseconds: 10_000), as: UTF8.self) == "SLIP CODE\r\n")
            _ = try await HTTP.post(api + "code-reader/remove")
            #expect(hall.codeReader.snapshot.held == nil)
        }
    }

    @Test("a kiosk printer is chosen and worked by hand: presenter, conditions, a slip drawn back and one taken")
    func kioskPrinter() async throws {
        try await withHall { hall, _, api in
            // Another model has none of this.
            for (path, body) in [
                ("draw-back", "{}"), ("presenter", #"{"presenting":"afterCut"}"#),
                ("condition", #"{"condition":"jam","on":true}"#),
            ] {
                #expect(try await HTTP.post(api + "printer/" + path, body).status == 409, "\(path)")
            }
            #expect(try await HTTP.post(api + "printer/model", #"{"model":"custom-kiosk"}"#).status == 200)
            #expect(try await HTTP.post(api + "printer/condition", #"{"condition":"dance","on":true}"#).status == 400)
            #expect(try await HTTP.post(api + "printer/presenter", #"{"leftSlip":"eat"}"#).status == 400)
            let wish = #"{"presenting":"afterCut","leftSlip":"drawBack","cutsPartially":true}"#
            let shown = try await HTTP.post(api + "printer/presenter", wish).json()
            let presenter = try #require(shown["presenter"] as? [String: Any])
            #expect(presenter["presenting"] as? String == "afterCut" && presenter["leftSlip"] as? String == "drawBack")
            #expect(presenter["cutsPartially"] as? Bool == true)
            _ = try await HTTP.post(api + "printer/condition", #"{"condition":"jam","on":true}"#)
            #expect(hall.printer.snapshot.presenter?.conditions == [.jam] && !hall.printer.snapshot.online)
            _ = try await HTTP.post(api + "printer/condition", #"{"condition":"jam","on":false}"#)
            let client = try await TCPClient(port: hall.printer.port)
            for action in ["draw-back", "take-slip"] {
                try await client.send(Array("SLIP\n".utf8) + [0x1D, 0x56, 66, 0, 0x1D, 0x72, 1])
                #expect(await client.receive(1) == [0])
                #expect(hall.printer.snapshot.slipInSlot && hall.printer.slips.last?.place == .slot)
                let after = try await HTTP.post(api + "printer/" + action).json()
                #expect(after["slipInSlot"] as? Bool == false)
            }
            #expect(hall.printer.slips.map(\.place) == [.box, .taken])
            _ = try await HTTP.post(api + "reset")
            #expect(hall.printer.snapshot.presenter == nil && hall.printer.snapshot.model == .epson)
        }
    }

    @Test("the A4 printer is worked by hand: paper, conditions, events, papers taken")
    func documentPrinter() async throws {
        try await withHall { hall, addresses, api in
            let state = try await HTTP.post(
                api + "document-printer/state",
                #"{"paper":1,"toner":"low","doorOpen":true,"honesty":"claimsAll","forgetsJobs":true,"namesSeverity":false}"#
            )
            let shown = try state.json()
            #expect(shown["reasons"] as? [String] == ["media-low", "door-open", "toner-low", "marker-supply-low"])
            #expect(shown["state"] as? String == "stopped" && shown["paper"] as? Int == 1)
            _ = try await HTTP.post(api + "document-printer/state", #"{"doorOpen":false,"honesty":"honest"}"#)
            #expect(try await HTTP.post(api + "document-printer/end-job", #"{"how":"canceled"}"#).status == 409)
            _ = try await HTTP.post(api + "document-printer/event-after", #"{"sheets":1,"event":"jam"}"#)
            let client = IPPClient(port: hall.documentPrinter.port)
            _ = try await client.printPDF(pages: 2)
            await client.end()
            #expect(await becomes { hall.documentPrinter.snapshot.conditions == [.jam] })
            let picture = try await HTTP.get(api + "document-printer/sheets/sheet-1.jpg?resolution=100")
            #expect(picture.status == 200 && picture.body.starts(with: [0xFF, 0xD8, 0xFF]))
            #expect(
                try await HTTP.get(api + "document-printer/sheets/sheet-1.document").body == SamplePDF.bytes(pages: 2))
            #expect(try await HTTP.get(api + "document-printer/sheets/sheet-1.jpg?side=1").status == 404)
            #expect(try await HTTP.get(api + "document-printer/sheets/sheet-7.jpg").status == 404)
            #expect(try await HTTP.post(api + "document-printer/end-job", #"{"how":"aborted"}"#).status == 200)
            _ = try await HTTP.post(api + "document-printer/take-papers")
            #expect(hall.documentPrinter.snapshot.output.isEmpty)
            _ = try await HTTP.post(api + "reset")
            let fresh = hall.documentPrinter.snapshot
            #expect(fresh.paper == 250 && fresh.toner == .full && fresh.conditions.isEmpty && fresh.jobs.isEmpty)
            #expect(addresses.documentPrinter == hall.documentPrinter.url)
        }
    }

    @Test("two cards, the moment of pulling, and the network's numbers")
    func cardsAndNetwork() async throws {
        try await withHall { hall, _, api in
            _ = try await HTTP.post(api + "reader/place", #"{"card":"zhang"}"#)
            let two = try await HTTP.post(api + "reader/add", #"{"card":"relative"}"#).json()
            #expect(two["second"] as? String == "relative")
            _ = try await HTTP.post(api + "reader/collision", #"{"collision":"selectFails"}"#)
            let pull = try await HTTP.post(api + "reader/pull-at", #"{"moment":"midRead"}"#).json()
            #expect(pull["collision"] as? String == "selectFails" && pull["pullMoment"] as? String == "midRead")
            _ = try await HTTP.post(api + "reader/pull-at", #"{"moment":null}"#)
            #expect(hall.cardReader.snapshot.pullMoment == nil)
            for mode in ["latency", "lossy", "garbled", "slow", "blackhole", "cutAfterBytes"] {
                let answer = try await HTTP.post(api + "network", #"{"mode":"\#(mode)"}"#).json()
                #expect(answer["mode"] as? String == mode)
            }
            #expect(try await HTTP.post(api + "network", #"{"mode":"dance"}"#).status == 400)
            _ = try await HTTP.post(api + "network", #"{"mode":"cut","seconds":0.2}"#)
            #expect(await becomes { hall.network?.snapshot.mode == "ok" })
            let gone = try await HTTP.post(api + "network/name", #"{"resolves":false,"seconds":0.2}"#).json()
            #expect(gone["resolves"] as? Bool == false)
            #expect(await becomes { hall.names?.resolves == true })
        }
    }
}
