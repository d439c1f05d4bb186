import Foundation
import Synchronization

/// How far a scan is, on standard error: a bar on a terminal, else a line for each page.
final class ProgressLine: Sendable {
    private static let barColumns = 30
    /// Without a bar of so many there is none.
    private static let leastBarColumns = 6

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
        let head = "page \(page) of \(pages)  "
        draw(head + Self.bar(rows, of: expected, seconds: seconds, within: Self.columns - head.count))
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
    /// - Parameter columns: room for it; where it is short, the bar is, and then the rows are left out.
    static func bar(_ rows: Int, of expected: Int?, seconds: Int, within columns: Int = 80) -> String {
        guard let expected, expected > 0 else { return "\(rows) rows, \(seconds) s" }
        let share = min(1, Double(rows) / Double(expected))
        let percent = "\(Int(share * 100)) %"
        let count = "  \(min(rows, expected)) of \(expected) rows"
        // Room as for 100 %, or the bar would shrink on its way.
        let room = min(barColumns, columns - count.count - 8)
        guard room >= leastBarColumns else {
            return percent.count + count.count <= columns ? percent + count : percent
        }
        let full = Int(share * Double(room))
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: room - full)
        return "[\(bar)] \(percent)\(count)"
    }

    /// One less than the terminal has: a line that fills the last one is broken by some.
    private static var columns: Int {
        var size = winsize()
        let isKnown =
            ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 || ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        return isKnown && size.ws_col > 0 ? Int(size.ws_col) - 1 : 79
    }

    private var seconds: Int { Int((ContinuousClock.now - page.withLock { $0.begun }) / .seconds(1)) }

    /// What does not fit is cut off: a line that wraps could not be drawn over. The last of a page stays, and may wrap.
    private func draw(_ text: String) {
        Terminal.draw("\r\u{1B}[K" + (text.hasSuffix("\n") ? text : TextTable.clipped(text, to: Self.columns)))
    }
}
