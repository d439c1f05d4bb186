import GuidedFlow
import HallModel
import TestSupport
import Testing

/// What the person reads or is about to touch stays where it is when the machine has finished its work.
@Suite("A page on which the machine ends its work", .serialized) struct StillPageTests {
    /// Where everything stands that is to be seen: words are not looked at.
    private static let places = """
        const box = (element) => {
          const { left, top, width } = element.getBoundingClientRect();
          return [left, top, width].map(Math.round).join(" ");
        };
        const parts = { heading: "h1", number: ".number", picture: ".stage", lead: ".lead", note: ".note", paging: ".paging" };
        const found = Object.entries(parts).flatMap(([name, selector]) => [...document.querySelectorAll("#content " + selector)]
          .filter((element) => element.checkVisibility()).map((element) => `${name} ${box(element)}`));
        return [document.documentElement.dataset.page, ...found].join("\\n");
        """

    @Test("keeps everything in its place when the slip is out, at every text step, in every language, high and lowered")
    func slipIsOut() async throws {
        try await standsStill(
            try Self.before(.caseConfirmed(number: "9900 0123"), .caseWaits(acceptanceCode: "K7F3K92Q")))
    }

    @Test(
        "keeps everything in its place when the papers are out, at every text step, in every language, high and lowered"
    )
    func papersAreOut() async throws {
        // One sheet, and several.
        try await standsStill(
            try [1, 2].map { pages in
                var kiosk = RealKiosk(try KioskContents.shared.get())
                kiosk.goToMaking()
                let printing = kiosk.send(.documentReady(pages: pages))
                return (printing, kiosk.send(.documentPrinted(.init(.printed, rung: .impressions))))
            })
    }

    private func standsStill(_ screens: [(printing: Screen, printed: Screen)]) async throws {
        let source = TestSource(screens[0].printing)
        try await withServer(source) { server in
            try await WebDriver.withBrowser(reducedMotion: true) { browser in
                try await browser.navigate(to: server.enterAddress())
                try await browser.wait(for: "the first event", "return document.documentElement.dataset.page")
                var revision = 100
                for (printing, printed) in screens {
                    for textStep in 1...3 {
                        for language in Language.allCases {
                            for isLowered in [false, true] {
                                var seen: [String] = []
                                for var screen in [printing, printed] {
                                    revision += 1
                                    screen.revision = revision
                                    (screen.textStep, screen.language) = (textStep, language)
                                    screen.isLowered = isLowered
                                    source.show(screen)
                                    try await browser.wait(
                                        for: "the page",
                                        "return document.querySelector('#act input').value === arguments[0]",
                                        .string(String(revision)))
                                    seen.append(try await browser.run(Self.places).string ?? "")
                                }
                                #expect(
                                    seen[0] == seen[1] && seen[0].contains("heading"),
                                    "\(printing.name), step \(textStep), \(language.rawValue)\(isLowered ? ", lowered" : "")"
                                )
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("says nothing any more of what is over, to those either who cannot see the page")
    func announcements() async throws {
        var kiosk = RealKiosk(try KioskContents.shared.get())
        let well = kiosk.screen
        let broken = kiosk.send(.device(.documentPrinter, RealScreens.broken(.documentPrinterPaused)))
        let source = TestSource(well)
        try await withServer(source) { server in
            try await WebDriver.withBrowser(reducedMotion: true) { browser in
                try await browser.navigate(to: server.enterAddress())
                try await browser.wait(for: "the first event", "return document.documentElement.dataset.page")
                for (screen, isSaid) in [(broken, true), (well, false)] {
                    source.show(screen)
                    try await browser.wait(
                        for: "the page and its announcement: \(isSaid)",
                        "return document.getElementById('announcement').textContent.includes('打印机现在停着') === arguments[0]",
                        .bool(isSaid))
                }
            }
        }
    }

    /// The end of the item with this answer of the platform's, while the slip is printed and when it is out.
    private static func before(_ answers: FlowEvent...) throws -> [(printing: Screen, printed: Screen)] {
        try answers.map { answer in
            var kiosk = RealKiosk(try KioskContents.shared.get())
            kiosk.goToAccepted()
            let printing = kiosk.send(answer)
            return (printing, kiosk.send(.receipt(.init(.printed, rung: .processID))))
        }
    }
}
