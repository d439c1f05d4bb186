import Foundation
import Yams

/// The texts of `Kiosk/texts`, as the screens read them.
enum TextFile {
    static let chinese = read("zh-Hans")
    static let english = read("en")
    static let chinesePlaceholders = chinese.mapValues(placeholders)

    private static func read(_ name: String) -> [String: String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "Kiosk/texts/\(name).yaml")
        guard let text = try? String(contentsOf: file, encoding: .utf8),
            let texts = try? Yams.load(yaml: text) as? [String: String]
        else { return [:] }
        return texts
    }

    static func placeholders(_ text: String) -> Set<String> {
        Set(text.matches(of: /\{(\w+)\}/).map { String($0.1) })
    }
}
