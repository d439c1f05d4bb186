import GuidedFlow
import HallModel
import TestSupport
import Testing

/// XT2 with real touches, in the browser, on the real flow.
@Suite("A finger on the screen", .serialized) struct TouchTests {
    /// Opens the screen of this kiosk, and waits until its buttons work.
    private func onScreen(
        textStep: Int = 2, _ way: (inout RealKiosk) -> Void, _ body: (WebDriver, FlowSource) async throws -> Void
    ) async throws {
        var kiosk = RealKiosk(try KioskContents.shared.get(), textStep: textStep)
        way(&kiosk)
        let source = FlowSource(kiosk)
        try await withServer(source) { server in
            try await WebDriver.withBrowser(reducedMotion: true) { browser in
                try await browser.navigate(to: server.enterAddress())
                try await browser.wait(for: "the first event", "return document.documentElement.dataset.page")
                try await rest(browser)
                try await body(browser, source)
            }
        }
    }

    /// Until no button is dead any more.
    private func rest(_ browser: WebDriver) async throws {
        try await browser.runAsynchronously("setTimeout(arguments[0], 1100)")
    }

    private func page(_ browser: WebDriver) async throws -> String {
        try await browser.run("return document.documentElement.dataset.page").string ?? ""
    }

    private func shows(_ screen: Screen.Name, _ browser: WebDriver) async throws {
        try await browser.wait(
            for: "the screen \(screen)", "return document.documentElement.dataset.screen === arguments[0]",
            .string(screen.rawValue))
    }

    @Test("that taps 看下一页 twice turns one page: what stands there then is dead for a second, 提交申请 above all")
    func doubleTapOnMore() async throws {
        try await onScreen(textStep: 3, { $0.goToCheck() }) { browser, source in
            let pages = Int(try await page(browser).split(separator: "/").last ?? "") ?? 0
            #expect(pages > 1)
            for number in 2...max(2, pages) {
                try await browser.tapTwice("[data-page=more]")
                #expect(try await page(browser) == "\(number)/\(pages)")
                try await rest(browser)
            }
            #expect(!source.hasSubmitted)
            try await browser.touch("[value=submit]")
            #expect(await eventually { source.hasSubmitted })
        }
    }

    @Test("that taps 下一步 twice sees the check page, and submits nothing", arguments: [60, 250, 700])
    func doubleTapOnNext(apart: Int) async throws {
        // A hand on a slow machine may come when the second is over: then it is no double tap any more.
        for _ in 0..<5 {
            if try await touchesInTime(apart: apart) { return }
        }
        Issue.record("five times in a row the machine was too slow for a double tap")
    }

