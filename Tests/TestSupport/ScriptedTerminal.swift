import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A serial line whose far end is the test: what the device says is written with `send`, what it hears is read with
/// `heard`. The far end lives on a thread of its own.
public final class ScriptedTerminal: Sendable {
    /// The node that a driver opens.
    public let path: String
    private let master: CInt
    private let slave: CInt
    private let state = Mutex<(heard: [UInt8], isOpen: Bool)>(([], true))

    /// - Parameter answer: called on the far end's thread with what was just heard; what it returns is sent back.
    public init?(answer: @escaping @Sendable ([UInt8]) -> [UInt8] = { _ in [] }) {
        // What posix_openpt, grantpt and ptsname do on Linux.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: CInt = 0
        var number: CUnsignedInt = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            return nil
        }
        path = "/dev/pts/\(number)"
        // Held open so that the line does not hang up between two openings by the driver.
        slave = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { return nil }
        var settings = termios()
        tcgetattr(slave, &settings)
        cfmakeraw(&settings)
        tcsetattr(slave, TCSANOW, &settings)
        let thread = Thread { [self] in serve(answer) }
        guard thread.start() else { return nil }
    }

    /// Everything that was heard so far.
    public var heard: [UInt8] { state.withLock { $0.heard } }

    /// The speed that the driver set, as `termios` code.
    public var speedCode: UInt32 {
        var settings = termios()
        tcgetattr(slave, &settings)
        return UInt32(cfgetospeed(&settings))
    }

    /// What the device says; nothing after `unplug()`.
    public func send(_ bytes: [UInt8]) {
        state.withLock { state in
            guard state.isOpen else { return }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Pulls the plug: the driver's side hangs up.
    public func unplug() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            close(slave)
            close(master)
        }
    }

    deinit { unplug() }

    private func serve(_ answer: @Sendable ([UInt8]) -> [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while state.withLock({ $0.isOpen }) {
            var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 20) >= 0 else { return }
            guard wait.revents & Int16(POLLIN) != 0 else { continue }
            let count = state.withLock { $0.isOpen ? read(master, &buffer, buffer.count) : -1 }
            guard count > 0 else { continue }
            let bytes = Array(buffer.prefix(count))
            state.withLock { $0.heard += bytes }
            let reply = answer(bytes)
            if !reply.isEmpty { send(reply) }
        }
    }
}

/// A detached POSIX thread.
private struct Thread {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func start() -> Bool {
        final class Box: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(body))
        let failed = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        guard failed == 0 else {
            box.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
