import Glibc

/// A pipe that ends the wait of a thread in `poll`: what is written to one end can be read at the other.
final class WakeUpBell: Sendable {
    /// To be waited for.
    let descriptor: CInt
    private let writing: CInt

    init() {
        var ends: [CInt] = [-1, -1]
        pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends[0]
        writing = ends[1]
    }

    deinit {
        close(descriptor)
        close(writing)
    }

    func ring() {
        var byte: UInt8 = 1
        _ = Glibc.write(writing, &byte, 1)
    }

    /// Takes what was rung, so that the next wait waits.
    func silence() {
        var drained = [UInt8](repeating: 0, count: 64)
        _ = Glibc.read(descriptor, &drained, drained.count)
    }

    /// Waits until it rings, a descriptor has something to read or so many nanoseconds have passed.
    func wait(for terminal: PseudoTerminal?, nanoseconds: UInt64) {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        if let terminal { descriptors.append(pollfd(fd: terminal.master, events: Int16(POLLIN), revents: 0)) }
        let milliseconds = CInt(nanoseconds / 1_000_000)
        if milliseconds == 0, nanoseconds > 0 {
            // Shorter than poll can wait: a pause between two bytes.
            var span = timespec(tv_sec: 0, tv_nsec: Int(nanoseconds))
            nanosleep(&span, nil)
        }
        poll(&descriptors, nfds_t(descriptors.count), milliseconds)
        silence()
    }
}
