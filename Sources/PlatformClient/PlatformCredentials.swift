import NIOSSL

#if canImport(Glibc)
    import Glibc
#endif

/// The files with which a kiosk shows the platform who it is, and knows the platform: looked at before anybody relies on them.
public struct PlatformCredentials: Sendable {
    /// What is wrong with one of the files, and what to do, as a clause.
    public struct Finding: Error, Sendable, Equatable {
        /// Which of the three files: the kiosk's certificate, its private key, the authorities trusted for the
        /// platform.
        public enum Role: String, Sendable { case certificate, key, trust }

        /// The file that has to be looked at.
        public var role: Role
        /// Its path, as it was given.
        public var file: String
        /// What is wrong and what to do, as a clause that follows the path.
        public var sentence: String
    }

    var certificateFile: String
    var keyFile: String
    var trustFile: String

    /// PEM files; see ``PlatformAPI``.
    public init(certificateFile: String, keyFile: String, trustFile: String) {
        (self.certificateFile, self.keyFile, self.trustFile) = (certificateFile, keyFile, trustFile)
    }

    /// Everything that is wrong; files that cannot be read at all are left out.
    /// - Parameter kiosk: the name that the certificate has to be of: the platform takes a kiosk's cases under no other.
    public func findings(kiosk: String) -> [Finding] {
        var findings: [Finding] = []
        func look<Value>(_ role: Finding.Role, _ file: String, _ sentence: String, _ body: () throws -> Value?)
            -> Value?
        {
            guard access(file, R_OK) == 0 else { return nil }
            if let value = try? body() { return value }
            findings.append(.init(role: role, file: file, sentence: sentence))
            return nil
        }
        let chain = look(.certificate, certificateFile, "there is no certificate in PEM in it; put the kiosk's there") {
            try Self.certificates(certificateFile)
        }
        let key = look(
            .key, keyFile,
            "there is no private key in PEM in it, or only one with a passphrase; put the key of the "
                + "kiosk's certificate there, without one"
        ) { try NIOSSLPrivateKey(file: keyFile, format: .pem) }
        _ = look(
            .trust, trustFile,
            "there is no certificate in PEM in it; put those of the authorities there that the "
                + "platform's certificate is from"
        ) { try Self.certificates(trustFile) }
        guard let chain, let own = chain.first else { return findings }
        if let key {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.certificateChain = chain.map { .certificate($0) }
            tls.privateKey = .privateKey(key)
            if (try? NIOSSLContext(configuration: tls)) == nil {
                let sentence =
                    "this key is not that of the certificate in \(certificateFile); put the two there that belong together"
                findings.append(.init(role: .key, file: keyFile, sentence: sentence))
            }
        }
        let name = (try? own.toDERBytes()).flatMap(CertificateName.commonName)
        if name != kiosk {
            let found = name.map { "the certificate is of “\($0)”" } ?? "the certificate has no common name"
            let sentence =
                "\(found), and “kiosk.id” is “\(kiosk)”: the platform takes a kiosk's cases under the name of its "
                + "certificate only; make the two equal"
            findings.append(.init(role: .certificate, file: certificateFile, sentence: sentence))
        }
        return findings
    }

    private static func certificates(_ file: String) throws -> [NIOSSLCertificate]? {
        let certificates = try NIOSSLCertificate.fromPEMFile(file)
        return certificates.isEmpty ? nil : certificates
    }
}

/// Reads of a certificate (RFC 5280, DER) the common name of its subject, and nothing else.
enum CertificateName {
    /// The first common name; `nil` when there is none, or what is there is no certificate.
    static func commonName(_ certificate: [UInt8]) -> String? {
        var outer = DERReader(certificate[...])
        guard var whole = outer.next(0x30).map(DERReader.init), var body = whole.next(0x30).map(DERReader.init) else {
            return nil
        }
        _ = body.next(0xA0)
        // Serial number, signature algorithm, issuer, validity.
        guard body.next(0x02) != nil, body.next(0x30) != nil, body.next(0x30) != nil, body.next(0x30) != nil,
            var subject = body.next(0x30).map(DERReader.init)
        else { return nil }
        while var part = subject.next(0x31).map(DERReader.init) {
            while var attribute = part.next(0x30).map(DERReader.init) {
                // 2.5.4.3
                guard attribute.next(0x06).map(Array.init) == [0x55, 0x04, 0x03], let value = attribute.rest() else {
                    continue
                }
                // UTF8String, PrintableString, IA5String.
                guard [0x0C, 0x13, 0x16].contains(value.tag), (1...64).contains(value.content.count) else { return nil }
                return String(validating: value.content, as: UTF8.self)
            }
        }
        return nil
    }
}

/// One level of DER; lengths of at most three bytes.
private struct DERReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The content of the next value when it has this tag; otherwise nothing is taken.
    mutating func next(_ tag: UInt8) -> ArraySlice<UInt8>? {
        guard bytes.first == tag, let value = rest() else { return nil }
        return value.content
    }

    /// The next value, whatever it is.
    mutating func rest() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        guard let tag = bytes.first, bytes.count >= 2 else { return nil }
        var left = bytes.dropFirst()
        var length = Int(left.removeFirst())
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...3).contains(count), left.count >= count else { return nil }
            length = left.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            left = left.dropFirst(count)
        }
        guard left.count >= length else { return nil }
        bytes = left.dropFirst(length)
        return (tag, left.prefix(length))
    }
}
