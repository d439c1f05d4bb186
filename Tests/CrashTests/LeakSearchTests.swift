import Foundation
import TestSupport
import Testing

extension CrashTests {
    /// The negative control: what the leak search is there to find, it finds.
    @Suite("Leak search")
    struct LeakSearchTests {
        private func leaks(planting bytes: Data, markers: [Marker] = []) throws -> [String] {
            let scratch = try ScratchFolder()
            var generator = SeededGenerator(seed: 11)
            try FileManager.default.createDirectory(
                atPath: scratch.file("a/b"), withIntermediateDirectories: true)
            try scratch.write(generator.bytes(5000) + bytes + generator.bytes(3000), to: "a/b/journal.sqlite-wal")
            try scratch.write(Data("nothing of anybody".utf8), to: "log")
            let remains = KioskRemains(roots: [scratch.path])
            try #require(remains.files.count == 2)
            return LeakSearch(markers: markers).leaks(in: remains).map(\.what)
        }

        @Test("a text is found in each encoding, and only there", arguments: ["张桂兰", "𠮷玉华", "13912345678"])
        func textIsFound(_ text: String) throws {
            let markers = Marker.text("it", text)
            try #require(markers.count == 3)
            for marker in markers {
                #expect(try leaks(planting: marker.bytes, markers: markers) == [marker.name])
            }
            #expect(try leaks(planting: Data("14012345678".utf8), markers: markers).isEmpty)
        }

        @Test("an unsealed document is found by its header")
        func headersAreFound() throws {
            #expect(try leaks(planting: Data("%PDF-1.7\n".utf8)) == ["the header of a PDF"])
            #expect(try leaks(planting: Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 16])) == ["the header of a JPEG"])
        }

        @Test(
            "in a sealed file, a database and its log too, where three bytes of chance are none",
            arguments: [
                Data("age-encryption.org/v1\n".utf8), Data("SQLite format 3\0".utf8), Data([0x37, 0x7F, 6, 0x82]),
            ])
        func sealedFilesAreLookedInto(_ header: Data) throws {
            let scratch = try ScratchFolder()
            let picture = Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xDB, 0, 67])
            for (bytes, expected) in [
                (Data([0xFF, 0xD8, 0xFF, 0xE0, 9, 9, 9]), []), (picture, ["the header of a JPEG"]),
                (Data("%PDF-1.4".utf8), ["the header of a PDF"]), (Data("%PDF".utf8), []),
            ] {
                try scratch.write(header + bytes + Data(repeating: 7, count: 100), to: "x.age")
                let remains = KioskRemains(roots: [scratch.path])
                #expect(LeakSearch(markers: []).leaks(in: remains).map(\.what) == expected)
            }
        }

        @Test("pieces of a page come from its entropy-coded data and are no pattern of white paper")
        func piecesAreTaken() throws {
            var generator = SeededGenerator(seed: 5)
            let white = Data(repeating: 0x28, count: 4000)
            let jpeg = Data([0xFF, 0xD8, 0xFF, 0xDA]) + white + Data(generator.bytes(40_000)) + white
            let pieces = Marker.pieces(ofJPEG: jpeg, name: "a page")
            #expect((9...12).contains(pieces.count))
            #expect(pieces.allSatisfy { jpeg.range(of: $0.bytes) != nil && Set($0.bytes).count >= 24 })
            #expect(try leaks(planting: pieces[3].bytes, markers: pieces) == [pieces[3].name])
        }

        @Test("a file that was unlinked while it is open is seen")
        func namelessFilesAreSeen() throws {
            let scratch = try ScratchFolder()
            try scratch.write(Data("marker".utf8), to: "x")
            let handle = try FileHandle(forReadingFrom: URL(filePath: scratch.file("x")))
            try FileManager.default.removeItem(atPath: scratch.file("x"))
            let remains = KioskRemains(roots: [], processes: [getpid()])
            #expect(LeakSearch(markers: Marker.text("it", "marker")).leaks(in: remains).count >= 1)
            try handle.close()
        }
    }
}
