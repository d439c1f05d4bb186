import DeviceKit
import HallModel
import Testing

@testable import DocumentPrinters

@Suite("what a printer's reasons mean")
struct PrinterConditionTests {
    private func condition(_ reasons: [String], _ state: PrinterReport.State = .idle) -> PrinterCondition {
        var report = PrinterReport()
        report.state = state
        report.reasons = reasons
        return PrinterCondition(report)
    }

    @Test(
        "whatever the severity, and cut at 31 characters or not",
        arguments: [
            ("media-empty", ProblemCode.documentPrinterPaperOut, DeviceState.userError, PaperState.out),
            ("media-needed", .documentPrinterPaperOut, .userError, .out),
            ("media-jam", .documentPrinterJam, .hardwareError, .jammed),
            ("cover-open", .documentPrinterCoverOpen, .userError, .full),
            ("door-open", .documentPrinterCoverOpen, .userError, .full),
            ("input-tray-missing", .documentPrinterCoverOpen, .userError, .full),
            ("output-area-full", .documentPrinterOutputFull, .userError, .full),
            ("toner-empty", .documentPrinterSupplyEmpty, .hardwareError, .full),
            ("marker-supply-empty", .documentPrinterSupplyEmpty, .hardwareError, .full),
            ("marker-waste-full", .documentPrinterFault, .hardwareError, .full),
            ("paused", .documentPrinterPaused, .offline, .full),
            ("hold-new-jobs", .documentPrinterPaused, .offline, .full),
            ("offline", .documentPrinterMissing, .offline, .full),
        ])
    func hindrances(_ keyword: String, _ code: ProblemCode, _ state: DeviceState, _ paper: PaperState) {
        for suffix in ["", "-error", "-warning", "-report", "-repor"] {
            let found = condition([keyword + suffix])
            #expect(found.hindrance?.code == code)
            #expect(found.hindrance?.state == state)
            #expect(found.hindrance?.evidence == keyword + suffix)
            #expect(found.paper == paper)
        }
    }

    @Test(
        "it still prints, and needs something soon",
        arguments: [
            "media-low", "marker-supply-low", "toner-low", "marker-waste-almost-full",
            "marker-waste-almost-full-warnin",
            "output-area-almost-full-report",
        ])
    func warnings(_ reason: String) {
        let found = condition([reason])
        #expect(found.hindrance == nil)
        #expect(found.warning?.code == .documentPrinterSupplyLow)
        #expect(found.paper == (reason.hasPrefix("media") ? .low : .full))
    }

    @Test(
        "what says nothing of the printer is passed over",
        arguments: [
            "connecting-to-device", "cups-waiting-for-job-completed", "cups-ipp-missing-job-history",
            "cups-remote-pending",
            "other", "com.example-vendor-word", "",
        ])
    func nothing(_ reason: String) {
        let found = condition([reason])
        #expect(found.hindrance == nil && found.warning == nil)
        #expect(found.paper == .full)
    }

    @Test("one that holds each job is paused until that changes; what is under way goes on")
    func holdsJobs() {
        var queue = PrinterReport()
        queue.isSpooler = true
        queue.state = .idle
        queue.holdsJobsUntil = "indefinite"
        for sight in [PrinterSight(report: queue), PrinterSight(report: queue, printer: PrinterReport())] {
            let status = sight.status(of: "a4", isPrinting: false)
            #expect(status.state == .offline && status.problem?.code == .documentPrinterPaused)
            #expect(status.problem?.evidence == "job-hold-until-default indefinite")
        }
        #expect(PrinterSight(report: queue.ofJobUnderWay).hindrance(of: "a4") == nil)
    }

    @Test("the most urgent one of several is told")
    func order() {
        let all = ["toner-low-report", "media-empty-error", "paused", "cover-open", "media-jam-warning"]
        #expect(condition(all).hindrance?.code == .documentPrinterJam)
        #expect(condition(Array(all.dropLast())).hindrance?.code == .documentPrinterCoverOpen)
        #expect(condition(Array(all.prefix(3))).hindrance?.code == .documentPrinterPaperOut)
        #expect(condition(all).warning?.code == .documentPrinterSupplyLow)
    }

