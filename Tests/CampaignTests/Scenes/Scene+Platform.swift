extension Scene {
    private static let cases: [ErrandKind] = [.seniorCard, .socialCard]

    // MARK: - Network

    private static func network(_ body: String) -> Order { .desk("network", body) }
    private static let well = network(#"{"mode":"ok"}"#)

    /// What is read where a case does not get through in time, or not at all.
    private static let troubled: [Sentence] = [
        .text("done.code"), .text("done.kept"), .text("trouble.submit"), .text("fault.kept"), .text("done.notPrinted"),
        .text("done.question"), .problem("platform-unreachable"), .problem("platform-refused"),
    ]

    private static let kept: [[Sentence]] = [[.text("done.code")], [.text("done.kept")]]

    /// The resident notices nothing but a longer wait: the number comes within the patience.
    private static func unseen(_ id: String, _ group: Group, _ orders: [Order]) -> Scene {
        Scene(id, group, cases, .before("submit"), orders) {
            $0.isUnseen(troubled)
            $0.givesNumber = true
        }
    }

    /// Within the patience or not, as its lots fall: the number, or the acceptance code with the word that nothing gets lost.
    private static func eitherWay(_ id: String, _ group: Group, _ orders: [Order]) -> Scene {
        Scene(id, group, cases, .before("submit"), orders) {
            $0.says = [[.text("done.number"), .text("done.code")], [.text("done.number"), .text("done.kept")]]
            $0.never = [.text("trouble.submit"), .text("fault.kept"), .text("done.notPrinted"), .text("done.question")]
        }
    }

    /// It is longer than the patience: the acceptance code, and the word that nothing gets lost.
    private static func keptScene(_ id: String, _ group: Group, _ orders: [Order], mendedBy mending: [Order] = [])
        -> Scene
    {
        Scene(id, group, cases, .before("submit"), orders) {
            if mending.isEmpty { $0.says = kept } else { $0.isSaid(kept, mendedBy: mending) }
            $0.givesCode = true
        }
    }

    static let network: [Scene] = [
        unseen("network slow", .network, [network(#"{"mode":"slow","bytesPerSecond":60000,"seconds":4}"#)]),
        unseen(
            "network with long ways", .network,
            [network(#"{"mode":"latency","milliseconds":300,"jitterMilliseconds":200,"seconds":4}"#)]),
        eitherWay("network lossy", .network, [network(#"{"mode":"lossy","seed":5,"seconds":8}"#)]),
        eitherWay("network garbled", .network, [network(#"{"mode":"garbled","seconds":5}"#)]),
        eitherWay("network cut for 3 s", .network, [network(#"{"mode":"cut","seconds":3}"#)]),
        keptScene("network cut", .network, [network(#"{"mode":"cut"}"#)], mendedBy: [well]),
        keptScene("network swallows everything", .network, [network(#"{"mode":"blackhole"}"#)], mendedBy: [well]),
        unseen(
            "network cut in mid-upload", .network,
            [network(#"{"mode":"cutAfterBytes","bytes":3000,"direction":"up"}"#)]),
        unseen(
            "network cut in an answer", .network,
            [network(#"{"mode":"cutAfterBytes","bytes":400,"direction":"down"}"#)]),
        keptScene(
            "name server gone", .network,
            [
                .desk("network/name", #"{"resolves":false}"#),
                network(#"{"mode":"cutAfterBytes","bytes":0,"direction":"up"}"#),
            ], mendedBy: [.desk("network/name", #"{"resolves":true}"#), well]),
        Scene(
            "network cut before a certificate", .network, [.certificate], .before("submit"),
            [network(#"{"mode":"cut"}"#)]
        ) {
            $0.isSaid([[.problem("platform-unreachable")]], mendedBy: [well])
        },
        Scene(
            "network cut before a look at the progress", .network, [.progressByCard, .progressByCode], .arrival,
            [network(#"{"mode":"cut"}"#)]
        ) {
            $0.isSaid([[.text("progress.unavailable")]], mendedBy: [well])
        },
    ]

    // MARK: - Platform

    private static func ordered(_ route: String, _ kind: String, _ more: String = "", times: Int = 1) -> Order {
        .platform(#"{"route":"\#(route)","kind":"\#(kind)"\#(more.isEmpty ? "" : ",\(more)"),"times":\#(times)}"#)
    }

    private static let documentSound: [Sentence] = [
        .problem("platform-unreachable"), .problem("platform-refused"), .text("trouble.document"),
    ]

    static let platform: [Scene] = [
        keptScene("platform down for 13 s", .platform, [.killPlatform(awaySeconds: 13)]),
        unseen("platform down for a moment", .platform, [.killPlatform(awaySeconds: 0.2)]),
        // What it holds against one case may be that case's fault: the next attempt comes within 20 s, by lot.
        eitherWay("platform says 500", .platform, [ordered("createCase", "status", #""code":500"#)]),
        eitherWay("platform says 401", .platform, [ordered("createCase", "status", #""code":401"#)]),
        eitherWay("platform says 401 to an upload", .platform, [ordered("createUpload", "status", #""code":401"#)]),
        unseen("platform says 503", .platform, [ordered("any", "status", #""code":503"#)]),
        unseen("platform full", .platform, [ordered("createUpload", "status", #""code":507"#)]),
        keptScene(
            "platform full for 11 s", .platform, [ordered("createUpload", "status", #""code":507"#, times: 0)],
            mendedBy: [.clearPlatformFaults]),
        unseen("platform slow", .platform, [ordered("createCase", "delay", #""ms":4000"#)]),
        keptScene("platform too slow", .platform, [ordered("createCase", "delay", #""ms":14000"#)]),
        unseen("platform loses the answer to a case", .platform, [ordered("createCase", "loseAnswer")]),
        unseen("platform loses two answers to a case", .platform, [ordered("createCase", "loseAnswer", times: 2)]),
        unseen("platform loses the answer to an upload", .platform, [ordered("createUpload", "loseAnswer")]),
        unseen("platform loses the answer to a file", .platform, [ordered("appendToUpload", "loseAnswer")]),
        unseen(
            "platform ends the connection in a file", .platform, [ordered("appendToUpload", "cut", #""bytes":1000"#)]),
        unseen("platform answers twice", .platform, [ordered("createCase", "twice")]),
        unseen("platform answers twice to a file", .platform, [ordered("appendToUpload", "twice")]),
        eitherWay("platform gives an earlier answer", .platform, [ordered("createCase", "earlierAnswer")]),
        eitherWay("platform answers with nonsense", .platform, [ordered("createCase", "garbage")]),
        unseen("platform's answer ends in its middle", .platform, [ordered("createCase", "cutAnswer", #""bytes":40"#)]),
        eitherWay("platform's answer does not end", .platform, [ordered("createCase", "endless")]),
        Scene(
            "platform answers twice to a certificate", .platform, [.certificate], .before("submit"),
            [ordered("createDocument", "twice")]
        ) { $0.isUnseen(documentSound) },
        Scene(
            "platform says 500 to a certificate", .platform, [.certificate], .before("submit"),
            [ordered("createDocument", "status", #""code":500"#)]
        ) {
            $0.says = [[.problem("platform-unreachable"), .problem("platform-refused"), .text("trouble.document")]]
        },
        Scene(
            "platform loses the answer to a certificate", .platform, [.certificate], .before("submit"),
            [ordered("createDocument", "loseAnswer")]
        ) { $0.isUnseen(documentSound) },
        Scene(
            "platform loses two answers to a certificate", .platform, [.certificate], .before("submit"),
            [ordered("createDocument", "loseAnswer", times: 2)]
        ) { $0.says = [[.problem("platform-unreachable")]] },
        Scene(
            "certificate ends in its middle", .platform, [.certificate], .before("submit"),
            [ordered("getDocumentContent", "cutAnswer", #""bytes":900"#)]
        ) { $0.isUnseen(documentSound) },
        Scene(
            "certificate is nonsense", .platform, [.certificate], .before("submit"),
            [ordered("getDocumentContent", "garbage")]
        ) {
            $0.says = [[.problem("platform-unreachable"), .problem("platform-refused"), .text("trouble.document")]]
        },
        Scene(
            "platform says 500 to a look at the progress", .platform, [.progressByCard, .progressByCode], .arrival,
            [ordered("queryCases", "status", #""code":500"#)]
        ) {
            $0.says = [[.text("progress.unavailable")]]
        },
        Scene(
            "platform loses the answer to a look at the progress", .platform, [.progressByCard, .progressByCode],
            .arrival, [ordered("queryCases", "loseAnswer")]
        ) { $0.isUnseen([.text("progress.unavailable")]) },
        Scene(
            "platform loses two answers to a look at the progress", .platform, [.progressByCard, .progressByCode],
            .arrival, [ordered("queryCases", "loseAnswer", times: 2)]
        ) { $0.says = [[.text("progress.unavailable")]] },
    ]
}
