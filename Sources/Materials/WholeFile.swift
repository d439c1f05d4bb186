import Glibc

/// A file that is there whole, mode 0600 and durable, or not at all.
public enum WholeFile {
    /// Writes `bytes` to `path`. An existing file is left alone and ``FileFailure/alreadyExists`` thrown, unless `replacing`.
    public static func write(_ bytes: [UInt8], to path: String, replacing: Bool) async throws(FileFailure) {
        try await FileQueue(label: "whole-file").run { () throws(FileFailure) in
            let draft = try FileDraft(path: path, suffix: ".part-\(getpid())")
            try draft.write(bytes)
            try draft.publish(replacing: replacing)
        }
    }
}
