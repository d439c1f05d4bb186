import Foundation
import Glibc
import Testing

@testable import HallEmulators

@Suite("The emulated card reader on its serial line", .serialized)
struct EmulatedCardReaderTests {
    private func withReader(
        timeScale: Double = 0, link: String? = nil, _ body: (EmulatedCardReader) async throws -> Void
    ) async throws {
        let reader = EmulatedCardReader(symbolicLink: link, timeScale: timeScale)
        try reader.start()
        defer { reader.stop() }
        try await body(reader)
    }

    private func readCard(_ line: SerialLine) async -> [UInt8] {
        _ = await line.ask(Vector.find, 15)
        _ = await line.ask(Vector.select, 19)
        return await line.ask(Vector.read, 1_295)
    }

    @Test("a card is read twice, with the line closed and opened in between")
    func readsAndReopens() async throws {
        try await withReader { reader in
            reader.place(Wallet.zhang)
            for _ in 0..<2 {
                let line = try SerialLine(reader.devicePath)
                #expect(await line.ask(Vector.reset, 11) == Vector.ok)
                let bytes = await readCard(line)
                #expect(Array(bytes[14..<270]) == Wallet.zhang.text)
                #expect(Array(bytes[270..<1_294]) == Wallet.zhang.photo)
            }
        }
    }

    @Test("at real speed a read takes about 0.6 s, a find about 20 ms")
    func realTiming() async throws {
        try await withReader(timeScale: 1) { reader in
            reader.place(Wallet.zhang)
            let line = try SerialLine(reader.devicePath)
            let clock = ContinuousClock()
            let find = await clock.measure { _ = await line.ask(Vector.find, 15) }
            #expect(find > .milliseconds(18) && find < .seconds(20))
            _ = await line.ask(Vector.select, 19)
            let read = await clock.measure { _ = await line.ask(Vector.read, 1_295, silenceMilliseconds: 10_000) }
            #expect(read > .milliseconds(580) && read < .seconds(20))
        }
    }

    @Test("a driver at another speed is not understood; command 60 changes the speed")
    func speeds() async throws {
        try await withReader { reader in
            let slow = try SerialLine(reader.devicePath, speed: CInt(B9600))
            #expect(await slow.ask(Vector.status, 11, silenceMilliseconds: 100) == [])
            let line = try SerialLine(reader.devicePath)
            #expect(await line.ask([0x00, 0x03, 0x60, 0x04, 0x67], 11) == Vector.ok)
            #expect(await line.ask(Vector.status, 11, silenceMilliseconds: 100) == [])
            let slower = try SerialLine(reader.devicePath, speed: CInt(B9600))
            #expect(await slower.ask(Vector.status, 11) == Vector.ok)
        }
    }

    @Test("each misbehaviour does what its name says, and none ends it")
    func misbehaviours() async throws {
        try await withReader { reader in
            let line = try SerialLine(reader.devicePath)
            reader.place(Wallet.zhang)
            reader.misbehave(.extraPreamble)
            #expect(await line.ask(Vector.status, 14) == [0xAA, 0xAA, 0xAA] + Vector.ok)
            reader.misbehave(.singleBytes)
            #expect(await line.ask(Vector.status, 11) == Vector.ok)
            reader.misbehave(.nonZeroFind)
            #expect(Array(await line.ask(Vector.find, 15)[10..<14]) == [0xDE, 0xAD, 0xBE, 0xEF])
            reader.misbehave(.wrongChecksumOnce)
            #expect(await line.ask(Vector.status, 11).last == 0x6B)
            #expect(await line.ask(Vector.status, 11) == Vector.ok)
            reader.misbehave(.silence, count: 1)
            #expect(await line.ask(Vector.status, 11, silenceMilliseconds: 100) == [])
            #expect(await line.ask(Vector.status, 11) == Vector.ok)
            reader.misbehave(.notAuthorised)
            #expect(await line.ask(Vector.status, 11)[9] == 0x66)
            reader.misbehave(.none)
            reader.misbehave(.status41Once)
            #expect(await readCard(line)[9] == 0x41)
            #expect(await readCard(line).count == 1_295)
            reader.misbehave(.endlessNoise)
            #expect(await line.read(2_000).count == 2_000)
            reader.misbehave(.none)
            _ = await line.read(100_000, silenceMilliseconds: 100)
            #expect(await line.ask(Vector.status, 11) == Vector.ok)
        }
    }

    @Test("a stale reply comes before the reply to the next request, or after the driver's patience")
    func staleReply() async throws {
        try await withReader { reader in
            let line = try SerialLine(reader.devicePath)
            reader.misbehave(.staleReply)
            #expect(await line.ask(Vector.status, 11, silenceMilliseconds: 100) == [])
            #expect(await line.ask(Vector.find, 22) == Vector.ok + Vector.noCard)
            reader.misbehave(.staleReply)
            let began = ContinuousClock.now
            #expect(await line.ask(Vector.status, 11, silenceMilliseconds: 500) == [])
            #expect(await line.read(11, silenceMilliseconds: 10_000) == Vector.ok)
            #expect(ContinuousClock.now - began > .seconds(1))
        }
    }

    @Test("unplugged: the link is gone and the driver's end is dead; plugged in again it works")
    func unplugged() async throws {
        let folder = NSTemporaryDirectory() + "reader-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let link = folder + "/card-reader"
        try await withReader(link: link) { reader in
            let line = try SerialLine(link)
            #expect(await line.ask(Vector.status, 11) == Vector.ok)
            reader.misbehave(.unplugged)
            #expect(await becomes { (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil })
            #expect(await line.ask(Vector.status, 11, silenceMilliseconds: 100) == [])
            reader.misbehave(.none)
            #expect(await becomes { (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) != nil })
            let fresh = try SerialLine(link)
            #expect(await fresh.ask(Vector.status, 11) == Vector.ok)
        }
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil)
    }
}
