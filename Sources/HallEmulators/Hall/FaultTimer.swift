import Synchronization

/// Mends faults that were set for a time: "gone for two seconds".
final class FaultTimer: Sendable {
    private let running = Mutex<[String: Task<Void, Never>]>([:])

    /// A fault of this device was set, for so many seconds or until told otherwise; whatever ran before is called off.
    func set(_ device: String, seconds: Double?, mend: @escaping @Sendable () async throws -> Void) {
        let task = seconds.map { seconds in
            Task {
                do { try await Task.sleep(for: .seconds(seconds)) } catch { return }
                try? await mend()
            }
        }
        running.withLock { running in
            running[device]?.cancel()
            running[device] = task
        }
    }

    /// Ends everything that still runs.
    func stop() async {
        let tasks = running.withLock { running in
            defer { running.removeAll() }
            return Array(running.values)
        }
        for task in tasks {
            task.cancel()
            await task.value
        }
    }
}
