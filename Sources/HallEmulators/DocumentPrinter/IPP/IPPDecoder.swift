/// Reads a request from octets. Bounded: so many attributes, so deep collections; anything else is an error, never a trap.
struct IPPDecoder {
    enum Failure: Error, Equatable {
        /// Fewer octets than the message says.
        case truncated
        /// A tag where none may stand, an attribute outside a group, a value that does not fit its syntax.
        case malformed
        case tooMuch
    }

    static let mostAttributes = 2_000
    static let deepestCollection = 8

    private let bytes: ArraySlice<UInt8>
    private var at: Int
    private var count = 0

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    /// The message and the document data behind it. Throws `Failure`.
    static func decode(_ bytes: ArraySlice<UInt8>) throws(Failure) -> (message: IPPMessage, data: ArraySlice<UInt8>) {
        var decoder = IPPDecoder(bytes)
        let message = try decoder.message()
        return (message, bytes[decoder.at...])
    }

    /// Version, code and request id of a message whose rest need not be right.
    static func head(_ bytes: ArraySlice<UInt8>) -> IPPMessage? {
        var decoder = IPPDecoder(bytes)
        return try? decoder.head()
    }

    private mutating func head() throws(Failure) -> IPPMessage {
        let (major, minor) = (try byte(), try byte())
        let code = UInt16(try number(2))
        return IPPMessage(
            major: major, minor: minor, code: code, requestID: Int32(truncatingIfNeeded: try number(4)))
    }

    private mutating func message() throws(Failure) -> IPPMessage {
        var message = try head()
        while true {
            let tag = try byte()
            if tag == 0x03 { return message }
            if tag < 0x10 {
                guard tag != 0 else { throw .malformed }
                message.groups.append(IPPGroup(rawTag: tag, []))
                guard message.groups.count <= 100 else { throw .tooMuch }
                continue
            }
            guard !message.groups.isEmpty else { throw .malformed }
            let name = try counted()
            let value = try value(tag, depth: 0)
            let last = message.groups.count - 1
            if name.isEmpty {
                guard let attribute = message.groups[last].attributes.indices.last else { throw .malformed }
                message.groups[last].attributes[attribute].values.append(value)
            } else {
                message.groups[last].attributes.append(
                    IPPAttribute(String(decoding: name, as: UTF8.self), [value]))
            }
        }
    }

    private mutating func value(_ tag: UInt8, depth: Int) throws(Failure) -> IPPValue {
        count += 1
        guard count <= Self.mostAttributes else { throw .tooMuch }
        let octets = try counted()
        if tag == 0x34 { return .collection(try members(depth: depth + 1)) }
        guard let value = IPPValue(tag: tag, bytes: octets) else { throw .malformed }
        return value
    }

    private mutating func members(depth: Int) throws(Failure) -> [IPPAttribute] {
        guard depth <= Self.deepestCollection else { throw .tooMuch }
        var members: [IPPAttribute] = []
        while true {
            let tag = try byte()
            guard tag >= 0x10 else { throw .malformed }
            _ = try counted()
            switch tag {
            case 0x37:
                _ = try counted()
                return members
            case 0x4A:
                members.append(IPPAttribute(String(decoding: try counted(), as: UTF8.self), []))
                count += 1
                guard count <= Self.mostAttributes else { throw .tooMuch }
            default:
                guard let last = members.indices.last else { throw .malformed }
                members[last].values.append(try value(tag, depth: depth))
            }
        }
    }

    private mutating func byte() throws(Failure) -> UInt8 {
        guard at < bytes.endIndex else { throw .truncated }
        defer { at += 1 }
        return bytes[at]
    }

    private mutating func number(_ length: Int) throws(Failure) -> Int {
        var number = 0
        for _ in 0..<length { number = number << 8 | Int(try byte()) }
        return number
    }

    private mutating func counted() throws(Failure) -> ArraySlice<UInt8> {
        let length = try number(2)
        guard bytes.endIndex - at >= length else { throw .truncated }
        defer { at += length }
        return bytes[at..<(at + length)]
    }
}