    @Test("a printer that stopped without a known reason is a fault with what it said")
    func stopped() {
        let found = condition(["fuser-dance-error"], .stopped)
        #expect(found.hindrance?.code == .documentPrinterFault)
        #expect(found.hindrance?.evidence == "printer-state stopped, fuser-dance-error")
        #expect(condition(["media-empty"], .stopped).hindrance?.code == .documentPrinterPaperOut)
        var closed = PrinterReport()
        closed.acceptsJobs = false
        #expect(PrinterCondition(closed).hindrance?.code == .documentPrinterPaused)
    }

    @Test("an idle queue's word about paper is as old as its last job, and not believed")
    func staleQueue() {
        var queue = PrinterReport()
        queue.isSpooler = true
        queue.state = .idle
        queue.reasons = ["media-empty-warning"]
        let idle = PrinterSight(report: queue)
        #expect(idle.hindrance(of: "a4") == nil)
        #expect(idle.status(of: "a4", isPrinting: false) == DeviceStatus(.online, paper: .unknown))
        queue.state = .processing
        #expect(PrinterSight(report: queue).hindrance(of: "a4")?.code == .documentPrinterPaperOut)
        queue.state = .stopped
        queue.reasons.append("paused")
        #expect(PrinterSight(report: queue).hindrance(of: "a4")?.code == .documentPrinterPaused)
        // Its printer's own word counts at once, but for a queue that was stopped.
        var printer = PrinterReport()
        printer.reasons = ["cover-open"]
        var both = PrinterSight(report: queue, printer: printer)
        #expect(both.hindrance(of: "a4")?.code == .documentPrinterPaused)
        both.report.state = .idle
        both.report.reasons = ["media-empty-warning"]
        #expect(both.hindrance(of: "a4")?.code == .documentPrinterCoverOpen)
        both.printer = PrinterReport()
        both.report.reasons = ["hold-new-jobs"]
        #expect(both.hindrance(of: "a4")?.code == .documentPrinterPaused)
        both.report = both.report.ofJobUnderWay
        #expect(both.hindrance(of: "a4") == nil)
    }

    @Test("a printer that cannot take our documents says what it takes")
    func refusal() {
        var report = PrinterReport()
        #expect(report.refusal(of: DocumentPrinterSettings()) == nil)
        report.formats = ["image/pwg-raster", "image/urf"]
        #expect(
            report.refusal(of: DocumentPrinterSettings())
                == "the printer takes no application/pdf, only image/pwg-raster, image/urf; use a queue of CUPS, which converts"
        )
        report.formats = ["Application/PDF"]
        report.media = ["na_letter_8.5x11in"]
        #expect(
            report.refusal(of: DocumentPrinterSettings())
                == "the printer has no iso_a4_210x297mm, only na_letter_8.5x11in")
        report.media.append("iso_a4_210x297mm")
        report.sides = ["one-sided"]
        #expect(report.refusal(of: DocumentPrinterSettings()) == nil)
        var duplex = DocumentPrinterSettings()
        duplex.sides = "two-sided-long-edge"
        #expect(report.refusal(of: duplex) == "the printer cannot print two-sided-long-edge, only one-sided")
    }
}

@Suite("a printer that was switched off and on")
struct UpTimeWatchTests {
    private func verdicts(_ seen: [(seconds: Int?, at: Int)]) -> [String?] {
        var watch = UpTimeWatch()
        return seen.map { watch.note($0.seconds, at: .seconds($0.at)) }
    }

