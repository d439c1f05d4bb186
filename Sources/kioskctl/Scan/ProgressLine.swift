import Foundation
import Synchronization

/// How far a scan is, on standard error: a bar on a terminal, else a line for each page.
final class ProgressLine: Sendable {
    private static let barColumns = 30

    private let isQuiet: Bool
    private let isTerminal: Bool
    private let page = Mutex((number: 1, begun: ContinuousClock.now, hasRows: false))

    /// - Parameter isQuiet: nothing at all.
    init(isQuiet: Bool) {
        self.isQuiet = isQuiet
        isTerminal = Terminal.isTerminal(STDERR_FILENO)
    }

    func begin(page: Int, of pages: Int) {
        self.page.withLock { $0 = (page, .now, false) }
        guard !isQuiet else { return }
        if !isTerminal { Terminal.draw("page \(page) of \(pages): scanning\n") }
        wait(pages: pages)
    }

    /// To be called each second: until the first rows come, the time is all there is to show.
    func wait(pages: Int) {
        guard !isQuiet, isTerminal else { return }
        let (number, hasRows) = page.withLock { ($0.number, $0.hasRows) }
        if !hasRows { draw("page \(number) of \(pages)  waiting for the scanner, \(seconds) s") }
    }

    /// Rows of the page that was begun last.
    func rows(_ rows: Int, of expected: Int?, pages: Int) {
        guard !isQuiet, isTerminal else { return }
        let page = page.withLock { page in
            page.hasRows = true
            return page.number
        }
        draw("page \(page) of \(pages)  " + Self.bar(rows, of: expected, seconds: seconds))
    }

    func end(page: Int, of pages: Int, _ words: String) {
        self.page.withLock { $0.hasRows = true }
        guard !isQuiet else { return }
        let line = "page \(page) of \(pages): \(words), \(seconds) s"
        if isTerminal { draw(line + "\n") } else { Terminal.draw(line + "\n") }
    }

    /// Leaves the bar behind, so that a sentence stands on a line of its own.
    func giveUp() { if !isQuiet, isTerminal { Terminal.draw("\r\u{1B}[K") } }

    /// "[#######-------]  62 %  2175 of 3508 rows", or without an end where none was announced.
    static func bar(_ rows: Int, of expected: Int?, seconds: Int) -> String {
        guard let expected, expected > 0 else { return "\(rows) rows, \(seconds) s" }
        let share = min(1, Double(rows) / Double(expected))
        let full = Int(share * Double(barColumns))
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: barColumns - full)
        return "[\(bar)] \(Int(share * 100)) %  \(min(rows, expected)) of \(expected) rows"
    }

    private var seconds: Int { Int((ContinuousClock.now - page.withLock { $0.begun }) / .seconds(1)) }

    private func draw(_ text: String) { Terminal.draw("\r\u{1B}[K" + text) }
}
