/// The number of a security module, as printed on it: u16.u16-u32-u32-u32, each little-endian in 16 bytes.
public struct SAMVNumber: Sendable, Equatable, CustomStringConvertible {
    private let bytes: [UInt8]

    /// `nil` for anything but 16 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// As on the module: decimal digits, the first two numbers with 2 at least, the third with 8, the last two with 10.
    public var description: String {
        func number(_ range: Range<Int>) -> UInt32 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        func padded(_ value: UInt32, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return padded(number(0..<2), 2) + "." + padded(number(2..<4), 2) + "-" + padded(number(4..<8), 8) + "-"
            + padded(number(8..<12), 10) + "-" + padded(number(12..<16), 10)
    }
}
