#if canImport(Glibc)
    import Glibc
#endif

/// How this process keeps large buffers that are of no more use: not at all.
///
/// Each page wants some megabytes for a moment. By itself glibc keeps them for the next page, because its threshold for
/// giving back rises with what was freed; cut up by others they are of no use then, and a worker grows with its pages.
enum LargeBuffers {
    private typealias SetOption = @convention(c) (CInt, CInt) -> CInt
    /// `M_MMAP_THRESHOLD` of malloc.h, which Swift's import of the C library does not have.
    private static let mapThreshold: CInt = -3

    /// From now on, buffers of a megabyte and more are the kernel's again as soon as they are freed.
    static func goBackToTheKernel() {
        guard let function = dlsym(nil, "mallopt") else { return }
        _ = unsafeBitCast(function, to: SetOption.self)(mapThreshold, 1 << 20)
    }
}
