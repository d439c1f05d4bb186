extension Scene {
    private static let cases: [ErrandKind] = [.seniorCard, .socialCard]

    // MARK: - Network

    private static func network(_ body: String) -> Order { .desk("network", body) }
    private static let well = network(#"{"mode":"ok"}"#)

    static let network: [Scene] = [
        Scene(
            "network slow", .network, cases, .before("submit"),
            [network(#"{"mode":"slow","bytesPerSecond":60000,"seconds":6}"#)]),
        Scene(
            "network with long ways", .network, cases, .before("submit"),
            [network(#"{"mode":"latency","milliseconds":300,"jitterMilliseconds":200,"seconds":8}"#)]),
        Scene(
            "network lossy", .network, cases, .before("submit"), [network(#"{"mode":"lossy","seed":5,"seconds":8}"#)]),
        Scene("network garbled", .network, cases, .before("submit"), [network(#"{"mode":"garbled","seconds":5}"#)]),
        Scene("network cut for 3 s", .network, cases, .before("submit"), [network(#"{"mode":"cut","seconds":3}"#)]),
        Scene("network cut", .network, cases, .before("submit"), [network(#"{"mode":"cut"}"#)]) {
            $0.isSaid([[.text("done.code")], [.text("done.kept")]], mendedBy: [well])
            $0.givesCode = true
        },
        Scene("network swallows everything", .network, cases, .before("submit"), [network(#"{"mode":"blackhole"}"#)]) {
            $0.isSaid([[.text("done.code")], [.text("done.kept")]], mendedBy: [well])
            $0.givesCode = true
        },
        Scene(
            "network cut in mid-upload", .network, cases, .before("submit"),
            [network(#"{"mode":"cutAfterBytes","bytes":3000,"direction":"up"}"#)]),
        Scene(
            "network cut in an answer", .network, cases, .before("submit"),
            [network(#"{"mode":"cutAfterBytes","bytes":400,"direction":"down"}"#)]),
        Scene(
            "name server gone", .network, cases, .before("submit"),
            [
                .desk("network/name", #"{"resolves":false}"#),
                network(#"{"mode":"cutAfterBytes","bytes":0,"direction":"up"}"#),
            ]
        ) {
            $0.isSaid(
                [[.text("done.code")], [.text("done.kept")]],
                mendedBy: [.desk("network/name", #"{"resolves":true}"#), well])
            $0.givesCode = true
        },
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

    private static func caseScene(_ id: String, _ order: Order) -> Scene {
        Scene(id, .platform, cases, .before("submit"), [order])
    }

    static let platform: [Scene] = [
        Scene("platform down for 13 s", .platform, cases, .before("submit"), [.killPlatform(awaySeconds: 13)]) {
            $0.says = [[.text("done.code")], [.text("done.kept")]]
            $0.givesCode = true
        },
        Scene("platform down for a moment", .platform, cases, .before("submit"), [.killPlatform(awaySeconds: 0.2)]),
        caseScene("platform says 500", ordered("createCase", "status", #""code":500"#)),
        caseScene("platform says 401", ordered("createCase", "status", #""code":401"#)),
        caseScene("platform says 401 to an upload", ordered("createUpload", "status", #""code":401"#)),
        caseScene("platform says 503", ordered("any", "status", #""code":503"#, times: 2)),
        caseScene("platform full", ordered("createUpload", "status", #""code":507"#)),
        Scene(
            "platform full for 11 s", .platform, cases, .before("submit"),
            [ordered("createUpload", "status", #""code":507"#, times: 0)]
        ) {
            $0.isSaid([[.text("done.code")], [.text("done.kept")]], mendedBy: [.clearPlatformFaults])
            $0.givesCode = true
        },
        Scene("platform slow", .platform, cases, .before("submit"), [ordered("createCase", "delay", #""ms":4000"#)]) {
            $0.givesNumber = true
        },
        Scene(
            "platform too slow", .platform, cases, .before("submit"), [ordered("createCase", "delay", #""ms":14000"#)]
        ) {
            $0.says = [[.text("done.code")], [.text("done.kept")]]
            $0.givesCode = true
        },
        caseScene("platform loses the answer to a case", ordered("createCase", "loseAnswer")),
        caseScene("platform loses two answers to a case", ordered("createCase", "loseAnswer", times: 2)),
        caseScene("platform loses the answer to an upload", ordered("createUpload", "loseAnswer")),
        caseScene("platform loses the answer to a file", ordered("appendToUpload", "loseAnswer")),
        caseScene("platform answers twice", ordered("createCase", "twice")),
        caseScene("platform gives an earlier answer", ordered("createCase", "earlierAnswer")),
        caseScene("platform answers with nonsense", ordered("createCase", "garbage")),
        caseScene("platform's answer ends in its middle", ordered("createCase", "cutAnswer", #""bytes":40"#)),
        caseScene("platform's answer does not end", ordered("createCase", "endless")),
        Scene(
            "platform says 500 to a certificate", .platform, [.certificate], .before("submit"),
            [ordered("createDocument", "status", #""code":500"#)]
        ) {
            $0.says = [[.problem("platform-unreachable"), .problem("platform-refused"), .text("trouble.document")]]
        },
        Scene(
            "platform loses the answer to a certificate", .platform, [.certificate], .before("submit"),
            [ordered("createDocument", "loseAnswer")]
        ) {
            $0.says = [[.problem("platform-unreachable"), .text("trouble.document")]]
        },
        Scene(
            "certificate ends in its middle", .platform, [.certificate], .before("submit"),
            [ordered("getDocumentContent", "cutAnswer", #""bytes":900"#)]),
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
        ) {
            $0.says = [[.text("progress.unavailable")]]
        },
    ]
}
