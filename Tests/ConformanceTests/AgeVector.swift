import Crypto
import Foundation
import HallModel
import Materials

/// One file of the published age vectors, when it is about what we implement.
struct AgeVector {
    var expectation: String
    var identities: [AgeIdentity]
    var file: [UInt8]
    private var payloadDigest: String?

    init?(_ bytes: [UInt8]) {
        guard let end = Data(bytes).range(of: Data("\n\n".utf8)) else { return nil }
        var fields: [String: [String]] = [:]
        for line in String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\n") {
            guard let colon = line.range(of: ": ") else { return nil }
            fields[String(line[..<colon.lowerBound]), default: []].append(String(line[colon.upperBound...]))
        }
        let known: Set = ["expect", "payload", "file key", "identity", "comment"]
        guard Set(fields.keys).isSubset(of: known), let expectation = fields["expect"]?.first,
            let identities = try? fields["identity"]?.map({ try AgeIdentity($0) })
        else { return nil }
        self.expectation = expectation
        self.identities = identities
        file = Array(bytes[end.upperBound...])
        payloadDigest = fields["payload"]?.first
    }

    func isPayload(_ plain: [UInt8]) -> Bool {
        payloadDigest == Hexadecimal.text(SHA256.hash(data: plain))
    }
}
