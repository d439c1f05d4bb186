import ByteTransports
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SerialTransportTests {
    @Test func bytesGoBothWaysUnchanged() async throws {
        let all = (0...255).map { UInt8($0) }
        let terminal = try #require(ScriptedTerminal { $0 })
        let line = SerialTransport(path: terminal.path, bitsPerSecond: 115_200)
        try await line.open()
        try await line.write(all, within: .seconds(1))
        var back: [UInt8] = []
        while back.count < all.count { back += try await line.read(upTo: 100, within: .seconds(2)) }
        #expect(back == all)
        #expect(terminal.heard == all)
        await line.close()
    }

    @Test func silenceEndsInTime() async throws {
        let terminal = try #require(ScriptedTerminal())
        let line = SerialTransport(path: terminal.path, bitsPerSecond: 9_600)
        try await line.open()
        let begin = ContinuousClock.now
        let error = await #expect(throws: TransportError.self) {
            try await line.read(upTo: 1, within: .milliseconds(50))
        }
        #expect(error == .timedOut("nothing came from \(terminal.path) within 50 ms"))
        #expect(ContinuousClock.now - begin < .seconds(2))
        await line.close()
    }

    @Test func theSpeedIsSetAtOpeningAndLater() async throws {
        let terminal = try #require(ScriptedTerminal())
        let line = SerialTransport(path: terminal.path, bitsPerSecond: 57_600)
        try await line.open()
        let first = terminal.speedCode
        try await line.setSpeed(9_600)
        #expect(first != terminal.speedCode)
        #expect(terminal.speedCode == 13)  // B9600
        await line.close()
    }

    @Test func aMissingNodeIsNamed() async throws {
        let line = SerialTransport(path: "/dev/there-is-none", bitsPerSecond: 115_200)
        let error = await #expect(throws: TransportError.self) { try await line.open() }
        #expect(error == .missing("ENOENT /dev/there-is-none: there is no such device"))
    }

    @Test func aFileIsNoLine() async throws {
        let line = SerialTransport(path: "/etc/passwd", bitsPerSecond: 115_200)
        let error = await #expect(throws: TransportError.self) { try await line.open() }
        guard case .unusable = error else {
            Issue.record("expected .unusable, got \(String(describing: error))")
            return
        }
    }

    @Test func aSecondOwnerIsRefused() async throws {
        let terminal = try #require(ScriptedTerminal())
        let first = SerialTransport(path: terminal.path, bitsPerSecond: 115_200)
        let second = SerialTransport(path: terminal.path, bitsPerSecond: 115_200)
        try await first.open()
        let error = await #expect(throws: TransportError.self) { try await second.open() }
        guard case .busy(let cause) = error else {
            Issue.record("expected .busy, got \(String(describing: error))")
            return
        }
        #expect(cause.contains("another process holds it"))
        await first.close()
        try await second.open()
        await second.close()
    }

    @Test func unpluggingEndsAWaitingRead() async throws {
        let terminal = try #require(ScriptedTerminal())
        let line = SerialTransport(path: terminal.path, bitsPerSecond: 115_200)
        try await line.open()
        let waiting = Task { try await line.read(upTo: 1, within: .seconds(20)) }
        try await line.write([1], within: .seconds(1))
        #expect(await eventually { terminal.heard == [1] })
        terminal.unplug()
        let error = await #expect(throws: TransportError.self) { try await waiting.value }
        guard case .gone = error else {
            Issue.record("expected .gone, got \(String(describing: error))")
            return
        }
        await line.close()
    }

    @Test func cancellingEndsAWaitingRead() async throws {
        let terminal = try #require(ScriptedTerminal())
        let line = SerialTransport(path: terminal.path, bitsPerSecond: 115_200)
        try await line.open()
        let waiting = Task { try await line.read(upTo: 1, within: .seconds(60)) }
        waiting.cancel()
        await #expect(throws: TransportError.cancelled) { try await waiting.value }
        terminal.send([7])
        #expect(try await line.read(upTo: 1, within: .seconds(5)) == [7])
        await line.close()
    }

    @Test func whatArrivedCanBeForgotten() async throws {
        let terminal = try #require(ScriptedTerminal())
        let line = SerialTransport(path: terminal.path, bitsPerSecond: 115_200)
        try await line.open()
        terminal.send([1, 2, 3])
        var forgotten = 0
        let isForgotten = await eventually {
            forgotten += await line.discardArrived()
            return forgotten == 3
        }
        #expect(isForgotten)
        await line.close()
    }

    @Test func aClosedLineSaysSo() async throws {
        let line = SerialTransport(path: "/dev/null", bitsPerSecond: 115_200)
        await #expect(throws: TransportError.gone("/dev/null is closed")) {
            try await line.write([1], within: .seconds(1))
        }
        await #expect(throws: TransportError.gone("/dev/null is closed")) {
            try await line.read(upTo: 1, within: .seconds(1))
        }
    }
}
