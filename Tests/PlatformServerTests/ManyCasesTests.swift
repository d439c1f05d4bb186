import Foundation
import GRDB
import HallModel
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import PlatformServer

/// The staff page with more cases than a hall has in years. What is measured is what SQLite does, not how long it takes.
@Suite("ten thousand cases", .serialized)
struct ManyCasesTests {
    static let count = 10_000

    /// Fills a database with cases of three statuses, two kiosks and 500 people, in one transaction.
    static func fill(_ database: PlatformDatabase, _ count: Int = count) throws {
        try database.pool.write { db in
            let insert = try db.makeStatement(
                sql: """
                    INSERT INTO platformCase (id, sequence, number, kiosk, item, itemTitle, acceptedAt, acceptanceCode,
                        personKey, status, requestDigest, manifest, manifestSignature, kioskKey, receivedAt, confirmation,
                        signature)
                    VALUES (?, ?, ?, ?, 'senior-card', '老年人优待证申领', ?, ?, ?, ?, '', x'00', x'00', x'00', ?, x'00', x'00')
                    """)
            let history = try db.makeStatement(
                sql: "INSERT INTO statusChange (caseID, at, status) VALUES (?, ?, 'received')")
            for index in 0..<count {
                let id = "0195c8a0-1f4e-7c3a-9b2d-" + String(repeating: "0", count: 12 - "\(index)".count) + "\(index)"
                let time = 1_772_000_000 + index * 60
                try insert.execute(arguments: [
                    id, CaseNumber.first + Int64(index), CaseNumber.text(sequence: CaseNumber.first + Int64(index)),
                    index % 2 == 0 ? "kiosk-1" : "kiosk-2", time, code(index), "person \(index % 500)",
                    index % 100 == 0 ? "supplement" : index % 3 == 0 ? "finished" : "received", time,
                ])
                try history.execute(arguments: [id, time])
            }
        }
    }

    /// A different acceptance code for every case.
    static func code(_ index: Int) -> String {
        let alphabet = Array(AcceptanceCode.alphabet)
        var (code, rest) = ("", index)
        for _ in 0..<8 {
            code.append(alphabet[rest % alphabet.count])
            rest /= alphabet.count
        }
        return code
    }

    @Test func `No query of the staff page or of a kiosk reads more rows than it shows`() async throws {
        let scratch = try ScratchFolder()
        let seen = Statements()
        let database = try PlatformDatabase(path: scratch.file("platform.sqlite")) { db in
            db.trace { event in if case .statement(let statement) = event { seen.add(statement.sql) } }
        }
        try Self.fill(database)
        let folder = scratch.file("keys")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let keys = try PlatformKeys(folder: folder)
        let uploads = UploadStore(
            folder: folder, database: database, limits: .standard, threads: .singleton, clock: .system,
            freeBytes: { _ in nil }, logger: .init(label: "test"))
        let cases = CaseStore(
            database: database, uploads: uploads, keys: keys,
            unsealer: NothingOpens(), configuration: .standard, clock: .system,
            logger: .init(label: "test"))
        seen.clear()

        // Everything that the pages and the API ask of the cases.
        let last = CaseNumber.first + Int64(Self.count) - 1
        let middle = last - 5000
        let first = try await cases.page(.all, at: .newest, size: 50)
        #expect(first.cases.map(\.sequence) == Array((last - 49...last).reversed()))
        #expect(first.total == Self.count && !first.hasNewer && first.hasOlder)
        let deep = try await cases.page(.all, at: .page(200), size: 50)
        #expect(deep.cases.last?.sequence == CaseNumber.first && deep.hasNewer && !deep.hasOlder)
        #expect(try await cases.page(.all, at: .page(.max), size: 50).cases.count == 50)
        let waiting = try await cases.page(.status("supplement"), at: .newest, size: 50)
        #expect(
            waiting.total == 100 && waiting.cases.count == 50 && waiting.cases.allSatisfy { $0.status == "supplement" })
        let older = try await cases.page(
            .status("supplement"), at: .before(try #require(waiting.cases.last?.sequence)), size: 50)
        #expect(older.cases.count == 50 && !older.hasOlder && older.hasNewer)
        let back = try await cases.page(
            .status("supplement"), at: .after(try #require(older.cases.first?.sequence)), size: 50)
        #expect(back.cases.map(\.number) == waiting.cases.map(\.number))
        _ = try await cases.page(.all, at: .before(middle), size: 50)
        _ = try await cases.page(.all, at: .after(middle), size: 50)
        let number = CaseNumber.text(sequence: middle)
        for words in [number, number.prefix(4) + " " + number.dropFirst(4), "HK1:N:\(number)"] {
            #expect(try await cases.page(.search(words), at: .newest, size: 50).cases.map(\.number) == [number])
        }
        #expect(
            try await cases.page(.search(Self.code(5000).lowercased()), at: .newest, size: 50).cases.map(
                \.acceptanceCode)
                == [Self.code(5000)])
        #expect(try await cases.page(.search("nothing"), at: .newest, size: 50).cases.isEmpty)
        let stored = try #require(try await cases.find(number: number))
        _ = try await cases.files(of: stored.id)
        #expect(try await cases.history(of: stored.id).count == 1)
        #expect(try await cases.statusCounts().map(\.cases).reduce(0, +) == Self.count)
        #expect(try await cases.query(receipt: .number(number)).count == 1)
        #expect(try await cases.query(receipt: .acceptanceCode(Self.code(9999))).count == 1)
        #expect(try await cases.query(idNumber: .init("999999194703120021")).isEmpty)
        try await cases.change(stored, to: .init(id: "reviewing", title: "审核中"), detail: nil)
        #expect(try await cases.statusCounts().first { $0.status == "reviewing" }?.cases == 1)
        try await uploads.expire()

        // GRDB looks at the schema once for each connection.
        let statements = seen.all.filter { !$0.contains("sqlite_master") }
            .filter { $0.hasPrefix("SELECT") || $0.hasPrefix("UPDATE") || $0.hasPrefix("DELETE") }
        #expect(statements.count >= 15)
        for statement in statements {
            let plan = try await database.pool.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + statement, arguments: Self.nulls(statement))
                    .map { $0["detail"] as String }
            }
            for step in plan {
                // A search goes to its rows by an index; a scan is bounded by a limit or by an aggregate at the index's end.
                let isSearch = step.hasPrefix("SEARCH")
                let isTiny = step.hasPrefix("SCAN statusCount") || step.hasPrefix("SCAN CONSTANT ROW")
                let isOther = ["SCALAR SUBQUERY", "MULTI-INDEX OR", "INDEX "].contains { step.hasPrefix($0) }
                // Only the two hits of a search are sorted.
                let isSmallSort = step.hasPrefix("USE TEMP B-TREE FOR ORDER BY") && plan.contains("MULTI-INDEX OR")
                #expect(isSearch || isTiny || isOther || isSmallSort, "\(step) in \(statement)")
            }
        }
    }

