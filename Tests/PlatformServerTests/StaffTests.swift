import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import PlatformServer

@Suite("the staff page", .serialized)
struct StaffTests {
    @Test func `The printed address is good for one browser`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let printed = platform.addresses.staff
            let first = try await kiosk.call("GET", printed)
            #expect(first.status == 303)
            let cookie = try #require(first.headers["set-cookie"])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
            #expect(try await kiosk.call("GET", printed).status == 403)
            let base = printed.components(separatedBy: "/?")[0]
            #expect(try await kiosk.call("GET", base + "/").status == 401)
            #expect(try await kiosk.call("GET", base + "/cases.json").status == 401)
            let inside = try await kiosk.call("GET", base + "/", headers: ["Cookie": cookie])
            #expect(inside.status == 200)
            #expect(inside.headers["content-security-policy"]?.contains("default-src 'none'") == true)
            // The next address stands in the file.
            let (_, second) = try await platform.staffCookie(kiosk.client)
            #expect(second != cookie.split(separator: ";").first.map(String.init))
        }
    }

    @Test func `Another host name is refused, so that no foreign page can rebind to it`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            let answer = try await kiosk.call("GET", base + "/", headers: ["Host": "evil.example", "Cookie": cookie])
            #expect(answer.status == 421)
        }
    }

    @Test func `The page is reached by either name of this machine, through any port, and by no other`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            // Without a port is what browsers send to port 80; another one is where a tunnel begins.
            for host in ["127.0.0.1", "localhost", "127.0.0.1:9000", "localhost:80"] {
                let answer = try await kiosk.call("GET", base + "/", headers: ["Host": host, "Cookie": cookie])
                #expect(answer.status == 200, "\(host)")
            }
            for host in [
                "127.0.0.2", "[::1]", "[::1]:8444", "127.0.0.1:evil", "127.0.0.1.evil.example", "evil:127.0.0.1",
            ] {
                let answer = try await kiosk.call("GET", base + "/", headers: ["Host": host, "Cookie": cookie])
                #expect(answer.status == 421, "\(host)")
            }
        }
    }

    @Test func `A form is taken from the page itself, behind port 80 or a proxy too, and from no other port`()
        async throws
    {
        try await PlatformUnderTest.run { platform, kiosk in
            let number = try #require(try await kiosk.post("/v1/cases", json: try await kiosk.newCase()).text("number"))
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            func change(_ headers: [String: String]) async throws -> Int {
                try await kiosk.call(
                    "POST", base + "/cases/\(number)/status", headers: headers.merging(["Cookie": cookie]) { $1 },
                    body: .bytes(ByteBuffer(string: "status=reviewing"))
                ).status
            }
            #expect(try await change(["Host": "127.0.0.1", "Origin": "http://127.0.0.1"]) == 303)
            #expect(try await change(["Host": "localhost:9000", "Origin": "http://localhost:9000"]) == 303)
            #expect(try await change(["Host": "127.0.0.1", "Origin": "http://127.0.0.1:9000"]) == 403)
            #expect(try await change(["Host": "127.0.0.1", "Origin": "https://127.0.0.1"]) == 403)
            // Browsers send the cookie along from other ports of this machine: they call these the same site.
            for (site, status) in [("same-origin", 303), ("same-site", 403), ("cross-site", 403), ("none", 403)] {
                let headers = ["Sec-Fetch-Site": site, "Origin": "https://staff.example"]
                #expect(try await change(headers) == status, "\(site)")
            }
        }
    }

    @Test func `A case shows person, answers and pages, and nothing of it is markup`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let wanted = try await kiosk.newCase()
            let number = try #require(try await kiosk.post("/v1/cases", json: wanted).text("number"))
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            let list = try await kiosk.call("GET", base + "/", headers: ["Cookie": cookie])
            #expect(String(decoding: list.body, as: UTF8.self).contains("/cases/\(number)"))
            let page = try await kiosk.call("GET", base + "/cases/\(number)", headers: ["Cookie": cookie])
            let html = page.page
            #expect(html.contains("张桂兰") && html.contains("政务服务大厅 &lt;b&gt;") && html.contains("<dd>女</dd>"))
            #expect(!html.contains("service-centre"))
            #expect(page.headers["cache-control"] == "no-store")
            #expect(!html.contains("<script"))
            let picture = try await kiosk.call(
                "GET", base + "/cases/\(number)/materials/1/pages/1.jpg", headers: ["Cookie": cookie])
            #expect(picture.status == 200)
            #expect(picture.body.starts(with: [0xFF, 0xD8, 0xFF]))
            let none = try await kiosk.call(
                "GET", base + "/cases/\(number)/materials/1/pages/2.jpg", headers: ["Cookie": cookie])
            #expect(none.status == 404)
            let pdf = try await kiosk.call(
                "GET", base + "/cases/\(number)/materials/1.pdf", headers: ["Cookie": cookie])
            #expect(Array(pdf.body) == TestKiosk.pdf)
            let json = try await kiosk.call("GET", base + "/cases/\(number).json", headers: ["Cookie": cookie])
            #expect((json.json["person"] as? [String: String])?["name"] == "张桂兰")
            // Nothing opened has touched the disk.
            for file in FileManager.default.enumerator(atPath: platform.state)?.allObjects as? [String] ?? [] {
                let data = FileManager.default.contents(atPath: platform.state + "/" + file) ?? Data()
                #expect(data.range(of: Data("%PDF-".utf8)) == nil, "\(file)")
            }
        }
    }

    @Test func `A new status reaches the person's query; one that needs words does not go without`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let wanted = try await kiosk.newCase()
            let number = try #require(try await kiosk.post("/v1/cases", json: wanted).text("number"))
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            func change(_ body: String, origin: String? = nil) async throws -> Answer {
                try await kiosk.call(
                    "POST", base + "/cases/\(number)/status",
                    headers: ["Cookie": cookie, "Origin": origin ?? base], body: .bytes(ByteBuffer(string: body)))
            }
            let wordless = try await change("status=supplement&detail=+")
            #expect(wordless.status == 422 && wordless.page.contains("请用中文写明要补什么"))
            #expect(try await change("status=nothing").status == 400)
            #expect(try await change("status=finished", origin: "http://evil.example").status == 403)
            #expect(try await change("status=finished", origin: "null").status == 403)
            let done = try await change("status=supplement&detail=%E8%AF%B7%E8%A1%A5%E6%88%B7%E4%B8%BB%E9%A1%B5")
            #expect(done.headers["location"] == "/cases/\(number)?saved=1")
            let found = try await kiosk.post("/v1/case-queries", json: ["idNumber": "999999194703120021"])
            let first = (found.json["cases"] as? [[String: Any]])?.first
            #expect(first?["status"] as? String == "需补正")
            #expect(first?["detail"] as? String == "请补户主页")
            // The confirmation stays what it was.
            let again = try await kiosk.post("/v1/cases", json: wanted)
            #expect(again.status == 200 && again.text("status") == "需补正")
        }
    }

    @Test func `A number or code is found as the search form sends it, with a plus for a blank`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let wanted = try await kiosk.newCase(code: "AJ5RP24F")
            let number = try #require(try await kiosk.post("/v1/cases", json: wanted).text("number"))
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            for words in [
                "\(number.prefix(4))+\(number.suffix(4))", "\(number.prefix(4))%20\(number.suffix(4))", "AJ5R+P24F",
                "aj5r-p24f", "HK1%3AN%3A\(number)",
            ] {
                let list = try await kiosk.call("GET", base + "/?q=\(words)", headers: ["Cookie": cookie])
                #expect(list.page.contains("href=\"/cases/\(number)\""), "\(words)")
            }
        }
    }

    @Test func `What staff typed is not lost when it cannot be saved`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let wanted = try await kiosk.newCase()
            let number = try #require(try await kiosk.post("/v1/cases", json: wanted).text("number"))
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            func change(_ body: String) async throws -> Answer {
                try await kiosk.call(
                    "POST", base + "/cases/\(number)/status", headers: ["Cookie": cookie, "Origin": base],
                    body: .bytes(ByteBuffer(string: body)))
            }
            func keeps(_ page: String, _ status: String, _ words: String...) -> Bool {
                page.contains("value=\"\(status)\" required checked") && page.contains("href=\"/\"")
                    && words.allSatisfy { page.contains("\($0)</textarea>") }
            }
            // English alone would reach nobody: the Chinese is what everything else falls back on.
            let english = try await change("status=reviewing&seen=received&detail=&detail-en=Bring+it")
            #expect(english.status == 422 && english.page.contains("没有写中文说明"))
            #expect(keeps(english.page, "reviewing", "Bring it"), "\(english.page)")
            let wordless = try await change("status=supplement&seen=received&detail=+&detail-en=Bring+it")
            #expect(wordless.status == 422 && keeps(wordless.page, "supplement", "Bring it"), "\(wordless.page)")
            // Somebody else was first.
            #expect(try await change("status=reviewing&seen=received").status == 303)
            let late = try await change("status=supplement&seen=received&detail=Registry&detail-en=Bring+it")
            #expect(late.status == 409 && late.page.contains("刚刚被别人改过"))
            #expect(keeps(late.page, "supplement", "Registry", "Bring it"), "\(late.page)")
            // From there it can be saved, for the status that is there now has been seen.
            #expect(late.page.contains("name=\"seen\" value=\"reviewing\""))
            #expect(try await change("status=finished&seen=reviewing").status == 303)
            let over = try await change("status=supplement&seen=reviewing&detail=Registry&detail-en=Bring+it")
            #expect(over.status == 409 && over.page.contains(">Registry</p>") && over.page.contains(">Bring it</p>"))
        }
    }

    @Test func `A page names nothing that its own policy forbids, and errors lead back`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            let list = try await kiosk.call("GET", base + "/", headers: ["Cookie": cookie])
            #expect(!list.page.contains("data:"))
            #expect(try await kiosk.call("GET", base + "/favicon.ico").status == 204)
            let none = try await kiosk.call("GET", base + "/cases/1", headers: ["Cookie": cookie])
            #expect(none.status == 404 && none.page.contains("class=\"back\" href=\"/\""))
        }
    }

    @Test func `Fifty cases make a page`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let database = try PlatformDatabase(path: platform.state + "/platform.sqlite")
            try await database.pool.write { db in
                for index in 0..<51 {
                    try db.execute(
                        sql: """
                            INSERT INTO platformCase VALUES (?, ?, ?, 'k', 'senior-card', 't', 0, 'c', 'p', 'received',
                            NULL, '', x'00', x'00', x'00', 0, x'00', x'00', NULL, NULL, NULL, 0)
                            """,
                        arguments: ["id\(index)", index, CaseNumber.text(sequence: CaseNumber.first + Int64(index))])
                }
            }
            let (base, cookie) = try await platform.staffCookie(kiosk.client)
            for (page, count) in [("1", 50), ("2", 1), ("0", 50), ("99999999999999999999", 50)] {
                let list = try await kiosk.call("GET", base + "/?page=\(page)", headers: ["Cookie": cookie])
                let html = String(decoding: list.body, as: UTF8.self)
                #expect(html.components(separatedBy: "<tr><td").count - 1 == count)
                #expect(html.contains("共 2 页"))
            }
        }
    }

    @Test func `Faults cannot be ordered unless the platform was started for it`() async throws {
        try await PlatformUnderTest.run { platform, kiosk in
            let base = platform.addresses.staff.components(separatedBy: "/?")[0]
            let refused = try await kiosk.call("GET", base + "/development/faults")
            #expect(refused.status == 404)
        }
        try await PlatformUnderTest.run(faults: true) { platform, kiosk in
            try await platform.order(#"{"route":"getHealth","kind":"status","code":503,"times":2}"#, by: kiosk)
            #expect(try await kiosk.call("GET", "/v1/health").status == 503)
            let base = platform.addresses.staff.components(separatedBy: "/?")[0]
            #expect(try await kiosk.call("DELETE", base + "/development/faults").status == 204)
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
            try await platform.order(#"{"route":"any","kind":"delay","ms":300}"#, by: kiosk)
            let began = ContinuousClock.now
            #expect(try await kiosk.call("GET", "/v1/health").status == 200)
            #expect(ContinuousClock.now - began >= .milliseconds(300))
            let nonsense = try await kiosk.call(
                "POST", base + "/development/faults", headers: ["Content-Type": "application/json"],
                body: .bytes(ByteBuffer(string: #"{"route":"nowhere","kind":"delay","ms":1}"#)))
            #expect(nonsense.status == 400)
        }
    }
}
