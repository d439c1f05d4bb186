import Synchronization
import TestSupport
import Testing

@testable import DeviceKit

@Suite("Timers of a program's one loop")
struct ProgramLoopTests {
    @Test("one that is cancelled, before or while it runs, does nothing and ends at once")
    func cancelled() async {
        let done = Mutex(false)
        let timers = (0..<2).map { _ in ProgramLoop.after(.seconds(3_600)) { done.withLock { $0 = true } } }
        timers[0].cancel()
        await timers[0].value
        try? await ProgramLoop.sleep(for: .milliseconds(20))
        timers[1].cancel()
        await timers[1].value
        #expect(!done.withLock { $0 })
    }

    @Test("one that is left alone acts once; times of nothing and below are now, endless ones are bounded")
    func acts() async {
        let count = Mutex(0)
        for duration in [Duration.milliseconds(5), .zero, .seconds(-7)] {
            await ProgramLoop.after(duration) { count.withLock { $0 += 1 } }.value
        }
        #expect(count.withLock { $0 } == 3)
        let endless = ProgramLoop.after(.seconds(Int64.max)) { count.withLock { $0 += 1 } }
        try? await ProgramLoop.sleep(for: .milliseconds(20))
        endless.cancel()
        await endless.value
        #expect(count.withLock { $0 } == 3)
    }

    @Test("waiting in a task that is cancelled already throws at once")
    func late() async {
        let waiting = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await ProgramLoop.sleep(for: .seconds(3_600))
        }
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
