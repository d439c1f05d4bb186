import Foundation

/// `docs/performance.md`: the layout is fixed, so that two runs differ in figures only.
struct PerformanceDocument {
    var machine: Machine
    var subjects: [Subject]
    var effort: Effort

    var markdown: String {
        var parts = [Self.opening]
        if effort.isQuick {
            parts.append("**This is a trial run with a handful of rounds. Its figures mean nothing.**")
        }
        parts.append("## The machine\n\n" + Self.text(of: machine.table))
        parts.append("## At a glance\n\n" + glance)
        parts += subjects.map(Self.chapter)
        parts.append(Self.closing)
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static let opening = """
        # Performance

        Written by `make speed` (the programs in `Benchmarks/`); change those, not this page. Every figure below comes from one
        run on one machine, of the release build, and every peer was run in turns with ours in that same run. Nothing here is a
        test: `make test` looks at whether the benchmarks run, never at how fast. p50 and p99 are percentiles by nearest rank; where
        there are fewer than 100 rounds p99 is the slowest one.
        """

    private static let closing = """
        ## What was worst, and what was done about it

        Found by the first runs of these benchmarks; the figures are of that time, on the machine of that time.

        1. **A receipt to bytes: 24 ms, now about 3 ms.** Beside the printer's bytes a picture of each slip was made that nobody
           looked at; it is made for whoever asks for one.
        2. **Wake-ups of the idle kiosk: 60, 22 and 12 a second in `kioskd`, scan and usb worker; now as above.** Thread pools
           that keep watch over themselves, a watch over each child process that wakes every second, a clock that writes the
           `Date` field each second: one loop a program now, and no timer that nobody needs. In a kiosk that had served ten
           residents: 8.3 in `kioskd`, now as when it is fresh. Timers that had been cancelled still woke it when their time came.
        3. **Copies of a page on its way: 25, then 11, now 17.** The table with the page says which, and why they are needed.

        Since then: memory no longer grows with pages (one arena in each program; large buffers go back to the system; pages of
        a document in hand are put aside, sealed), and
        a reader of SANE's that was ended inside the allocator no longer holds up a scan for ever.

        ## What is not measured

        - **Real devices.** Card reader, scanner and printer are the emulated ones of `kiosk-hall`. What a device itself takes
          (finding a card, moving paper) is left out where the text says so, and is the emulator's elsewhere.
        - **A kiosk's small computer.** The figures are of the machine named above. On another one run `make speed` there.
        - **A display.** Chromium draws without a screen; the panel's own delay comes on top.
        - **Other processes at the same time.** Nobody else should use the machine during a run; the load at its start stands
          in the first table.
        """

    private var glance: String {
        var table = Table(columns: ["what", "measured", "goal", "", "at ten times the work"])
        for goal in subjects.flatMap(\.goals) {
            table.rows.append(
                [goal.what, goal.figure, goal.bound, goal.verdict, goal.atTenTimes])
        }
        return Self.text(of: table)
    }

    private static func chapter(_ subject: Subject) -> String {
        var parts = ["## \(subject.title)"]
        parts += subject.explanation.map { wrapped($0) }
        parts += subject.tables.map { text(of: $0) }
        if !subject.notes.isEmpty {
            parts.append(subject.notes.map { wrapped("- " + $0, indent: "  ") }.joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n")
    }

    static func text(of table: Table) -> String {
        let rows = [table.columns, ["---"] + table.columns.dropFirst().map { _ in "---:" }] + table.rows
        return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// Lines of at most 120 characters.
    static func wrapped(_ paragraph: String, indent: String = "") -> String {
        var lines: [String] = []
        var line = ""
        for word in paragraph.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > 120 {
                lines.append(line)
                line = indent + word
            } else {
                line += (line.isEmpty || line == indent ? "" : " ") + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
