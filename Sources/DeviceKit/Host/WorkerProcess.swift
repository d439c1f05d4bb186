import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// One worker process, from its start to its end.
///
/// Not by swift-subprocess: its `run` (1.0.2) wakes once a second for each program that runs, for as long as it runs, and
/// workers run for months. Costs one thread that waits in the kernel.
final class WorkerProcess: Sendable {
    /// How it ended.
    enum End: Sendable, Equatable, CustomStringConvertible {
        case exited(Int32)
        case killed(signal: Int32)

        var description: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .killed(let signal): "killed by signal \(signal)"
            }
        }
    }

    /// The program could not be started.
    struct NotStarted: Error, CustomStringConvertible {
        let path: String
        let code: Int32
        var description: String { "\(path): \(String(cString: strerror(code)))" }
    }

    /// Between being asked to end and being killed.
    static let patience = Duration.milliseconds(500)

    let processID: pid_t
    /// Its number may belong to somebody else.
    private let hasEnded = Mutex(false)

    /// Starts a program with nothing on its standard input, its output dropped, the caller's standard error, and no other
    /// open file.
    /// - Parameter environment: beside what the caller has.
    init(path: String, arguments: [String], environment: [String: String]) throws(NotStarted) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        // The caller's sockets are not for workers; the event loop opens them without close-on-exec.
        guard Self.closeFrom(&actions, STDERR_FILENO + 1) == 0 else { throw NotStarted(path: path, code: ENOSYS) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What the caller blocks and ignores is its own affair.
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var argv = ([path] + arguments).map { strdup($0) } + [nil]
        var envp =
            Self.inherited(without: environment).map { strdup($0) }
            + environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for word in argv + envp { free(word) }
        }
        var child = pid_t()
        let code = posix_spawn(&child, path, &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw NotStarted(path: path, code: code) }
        processID = child
    }

    private typealias CloseFrom =
        @convention(c) (
            UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt
        ) -> CInt

    /// `posix_spawn_file_actions_addclosefrom_np` (glibc 2.34), which Swift's import of the C library does not have.
    private static func closeFrom(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: CInt) -> CInt {
        guard let function = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return ENOSYS }
        return unsafeBitCast(function, to: CloseFrom.self)(actions, first)
    }

    private static func inherited(without names: [String: String]) -> [String] {
        var found: [String] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if names[String(text.prefix { $0 != "=" })] == nil { found.append(text) }
            next += 1
        }
        return found
    }

    /// Waits for the end. Cancelling the task asks the process to end, and kills it when it does not in time.
    func waitUntilEnded() async -> End {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        defer { pool.shutdownGracefully { _ in } }
        return await withTaskCancellationHandler {
            // In a task of its own: a cancelled one would not wait, and a process that nobody waits for stays a zombie.
            await Task { (try? await pool.runIfActive { self.wait() }) ?? .exited(0) }.value
        } onCancel: {
            send(SIGTERM)
            Task {
                try? await Task.sleep(for: Self.patience)
                self.send(SIGKILL)
            }
        }
    }

    private func send(_ signal: Int32) {
        hasEnded.withLock { hasEnded in
            if !hasEnded { kill(processID, signal) }
        }
    }

    /// Blocks.
    private func wait() -> End {
        // First without taking the number back: from here on it is not signalled any more.
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        hasEnded.withLock { $0 = true }
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }
}
