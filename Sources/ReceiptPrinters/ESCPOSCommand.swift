import DeviceKit

/// The few ESC/POS commands that the driver itself sends. Receipts are made elsewhere and come as bytes.
/// Source: docs/devices/printing.md.
public enum ESCPOSCommand: Sendable, Equatable {
    /// DLE EOT n, answered in real time.
    case status(UInt8)
    /// ESC @.
    case initialise
    /// GS a: on-line, error and paper changes are told unasked.
    case automaticStatus
    /// GS ( H fn 48: the printer repeats the id when all before it is on paper.
    case processID(ProcessID)
    /// GS r 1: answered when all before it was processed.
    case paperSensorStatus
    /// GS I 67: the model's name, in a block.
    case modelName
    /// DLE DC4 fn 8: drops what was received and not printed.
    case clearBuffer
    /// GS V 66 0 or GS V 65 0: feeds to the cutter and cuts, as the model does it for receipts.
    case cut(ReceiptPrinterSettings.Cut)

    /// The command as it is sent.
    public var bytes: [UInt8] {
        switch self {
        case .status(let query): [0x10, 0x04, query]
        case .initialise: [0x1B, 0x40]
        case .automaticStatus: [0x1D, 0x61, 0x0E]
        case .processID(let id): [0x1D, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30] + id.bytes
        case .paperSensorStatus: [0x1D, 0x72, 0x01]
        case .modelName: [0x1D, 0x49, 0x43]
        case .clearBuffer: [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]
        case .cut(let cut): [0x1D, 0x56, cut == .full ? 0x41 : 0x42, 0x00]
        }
    }
}

extension ESCPOSCommand {
    /// The body of the block `37 25 00`, with which a printer says that it has dropped everything.
    static let clearedAnswer: [UInt8] = [0x25]
}

/// Four printable characters that stand for a job number, ascending with it for the first 95^4 jobs.
///
/// Printable (20…7E) because the answer's block ends at the first zero.
public struct ProcessID: Sendable, Hashable {
    /// Four of them, 20…7E, as `GS ( H` takes them.
    public let bytes: [UInt8]

    /// The number in base 95, most significant digit first; numbers that are 95^4 apart have the same.
    public init(job number: UInt32) {
        var rest = number
        var digits: [UInt8] = []
        for _ in 0..<4 {
            digits.append(0x20 + UInt8(rest % 95))
            rest /= 95
        }
        bytes = digits.reversed()
    }

    /// The body of the block `37 22 d1 d2 d3 d4 00`.
    var answer: [UInt8] { [0x22] + bytes }
}
