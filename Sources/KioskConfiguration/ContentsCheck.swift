import Foundation
import GuidedFlow
import HallModel

/// Everything in a kiosk folder that residents see, held against itself and against what the programs use: run by every
/// build, so that a missing translation never leaves it.
public enum ContentsCheck {
    /// What is wrong in `texts`, `problems.yaml` and every file of `items`; empty when nothing is.
    ///
    /// - Parameters:
    ///   - folder: the kiosk folder.
    ///   - keys: further keys of `texts` that a program uses, beside those of the flow.
    public static func findings(folder: String, alsoUsed keys: [String]) -> [ConfigurationError] {
        let errors = ErrorCollector()
        let texts = FilePath.join(folder, "texts")
        let catalogue = TextCatalogue(folder: texts, errors: errors)
        let used = ScreenTextKey.allCases.map(\.rawValue) + keys
        for language in Language.allCases {
            let file = FilePath.join(texts, "\(language.rawValue).yaml")
            for key in used.sorted() where catalogue.text(key, in: language) == nil {
                errors.add(ConfigurationError(file: file, sentence: "the text “\(key)” is missing"))
            }
        }
        for key in catalogue.keys.subtracting(used).sorted() {
            errors.add(ConfigurationError(file: texts, sentence: "nothing shows the text “\(key)”"))
        }
        _ = ProblemCatalogue(file: FilePath.join(folder, "problems.yaml"), errors: errors)
        let items = FilePath.join(folder, "items")
        let loader = ItemLoader(errors: errors)
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: items)) ?? []).sorted()
        where name.hasSuffix(".yaml") {
            _ = loader.item(file: FilePath.join(items, name))
        }
        return errors.errors.sorted()
    }
}