    private static func nulls(_ sql: String) -> StatementArguments {
        StatementArguments(Array(repeating: 0, count: sql.count { $0 == "?" }))
    }

    @Test func `The page is bounded, searchable by number, code and status, and names no person`() async throws {
        let scratch = try ScratchFolder()
        try FileManager.default.createDirectory(
            atPath: scratch.file("state"), withIntermediateDirectories: true)
        try Self.fill(try PlatformDatabase(path: scratch.file("state/platform.sqlite")))
        try await PlatformUnderTest.run(scratch: scratch) {
            (platform: PlatformUnderTest, kiosk: TestKiosk) async throws in
            let mine = try #require(try await kiosk.post("/v1/cases", json: try await kiosk.newCase()).text("number"))
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            func page(_ path: String) async throws -> String {
                let answer = try await kiosk.call("GET", base + path, headers: ["Cookie": cookie])
                #expect(answer.status == 200)
                return String(decoding: answer.body, as: UTF8.self)
            }
            func rows(_ html: String) -> Int { html.components(separatedBy: "<tr><td").count - 1 }
            var times: [(String, Duration)] = []
            for path in [
                "/", "/?page=100", "/?page=201", "/?status=supplement", "/?status=received", "/?q=\(mine)",
                "/?q=K7M2XQ4D", "/?before=9905000", "/cases/\(mine)", "/cases.json?page=3",
            ] {
                let began = ContinuousClock.now
                let html = try await page(path)
                times.append((path, .now - began))
                #expect(html.utf8.count < 40_000, "\(path)")
                if !path.hasPrefix("/cases/") {
                    #expect(!html.contains("张桂兰") && !html.contains("999999194703120021") && !html.contains("person"))
                }
            }
            print(times.map { "\($0.0) \($0.1 / .milliseconds(1)) ms" }.joined(separator: "\n"))
            #expect(rows(try await page("/")) == 50)
            #expect(rows(try await page("/?page=201")) == 1)
            #expect(rows(try await page("/?q=\(mine)")) == 1)
            #expect(rows(try await page("/?q=k7m2%20xq4d")) == 1)
            #expect(rows(try await page("/?q=%3Cscript%3E")) == 0)
            #expect(try await page("/").contains("共 10001 件"))
            // From page to page, through all of a status, each case once.
            var found: Set<String> = []
            var next: String? = "/?status=supplement"
            while let path = next {
                let html = try await page(path)
                for match in html.matches(of: #/href="\/cases\/([0-9]+)"/#) {
                    #expect(found.insert(String(match.1)).inserted)
                }
                next = html.firstMatch(of: #/rel="next" href="([^"]+)"/#).map {
                    String($0.1).replacingOccurrences(of: "&amp;", with: "&")
                }
            }
            #expect(found.count == 100)
        }
    }
}

/// The statements that a database has run.
private final class Statements: Sendable {
    private let list = Mutex<[String]>([])
    func add(_ sql: String) { list.withLock { if !$0.contains(sql) { $0.append(sql) } } }
    func clear() { list.withLock { $0 = [] } }
    var all: [String] { list.withLock { $0 } }
}

/// For what opens nothing.
private struct NothingOpens: Unsealer {
    func open(_ read: @Sendable () async throws -> [UInt8]) async throws -> Sensitive<[UInt8]> {
        throw UnsealFailure.cannotOpen
    }
}
