/// Why bytes that claim to be a page image were refused. Never holds anything of the image.
public enum PageFailure: Error, Sendable, Equatable {
    /// The bytes do not begin as a JPEG does (ITU-T T.81 annex B), or its headers contradict themselves.
    case notJPEG
    /// A JPEG of a kind that is not used for pages: CMYK, 12 bit, arithmetic coding, lossless.
    case unsupported(String)
    /// More pixels than a page can have; refused by its header, before anything is decoded.
    case tooLarge(widthPixels: Int, heightPixels: Int)
    /// The image data breaks off or is corrupt; the decoder's own sentence.
    case damaged(String)
    /// A resolution outside of 50…1200 dots per inch.
    case wrongResolution(Int)
    /// A C library had no memory or failed without a reason of ours.
    case libraryFailed(String)
}

/// What a page image may measure at most. A3 at 600 dots per inch fits.
public enum PageLimits {
    /// Of either side, in pixels.
    public static let maximumSide = 12_000
    /// Of both together: bounds a decode at 288 MB however hostile the image is.
    public static let maximumPixels = 72_000_000
    /// Dots per inch that make sense for a page.
    public static let dotsPerInch = 50...1_200
}
