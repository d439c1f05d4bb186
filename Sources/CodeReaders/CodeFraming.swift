import DeviceKit
import HallModel

/// Cuts what a code reader sends into the texts of codes. Pure: bytes and moments in, codes out; holds at most
/// `maximumBytes` of an unfinished one, whatever comes.
struct CodeFraming: Sendable {
    enum Item: Sendable, Equatable {
        case code(Sensitive<String>)
        /// Something was read that is no code of ours. The cause never holds what was read.
        case dropped(String)
    }

    private let terminators: Set<UInt8>
    private let silence: Duration
    private let repetition: Duration
    private let limit: Int

    private var open: [UInt8] = []
    private var lastByte: Duration?
    /// Inside of something too long: nothing counts until its end.
    private var isSkipping = false
    /// The code that lay there last: its hash only, because a code is a resident's, and when it was last seen.
    private var last: (hash: Int, at: Duration)?

    init(_ settings: CodeReaderSettings) {
        terminators = Set(settings.terminators)
        silence = .milliseconds(min(max(settings.silenceMilliseconds, 1), 60_000))
        repetition = .milliseconds(min(max(settings.repeatMilliseconds, 0), 600_000))
        limit = min(max(settings.maximumBytes, 1), 512)
    }

    /// When the silence that ends the open code is over; `nil` when nothing is open.
    var silenceEnds: Duration? { lastByte.map { $0 + silence } }

    /// Bytes end no silence: they came in a wait that would have ended with it, however late this process began to wait, or
    /// gets to look at them. A wait without bytes is ``tick(at:)``.
    mutating func feed(_ bytes: [UInt8], at now: Duration) -> [Item] {
        var items: [Item] = []
        for byte in bytes {
            if terminators.contains(byte) {
                items += end(at: now)
                continue
            }
            lastByte = now
            guard !isSkipping else { continue }
            guard open.count < limit else {
                isSkipping = true
                open = []
                items.append(.dropped("more than \(limit) bytes without an end"))
                continue
            }
            open.append(byte)
        }
        return items
    }

    /// Time has passed: a code without a terminator may have ended.
    mutating func tick(at now: Duration) -> [Item] {
        guard let silenceEnds, now >= silenceEnds else { return [] }
        return end(at: now)
    }

    /// The line was lost: what was open will never be whole.
    mutating func reset() {
        open = []
        lastByte = nil
        isSkipping = false
    }

    private mutating func end(at now: Duration) -> [Item] {
        defer { reset() }
        guard !isSkipping, !open.isEmpty else { return [] }
        let content = Self.withoutSymbology(open[...])
        guard !content.isEmpty else { return [.dropped("a code without content")] }
        guard let text = String(validating: content, as: UTF8.self) else {
            return [.dropped("\(content.count) bytes that are no UTF-8")]
        }
        guard !content.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return [.dropped("\(content.count) bytes with control characters")]
        }
        let hash = text.hashValue
        defer { last = (hash, now) }
        // Seen again and again while the paper lies there; each time counts as the last.
        if let last, last.hash == hash, now - last.at < repetition { return [] }
        return [.code(Sensitive(text))]
    }

    /// Readers can put the kind of code before it: `]Q1` for a QR code (ISO/IEC 15424).
    private static func withoutSymbology(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
        guard bytes.count >= 3, bytes[bytes.startIndex] == UInt8(ascii: "]"), isLetter(bytes[bytes.startIndex + 1]),
            isLetter(bytes[bytes.startIndex + 2]) || (48...57).contains(bytes[bytes.startIndex + 2])
        else { return bytes }
        return bytes.dropFirst(3)
    }
}
