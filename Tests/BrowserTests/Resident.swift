import Foundation
import TestSupport

/// A resident in front of the screen: sees what Chromium shows, touches what stands there, works the desk.
struct Resident {
    let browser: WebDriver
    let hall: HallUnderTest

    /// Opens the screen with the one-time address.
    func enters() async throws {
        try await browser.navigate(to: try await hall.screenURL())
    }

    /// Waits until the screen of this name is shown.
    func sees(_ screen: String, within seconds: Double = 20) async throws {
        do {
            try await browser.wait(
                for: "the screen “\(screen)”", seconds: seconds,
                "return document.documentElement.dataset.screen === arguments[0]", .string(screen))
        } catch {
            let now = try await browser.run("return document.documentElement.dataset.screen").string ?? "?"
            let text = try await text()
            throw TestFailure("\(error); the screen is “\(now)”:\n\(text)\n\(await hall.log().suffix(1500))")
        }
    }

    /// Waits until one of these screens is shown, and says which.
    func seesOne(of screens: [String], within seconds: Double = 20) async throws -> String {
        do {
            try await browser.wait(
                for: "one of the screens \(screens)", seconds: seconds,
                "return arguments[0].includes(document.documentElement.dataset.screen)",
                .array(screens.map(JSONValue.string)))
        } catch {
            throw TestFailure("\(error); the screen says:\n\(try await text())\n\(await hall.log().suffix(1500))")
        }
        return try await browser.run("return document.documentElement.dataset.screen").string ?? "?"
    }

    /// Waits until the page says this.
    func reads(_ words: String, within seconds: Double = 20) async throws {
        do {
            try await browser.wait(
                for: "the words “\(words)”", seconds: seconds,
                "return document.body.textContent.includes(arguments[0])", .string(words))
        } catch {
            throw TestFailure("\(error); the screen says:\n\(try await text())\n\(await hall.log().suffix(1500))")
        }
    }

    func text() async throws -> String { try await browser.run("return document.body.innerText").string ?? "" }

    /// Touches the button of this action, turning the page first when it stands on a later part. The button is dead for a
    /// second after a press (XT2), which is waited for.
    func touches(_ action: String) async throws {
        let selector = "button[value=\"\(action)\"]"
        var takenInVain = 0
        for _ in 0..<10 {
            try await browser.wait(
                for: "the button “\(action)”", seconds: 10,
                "return document.querySelector(arguments[0]) !== null", .string(selector))
            let isShown = try await browser.run(
                """
                const b = document.querySelector(arguments[0]);
                if (!b) return false;
                const r = b.getBoundingClientRect();
                return b.checkVisibility() && r.width > 0 && !b.disabled && b.closest("[inert]") === null;
                """, .string(selector))
            if case .bool(true) = isShown {
                switch try await touch(selector) {
                case .changedThePage: return
                case .wasDead: continue
                case .wasTaken:
                    takenInVain += 1
                    if takenInVain == 3 {
                        throw TestFailure("“\(action)” is taken and has no effect:\n\(try await text())")
                    }
                    continue
                }
            }
            try await browser.touch("[data-page=more]")
            try await Task.sleep(for: .milliseconds(1100))
        }
        throw TestFailure("the button “\(action)” is never to be seen; the screen says:\n\(try await text())")
    }

    private enum Touch { case changedThePage, wasDead, wasTaken }

    /// A button that was pressed a moment ago is dead for a second; a person presses again when nothing happens. A press that the
    /// page has taken is waited for, however long its effect takes.
    private func touch(_ selector: String) async throws -> Touch {
        let look = "return document.documentElement.dataset.key + document.querySelector('#panel').textContent"
        // The press before, on the same button, is over in a second.
        try await browser.wait(
            for: "the button to be at rest", seconds: 20,
            "return document.querySelector(arguments[0])?.classList.contains('resting') !== true", .string(selector))
        let before = try await browser.run(look).string ?? ""
        try await browser.run(
            """
            const button = document.querySelector(arguments[0]);
            window.tookTouch = false;
            if (button) new MutationObserver(() => { window.tookTouch ||= button.classList.contains("resting"); })
              .observe(button, { attributes: true, attributeFilter: ["class"] });
            """, .string(selector))
        try await browser.touch(selector)
        let isTaken = try await browser.run("return window.tookTouch === true") == .bool(true)
        let changed: Void? = try? await browser.wait(
            for: "an effect", seconds: isTaken ? 10 : 1.2,
            "return document.documentElement.dataset.key + document.querySelector('#panel').textContent !== arguments[0]",
            .string(before))
        return changed != nil ? .changedThePage : isTaken ? .wasTaken : .wasDead
    }

