import Glibc

/// What the child of `posix_spawn` does before it becomes another program.
public enum SpawnActions {
    private typealias CloseFrom =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, CInt) -> CInt

    /// Closes every descriptor from `first` on. By `posix_spawn_file_actions_addclosefrom_np` (glibc 2.34), which Swift's import of
    /// the C library does not have; nothing where there is none.
    public static func closeFrom(_ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ first: CInt) {
        guard let function = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else { return }
        _ = unsafeBitCast(function, to: CloseFrom.self)(actions, first)
    }
}
