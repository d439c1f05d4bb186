import Foundation
import Glibc
import Testing

@testable import HallEmulators

@Suite("The emulated code reader on its serial line", .serialized)
struct EmulatedCodeReaderTests {
    private func withReader(
        timeScale: Double = 0, link: String? = nil, _ body: (EmulatedCodeReader) async throws -> Void
    ) async throws {
        let reader = EmulatedCodeReader(symbolicLink: link, timeScale: timeScale)
        try reader.start()
        defer { reader.stop() }
        try await body(reader)
    }

    /// Opens the line as a driver does, and waits until the reader knows.
    private func open(_ reader: EmulatedCodeReader, speed: CInt = CInt(B9600)) async throws -> SerialLine {
        let line = try SerialLine(reader.devicePath, speed: speed)
        #expect(await becomes { reader.snapshot.isOpened })
        return line
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// As many bytes as a text has, however long they take; less when the line falls silent for good.
    private func arrives(_ expected: String, on line: SerialLine) async -> Bool {
        text(await line.read(expected.utf8.count, silenceMilliseconds: 10_000)) == expected
    }

    @Test("what no code can hold is refused, in a sentence")
    func refusals() async throws {
        try await withReader { reader in
            for code in [[], [UInt8](repeating: 65, count: 2_954)] {
                let error = #expect(throws: EmulatorError.self) { try reader.hold(code) }
                #expect(error?.description == "A code holds 1 to 2953 bytes.")
            }
        }
    }

    @Test("a code is sent once with its ending, and nothing else")
    func sendsCode() async throws {
        try await withReader { reader in
            let line = try await open(reader)
            try reader.hold(Array("HK1:测试\n行".utf8))
            #expect(await arrives("HK1:测试\n行\r", on: line))
            #expect(await line.read(1, silenceMilliseconds: 150) == [])
            #expect(reader.snapshot.held == nil && reader.snapshot.readings == 1)
            for (ending, tail) in [(CodeEnding.crlf, "\r\n"), (.lf, "\n"), (.tab, "\t"), (.none, "")] {
                var settings = CodeReaderSettings()
                settings.ending = ending
                settings.sendsAIM = true
                reader.configure(settings)
                try reader.hold(Array("A".utf8))
                #expect(await arrives("]Q1A" + tail, on: line))
            }
        }
    }

    @Test("at 9600 bits a second 480 bytes take half a second")
    func lineSpeed() async throws {
        try await withReader(timeScale: 1) { reader in
            let line = try await open(reader)
            let time = try await ContinuousClock().measure {
                try reader.hold([UInt8](repeating: 65, count: 479))
                #expect(await line.read(480, silenceMilliseconds: 10_000).count == 480)
            }
            #expect(time > .milliseconds(480))
        }
    }

    @Test("what is read while nobody listens is lost; at another speed a driver sees only noise")
    func nobodyListens() async throws {
        try await withReader { reader in
            #expect(!reader.snapshot.isOpened)
            try reader.hold(Array("LOST".utf8))
            #expect(await becomes { reader.snapshot.readings == 1 })
            var line: SerialLine? = try await open(reader)
            #expect(await line?.read(10, silenceMilliseconds: 150) == [])
            line = nil
            #expect(await becomes { !reader.snapshot.isOpened })
            let wrong = try await open(reader, speed: CInt(B115200))
            try reader.hold(Array("CODE".utf8))
            let noise = await wrong.read(5, silenceMilliseconds: 10_000)
            #expect(noise.count == 5 && noise.allSatisfy { $0 >= 0x80 })
        }
    }

    @Test("a paper that stays there is read again each 300 ms until it is taken away")
    func staysThere() async throws {
        try await withReader { reader in
            let line = try await open(reader)
            let time = try await ContinuousClock().measure {
                try reader.hold(Array("AB".utf8), stays: true)
                #expect(await arrives("AB\rAB\rAB\rAB\r", on: line))
            }
            #expect(time > .milliseconds(880))
            reader.remove()
            _ = await line.read(100, silenceMilliseconds: 400)
            #expect(await line.read(1, silenceMilliseconds: 400) == [])
        }
    }

    @Test("each fault does what its name says")
    func faults() async throws {
        try await withReader { reader in
            let line = try await open(reader)
            reader.setFault(.slow, count: 1)
            let slow = try await ContinuousClock().measure {
                try reader.hold(Array("12345".utf8))
                #expect(await arrives("12345\r", on: line))
            }
            #expect(slow > .milliseconds(290))
            reader.setFault(.garbled, count: 1)
            try reader.hold(Array("HALLKIOSK-0123456789".utf8))
            let garbled = await line.read(23, silenceMilliseconds: 10_000)
            #expect(garbled.last == 0x0D && garbled.count == 23)
            #expect(String(validating: garbled, as: UTF8.self) == nil)
            reader.setFault(.silent, count: 1)
            try reader.hold(Array("SILENT".utf8))
            #expect(await line.read(10, silenceMilliseconds: 200) == [])
            #expect(reader.snapshot.fault == .none)
            reader.setFault(.endless, count: 1)
            try reader.hold(Array("START".utf8))
            let endless = await line.read(5 + (1 << 20), silenceMilliseconds: 10_000)
            #expect(endless.count == 5 + (1 << 20) && !endless.contains(0x0D) && !endless.contains(0x0A))
            try reader.hold(Array("WELL".utf8))
            #expect(await arrives("WELL\r", on: line))
        }
    }

    @Test("gone: the link is gone and the driver's end is dead; back again it works under the same link")
    func goneAndBack() async throws {
        let folder = NSTemporaryDirectory() + "codes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let link = folder + "/code-reader"
        @Sendable func leadsSomewhere() -> Bool {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) != nil
        }
        try await withReader(link: link) { reader in
            let line = try await open(reader)
            reader.setFault(.gone)
            #expect(await becomes { !leadsSomewhere() })
            #expect(reader.snapshot.device == nil)
            let descriptor = line.descriptor
            #expect(
                await becomes {
                    var byte: UInt8 = 0
                    return Glibc.read(descriptor, &byte, 1) <= 0
                })
            reader.setFault(.none)
            #expect(await becomes { leadsSomewhere() })
            let fresh = try await open(reader)
            try reader.hold(Array("BACK".utf8))
            #expect(await arrives("BACK\r", on: fresh))
        }
        #expect(!leadsSomewhere())
    }

    @Test("it takes no commands: what a driver sends is counted and has no effect")
    func takesNoCommands() async throws {
        try await withReader { reader in
            let line = try await open(reader)
            line.write([0x16, 0x4D, 0x0D])
            #expect(await becomes { reader.snapshot.bytesReceived == 3 })
            #expect(await line.read(1, silenceMilliseconds: 150) == [])
        }
    }
}
