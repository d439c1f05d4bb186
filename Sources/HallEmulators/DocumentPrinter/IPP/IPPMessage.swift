/// Which group an attribute belongs to (RFC 8010 section 3.5.1).
enum IPPGroupTag: UInt8, Sendable {
    case operation = 0x01
    case job = 0x02
    case printer = 0x04
    case unsupported = 0x05
}

struct IPPGroup: Equatable, Sendable {
    var tag: UInt8
    var attributes: [IPPAttribute]

    init(_ tag: IPPGroupTag, _ attributes: [IPPAttribute]) {
        self.init(rawTag: tag.rawValue, attributes)
    }

    init(rawTag: UInt8, _ attributes: [IPPAttribute]) {
        tag = rawTag
        self.attributes = attributes
    }
}

/// A request or response of the Internet Printing Protocol (RFC 8010).
struct IPPMessage: Equatable, Sendable {
    var major: UInt8 = 1
    var minor: UInt8 = 1
    /// The operation of a request, the status of a response.
    var code: UInt16
    var requestID: Int32
    var groups: [IPPGroup] = []

    /// The first value of an attribute in the first group of this kind.
    func value(_ name: String, in tag: IPPGroupTag = .operation) -> IPPValue? {
        attribute(name, in: tag)?.values.first
    }

    func attribute(_ name: String, in tag: IPPGroupTag = .operation) -> IPPAttribute? {
        groups.first { $0.tag == tag.rawValue }?.attributes.first { $0.name == name }
    }

    func attributes(in tag: IPPGroupTag) -> [IPPAttribute] {
        groups.first { $0.tag == tag.rawValue }?.attributes ?? []
    }

    /// The message as octets; document data would follow.
    var bytes: [UInt8] {
        var writer = IPPWriter()
        writer.bytes = [major, minor, UInt8(code >> 8), UInt8(code & 0xFF)]
        writer.bytes += IPPValue.integer(requestID).bytes
        for group in groups {
            writer.bytes.append(group.tag)
            for attribute in group.attributes { writer.write(attribute) }
        }
        writer.bytes.append(0x03)
        return writer.bytes
    }
}

private struct IPPWriter {
    var bytes: [UInt8] = []

    mutating func write(_ attribute: IPPAttribute) {
        for (index, value) in attribute.values.enumerated() {
            write(tag: value.tag, name: index == 0 ? attribute.name : "", value)
        }
    }

    private mutating func write(tag: UInt8, name: String, _ value: IPPValue) {
        bytes.append(tag)
        writeCounted(Array(name.utf8))
        writeCounted(value.bytes)
        guard case .collection(let members) = value else { return }
        for member in members {
            bytes.append(0x4A)
            writeCounted([])
            writeCounted(Array(member.name.utf8))
            for memberValue in member.values { write(tag: memberValue.tag, name: "", memberValue) }
        }
        bytes += [0x37, 0, 0, 0, 0]
    }

    private mutating func writeCounted(_ counted: [UInt8]) {
        let length = min(counted.count, Int(UInt16.max))
        bytes += [UInt8(length >> 8), UInt8(length & 0xFF)]
        bytes += counted.prefix(length)
    }
}
