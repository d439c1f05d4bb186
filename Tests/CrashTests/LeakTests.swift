import Foundation
import TestSupport
import Testing

extension CrashTests {
    /// Proof that nothing of a resident lies on the kiosk in the clear: with pages in hand, after a finished case, after a
    /// `kill -9`.
    @Suite("Leaks")
    struct LeakTests {
        /// The card “zhang” of the emulated hall.
        private static let person = [
            ("the name", "张桂兰"), ("the number", "999999194803150026"), ("the address", "平安路9号3栋201室"),
        ]

        @Test("nothing of a resident is on the disk: in mid-session, after the case, after a kill, after the restart")
        func nothingIsLeft() async throws {
            var options = HallUnderTest.Options()
            options.hasOwnTemporaryFolders = true
            options.timeScale = 0.05
            let hall = try HallUnderTest(options)
            do {
                try await hall.start()
                let client = try await ScreenClient(entering: try await hall.screenURL())
                do {
                    try await search(hall, client)
                    await client.leave()
                } catch {
                    await client.leave()
                    throw error
                }
            } catch {
                let log = await hall.log().suffix(3000)
                await hall.stop()
                throw TestFailure("\(error)\nthe log ends with\n\(log)")
            }
            await hall.stop()
        }

        private func search(_ hall: HallUnderTest, _ client: ScreenClient) async throws {
            let phones = (0..<2).map { _ in "1" + String(Int.random(in: 1_000_000_000...9_999_999_999)) }
            var markers = Self.person.flatMap(Marker.text) + phones.flatMap { Marker.text("the phone number", $0) }
            var moments: [(String, KioskRemains)] = []

            // What it might leave in the machine's own temporary folders is looked for as well.
            let mounts = try String(
                contentsOfFile: "/proc/\(try #require(await hall.kiosk?.pid))/mountinfo", encoding: .utf8)
            for (folder, own) in zip(["/tmp", "/var/tmp", "/dev/shm"], hall.temporaryFolders)
            where FileManager.default.fileExists(atPath: folder) {
                let inside = own.replacing("\(hall.folder)/", with: "")
                #expect(mounts.contains("/\(inside) \(folder) "), "\(mounts)")
            }

            // A whole case.
            let first = Errand(client, in: hall, phone: phones[0])
            try await bothPagesInHand(first, client)
            let inHand = await remains(of: hall)
            // Put aside, where the search looks at them as well.
            #expect(inHand.paths.count { $0.contains("/sealed/page-") && $0.hasSuffix(" (deleted)") } == 2)
            moments.append(("with two pages in hand", inHand))
            try await first.walk { $0.name == "stored" }
            moments.append(("with two pages stored", await remains(of: hall)))
            let submitted = try await storedDocument(hall)
            markers += try await pieces(of: submitted)
            let record = try await first.walk()
            try #require(record.end == .done, "\(record)")
            try await eventually("the sealed files are erased") { try sealedFiles(hall).isEmpty }
            moments.append(("after a finished case", await remains(of: hall)))
            // What is searched for are the pages that the platform got.
            let number = try #require(record.numbers.first)
            #expect(try await PlatformCases(of: hall).document(of: number) == submitted)

            // A session that is killed.
            let second = Errand(client, in: hall, phone: phones[1])
            try await second.walk { $0.name == "stored" }
            let stored = try await storedDocument(hall)
            markers += try await pieces(of: stored)
            await hall.killKiosk()
            moments.append(("after kill -9", await remains(of: hall)))
            try await hall.startKiosk()
            let lost = try await second.walk()
            try #require(lost.end == .lost, "\(lost)")
            moments.append(("after kill -9 and a start", await remains(of: hall)))
            try #expect(sealedFiles(hall).isEmpty)

            let search = LeakSearch(markers: Array(Set(markers)))
            for (moment, remains) in moments {
                // Looked at: journal with its write-ahead log, logs, runtime folder.
                for name in ["state/journal.sqlite", "state/journal.sqlite-wal", "run/screen.json", "log"] {
                    #expect(remains.paths.contains("\(hall.folder)/\(name)"), "\(moment): \(name) was not looked at")
                }
                let leaks = search.leaks(in: remains)
                #expect(leaks.isEmpty, "\(moment): \(leaks)")
            }
            // The same search sees what is planted there.
            for place in ["state/sealed/x.age.part", "run/x", "tmp/sub/x"].map({ "\(hall.folder)/\($0)" })
                + hall.temporaryFolders.map({ "\($0)/x" })
            {
                let folder = URL(filePath: place).deletingLastPathComponent()
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try (Data("before".utf8) + markers[markers.count - 1].bytes).write(to: URL(filePath: place))
                defer { try? FileManager.default.removeItem(atPath: place) }
                let found = search.leaks(in: await remains(of: hall))
                #expect(Set(found.map(\.file)) == [place])
            }
            print(
                "leak search: \(search.markers.count) markers, \(moments.map { "\($0.0): \($0.1.files.count) files" })")
        }

        // MARK: - Steps

        /// Both pages were scanned; the second one is looked at.
        private func bothPagesInHand(_ errand: Errand, _ client: ScreenClient) async throws {
            try await errand.walk { $0.name == "preview" }
            let firstPage = await client.latest?.revision
            try await errand.walk { $0.name == "preview" && $0.revision != firstPage }
        }

        private func sealedFiles(_ hall: HallUnderTest) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "\(hall.folder)/state/sealed")
        }

        /// The one sealed file that the kiosk has, opened as the platform would.
        private func storedDocument(_ hall: HallUnderTest) async throws -> Data {
            let names = try sealedFiles(hall)
            try #require(names.count == 1)
            let opened = try await CommandRun.run(
                "age", ["-d", "-i", "\(hall.folder)/ca/age-identity.txt", "\(hall.folder)/state/sealed/\(names[0])"])
            try #require(opened.succeeded, "\(opened.errors)")
            return Data(opened.output)
        }

        private func pieces(of pdf: Data) async throws -> [Marker] {
            let scratch = try ScratchFolder()
            try scratch.write(pdf, to: "document.pdf")
            let run = try await CommandRun.run("pdfimages", ["-j", scratch.file("document.pdf"), scratch.file("page")])
            try #require(run.succeeded, "\(run.errors)")
            let pages = try scratch.names().filter { $0.hasSuffix(".jpg") }
            try #require(pages.count == 2)
            let markers = try pages.flatMap { Marker.pieces(ofJPEG: Data(try scratch.bytes(of: $0)), name: $0) }
            try #require(markers.count >= 16, "\(markers.map(\.name))")
            return markers
        }

        private func remains(of hall: HallUnderTest) async -> KioskRemains {
            let processes = await [hall.kiosk?.pid].compactMap { $0 } + hall.workerPIDs().values
            return KioskRemains(
                roots: ["state", "run", "tmp", "log", "kiosk.yaml"].map { "\(hall.folder)/\($0)" }
                    + hall.temporaryFolders,
                processes: processes)
        }
    }
}
