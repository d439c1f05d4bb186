import Foundation
import PlatformServer
import TestSupport
import Testing

@testable import PlatformClient

@Suite("the files with which kiosk and platform know each other")
struct PlatformCredentialsTests {
    private func findings(_ files: DevelopmentCA.Files, kiosk: String = "kiosk-1") -> [PlatformCredentials.Finding] {
        PlatformCredentials(
            certificateFile: files.kiosk, keyFile: files.kioskKey, trustFile: files.authority
        ).findings(kiosk: kiosk)
    }

    @Test("files that fit together have no findings; those that cannot be read at all are not told of here")
    func well() async throws {
        let scratch = try ScratchFolder()
        var files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        #expect(findings(files).isEmpty)
        files.authority = scratch.file("nowhere.pem")
        #expect(findings(files).isEmpty)
    }

    @Test("a key of another certificate is told with both files")
    func pair() async throws {
        let scratch = try ScratchFolder()
        var files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        files.kioskKey = try await DevelopmentCA.make(folder: scratch.file("other"), kiosk: "kiosk-1").kioskKey
        let found = findings(files)
        #expect(found.map(\.role) == [.key] && found.map(\.file) == [files.kioskKey])
        #expect(found.first?.sentence.contains(files.kiosk) == true, "\(found)")
    }

    @Test("a file that holds something else is told as that, for each of the three")
    func garbage() async throws {
        let scratch = try ScratchFolder()
        var files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        for text in ["", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            try scratch.write(Array(text.utf8), to: "garbage.pem")
            (files.kiosk, files.kioskKey, files.authority) = (
                scratch.file("garbage.pem"), scratch.file("garbage.pem"), scratch.file("garbage.pem")
            )
            #expect(findings(files).map(\.role) == [.certificate, .key, .trust], "\(text)")
        }
    }

    @Test("a certificate of another name than the kiosk's is told with both names")
    func name() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "hall-9-kiosk-1")
        let found = findings(files, kiosk: "hall-9-kiosk-2")
        #expect(found.map(\.role) == [.certificate])
        #expect(found.first?.sentence.contains("“hall-9-kiosk-1”") == true, "\(found)")
        #expect(found.first?.sentence.contains("“hall-9-kiosk-2”") == true, "\(found)")
    }

    @Test("no bytes make the reader of names trap, and it finds a name in a certificate only")
    func anything() async throws {
        let scratch = try ScratchFolder()
        let files = try await DevelopmentCA.make(folder: scratch.file("ca"), kiosk: "kiosk-1")
        let pem = try String(contentsOfFile: files.kiosk, encoding: .utf8)
        let base64 = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        let whole = Array(try #require(Data(base64Encoded: base64)))
        #expect(CertificateName.commonName(whole) == "kiosk-1")
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let name = CertificateName.commonName(
                Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))
            #expect((name?.utf8.count ?? 1) <= 64)
        }
        for length in 0..<64 { _ = CertificateName.commonName(generator.bytes(length)) }
    }
}
