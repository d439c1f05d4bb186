import HallEmulators
import TestSupport
import Testing

/// The tables of the campaign themselves: what they have to hold, and that it can be found.
@Suite("The campaign's tables")
struct SceneTests {
    @Test("every scene has a name of its own, and says what a resident reads, or must not")
    func sentences() throws {
        let sentences = try Sentences()
        #expect(Set(Scene.all.map(\.id)).count == Scene.all.count)
        for scene in Scene.all {
            #expect(!(scene.says.isEmpty && scene.never.isEmpty && scene.withdraws.isEmpty), "\(scene.id)")
            for errand in scene.errands { #expect(!scene.plainWay(of: errand).isEmpty, "\(scene.id)") }
            // A sentence that does not exist would be said by nobody, and missed by nobody.
            let known = [scene, scene.asOfClone(), scene.asOfLateSensor()]
            for sentence in known.flatMap({ $0.says.flatMap(\.self) + $0.never + $0.withdraws }) {
                for language in ["zh-Hans", "en"] {
                    #expect(try !sentences.pieces(sentence, language).isEmpty, "\(scene.id): \(sentence)")
                }
            }
            for errand in scene.errands {
                for sentence in scene.plainWay(of: errand).flatMap(\.self) { _ = try sentences.pieces(sentence, "en") }
            }
        }
    }

    /// docs/testing.md as one line.
    private static func documentation() throws -> String {
        try String(contentsOfFile: "\(Repository.folder)/docs/testing.md", encoding: .utf8)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test("docs/testing.md lists every scene, and where somebody walks away for good")
    func documented() throws {
        let text = try Self.documentation()
        for scene in Scene.all { #expect(text.contains("*\(scene.id)*"), "\(scene.id)") }
        for place in LeftAloneTests.places { #expect(text.contains(place.words), "\(place.words)") }
    }

    @Test("docs/testing.md counts the visits as they are")
    func counted() throws {
        let text = try Self.documentation()
        let table = Scene.all.count + Scene.beforeClone(Scene.all).count + Scene.beforeLateSensor(Scene.all).count
        for words in [
            "\(table) visits for the tables", "\(CampaignPlan(peopleFrom: 1).sessions.count) for the people",
            "\(LeftAloneTests.places.count) of residents who are left alone",
        ] { #expect(text.contains(words), "\(words)") }
    }

    @Test("a scene does not forbid what it asks for")
    func contradictions() {
        for scene in Scene.all.flatMap({ [$0, $0.asOfLateSensor()] }) {
            for alternatives in scene.says { #expect(!alternatives.allSatisfy(scene.never.contains), "\(scene.id)") }
        }
    }

    @Test("every fault that a device of the desk knows, and every moment and mixture of cards, has a scene")
    func faults() {
        func played(_ path: String, _ body: String) -> Bool {
            Scene.all.contains { scene in
                scene.orders.contains { if case .desk(path, let text) = $0 { text.contains(body) } else { false } }
            }
        }
        let shared = ["slow", "garbled", "silent", "gone"]
        let faults: [(String, [String])] = [
            ("reader/fault", shared), ("scanner/fault", ScannerFault.allCases.map(\.rawValue)),
            ("printer/fault", CableFault.allCases.map(\.rawValue)),
            ("code-reader/fault", CodeReaderFault.allCases.map(\.rawValue)), ("document-printer/fault", shared),
            ("reader/pull-at", CardPullMoment.allCases.map(\.rawValue)),
            ("reader/collision", CardCollision.allCases.map(\.rawValue)),
            ("network", ["slow", "latency", "lossy", "cut", "cutAfterBytes", "blackhole", "garbled"]),
        ]
        for (path, names) in faults {
            for name in names where name != "none" { #expect(played(path, ":\"\(name)\""), "\(path) \(name)") }
        }
        func platform(_ kind: String) -> Bool {
            Scene.all.contains { scene in
                scene.orders.contains { if case .platform(let text) = $0 { text.contains(kind) } else { false } }
            }
        }
        for kind in [
            #""code":500"#, #""code":401"#, #""code":503"#, #""code":507"#, "delay", "loseAnswer", "twice",
            "earlierAnswer",
            "garbage", "endless", "cutAnswer", #""cut""#,
        ] { #expect(platform(kind), "\(kind)") }
    }

    @Test(
        "on every screen somebody walks away, somebody else's card comes by mistake and on purpose, and a card is lifted"
    )
    func people() {
        let all = CampaignPlan(peopleFrom: 1).sessions
        for errand in ErrandKind.allCases {
            let own = all.filter { $0.errand == errand }.map(\.interlude)
            for screen in CampaignPlan.screens(of: errand) {
                #expect(own.contains(.walksAway(at: screen, next: "another-person")))
                guard errand != .progressByCode else { continue }
                for keeps in [true, false] {
                    #expect(own.contains(.otherCard("another-person", at: screen, keeps: keeps)), "\(errand) \(screen)")
                }
            }
            if errand != .progressByCode {
                #expect(own.contains(.liftsCard(first: true)) && own.contains(.liftsCard(first: false)))
            }
        }
    }
}

@Suite("What of a person must not stand before the next one")
struct TracesTests {
    private static let traces = Traces(
        of: Wallet.zhang, phone: "13900000012", numbers: ["99000028"], next: [Wallet.anotherPerson])

    @Test(
        "name, number, birth, address and phone are found, whole, in pieces and under stars",
        arguments: [
            "张桂兰", "您好，张奶奶", "张*", "张**", "*兰", "*桂兰", "Mrs 张, what would you like to do?",
            "999999194803150028", "9999 9919 4803 15", "尾号 0028", "ID: ending in 0028", "************0028", "（0028）",
            "1948-03-15", "1948 年 3 月 15 日", "1948年03月15日", "19480315", "平安路9号3栋201室", "9号3栋201",
            "139 0000 0012", "139****0012", "00000012", "9900 0028",
        ])
    func found(text: String) {
        let tail = Wallet.zhang.number.suffix(4)
        let text = text.replacing("999999194803150028", with: Wallet.zhang.number).replacing("0028）", with: "\(tail)）")
            .replacing("尾号 0028", with: "尾号 \(tail)").replacing("in 0028", with: "in \(tail)")
            .replacing("*0028", with: "*\(tail)")
        #expect(!Self.traces.found(in: [text]).isEmpty, "\(text)")
    }

    @Test(
        "what the next person's own card says, and the hall's words, are no traces",
        arguments: [
            "陈先生，您要办哪件事？", "测试省示范市第九街道平安路9号7栋502室", "第九街道服务中心来读卡上的字和照片。有姓名、性别、民族、生日、地址、号码、有效期。",
            "请拿好您的东西 屏幕上的内容已经清除。", "这张卡", "2026 年 11 月 27 日",
        ])
    func innocent(text: String) {
        #expect(Self.traces.found(in: [text]).isEmpty, "\(Self.traces.found(in: [text]))")
    }

    @Test("a whole wallet leaves traces, and nobody's are in an empty text")
    func wallet() {
        for card in Wallet.cards {
            let traces = Traces(of: card, next: [])
            #expect(!traces.pieces.isEmpty, "\(card.id)")
            #expect(!traces.found(in: [card.number]).isEmpty)
            #expect(traces.found(in: ["", " "]).isEmpty)
        }
    }
}
