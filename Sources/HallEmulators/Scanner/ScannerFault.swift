/// The ways in which the emulated scanner can fail.
public enum ScannerFault: String, Sendable, Codable, CaseIterable {
    case none
    /// A sheet is stuck in the feeder.
    case jam
    /// The feeder's cover stands open (`ScannerAdfHatchOpen`).
    case coverOpen
    /// The same, in the word that eSCL does not have and some scanners use (`ScannerAdfDoorOpen`).
    case doorOpen
    /// The rollers do not get hold of the sheet.
    case mispick
    /// Two sheets went in at once.
    case multipick
    /// A page takes 20 s.
    case slow
    /// In the middle of the next page the connection breaks, and the scanner is gone.
    case goneMidPage
    /// Nobody answers at the scanner's address.
    case gone
    /// The scanner works for somebody else.
    case busy
    /// Requests are accepted and never answered.
    case silent
    /// One byte in fifty of what passes has another bit.
    case garbled

    /// What the network does to the scanner meanwhile.
    var cable: NetworkMode {
        switch self {
        case .gone: .cut
        case .silent: .blackhole
        case .garbled: .garbled
        default: .ok
        }
    }
}

/// A sheet as the desk sees it.
public struct SheetEntry: Sendable, Codable, Equatable {
    /// `sheet-N`.
    public var id: String
    /// What the desk calls it.
    public var name: String
}

/// What the scanner looks like from outside.
public struct ScannerSnapshot: Sendable, Codable, Equatable {
    /// Sheets in the feeder, the next one first.
    public var tray: [SheetEntry]
    /// The sheet that lies on the glass.
    public var glass: SheetEntry?
    /// Sheets that came out and were not taken yet.
    public var output: [SheetEntry]
    /// How the scanner goes wrong now.
    public var fault: ScannerFault
    /// The sheet on its way through the feeder, or the one on the glass while it is read.
    public var scanning: SheetEntry?
    /// Something of the resident's lies in or on the scanner.
    public var originalsPresent: Bool
    /// Pages delivered whole since the start or the last reset.
    public var pagesScanned: Int
}
