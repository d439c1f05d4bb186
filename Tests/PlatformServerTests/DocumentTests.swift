import Foundation
import GRDB
import HallModel
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

@Suite("documents on paper", .serialized)
struct DocumentTests {
    private static let person = "999999196803120021"

    private func wanted(
        _ id: ItemID = TestKiosk.newID(), item: String = "insurance-certificate", number: String = person,
        name: String? = "张桂兰", period: String = "last-year"
    ) -> [String: Any] {
        var body: [String: Any] = [
            "id": id.rawValue, "item": item, "idNumber": number,
            "answers": [["question": "period", "value": period]],
        ]
        body["name"] = name
        return body
    }

    private func post(_ body: [String: Any], by kiosk: TestKiosk) async throws -> Answer {
        try await kiosk.call(
            "POST", "/v1/documents", headers: ["Content-Type": "application/json"],
            body: .bytes(try JSONSerialization.data(withJSONObject: body)))
    }

    private func content(_ id: ItemID, by kiosk: TestKiosk) async throws -> Answer {
        try await kiosk.call("GET", "/v1/documents/\(id.rawValue)/content")
    }

    // MARK: failure first

    @Test func `Nobody's number, an unknown item and a malformed request are told apart`() async throws {
        var configuration = PlatformConfiguration.standard
        configuration.documents.numbersWithoutRecord = [Self.person]
        try await PlatformUnderTest.run(configuration: configuration) {
            (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let none = try await post(wanted(), by: kiosk)
            #expect(none.status == 404 && none.problem == "nothing-on-record")
            #expect(try await post(wanted(number: "999999199003120021"), by: kiosk).status == 201)
            let unknown = try await post(wanted(item: "senior-card"), by: kiosk)
            #expect(unknown.status == 422 && unknown.problem == "unknown-item")
            for body in [
                wanted(number: "1"), wanted(name: ""), wanted(name: String(repeating: "长", count: 61)),
                wanted(item: ""),
                ["id": UUID().uuidString], wanted().merging(["answers": [["question": "x"]]]) { $1 },
                wanted().merging(["id": "0195c8a0-1f4e-4c3a-9b2d-4e5f6a7b8c9d"]) { $1 },
                wanted().merging(["answers": Array(repeating: ["question": "q", "value": "v"], count: 33)]) { $1 },
                wanted().merging(["answers": [["question": "q", "value": String(repeating: "v", count: 201)]]]) { $1 },
            ] {
                let refused = try await post(body, by: kiosk)
                #expect(refused.status == 400 && refused.problem == "malformed-body", "\(body)")
                #expect(refused.text("detail")?.contains("Member `") == true)
            }
        }
    }

    @Test func `Only the kiosk that asked sees it; anybody else is told that there is none`() async throws {
        try await PlatformUnderTest.run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let id = TestKiosk.newID()
            #expect(try await post(wanted(id), by: kiosk).status == 201)
            try await platform.kiosk("kiosk-2") { (other: TestKiosk) async throws -> Void in
                #expect(try await content(id, by: other).problem == "not-found")
                #expect(try await other.call("DELETE", "/v1/documents/\(id.rawValue)").status == 404)
                // Its own document may have the same id.
                #expect(try await post(wanted(id, period: "all"), by: other).status == 201)
            }
            #expect(try await content(id, by: kiosk).status == 200)
        }
    }

    @Test func `The same id with other content is refused, and two requests at once make one document`() async throws {
        try await PlatformUnderTest.run { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let id = TestKiosk.newID()
            nonisolated(unsafe) let body = wanted(id)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<6 { group.addTask { try await post(body, by: kiosk) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count { $0.status == 201 } == 1)
            #expect(Set(answers.map(\.body)).count == 1)
            let other = try await post(wanted(id, period: "all"), by: kiosk)
            #expect(other.status == 409 && other.problem == "document-differs")
            let again = try await post(body, by: kiosk)
            #expect(again.status == 200 && again.body == answers[0].body)
        }
    }

    @Test func `Given up, expired, or gone with a restart: 410, and nothing of it is left`() async throws {
        let scratch = try ScratchFolder()
        let (dropped, expired, lost) = (TestKiosk.newID(), TestKiosk.newID(), TestKiosk.newID())
        try await PlatformUnderTest.run(scratch: scratch) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            #expect(try await post(wanted(dropped), by: kiosk).status == 201)
            #expect(try await kiosk.call("DELETE", "/v1/documents/\(dropped.rawValue)").status == 204)
            #expect(try await kiosk.call("DELETE", "/v1/documents/\(dropped.rawValue)").status == 410)
            #expect(try await post(wanted(expired), by: kiosk).status == 201)
            platform.clock.advance(by: .seconds(3500))
            #expect(try await content(expired, by: kiosk).status == 200)
            platform.clock.advance(by: .seconds(101))
            for id in [dropped, expired] {
                let gone = try await content(id, by: kiosk)
                #expect(gone.status == 410 && gone.problem == "document-gone")
                #expect(try await post(wanted(id), by: kiosk).status == 410)
            }
            #expect(try await post(wanted(lost), by: kiosk).status == 201)
        }
        try await PlatformUnderTest.run(scratch: scratch) { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            #expect(try await content(lost, by: kiosk).status == 410)
            #expect(try await post(wanted(lost), by: kiosk).status == 410)
            #expect(try await content(TestKiosk.newID(), by: kiosk).status == 404)
        }
    }

