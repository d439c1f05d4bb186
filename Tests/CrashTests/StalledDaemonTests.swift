import Foundation
import TestSupport
import Testing

extension CrashTests {
    /// A machine that was suspended, or whose disk stalled, wakes up with everything as it was.
    @Suite("A daemon that was stopped for a while") struct StalledDaemonTests {
        @Test("does not take its workers for dead: what they said meanwhile was only not read yet")
        func workersStay() async throws {
            let hall = try HallUnderTest()
            do {
                try await hall.start()
                let workers: Set = [
                    "kiosk-worker-usb", "kiosk-worker-scan", "kiosk-worker-print", "kiosk-worker-render",
                ]
                try await eventually("all workers are there", within: .seconds(20)) {
                    await Set(hall.workerPIDs().keys) == workers
                }
                // Past the first pings.
                try await Task.sleep(for: .seconds(6))
                let before = await hall.workerPIDs()
                await hall.kiosk?.send(SIGSTOP)
                try await Task.sleep(for: .seconds(13))
                await hall.kiosk?.send(SIGCONT)
                // Two more pings.
                try await Task.sleep(for: .seconds(11))
                #expect(await hall.workerPIDs() == before)
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }
    }
}