    // MARK: - The item, step by step

    func laysDownCard(_ card: String = "zhang") async throws {
        try await hall.desk("reader/place", #"{"card":"\#(card)"}"#)
        try await sees("items")
    }

    /// Lays page 0 or 1 of the household register into the scanner's tray.
    func laysPage(_ index: Int) async throws {
        try await hall.layPage(try await PaperPages.shared.value.pictures[index])
    }

    /// From the start screen to the first scan.
    func answersQuestions() async throws {
        try await laysDownCard()
        try await touches("item:senior-card")
        try await sees("intro")
        try await touches("begin")
        try await answersWhatIsAsked()
    }

    /// Chooses the first choice of every question and types the number that is asked for.
    /// - Parameter isAnswered: it was answered before: what stood there must stand there still.
    func answersWhatIsAsked(isAnswered: Bool = false) async throws {
        for _ in 0..<8 {
            switch try await seesOne(of: ["choice", "digits", "scan"], within: 6) {
            case "choice":
                let key = try await browser.run("return document.documentElement.dataset.key").string ?? ""
                let first =
                    try await browser.run(
                        "return document.querySelector('button[value^=\"answer:\"]').value"
                    ).string ?? ""
                if isAnswered {
                    try await browser.wait(
                        for: "the answer that was given", seconds: 2,
                        "return document.querySelector('.choices [aria-pressed=true], .choices .chosen') !== null")
                }
                try await touches(first)
                try await browser.wait(
                    for: "the next page", "return document.documentElement.dataset.key !== arguments[0]", .string(key))
            case "digits":
                for digit in isAnswered ? "" : "13900000000" {
                    try await touches("digit:\(digit)")
                }
                try await touches("confirm-digits")
                try await sees("scan")
            default: return
            }
        }
        throw TestFailure("questions without end")
    }

    /// Scans both pages of the household register; ends on the check page.
    func scansBothPages() async throws {
        try await scansFirstPage()
        try await scansSecondPage()
    }

    func scansFirstPage() async throws { try await scans(0, isLaid: false) }

    /// - Parameter isLaid: the page lies in the tray already.
    func scansSecondPage(isLaid: Bool = false) async throws {
        try await scans(1, isLaid: isLaid)
        try await finishesScanning()
    }

    private func scans(_ index: Int, isLaid: Bool) async throws {
        try await sees("scan")
        if !isLaid { try await laysPage(index) }
        try await touches("scan")
        try await keepsPage()
    }

    /// Waits for the preview of a page that is being scanned, and keeps it.
    func keepsPage() async throws {
        try await sees("preview", within: 30)
        // A blank page here would mean that something else than the page was scanned.
        try await reads("字很清楚")
        try await touches("keep-page")
    }

    /// From the last page kept to the check page.
    func finishesScanning() async throws {
        try await sees("stored")
        try await touches("next")
        try await sees("check")
    }

    /// From 提交申请 to the slip in the slot; the number on the screen.
    func getsNumberAndReceipt() async throws -> String {
        try await sees("done", within: 30)
        try await reads("凭条打好了", within: 40)
        return try await number()
    }

    /// Takes card, originals and slip, each of which the device notices; the start screen is back by itself.
    func takesEverything() async throws {
        if try await seesOne(of: ["done", "take"]) == "done" {
            try await touches("next")
            try await sees("take")
        }
        try await hall.desk("reader/remove")
        try await hall.desk("scanner/take-originals")
        try await hall.desk("printer/take-slip")
        try await sees("start", within: 40)
    }

    /// The number on the screen.
    func number() async throws -> String {
        try await browser.wait(for: "a number", seconds: 20, "return document.querySelector('.number') !== null")
        return try await browser.run("return document.querySelector('.number').textContent.trim()").string ?? ""
    }
}
