import GuidedFlow
import HallModel
import KioskScreens
import Testing

/// The tour of `RealScreens` is only worth something when it is whole.
@Suite("The tour of the real screens") struct RealScreensTests {
    @Test("reaches every screen and every dialog, covered and lowered as well")
    func names() throws {
        let screens = RealScreens.entries(try KioskContents.shared.get()).map(\.screen)
        #expect(Set(screens.map(\.name)) == Set(Screen.Name.allCases))
        #expect(Set(screens.compactMap(\.overlay?.name)) == Set(Screen.Overlay.Name.allCases))
        #expect(screens.contains { $0.isCovered })
        #expect(screens.contains { $0.isLowered })
        #expect(screens.contains { $0.overlay?.secondsLeft != nil })
    }

    @Test("has every picture of the contact sheets, and they have every screen and every dialog", arguments: [1, 2, 3])
    func contactSheets(textStep: Int) throws {
        for language in Language.allCases {
            let all = RealScreens.entries(try KioskContents.shared.get(), in: language, textStep: textStep)
            let shown = try ContactSheet.pictures.map { picture in
                try #require(all.first { $0.label == picture.label }, "\(picture.label)").screen
            }
            #expect(Set(shown.map(\.name)) == Set(Screen.Name.allCases))
            #expect(Set(shown.compactMap(\.overlay?.name)) == Set(Screen.Overlay.Name.allCases))
            // A dialog ticks what the sheet is made with.
            let ticked = shown.compactMap(\.overlay).flatMap(\.choices).filter(\.isSelected).map(\.action)
            #expect(ticked == [.setLanguage(language), .setTextStep(textStep)])
        }
        let names = ContactSheet.pictures.compactMap { ContactSheet.fileName(of: $0.label) }
        #expect(Set(names).count == ContactSheet.pictures.count)
    }

    @Test("shows every text of the screens")
    func texts() throws {
        let screens = RealScreens.entries(try KioskContents.shared.get()).map(\.screen)
        let shown = screens.reduce(into: Set<String>()) { keys, screen in
            for text in screen.texts { text.addKeys(to: &keys) }
        }
        let missing = Set(ScreenTextKey.allCases.map(\.rawValue)).subtracting(shown).subtracting(FrameTexts.keys)
        #expect(missing.isEmpty, "never shown: \(missing.sorted())")
    }

    /// What never meets a person at the screen: the checks of a page are told by texts of the flow; what the staff call
    /// answered, printers that still print, and a code reader that is missing stop nobody.
    static let unseen: Set<ProblemCode> = [
        .pageBlank, .pageDark, .pageSkewed, .pageCropped, .helpUndelivered, .documentPrinterSupplyLow,
        .codeReaderMissing, .printerUnsupported,
    ]

    @Test("shows every problem of the catalogue that can meet a resident")
    func problems() throws {
        let contents = try KioskContents.shared.get()
        let screens = RealScreens.entries(contents).map(\.screen)
        let said = screens.reduce(into: Set<LocalizedText>()) { said, screen in
            for text in screen.texts { text.addLocalized(to: &said) }
        }
        for entry in contents.problems.values where !Self.unseen.contains(entry.code) {
            let heading = try #require(entry.residentHeading, "\(entry.code)")
            #expect(said.contains(heading), "\(entry.code) is never shown")
        }
    }
}

extension Screen {
    /// Every text of the screen.
    var texts: [ScreenText] {
        var all = [heading] + lead + notes.map(\.text) + buttons.map(\.text)
        all += choices.flatMap { [$0.title] + ($0.detail.map { [$0] } ?? []) }
        all += answers.flatMap { [$0.label, $0.value] + ($0.source.map { [$0] } ?? []) }
        all += things.map(\.text) + (page.map { [$0.description] } ?? []) + (digits?.error.map { [$0] } ?? [])
        if let overlay {
            all += [overlay.heading] + overlay.lead + overlay.choices.map(\.title) + overlay.buttons.map(\.text)
        }
        return all
    }
}

extension ScreenText {
    fileprivate func addKeys(to keys: inout Set<String>) {
        guard case .key(let key, let values) = self else { return }
        keys.insert(key)
        for value in values.values { value.addKeys(to: &keys) }
    }

    fileprivate func addLocalized(to texts: inout Set<LocalizedText>) {
        switch self {
        case .localized(let text): texts.insert(text)
        case .key(_, let values): for value in values.values { value.addLocalized(to: &texts) }
        case .plain: break
        }
    }
}
