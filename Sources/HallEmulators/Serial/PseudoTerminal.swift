import Glibc

/// A pseudo-terminal whose master plays a device on a serial line.
///
/// The terminal may keep a descriptor of the slave open itself; without one it can tell whether a driver has the line
/// open. Either way the line survives every open and close by a driver. It starts raw and 8N1.
final class PseudoTerminal {
    let master: CInt
    private let slave: CInt?
    /// `/dev/pts/N`
    let slavePath: String

    /// - Parameters:
    ///   - bitsPerSecond: the speed that the line has until a driver sets one.
    ///   - keepsSlaveOpen: bytes that nobody listens for then wait in the line, as in a converter that buffers.
    init(bitsPerSecond: Int = 115_200, keepsSlaveOpen: Bool = true) throws {
        var settings = termios()
        cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
        cfsetspeed(&settings, speed_t(Self.speedCodes[bitsPerSecond] ?? CInt(B115200)))
        var master: CInt = -1
        var slave: CInt = -1
        var name = [CChar](repeating: 0, count: 128)
        guard openpty(&master, &slave, &name, &settings, nil) == 0 else {
            throw EmulatorError.system("open a pseudo-terminal", errno)
        }
        for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK)
        self.master = master
        if keepsSlaveOpen {
            self.slave = slave
        } else {
            close(slave)
            self.slave = nil
        }
        slavePath = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        if let slave { close(slave) }
        close(master)
    }

    private static let speedCodes: [Int: CInt] = [
        115_200: CInt(B115200), 57_600: CInt(B57600), 38_400: CInt(B38400), 19_200: CInt(B19200), 9_600: CInt(B9600),
    ]

    /// Whether somebody has the line open. Always true while the terminal keeps the slave open itself.
    var isOpened: Bool {
        var poller = pollfd(fd: master, events: 0, revents: 0)
        return poll(&poller, 1, 0) >= 0 && poller.revents & Int16(POLLHUP) == 0
    }

    /// Drops what was sent and not read: a driver that opens the line later hears nothing of it.
    func dropUnread() {
        let fresh = open(slavePath, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard fresh >= 0 else { return }
        tcflush(fresh, TCIFLUSH)
        close(fresh)
    }

    /// Whether the driver's side of the line runs at this speed. At another one, a real line carries only noise.
    func driverRuns(at bitsPerSecond: Int) -> Bool {
        var settings = termios()
        // Asked of the master, Linux answers for the slave.
        guard tcgetattr(master, &settings) == 0 else { return false }
        return Self.speedCodes[bitsPerSecond].map { cfgetospeed(&settings) == speed_t($0) } ?? false
    }

    /// What arrived from the driver; empty when nothing waits.
    func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = Glibc.read(master, &buffer, buffer.count)
        return count > 0 ? Array(buffer.prefix(count)) : []
    }

    /// Sends bytes; what the line does not take is lost, as on a serial line without flow control.
    /// Returns how many it took.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Int {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        return bytes.count - rest.count
    }
}
