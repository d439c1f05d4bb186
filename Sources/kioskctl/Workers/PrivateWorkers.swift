import DeviceKit
import Foundation
import HallModel
import Logging

/// Workers of this command's own, on a private socket: what `kioskctl` does without the daemon. They end with the command, however
/// that ends.
struct PrivateWorkers {
    private enum Step<Value: Sendable>: Sendable {
        case done(Value)
        case failed(any Error)
        case hostEnded(String)
        case told(EndGuard.Reason)
    }

    let specifications: [WorkerSpecification]
    /// What hangs when the time is up; for the sentence.
    let place: String
    /// The longest that the command may take; `nil`: until it is told to end.
    let limit: Duration?
    /// What is to be said more than that it was not done, when the command is told to end.
    var whenInterrupted: @Sendable () -> String? = { nil }

    /// Time in which everything has to end once it was told to; then it is ended by force.
    private static let patience = Duration.milliseconds(1_500)

    /// Starts the workers, does the work, ends the workers.
    /// - Throws: `CommandFailure`, and what the work throws.
    func run<Value: Sendable>(_ work: @escaping @Sendable (WorkerHost) async throws -> Value) async throws -> Value {
        for name in Set(specifications.map(\.kind.programName)).sorted() {
            let program = "\(ProgramFolder.own)/\(name)"
            guard access(program, X_OK) == 0 else {
                throw CommandFailure(
                    .missingProgram, "\(program) is missing or cannot be run; install it beside kioskctl.")
            }
        }
        let folder: PrivateFolder
        switch PrivateFolder.make() {
        case .success(let made): folder = made
        case .failure(let failure): throw CommandFailure(.cannotCreate, failure.description)
        }
        let silence = StandardErrorSilence()
        let (told, telling) = AsyncStream<EndGuard.Reason>.makeStream()
        let place = place
        let whenInterrupted = whenInterrupted
        let guardian = EndGuard(after: limit) { reason in
            telling.yield(reason)
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(Self.patience / .milliseconds(1)))) {
                folder.remove()
                let end = reason == .late ? Self.hangs(place) : Self.interrupted(place, whenInterrupted())
                // Behind a question that waits for a key, on a line of its own.
                if Terminal.isTerminal(Terminal.errors.load(ordering: .relaxed)) { Terminal.draw("\n") }
                Terminal.complain(end.sentence)
                _exit(reason == .late ? ExitStatus.software.rawValue : ExitStatus.interrupted.rawValue)
            }
        }
        let step = await steps(folder, told, work)
        guardian.cancel()
        folder.remove()
        silence.end()
        switch step {
        case .done(let value): return value
        case .failed(let error): throw error
        case .hostEnded(let error):
            throw CommandFailure(
                .system,
                "the private socket for the worker cannot be used in \(folder.path) (\(error)); set TMPDIR to another folder."
            )
        case .told(.late): throw Self.hangs(place)
        case .told(.told): throw Self.interrupted(place, whenInterrupted())
        }
    }

    private static func interrupted(_ place: String, _ words: String?) -> CommandFailure {
        CommandFailure(.interrupted, "\(place): \(words ?? "ended before it was done.")")
    }

    private static func hangs(_ place: String) -> CommandFailure {
        CommandFailure(.software, "the worker for \(place) does not end; unplug the device and try again.")
    }

    private func steps<Value: Sendable>(
        _ folder: PrivateFolder, _ told: AsyncStream<EndGuard.Reason>,
        _ work: @escaping @Sendable (WorkerHost) async throws -> Value
    ) async -> Step<Value> {
        let host = WorkerHost(
            socketPath: "\(folder.path)/workers.sock", workers: specifications, programFolder: ProgramFolder.own,
            logger: Logger(label: "kioskctl") { _ in SwiftLogNoOpLogHandler() })
        return await withTaskGroup(of: Step<Value>.self) { group in
            group.addTask {
                do {
                    try await host.run()
                    return .hostEnded("it closed")
                } catch {
                    return .hostEnded("\(error)")
                }
            }
            group.addTask {
                do { return .done(try await work(host)) } catch { return .failed(error) }
            }
            group.addTask {
                for await reason in told { return .told(reason) }
                // Cancelled: another step was first.
                return .hostEnded("it closed")
            }
            let first = await group.next() ?? .hostEnded("it closed")
            group.cancelAll()
            return first
        }
    }
}

extension WorkerHost {
    /// Waits until these workers have said hello.
    func becomesReady(_ workers: [WorkerSpecification], within limit: Duration = .seconds(8)) async throws {
        let end = ContinuousClock.now + limit
        for worker in workers {
            while !isConnected(worker.instance) {
                guard ContinuousClock.now < end else {
                    throw CommandFailure(
                        .software,
                        "\(worker.kind.programName) ended or did not start within \(Int(limit / .seconds(1))) s; "
                            + "run it by itself to see why.")
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
