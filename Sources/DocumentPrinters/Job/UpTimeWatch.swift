/// Notices that a printer was switched off and on between two questions: what it held of a job is gone, and nobody knows
/// what came out.
struct UpTimeWatch: Sendable {
    /// How far a counter may lag behind our clock between two questions.
    private static let tolerance = Duration.seconds(10)
    /// Clocks are set: some printers count from 1970.
    private static let backwards = 2

    private var last: (seconds: Int, at: Duration)?
    /// A counter that never moves is none.
    private var moves = false

    /// - Returns: what shows that it was started anew since the last question; `nil` when nothing does.
    mutating func note(_ seconds: Int?, at now: Duration) -> String? {
        guard let seconds else { return nil }
        guard let before = last else {
            last = (seconds, now)
            return nil
        }
        last = (seconds, now)
        if seconds + Self.backwards < before.seconds || (seconds < before.seconds && seconds < 60) {
            return "printer-up-time went from \(before.seconds) back to \(seconds)"
        }
        let lag = (now - before.at) - .seconds(seconds - before.seconds)
        if moves, lag > Self.tolerance {
            return
                "printer-up-time went from \(before.seconds) to \(seconds) in \(Int((now - before.at) / .seconds(1))) s"
        }
        if seconds > before.seconds { moves = true }
        return nil
    }
}
