import Glibc

/// Stands in for the C library's function of this name wherever SANE calls it from.
///
/// SANE's backends read in a thread of their own and end it with `pthread_cancel`, after they made it cancellable at any
/// instruction. A reader that is cancelled while it gives its memory back, which it does right after its last row, never
/// lets go of the allocator's lock, and waits for itself: the page is there, and the scan never ends. So the thread stays
/// cancellable where POSIX allows it to be, in calls that wait, which is where a reader spends its time.
///
/// - Returns: 0, as POSIX.1 has it; the type stays deferred.
@_cdecl("pthread_setcanceltype")
public func keepCancellationDeferred(_ type: CInt, _ former: UnsafeMutablePointer<CInt>?) -> CInt {
    former?.pointee = CInt(PTHREAD_CANCEL_DEFERRED)
    return 0
}
