import Testing

@testable import HallEmulators

@Suite("The scanner's states, jobs and sheets")
struct ScannerCoreTests {
    private func sheet(_ id: String) -> ScannerSheet { ScannerSheet(id: id, name: id, content: .sample(.blank)) }

    private var feederSettings: ESCLScanSettings {
        var settings = ESCLScanSettings()
        settings.source = .feeder
        return settings
    }

    private func pageID(_ answer: ScannerCore.NextDocument) -> String? {
        if case .page(let sheet, _) = answer { sheet?.id } else { nil }
    }

    @Test("pages go through the feeder in order and stay in the output tray until they are taken")
    func feeder() {
        var core = ScannerCore()
        #expect(core.createJob(feederSettings, id: "a", now: 0) == .conflict)
        for name in ["1", "2"] { _ = core.append(sheet(name)) }
        #expect(core.feederState == "ScannerAdfLoaded" && core.state == "Idle")
        #expect(core.createJob(feederSettings, id: "a", now: 0) == .created("a"))
        #expect(core.createJob(feederSettings, id: "b", now: 0) == .busy)
        for expected in ["1", "2"] {
            #expect(pageID(core.nextDocument("a", now: 1)) == expected)
            #expect(core.feederState == "ScannerAdfProcessing" && core.state == "Processing")
            core.finishPage("a", now: 2)
        }
        guard case .noMore = core.nextDocument("a", now: 3) else { Issue.record("a page too many"); return }
        #expect(core.state == "Idle" && core.feederState == "ScannerAdfEmpty")
        #expect(core.snapshot.output.map(\.id) == ["1", "2"] && core.snapshot.originalsPresent)
        core.takeOriginals()
        #expect(!core.snapshot.originalsPresent)
    }

    @Test("the glass is read and keeps its sheet; one page ends the job")
    func platen() {
        var core = ScannerCore()
        core.glass = sheet("g")
        #expect(core.createJob(ESCLScanSettings(), id: "a", now: 0) == .created("a"))
        #expect(pageID(core.nextDocument("a", now: 0)) == "g")
        core.finishPage("a", now: 0)
        #expect(core.state == "Idle" && core.snapshot.glass?.id == "g")
        guard case .noMore = core.nextDocument("a", now: 0) else { Issue.record("a second page"); return }
    }

    @Test("a jam stops the job; the sheet can be fed again afterwards")
    func jam() {
        var core = ScannerCore()
        _ = core.append(sheet("1"))
        _ = core.createJob(feederSettings, id: "a", now: 0)
        _ = core.nextDocument("a", now: 0)
        core.fault = .jam
        #expect(!core.mayContinue("a") && core.feederState == "ScannerAdfJam")
        core.breakOffPage("a")
        #expect(core.state == "Stopped" && core.snapshot.tray.map(\.id) == ["1"])
        #expect(core.createJob(feederSettings, id: "b", now: 0) == .conflict)
        core.fault = .none
        #expect(core.createJob(feederSettings, id: "b", now: 0) == .created("b"))
    }

    @Test(
        "each fault of the feeder stops it, in the words of eSCL and in one that is not of eSCL",
        arguments: [
            (ScannerFault.jam, "ScannerAdfJam"), (.coverOpen, "ScannerAdfHatchOpen"), (.doorOpen, "ScannerAdfDoorOpen"),
            (.mispick, "ScannerAdfMispick"), (.multipick, "ScannerAdfMultipickDetected"),
        ])
    func feederFaults(_ fault: ScannerFault, _ word: String) {
        var core = ScannerCore()
        _ = core.append(sheet("1"))
        core.fault = fault
        #expect(core.feederState == word && core.state == "Stopped")
        #expect(core.createJob(feederSettings, id: "a", now: 0) == .conflict)
        core.fault = .none
        #expect(core.createJob(feederSettings, id: "b", now: 0) == .created("b"))
    }

    @Test("a sheet that was not picked does not stop the glass")
    func mispickOverGlass() {
        var core = ScannerCore()
        core.glass = sheet("g")
        core.fault = .mispick
        _ = core.createJob(ESCLScanSettings(), id: "a", now: 0)
        _ = core.nextDocument("a", now: 0)
        #expect(core.mayContinue("a"))
    }

