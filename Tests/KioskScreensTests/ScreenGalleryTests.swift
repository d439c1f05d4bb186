import Foundation
import GuidedFlow
import HallModel
import KioskScreens
import Logging
import ServiceLifecycle
import TestSupport
import Testing

/// Every screen, dialog and variant, at every text step and in every language, in a real browser on a panel of
/// 1080 x 1920: nothing clipped, nothing too small, no rule of axe-core broken.
///
/// With `SCREENSHOTS=1` the pictures are written to `.build/screens/`.
@Suite(.serialized) struct ScreenGalleryTests {
    static let wantsPictures = ProcessInfo.processInfo.environment["SCREENSHOTS"] == "1"

    @Test(arguments: [1, 2, 3], Language.allCases)
    func everyScreenCanBeReadAndTouched(textStep: Int, language: Language) async throws {
        let axe = try axeSource()
        let entries = ScreenGallery.entries(in: language, textStep: textStep)
        let source = TestSource(
            entries[0].screen,
            pages: [PageID(rawValue: 1): FixturePage.jpeg, PageID(rawValue: 2): FixturePage.jpeg])
        try await withServer(source) { server in
            try await WebDriver.withBrowser(reducedMotion: true) { browser in
                try await browser.navigate(to: server.enterAddress())
                try await browser.wait(for: "the first event", "return document.documentElement.dataset.page")
                try await browser.run(axe)
                var help: Set<String> = []
                for entry in entries {
                    source.show(entry.screen)
                    try await show(entry.screen, in: browser)
                    var pages = 1
                    var page = 1
                    while page <= pages {
                        let found = try await browser.run(ScreenMeasurements.script)
                        let place = "\(entry.label), step \(textStep), \(language.rawValue), page \(page)"
                        for wrong in found["wrong"]?.array ?? [] {
                            Issue.record("\(place): \(wrong.string ?? "")")
                        }
                        for wrong in try await browser.runAsynchronously(ScreenMeasurements.axe).array {
                            Issue.record("\(place): \(wrong.string ?? "")")
                        }
                        help.insert(found["help"]?.string ?? "")
                        // Under a dialog the pages below cannot be turned.
                        pages =
                            entry.screen.overlay != nil
                            ? 1 : Int(found["page"]?.string?.split(separator: "/").last ?? "1") ?? 1
                        if Self.wantsPictures {
                            let name = "\(textStep)-\(language.rawValue)-\(pad(entry.screen.revision))-\(page)"
                            try await picture(browser, name)
                        }
                        if page < pages {
                            // The same button does nothing for a second, so it is pressed until it works.
                            try await browser.wait(
                                for: "page \(page + 1) of \(entry.label)",
                                """
                                if (document.documentElement.dataset.page.startsWith(arguments[0])) return true;
                                document.querySelector('[data-page=more]').click();
                                return false;
                                """, .string("\(page + 1)/"))
                            try await browser.run(
                                "document.querySelectorAll('.resting').forEach((b) => b.classList.remove('resting'))")
                        }
                        page += 1
                    }
                    #expect(pages <= 5, "\(entry.label)")
                }
                #expect(help.count == 1, "XN3: help stands at \(help)")
                let complaints = try await browser.console().filter { !$0.contains("favicon") }
                #expect(complaints == [])
            }
        }
    }

    private func show(_ screen: Screen, in browser: WebDriver) async throws {
        try await browser.wait(
            for: "\(screen.name) to be shown",
            "return document.querySelector('#act input').value === arguments[0] && [...document.images].every((i) => i.complete)",
            .string(String(screen.revision)))
    }

    private func picture(_ browser: WebDriver, _ name: String) async throws {
        let folder = TestKiosk.repository.appending(path: ".build/screens")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(try await browser.screenshot()).write(to: folder.appending(path: name + ".png"))
    }

    private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

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
