/// A value that must never reach a log, a crash report or a title by accident.
///
/// It prints as `•••` wherever Swift would describe it; reading it takes an explicit `.exposed`.
public struct Sensitive<Value> {
    /// The value itself. Every use of this property is a place to look at in review.
    public var exposed: Value

    public init(_ value: Value) { exposed = value }
}

extension Sensitive: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Sensitive: Sendable where Value: Sendable {}
extension Sensitive: Equatable where Value: Equatable {}
extension Sensitive: Hashable where Value: Hashable {}

extension Sensitive: Codable where Value: Codable {
    public init(from decoder: any Decoder) throws {
        exposed = try decoder.singleValueContainer().decode(Value.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(exposed)
    }
}
