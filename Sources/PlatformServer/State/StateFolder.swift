import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder that holds everything the platform keeps. One server at a time: the folder is locked while it runs.
final class StateFolder: Sendable {
    let path: String
    private let lock: Int32

    var database: String { path + "/platform.sqlite" }
    var uploads: String { path + "/uploads" }
    /// Where the addresses are written once the server is up.
    var addresses: String { path + "/platform.json" }

    init(_ path: String) throws {
        let full = URL(fileURLWithPath: path).standardizedFileURL.path
        do {
            try FileManager.default.createDirectory(
                atPath: full, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try StoredFile.makeFolder(full + "/uploads")
        } catch {
            throw PlatformFailure("The state folder \(full) cannot be made or written to.")
        }
        let descriptor = open(full + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PlatformFailure("The state folder \(full) cannot be written to.") }
        guard Self.take(descriptor) else {
            close(descriptor)
            throw PlatformFailure("Another platform server is running on the state folder \(full).")
        }
        self.path = full
        lock = descriptor
    }

    deinit { close(lock) }

    /// The lock belongs to the open file: a child that was being started when its parent was killed holds it for a moment.
    private static func take(_ descriptor: Int32) -> Bool {
        for _ in 0..<40 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK || errno == EINTR else { return false }
            usleep(50_000)
        }
        return false
    }
}
