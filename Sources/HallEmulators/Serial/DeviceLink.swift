import Glibc

/// A path that always leads to the present device node of an emulated serial device, and is absent while it is gone.
struct DeviceLink: Sendable {
    let path: String

    /// Makes the link anew, at once from one target to the other.
    func lead(to devicePath: String) throws {
        let fresh = path + ".new"
        unlink(fresh)
        guard symlink(devicePath, fresh) == 0, rename(fresh, path) == 0 else {
            throw EmulatorError.system("make \(path)", errno)
        }
    }

    func remove() { unlink(path) }
}
