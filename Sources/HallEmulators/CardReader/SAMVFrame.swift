/// Frames of the SAM_V protocol, seen from the module's side: requests come in, replies go out.
///
/// `AA AA AA 96 69 | Len1 Len2 | body | CHK`: the length is big-endian and counts body and checksum; the checksum is
/// the XOR of the length bytes and the body.
enum SAMVFrame {
    static let preamble: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69]
    /// The longest request a module takes: no command of the protocol is longer than 4 bytes of body.
    static let longestRequest = 64

    static func encode(_ body: [UInt8]) -> [UInt8] {
        let length = body.count + 1
        let counted = [UInt8(length >> 8), UInt8(length & 0xFF)] + body
        return preamble + counted + [counted.reduce(0, ^)]
    }
}

/// What the request decoder found in the stream.
enum SAMVRequest: Equatable {
    /// Command, parameter and data, checksum right.
    case body([UInt8])
    case badChecksum
    case badLength
}

/// Finds requests in a byte stream. Garbage before a preamble is dropped; memory is bounded by the longest request.
struct SAMVRequestDecoder {
    private var pending: [UInt8] = []

    /// Forgets a frame begun, as a module does when the rest does not come.
    mutating func reset() { pending.removeAll() }

    var isInsideFrame: Bool { !pending.isEmpty }

    mutating func feed(_ bytes: some Sequence<UInt8>) -> [SAMVRequest] {
        var found: [SAMVRequest] = []
        for byte in bytes {
            pending.append(byte)
            if pending.count <= SAMVFrame.preamble.count {
                alignToPreamble()
            } else if pending.count >= 7 {
                let length = Int(pending[5]) << 8 | Int(pending[6])
                if length < 3 || length > SAMVFrame.longestRequest {
                    found.append(.badLength)
                    pending.removeAll()
                } else if pending.count == 7 + length {
                    let counted = pending[5..<(pending.count - 1)]
                    let isRight = counted.reduce(0, ^) == pending[pending.count - 1]
                    found.append(isRight ? .body(Array(counted.dropFirst(2))) : .badChecksum)
                    pending.removeAll()
                }
            }
        }
        return found
    }

    /// Drops bytes from the front until what is left begins a preamble (more than three AA are allowed).
    private mutating func alignToPreamble() {
        while !pending.isEmpty, !SAMVFrame.preamble.starts(with: pending) { pending.removeFirst() }
    }
}