    @Test func `Where uploads cannot be cleared away, documents end in time all the same`() async throws {
        let scratch = try ScratchFolder()
        let clock = TestClock()
        let database = try PlatformDatabase(path: scratch.file("platform.sqlite"))
        let uploads = UploadStore(
            folder: scratch.path, database: database, limits: .standard, threads: .singleton, clock: clock.clock,
            freeBytes: StoredFile.freeBytes, logger: .init(label: "test"))
        let documents = DocumentStore(
            database: database, keys: try PlatformKeys(folder: scratch.path), configuration: .standard,
            threads: .singleton, clock: clock.clock, logger: .init(label: "test"))
        _ = try await documents.make(
            NewDocument(
                id: TestKiosk.newID(), item: "insurance-certificate", idNumber: Sensitive(Self.person), name: nil,
                secondCopy: nil, answers: [.init(question: "period", value: "all", text: nil)]), kiosk: "kiosk-1")
        try await database.pool.write { db in try db.execute(sql: "DROP TABLE upload") }
        await #expect(throws: (any Error).self) { try await uploads.expire() }
        clock.advance(by: .seconds(3601))
        await Upkeep(uploads: uploads, documents: documents, logger: .init(label: "test")).once()
        let states = try await database.pool.read { db in try String.fetchAll(db, sql: "SELECT state FROM document") }
        #expect(states == ["gone"])
    }

