import Foundation
import GuidedFlow
import HallModel
import KioskScreens
import Logging
import ServiceLifecycle
import TestSupport
import Testing

/// Every screen that the real flow reaches, and those with the longest texts, at every text step, in every language, where
/// it stands and lowered, in a real browser on a panel of 1080 x 1920: nothing clipped, nothing too small, no rule of
/// axe-core broken.
///
/// With `SCREENSHOTS=1` the pictures are written to `.build/screens/`; `SCREENS="papers|done"` looks at the screens only whose
/// names begin so.
@Suite(.serialized) struct ScreenGalleryTests {
    static let wantsEveryPicture = ProcessInfo.processInfo.environment["SCREENSHOTS"] == "1"
    /// `sheet`: only those of the contact sheets.
    static let wantsPictures = wantsEveryPicture || ProcessInfo.processInfo.environment["SCREENSHOTS"] == "sheet"

    /// Beginnings of names; `nil`: all screens.
    static let wanted = ProcessInfo.processInfo.environment["SCREENS"]?.split(separator: "|").map(String.init)

    @Test(arguments: [1, 2, 3], Language.allCases)
    func everyScreenCanBeReadAndTouched(textStep: Int, language: Language) async throws {
        let axe = try axeSource()
        let contents = try KioskContents.shared.get()
        let all =
            RealScreens.entries(contents, in: language, textStep: textStep)
            + ExtremeScreens.entries(contents, in: language, textStep: textStep)
        let entries = all.filter { entry in Self.wanted?.contains { entry.label.hasPrefix($0) } != false }
        try #require(!entries.isEmpty, "no screen's name begins with \(Self.wanted ?? [])")
        let source = TestSource(
            entries[0].screen,
            pages: [PageID(rawValue: 1): FixturePage.jpeg, PageID(rawValue: 2): FixturePage.jpeg])
        try await withServer(source) { server in
            try await WebDriver.withBrowser(reducedMotion: true) { browser in
                try await browser.navigate(to: server.enterAddress())
                try await browser.wait(for: "the first event", "return document.documentElement.dataset.page")
                var asked = Asked()
                for entry in entries {
                    for isLowered in [false, true] {
                        var screen = entry.screen
                        screen.isLowered = isLowered
                        if isLowered { screen.revision += 10_000 }
                        source.show(screen)
                        let label = entry.label + (isLowered ? ", lowered" : "")
                        let sheet = isLowered ? nil : ContactSheet.fileName(of: entry.label)
                        try await measure(
                            screen, "\(label), step \(textStep), \(language.rawValue)", onSheet: sheet, in: browser,
                            axe: axe, &asked)
                    }
                }
                #expect(asked.help.count == 1, "XN3: help stands at \(asked.help)")
                let complaints = try await browser.console().filter { !$0.contains("favicon") }
                #expect(complaints == [])
            }
        }
    }

    /// Looks at every page of a screen. axe-core's rules are about structure and colour: it is asked once for all pages
    /// that are built alike and differ in their words only, or in being lowered.
    private func measure(
        _ screen: Screen, _ label: String, onSheet sheet: String?, in browser: WebDriver, axe: String,
        _ asked: inout Asked
    ) async throws {
        try await show(screen, in: browser)
        try await turn(to: 1, by: "previous", in: browser)
        var pages = 1
        var page = 1
        while page <= pages {
            let found = try await browser.run(ScreenMeasurements.script)
            for wrong in found["wrong"]?.array ?? [] {
                Issue.record("\(label), page \(page): \(wrong.string ?? "")")
            }
            if asked.structures.insert(Asked.structure(of: screen, page: page)).inserted {
                // A new document, after a session has ended, does not know the rules yet.
                if found["knowsRules"] != .bool(true) { try await browser.run(axe) }
                for wrong in try await browser.runAsynchronously(ScreenMeasurements.axe).array {
                    Issue.record("\(label), page \(page): \(wrong.string ?? "")")
                }
            }
            asked.help.insert(found["help"]?.string ?? "")
            if Self.wantsEveryPicture {
                try await picture(browser, Self.pictureName(of: screen, label, page: page))
            }
            if Self.wantsPictures, page == 1, let sheet {
                try await picture(browser, "sheet-\(screen.language.rawValue)-\(screen.textStep)/\(sheet)")
            }
            // Under a dialog the pages below cannot be turned.
            if screen.overlay == nil {
                pages = Int(found["page"]?.string?.split(separator: "/").last ?? "1") ?? 1
            }
            if page < pages { try await turn(to: page + 1, by: "more", in: browser) }
            page += 1
        }
        #expect(pages <= 9, "\(label) has \(pages) pages")
    }

