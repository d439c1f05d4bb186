import Foundation
import Testing

@testable import HallEmulators

@Suite("The hall with its desk and HTTP interface", .serialized)
struct EmulatedHallTests {
    private func withHall(
        platform: String? = nil, _ body: (HallAddresses, String) async throws -> Void
    ) async throws {
        let folder = NSTemporaryDirectory() + "hall-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var options = HallOptions(runtimeFolder: folder)
        options.timeScale = 0
        options.platform = platform
        let hall = try EmulatedHall(options)
        let addresses = try await hall.start()
        do { try await body(addresses, folder) } catch {
            await hall.stop()
            throw error
        }
        await hall.stop()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }

    @Test("hall.json says where everything is")
    func addressFile() async throws {
        try await withHall(platform: "127.0.0.1:9") { addresses, folder in
            let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/hall.json"))
            #expect(try JSONDecoder().decode(HallAddresses.self, from: data) == addresses)
            #expect(addresses.platformProxy?.hasPrefix("127.0.0.1:") == true)
            #expect(try await HTTP.get(#require(addresses.scanner) + "/ScannerStatus").status == 200)
        }
    }

    @Test("a card is placed by HTTP, read over the line, and removed")
    func card() async throws {
        try await withHall { addresses, _ in
            #expect(try await HTTP.post(addresses.desk + "api/reader/place", #"{"card":"rare-surname"}"#).status == 200)
            let line = try SerialLine(addresses.cardReader)
            _ = await line.ask(Vector.find, 15)
            _ = await line.ask(Vector.select, 19)
            #expect(Array(await line.ask(Vector.read, 1_295)[14..<270]) == Wallet.rareSurname.text)
            #expect(try await HTTP.get(addresses.desk + "api/reader").json()["phase"] as? String == "read")
            _ = try await HTTP.post(addresses.desk + "api/reader/remove")
            #expect(await line.ask(Vector.newAddress, 11)[9] == 0x41)
            #expect(try await HTTP.post(addresses.desk + "api/reader/place", #"{"card":"nobody"}"#).status == 404)
            #expect(try await HTTP.post(addresses.desk + "api/reader/misbehave", #"{"mode":"dance"}"#).status == 400)
        }
    }

    @Test("sheets, slips and calls go through the interface, and reset clears them")
    func resetClearsAll() async throws {
        try await withHall { addresses, _ in
            let api = addresses.desk + "api/"
            let answer = try await HTTP.post(api + "scanner/tray", #"{"document":"household-register-1"}"#)
            #expect((try answer.json()["tray"] as? [Any])?.count == 1)
            #expect(
                try await HTTP.get(api + "scanner/sheets/sheet-1").headers.first(name: "content-type") == "image/jpeg")
            let port = try #require(addresses.printer.flatMap { Int($0.split(separator: ":")[1]) })
            let client = try await TCPClient(port: port)
            try await client.send(Array("HELLO\n".utf8) + [0x1D, 0x56, 0x42, 0, 0x1D, 0x72, 1])
            #expect(await client.receive(1) == [0])
            #expect(try await HTTP.get(api + "printer/slips").text.contains("HELLO"))
            #expect(try await HTTP.get(api + "printer/slips/slip-1.png").body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            _ = try await HTTP.post(addresses.staffCalls, #"{"kiosk":"k1","step":"scan"}"#)
            #expect(try await HTTP.get(api + "staff-calls").text.contains("k1"))
            _ = try await HTTP.post(api + "reset")
            let state = try await HTTP.get(api + "state").json()
            #expect((state["staffCalls"] as? [Any])?.count == 0 && (state["slips"] as? [Any])?.count == 0)
            #expect(((state["scanner"] as? [String: Any])?["tray"] as? [Any])?.count == 0)
        }
    }

    @Test("the page and its files come with a strict policy; foreign pages and host names are refused")
    func page() async throws {
        try await withHall { addresses, _ in
            let scripts = ["desk", "controls", "cards", "codes", "scanner", "receipts", "documents", "network"]
            for file in ["", "desk.css", "desk.svg"] + scripts.map({ $0 + ".js" }) {
                let answer = try await HTTP.get(addresses.desk + file)
                #expect(answer.status == 200 && !answer.body.isEmpty)
                #expect(answer.headers.first(name: "content-security-policy")?.contains("default-src 'self'") == true)
            }
            let foreign = try await HTTP.send(
                .POST, addresses.desk + "api/reset", body: [], headers: [("Origin", "http://example.test")])
            #expect(foreign.status == 403)
            let rebound = try await HTTP.send(.GET, addresses.desk + "api/state", headers: [("Host", "example.test")])
            #expect(rebound.status == 421)
            #expect(try await HTTP.post(addresses.desk + "api/network", #"{"mode":"cut"}"#).status == 404)
        }
    }

    @Test("a taken port is one sentence")
    func takenPort() async throws {
        try await withHall { addresses, _ in
            let port = try #require(URL(string: addresses.desk)?.port)
            let folder = NSTemporaryDirectory() + "hall-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: folder) }
            var options = HallOptions(runtimeFolder: folder)
            options.deskPort = port
            let second = try EmulatedHall(options)
            let error = await #expect(throws: EmulatorError.self) { try await second.start() }
            #expect(error?.description == "Port \(port) is taken by another program; choose another one.")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }
}
