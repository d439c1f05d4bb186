import DeviceKit
import Foundation
import HallModel
import TestSupport
import Testing

/// The driver against a real `cupsd` with Debian's policy.
@Suite("a queue of CUPS", .timeLimit(.minutes(1)))
struct CupsQueueTests {
    /// A queue `hall_a4` to a real printer.
    private func withQueue(
        plan: String = "pages 3", cupsKeepsJobs: Bool = false, _ body: (EvePrinter, CupsServer) async throws -> Void
    ) async throws {
        let eve = try await EvePrinter(plan: plan)
        let cups = try await CupsServer(keepsJobs: cupsKeepsJobs)
        do {
            try await cups.addQueue("hall_a4", to: eve)
            try await body(eve, cups)
        } catch {
            await cups.stop()
            await eve.stop()
            throw error
        }
        await cups.stop()
        await eve.stop()
    }

    private func withKiosk(
        _ address: String, socket: String? = nil, settings: DocumentPrinterSettings = .quick,
        _ body: (PrinterUnderTest) async throws -> Void
    ) async throws {
        let kiosk = try PrinterUnderTest(address, cupsSocket: socket, settings: settings)
        do {
            try await body(kiosk)
        } catch {
            await kiosk.stop()
            throw error
        }
        await kiosk.stop()
    }

    private func expectPrinted(_ kiosk: PrinterUnderTest, _ eve: EvePrinter) async throws {
        let outcome = await kiosk.print()
        #expect(outcome == PrintOutcome(.printed, rung: .impressions), "\(outcome)")
    }

