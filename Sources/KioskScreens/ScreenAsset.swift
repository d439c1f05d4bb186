import Foundation

/// A style sheet or script that the page loads.
struct ScreenAsset: Sendable {
    var contentType: String
    var bytes: [UInt8]

    struct Unreadable: Error, CustomStringConvertible {
        var path: String
        var description: String { "cannot read \(path); check the kiosk folder" }
    }

    /// Everything under `styles/` and `scripts/`, and the style sheet of this panel. Served from memory: no path of a
    /// request ever reaches the file system.
    static func load(kioskFolder: URL, panel: PanelGeometry) throws -> [String: ScreenAsset] {
        var assets = [
            "panel.css": ScreenAsset(contentType: "text/css; charset=utf-8", bytes: Array(panel.styleSheet.utf8))
        ]
        let kinds = [
            ("styles", ".css", "text/css; charset=utf-8"), ("scripts", ".js", "text/javascript; charset=utf-8"),
        ]
        for (folder, ending, contentType) in kinds {
            let place = kioskFolder.appending(path: folder)
            guard let files = try? FileManager.default.contentsOfDirectory(atPath: place.path) else {
                throw Unreadable(path: place.path)
            }
            for file in files where file.hasSuffix(ending) {
                let path = place.appending(path: file).path
                guard let data = FileManager.default.contents(atPath: path), data.count <= 256 * 1024 else {
                    throw Unreadable(path: path)
                }
                assets[file] = ScreenAsset(contentType: contentType, bytes: Array(data))
            }
        }
        return assets
    }
}
