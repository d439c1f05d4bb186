/// The full status of a kiosk printer with a presenter (DLE EOT 20): paper, user, recoverable and unrecoverable errors.
///
/// Source: docs/devices/printing.md. Bits that the manuals reserve, or read in two ways (the notch), are left alone.
public struct FullStatus: Sendable, Equatable {
    public private(set) var paper: UInt8 = 0
    public private(set) var user: UInt8 = 0
    public private(set) var recoverable: UInt8 = 0
    public private(set) var unrecoverable: UInt8 = 0

    public init() {}

    public var isPaperOut: Bool { paper & 0x01 != 0 }
    /// Near the end by the sensor (04), or by the printer's own count of its paper (40).
    public var isPaperNearEnd: Bool { paper & 0x44 != 0 }
    /// A slip lies in the slot.
    public var isTicketPresent: Bool { paper & 0x20 != 0 }
    public var isHeadUp: Bool { user & 0x01 != 0 }
    public var isCoverOpen: Bool { user & 0x02 != 0 }
    /// It still prints or moves paper: data to be printed (04), or the motor (08).
    public var isAtWork: Bool { user & 0x0C != 0 }
    public var isHeadTooHot: Bool { recoverable & 0x01 != 0 }
    public var isVoltageWrong: Bool { recoverable & 0x08 != 0 }
    public var isJammed: Bool { recoverable & 0x40 != 0 }
    public var hasCutterError: Bool { unrecoverable & 0x01 != 0 }
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

    public var isWhole: Bool { parts == 0x0F }
    public var tellsPaper: Bool { parts & 0x01 != 0 }
}
