import KioskScreens

import struct Foundation.Data
import class Foundation.FileManager

#if canImport(Glibc)
    import Glibc
#endif

extension KioskDaemon {
    /// The two folders of the daemon, in one place.
    struct Folders: Sendable {
        let state: String
        let runtime: String
        /// Sealed files of the outbox.
        var sealed: String { state + "/sealed" }

        /// Makes what is missing, mode 0700.
        /// - Throws: `Refusal` when a folder cannot be made, or a socket path in it would be too long.
        init(state: String, runtime: String) throws {
            self.state = Self.absolute(state)
            self.runtime = Self.absolute(runtime)
            for folder in [self.state, self.runtime, self.state + "/sealed"] {
                do {
                    try FileManager.default.createDirectory(
                        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                } catch {
                    throw Refusal(
                        description:
                            "kioskd: the folder \(folder) cannot be made or entered; check its owner and the disk",
                        exitStatus: EX_CANTCREAT)
                }
            }
            guard (self.runtime + "/workers.sock").utf8.count <= 107 else {
                throw Refusal(
                    description: "kioskd: the runtime folder's path is too long for a socket; choose a shorter one",
                    exitStatus: EX_USAGE)
            }
        }

        private static func absolute(_ path: String) -> String {
            let full = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
            return full.count > 1 && full.hasSuffix("/") ? String(full.dropLast()) : full
        }

        /// The browser's secret: kept while the runtime folder lives, so that a browser survives a restart of the daemon.
        func screenSecret() throws -> ScreenSecret {
            if let data = FileManager.default.contents(atPath: runtime + "/screen-secret"), data.count <= 128,
                let secret = ScreenSecret(kept: String(decoding: data, as: UTF8.self))
            {
                return secret
            }
            let secret = ScreenSecret()
            try writePrivately(secret.textToKeep, to: "screen-secret")
            return secret
        }

        /// Writes a file of the runtime folder in one step, readable by this user alone.
        func writePrivately(_ text: String, to name: String) throws {
            let path = "\(runtime)/\(name)"
            let draft = path + ".part"
            unlink(draft)
            let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw failure(path) }
            defer { close(descriptor) }
            let bytes = Array(text.utf8)
            guard write(descriptor, bytes, bytes.count) == bytes.count, rename(draft, path) == 0 else {
                throw failure(path)
            }
        }

        func remove(_ name: String) { unlink("\(runtime)/\(name)") }

        private func failure(_ path: String) -> Refusal {
            Refusal(
                description: "kioskd: \(path) cannot be written: \(String(cString: strerror(errno)))",
                exitStatus: EX_CANTCREAT)
        }
    }

    /// One daemon a state folder: two would upload and erase each other's files.
    final class StateLock {
        private let descriptor: Int32

        init(folder: String) throws {
            descriptor = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw Refusal(
                    description: "kioskd: \(folder)/lock cannot be opened: \(String(cString: strerror(errno)))",
                    exitStatus: EX_CANTCREAT)
            }
            // `deinit` closes it.
            guard Self.take(descriptor) else {
                throw Refusal(
                    description: "kioskd: another kioskd already uses \(folder); stop it first",
                    exitStatus: EX_TEMPFAIL)
            }
        }

        deinit { close(descriptor) }

        /// The lock belongs to the open file: a worker that was being started when its daemon was killed holds it for a
        /// moment.
        private static func take(_ descriptor: Int32) -> Bool {
            for _ in 0..<40 {
                if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
                guard errno == EWOULDBLOCK || errno == EINTR else { return false }
                usleep(50_000)
            }
            return false
        }
    }
}