    @Test func `A kiosk may have only so many at a time`() async throws {
        var configuration = PlatformConfiguration.standard
        configuration.documents.openPerKiosk = 2
        try await PlatformUnderTest.run(configuration: configuration) {
            (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let first = TestKiosk.newID()
            #expect(try await post(wanted(first), by: kiosk).status == 201)
            #expect(try await post(wanted(), by: kiosk).status == 201)
            let refused = try await post(wanted(), by: kiosk)
            #expect(refused.status == 429 && refused.problem == "too-many-documents")
            #expect(refused.headers["retry-after"] != nil)
            #expect(try await post(wanted(first), by: kiosk).status == 200)
            #expect(try await kiosk.call("DELETE", "/v1/documents/\(first.rawValue)").status == 204)
            #expect(try await post(wanted(), by: kiosk).status == 201)
        }
        configuration.documents.openPerKiosk = 100
        configuration.documents.memoryBytes = 1 << 20
        try await PlatformUnderTest.run(configuration: configuration) {
            (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            #expect(try await post(wanted(), by: kiosk).status == 201)
            let full = try await post(wanted(), by: kiosk)
            #expect(full.status == 503 && full.headers["retry-after"] != nil)
        }
    }

    @Test func `Name and number of the person are on no disk`() async throws {
        try await PlatformUnderTest.run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let id = TestKiosk.newID()
            #expect(try await post(wanted(id), by: kiosk).status == 201)
            #expect(try await content(id, by: kiosk).status == 200)
            let names = FileManager.default.enumerator(atPath: platform.state)?.allObjects as? [String] ?? []
            #expect(names.contains("platform.sqlite"))
            for name in names {
                let data = FileManager.default.contents(atPath: platform.state + "/" + name) ?? Data()
                for secret in [Self.person, "张桂兰", "张*", "%PDF-"] {
                    #expect(data.range(of: Data(secret.utf8)) == nil, "\(secret) in \(name)")
                }
            }
        }
    }

    // MARK: success

    @Test(arguments: ["last-year", "all"])
    func `It is a sound PDF with its fonts, and says what a certificate says`(period: String) async throws {
        let scratch = try ScratchFolder()
        try await PlatformUnderTest.run(scratch: scratch) { (_: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let id = TestKiosk.newID()
            // Midnight may pass meanwhile.
            let day = Timestamp.now.chinaDay
            let made = try await post(wanted(id, period: period), by: kiosk)
            #expect(made.status == 201 && made.headers["location"] == "/v1/documents/\(id.rawValue)")
            let answer = try await content(id, by: kiosk)
            #expect(answer.headers["content-type"] == "application/pdf")
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(answer.body.count == made.json["bytes"] as? Int)
            #expect(Digest256.of(answer.body) == made.text("sha256"))
            let file = scratch.file("\(period).pdf")
            try answer.body.write(to: URL(filePath: file))

            #expect(try await CommandRun.run("qpdf", ["--check", file]).succeeded)
            let pages = try await CommandRun.run("qpdf", ["--show-npages", file])
            #expect(String(decoding: pages.output, as: UTF8.self) == "\(made.json["pages"] as? Int ?? 0)\n")
            #expect(made.json["pages"] as? Int == (period == "all" ? 2 : 1))
            let size = try await CommandRun.run("pdfinfo", [file])
            #expect(String(decoding: size.output, as: UTF8.self).contains("(A4)"))
            // Every font is inside: `emb` says yes on each line.
            let fonts = String(decoding: try await CommandRun.run("pdffonts", [file]).output, as: UTF8.self)
            let lines = fonts.split(separator: "\n").dropFirst(2)
            #expect(lines.count >= 3)
            for line in lines { #expect(line.contains(#/Identity-H +yes/#), "\(line)") }

            // A stranger reads the paper: OCR for the words, zbar for the code.
            let picture = scratch.file(period)
            let drawn = try await CommandRun.run("pdftoppm", ["-r", "200", "-png", file, picture])
            #expect(drawn.succeeded)
            let pictures = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
                .filter { $0.hasPrefix(period) && $0.hasSuffix(".png") }.sorted().map(scratch.file)
            var words = ""
            for one in pictures {
                let read = try await CommandRun.run("tesseract", [one, "-", "-l", "chi_sim", "--psm", "4"])
                words += String(decoding: read.output, as: UTF8.self).filter { !$0.isWhitespace }
            }
            for word in ["社会保险参保缴费证明", Self.person, "基本养老保险", "第九街道服务中心", "不作任何凭证"] {
                #expect(words.contains(word), "\(word) in \(words)")
            }
            let code = try await CommandRun.run(
                "zbarimg", ["-q", "--raw", "-Sdisable", "-Sqrcode.enable", try #require(pictures.last)])
            let address = String(decoding: code.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            let number = try #require(made.text("number"))
            #expect(address == "\(kiosk.api)/v1/document-checks/\(number)")

            // And what the code leads to says that it is genuine, to whoever has the paper.
            let check = try await kiosk.call("GET", address)
            #expect(check.status == 200)
            #expect(check.text("name") == "张*" && check.text("item") == "insurance-certificate")
            #expect([day, Timestamp.now.chinaDay].contains(check.text("madeOn")))
            #expect(!String(decoding: check.body, as: UTF8.self).contains(Self.person))
        }
    }

    @Test func `Any kiosk can check a number; one that was never issued is not genuine`() async throws {
        try await PlatformUnderTest.run { (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let id = TestKiosk.newID()
            let number = try #require(try await post(wanted(id), by: kiosk).text("number"))
            #expect(try await kiosk.call("DELETE", "/v1/documents/\(id.rawValue)").status == 204)
            try await platform.kiosk("kiosk-2") { (other: TestKiosk) async throws -> Void in
                #expect(try await other.call("GET", "/v1/document-checks/\(number)").status == 200)
            }
            for nonsense in [String(number.reversed()), "1", "99000012", "%27"] {
                #expect(try await kiosk.call("GET", "/v1/document-checks/\(nonsense)").status == 404)
            }
        }
    }

    @Test func `The record follows from the number, whatever the day and whoever asks`() {
        let month = InsuranceRecord.Month(year: 2026, month: 3)
        func record(_ number: String, _ period: InsuranceRecord.Period = .lastTwelveMonths) -> InsuranceRecord {
            InsuranceRecord(number: Sensitive(number), name: nil, period: period, at: month)
        }
        #expect(record(Self.person) == record(Self.person))
        #expect(record(Self.person) != record("999999196803120048"))
        for number in ["999999194703120021", Self.person, "999999200501010015", "E1234567"] {
            let (year, all) = (record(number), record(number, .all))
            #expect(year.payments.count == 12 && year.last == month + -1)
            #expect(all.payments.reduce(0) { $0 + $1.months } == all.last - all.first + 1)
            #expect(all.insurances.map(\.monthsEver) == year.insurances.map(\.monthsEver))
            for insurance in year.insurances { #expect(insurance.monthsInPeriod <= 12) }
        }
        // Who is past sixty is paid a pension and pays none.
        #expect(record("999999194703120021").insurances[0].state == "按月领取待遇")
        #expect(record("999999194703120021").insurances[0].monthsInPeriod == 0)
    }

    @Test(arguments: 0...200)
    func `Every payment stands on a page, and the last page has room to sign`(count: Int) {
        let pages = CertificatePaper.pages(of: count)
        #expect(pages.flatMap { Array($0) } == Array(0..<count))
        let last = pages.count == 1 ? 13 : 27
        #expect(pages[pages.count - 1].count <= last)
        if pages.count > 1 { #expect(!pages[pages.count - 1].isEmpty) }
        for (index, page) in pages.enumerated() { #expect(page.count <= (index == 0 ? 26 : 40)) }
    }
}
