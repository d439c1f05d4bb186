import Glibc

/// A driver's end of a serial line, for tests: opens the device raw and speaks whole frames. Waiting for bytes leaves the
/// thread to others.
final class SerialLine: Sendable {
    let descriptor: CInt

    init(_ path: String, speed: CInt = CInt(B115200)) throws {
        descriptor = open(path, O_RDWR | O_NOCTTY)
        guard descriptor >= 0 else { throw Gone(code: errno) }
        var settings = termios()
        tcgetattr(descriptor, &settings)
        cfmakeraw(&settings)
        cfsetspeed(&settings, speed_t(speed))
        tcsetattr(descriptor, TCSANOW, &settings)
    }

    deinit { close(descriptor) }

    struct Gone: Error { let code: CInt }

    func write(_ bytes: [UInt8]) { _ = Glibc.write(descriptor, bytes, bytes.count) }

    /// Whatever arrives until `count` bytes are there or the line was silent for the time.
    func read(_ count: Int, silenceMilliseconds: Int = 300) async -> [UInt8] {
        var bytes: [UInt8] = []
        var heard = ContinuousClock.now
        while bytes.count < count {
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 0) > 0 else {
                if ContinuousClock.now - heard >= .milliseconds(silenceMilliseconds) { break }
                try? await Task.sleep(for: .milliseconds(1))
                continue
            }
            var buffer = [UInt8](repeating: 0, count: min(4_096, count - bytes.count))
            let got = Glibc.read(descriptor, &buffer, buffer.count)
            guard got > 0 else { break }
            bytes += buffer.prefix(got)
            heard = .now
        }
        return bytes
    }

    /// Sends what stands after the preamble and reads what comes back, up to `count` bytes.
    func ask(_ afterPreamble: [UInt8], _ count: Int = 5_000, silenceMilliseconds: Int = 300) async -> [UInt8] {
        write([0xAA, 0xAA, 0xAA, 0x96, 0x69] + afterPreamble)
        return await read(count, silenceMilliseconds: silenceMilliseconds)
    }
}

/// The commands and short replies, byte by byte as the protocol notes print them.
enum Vector {
    static let preamble: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69]
    static let reset: [UInt8] = [0x00, 0x03, 0x10, 0xFF, 0xEC]
    static let status: [UInt8] = [0x00, 0x03, 0x11, 0xFF, 0xED]
    static let samNumber: [UInt8] = [0x00, 0x03, 0x12, 0xFF, 0xEE]
    static let find: [UInt8] = [0x00, 0x03, 0x20, 0x01, 0x22]
    static let select: [UInt8] = [0x00, 0x03, 0x20, 0x02, 0x21]
    static let read: [UInt8] = [0x00, 0x03, 0x30, 0x01, 0x32]
    static let readWithFingerprints: [UInt8] = [0x00, 0x03, 0x30, 0x10, 0x23]
    static let newAddress: [UInt8] = [0x00, 0x03, 0x30, 0x03, 0x30]
    static let management: [UInt8] = [0x00, 0x03, 0x30, 0x05, 0x36]
    static let maximumBytes: [UInt8] = [0x00, 0x04, 0x61, 0xFF, 0x50, 0xCA]

    static let ok = preamble + [0x00, 0x04, 0x00, 0x00, 0x90, 0x94]
    static let noCard = preamble + [0x00, 0x04, 0x00, 0x00, 0x80, 0x84]
}
