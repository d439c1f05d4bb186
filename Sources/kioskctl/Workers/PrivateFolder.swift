import Foundation

/// A folder in the temporary folder that is this process's alone.
struct PrivateFolder: Sendable {
    let path: String

    /// Why there is none, as a clause with the next action.
    struct Failure: Error, CustomStringConvertible { var description: String }

    static func make() -> Result<PrivateFolder, Failure> {
        // A socket's path has at most 107 bytes; a longer temporary folder cannot be used.
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let parent = temporary.hasPrefix("/") && temporary.utf8.count <= 75 ? temporary : "/tmp"
        var template = Array("\(parent)/kioskctl-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            let cause = errno
            let action =
                cause == ENOSPC || cause == EDQUOT
                ? "free some space there" : "set TMPDIR to a folder in which this user may write"
            return .failure(
                Failure(
                    description:
                        "no private folder can be made in \(parent) (\(String(cString: strerror(cause)))); \(action)."
                ))
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return .success(PrivateFolder(path: path))
    }

    /// With all that workers left in it: it is their temporary folder too.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Sends what workers write to standard error nowhere, so that one sentence is all that a person gets there.
struct StandardErrorSilence: Sendable {
    /// The real standard error; -1 when it was closed.
    let original: Int32

    init() {
        original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
        let nothing = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard original >= 0, nothing >= 0 else { return }
        Terminal.errors.store(original, ordering: .relaxed)
        dup2(nothing, STDERR_FILENO)
        close(nothing)
    }

    func end() {
        guard original >= 0 else { return }
        dup2(original, STDERR_FILENO)
        Terminal.errors.store(STDERR_FILENO, ordering: .relaxed)
        close(original)
    }
}
