import Glibc

/// What is free where a folder lies.
public enum DiskSpace {
    /// Bytes that a user who is not root may still write; `nil`, with `errno`, when the folder cannot be looked at. Blocks.
    public static func freeBytes(of folder: String) -> Int? {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : Int(clamping: bytes)
    }
}
