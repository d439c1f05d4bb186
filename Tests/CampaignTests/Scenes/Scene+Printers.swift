extension Scene {
    private static let slips: [ErrandKind] = [.seniorCard, .socialCard]

    // MARK: - Receipt printer

    private static func cable(_ name: String, seconds: Double? = nil) -> Order {
        .desk("printer/fault", body("fault", name, seconds: seconds))
    }

    private static func state(_ body: String) -> Order { .desk("printer/state", body) }

    private static func stops(_ fault: String, at millimetres: Int) -> Order {
        .desk("printer/fault-at", #"{"millimetres":\#(millimetres),"fault":"\#(fault)"}"#)
    }

    private static let printerSound: [Sentence] = [
        .problem("printer-missing"), .problem("printer-fault"), .text("done.question"), .text("done.notPrinted"),
        .text("trouble.printer"),
    ]

    private static func printerScene(
        _ id: String, _ orders: [Order], says problem: String, mendedBy mending: [Order], first: Set<Verdict>
    ) -> Scene {
        Scene(id, .printer, slips, .before("submit"), orders) {
            $0.isSaid([[.text("done.notPrinted"), .text("done.question")], [.problem(problem)]], mendedBy: mending)
            // Some models tell that they stand still, and not why.
            $0.saysOfClone = [.problem("printer-fault")]
            $0.firstPrint = first
        }
    }

    private static let newRoll = state(#"{"paper":"full"}"#)

    /// The resident notices nothing, and whoever looks after the kiosk is told to have a roll at hand; `late`: where the sensor
    /// leaves no paper for a slip.
    private static func nearEnd(
        _ id: String, _ moment: Moment, _ orders: [Order], late: @escaping @Sendable (inout Scene) -> Void = { _ in }
    ) -> Scene {
        Scene(id, .printer, slips, moment, orders) {
            $0.isUnseen(printerSound + [.problem("printer-paper-low")])
            $0.tells = ["printer-paper-low"]
            $0.mending = [newRoll]
            $0.lifting = .after(seconds: 8)
            $0.ofLateSensor = late
        }
    }

    static let printer: [Scene] = [
        Scene("receipt printer slow", .printer, slips, .before("submit"), [cable("slow", seconds: 6)]) {
            $0.isUnseen(printerSound)
        },
        Scene("receipt printer garbled", .printer, slips, .before("submit"), [cable("garbled", seconds: 4)]) {
            // What of it arrives whole is luck; what the screen says of it may not be.
            $0.says = [[.text("done.printed"), .text("done.question"), .text("done.notPrinted")]]
            $0.firstPrint = Set(Verdict.allCases)
        },
        Scene("receipt printer silent", .printer, slips, .before("submit"), [cable("silent", seconds: 12)]) {
            $0.says = [[.text("done.question"), .text("done.notPrinted")]]
            $0.firstPrint = [.notPrinted, .unknown]
        },
        Scene("receipt printer gone", .printer, slips, .shown("check"), [cable("gone", seconds: 9)]) {
            $0.says = [[.text("done.notPrinted")], [.problem("printer-missing")]]
            $0.firstPrint = [.notPrinted]
        },
        Scene("receipt printer gone for 2 s", .printer, slips, .shown("choice"), [cable("gone", seconds: 2)]) {
            $0.isUnseen(printerSound)
        },
        nearEnd("receipt paper near its end", .arrival, [state(#"{"paper":"nearEnd"}"#)]) {
            // No slip would come out: what needs one is closed before anybody begins.
            $0.isSaid([[.problem("printer-paper-low")]], mendedBy: [newRoll])
            $0.never = []
        },
        nearEnd("receipt paper near its end just before the slip", .before("submit"), [state(#"{"paper":"nearEnd"}"#)])
        {
            $0.isSaid([[.text("done.notPrinted")], [.problem("printer-paper-low")]], mendedBy: [newRoll])
            $0.never = []
            $0.firstPrint = [.notPrinted]
        },
        // What has begun is printed to its end.
        nearEnd("receipt paper near its end in mid-receipt", .before("submit"), [stops("nearEnd", at: 30)]) {
            // And who comes next reads that there is none for them.
            $0.never = [.text("done.question"), .text("done.notPrinted")]
        },
        printerScene(
            "receipt paper out in mid-receipt", [stops("paperOut", at: 30)], says: "printer-paper-out",
            mendedBy: [newRoll], first: [.notPrinted, .unknown]),
        printerScene(
            "receipt printer's cover in mid-receipt", [stops("cover", at: 30)], says: "printer-cover-open",
            mendedBy: [state(#"{"cover":"closed"}"#)], first: [.notPrinted, .unknown]),
        printerScene(
            "cutter stuck", [state(#"{"cutter":"error"}"#)], says: "printer-cutter",
            mendedBy: [state(#"{"cutter":"ok"}"#)], first: [.notPrinted, .unknown]),
        Scene(
            "receipt printer loses its power in mid-receipt", .printer, slips, .before("submit"),
            [stops("power", at: 30)]
        ) {
            $0.isSaid([[.text("done.question")]], mendedBy: [state(#"{"power":"on"}"#)], atLeastSeconds: 1)
            $0.firstPrint = [.unknown]
        },
        Scene(
            "receipt paper out before anybody comes", .printer, slips, .arrival, [state(#"{"paper":"out"}"#)]
        ) {
            $0.isSaid([[.problem("printer-paper-out")]], mendedBy: [newRoll])
            // A printer of few words finds out by trying.
            $0.firstPrint = [.printed, .notPrinted]
            $0.tells = ["printer-paper-out"]
        },
    ]

    // MARK: - A4 printer

    private static func papersFault(_ name: String, count: Int? = nil, seconds: Double? = nil) -> Order {
        .desk("document-printer/fault", body("fault", name, count: count, seconds: seconds))
    }

    private static func papersState(_ body: String) -> Order { .desk("document-printer/state", body) }

    private static func event(_ name: String, after sheets: Int = 1) -> Order {
        .desk("document-printer/event-after", #"{"sheets":\#(sheets),"event":"\#(name)"}"#)
    }

    private static func paperScene(
        _ id: String, _ orders: [Order], says sentences: [[Sentence]], mendedBy mending: [Order],
        first: Set<Verdict> = [.printed], _ change: (inout Scene) -> Void = { _ in }
    ) -> Scene {
        Scene(id, .papers, [.certificate], .before("submit"), orders) {
            $0.isSaid(sentences, mendedBy: mending)
            $0.firstPrint = first
            change(&$0)
        }
    }

    private static let papersSound: [Sentence] = [
        .problem("document-printer-missing"), .problem("document-printer-fault"), .text("papers.question"),
        .text("papers.notPrinted"), .text("trouble.documentPrinter"),
    ]

    static let papers: [Scene] = [
        Scene("A4 printer slow", .papers, [.certificate], .before("submit"), [papersFault("slow", seconds: 8)]) {
            $0.isUnseen(papersSound)
        },
        Scene("A4 printer garbled", .papers, [.certificate], .before("submit"), [papersFault("garbled", seconds: 5)]) {
            $0.says = [[.text("papers.notPrinted"), .text("papers.question"), .text("papers.printed")]]
            $0.firstPrint = Set(Verdict.allCases)
        },
        Scene("A4 printer silent", .papers, [.certificate], .before("submit"), [papersFault("silent", seconds: 8)]) {
            $0.says = [[.text("papers.notPrinted"), .problem("document-printer-missing")]]
            $0.firstPrint = [.notPrinted]
        },
        Scene("A4 printer gone", .papers, [.certificate], .arrival, [papersFault("gone")]) {
            $0.isSaid([[.problem("document-printer-missing")]], mendedBy: [papersFault("none")])
            $0.firstPrint = [.printed, .notPrinted]
        },
        Scene("A4 printer gone for 2 s", .papers, [.certificate], .shown("check"), [papersFault("gone", seconds: 2)]) {
            $0.isUnseen(papersSound)
        },
        paperScene(
            "A4 paper out", [papersState(#"{"paper":1}"#)], says: [[.problem("document-printer-paper-out")]],
            mendedBy: [papersState(#"{"paper":250}"#)]),
        paperScene(
            "A4 jam in mid-job", [event("jam")], says: [[.problem("document-printer-jam")]],
            mendedBy: [papersState(#"{"jam":false}"#)], first: [.printed, .unknown]),
        paperScene(
            "A4 door open in mid-job", [event("doorOpen")], says: [[.problem("document-printer-cover-open")]],
            mendedBy: [papersState(#"{"doorOpen":false}"#)]),
        paperScene(
            "A4 toner empty in mid-job", [event("tonerEmpty")], says: [[.problem("document-printer-supply-empty")]],
            mendedBy: [papersState(#"{"toner":"full"}"#)]),
        paperScene(
            "A4 tray full in mid-job", [event("outputFull")], says: [[.problem("document-printer-output-full")]],
            mendedBy: [papersState(#"{"outputFull":false}"#)]),
        paperScene(
            "A4 printer loses its power in mid-job", [event("power")], says: [[.text("papers.question")]],
            mendedBy: [papersState(#"{"power":"on"}"#)], first: [.unknown]),
        paperScene(
            "A4 job cancelled at the printer", [event("canceled")],
            says: [[.text("papers.question"), .text("papers.notPrinted")]], mendedBy: [],
            first: [.unknown, .notPrinted]),
        paperScene(
            "A4 printer gives the job up", [event("aborted")],
            says: [[.text("papers.question"), .text("papers.notPrinted")]], mendedBy: [],
            first: [.unknown, .notPrinted]),
        paperScene(
            "A4 printer counts fewer pages than it calls done", [papersState(#"{"honesty":"fewerImpressions"}"#)],
            says: [[.text("papers.question")]], mendedBy: [papersState(#"{"honesty":"honest"}"#)], first: [.unknown]),
        paperScene(
            "A4 printer claims pages that did not come out", [papersState(#"{"honesty":"claimsAll"}"#)],
            says: [[.text("papers.printed")]], mendedBy: [papersState(#"{"honesty":"honest"}"#)]
        ) { $0.printerLies = true },
        paperScene(
            "A4 printer forgets its jobs", [papersState(#"{"forgetsJobs":true}"#)],
            says: [[.text("papers.question"), .text("papers.printed")]],
            mendedBy: [papersState(#"{"forgetsJobs":false}"#)], first: [.unknown, .printed]),
    ]
}