    @Test("a sheet whose client vanished comes out all the same, and is not fed again")
    func vanished() {
        var core = ScannerCore()
        for name in ["1", "2"] { _ = core.append(sheet(name)) }
        _ = core.createJob(feederSettings, id: "a", now: 0)
        _ = core.nextDocument("a", now: 0)
        core.breakOffPage("a")
        #expect(core.snapshot.output.map(\.id) == ["1"] && core.snapshot.tray.map(\.id) == ["2"])
        #expect(core.state == "Idle")
    }

    @Test("an open cover stops a page on the glass too")
    func coverOverGlass() {
        var core = ScannerCore()
        core.glass = sheet("g")
        _ = core.createJob(ESCLScanSettings(), id: "a", now: 0)
        _ = core.nextDocument("a", now: 0)
        #expect(core.mayContinue("a"))
        core.fault = .coverOpen
        #expect(!core.mayContinue("a"))
    }

    @Test("a job whose client fell silent is given up")
    func silence() {
        var core = ScannerCore()
        _ = core.append(sheet("1"))
        _ = core.createJob(feederSettings, id: "a", now: 0)
        #expect(core.createJob(feederSettings, id: "b", now: 59) == .busy)
        #expect(core.createJob(feederSettings, id: "b", now: 61) == .created("b"))
    }

    @Test("the feeder holds 50 sheets")
    func full() {
        var core = ScannerCore()
        for number in 1...50 { _ = core.append(sheet("\(number)")) }
        let fits = core.append(sheet("51"))
        #expect(!fits && core.tray.count == 50)
    }
}

@Suite("Scan settings are read as eSCL writes them")
struct ESCLScanSettingsTests {
    private let document = """
        <?xml version="1.0" encoding="UTF-8"?>
        <scan:ScanSettings xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm" xmlns:scan="urn:x">
          <pwg:Version>2.0</pwg:Version><scan:Intent>Document</scan:Intent>
          <pwg:ScanRegions pwg:MustHonor="true"><pwg:ScanRegion>
            <pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>
            <pwg:XOffset>100</pwg:XOffset><pwg:YOffset>200</pwg:YOffset><pwg:Width>600</pwg:Width><pwg:Height>9000</pwg:Height>
          </pwg:ScanRegion></pwg:ScanRegions>
          <pwg:InputSource> Feeder </pwg:InputSource>
          <scan:ColorMode>Grayscale8</scan:ColorMode>
          <scan:XResolution>200</scan:XResolution><scan:YResolution>200</scan:YResolution>
          <pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
        </scan:ScanSettings>
        """

    @Test("all values arrive; a region is cut to the glass")
    func values() throws {
        let settings = try ESCLScanSettings(xml: document)
        #expect(settings.source == .feeder && settings.color == .gray && settings.resolution == 200)
        #expect(settings.region == PageRegion(x: 100, y: 200, width: 600, height: 3_308))
    }

    @Test(
        "what the scanner does not offer is refused",
        arguments: [
            ("Feeder", "Camera"), ("200</scan:X", "1200</scan:X"), ("Grayscale8", "BlackAndWhite1"),
            ("ScanSettings", "X"),
            ("image/jpeg", "application/pdf"), ("<pwg:XOffset>100", "<pwg:XOffset>99999"),
        ])
    func refusals(_ change: (String, String)) {
        let xml = document.replacing(change.0, with: change.1)
        #expect(throws: ESCLScanSettings.Refusal.self) { try ESCLScanSettings(xml: xml) }
    }

    @Test("any bytes are an error or settings, never a trap")
    func anyBytes() {
        var noise = DeterministicNoise(seed: "scan settings")
        let original = Array(document.utf8)
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<5 { bytes[Int(noise.next() % UInt64(bytes.count))] = noise.bytes(1)[0] }
            _ = try? ESCLScanSettings(xml: String(decoding: bytes, as: UTF8.self))
        }
    }
}
