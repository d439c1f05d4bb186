import Foundation
import Subprocess

/// One run of a command-line tool: bytes in, bytes out, bounded in time and size, nothing on disk.
struct ToolRun {
    enum Outcome: Sendable {
        case finished([UInt8])
        /// It ran to its end and refused, with this exit status.
        case refused(status: Int32)
        /// It could not run, or not to its end: nothing is known of the input.
        case failed(ToolFailure)
    }

    /// - Parameter executable: a name, looked for where the system has its programs, or a path.
    static func run(
        _ executable: String, _ arguments: [String], input: [UInt8], outputLimit: Int,
        timeout: Duration = .seconds(20)
    ) async -> Outcome {
        func failed(_ reason: ToolFailure.Reason) -> Outcome { .failed(ToolFailure(tool: executable, reason: reason)) }
        return await withTaskGroup(of: Outcome.self) { group in
            group.addTask {
                do {
                    return try await toTheEnd(executable, arguments, input: input, outputLimit: outputLimit)
                } catch let error as SubprocessError {
                    return failed(ToolFailure.Reason(error))
                } catch is CancellationError {
                    return failed(.interrupted)
                } catch {
                    return failed(.broken)
                }
            }
            group.addTask {
                do { try await Task.sleep(for: timeout) } catch { return failed(.interrupted) }
                return failed(.tookTooLong)
            }
            let first = await group.next() ?? failed(.interrupted)
            group.cancelAll()
            return first
        }
    }

    private static func toTheEnd(
        _ executable: String, _ arguments: [String], input: [UInt8], outputLimit: Int
    ) async throws -> Outcome {
        let result = try await Subprocess.run(
            executable.contains("/") ? .path(.init(executable)) : .name(executable), arguments: Arguments(arguments),
            environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]),
            input: .inputWriter, output: .bytes(limit: outputLimit), error: .discarded
        ) { execution in
            do {
                _ = try await execution.standardInputWriter.write(input)
            } catch let error as SubprocessError where error.underlyingError?.rawValue == EPIPE {
                // It has stopped reading; how it ends says why.
            }
        }
        switch result.terminationStatus {
        case .exited(0): return .finished(result.standardOutput)
        // What a shell and `prlimit` say of a program that is not there, or may not be run.
        case .exited(126), .exited(127): return .failed(ToolFailure(tool: executable, reason: .notInstalled))
        case .exited(let status): return .refused(status: status)
        case .signaled(let signal): return .failed(ToolFailure(tool: executable, reason: .killed(signal: signal)))
        }
    }
}

/// Why a tool could not do its work. The machine is at fault, or the tool; not what it was given.
struct ToolFailure: Error, Sendable, Equatable, CustomStringConvertible {
    enum Reason: Sendable, Equatable {
        /// It is not there, or may not be run.
        case notInstalled
        /// The system did not start it: too many processes or open files, for instance.
        case notStarted
        /// A signal ended it, as the system does when memory runs out.
        case killed(signal: Int32)
        case tookTooLong
        /// Whoever asked no longer wants to know.
        case interrupted
        /// It wrote more than anybody can want of it.
        case tooMuchOutput
        /// It ended with a status that none of its refusals has.
        case strangeEnd(status: Int32)
        /// Its input or output broke.
        case broken

        init(_ error: SubprocessError) {
            switch error.code {
            case .executableNotFound: self = .notInstalled
            case .spawnFailed: self = .notStarted
            case .outputLimitExceeded: self = .tooMuchOutput
            default: self = .broken
            }
        }
    }

    var tool: String
    var reason: Reason

    /// A sentence for whoever looks after the platform.
    var description: String {
        switch reason {
        case .notInstalled: "\(tool) is not installed, or may not be run."
        case .notStarted: "\(tool) could not be started: is the limit of processes or open files reached?"
        case .killed(let signal): "\(tool) was ended by signal \(signal)."
        case .tookTooLong: "\(tool) took too long."
        case .interrupted: "\(tool) was ended, for nobody waited for it any more."
        case .tooMuchOutput: "\(tool) wrote too much."
        case .strangeEnd(let status): "\(tool) ended with status \(status)."
        case .broken: "What \(tool) reads or writes broke off."
        }
    }
}

/// Lets a bounded number of tasks through at a time; the others wait in order.
actor Turnstile {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ width: Int) { free = width }

    func pass<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
