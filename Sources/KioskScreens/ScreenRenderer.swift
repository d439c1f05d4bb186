import Foundation
import GuidedFlow
import HallModel
import Logging

/// Turns a `Screen` into HTML: the whole page, and the parts that the page's script swaps when the screen changes.
///
/// Templates, pictures, styles and the script come from the kiosk folder and are read once, at `init`. Rendering does no
/// I/O and can be called from anywhere.
public struct ScreenRenderer: Sendable {
    /// The panel that the style sheets are told of.
    public let panel: PanelGeometry
    /// Files served under `/assets/`, by name.
    let assets: [String: ScreenAsset]
    /// Changes with every template, style, picture or script: a page that was made from others loads itself anew.
    let fingerprint: String

    private let templates: ScreenTemplates
    private let pictures: PictureLibrary
    private let texts: any TextSource
    private let onMissingText: @Sendable (String, Language) -> Void
    private let onMissingPicture: @Sendable (String) -> Void

    /// - Parameters:
    ///   - kioskFolder: holds `screens/`, `styles/`, `scripts/` and `pictures/`.
    ///   - onMissingText: called with each key that has no text; the default writes it to the log.
    /// - Throws: an error that names the file and, for a template, the line.
    public init(
        kioskFolder: URL, panel: PanelGeometry, texts: any TextSource, logger: Logger,
        onMissingText: (@Sendable (String, Language) -> Void)? = nil,
        onMissingPicture: (@Sendable (String) -> Void)? = nil
    ) throws {
        templates = try ScreenTemplates(folder: kioskFolder.appending(path: "screens"))
        pictures = try PictureLibrary(folder: kioskFolder.appending(path: "pictures"))
        assets = try ScreenAsset.load(kioskFolder: kioskFolder, panel: panel)
        self.panel = panel
        self.texts = texts
        self.onMissingText =
            onMissingText ?? { key, language in
                logger.error("A text is missing", metadata: ["key": "\(key)", "language": "\(language.rawValue)"])
            }
        self.onMissingPicture =
            onMissingPicture ?? { logger.error("A picture is missing", metadata: ["picture": "\($0)"]) }
        var hash = Fingerprint()
        for (name, text) in templates.files.sorted(by: { $0.key < $1.key }) {
            hash.add(name.utf8)
            hash.add(text.utf8)
        }
        for (name, asset) in assets.sorted(by: { $0.key < $1.key }) {
            hash.add(name.utf8)
            hash.add(asset.bytes)
        }
        fingerprint = hash.text
    }

    /// The parts of a screen, as the script gets them.
    public func parts(of screen: Screen) -> ScreenParts {
        let maker = ScreenViewMaker(
            texts: resolver(screen.language), pictures: pictures, onMissingPicture: onMissingPicture)
        let view = maker.view(of: screen)
        return ScreenParts(
            revision: screen.revision,
            name: screen.name.rawValue,
            key: screen.name.rawValue + (screen.isCovered ? " covered" : " " + view.heading),
            language: view.language,
            textStep: view.textStep,
            isLowered: screen.isLowered,
            fingerprint: fingerprint,
            header: templates.render(view, with: "header").html,
            content: templates.render(view, with: screen.isCovered ? "cover" : screen.name.rawValue).html,
            overlay: view.dialog == nil ? "" : templates.render(view, with: "overlay").html,
            overlayName: screen.overlay?.name.rawValue,
            footer: templates.render(view, with: "footer").html,
            offline: view.offline)
    }

    private func resolver(_ language: Language) -> TextResolver {
        TextResolver(source: texts, language: language, onMissing: onMissingText)
    }

    /// The whole page with this screen in it.
    public func page(_ screen: Screen) -> String {
        let parts = parts(of: screen)
        return templates.render(
            PageView(
                title: resolver(screen.language).resolve("frame.title"), name: parts.name, language: parts.language,
                textStep: parts.textStep, isLowered: parts.isLowered, revision: parts.revision,
                fingerprint: fingerprint, key: parts.key, header: Markup(parts.header), content: Markup(parts.content),
                overlay: Markup(parts.overlay), footer: Markup(parts.footer), hasOverlay: parts.overlayName != nil,
                offline: parts.offline),
            with: "page"
        ).html
    }
}

/// What changes on the page when the screen changes.
public struct ScreenParts: Sendable, Equatable, Encodable {
    /// ``Screen/revision``; a touch comes back with it.
    public var revision: Int
    /// The template's name: `start`, `items`, `scan` …; while the screen is covered, of what lies under the cover.
    public var name: String
    /// Differs when the person is somewhere else: then the focus moves to the heading. While it stays the same (a digit
    /// was entered, a slip was taken) the focus stays where it is.
    public var key: String
    /// BCP 47 tag of the words: `zh-Hans`, `en`.
    public var language: String
    /// 1, 2 or 3 (accessibility requirement XA3).
    public var textStep: Int
    /// The controls stand within reach of a seated person.
    public var isLowered: Bool
    /// That of the renderer: a page with another one loads itself anew.
    public var fingerprint: String
    /// HTML of the head of the page.
    public var header: String
    /// HTML of the middle; the cover instead while the screen is covered.
    public var content: String
    /// HTML of the dialog in front of it all; empty when there is none.
    public var overlay: String
    /// Which dialog that is; `nil` when there is none.
    public var overlayName: String?
    /// HTML of the foot of the page.
    public var footer: String
    /// Words, not HTML: what the page says when it hears nothing from the controller.
    public var offline: String
}

/// FNV-1a, 64 bits: tells files apart, protects nothing.
private struct Fingerprint {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        state = (state ^ 0xFF) &* 0x100_0000_01b3
    }

    var text: String { String(state, radix: 16) }
}
