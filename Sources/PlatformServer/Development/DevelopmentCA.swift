import Crypto
import Foundation
import SwiftASN1
import X509

/// Certificates and an age identity for development, tests and a single hall: what is there and good is kept, what is
/// missing, damaged or about to expire is made anew.
public struct DevelopmentCA: Sendable {
    /// Paths of everything that was made.
    public struct Files: Sendable, Equatable {
        /// The CA's certificate: what both sides trust.
        public var authority: String
        /// The CA's private key, mode 0600, as the other keys.
        public var authorityKey: String
        /// The platform's certificate, for its host name and localhost.
        public var server: String
        /// Its private key.
        public var serverKey: String
        /// The kiosk's certificate; its common name is the kiosk's.
        public var kiosk: String
        /// Its private key.
        public var kioskKey: String
        /// Opens what is sealed; for the platform only.
        public var ageIdentity: String
        /// One `age1…` line each; for the kiosk's configuration.
        public var ageRecipients: String

        /// Where they lie in this folder; nothing is made.
        public init(folder: String, kiosk name: String) {
            authority = folder + "/ca.pem"
            authorityKey = folder + "/ca-key.pem"
            server = folder + "/server.pem"
            serverKey = folder + "/server-key.pem"
            kiosk = folder + "/kiosks/\(name).pem"
            kioskKey = folder + "/kiosks/\(name)-key.pem"
            ageIdentity = folder + "/age-identity.txt"
            ageRecipients = folder + "/age-recipients.txt"
        }
    }

    private struct Identity {
        var certificate: Certificate
        var key: P256.Signing.PrivateKey
    }

    /// Leaf certificates are renewed when they have less than this left.
    private static let renewalSeconds: TimeInterval = 30 * 86_400

    /// Makes or completes a folder.
    ///
    /// - Parameters:
    ///   - kiosk: the kiosk's name, 1 to 64 letters, digits, dots and hyphens: the common name of its certificate.
    ///   - host: the name under which kiosks reach the platform, beside localhost.
    /// - Throws: ``PlatformFailure``.
    public static func make(folder: String, kiosk: String, host: String = "localhost") async throws -> Files {
        guard (1...64).contains(kiosk.utf8.count), kiosk.first != ".",
            kiosk.utf8.allSatisfy({ byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                    || byte == 46
            })
        else { throw PlatformFailure("A kiosk's name is 1 to 64 letters, digits, dots and hyphens.") }
        let folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        let files = Files(folder: folder, kiosk: kiosk)
        do {
            try FileManager.default.createDirectory(
                atPath: folder + "/kiosks", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            let authority = try authority(files)
            try leaf(
                at: files.server, key: files.serverKey, name: host, usage: .serverAuth, hosts: names(of: host),
                authority: authority)
            try leaf(
                at: files.kiosk, key: files.kioskKey, name: kiosk, usage: .clientAuth, hosts: [], authority: authority)
        } catch let failure as FileFailure {
            throw PlatformFailure("The development CA cannot be written: \(failure)")
        } catch let error as CocoaError {
            throw PlatformFailure("The folder \(folder) cannot be made: \(error.localizedDescription)")
        }
        try await ageIdentity(files)
        return files
    }

    private static func authority(_ files: Files) throws -> Identity {
        if let known = read(files.authority, files.authorityKey),
            known.certificate.notValidAfter.timeIntervalSinceNow > 366 * 86_400
        {
            return known
        }
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("HallKiosk development CA") }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -3600), notValidAfter: Date(timeIntervalSinceNow: 3650 * 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
            },
            issuerPrivateKey: .init(key))
        let made = Identity(certificate: certificate, key: key)
        try write(made, files.authority, files.authorityKey)
        return made
    }

    private enum Usage { case serverAuth, clientAuth }

    private static func leaf(
        at path: String, key keyPath: String, name: String, usage: Usage, hosts: [GeneralName], authority: Identity
    ) throws {
        let alternatives = SubjectAlternativeNames(hosts)
        if let known = read(path, keyPath), known.certificate.notValidAfter.timeIntervalSinceNow > renewalSeconds,
            authority.certificate.publicKey.isValidSignature(known.certificate.signature, for: known.certificate),
            (try? known.certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames([]) == alternatives
        {
            return
        }
        let key = P256.Signing.PrivateKey()
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: -3600), notValidAfter: Date(timeIntervalSinceNow: 397 * 86_400),
            issuer: authority.certificate.subject, subject: try DistinguishedName { CommonName(name) },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage == .serverAuth ? .serverAuth : .clientAuth])
                if !hosts.isEmpty { alternatives }
                SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
                AuthorityKeyIdentifier(
                    keyIdentifier: try authority.certificate.extensions.subjectKeyIdentifier?.keyIdentifier)
            },
            issuerPrivateKey: .init(authority.key))
        try write(Identity(certificate: certificate, key: key), path, keyPath)
    }

    private static func names(of host: String) -> [GeneralName] {
        var names: [GeneralName] = [
            .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
            .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
        ]
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        if numbers.count == 4, host.split(separator: ".").count == 4 {
            if numbers != [127, 0, 0, 1] { names.append(.ipAddress(ASN1OctetString(contentBytes: numbers[...]))) }
        } else if host != "localhost" {
            names.append(.dnsName(host))
        }
        return names
    }

    /// `nil` when one of the two is missing or damaged, or when they do not belong together.
    private static func read(_ path: String, _ keyPath: String) -> Identity? {
        guard let certificatePEM = try? String(contentsOfFile: path, encoding: .utf8),
            let keyPEM = try? String(contentsOfFile: keyPath, encoding: .utf8),
            let certificate = try? Certificate(pemEncoded: certificatePEM),
            let key = try? P256.Signing.PrivateKey(pemRepresentation: keyPEM),
            certificate.publicKey == Certificate.PublicKey(key.publicKey)
        else { return nil }
        return Identity(certificate: certificate, key: key)
    }

    private static func write(_ identity: Identity, _ path: String, _ keyPath: String) throws {
        try StoredFile.replace(keyPath, with: Data(identity.key.pemRepresentation.utf8))
        let pem = try identity.certificate.serializeAsPEM().pemString + "\n"
        try StoredFile.replace(path, with: Data(pem.utf8), mode: 0o644)
    }

    private static func ageIdentity(_ files: Files) async throws {
        if !FileManager.default.fileExists(atPath: files.ageIdentity) {
            switch await ToolRun.run("age-keygen", [], input: [], outputLimit: 4096) {
            case .finished(let bytes):
                do { try StoredFile.replace(files.ageIdentity, with: Data(bytes)) } catch {
                    throw PlatformFailure("The age identity cannot be written: \(error)")
                }
            case .refused: throw PlatformFailure("age-keygen made no identity.")
            case .failed(let failure): throw AgeUnsealer.failure(failure)
            }
        }
        let recipients = try await AgeUnsealer.recipients(of: files.ageIdentity)
        let text = recipients.map { $0 + "\n" }.joined()
        if (try? String(contentsOfFile: files.ageRecipients, encoding: .utf8)) != text {
            do { try StoredFile.replace(files.ageRecipients, with: Data(text.utf8), mode: 0o644) } catch {
                throw PlatformFailure("The age recipients cannot be written: \(error)")
            }
        }
    }
}
