import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Everything that the kiosk has on the machine at one moment, read at once so that it can be searched later: state,
/// runtime and temporary folders, logs, and files that its processes hold open without a name.
public struct KioskRemains: Sendable {
    /// A file as it was.
    public struct File: Sendable {
        /// Where it lay; for a file without a name, the descriptor and what it was called.
        public var path: String
        /// All of it.
        public var bytes: Data
    }

    /// In the order in which they were read.
    public private(set) var files: [File] = []

    /// - Parameters:
    ///   - roots: folders and files that are the kiosk's.
    ///   - processes: the kiosk's.
    public init(roots: [String], processes: [pid_t] = []) {
        for root in roots { add(root) }
        for pid in processes { addNameless(pid) }
    }

    /// Paths of all that was read.
    public var paths: [String] { files.map(\.path) }

    private mutating func add(_ path: String) {
        // Sockets and pipes are not read; what is gone by now is gone.
        switch try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType {
        case .typeRegular:
            if let bytes = FileManager.default.contents(atPath: path) { files.append(File(path: path, bytes: bytes)) }
        case .typeDirectory:
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() {
                add("\(path)/\(name)")
            }
        default: break
        }
    }

    /// Files that were unlinked while open: without a name, but on a disk.
    private mutating func addNameless(_ pid: pid_t) {
        let folder = "/proc/\(pid)/fd"
        for descriptor in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = "\(folder)/\(descriptor)"
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path),
                target.hasSuffix(" (deleted)"), !target.hasPrefix("/memfd:"),
                let bytes = FileManager.default.contents(atPath: path)
            else { continue }
            files.append(File(path: "\(path) -> \(target)", bytes: bytes))
        }
    }
}
