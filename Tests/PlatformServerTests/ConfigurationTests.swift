import Foundation
import TestSupport
import Testing

@testable import PlatformServer

@Suite("the platform's configuration")
struct ConfigurationTests {
    private func read(_ json: String) throws -> PlatformConfiguration {
        let scratch = try ScratchFolder()
        try scratch.write(json.utf8, to: "platform.json")
        return try PlatformConfiguration.read(scratch.file("platform.json"))
    }

    private func refusal(_ json: String) throws -> String {
        do {
            _ = try read(json)
            return "taken"
        } catch let failure as PlatformFailure { return failure.description }
    }

    @Test(arguments: [
        (#"{"#, "is not JSON"),
        ("{\"items\": [],\n \"limits\" 5}", "The file is not JSON: it stops being so at line 2, column 11."),
        ("{\"items\": [],\n \"三号窗口\" 5}", "The file is not JSON: it stops being so at line 2, column 9."),
        (#"{"items": ["#, "The file is not JSON: it ends too early."),
        (#"{"items": {}}"#, "Member `items` must be an array."),
        (
            #"{"items": [{"id": "a", "title": "x", "needsWindow": null}]}"#,
            "`items[0].needsWindow` must be true or false"
        ),
        ("[]", "The file must be a JSON object."),
        (#"{"limits": {"uploadBytes": "x"}}"#, "Member `limits.uploadBytes` must be a whole number."),
        (#"{"limits": {"uploadBytes": 4096, "upload\u0042ytes": 8192}}"#, "`limits.uploadBytes` is there twice."),
        (
            #"{"items": [{"id": "a", "title": "x"}, {"id": "b", "title": "}\"", "id": "c"}]}"#,
            "`items[1].id` is there twice"
        ),
        (#"{"statuses": []}"#, "`statuses` must name at least one status"),
        (#"{"items": []}"#, "`items` must name at least one item"),
        (#"{"statusses": []}"#, "`statusses` is not known; there are documents, items, limits, statuses."),
        (#"{"statuses": [{"title": "x"}]}"#, "`statuses[0].id` is missing"),
        (#"{"statuses": [{"id": "a", "title": 5}]}"#, "`statuses[0].title` must be a string, or an object of"),
        (#"{"statuses": [{"id": "A b", "title": "x"}]}"#, "`statuses[0].id` must be 1 to 64 small letters"),
        (#"{"statuses": [{"id": "a", "title": "x", "needDetail": true}]}"#, "`statuses[0].needDetail` is not known"),
        (#"{"statuses": [{"id": "a", "title": {"en": "x"}}]}"#, "`statuses[0].title` has no text in zh-Hans"),
        (#"{"statuses": [{"id": "a", "title": {"zh-Hans": "x", "e n": "x"}}]}"#, "is not a language tag"),
        (#"{"statuses": [{"id": "a", "title": {"zh-Hans": "x", "en": ""}}]}"#, "`statuses[0].title` is empty in en"),
        (
            #"{"statuses": [{"id": "a", "title": "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一"}]}"#,
            "`statuses[0].title` is too long in zh-Hans: 31 characters"
        ),
        (#"{"statuses": [{"id": "a", "title": "x", "final": true}]}"#, "`statuses[0].final` is true, but a new case"),
        (#"{"statuses": [{"id": "a", "title": "x", "needsDetail": true}]}"#, "`statuses[0].needsDetail` is true"),
        (
            #"{"statuses": [{"id": "a", "title": "x"}, {"id": "a", "title": "y"}]}"#,
            "`statuses[1].id` is `a`, which is there already"
        ),
        (#"{"statuses": [{"id": "a", "title": "x", "next": ["b"]}]}"#, "`statuses[0].next[0]` is `b`, and there is no"),
        (#"{"statuses": [{"id": "a", "title": "x", "next": []}]}"#, "`statuses[0].next` names no status"),
        (
            #"{"statuses": [{"id": "a", "title": "x"}, {"id": "b", "title": "y", "final": true, "next": ["a"]}]}"#,
            "`statuses[1].next` must be left out: nothing follows a final status"
        ),
        (#"{"items": [{"id": "a", "title": "x", "materials": [{"id": "m"}]}]}"#, "items[0].materials[0].title"),
        (#"{"items": [{"id": "a", "title": "x", "windows": "3"}]}"#, "`items[0].windows` is not known"),
        (#"{"limits": {"uploadBytes": 0}}"#, "`limits.uploadBytes` is 0, and must be 1024 to 1099511627776"),
        (#"{"limits": {"requestsPerMinute": 0}}"#, "`limits.requestsPerMinute`"),
        (#"{"limits": {"uploadSeconds": 1}}"#, "`limits.uploadSeconds` is not known"),
        (#"{"documents": {"kinds": [{"item": "a", "title": "x"}]}}"#, "periodQuestion"),
        (#"{"documents": {"checkAddress": "javascript:alert(1)"}}"#, "`documents.checkAddress` must be an address"),
        (#"{"documents": {"numbersWithoutRecord": ["x"]}}"#, "`documents.numbersWithoutRecord[0]` must be 8 to 18"),
        (#"{"documents": {"expirySeconds": 1}}"#, "`documents.expirySeconds` is 1, and must be 10 to 86400"),
    ])
    func `A mistake is told with the file and the member`(json: String, words: String) throws {
        let sentence = try refusal(json)
        #expect(sentence.contains(words), "\(sentence)")
        #expect(sentence.contains("/platform.json"))
    }

    @Test func `A file that cannot be read is told with the reason`() throws {
        let scratch = try ScratchFolder()
        func refusal(_ path: String) -> String {
            do { _ = try PlatformConfiguration.read(path) } catch { return "\(error)" }
            return "taken"
        }
        #expect(refusal(scratch.file("none")).contains("No such file or directory"), "\(refusal(scratch.file("none")))")
        #expect(refusal(scratch.path).contains("Is a directory"), "\(refusal(scratch.path))")
        try scratch.write(
            Array(#"{"items": [{"id": "a", "title": ""#.utf8) + [0xFF] + Array(#""}]}"#.utf8), to: "latin")
        #expect(refusal(scratch.file("latin")).contains("The file is not UTF-8: byte 34 cannot be read."))
    }

    @Test func `Looking for names that come twice takes any bytes`() {
        var dice = SeededGenerator()
        let alphabet = Array(#"{}[]:,"\ab0"#.utf8)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &dice)).map { _ in alphabet.randomElement(using: &dice) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            _ = JSONText.nameGivenTwice(in: Data(bytes))
            _ = JSONText.firstByteThatIsNotUTF8(in: Data(bytes + [UInt8.random(in: 128...255)]))
            // A text without names has none that comes twice.
            if !text.contains(":"), !text.contains("{") {
                #expect(JSONText.nameGivenTwice(in: Data(bytes)) == nil, "\(text)")
            }
        }
    }

    @Test func `Several mistakes are told at once`() throws {
        let sentence = try refusal(#"{"statuses": [{"id": "", "title": ""}], "limits": {"connections": 0}}"#)
        #expect(sentence.contains("statuses[0].id") && sentence.contains("statuses[0].title"))
        #expect(sentence.contains("limits.connections"))
    }

    @Test func `What is left out is the standard, and titles may have any language`() throws {
        #expect(try read("{}") == .standard)
        let configuration = try read(
            """
            {"statuses": [
              {"id": "received", "title": {"zh-Hans": "已收件", "en": "Received", "ug": "تاپشۇرۇۋېلىندى"}, "next": ["done"]},
              {"id": "done", "title": "办好了", "final": true, "note": {"zh-Hans": "来拿吧", "en": "Come and get it"}}],
             "limits": {"uploadBytes": 4096}}
            """)
        #expect(configuration.otherLanguages == ["en", "ug"])
        #expect(configuration.limits.uploadBytes == 4096)
        #expect(configuration.limits.connections == PlatformConfiguration.Limits.standard.connections)
        #expect(configuration.statuses(after: "received").map(\.id) == ["received", "done"])
        #expect(configuration.statuses(after: "done").isEmpty)
        #expect(configuration.statuses(after: "vanished").map(\.id) == ["received", "done"])
        #expect(configuration.items == PlatformConfiguration.standard.items)
    }

    @Test func `The standard passes its own check, and survives being written and read`() throws {
        #expect(ConfigurationCheck.sentences(.standard).isEmpty)
        let json = try #require(String(bytes: PlatformJSON.encode(PlatformConfiguration.standard), encoding: .utf8))
        #expect(try read(json) == .standard)
    }

    @Test func `The program refuses to start with a bad one, in one sentence`() async throws {
        let scratch = try ScratchFolder()
        try scratch.write(#"{"statuses": [{"id": "a", "title": "x", "next": ["gone"]}]}"#.utf8, to: "bad.json")
        let run = try await CommandRun.run(
            "env",
            [
                ProgramTests.program, "--state", scratch.file("state"), "--port", "0", "--staff-port", "0",
                "--configuration", scratch.file("bad.json"),
            ])
        #expect(!run.succeeded)
        #expect(run.errors.contains("bad.json is not valid: `statuses[0].next[0]` is `gone`"), "\(run.errors)")
    }
}
