extension Scene {
    static let everyCard: [ErrandKind] = [.seniorCard, .socialCard, .certificate, .progressByCard]

    // MARK: - Card reader

    private static func readerFault(_ name: String, count: Int? = nil, seconds: Double? = nil) -> Order {
        .desk("reader/fault", body("fault", name, count: count, seconds: seconds))
    }

    static func body(_ member: String, _ value: String, count: Int? = nil, seconds: Double? = nil) -> String {
        "{\"\(member)\":\"\(value)\"" + (count.map { ",\"count\":\($0)" } ?? "")
            + (seconds.map { ",\"seconds\":\($0)" } ?? "") + "}"
    }

    static let readerSound: [Sentence] = [
        .text("closed.heading"), .text("trouble.reader"), .problem("reader-missing"), .problem("reader-silent"),
        .problem("reader-fault"),
    ]

    private static func readerScene(
        _ id: String, _ fault: String, says problems: [Sentence]
    ) -> Scene {
        Scene(id, .reader, everyCard, .arrival, [readerFault(fault)]) {
            $0.isSaid([[.text("closed.heading")], problems], mendedBy: [readerFault("none")])
        }
    }

    static let reader: [Scene] = [
        Scene("reader slow", .reader, everyCard, .arrival, [readerFault("slow")]) {
            $0.isUnseen(readerSound)
            $0.mending = [readerFault("none")]
            $0.lifting = .after(seconds: 5)
        },
        readerScene(
            "reader garbled", "garbled",
            says: [.text("trouble.reader"), .problem("reader-garbled"), .problem("reader-silent")]),
        readerScene(
            "reader sends noise", "endlessNoise",
            says: [.text("trouble.reader"), .problem("reader-garbled"), .problem("reader-silent")]),
        readerScene("reader silent", "silent", says: [.problem("reader-silent")]),
        readerScene("reader gone", "gone", says: [.problem("reader-missing")]),
        readerScene("reader not authorised", "notAuthorised", says: [.problem("reader-not-authorised")]),
        Scene("reader gone for 2 s, nobody there", .reader, everyCard, .arrival, [readerFault("gone", seconds: 2)]) {
            $0.isUnseen(readerSound)
        },
        Scene(
            "reader gone for 2 s in a session", .reader, everyCard, .shown("choice"),
            [readerFault("gone", seconds: 2)]
        ) { $0.isUnseen(readerSound + [.text("otherCard.heading"), .text("otherCard.remove")]) },
        Scene(
            "reader gone for 6 s in a session", .reader, everyCard, .shown("choice"), [readerFault("gone", seconds: 6)]
        ) {
            $0.isUnseen([.text("otherCard.heading"), .text("otherCard.remove")])
        },
        Scene("reader: a wrong checksum", .reader, everyCard, .arrival, [readerFault("wrongChecksumOnce")]) {
            $0.isUnseen(readerSound)
        },
        Scene("reader: status 41 once", .reader, everyCard, .arrival, [readerFault("status41Once")]) {
            $0.isUnseen(readerSound + [.problem("card-unreadable")])
        },
        Scene("reader: a stale reply", .reader, everyCard, .arrival, [readerFault("staleReply")]) {
            $0.isUnseen(readerSound)
        },
        Scene("reader: a reply ends in its middle", .reader, everyCard, .arrival, [readerFault("cutShort", count: 1)]) {
            $0.isUnseen(readerSound)
        },
    ]

    // MARK: - Scanner

    private static func scannerFault(_ name: String, seconds: Double? = nil) -> Order {
        .desk("scanner/fault", body("fault", name, seconds: seconds))
    }

    private static let scannerSound: [Sentence] = [
        .problem("scanner-missing"), .problem("scanner-fault"), .problem("scanner-busy"), .problem("scan-interrupted"),
        .text("trouble.scanner"), .text("trouble.scan"),
    ]

    private static func scannerScene(
        _ id: String, _ fault: String, _ moment: Moment, says problems: [Sentence]
    ) -> Scene {
        Scene(id, .scanner, [.seniorCard], moment, [scannerFault(fault)]) {
            $0.isSaid([problems, [.text("fault.kept")]], mendedBy: [scannerFault("none")])
        }
    }

