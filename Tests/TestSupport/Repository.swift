import Foundation

/// Files of the repository that tests go by.
public enum Repository {
    /// Where `Package.swift` lies.
    public static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// The text of a file, by its path in the repository.
    /// - Throws: when it is not there, or no UTF-8.
    public static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
    }

    /// Set when a test shall make its recordings anew: `HALLKIOSK_RECORD=1`.
    public static var shallRecord: Bool { ProcessInfo.processInfo.environment["HALLKIOSK_RECORD"] == "1" }
}
