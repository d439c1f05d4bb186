/// A value that must never reach a log, a crash report or a title by accident.
///
/// It prints as `•••` wherever Swift would describe it; reading it takes an explicit `.exposed`.
public struct Sensitive<Value> {
    /// The value itself. Every use of this property is a place to look at in review.
    public var exposed: Value

    /// Covers a value from here on.
    public init(_ value: Value) { exposed = value }
}

extension Sensitive: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `•••`, whatever the value.
    public var description: String { "•••" }
    /// `•••`, whatever the value.
    public var debugDescription: String { "•••" }
    /// Without children: `dump` and reflection do not see the value.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Sensitive: Sendable where Value: Sendable {}
extension Sensitive: Equatable where Value: Equatable {}
extension Sensitive: Hashable where Value: Hashable {}

extension Sensitive: Codable where Value: Codable {
    /// Reads the value as if it were not covered; the error is the value's own, and may quote it.
    public init(from decoder: any Decoder) throws {
        exposed = try decoder.singleValueContainer().decode(Value.self)
    }

    /// Writes the value in the open, as if it were not covered: encoding is for channels and files that may have it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(exposed)
    }
}
