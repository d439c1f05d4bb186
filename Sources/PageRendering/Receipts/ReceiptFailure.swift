/// Why a receipt was not rendered. Never holds its text.
public enum ReceiptFailure: Error, Sendable, Equatable {
    /// More than 200 blocks, more than 2,000 characters in one, or a slip of more than 1.5 m.
    case tooLong
    /// A QR code of more than 512 bytes, of none, or one that does not fit the paper.
    case qrDoesNotFit
    /// Dots across outside of 192…1,024, or strips outside of 1…1,024 rows.
    case wrongPaper(dotsAcross: Int, stripRows: Int)
    /// A C library had no memory or failed without a reason of ours.
    case libraryFailed(String)
}
