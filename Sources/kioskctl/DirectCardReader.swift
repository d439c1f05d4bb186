import DeviceKit
import Foundation
import HallModel
import Logging

/// Reads one card by a worker of its own on a private socket; ends at the latest 2 s after the time given.
struct DirectCardReader {
    /// Why there is no card: one line with cause and next action.
    struct Failure: Error, CustomStringConvertible {
        var description: String
        var exitStatus: Int32
    }

    /// What was heard of the reader while waiting.
    private struct Heard: Sendable {
        var card: IdentityDocument?
        /// A fault that waiting does not mend.
        var fault: Problem?
        /// The last that went wrong with a card or the line.
        var trouble: Problem?
        var wasOnline = false
        var wasConnected = false
        var timesLost = 0
    }

    private enum Step: Sendable {
        case heard(Heard)
        case hostEnded(String?)
        case timeUp
    }

    let assignment: DeviceAssignment
    let timeout: Duration

    /// A second before the time is up, a reader that did not answer properly must have been given up, or nothing true
    /// could be said of it.
    init(assignment: DeviceAssignment, timeout: Duration) {
        var assignment = assignment
        if case .samv(var settings) = assignment.profile.driver {
            let longest = max(Int((timeout - .seconds(1)) / .milliseconds(1)), 500)
            settings.startTimeoutMilliseconds = min(settings.startTimeoutMilliseconds, longest)
            assignment.profile.driver = .samv(settings)
        }
        self.assignment = assignment
        self.timeout = timeout
    }

    func read() async -> Result<IdentityDocument, Failure> {
        let program = "\(ProgramFolder.own)/\(WorkerKind.usb.programName)"
        guard access(program, X_OK) == 0 else {
            return .failure(
                Failure(
                    description: "\(program) is missing or cannot be run; install it beside kioskctl.",
                    exitStatus: EX_OSFILE))
        }
        let folder: PrivateFolder
        switch PrivateFolder.make() {
        case .success(let made): folder = made
        case .failure(let failure): return .failure(Failure(description: failure.description, exitStatus: EX_CANTCREAT))
        }
        let silence = StandardErrorSilence()
        let guardian = guardEnd(folder, silence)
        let (heard, hostError) = await listen(folder)
        guardian.cancel()
        folder.remove()
        silence.end()
        if let card = heard.card { return .success(card) }
        return .failure(failure(heard, hostError, in: folder.path))
    }

    private func listen(_ folder: PrivateFolder) async -> (Heard, String?) {
        let quiet = Logger(label: "kioskctl") { _ in SwiftLogNoOpLogHandler() }
        let host = WorkerHost(
            socketPath: "\(folder.path)/workers.sock",
            workers: [WorkerSpecification(kind: .usb, instance: "usb", devices: [assignment])],
            programFolder: ProgramFolder.own, logger: quiet)
        return await withTaskGroup(of: Step.self) { group in
            group.addTask {
                do {
                    try await host.run()
                    return .hostEnded(nil)
                } catch {
                    return .hostEnded("\(error)")
                }
            }
            group.addTask { .heard(await Self.listen(to: host.events)) }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return .timeUp
            }
            var heard = Heard()
            var hostError: String?
            var isOver = false
            for await step in group {
                switch step {
                case .heard(let all): heard = all
                // After the end everything is cancelled; that is no error.
                case .hostEnded(let error): if !isOver { hostError = error }
                case .timeUp: break
                }
                isOver = true
                group.cancelAll()
            }
            return (heard, hostError)
        }
    }

    private static func listen(to events: AsyncStream<WorkerHostEvent>) async -> Heard {
        var heard = Heard()
        for await event in events {
            switch event {
            case .connected: heard.wasConnected = true
            case .lost: heard.timesLost += 1
            case .event(_, .cardRead(_, let document)):
                heard.card = document
                return heard
            case .event(_, .cardFailed(_, let problem)): heard.trouble = problem
            case .event(_, .status(_, let status)):
                if status.isUsable { heard.wasOnline = true }
                guard let problem = status.problem else { continue }
                heard.trouble = problem
                if [.noDevice, .hardwareError].contains(status.state) {
                    heard.fault = problem
                    return heard
                }
            case .event: continue
            }
        }
        return heard
    }

    private func failure(_ heard: Heard, _ hostError: String?, in folder: String) -> Failure {
        let seconds = Int(timeout / .seconds(1))
        if let problem = heard.fault ?? heard.trouble {
            return Failure(
                description: "\(assignment.address): \(ProblemWords.sentence(problem))",
                exitStatus: heard.fault == nil ? 1 : EX_UNAVAILABLE)
        }
        if let hostError {
            return Failure(
                description:
                    "the private socket for the worker cannot be used in \(folder) (\(hostError)); set TMPDIR to another folder.",
                exitStatus: EX_OSERR)
        }
        if !heard.wasConnected || heard.timesLost > 0 {
            return Failure(
                description:
                    "\(WorkerKind.usb.programName) ended or did not start within \(seconds) s; run it by itself to see why.",
                exitStatus: EX_SOFTWARE)
        }
        if !heard.wasOnline {
            return Failure(
                description:
                    "the reader at \(assignment.address) has not answered within \(seconds) s; check its power and cable, and give it 15 s after power-up.",
                exitStatus: EX_UNAVAILABLE)
        }
        return Failure(
            description:
                "no card was laid on the reader within \(seconds) s; lay it down flat and run the command again.",
            exitStatus: 1)
    }

    /// Ends the program by force 1.5 s after the time is up, should anything hang, and on Ctrl-C; the worker ends by
    /// itself when its socket closes.
    private func guardEnd(_ folder: PrivateFolder, _ silence: StandardErrorSilence) -> EndGuard {
        let address = assignment.address
        return EndGuard(after: timeout + .milliseconds(1_500)) { reason in
            folder.remove()
            if reason == .late {
                Terminal.complain(
                    "the worker for \(address) does not end; unplug the reader and try again.", to: silence.original)
            }
            _exit(reason == .late ? EX_SOFTWARE : 130)
        }
    }
}
