import DeviceKit

/// All delays of a receipt printer in one place.
struct PrinterTiming: Sendable {
    /// A question without an answer for so long is asked once more, then the line counts as lost.
    let status: Duration
    /// Between pieces of a receipt a question waits behind the bytes that are still on the line.
    let statusWhilePrinting: Duration
    let print: Duration
    /// How often the state is asked for: also where it is told unasked, to notice a power cut.
    let poll: Duration
    /// How often while a receipt is waited for.
    let pollWhilePrinting: Duration
    /// Between two looks at a presenter's slot: while a slip may lie there, and when none does.
    let slipPoll: Duration
    let emptySlotPoll: Duration
    /// From the cut until the slip is seen in the slot.
    let presenting: Duration
    /// A printer that goes off line says a moment later why.
    let settling: Duration
    let firstReopening: Duration
    let lastReopening: Duration

    init(_ settings: ReceiptPrinterSettings) {
        status = .milliseconds(min(max(settings.statusTimeoutMilliseconds, 10), 60_000))
        print = .milliseconds(min(max(settings.printTimeoutMilliseconds, 10), 600_000))
        statusWhilePrinting = status * 3
        poll = min(status * 2, .seconds(2))
        pollWhilePrinting = min(status / 2, .milliseconds(500))
        slipPoll = .milliseconds(min(max(settings.presenterPollMilliseconds, 10), 60_000))
        emptySlotPoll = .milliseconds(min(max(settings.presenterIdlePollMilliseconds, 10), 600_000))
        presenting = min(status * 3, .seconds(3))
        settling = min(status / 4, .milliseconds(100))
        firstReopening = min(status / 4, .milliseconds(250))
        lastReopening = min(status * 2, .seconds(2))
    }
}
