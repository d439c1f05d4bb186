import Dispatch
import Foundation

/// Calls back once when it is late or the program is told to end, unless cancelled before.
final class EndGuard {
    enum Reason: Sendable { case late, told }

    private var sources: [any DispatchSourceProtocol] = []

    /// - Parameter delay: `nil` is never late.
    init(after delay: Duration?, _ end: @escaping @Sendable (Reason) -> Void) {
        let queue = DispatchQueue(label: "end")
        if let delay {
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now() + .milliseconds(Int(delay / .milliseconds(1))))
            timer.setEventHandler { end(.late) }
            timer.activate()
            sources.append(timer)
        }
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { end(.told) }
            source.activate()
            sources.append(source)
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
