/// The full status of a kiosk printer with a presenter (DLE EOT 20): paper, user, recoverable and unrecoverable errors.
///
/// Source: docs/devices/printing.md. Bits that the manuals reserve, or read in two ways (the notch), are left alone.
public struct FullStatus: Sendable, Equatable {
    /// Byte 3 of the answer: 01 not present, 04 near end, 20 a slip in the slot, 40 virtual end.
    public private(set) var paper: UInt8 = 0
    /// Byte 4: 01 head up, 02 cover open, 04 spooling, 08 paper motor on, 20 and 40 keys.
    public private(set) var user: UInt8 = 0
    /// Byte 5: 01 head temperature, 02 damaged byte, 08 supply voltage, 20 unknown command, 40 jam.
    public private(set) var recoverable: UInt8 = 0
    /// Byte 6: 01 cutter, 04 RAM, 08 EEPROM, 40 flash.
    public private(set) var unrecoverable: UInt8 = 0

    /// A printer of which nothing was told: no bit is set.
    public init() {}

    /// There is no paper (01).
    public var isPaperOut: Bool { paper & 0x01 != 0 }
    /// Near the end by the sensor (04), or by the printer's own count of its paper (40).
    public var isPaperNearEnd: Bool { paper & 0x44 != 0 }
    /// A slip lies in the slot.
    public var isTicketPresent: Bool { paper & 0x20 != 0 }
    /// The print head is lifted (01); to a person the same as an open cover.
    public var isHeadUp: Bool { user & 0x01 != 0 }
    /// The cover is open (02).
    public var isCoverOpen: Bool { user & 0x02 != 0 }
    /// It still prints or moves paper: data to be printed (04), or the motor (08).
    public var isAtWork: Bool { user & 0x0C != 0 }
    /// An error of the print head's temperature (01).
    public var isHeadTooHot: Bool { recoverable & 0x01 != 0 }
    /// An error of the supply voltage (08).
    public var isVoltageWrong: Bool { recoverable & 0x08 != 0 }
    /// A paper jam (40).
    public var isJammed: Bool { recoverable & 0x40 != 0 }
    /// An error of the cutter (01).
    public var hasCutterError: Bool { unrecoverable & 0x01 != 0 }
    /// An error of RAM (04), EEPROM (08) or flash (40).
    public var hasMemoryError: Bool { unrecoverable & 0x4C != 0 }

    /// Nothing can be printed until a person has done something, or the head has cooled down. A damaged byte on the
    /// line (recoverable 02) and a command that it does not know (20) stop nothing.
    public var isStopped: Bool {
        isPaperOut || isHeadUp || isCoverOpen || isHeadTooHot || isVoltageWrong || isJammed || hasCutterError
            || hasMemoryError
    }

    /// Takes over the bytes that the report has.
    mutating func take(_ report: FullStatusReport) {
        var bytes = report.bytes[...]
        if report.parts & 0x01 != 0 { paper = bytes.popFirst() ?? paper }
        if report.parts & 0x02 != 0 { user = bytes.popFirst() ?? user }
        if report.parts & 0x04 != 0 { recoverable = bytes.popFirst() ?? recoverable }
        if report.parts & 0x08 != 0 { unrecoverable = bytes.popFirst() ?? unrecoverable }
    }
}

/// What came on the line of a full status: all of it as an answer to DLE EOT 20, or unasked (GS E0) the parts that were
/// switched on.
public struct FullStatusReport: Sendable, Equatable {
    /// 01 paper, 02 user, 04 recoverable, 08 unrecoverable.
    public let parts: UInt8
    /// One for each bit of `parts`, in this order.
    public let bytes: [UInt8]

    /// `nil` unless there is a byte for each part.
    public init?(parts: UInt8, bytes: [UInt8]) {
        guard parts != 0, parts & 0xF0 == 0, parts.nonzeroBitCount == bytes.count else { return nil }
        (self.parts, self.bytes) = (parts, bytes)
    }

    /// All four parts: enough to begin with.
    public var isWhole: Bool { parts == 0x0F }
    /// The paper byte is among them, and with it whether a slip lies in the slot.
    public var tellsPaper: Bool { parts & 0x01 != 0 }
}
