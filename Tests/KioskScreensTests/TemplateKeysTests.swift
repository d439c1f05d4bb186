import Foundation
import Testing

@testable import KioskScreens

/// The template engine renders a key that it does not know as nothing. So every tag of every template is held here to
/// the view model, through sections and partials.
@Suite struct TemplateKeysTests {
    static let icon = Markup("<svg></svg>")
    static let button = ButtonView(action: "a", label: "l", icon: icon, isGo: true, isHelp: true, after: icon)
    static let choice = ChoiceView(
        action: "a", title: "t", detail: "d", icon: icon, after: icon, isSelected: true, sampleStep: 1, spokenIn: "en")

    /// Every optional filled, every list with an element.
    static let full = ScreenView(
        name: "n", language: "en", textStep: 1, revision: 1, back: button,
        step: StepView(text: "t", dots: [.init(isDone: true, isNow: true)]), languages: button,
        cover: CoverView(text: "t", button: button, icon: icon), heading: "h", lead: ListView(["l"]),
        notes: ListView([NoteView(kind: "good", icon: icon, text: "t")]),
        picture: PictureView(name: "p", drawing: icon), choices: ListView([choice]),
        digits: DigitsView(
            groups: [.init(entered: ["1"], open: [""])], keys: [.init(action: "a", label: "1")],
            zero: .init(action: "a", label: "0"), delete: button, error: "e", errorIcon: icon),
        preview: PreviewView(source: "s", description: "d"),
        answers: ListView([
            AnswerView(label: "l", value: "v", source: "s", change: .init(action: "a", label: "l", spoken: "s"))
        ]),
        number: NumberView(text: "1", isLong: true),
        cases: ListView([
            CaseView(title: "t", numberLabel: "n", number: "1", status: "s", acceptedOn: "a", detail: "d")
        ]),
        things: ListView([
            ThingView(text: "t", icon: icon, state: "s", isTaken: true, isThere: true, stateIcon: icon)
        ]),
        buttons: ListView([button]), reserved: ListView([button]), more: button, previous: button, help: button,
        textSize: button, end: button,
        dialog: DialogView(
            name: "n", role: "dialog", heading: "h", icon: icon, text: ListView(["t"]), seconds: "s",
            options: ListView([choice]), actions: ListView([button]), toLanguages: button),
        offline: "o")

    static let page = PageView(
        title: "t", name: "n", language: "en", textStep: 1, isLowered: true, revision: 1, fingerprint: "f", key: "k",
        header: icon,
        content: icon,
        overlay: icon, footer: icon, hasOverlay: true, offline: "o")

    static let files: [String: String] = {
        let folder = TestKiosk.folder.appending(path: "screens")
        return (try? ScreenTemplates(folder: folder).files) ?? [:]
    }()

    static let partials: Set<String> = Set(
        files.values.flatMap {
            TemplateTag.all(in: $0).compactMap { if case .partial(let name) = $0 { name } else { nil } }
        })

    static var roots: [String] { files.keys.filter { !partials.contains($0) }.sorted() }

    @Test(arguments: roots)
    func everyKeyExists(template: String) throws {
        let model: Any = template == "page" ? Self.page : Self.full
        var checker = KeyChecker(files: Self.files)
        checker.check(template, stack: [model])
        #expect(checker.mistakes == [])
    }

    @Test func theCheckerFindsMistakes() {
        var checker = KeyChecker(files: [
            "x": "{{haeding}} {{#notes}}{{#.items}}{{.kind}}{{{.text}}}{{.wrong}}{{/.items}}{{/notes}}{{> nowhere}}"
        ])
        checker.check("x", stack: [Self.full])
        #expect(
            checker.mistakes == [
                "x: no key 'haeding'", "x: '.text' is printed unescaped", "x: no key '.wrong'",
                "x: no template 'nowhere'",
            ])
    }
}

enum TemplateTag: Equatable {
    case variable(String)
    case raw(String)
    case open(String)
    case inverted(String)
    case close(String)
    case partial(String)

    static func all(in text: String) -> [TemplateTag] {
        text.matches(of: #/\{\{(?<raw>\{?)\s*(?<sign>[#^/>!&]?)\s*(?<name>[^}]*?)\s*\}?\}\}/#).compactMap { match in
            let name = String(match.output.name)
            if !match.output.raw.isEmpty { return .raw(name) }
            switch match.output.sign {
            case "#": return .open(name)
            case "^": return .inverted(name)
            case "/": return .close(name)
            case ">": return .partial(name)
            case "&": return .raw(name)
            case "!": return nil
            default: return .variable(name)
            }
        }
    }
}

/// Walks a template as the engine would, with every section entered.
struct KeyChecker {
    let files: [String: String]
    var mistakes: [String] = []

    init(files: [String: String]) { self.files = files }

    mutating func check(_ name: String, stack: [Any]) {
        guard let text = files[name] else { return mistakes.append("no template '\(name)'") }
        var stacks = [stack]
        for tag in TemplateTag.all(in: text) {
            let stack = stacks[stacks.count - 1]
            switch tag {
            case .partial(let partial):
                if files[partial] == nil {
                    mistakes.append("\(name): no template '\(partial)'")
                } else {
                    check(partial, stack: stack)
                }
            case .close:
                if stacks.count > 1 { stacks.removeLast() }
            case .variable(let key):
                if value(key, in: stack) == nil { mistakes.append("\(name): no key '\(key)'") }
            case .raw(let key):
                guard let found = value(key, in: stack) else {
                    mistakes.append("\(name): no key '\(key)'")
                    continue
                }
                if !(found is Markup) { mistakes.append("\(name): '\(key)' is printed unescaped") }
            case .inverted(let key):
                if value(key, in: stack) == nil { mistakes.append("\(name): no key '\(key)'") }
                stacks.append(stack)
            case .open(let key):
                guard let found = value(key, in: stack) else {
                    mistakes.append("\(name): no key '\(key)'")
                    stacks.append(stack)
                    continue
                }
                if found is Bool {
                    stacks.append(stack)
                } else if let list = found as? [Any] {
                    stacks.append(stack + [list[0]])
                } else {
                    stacks.append(stack + [found])
                }
            }
        }
    }

    private func value(_ key: String, in stack: [Any]) -> Any? {
        guard let top = stack.last else { return nil }
        if key == "." { return top }
        let names = key.split(separator: ".").map(String.init)
        if key.hasPrefix(".") { return descend(names[...], from: top) }
        for object in stack.reversed() {
            if let found = child(names[0], of: object) {
                return descend(names.dropFirst(), from: found)
            }
        }
        return nil
    }

    private func descend(_ names: ArraySlice<String>, from object: Any) -> Any? {
        guard let name = names.first else { return object }
        return child(name, of: object).flatMap { descend(names.dropFirst(), from: $0) }
    }

    private func child(_ name: String, of object: Any) -> Any? {
        guard let found = Mirror(reflecting: object).children.first(where: { $0.label == name })?.value else {
            return nil
        }
        let mirror = Mirror(reflecting: found)
        return mirror.displayStyle == .optional ? mirror.children.first?.value : found
    }
}
