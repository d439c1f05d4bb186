import CSANE
import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import Scanners

@Suite("Breaking a scan off", .serialized, .timeLimit(.minutes(1)))
struct ScanBreakerTests {
    @Test("A cancel that hangs does not keep the worker from ending itself")
    func hangingCancel() async throws {
        let isStuck = Mutex(false)
        let release = DispatchSemaphore(value: 0)
        let breaker = ScanBreaker(
            patience: .milliseconds(200), cancel: { _ in release.wait() }, onStuck: { isStuck.withLock { $0 = true } })
        breaker.scanBegins(on: try #require(SANE_Handle(bitPattern: 1)))
        breaker.request(.cancelled)
        // Who asks meanwhile is not held up either.
        #expect(breaker.reason == .cancelled)
        let isTold = await eventually(within: .seconds(5)) { isStuck.withLock { $0 } }
        #expect(isTold)
        // The thread is the process's only one for this: the tests after this one need it.
        release.signal()
        breaker.scanEnded()
        release.signal()
    }

    @Test("The cancel is repeated until the scan ends, and then nobody is told")
    func repeated() async throws {
        let cancels = Mutex(0)
        let isStuck = Mutex(false)
        let breaker = ScanBreaker(
            patience: .seconds(3), cancel: { _ in cancels.withLock { $0 += 1 } },
            onStuck: { isStuck.withLock { $0 = true } })
        breaker.scanBegins(on: try #require(SANE_Handle(bitPattern: 1)))
        breaker.request(.timedOut)
        try await eventually("it is cancelled twice", within: .seconds(5)) { cancels.withLock { $0 } >= 2 }
        breaker.scanEnded()
        let count = cancels.withLock { $0 }
        try await Task.sleep(for: .milliseconds(3_300))
        #expect(cancels.withLock { $0 } == count)
        #expect(!isStuck.withLock { $0 })
    }

    @Test("After its end a scan is not cancelled any more: the device may be closed, or in a cancel of its own")
    func afterTheEnd() async throws {
        let cancels = Mutex(0)
        let breaker = ScanBreaker(cancel: { _ in cancels.withLock { $0 += 1 } }, onStuck: {})
        breaker.scanBegins(on: try #require(SANE_Handle(bitPattern: 1)))
        breaker.scanEnded()
        breaker.request(.cancelled)
        try await Task.sleep(for: .milliseconds(250))
        #expect(cancels.withLock { $0 } == 0)
        #expect(breaker.reason == nil)
    }
}
