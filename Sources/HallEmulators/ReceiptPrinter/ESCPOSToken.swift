/// One thing that a receipt printer was told, in the order in which it came.
enum ESCPOSToken: Equatable {
    /// A byte to print; in Chinese mode two of them make a character.
    case text(UInt8)
    case lineFeed
    case command(ESCPOSCommand)
    case rasterBegin(ESCPOSRaster)
    /// One row of a raster picture, most significant bit left.
    case rasterRow([UInt8])

    /// Room it takes in the receive buffer.
    var byteCount: Int {
        switch self {
        case .text, .lineFeed: 1
        case .command(.qrStore(let data)): data.count + 8
        case .command: 4
        case .rasterBegin: 8
        case .rasterRow(let row): row.count
        }
    }
}

struct ESCPOSRaster: Equatable {
    let bytesPerRow: Int
    let rows: Int
    let doubleWidth: Bool
    let doubleHeight: Bool
}

enum ESCPOSCommand: Equatable {
    case initialise
    case align(Int)
    case emphasise(Bool)
    case underline(Bool)
    case size(width: Int, height: Int)
    /// `nil`: the default.
    case lineSpacing(Int?)
    case feedLines(Int)
    case feedDots(Int)
    case chinese(Bool)
    /// Feeds to the cutter and so many dots more first, when given.
    case cut(feedDots: Int?)
    case qrSize(Int)
    case qrLevel(Int)
    case qrStore([UInt8])
    case qrPrint
    case statusBack(UInt8)
    case processID([UInt8])
    case transmitStatus(UInt8)
    case transmitIdentity(UInt8)
    case absolutePosition(Int)
    case presenter(PresenterCommand)
    /// GS E0 n
    case fullStatusBack(UInt8)
    /// Understood and without effect here (drawer, barcode settings, code pages …).
    case ignored
}

/// What a printer does at once, whatever waits in its buffer.
enum ESCPOSRealTime: Equatable {
    /// DLE EOT n
    case status(UInt8)
    /// DLE DC4 fn 8
    case clearBuffer
    /// DLE ENQ n: 1 go on after an error, 2 go on and drop what waits.
    case recover(UInt8)
}
