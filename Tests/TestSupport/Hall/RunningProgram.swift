import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A program that a test has started, with its output in a file. Ended by its own pid, never by name.
public final class RunningProgram: Sendable {
    /// The process's number; it may be another's once this one has ended.
    public let pid: pid_t
    /// The file's name, without its folder.
    public let name: String
    private let ended: Task<Int32, Never>
    private let isReaped: Reaped

    /// Whether the process's number has been given back.
    private final class Reaped: Sendable {
        let value = Mutex(false)
    }

    /// Starts `path` with its standard output and error appended to `log`.
    public init(_ path: String, _ arguments: [String], log: String, environment: [String: String] = [:]) throws {
        name = URL(filePath: path).lastPathComponent
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Nothing of the test's own: a socket that a child has too is not closed when the test closes it.
        SpawnActions.closeFrom(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The test runner may ignore or block signals; the program starts with the defaults.
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let merged = ProcessInfo.processInfo.environment
            .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
        var argv = ([path] + arguments).map { strdup($0) } + [nil]
        var envp = merged.map { strdup("\($0)=\($1)") } + [nil]
        defer {
            argv.forEach { free($0) }
            envp.forEach { free($0) }
        }
        var child = pid_t()
        let status = posix_spawn(&child, path, &actions, &attributes, &argv, &envp)
        guard status == 0 else { throw TestFailure("cannot start \(path): \(String(cString: strerror(status)))") }
        let pid = child
        self.pid = pid
        let isReaped = Reaped()
        self.isReaped = isReaped
        ended = Task.detached {
            await withCheckedContinuation { continuation in
                let thread = Thread {
                    var info = siginfo_t()
                    while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
                    var status: Int32 = 0
                    isReaped.value.withLock { reaped in
                        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
                        reaped = true
                    }
                    continuation.resume(returning: status)
                }
                thread.start()
            }
        }
    }

    /// Sends a signal; nothing where the program has ended, since its number may be another's by then.
    public func send(_ signal: Int32) {
        isReaped.value.withLock { reaped in
            if !reaped { kill(pid, signal) }
        }
    }

    /// Waits for the end; the raw wait status.
    @discardableResult
    public func waitUntilEnded() async -> Int32 { await ended.value }

    /// SIGTERM, and SIGKILL when that is not heard within 5 s.
    public func stop() async {
        send(SIGTERM)
        let killer = Task {
            try await Task.sleep(for: .seconds(5))
            send(SIGKILL)
        }
        await waitUntilEnded()
        killer.cancel()
    }

    /// SIGKILL, and waits for the end.
    public func killNow() async {
        send(SIGKILL)
        await waitUntilEnded()
    }
}

/// What a test helper says when it cannot do its part.
public struct TestFailure: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String
    /// A failure in these words.
    public init(_ description: String) { self.description = description }
}

/// Asks again until `condition` holds or time is up. For things that have no event to wait for.
public func eventually(
    _ what: String, within limit: Duration = .seconds(30), every pause: Duration = .milliseconds(50),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if (try? await condition()) == true { return }
        try await Task.sleep(for: pause)
    }
    // The machine may have stood still until now.
    if (try? await condition()) == true { return }
    throw TestFailure("not within \(limit): \(what)")
}
