#if canImport(Glibc)
    import Glibc
#endif

/// A speed that a serial line can be set to.
struct SerialSpeed {
    let code: speed_t

    init?(bitsPerSecond: Int) {
        switch bitsPerSecond {
        case 1_200: code = speed_t(B1200)
        case 2_400: code = speed_t(B2400)
        case 4_800: code = speed_t(B4800)
        case 9_600: code = speed_t(B9600)
        case 19_200: code = speed_t(B19200)
        case 38_400: code = speed_t(B38400)
        case 57_600: code = speed_t(B57600)
        case 115_200: code = speed_t(B115200)
        case 230_400: code = speed_t(B230400)
        case 460_800: code = speed_t(B460800)
        case 921_600: code = speed_t(B921600)
        default: return nil
        }
    }
}

/// The system calls of a serial port. Opening may wait for the hardware: call it on a thread that may block.
enum SerialPort {
    /// Opens for ourselves alone: raw, 8 data bits, no parity, 1 stop bit, no flow control, nothing left in it.
    static func open(_ path: String, bitsPerSecond: Int) throws(TransportError) -> CInt {
        let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw TransportError(errno: errno, on: path) }
        do throws(TransportError) {
            // TIOCEXCL does not hold back root, the lock holds back only who asks for it: both.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw TransportError(errno: errno, on: path) }
            guard ioctl(descriptor, UInt(TIOCEXCL)) == 0 else { throw TransportError(errno: errno, on: path) }
            try configure(descriptor, path, bitsPerSecond: bitsPerSecond)
            tcflush(descriptor, TCIOFLUSH)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    static func configure(_ descriptor: CInt, _ path: String, bitsPerSecond: Int) throws(TransportError) {
        guard let speed = SerialSpeed(bitsPerSecond: bitsPerSecond) else {
            throw .unusable("\(path): \(bitsPerSecond) bit/s is no speed of a serial line")
        }
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { throw TransportError(errno: errno, on: path) }
        cfmakeraw(&settings)
        settings.c_cflag &= ~tcflag_t(CSTOPB | PARENB)
        settings.c_cflag |= tcflag_t(CLOCAL) | tcflag_t(CREAD)
        // CRTSCTS is above what the imported constants reach; its value is that of the kernel's termbits.h.
        settings.c_cflag &= ~tcflag_t(0o20_000_000_000)
        cfsetspeed(&settings, speed.code)
        guard tcsetattr(descriptor, TCSANOW, &settings) == 0 else { throw TransportError(errno: errno, on: path) }
    }

    /// Drops what is on its way: the kernel would otherwise wait in `close` for a device that takes nothing.
    static func forget(_ descriptor: CInt) { tcflush(descriptor, TCIOFLUSH) }

    /// Closes a descriptor that never became a channel.
    static func abandon(_ descriptor: CInt) { Glibc.close(descriptor) }
}