    @Test("its clock goes back")
    func back() {
        #expect(
            verdicts([(500, 0), (501, 1), (3, 2), (4, 3)])
                == [nil, nil, "printer-up-time went from 501 back to 3", nil])
        #expect(verdicts([(5, 0), (4, 1)]).last == "printer-up-time went from 5 back to 4")
    }

    @Test("its clock is behind though it did not go back")
    func behind() {
        #expect(verdicts([(5, 0), (6, 1), (20, 60)]).last == "printer-up-time went from 6 to 20 in 59 s")
    }

    @Test("a clock that is set, or stands still, or is not told, proves nothing")
    func noProof() {
        #expect(verdicts([(1_795_739_454, 0), (1_795_739_455, 1), (1_795_739_454, 2)]) == [nil, nil, nil])
        #expect(verdicts([(7, 0), (7, 30), (7, 90)]) == [nil, nil, nil])
        #expect(verdicts([(nil, 0), (nil, 30), (400, 31), (nil, 32)]) == [nil, nil, nil, nil])
        #expect(verdicts([(100, 0), (101, 1), (109, 10)]) == [nil, nil, nil])
    }
}

@Suite("addresses of printers and queues")
struct IPPEndpointTests {
    @Test(
        "are read as written",
        arguments: [
            ("ipp://192.0.2.7/ipp/print", "192.0.2.7", 631, "/ipp/print", "ipp://192.0.2.7:631/ipp/print"),
            ("ipp://printer.hall:8631/ipp", "printer.hall", 8631, "/ipp", "ipp://printer.hall:8631/ipp"),
            (
                "ipp://[2001:db8::7]:632/ipp/print", "2001:db8::7", 632, "/ipp/print",
                "ipp://[2001:db8::7]:632/ipp/print"
            ),
            ("cups:hall_a4", "/run/cups/cups.sock", 631, "/printers/hall_a4", "ipp://localhost/printers/hall_a4"),
            ("cups:a-4@cups.hall", "cups.hall", 631, "/printers/a-4", "ipp://cups.hall:631/printers/a-4"),
            ("cups:q@localhost:6632", "localhost", 6632, "/printers/q", "ipp://localhost:6632/printers/q"),
        ])
    func read(_ text: String, _ host: String, _ port: Int, _ resource: String, _ uri: String) throws {
        let address = try #require(DeviceAddress(text))
        let endpoint = try #require(IPPEndpoint(address))
        #expect(endpoint == IPPEndpoint(host: host, port: port, resource: resource))
        #expect(endpoint.uri == uri)
    }

    @Test("of other devices are none", arguments: ["serial:/dev/ttyS0", "tcp:h:9100", "sane:test:0"])
    func others(_ text: String) throws {
        #expect(IPPEndpoint(try #require(DeviceAddress(text))) == nil)
    }

    @Test(
        "a queue's printer is asked only where it can be",
        arguments: [
            ("ipp://192.0.2.7/ipp/print", true), ("ipp://192.0.2.7:631/ipp/print?waitjob=false", true),
            ("ipps://192.0.2.7/ipp/print", false), ("socket://192.0.2.7:9100", false),
            ("usb://HP/LaserJet?serial=1", false),
            ("dnssd://A4._ipp._tcp.local/", false), ("ipp://user@192.0.2.7/ipp", false), ("ipp:///ipp", false),
            ("ipp://192.0.2.7:0/ipp", false), ("ipp://localhost/ipp/print", false), ("", false),
        ])
    func behindQueue(_ deviceURI: String, _ isAsked: Bool) {
        var report = PrinterReport()
        report.deviceURI = deviceURI
        let remote = IPPEndpoint(host: "cups.hall", port: 631, resource: "/printers/a4")
        #expect((report.printerEndpoint(behind: remote) != nil) == isAsked)
        // The localhost of this machine's own server is ours.
        if deviceURI.contains("localhost") {
            let local = IPPEndpoint(host: "/run/cups/cups.sock", port: 631, resource: "/printers/a4")
            #expect(report.printerEndpoint(behind: local)?.host == "localhost")
        }
    }
}
