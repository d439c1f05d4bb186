import Foundation
import KioskControl

/// A command that goes on until it is told to end, which is how it ends well.
enum Following {
    /// Ctrl-C ends the program with 0.
    static func untilTold(_ work: () async throws -> Void) async throws {
        let guardian = EndGuard(after: nil) { _ in _exit(ExitStatus.done.rawValue) }
        defer { guardian.cancel() }
        try await work()
    }

    /// Events as they come. Ends when `take` returns false, and with a sentence when the daemon goes or this reader was too slow.
    static func events(
        of daemon: DaemonOptions, recent: Int, _ take: (KioskEvent) async throws -> Bool
    ) async throws {
        try await daemon.ask { client in
            var body = try await client.events(recent: recent, follow: true)
            while let event = try await body.next(KioskEvent.self) {
                guard event.type != .dropped else {
                    throw CommandFailure(.failed, "this reader was too slow, and events were missed; follow again.")
                }
                guard try await take(event) else { return }
            }
            throw ControlClient.Failure.lost(socket: client.socketPath)
        }
    }
}
