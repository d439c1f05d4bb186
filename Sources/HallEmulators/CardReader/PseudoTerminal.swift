import Glibc

/// A pseudo-terminal whose master plays a device on a serial line.
///
/// The terminal keeps a descriptor of the slave open itself, so that the line survives every open and close by a
/// driver. It starts raw, 8N1, at 115200.
final class PseudoTerminal {
    let master: CInt
    private let slave: CInt
    /// `/dev/pts/N`
    let slavePath: String

    init() throws {
        var settings = termios()
        cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
        cfsetspeed(&settings, speed_t(B115200))
        var master: CInt = -1
        var slave: CInt = -1
        var name = [CChar](repeating: 0, count: 128)
        guard openpty(&master, &slave, &name, &settings, nil) == 0 else {
            throw EmulatorError.system("open a pseudo-terminal", errno)
        }
        for descriptor in [master, slave] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK)
        self.master = master
        self.slave = slave
        slavePath = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        close(slave)
        close(master)
    }

    /// Whether the driver's side of the line runs at this speed. At another one, a real line carries only noise.
    func driverRuns(at bitsPerSecond: Int) -> Bool {
        var settings = termios()
        guard tcgetattr(slave, &settings) == 0 else { return false }
        let codes: [Int: CInt] = [
            115_200: CInt(B115200), 57_600: CInt(B57600), 38_400: CInt(B38400), 19_200: CInt(B19200),
            9_600: CInt(B9600),
        ]
        return codes[bitsPerSecond].map { cfgetospeed(&settings) == speed_t($0) } ?? false
    }

    /// What arrived from the driver; empty when nothing waits.
    func read() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1_024)
        let count = Glibc.read(master, &buffer, buffer.count)
        return count > 0 ? Array(buffer.prefix(count)) : []
    }

    /// Sends bytes; what the line does not take is lost, as on a serial line without flow control.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// What can go wrong when an emulated device is set up, in a sentence for a person.
public enum EmulatorError: Error, CustomStringConvertible {
    case system(String, CInt)
    case portTaken(Int)
    case invalid(String)

    public var description: String {
        switch self {
        case .system(let act, let code): "Cannot \(act): \(String(cString: strerror(code)))."
        case .portTaken(let port): "Port \(port) is taken by another program; choose another one."
        case .invalid(let sentence): sentence
        }
    }
}