    /// What one browser has seen so far.
    private struct Asked {
        /// Where help stood (XN3).
        var help: Set<String> = []
        var structures: Set<String> = []

        static func structure(of screen: Screen, page: Int) -> String {
            let counts = [
                screen.lead.count, screen.choices.count, screen.answers.count, screen.cases.count, screen.things.count,
                screen.buttons.count, screen.overlay?.lead.count ?? 0, screen.overlay?.buttons.count ?? 0, page,
            ]
            let parts = [
                screen.step != nil, screen.canGoBack, screen.picture != nil, screen.digits != nil,
                screen.digits?.error != nil, screen.page != nil, screen.number != nil, screen.isCovered,
                screen.overlay?.secondsLeft != nil,
            ]
            let kinds = screen.notes.map(\.kind.rawValue) + screen.things.map { "\($0.isTaken as Any)" }
            return "\(screen.name) \(screen.overlay?.name.rawValue ?? "-") \(counts) \(parts) \(kinds)"
        }
    }

    /// A button does nothing for a second after it was pressed: the page's clock is turned on by as much.
    private func turn(to page: Int, by button: String, in browser: WebDriver) async throws {
        let turned = try await browser.run(
            """
            const page = () => document.documentElement.dataset.page;
            window.clock ??= performance.now.bind(performance);
            for (let presses = 0; presses < 8 && !page().startsWith(arguments[0]); presses += 1) {
              const later = window.later = (window.later ?? 0) + 2000;
              performance.now = () => window.clock() + later;
              document.querySelector(`[data-page=${arguments[1]}]`)?.click();
            }
            document.querySelectorAll(".resting").forEach((button) => button.classList.remove("resting"));
            return page();
            """, .string("\(page)/"), .string(button))
        #expect(turned.string?.hasPrefix("\(page)/") == true, "page \(page), not \(turned)")
    }

    private func show(_ screen: Screen, in browser: WebDriver) async throws {
        try await browser.wait(
            for: "\(screen.name) to be shown",
            """
            return document.querySelector("#act input").value === arguments[0] && document.documentElement.dataset.page
              && [...document.images].every((image) => image.complete);
            """,
            .string(String(screen.revision)))
    }

    /// "zh-Hans-2-high-0012-items-grandmother-1": what is looked for is found by its name.
    private static func pictureName(of screen: Screen, _ label: String, page: Int) -> String {
        let number = String(screen.revision % 10_000 + 10_000).dropFirst()
        let words = label.split(separator: ", step").first.map(String.init) ?? label
        let plain = words.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        let name = String(plain).split(separator: "-").joined(separator: "-")
        let place = screen.isLowered ? "lowered" : "high"
        return "\(screen.language.rawValue)-\(screen.textStep)-\(place)-\(number)-\(name)-\(page)"
    }

    private func picture(_ browser: WebDriver, _ name: String) async throws {
        let folder = TestKiosk.repository.appending(path: ".build/screens")
        try FileManager.default.createDirectory(
            at: folder.appending(path: name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(try await browser.screenshot()).write(to: folder.appending(path: name + ".png"))
    }

    private func axeSource() throws -> String {
        let path = TestKiosk.repository.appending(path: ".cache/axe.min.js")
        guard let data = FileManager.default.contents(atPath: path.path) else {
            throw WebDriver.Failure(description: "no .cache/axe.min.js: run scripts/fetch-axe.sh first")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

/// Runs a screen server for the time of `body`.
func withServer<Result: Sendable>(
    _ source: any ScreenSource, secret: ScreenSecret = ScreenSecret(), port: Int = 0,
    limits: ScreenServer.Limits = .init(), _ body: (ScreenServer) async throws -> Result
) async throws -> Result {
    var logger = Logger(label: "screens")
    logger.logLevel = .warning
    let server = ScreenServer(
        source: source, renderer: try TestKiosk.renderer(), port: port, secret: secret, limits: limits, logger: logger)
    let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        _ = try await server.boundPort()
        do {
            let result = try await body(server)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
    }
}
