import Foundation
import TestSupport
import Testing

/// Holds axe-core and the measurements against the screen that stands there, at each text step, in each language, on each
/// of its pages.
final class ScreenInspector {
    private let browser: WebDriver
    private let axe: String
    /// Pages measured so far.
    private(set) var inspected = 0
    /// Where help stands, by text step and language (XN3: one place each).
    private(set) var helpPlaces: [String: Set<String>] = [:]

    init(_ browser: WebDriver) throws {
        self.browser = browser
        axe = try Repository.text(".cache/axe.min.js")
    }

    func inspect(_ label: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await browser.run("if (!window.axe) { \(axe) }")
        for language in ["en", "zh-Hans"] {
            try await act("language:\(language)")
            for step in [1, 3, 2] {
                try await act("text-step:\(step)")
                try await browser.wait(
                    for: "text step \(step) in \(language)",
                    "return document.documentElement.lang === arguments[0] && document.documentElement.dataset.textStep === arguments[1]",
                    .string(language), .string("\(step)"))
                try await inspectPages(label, "step \(step), \(language)", sourceLocation)
            }
        }
    }

    private func inspectPages(_ label: String, _ variant: String, _ sourceLocation: SourceLocation) async throws {
        let place = "\(label), \(variant)"
        var page = 1
        while true {
            let found = try await browser.run(ScreenMeasurements.script)
            var wrongs = found["wrong"]?.array.compactMap(\.string) ?? []
            wrongs += try await browser.runAsynchronously(ScreenMeasurements.axe).array.compactMap(\.string)
            for wrong in wrongs { Issue.record("\(place), page \(page): \(wrong)", sourceLocation: sourceLocation) }
            helpPlaces[variant, default: []].insert(found["help"]?.string ?? "")
            inspected += 1
            let pages = Int(found["page"]?.string?.split(separator: "/").last ?? "1") ?? 1
            let hasDialog = try await browser.run("return document.querySelector('.dialog') !== null")
            if page >= pages || hasDialog == .bool(true) { return }
            page += 1
            // The same button does nothing for a second, so it is pressed until it works.
            try await browser.wait(
                for: "page \(page) of \(place)",
                """
                if (document.documentElement.dataset.page.startsWith(arguments[0])) return true;
                document.querySelector('[data-page=more]').click();
                return false;
                """, .string("\(page)/"))
        }
    }

    /// What a button of the frame would send, without its second of rest.
    private func act(_ action: String) async throws {
        try await browser.runAsynchronously(
            """
            const done = arguments[arguments.length - 1];
            const revision = document.querySelector('#act input[name=revision]').value;
            fetch('/act', {method: 'POST', body: new URLSearchParams({action: arguments[0], revision})})
              .then(() => done(true), (error) => done(String(error)));
            """, .string(action))
    }
}