    /// Taps 下一步 twice, then what stands there. Whether that was within the second in which it is dead.
    private func touchesInTime(apart: Int) async throws -> Bool {
        var isInTime = false
        try await onScreen(textStep: 1, { $0.goToStored() }) { browser, source in
            try await browser.run(
                """
                new MutationObserver(() => { window.changed ??= performance.now() })
                  .observe(document.documentElement, { attributes: true, attributeFilter: ["data-screen"] });
                addEventListener("pointerdown", () => { window.touched = performance.now() }, true);
                """)
            try await browser.tapTwice("[value=next]", apart: apart)
            try await shows(.check, browser)
            try await browser.touch("[value=submit]")
            try await Task.sleep(for: .milliseconds(200))
            let passed = try await browser.run("return window.touched - window.changed").number
            isInTime = try #require(passed) < 950
            if isInTime { #expect(source.screen.name == .check && !source.hasSubmitted) }
        }
        return isInTime
    }

    @Test("that lifts the cover with a double tap presses nothing under it")
    func doubleTapOnCover() async throws {
        try await onScreen(
            textStep: 1,
            {
                $0.goToCheck()
                $0.wait(30)
            }
        ) { browser, source in
            let place = try #require(try await browser.middle(of: ".act .go"))
            try await browser.tap([place, place], apart: 250)
            try await browser.wait(for: "the check page", "return document.querySelector('[value=submit]') !== null")
            #expect(!source.screen.isCovered && !source.hasSubmitted)

            // Beside the button, too: any touch lifts the cover.
            source.change { $0.wait(30) }
            try await browser.wait(for: "the cover", "return document.querySelector('[value=submit]') === null")
            try await rest(browser)
            let row = (x: 900.0, y: 700.0)
            try await browser.tap([row, row, row], apart: 200)
            #expect(await eventually { !source.screen.isCovered })
            try await Task.sleep(for: .milliseconds(200))
            #expect(source.screen.name == .check && !source.screen.isCovered)
        }
    }

    @Test("is answered once where the content changes under it, however long it rests there")
    func changeUnderTheFinger() async throws {
        try await onScreen({
            $0.goToScan()
            $0.scanPage(1)
        }) { browser, source in
            let place = try #require(try await browser.middle(of: "[value=keep-page]"))
            source.change { $0.press(.scanAgain, .scan) }
            try await shows(.scanning, browser)
            // Nothing can be pressed there now; then the page is there, with its button under the finger.
            try await browser.touch(from: place)
            source.change { $0.send(.pageScanned(PageID(rawValue: 2), .found([]))) }
            try await shows(.preview, browser)
            try await browser.touch("[value=keep-page]")
            try await Task.sleep(for: .milliseconds(200))
            #expect(source.screen.name == .preview)
            try await rest(browser)
            try await browser.touch("[value=keep-page]")
            try await shows(.scan, browser)
        }
    }

    @Test("enters digits as fast as it likes, the same one once a second")
    func digits() async throws {
        try await onScreen({
            $0.goToQuestions()
            $0.press(.answer(question: "pickup", value: "service-centre"), .answer(question: "notify", value: "phone"))
        }) { browser, source in
            var keys: [(x: Double, y: Double)] = []
            for digit in [1, 3, 9] {
                keys.append(try #require(try await browser.middle(of: "[value='digit:\(digit)']")))
            }
            try await browser.tap(keys, apart: 120)
            #expect(await eventually { source.screen.digits?.entered == "139" })
            try await browser.tapTwice("[value='digit:0']")
            #expect(await eventually { source.screen.digits?.entered == "1390" })
            try await Task.sleep(for: .milliseconds(200))
            #expect(source.screen.digits?.entered == "1390")
            try await rest(browser)
            try await browser.touch("[value='digit:0']")
            #expect(await eventually { source.screen.digits?.entered == "13900" })
        }
    }

    @Test("and a key alike: Enter on what has replaced what was pressed does nothing for a second")
    func keys() async throws {
        try await onScreen(textStep: 1, { $0.goToStored() }) { browser, source in
            try await browser.run("document.querySelector('[value=next]').focus()")
            try await browser.key("\u{E007}")
            try await shows(.check, browser)
            try await browser.run("document.querySelector('[value=submit]').focus()")
            try await browser.key("\u{E007}")
            try await Task.sleep(for: .milliseconds(200))
            #expect(!source.hasSubmitted)
            try await rest(browser)
            try await browser.key("\u{E007}")
            #expect(await eventually { source.hasSubmitted })
        }
    }

    @Test("slides off a button and presses it again at once")
    func slidingOff() async throws {
        try await onScreen({ $0.goToStored() }) { browser, source in
            let button = try #require(try await browser.middle(of: "[value=next]"))
            try await browser.touch(from: button, to: (x: 540, y: 700))
            #expect(source.screen.name == .stored)
            try await browser.touch("[value=next]")
            try await shows(.check, browser)
        }
    }

    @Test("finds nothing of the person before: when a session has ended the browser begins a new document")
    func newDocument() async throws {
        try await onScreen({
            $0.goToScan(); $0.scanPage(1)
        }) { browser, source in
            try await shows(.preview, browser)
            let entries = try await browser.run("window.mark = 'theirs'; return history.length").number
            #expect(try await browser.run("return document.images.length").number == 1)
            source.change { $0.press(.end, .confirmEnd) }
            try await shows(.take, browser)
            source.change {
                $0.press(.allTaken); $0.send(.cardRemoved); $0.wait(60)
            }
            try await browser.wait(
                for: "a new document",
                "return document.documentElement.dataset.screen === 'start' && window.mark === undefined")
            try await browser.wait(for: "its first event", "return document.documentElement.dataset.page")
            let pictures = try await browser.run(
                "return performance.getEntriesByType('resource').filter((r) => r.name.includes('/page/')).length")
            #expect(pictures.number == 0)
            #expect(try await browser.run("return history.length").number == entries)
            // The finger that ended the session rests on the new document, too.
            try await browser.touch("[value=window]")
            #expect(source.screen.name == .start)
            // Ways inside a session keep their document.
            try await browser.run("window.mark = 'mine'")
            source.change { $0.layCard() }
            try await shows(.items, browser)
            #expect(try await browser.run("return window.mark").string == "mine")
            // No way back leads to the person before.
            try await browser.run("history.back()")
            try await Task.sleep(for: .milliseconds(300))
            let page = try await browser.run("return document.documentElement.outerHTML").string ?? ""
            #expect(!page.contains("/page/"))
        }
    }
}
