import Glibc

/// A call to the file system that failed.
public enum FileFailure: Error, Sendable, Equatable {
    /// The disk or the quota is full.
    case noSpace
    /// A file of this name is there, and was to be left alone.
    case alreadyExists
    /// The file, or a folder on the way to it, is not there.
    case notFound
    /// Rights, or a file system that is mounted read-only.
    case notPermitted
    /// Anything else: the system call's name and its error number.
    case system(call: String, code: Int32)

    init(call: String, code: Int32 = errno) {
        switch code {
        case ENOSPC, EDQUOT: self = .noSpace
        case EEXIST: self = .alreadyExists
        case ENOENT, ENOTDIR: self = .notFound
        case EACCES, EPERM, EROFS: self = .notPermitted
        default: self = .system(call: call, code: code)
        }
    }
}

extension FileFailure: CustomStringConvertible {
    /// A clause in small letters, without the path: "the disk is full".
    public var description: String {
        switch self {
        case .noSpace: "the disk is full"
        case .alreadyExists: "it exists already"
        case .notFound: "there is no such file or folder"
        case .notPermitted: "permission denied"
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        }
    }
}

/// A file that appears whole or not at all: written under another name in the same folder (mode 0600), synced, renamed,
/// and the folder synced. Every call blocks; use it on a ``FileQueue``.
struct FileDraft: ~Copyable {
    private let draftPath: String
    private let path: String
    private var descriptor: Int32

    /// Starts `path`. `suffix` is what its name carries until it is whole.
    init(path: String, suffix: String = ".part") throws(FileFailure) {
        self.path = path
        draftPath = path + suffix
        descriptor = open(draftPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure(call: "open") }
    }

    deinit {
        // Not published: nothing stays behind.
        if descriptor >= 0 {
            close(descriptor)
            unlink(draftPath)
        }
    }

    func write(_ bytes: [UInt8]) throws(FileFailure) { try Self.write(bytes, to: descriptor) }

    /// All of it, however many calls that takes.
    static func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure(call: "write")
            }
            done += count
        }
    }

    /// Makes the file durable under its own name. Without `replacing`, an existing file is left alone and
    /// ``FileFailure/alreadyExists`` thrown.
    consuming func publish(replacing: Bool) throws(FileFailure) {
        guard fsync(descriptor) == 0 else { throw FileFailure(call: "fsync") }
        if replacing {
            guard rename(draftPath, path) == 0 else { throw FileFailure(call: "rename") }
        } else {
            try NewName.give(path, to: draftPath)
        }
        close(descriptor)
        descriptor = -1
        do throws(FileFailure) {
            try Self.syncFolder(of: path)
        } catch {
            // Whether the name survives a power cut is not known, and the caller will be told that it failed.
            unlink(path)
            throw error
        }
    }

    private static func syncFolder(of path: String) throws(FileFailure) {
        let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileFailure(call: "open") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw FileFailure(call: "fsync") }
    }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// Gives a file a name that nobody else has.
///
/// By `renameat2` with `RENAME_NOREPLACE`, in one step and on every file system that can rename; on the few that do not
/// know the flag (and kernels before 3.15) by a second name, which needs hard links.
enum NewName {
    typealias Rename = @Sendable (_ from: String, _ to: String) -> Int32

    static func give(_ name: String, to draft: String, rename: Rename = renameWithoutReplacing) throws(FileFailure) {
        if rename(draft, name) == 0 { return }
        guard [EINVAL, ENOSYS, EOPNOTSUPP].contains(errno) else { throw FileFailure(call: "renameat2") }
        guard link(draft, name) == 0 else { throw FileFailure(call: "link") }
        unlink(draft)
    }

    private typealias RenameAt =
        @convention(c) (
            CInt, UnsafePointer<CChar>, CInt, UnsafePointer<CChar>, CUnsignedInt
        ) -> CInt
    /// `RENAME_NOREPLACE` of linux/fs.h.
    private static let noReplace: CUnsignedInt = 1

    /// The C library's function is looked up by name: Swift's import of its headers does not have it.
    @Sendable private static func renameWithoutReplacing(_ from: String, _ to: String) -> Int32 {
        guard let function = dlsym(nil, "renameat2") else {
            errno = ENOSYS
            return -1
        }
        return unsafeBitCast(function, to: RenameAt.self)(AT_FDCWD, from, AT_FDCWD, to, noReplace)
    }
}
