import Foundation
import HallModel
import TestSupport
import Testing

@testable import PlatformClient

@Suite("Uploads on a line that others need too, and on one that answers twice")
struct UploadLineTests {
    @Test(
        "the same answer twice to a step of an upload: it goes on, and arrives once",
        arguments: ["createUpload", "appendToUpload"])
    func twice(route: String) async throws {
        try await PlatformBench.run { (bench: PlatformBench) async throws in
            let item = PlatformBench.newID()
            let file = try await bench.writer.write([UInt8](repeating: 7, count: 300_000), id: item)
            let toSend = PlatformAPI.FileToSend(
                path: bench.writer.folder + "/" + file.name, bytes: file.bytes, sha256: file.sha256, item: item)
            try await bench.order(#"{"route":"\#(route)","kind":"twice","times":2}"#)
            let location = try await bench.api.upload(toSend)
            // Asked for again, it is the same one, and whole. The second answer may end the connection under this call.
            func again() async throws -> String { try await bench.api.upload(toSend) }
            do { #expect(try await again() == location) } catch PlatformError.unreachable {
                #expect(try await again() == location)
            }
        }
    }

    @Test("with a bound on the line, the bytes come no faster, and all of them")
    func paced() async throws {
        let folder = try ScratchFolder()
        try folder.write(Array(repeating: 3, count: 96_000), to: "file")
        var got = 0
        let took = try await ContinuousClock().measure {
            for try await piece in FileBytes(path: folder.file("file"), range: 0..<96_000, bytesPerSecond: 96_000) {
                #expect(piece.readableBytes <= 24_000)
                got += piece.readableBytes
            }
        }
        #expect(got == 96_000)
        // Four pieces of a quarter of a second's worth: three pauses between them.
        #expect(took >= .milliseconds(740))
    }
}
