/// What a code reader sends behind each code.
public enum CodeEnding: String, Sendable, Codable, CaseIterable {
    /// 0D.
    case cr
    /// 0D 0A.
    case crlf
    /// 0A.
    case lf
    /// 09.
    case tab
    /// Nothing: only time tells codes apart.
    case none

    var bytes: [UInt8] {
        switch self {
        case .cr: [0x0D]
        case .crlf: [0x0D, 0x0A]
        case .lf: [0x0A]
        case .tab: [0x09]
        case .none: []
        }
    }
}

/// The ways in which the emulated code reader can go wrong.
public enum CodeReaderFault: String, Sendable, Codable, CaseIterable {
    case none
    /// The bytes come in drips, one each 60 ms.
    case slow
    /// Flipped bits, and bytes that are no UTF-8.
    case garbled
    /// A code is followed by a megabyte that has no ending.
    case endless
    /// The code is seen, the lamp goes on, and nothing is sent.
    case silent
    /// The cable is out: the device node is gone.
    case gone
}

/// How the reader was set up.
public struct CodeReaderSettings: Sendable, Codable, Equatable {
    /// What follows each code.
    public var ending = CodeEnding.cr
    /// Put the AIM identifier of a QR code (`]Q1`, ISO/IEC 15424) before each code.
    public var sendsAIM = false

    /// As delivered: CR behind each code, nothing before it.
    public init() {}
}

/// The code reader as a pure state machine: what lies under it, and what it sends when. Times are seconds of any clock.
struct CodeReaderCore {
    /// Bytes to send: at line speed, or in drips.
    struct Reading: Equatable {
        var bytes: [UInt8]
        var isDripping = false
        /// How many bytes without an ending follow.
        var noiseBytes = 0
    }

    /// The longest code, in bytes: a QR code of version 40 at level L in byte mode.
    static let longestCode = 2_953
    /// How often the same code is sent again while the paper lies there.
    static let repeatSeconds = 0.3
    static let endlessBytes = 1 << 20

    var settings = CodeReaderSettings()
    var fault = CodeReaderFault.none
    /// Readings that the fault will still spoil; `nil`: all.
    var remaining: Int?
    private(set) var held: [UInt8]?
    private(set) var staysThere = false
    private(set) var readings = 0
    private var dueAt: Double?
    private var noise = DeterministicNoise(seed: "code reader")

    /// Holds a code under the reader at this time: once, or so that it stays there.
    mutating func hold(_ code: [UInt8], stays: Bool, now: Double) {
        held = code
        staysThere = stays
        dueAt = now
    }

    mutating func remove() {
        held = nil
        dueAt = nil
    }

    /// When the next code is read, if one lies there.
    var nextDue: Double? { dueAt }

    /// What is sent now, if the time for it has come.
    mutating func read(now: Double) -> Reading? {
        guard let due = dueAt, due <= now, let code = held else { return nil }
        // A paper that stays is read again; one that was shown is gone when it has been read.
        dueAt = staysThere ? max(now, due + Self.repeatSeconds) : nil
        if !staysThere { held = nil }
        readings += 1
        let spoiled = useFault()
        var reading = Reading(bytes: (settings.sendsAIM ? Array("]Q1".utf8) : []) + code + settings.ending.bytes)
        switch spoiled {
        case .none: break
        case .slow: reading.isDripping = true
        case .garbled: reading.bytes = garbled(code) + settings.ending.bytes
        case .endless:
            reading.bytes = code
            reading.noiseBytes = Self.endlessBytes
        case .silent, .gone: return nil
        }
        return reading
    }

    private mutating func useFault() -> CodeReaderFault {
        let present = fault
        guard present != .none, let left = remaining else { return present }
        remaining = left > 1 ? left - 1 : nil
        if left <= 1 { fault = .none }
        return present
    }

    /// Every fifth byte or so with another bit, and two bytes that UTF-8 does not know.
    private mutating func garbled(_ code: [UInt8]) -> [UInt8] {
        var bytes = code
        for index in bytes.indices where noise.next() % 5 == 0 { bytes[index] ^= 1 << UInt8(noise.next() % 8) }
        let place = bytes.isEmpty ? 0 : Int(noise.next() % UInt64(bytes.count))
        bytes.insert(contentsOf: [0xC3, 0xFF], at: place)
        // The ending is the reader's own and comes through: what is garbled is the code.
        return bytes.map { $0 == 0x0D || $0 == 0x0A ? 0xFE : $0 }
    }
}

/// What the code reader looks like from outside.
public struct CodeReaderSnapshot: Sendable, Codable, Equatable {
    /// The path a driver opens; `nil` while the reader is gone.
    public var device: String?
    /// The code that lies under it; bytes that are no UTF-8 are shown as U+FFFD.
    public var held: String?
    /// The code is not taken away when it was read, and is read again each 300 ms.
    public var staysThere: Bool
    /// How the reader is set up.
    public var settings: CodeReaderSettings
    /// How the reader goes wrong now.
    public var fault: CodeReaderFault
    /// Readings that the fault will still spoil; `nil`: all.
    public var remaining: Int?
    /// Somebody has the line open. What is read while nobody has is lost.
    public var isOpened: Bool
    /// Codes seen since the start.
    public var readings: Int
    /// Bytes that a driver sent. This reader takes no commands.
    public var bytesReceived: Int
}
