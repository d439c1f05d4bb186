#if canImport(Glibc)
    import Glibc
#endif

/// How the C library's allocator keeps memory that is of no more use: as little as it can.
///
/// Each page wants some megabytes for a moment. By itself glibc keeps them for the next page, because its threshold for
/// giving back rises with what was freed; cut up by others they are of no use then. And it makes an arena for each thread
/// that meets another one in it, each with holes of its own. A program that runs for months would grow with its pages.
public enum Allocator {
    private typealias SetOption = @convention(c) (CInt, CInt) -> CInt
    // Of malloc.h, which Swift's import of the C library does not have.
    private static let mapThreshold: CInt = -3
    private static let mostArenas: CInt = -8

    /// From now on, buffers of a megabyte and more are the kernel's again as soon as they are freed, and everything else comes
    /// from one arena. To be called first in a program.
    public static func staysSmall() {
        guard let function = dlsym(nil, "mallopt") else { return }
        let set = unsafeBitCast(function, to: SetOption.self)
        _ = set(mapThreshold, 1 << 20)
        _ = set(mostArenas, 1)
    }
}
