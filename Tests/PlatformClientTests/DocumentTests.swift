import Foundation
import HallModel
import TestSupport
import Testing

@testable import PlatformClient

@Suite("A document on paper, fetched from the platform", .serialized)
struct DocumentTests {
    private func wanted(_ id: ItemID = PlatformBench.newID(), period: String = "last-year") -> NewDocument {
        NewDocument(
            id: id, item: "insurance-certificate", idNumber: Sensitive("999999196803120021"), name: Sensitive("张桂兰"),
            answers: [.init(question: "period", value: period, text: "最近一年")])
    }

    // MARK: - Failure first

    @Test("nothing on record is a case of its own; so is a document that is gone")
    func typedErrors() async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            var nobody = wanted()
            nobody.idNumber = Sensitive(PlatformBench.numberWithoutRecord)
            await #expect(throws: PlatformError.nothingOnRecord) { try await bench.api.requestDocument(nobody) }
            var unknown = wanted()
            unknown.item = "nothing"
            await #expect(throws: PlatformError.refused(status: 422, type: "unknown-item", retryAfter: nil)) {
                try await bench.api.requestDocument(unknown)
            }
            let made = try await bench.api.requestDocument(wanted())
            try await bench.api.dropDocument(made.id)
            await #expect(throws: PlatformError.documentGone) { try await bench.api.documentContent(of: made) }
            await #expect(throws: PlatformError.documentGone) { try await bench.api.requestDocument(wanted(made.id)) }
            // Giving up twice, or what never was, is no error.
            try await bench.api.dropDocument(made.id)
            try await bench.api.dropDocument(PlatformBench.newID())
        }
    }

    @Test("an answer lost after the document was made gives the same document when it is asked for again")
    func lostAnswer() async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            let id = PlatformBench.newID()
            try await bench.order(#"{"route":"createDocument","kind":"loseAnswer","times":2}"#)
            await #expect(throws: PlatformError.self) { try await bench.api.requestDocument(wanted(id)) }
            let made = try await bench.api.requestDocument(wanted(id))
            #expect(try await bench.api.requestDocument(wanted(id)) == made)
            #expect(try await bench.api.documentContent(of: made).count == made.bytes)
        }
    }

    @Test(
        "a content that is cut, endless, nonsense, of another type or another document's is never handed on",
        arguments: [
            #"{"route":"getDocumentContent","kind":"cutAnswer","bytes":1000,"times":2}"#,
            #"{"route":"getDocumentContent","kind":"endless"}"#,
            #"{"route":"getDocumentContent","kind":"garbage"}"#,
            #"{"route":"getDocumentContent","kind":"garbage","bytes":300000}"#,
            #"{"route":"getDocumentContent","kind":"wrongContentType","contentType":"text/html"}"#,
            #"{"route":"getDocumentContent","kind":"earlierAnswer"}"#,
            #"{"route":"getDocumentContent","kind":"status","code":500}"#,
            #"{"route":"getDocumentContent","kind":"loseAnswer","times":2}"#,
        ])
    func spoiledContent(fault: String) async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            let other = try await bench.api.requestDocument(wanted(period: "all"))
            _ = try await bench.api.documentContent(of: other)
            let made = try await bench.api.requestDocument(wanted())
            try await bench.order(fault)
            await #expect(throws: PlatformError.self) { try await bench.api.documentContent(of: made) }
            // And then it works again.
            #expect(try await bench.api.documentContent(of: made).starts(with: "%PDF-".utf8))
        }
    }

    @Test(
        "a connection that ends once before its answer, or in it: the answer is asked for again at once, and nobody is told"
    )
    func cutOnce() async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            for fault in [
                #"{"route":"createDocument","kind":"loseAnswer"}"#,
                #"{"route":"createDocument","kind":"cutAnswer","bytes":10}"#,
                #"{"route":"createDocument","kind":"twice"}"#,
                #"{"route":"getDocumentContent","kind":"loseAnswer"}"#,
                #"{"route":"getDocumentContent","kind":"cutAnswer","bytes":1000}"#,
            ] {
                try await bench.order(fault)
                let id = PlatformBench.newID()
                let made = try await bench.api.requestDocument(wanted(id))
                #expect(made.id == id, "\(fault)")
                #expect(try await bench.api.documentContent(of: made).starts(with: "%PDF-".utf8), "\(fault)")
                // The same one, whichever answer was lost.
                #expect(try await bench.api.requestDocument(wanted(id)) == made, "\(fault)")
            }
        }
    }

    @Test(
        "an answer that ends in its middle every time is a connection that was cut, not a platform that talks nonsense")
    func cutAgain() async throws {
        try await PlatformBench.run { bench in
            try await bench.order(#"{"route":"listItems","kind":"cutAnswer","bytes":10,"times":2}"#)
            var said: PlatformError?
            do throws(PlatformError) { _ = try await bench.api.items() } catch { said = error }
            #expect(said == .unreachable(words: "localhost:\(bench.proxy.port): cut"))
            #expect(said?.concernsPlatform == true)
        }
    }

    @Test(
        "a description that is nonsense, about another document or out of bounds is refused",
        arguments: ["garbage", "earlierAnswer", "endless", "cutAnswer"])
    func spoiledDescription(kind: String) async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            _ = try await bench.api.requestDocument(wanted())
            // One that is cut once is asked for again at once.
            let times = kind == "cutAnswer" ? 2 : 1
            try await bench.order(#"{"route":"createDocument","kind":"\#(kind)","bytes":10,"times":\#(times)}"#)
            await #expect(throws: PlatformError.self) { try await bench.api.requestDocument(wanted()) }
        }
        for (bytes, pages) in [(0, 1), (PlatformAPI.largestDocument + 1, 1), (1, 0), (1, 501)] {
            let id = PlatformBench.newID()
            let wire = WireDocument(
                id: id, number: "A", title: "t", pages: pages, bytes: bytes, sha256: String(repeating: "0", count: 64),
                madeAt: "2026-03-02T01:15:00Z")
            #expect(throws: PlatformError.self) { try wire.document(for: id) }
        }
    }

    @Test("the same answer twice on a connection does not become the answer of the next call")
    func twice() async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            try await bench.order(#"{"route":"listItems","kind":"twice","times":30}"#)
            for _ in 0..<30 {
                // The second answer may end the connection under the next call, and is never taken for that call's answer.
                for call in [{ _ = try await bench.api.items() }, { _ = try await bench.api.health() }] {
                    do { try await call() } catch PlatformError.unreachable {}
                }
            }
            #expect(try await bench.api.health().status == "ok")
            #expect(try await bench.api.items().map(\.id).contains("senior-card"))
        }
    }

    // MARK: - Success

    @Test("it arrives as the platform described it, in the screens' languages")
    func arrives() async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            let made = try await bench.api.requestDocument(wanted())
            #expect(made.title[.simplifiedChinese] == "社会保险参保缴费证明")
            #expect(made.title[.english] == "Certificate of social insurance contributions")
            #expect(made.pages == 1)
            let content = try await bench.api.documentContent(of: made)
            #expect(content.count == made.bytes && content.starts(with: "%PDF-".utf8))
            #expect(try await bench.api.documentContent(of: made) == content)
            try await bench.api.dropDocument(made.id)
        }
    }
}
