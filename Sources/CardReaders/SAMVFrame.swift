/// A reply of a SAM_V module, its frame removed.
public struct SAMVReply: Sendable, Equatable {
    /// SW1 and SW2 come from the card.
    public var cardStatus: (UInt8, UInt8) { (first, second) }
    private let first: UInt8
    private let second: UInt8
    /// SW3.
    public let status: SAMVStatus
    /// What follows SW3.
    public let payload: [UInt8]

    /// A reply as it would come out of a frame; SW1 and SW2 are 0 on most answers.
    public init(_ status: SAMVStatus, payload: [UInt8] = [], cardStatus: (UInt8, UInt8) = (0, 0)) {
        self.status = status
        self.payload = payload
        first = cardStatus.0
        second = cardStatus.1
    }
}

/// The frame of the SAM_V protocol: `AA AA AA 96 69 | Len1 Len2 | … | CHK`.
///
/// `Len` counts what follows it, CHK included; CHK is the XOR of everything from Len1 to the byte before CHK.
/// Source: docs/devices/id-cards.md.
public enum SAMVFrame {
    /// Begins every frame, in both directions.
    public static let preamble: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69]
    /// SW1 SW2 SW3 CHK.
    static let minimumLength = 4
    /// Above the longest reply that exists (text, photo and two fingerprints: 2314).
    static let maximumLength = 2_560

    /// Puts preamble, length and checksum around `body`, which holds at most 65,534 bytes.
    public static func encode(_ body: some Collection<UInt8>) -> [UInt8] {
        let length = UInt16(clamping: body.count + 1)
        var frame = preamble
        frame.reserveCapacity(body.count + 8)
        frame.append(UInt8(length >> 8))
        frame.append(UInt8(truncatingIfNeeded: length))
        frame.append(contentsOf: body)
        frame.append(frame[preamble.count...].reduce(0, ^))
        return frame
    }
}

/// Finds reply frames in whatever comes over a line, cut into pieces in any way.
///
/// Holds one frame at most. A length out of bounds is no frame: hunting goes on in the bytes after the preamble.
/// A frame ends by its length, never by the next preamble, since its payload may contain one.
public struct SAMVFrameParser: Sendable {
    /// What a frame that has ended was.
    public enum Outcome: Sendable, Equatable {
        /// A frame whose checksum is right; whether it answers the last command is another question.
        case reply(SAMVReply)
        /// A frame of this length came whole, with a checksum that is not its own.
        case checksumWrong(length: Int)
    }

    private enum State: Sendable {
        /// So many bytes of the preamble have matched, 0…4.
        case hunting(Int)
        case firstLength
        case secondLength(UInt8)
        case body
    }

    private var state = State.hunting(0)
    private var expected = 0
    private var checksum: UInt8 = 0
    private var body: [UInt8] = []
    /// Bytes outside of frames since the parser was made or reset.
    public private(set) var discardedBytes = 0

    /// A parser that waits for a preamble.
    public init() {}

    /// Bytes of an unfinished frame that are held, at most ``SAMVFrame/maximumLength``.
    var bufferedBytes: Int { body.count }
    /// Bytes that are reserved for them.
    var bufferCapacity: Int { body.capacity }

    /// A frame has begun and is not complete.
    public var isInsideFrame: Bool {
        if case .hunting = state { return false }
        return true
    }

    /// Forgets an unfinished frame and the count of discarded bytes.
    public mutating func reset() { self = SAMVFrameParser() }

    /// Takes bytes as they arrive.
    /// - Returns: the frames that ended with them, in order; most often none or one.
    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Outcome] {
        var outcomes: [Outcome] = []
        for byte in bytes {
            if let outcome = feed(byte) { outcomes.append(outcome) }
        }
        return outcomes
    }

    private mutating func feed(_ byte: UInt8) -> Outcome? {
        switch state {
        case .hunting(let matched):
            hunt(byte, after: matched)
        case .firstLength:
            state = .secondLength(byte)
        case .secondLength(let first):
            let length = Int(first) << 8 | Int(byte)
            guard (SAMVFrame.minimumLength...SAMVFrame.maximumLength).contains(length) else {
                // The preamble was noise; the two bytes may begin the true one.
                discardedBytes += SAMVFrame.preamble.count
                state = .hunting(0)
                hunt(first, after: 0)
                if case .hunting(let matched) = state { hunt(byte, after: matched) }
                return nil
            }
            expected = length
            checksum = first ^ byte
            body.removeAll(keepingCapacity: true)
            state = .body
        case .body:
            body.append(byte)
            checksum ^= byte
            if body.count == expected { return finish() }
        }
        return nil
    }

    private mutating func finish() -> Outcome {
        state = .hunting(0)
        defer { body.removeAll(keepingCapacity: true) }
        // XOR over all bytes with CHK itself is zero when CHK is right.
        guard checksum == 0, body.count >= SAMVFrame.minimumLength else {
            return .checksumWrong(length: body.count)
        }
        return .reply(
            SAMVReply(
                SAMVStatus(body[2]), payload: Array(body[3..<body.count - 1]), cardStatus: (body[0], body[1])))
    }

    private mutating func hunt(_ byte: UInt8, after matched: Int) {
        switch (matched, byte) {
        case (0...2, 0xAA): state = .hunting(matched + 1)
        // More AA than needed: the last three still count.
        case (3, 0xAA): move(to: 3, dropping: 1)
        case (3, 0x96): state = .hunting(4)
        case (4, 0x69): state = .firstLength
        case (_, 0xAA): move(to: 1, dropping: matched)
        default: move(to: 0, dropping: matched + 1)
        }
    }

    private mutating func move(to matched: Int, dropping count: Int) {
        discardedBytes += count
        state = .hunting(matched)
    }
}

extension SAMVReply {
    /// By status, payload and the card's two bytes.
    public static func == (left: SAMVReply, right: SAMVReply) -> Bool {
        left.status == right.status && left.payload == right.payload && left.cardStatus == right.cardStatus
    }
}
