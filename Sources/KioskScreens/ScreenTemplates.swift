import Foundation
import GuidedFlow
import Mustache

/// The mustache files of `Kiosk/screens`, read once at start: one for each screen, and in `parts/` the frame and the
/// pieces that screens are put together from.
struct ScreenTemplates: Sendable {
    enum Failure: Error, CustomStringConvertible {
        case unreadable(String)
        case syntax(file: String, line: Int, error: String)
        case missing([String])
        case twice(String)

        var description: String {
            switch self {
            case .unreadable(let path): "cannot read the screens in \(path); check the kiosk folder"
            case .syntax(let file, let line, let error): "\(file):\(line): \(error)"
            case .twice(let name): "\(name).mustache stands in Kiosk/screens and in Kiosk/screens/parts; rename one"
            case .missing(let names): "no template for \(names.joined(separator: ", ")) in Kiosk/screens"
            }
        }
    }

    /// Templates that are not a screen, but needed for every one.
    static let frame = ["page", "header", "footer", "overlay", "cover"]

    private var library = MustacheLibrary()
    /// The text of each file, for the fingerprint and for tests.
    private(set) var files: [String: String] = [:]

    init(folder: URL) throws {
        for place in [folder, folder.appending(path: "parts")] {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: place.path) else {
                throw Failure.unreadable(place.path)
            }
            for file in names.sorted() where file.hasSuffix(".mustache") {
                guard let data = FileManager.default.contents(atPath: place.appending(path: file).path) else {
                    throw Failure.unreadable(place.appending(path: file).path)
                }
                let name = String(file.dropLast(".mustache".count))
                guard files[name] == nil else { throw Failure.twice(name) }
                let text = String(decoding: data, as: UTF8.self)
                do {
                    try library.register(text, named: name)
                } catch let error as MustacheTemplate.ParserError {
                    throw Failure.syntax(file: file, line: error.context.lineNumber, error: "\(error.error)")
                }
                files[name] = text
            }
        }
        let needed = Screen.Name.allCases.map(\.rawValue) + Self.frame
        let missing = needed.filter { files[$0] == nil }
        guard missing.isEmpty else { throw Failure.missing(missing) }
    }

    /// `name` is one of those that `init` made sure of.
    func render(_ view: any Sendable, with name: String) -> Markup {
        Markup(library.render(view, withTemplate: name) ?? "")
    }
}