    static let scanner: [Scene] = [
        Scene("scanner slow", .scanner, [.seniorCard], .before("scan"), [scannerFault("slow")]) {
            $0.isUnseen(scannerSound)
            $0.mending = [scannerFault("none")]
            $0.lifting = .after(seconds: 3)
        },
        scannerScene(
            "scanner garbled", "garbled", .before("scan"),
            says: [.problem("scanner-fault"), .problem("scanner-missing")]),
        scannerScene("scanner silent", "silent", .shown("scan"), says: [.problem("scanner-missing")]),
        scannerScene("scanner gone", "gone", .shown("scan"), says: [.problem("scanner-missing")]),
        scannerScene("scanner gone in mid-page", "goneMidPage", .before("scan"), says: [.problem("scanner-missing")]),
        Scene("scanner gone for 2 s", .scanner, [.seniorCard], .shown("choice"), [scannerFault("gone", seconds: 2)]) {
            $0.isUnseen(scannerSound)
        },
        scannerScene("scanner busy", "busy", .before("scan"), says: [.problem("scanner-busy")]),
        scannerScene("scanner jam", "jam", .shown("scan"), says: [.problem("scanner-jam")]),
        scannerScene("scanner jam at the press", "jam", .before("scan"), says: [.problem("scanner-jam")]),
        scannerScene("scanner takes no hold of the sheet", "mispick", .before("scan"), says: [.problem("scanner-jam")]),
        scannerScene("scanner draws two sheets", "multipick", .before("scan"), says: [.problem("scanner-jam")]),
        scannerScene(
            "scanner cover open (hatch)", "coverOpen", .before("scan"), says: [.problem("scanner-cover-open")]),
        scannerScene("scanner cover open (door)", "doorOpen", .before("scan"), says: [.problem("scanner-cover-open")]),
        Scene(
            "scan worker dies in mid-page", .scanner, [.seniorCard], .before("scan"),
            [scannerFault("slow"), .killWorker("kiosk-worker-scan", forSeconds: 0.3)]
        ) {
            $0.isSaid([[.problem("scan-interrupted")], [.text("fault.kept")]], mendedBy: [scannerFault("none")])
            $0.killsWorkers = true
        },
        Scene(
            "scan worker dies in mid-page and stays away", .scanner, [.seniorCard], .before("scan"),
            [scannerFault("slow"), .killWorker("kiosk-worker-scan", forSeconds: 6)]
        ) {
            $0.isSaid(
                [[.problem("scan-interrupted")], [.text("fault.kept")]], mendedBy: [scannerFault("none")],
                atLeastSeconds: 9)
            $0.killsWorkers = true
        },
    ]

    // MARK: - Code reader

    private static func codeFault(_ name: String, count: Int? = nil, seconds: Double? = nil) -> Order {
        .desk("code-reader/fault", body("fault", name, count: count, seconds: seconds))
    }

    static let codes: [Scene] = [
        Scene("code reader slow", .codes, [.progressByCode], .arrival, [codeFault("slow")]) {
            $0.isUnseen([.problem("code-reader-missing"), .problem("code-unreadable")])
            $0.mending = [codeFault("none")]
            $0.lifting = .after(seconds: 3)
        },
        Scene("code reader garbled", .codes, [.progressByCode], .arrival, [codeFault("garbled", count: 1)]) {
            $0.says = [[.problem("code-unreadable"), .text("start.heading")]]
        },
        Scene("code reader without end", .codes, [.progressByCode], .arrival, [codeFault("endless", count: 1)]) {
            $0.isUnseen([.problem("code-reader-missing")])
        },
        Scene("code reader silent", .codes, [.progressByCode], .arrival, [codeFault("silent", count: 2)]) {
            $0.isUnseen([.problem("code-reader-missing")])
        },
        Scene("code reader gone", .codes, [.progressByCode], .arrival, [codeFault("gone")]) {
            // Nobody needs it to begin: what cannot be had is not offered, and that is all.
            $0.withdraws = [.text("start.receipt")]
            $0.never = [.text("closed.heading"), .problem("code-reader-missing")]
            $0.tells = ["code-reader-missing"]
            $0.mending = [codeFault("none")]
            $0.lifting = .after(seconds: 10)
        },
        Scene("code reader gone for 2 s", .codes, [.progressByCode], .arrival, [codeFault("gone", seconds: 2)]) {
            $0.isUnseen([.problem("code-reader-missing")])
        },
    ]
}
