import Glibc

/// Why the kiosk has no signing key.
public enum SigningKeyError: Error, Sendable, Equatable {
    /// The file is not a private key of the suite.
    case notAKey
    /// Others than the owner may read the file: its secret has to be taken as known.
    case readableByOthers(path: String)
    /// The file cannot be read or made.
    case file(path: String, FileFailure)
}

extension SigningKeyError: CustomStringConvertible {
    /// A clause; it names the file where it is about one, and says how another key is made where that helps.
    public var description: String {
        switch self {
        case .notAKey:
            "the signing key's file holds no Ed25519 private key in PEM; put the right one back, or make another: \(Self.making)"
        case .readableByOthers(let path):
            "others than its owner can read the signing key \(path), so that its secret counts as known; make another: "
                + "\(Self.making)"
        case .file(let path, let failure): "the signing key \(path): \(failure)"
        }
    }

    private static let making = "openssl genpkey -algorithm ed25519, mode 0600"
}

/// The key with which a kiosk signs its manifests. Made at the first start, mode 0600, never leaves the kiosk.
public struct KioskSigningKey: Sendable {
    private let signer: any ManifestSigner

    /// As it goes into every case: Ed25519, 32 bytes.
    public var publicKey: [UInt8] { signer.publicKey }

    /// Signs the bytes as they are: Ed25519, 64 bytes (RFC 8032).
    public func sign(_ message: [UInt8]) throws -> [UInt8] { try signer.sign(message) }

    /// Reads the key, or makes it when there is none. Two processes that start at once end with the same key.
    public static func loadOrCreate(at path: String, suite: any CryptoSuite = AgeSuite()) async throws
        -> KioskSigningKey
    {
        let bytes = try await FileQueue(label: "signing-key").run { () throws(SigningKeyError) in
            if let bytes = try read(path) { return bytes }
            do throws(FileFailure) {
                // The process id keeps two makers out of each other's draft; publishing lets one of them win.
                let draft = try FileDraft(path: path, suffix: ".new-\(getpid())-\(UInt32.random(in: 0 ... .max))")
                try draft.write(suite.makeSigningKeyFile())
                try draft.publish(replacing: false)
            } catch {
                guard error == .alreadyExists else { throw .file(path: path, error) }
            }
            guard let bytes = try read(path) else { throw .file(path: path, .notFound) }
            return bytes
        }
        return KioskSigningKey(signer: try suite.signer(fromKeyFile: bytes))
    }

    /// Reads a key that is there, as ``loadOrCreate(at:suite:)`` would; makes none.
    public static func check(at path: String, suite: any CryptoSuite = AgeSuite()) throws(SigningKeyError) {
        guard let bytes = try read(path) else { throw .file(path: path, .notFound) }
        do { _ = try suite.signer(fromKeyFile: bytes) } catch { throw .notAKey }
    }

    /// `nil` when there is no file.
    private static func read(_ path: String) throws(SigningKeyError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            let failure = FileFailure(call: "open")
            if failure == .notFound { return nil }
            throw .file(path: path, failure)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .file(path: path, FileFailure(call: "fstat")) }
        guard status.st_mode & 0o077 == 0 else { throw .readableByOthers(path: path) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw .file(path: path, FileFailure(call: "read")) }
        return Array(bytes.prefix(count))
    }
}
