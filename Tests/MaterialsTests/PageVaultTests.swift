import Foundation
import HallModel
import NIOCore
import TestSupport
import Testing

@testable import Materials

@Suite("Pages are put aside")
struct PageVaultTests {
    private func bytes(_ count: Int) -> ByteBuffer {
        ByteBuffer(bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
    }

    private func plain(_ page: KeptPage) throws -> (bytes: [UInt8], longest: Int) {
        var all: [UInt8] = []
        var longest = 0
        try PlainPiece.kept(page).forEachPart { part in
            all += part
            longest = max(longest, part.count)
        }
        return (all, longest)
    }

    /// What lies in the file that this process still has open and nobody else can name.
    private func namelessFiles(of folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").map { "/proc/self/fd/\($0)" }.filter {
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: $0)) ?? ""
            return target.hasPrefix(folder + "/page-") && target.hasSuffix(" (deleted)")
        }
    }

    @Test(
        "a full disk, and one that could not take the document then, is said, and nothing stays on it",
        .enabled(if: getuid() == 0, "needs root: mounts a tmpfs"))
    func fullDisk() async throws {
        let scratch = try ScratchFolder()
        let mount = try await CommandRun.run(
            "mount", ["-t", "tmpfs", "-o", "size=512k", "hallkiosk-test", scratch.path])
        try #require(mount.succeeded, "\(mount.errors)")
        do {
            let vault = PageVault(folder: scratch.path)
            await #expect(throws: SealedFileError.file(.noSpace)) { _ = try await vault.keep(bytes(300_000)) }
            var pages = [try await vault.keep(bytes(100_000))]
            pages.append(try await vault.keep(bytes(100_000)))
            // The disk would take it, and then not the document of all three.
            await #expect(throws: SealedFileError.file(.noSpace)) { _ = try await vault.keep(bytes(100_000)) }
            pages = []
            try await eventually("there is room again") { (try? await vault.keep(bytes(200_000))) != nil }
            let sparing = PageVault(folder: scratch.path, reserveBytes: 400_000)
            await #expect(throws: SealedFileError.file(.noSpace)) { _ = try await sparing.keep(bytes(100_000)) }
            #expect(try scratch.names().isEmpty)
        } catch { Issue.record(error) }
        try await eventually("unmounted") { try await CommandRun.run("umount", [scratch.path]).succeeded }
    }

    @Test("a folder that is gone is said; the page is where it was")
    func notTaken() async throws {
        let scratch = try ScratchFolder()
        let page = bytes(10_000)
        await #expect(throws: SealedFileError.file(.notFound)) {
            _ = try await PageVault(folder: scratch.file("gone")).keep(page)
        }
        #expect(page.readableBytes == 10_000)
    }

    @Test("what was changed on the disk, or cut, is never given out as the page")
    func changed() async throws {
        let scratch = try ScratchFolder()
        let vault = PageVault(folder: scratch.path)
        for offset in [0, 300, 70_000, 150_000] {
            let page = try await vault.keep(bytes(150_000))
            try await eventually("the one before is closed") { try namelessFiles(of: scratch.path).count == 1 }
            let file = try #require(try namelessFiles(of: scratch.path).first)
            let handle = try FileHandle(forUpdating: URL(filePath: file))
            let end = try handle.seekToEnd()
            let place = min(UInt64(offset), end - 1)
            try handle.seek(toOffset: place)
            let old = try #require(try handle.read(upToCount: 1)?.first)
            try handle.seek(toOffset: place)
            try handle.write(contentsOf: [old ^ 1])
            try handle.close()
            #expect(throws: SealedFileError.self) { try plain(page) }
        }
        let page = try await vault.keep(bytes(150_000))
        try await eventually("the one before is closed") { try namelessFiles(of: scratch.path).count == 1 }
        let file = try #require(try namelessFiles(of: scratch.path).first)
        for length in [65_800, 100, 0] {
            #expect(truncate(file, off_t(length)) == 0)
            #expect(throws: SealedFileError.self) { try plain(page) }
        }
    }

    @Test(
        "every length comes back as it was, in parts", arguments: [0, 1, 65_535, 65_536, 65_537, 1_048_576, 1_500_000])
    func comesBack(_ count: Int) async throws {
        let scratch = try ScratchFolder()
        let vault = PageVault(folder: scratch.path)
        let page = try await vault.keep(bytes(count))
        #expect(page.count == count && PlainPiece.kept(page).count == count)
        for _ in 0..<2 {
            let (all, longest) = try plain(page)
            #expect(all == Array(bytes(count).readableBytesView))
            #expect(longest <= 5 * 65_536)
        }
    }

    @Test(
        "no name is in the folder, no plain byte in the file, and its space is free when nobody wants the page any more"
    )
    func nothingStays() async throws {
        let scratch = try ScratchFolder()
        let vault = PageVault(folder: scratch.path)
        let marker = Array("SECRET-OF-A-RESIDENT".utf8)
        var page: KeptPage? = try await vault.keep(ByteBuffer(bytes: Array(repeating: marker, count: 10_000).joined()))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
        let file = try #require(try namelessFiles(of: scratch.path).first)
        let sealed = try Data(contentsOf: URL(filePath: file))
        #expect(sealed.count > 200_000 && sealed.range(of: Data(marker)) == nil)
        #expect(page?.count == 200_000)
        page = nil
        try await eventually("its space is free") { try namelessFiles(of: scratch.path).isEmpty }
    }

    @Test("a document of pages put aside is byte for byte that of pages in memory")
    func sameDocument() async throws {
        let scratch = try ScratchFolder()
        let identity = AgeIdentity()
        let writer = try SealedFileWriter(folder: scratch.file("sealed"), recipients: [identity.recipient.text])
        let vault = PageVault(folder: scratch.path)
        var documents: [[UInt8]] = []
        for isAside in [false, true] {
            var pages: [MaterialPage] = []
            for count in [70_000, 1, 200_000] {
                let jpeg = bytes(count)
                pages.append(
                    MaterialPage(
                        jpeg: isAside ? .kept(try await vault.keep(jpeg)) : .memory(jpeg), widthPixels: 2_480,
                        heightPixels: 3_508, isGray: false))
            }
            var generator = SystemRandomNumberGenerator()
            let file = try await writer.write(
                try MaterialPDF.pieces(of: pages, dotsPerInch: 300),
                id: ItemID(unixMilliseconds: 1_700_000_000_000, using: &generator))
            documents.append(try AgeFile.open(try scratch.bytes(of: "sealed/\(file.name)"), identity: identity))
        }
        #expect(documents[0] == documents[1] && documents[0].count > 270_000)
    }

    @Test("a document whose page cannot be read back is not stored, and nothing of it stays")
    func unreadable() async throws {
        let scratch = try ScratchFolder()
        let writer = try SealedFileWriter(
            folder: scratch.file("sealed"), recipients: [AgeIdentity().recipient.text])
        let page = try await PageVault(folder: scratch.path).keep(bytes(150_000))
        #expect(truncate(try #require(try namelessFiles(of: scratch.path).first), 70_000) == 0)
        var generator = SystemRandomNumberGenerator()
        let id = ItemID(unixMilliseconds: 1_700_000_000_000, using: &generator)
        await #expect(throws: SealedFileError.self) { _ = try await writer.write([.kept(page)], id: id) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.file("sealed")).isEmpty)
    }
}
