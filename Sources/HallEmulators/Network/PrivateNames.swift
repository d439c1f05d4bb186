import Foundation
import Glibc
import Synchronization

/// The names that a kiosk can resolve, as files for a mount namespace of its own: `hosts` and `resolv.conf`.
///
/// The C library reads `/etc/hosts` anew at each look-up, so a process for which these files are mounted over the
/// system's finds a name, and no longer, and again. A name that is not in `hosts` is asked for at 127.0.0.1, where no name
/// server listens: the answer is "temporary failure in name resolution", as on a kiosk whose network lost its name
/// server. Without such a mount the files do nothing: a running process cannot be given another name server from outside.
public final class PrivateNames: Sendable {
    /// The name that comes and goes.
    public let name: String
    /// To be mounted over `/etc/hosts`. Rewritten in place: a new file would not be seen through the mount.
    public let hostsFile: String
    /// To be mounted over `/etc/resolv.conf`.
    public let resolverFile: String
    private let state = Mutex(true)

    /// Writes both files into a folder that exists. The name leads to 127.0.0.1. Throws an `EmulatorError`.
    public convenience init(name: String, folder: String) throws {
        let isPlain = name.utf8.allSatisfy { byte in
            (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-")
        }
        guard isPlain, (1...253).contains(name.utf8.count) else {
            throw EmulatorError.invalid("\"\(name)\" is not a host name in lower case.")
        }
        self.init(plain: name, folder)
        try Self.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", to: resolverFile)
        try setResolves(true)
    }

    /// Nothing here may throw: an optimized build of Swift 6.3 fails on an initializer that throws beside a `Mutex`.
    private init(plain name: String, _ folder: String) {
        self.name = name
        hostsFile = folder + "/hosts"
        resolverFile = folder + "/resolv.conf"
    }

    /// Whether the name can be resolved now.
    public var resolves: Bool { state.withLock { $0 } }

    /// Lets the name be resolved, or not.
    public func setResolves(_ resolves: Bool) throws {
        try Self.write("127.0.0.1 localhost\n" + (resolves ? "127.0.0.1 \(name)\n" : ""), to: hostsFile)
        state.withLock { $0 = resolves }
    }

    /// The command that runs another one with these names: a mount namespace of its own, by `unshare` and `mount`. Needs
    /// root, or `asRootOfItsOwn` where the system lets users have namespaces.
    public func command(_ arguments: [String], asRootOfItsOwn: Bool = false) -> [String] {
        let script = """
            mount --make-rprivate / && mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/resolv.conf \
            && shift 2 && exec "$@"
            """
        return ["unshare"] + (asRootOfItsOwn ? ["--map-root-user"] : [])
            + ["--mount", "--", "sh", "-c", script, "sh", hostsFile, resolverFile] + arguments
    }

    /// Removes both files.
    public func remove() {
        unlink(hostsFile)
        unlink(resolverFile)
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw EmulatorError.system("write \(path)", errno) }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw EmulatorError.system("write \(path)", errno)
        }
    }
}
