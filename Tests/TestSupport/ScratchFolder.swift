import Foundation

/// A folder of a test's own; gone when the last reference is.
public final class ScratchFolder: Sendable {
    /// Of the folder, without a slash at its end.
    public let path: String

    /// Makes it in the system's temporary folder, mode 0700.
    public init() throws {
        path = NSTemporaryDirectory().appending("hallkiosk-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it, whether there is one or not.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names of what lies in it, sorted.
    public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    /// All of a file in it.
    public func bytes(of name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

    /// Makes or replaces a file in it.
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(filePath: file(name)))
    }
}