    @Test("the printer behind it is found by the job's name, and its count is the proof; the spool is empty then")
    func printed() async throws {
        try await withQueue { eve, cups in
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                try await kiosk.becomes("online") { $0.state == .online }
                #expect(kiosk.last == DeviceStatus(.online, paper: .full, model: "Example Printer"))
                try await expectPrinted(kiosk, eve)
                #expect(eve.pagesOut == 3)
            }
            // By the Unix socket that this machine's own server has.
            try await withKiosk("cups:hall_a4", socket: cups.socketPath) { kiosk in
                try await kiosk.becomes("online") { $0.state == .online }
                try await expectPrinted(kiosk, eve)
            }
            // Addressed as a printer, it is a queue all the same.
            try await withKiosk("ipp://localhost:\(cups.port)/printers/hall_a4") { kiosk in
                try await expectPrinted(kiosk, eve)
            }
            #expect(eve.pagesOut == 9)
            try await eventually("no document lies in the spool") { cups.spooledDocuments.isEmpty }
        }
    }

    @Test("a queue that completes a job of which nobody read a byte is unknown")
    func deadSocket() async throws {
        try await withQueue { _, cups in
            let deaf = try DeafListener()
            try await cups.addQueue(
                "dead", to: "socket://127.0.0.1:\(deaf.port)/?waiteof=false&snmp=false", like: "hall_a4")
            // However it is addressed.
            for address in ["cups:dead@localhost:\(cups.port)", "ipp://localhost:\(cups.port)/printers/dead"] {
                try await withKiosk(address) { kiosk in
                    try await kiosk.becomes("online, paper unknown") {
                        $0 == DeviceStatus(.online, paper: .unknown, model: $0.model)
                    }
                    let outcome = await kiosk.print()
                    #expect(outcome.verdict == .unknown && outcome.rung == .jobCompleted, "\(outcome)")
                    #expect(
                        outcome.problem?.evidence
                            == "the queue calls the job completed, which is no proof behind socket:; pages were not counted"
                    )
                }
            }
            deaf.stop()
        }
    }

    @Test("a printer that is switched off behind its queue is missing before anything is sent")
    func printerOff() async throws {
        try await withQueue { eve, cups in
            await eve.cutPower()
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                try await kiosk.becomes("missing") { $0.state == .noDevice }
                #expect(kiosk.last?.problem?.evidence.hasPrefix("ECONNREFUSED localhost:\(eve.port)") == true)
                let outcome = await kiosk.print()
                #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted)
                try await eve.start()
                try await kiosk.becomes("back") { $0.state == .online }
                try await expectPrinted(kiosk, eve)
                #expect(eve.pagesOut == 3)
            }
        }
    }

    @Test("power that is cut in mid-job is unknown, and CUPS does not print it later")
    func powerCut() async throws {
        try await withQueue(plan: "page 1; hold; page 2; page 3") { eve, cups in
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                async let printing = kiosk.print()
                try await eventually("one page is out") { eve.pagesOut == 1 }
                await eve.cutPower()
                let begun = eve.lines("begun").count
                // Whatever CUPS begins to send anew is held by the printer until it is ended.
                try eve.write(plan: "hold; exit 0")
                try await eve.start()
                let outcome = await printing
                #expect(outcome.verdict == .unknown, "\(outcome)")
                try await eventually("nothing waits in the queue") {
                    try await cups.tool("lpstat", ["-o"]).isEmpty
                }
                try await eventually("the printer was told to end it, or has never had it") {
                    eve.lines("begun").count == begun || eve.wasAsked("Cancel-Job")
                }
                if eve.lines("begun").count > begun { try eve.release() }
                try eve.write(plan: "pages 3")
                try await expectPrinted(kiosk, eve)
                #expect(eve.pagesOut == 4)
            }
        }
    }

    @Test("paper that ends in mid-job is told by the printer, and the rest is proved after the refill")
    func paperOut() async throws {
        let plan = "page 1; state +media-empty; hold; state -media-empty; page 2; page 3"
        try await withQueue(plan: plan) { eve, cups in
            try await withKiosk("cups:hall_a4", socket: cups.socketPath) { kiosk in
                async let printing = kiosk.print()
                try await kiosk.becomes("paper out") { $0.problem?.code == .documentPrinterPaperOut }
                #expect(kiosk.last?.state == .userError)
                try eve.release()
                #expect(await printing == PrintOutcome(.printed, rung: .impressions))
            }
        }
    }

    @Test("a job that is ended in mid-job is ended at the queue and at the printer")
    func cancelled() async throws {
        try await withQueue(plan: "page 1; hold; exit 0") { eve, cups in
            try await withKiosk("cups:hall_a4", socket: cups.socketPath) { kiosk in
                let printing = Task { await kiosk.print() }
                try await eventually("one page is out") { eve.pagesOut == 1 }
                printing.cancel()
                try await eventually("the printer was told") { eve.wasAsked("Cancel-Job") }
                try eve.release()
                let outcome = await printing.value
                #expect(outcome.verdict == .unknown)
                #expect(outcome.problem?.evidence.contains("1 of 3 pages") == true, "\(outcome)")
                try await eventually("nothing waits in the queue") { try await cups.tool("lpstat", ["-o"]).isEmpty }
            }
        }
    }

    @Test("CUPS with the kiosk's drop-in, started again after it died in mid-job, gives nothing to the printer")
    func forgetsJobs() async throws {
        try await withQueue(plan: "page 1; hold; page 2; page 3") { eve, cups in
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                async let printing = kiosk.print()
                try await eventually("one page is out") { eve.pagesOut == 1 }
                await cups.kill()
                try eve.release()
                #expect(await printing == PrintOutcome(.printed, rung: .impressions))
            }
            // No kiosk is there that could end the job.
            try eve.write(plan: "pages 3")
            try await cups.start()
            #expect(try await cups.openJobs.isEmpty)
            // The queue is as it was: the next document is the only other one.
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { try await expectPrinted($0, eve) }
            #expect(eve.pagesOut == 6)
            #expect(eve.lines("begun").count == 2)
        }
    }

    @Test("CUPS that dies in mid-job costs nothing: the printer goes on and is asked")
    func cupsDies() async throws {
        try await withQueue(plan: "page 1; hold; page 2; page 3", cupsKeepsJobs: true) { eve, cups in
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                async let printing = kiosk.print()
                try await eventually("one page is out") { eve.pagesOut == 1 }
                await cups.kill()
                try eve.release()
                #expect(await printing == PrintOutcome(.printed, rung: .impressions))
                try await kiosk.becomes("missing") { $0.state == .noDevice }
                // Started again, CUPS would print it a second time (tried); its job is ended instead.
                try eve.write(plan: "hold; exit 0")
                try await cups.start()
                try await eventually("nothing waits in the queue") { try await cups.tool("lpstat", ["-o"]).isEmpty }
                try await eventually("the printer was told to end it, or has never had it") {
                    eve.lines("begun").count == 1 || eve.wasAsked("Cancel-Job")
                }
                try eve.release()
                try await kiosk.becomes("back") { $0.state == .online }
                #expect(eve.pagesOut == 3)
                #expect(eve.lines("begun").count == 1 || eve.wasAsked("Cancel-Job"))
            }
        }
    }

    @Test("what CUPS says of the queue is what a technician hears")
    func states() async throws {
        try await withQueue { eve, cups in
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                try await kiosk.becomes("online") { $0.state == .online }
                _ = try await cups.tool("cupsdisable", ["hall_a4"])
                try await kiosk.becomes("stopped") {
                    $0.problem?.code == .documentPrinterPaused && $0.state == .offline
                }
                #expect(await kiosk.print().rung == .notStarted)
                _ = try await cups.tool("cupsenable", ["hall_a4"])
                try await kiosk.becomes("started") { $0.state == .online }
                _ = try await cups.tool("cupsdisable", ["--hold", "hall_a4"])
                try await kiosk.becomes("it holds what is sent") {
                    $0.problem?.code == .documentPrinterPaused && $0.state == .offline
                }
                #expect(await kiosk.print().rung == .notStarted)
                _ = try await cups.tool("cupsenable", ["--release", "hall_a4"])
                try await kiosk.becomes("it lets go") { $0.state == .online }
                _ = try await cups.tool("cupsreject", ["hall_a4"])
                try await kiosk.becomes("it takes no jobs") { $0.problem?.code == .documentPrinterPaused }
                #expect(kiosk.last?.problem?.evidence == "printer-is-accepting-jobs false")
            }
            try await withKiosk("cups:no_such_queue@localhost:\(cups.port)") { kiosk in
                try await kiosk.becomes("no queue") { $0.state == .noDevice }
                #expect(kiosk.last?.problem?.code == .documentPrinterMissing)
                #expect(kiosk.last?.problem?.evidence.hasPrefix("client-error-not-found") == true)
            }
            try await withKiosk("cups:hall_a4", socket: cups.folder.file("no.sock")) { kiosk in
                try await kiosk.becomes("no server") { $0.state == .noDevice }
                #expect(kiosk.last?.problem?.evidence.hasPrefix("ENOENT") == true, "\(String(describing: kiosk.last))")
            }
        }
    }

    @Test("a queue that holds each job is paused until that changes, and nothing is given to it")
    func holdsEachJob() async throws {
        try await withQueue { eve, cups in
            _ = try await cups.tool("lpadmin", ["-p", "hall_a4", "-o", "job-hold-until-default=indefinite"])
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                try await kiosk.becomes("paused") {
                    $0.problem?.code == .documentPrinterPaused && $0.state == .offline
                }
                #expect(kiosk.last?.problem?.evidence == "job-hold-until-default indefinite")
                let outcome = await kiosk.print()
                #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted, "\(outcome)")
                #expect(outcome.problem?.code == .documentPrinterPaused, "\(outcome)")
                #expect(try await cups.openJobs.isEmpty)
                _ = try await cups.tool("lpadmin", ["-p", "hall_a4", "-o", "job-hold-until-default=no-hold"])
                try await kiosk.becomes("well") { $0.state == .online }
                try await expectPrinted(kiosk, eve)
                #expect(eve.pagesOut == 3)
            }
        }
    }

    @Test("a job that somebody holds is ended at once, nothing comes out of it, and nobody waits for it in vain")
    func held() async throws {
        try await withQueue(plan: "hold; exit 0") { eve, cups in
            try cups.folder.write(DrawnPDF.pages(2).readableBytesView, to: "document.pdf")
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                try await kiosk.becomes("online") { $0.state == .online }
                _ = try await cups.tool(
                    "lp", ["-d", "hall_a4", "-U", "somebody", "-t", "not-ours", cups.folder.file("document.pdf")])
                try await eventually("the printer is at another one") { eve.lines("begun") == ["not-ours"] }
                async let printing = kiosk.print()
                var ours: String?
                try await eventually("ours waits in the queue") {
                    ours = try await cups.openJobs.first { $0.contains("hallkiosk") }
                    return ours != nil
                }
                let job = try #require(ours?.split(separator: " ").first)
                _ = try await cups.tool("lp", ["-i", String(job), "-H", "indefinite"])
                let outcome = await printing
                #expect(outcome.verdict == .notPrinted && outcome.rung == .notStarted, "\(outcome)")
                #expect(outcome.problem?.code == .documentPrinterPaused, "\(outcome)")
                #expect(outcome.problem?.evidence == "the job is held, job-hold-until-specified", "\(outcome)")
                #expect(try await !cups.openJobs.contains { $0.contains("hallkiosk") })
                try eve.write(plan: "pages 3")
                try eve.release()
                try await expectPrinted(kiosk, eve)
                #expect(eve.pagesOut == 3 && eve.lines("begun").count == 2)
            }
        }
    }

    @Test("it is ended also while the printer is off, or it would come out when that is on again")
    func leftoverWithoutPrinter() async throws {
        try await withQueue { eve, cups in
            await eve.cutPower()
            try cups.folder.write(DrawnPDF.pages(2).readableBytesView, to: "document.pdf")
            _ = try await cups.tool(
                "lp", ["-d", "hall_a4", "-U", "hallkiosk", "-t", "left-behind", cups.folder.file("document.pdf")])
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { kiosk in
                try await kiosk.becomes("missing") { $0.state == .noDevice }
                try await eventually("nothing waits in the queue") { try await cups.tool("lpstat", ["-o"]).isEmpty }
                try await eve.start()
                try await kiosk.becomes("back") { $0.state == .online }
                try await expectPrinted(kiosk, eve)
                #expect(!eve.lines("begun").contains("left-behind"))
            }
        }
    }

    @Test("a job of ours that was left in a queue is ended at the start, and nothing comes out of it")
    func leftover() async throws {
        try await withQueue { eve, cups in
            _ = try await cups.tool("cupsdisable", ["hall_a4"])
            try cups.folder.write(DrawnPDF.pages(2).readableBytesView, to: "document.pdf")
            _ = try await cups.tool(
                "lp", ["-d", "hall_a4", "-U", "hallkiosk", "-t", "left-behind", cups.folder.file("document.pdf")])
            _ = try await cups.tool(
                "lp", ["-d", "hall_a4", "-U", "somebody", "-t", "not-ours", cups.folder.file("document.pdf")])
            try await withKiosk("cups:hall_a4@localhost:\(cups.port)") { _ in
                try await eventually("ours is ended") {
                    try await cups.tool("lpstat", ["-o"]).split(separator: "\n").count == 1
                }
                #expect(try await cups.tool("lpstat", ["-o"]).contains("somebody"))
            }
            _ = try await cups.tool("cupsenable", ["hall_a4"])
            try await eventually("the other one is printed") { eve.lines("begun") == ["not-ours"] }
        }
    }
}
