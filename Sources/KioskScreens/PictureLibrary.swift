import Foundation

/// The line drawings of `Kiosk/pictures`: pictograms (24-unit grid) and the large drawings of the stage.
///
/// They are put into the page itself, so that they take the colour of the text beside them. They are read once at start,
/// and a file with anything active in it is refused.
public struct PictureLibrary: Sendable {
    /// Which file keeps the screens from being shown, and why.
    public enum Failure: Error, CustomStringConvertible {
        /// A folder that cannot be listed, or a file that cannot be read or has more than 64 KiB.
        case unreadable(String)
        /// A file that is not one `svg` element with a `viewBox`.
        case notADrawing(String)
        /// A file with a script, a style, a link or anything else that does more than draw, and what of it was found.
        case active(String, found: String)

        /// One sentence with the path.
        public var description: String {
            switch self {
            case .unreadable(let path): "cannot read pictures in \(path); check the kiosk folder"
            case .notADrawing(let path): "\(path) is not one <svg> element with a viewBox"
            case .active(let path, let found): "\(path) holds '\(found)': a picture may only draw"
            }
        }
    }

    private var pictures: [String: String] = [:]

    /// Reads every `.svg` in `folder` and `folder/stage`. Names are file names without the ending; those of the large
    /// drawings start with `stage/`.
    public init(folder: URL) throws {
        for (subfolder, prefix) in [("", ""), ("stage", "stage/")] {
            let place = subfolder.isEmpty ? folder : folder.appending(path: subfolder)
            guard let files = try? FileManager.default.contentsOfDirectory(atPath: place.path) else {
                throw Failure.unreadable(place.path)
            }
            for file in files.sorted() where file.hasSuffix(".svg") {
                let path = place.appending(path: file).path
                guard let data = FileManager.default.contents(atPath: path), data.count <= 64 * 1024 else {
                    throw Failure.unreadable(path)
                }
                let name = prefix + String(file.dropLast(4))
                pictures[name] = try Self.inline(String(decoding: data, as: UTF8.self), path: path)
            }
        }
    }

    /// Names of all pictures.
    public var names: Set<String> { Set(pictures.keys) }

    /// A pictogram to stand beside words; hidden from the accessibility tree, because the words say it (XG2).
    func pictogram(_ name: String) -> Markup? { pictures[name].map(Markup.init) }

    /// A large drawing.
    func drawing(_ name: String) -> Markup? { (pictures["stage/" + name]).map(Markup.init) }

    private static func inline(_ text: String, path: String) throws -> String {
        let drawing = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard drawing.hasPrefix("<svg "), drawing.hasSuffix("</svg>"), drawing.contains("viewBox=") else {
            throw Failure.notADrawing(path)
        }
        let lowered = drawing.lowercased()
        for found in ["<script", "<foreignobject", "<image", "<use", "<style", "href", "javascript:", "<!", "url("]
        where lowered.contains(found) { throw Failure.active(path, found: found) }
        if let handler = lowered.firstMatch(of: #/\son[a-z]+\s*=/#) {
            throw Failure.active(path, found: String(handler.output))
        }
        let body = drawing.dropFirst("<svg ".count)
        return "<svg aria-hidden=\"true\" focusable=\"false\" " + body.replacingOccurrences(of: "\n", with: "")
    }
}
