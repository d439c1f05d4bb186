import ArgumentParser
import DeviceKit
import Foundation
import HallModel
import KioskControl

struct PrintReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print", abstract: "Print a slip, and say on what evidence it is called printed.",
        discussion: """
            0 only when it was printed, 1 when it was not, 69 when the printer is not there, 3 when nobody can tell: look at the \
            printer, nothing is printed a second time by itself. With --device the running kioskd prints, and only while nobody is at the kiosk. With --direct \
            this command does, and kioskd must not use the printer at the same time.

            The evidence, strongest first: processID (the printer named this slip after its cut), paperTaken, bufferedQuery (it \
            answered behind the slip), statusUnchanged, writeOnly (the bytes went out: that proves nothing).

            Examples:
              kioskctl receipt print --example --device printer
              kioskctl receipt print slip.yaml --direct tcp:192.0.2.9:9100 --json
              kioskctl receipt print slip.yaml --direct serial:/dev/ttyS1 --profile ./mine
            """)

    @OptionGroup var source: ReceiptSource
    @OptionGroup var daemon: DaemonOptions

    @Option(
        help: ArgumentHelp("A receipt printer of the running kiosk.", valueName: "NAME"),
        completion: .custom { words, _, _ in await DaemonCompletion.devices(words, .receiptPrinter) })
    var device: String?

    @Option(help: ArgumentHelp("Without kioskd: tcp:HOST:9100 or serial:/dev/…", valueName: "ADDRESS"))
    var direct: String?

    @Option(
        help: ArgumentHelp("With --direct: an installed printer profile, or a folder.", valueName: "PROFILE"),
        completion: .directory)
    var profile: String?

    func validate() throws {
        guard (direct == nil) != (device == nil) else {
            throw ValidationError("Say where to print: --device NAME or --direct ADDRESS.")
        }
        if direct == nil, profile != nil { throw ValidationError("--profile goes with --direct.") }
        guard let direct else { return }
        switch DeviceAddress(direct)?.place {
        case .serial, .tcp: break
        default: throw ValidationError("--direct takes tcp:HOST:PORT or serial:/dev/…, not “\(direct)”.")
        }
    }

    func run() async throws {
        let document = try source.document()
        let report: PrintReport
        if let direct {
            let (chosen, settings) = try ChosenProfile.receiptPrinter(profile)
            report = try await DirectPrinter(
                assignment: DeviceAssignment(name: "printer", profile: chosen, address: direct), settings: settings
            ).print(document)
        } else {
            let request = PrintRequest(device: device ?? "", receipt: document)
            report = try await daemon.ask { try await $0.print(request) }
        }
        if daemon.json { try Terminal.printJSON(report) } else { show(report) }
        switch report.verdict {
        case .printed: return
        case .notPrinted:
            let status = report.problem.map { ExitStatus(of: $0.code, evidence: $0.evidence) } ?? .failed
            throw ExitCode(status.rawValue)
        case .unknown: throw ExitCode(ExitStatus.unknown.rawValue)
        }
    }

    private func show(_ report: PrintReport) {
        let place = direct ?? report.device
        switch report.verdict {
        case .printed:
            Terminal.show(
                Mark.good("printed")
                    + " on \(place), \(Int(report.millimetres.rounded())) mm; evidence: \(report.rung.rawValue)")
        case .notPrinted: Terminal.complain("not printed on \(place): \(Self.why(report))")
        case .unknown:
            Terminal.complain(
                "nobody can tell whether the slip came out of \(place): look there before printing again. \(Self.why(report))"
            )
        }
    }

    private static func why(_ report: PrintReport) -> String {
        guard let problem = report.problem else { return "evidence: \(report.rung.rawValue)." }
        let measured = problem.evidence.isEmpty ? "" : " [\(problem.evidence)]"
        let words = problem.cause.isEmpty ? "\(problem.code)" : problem.cause
        return "\(words)\(measured) \(problem.action)".trimmingCharacters(in: .whitespaces)
    }
}

/// Prints by workers of its own on a private socket.
struct DirectPrinter {
    let assignment: DeviceAssignment
    let settings: ReceiptPrinterSettings

    func print(_ document: ReceiptDocument) async throws -> PrintReport {
        let isPrinting = Shared(false)
        let usb = WorkerSpecification(kind: .usb, instance: WorkerKind.usb.rawValue, devices: [assignment])
        // A slip may take the printer's whole patience, before and after it.
        let workers = PrivateWorkers(
            specifications: [ReceiptWorkers.render, usb], place: assignment.address,
            limit: .seconds(60) + assignment.profile.longestCommand,
            whenInterrupted: {
                isPrinting.value
                    ? "ended while the slip was printed: look at the printer, it may have come out, whole or in part."
                    : nil
            })
        return try await workers.run { host in
            try await host.becomesReady([ReceiptWorkers.render, usb])
            let slip = try await ReceiptWorkers.rendered(document, settings, by: host)
            let outcome = try await outcome(of: slip, on: host, usb.instance) { isPrinting.value = true }
            return PrintReport(
                device: assignment.address, verdict: outcome.verdict, rung: outcome.rung, millimetres: slip.millimetres,
                problem: outcome.problem.map { ProblemWords.report($0, at: assignment.address) })
        }
    }

    private func outcome(
        of slip: ReceiptWorkers.Slip, on host: WorkerHost, _ worker: String, begins: () -> Void
    ) async throws -> PrintOutcome {
        if let problem = await fault(host) { return PrintOutcome(.notPrinted, rung: .notStarted, problem: problem) }
        // A printer remembers the number of its last slip: not the same one twice.
        let job = PrintJob(number: UInt32(Date().timeIntervalSince1970) % 80_000_000, millimetres: slip.millimetres)
        begins()
        do throws(WorkerFailure) {
            let (reply, _) = try await host.perform(
                .printReceipt(device: assignment.name, job), on: worker, attachments: [slip.content],
                deadline: assignment.profile.longestCommand)
            // An answer without an outcome came after the bytes.
            guard case .printed(let outcome) = reply else { return unknown }
            return outcome
        } catch {
            switch error {
            case .problem(let problem): return PrintOutcome(.notPrinted, rung: .notStarted, problem: problem)
            case .notUnderstood: throw CommandFailure(error, of: WorkerKind.usb.programName, at: assignment.address)
            // Bytes may have been on their way.
            case .deadlinePassed, .cancelled, .workerLost:
                return unknown
            }
        }
    }

    private var unknown: PrintOutcome {
        PrintOutcome(.unknown, rung: .writeOnly, problem: Problem(.receiptUnknown, device: assignment.name))
    }

    /// The first that is heard of the printer; a problem when it is not there. One that wants paper is asked all the same, and says
    /// so itself.
    private func fault(_ host: WorkerHost) async -> Problem? {
        let name = assignment.name
        return await withTaskGroup(of: Problem?.self) { group in
            group.addTask {
                for await case .event(_, .status(let device, let status)) in host.events where device == name {
                    return [.noDevice, .offline].contains(status.state) ? status.problem : nil
                }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(20))
                return Problem(.printerMissing, device: name, evidence: "nothing heard within 20 s")
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
