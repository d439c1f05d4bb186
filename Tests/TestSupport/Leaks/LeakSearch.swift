import Foundation
import Glibc

/// Something that must never lie on the kiosk's disk in the clear.
public struct Marker: Sendable, Hashable {
    /// What it is, in words, for the finding.
    public var name: String
    /// What is looked for.
    public var bytes: Data

    /// A text in the encodings in which it passes through the house.
    public static func text(_ name: String, _ text: String) -> [Marker] {
        [(String.Encoding.utf8, "UTF-8"), (.utf16LittleEndian, "UTF-16LE"), (.utf16BigEndian, "UTF-16BE")].compactMap {
            encoding, label in text.data(using: encoding).map { Marker(name: "\(name) in \(label)", bytes: $0) }
        }
    }

    /// Pieces of 32 bytes of a page's picture, spread over its entropy-coded data; none that could be a pattern of white
    /// paper.
    public static func pieces(ofJPEG jpeg: Data, name: String) -> [Marker] {
        guard let scan = jpeg.range(of: Data([0xFF, 0xDA])) else { return [] }
        let data = Data(jpeg[scan.upperBound...])
        let count = 12
        return (0..<count).compactMap { place in
            for start in stride(from: data.count * place / count, to: data.count - 32, by: 32) {
                let piece = data[start..<(start + 32)]
                if Set(piece).count >= 24 {
                    return Marker(name: "\(name), 32 bytes at \(scan.upperBound + start)", bytes: Data(piece))
                }
            }
            return nil
        }
    }
}

/// Where something was found.
public struct Leak: Sendable, CustomStringConvertible {
    /// Its path.
    public var file: String
    /// Which marker it was, or which header.
    public var what: String
    /// One line for a failed expectation.
    public var description: String { "\(what) in \(file)" }
}

/// Looks for markers and for headers of unsealed documents.
public struct LeakSearch: Sendable {
    /// What is looked for beside the headers of PDF and JPEG.
    public var markers: [Marker]

    /// Looks for these markers.
    public init(markers: [Marker]) { self.markers = markers }

    /// Everything that was found.
    public func leaks(in remains: KioskRemains) -> [Leak] {
        remains.files.flatMap { file in
            leaks(in: file.bytes).map { Leak(file: file.path, what: $0) }
        }
    }

    private func leaks(in bytes: Data) -> [String] {
        // Sealed bytes, and the signatures and checksums of a database and its log, are as good as random, and three of them
        // are soon a JPEG's: there a longer look is taken.
        let isRandom = Self.randomKinds.contains { bytes.starts(with: $0) }
        var found = markers.filter { Self.finds($0.bytes, in: bytes) }.map(\.name)
        if Self.finds(Data((isRandom ? "%PDF-1." : "%PDF").utf8), in: bytes) { found.append("the header of a PDF") }
        if Self.hasJPEGHeader(bytes, isRandom: isRandom) { found.append("the header of a JPEG") }
        return found
    }

    private static let randomKinds = [
        Data("age-encryption.org/v1\n".utf8), Data("SQLite format 3\0".utf8), Data([0x37, 0x7F, 0x06, 0x82]),
        Data([0x37, 0x7F, 0x06, 0x83]),
    ]

    private typealias Search =
        @convention(c) (UnsafeRawPointer?, Int, UnsafeRawPointer?, Int) -> UnsafeMutableRawPointer?
    /// `memmem` of string.h, which Swift's import of the C library does not have: a campaign leaves tens of megabytes, in
    /// which hundreds of markers are looked for.
    private static let search = unsafeBitCast(dlsym(nil, "memmem"), to: Search?.self)

    private static func finds(_ marker: Data, in bytes: Data) -> Bool {
        guard let search else { return bytes.range(of: marker) != nil }
        return bytes.withUnsafeBytes { all in
            marker.withUnsafeBytes { part in search(all.baseAddress, all.count, part.baseAddress, part.count) != nil }
        }
    }

    /// FF D8 FF; in what is as good as random only when a second well-formed segment follows the first (ITU-T T.81, B.1.1).
    private static func hasJPEGHeader(_ bytes: Data, isRandom: Bool) -> Bool {
        var rest = bytes[...]
        while let start = rest.range(of: Data([0xFF, 0xD8, 0xFF])) {
            if !isRandom { return true }
            let segment = start.upperBound - 1
            if segment + 4 <= bytes.endIndex {
                let next = segment + 2 + Int(bytes[segment + 2]) << 8 + Int(bytes[segment + 3])
                let isSegment = { (place: Int) in
                    place + 1 < bytes.endIndex && bytes[place] == 0xFF && (0xC0...0xFE).contains(bytes[place + 1])
                }
                if isSegment(segment), isSegment(next) { return true }
            }
            rest = bytes[start.upperBound...]
        }
        return false
    }
}
