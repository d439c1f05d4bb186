import Subprocess

/// One run of a command-line tool: bytes in, bytes out, bounded in time and size, nothing on disk.
struct ToolRun {
    enum Outcome {
        case finished([UInt8])
        /// It ran and refused: the input is at fault.
        case refused
        /// It could not run, or took too long: the machine is at fault.
        case failed(String)
    }

    static func run(
        _ executable: String, _ arguments: [String], input: [UInt8], outputLimit: Int,
        timeout: Duration = .seconds(20)
    ) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask {
                do {
                    let result = try await Subprocess.run(
                        .name(executable), arguments: Arguments(arguments),
                        environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"]),
                        input: .array(input), output: .bytes(limit: outputLimit), error: .discarded)
                    if case .exited(0) = result.terminationStatus { return .finished(result.standardOutput) }
                    if case .exited(127) = result.terminationStatus {
                        return .failed("\(executable) is not installed.")
                    }
                    return .refused
                } catch let error as SubprocessError where error.code == .executableNotFound {
                    return .failed("\(executable) is not installed.")
                } catch is CancellationError {
                    return .failed("\(executable) was ended.")
                } catch {
                    // Writing to a tool that has stopped reading, or an answer over the limit.
                    return .refused
                }
            }
            group.addTask {
                do { try await Task.sleep(for: timeout) } catch { return .failed("\(executable) was ended.") }
                return .failed("\(executable) took too long.")
            }
            let first = await group.next() ?? .failed("\(executable) was ended.")
            group.cancelAll()
            return first
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
