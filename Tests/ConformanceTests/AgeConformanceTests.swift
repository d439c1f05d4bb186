import Foundation
import Materials
import TestSupport
import Testing

/// Our sealed files against Debian's `age`, an implementation by other people.
@Suite("age, against the age tool", .enabled(if: CommandRun.isInstalled("age"), "the Debian package age is missing"))
struct AgeConformanceTests {
    @Test(
        "what we seal, age opens with each of several keys",
        arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 5_000_000])
    func ageOpensOurs(length: Int) async throws {
        let scratch = try ScratchFolder()
        let plain = Self.content(length)
        try scratch.write(plain, to: "plain")
        var recipients: [String] = []
        for index in 0..<3 { recipients.append(try await Self.makeKey(scratch.file("key\(index)"))) }
        try await SealCommandCore.seal(
            input: scratch.file("plain"), output: scratch.file("sealed.age"), recipients: recipients)
        for index in 0..<3 {
            let run = try await CommandRun.run(
                "age", ["-d", "-i", scratch.file("key\(index)"), scratch.file("sealed.age")])
            #expect(run.succeeded, "\(run.errors)")
            #expect(run.output == plain)
        }
    }

    @Test("what age seals, we open", arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000])
    func weOpenTheirs(length: Int) async throws {
        let scratch = try ScratchFolder()
        let plain = Self.content(length)
        try scratch.write(plain, to: "plain")
        let recipients = [try await Self.makeKey(scratch.file("key0")), try await Self.makeKey(scratch.file("key1"))]
        let run = try await CommandRun.run(
            "age",
            ["-r", recipients[0], "-r", recipients[1], "-o", scratch.file("sealed.age"), scratch.file("plain")])
        try #require(run.succeeded, "\(run.errors)")
        for index in 0..<2 {
            let text = String(decoding: try scratch.bytes(of: "key\(index)"), as: UTF8.self)
            let identities = try AgeIdentity.identities(inFile: text)
            #expect(identities[0].recipient.text == recipients[index])
            #expect(try AgeFile.open(scratch.bytes(of: "sealed.age"), identities: identities) == plain)
        }
    }

    /// Runs the published vectors when `AGE_TESTKIT` names their folder (one file a vector: a text header, an empty
    /// line, the age file). Vectors of other features (armour, passphrases, other recipients) are passed over.
    @Test(
        "the published vectors",
        .enabled(
            if: ProcessInfo.processInfo.environment["AGE_TESTKIT"] != nil,
            "on demand: AGE_TESTKIT names the folder of the published vectors"))
    func vectors() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["AGE_TESTKIT"])
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            let bytes = Array(try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
            guard let vector = AgeVector(bytes) else { continue }
            count += 1
            let result = Result { () throws(AgeError) in try AgeFile.open(vector.file, identities: vector.identities) }
            switch (vector.expectation, result) {
            case ("success", .success(let plain)): #expect(vector.isPayload(plain), "\(name)")
            case ("no match", .failure(.notForThisIdentity)), ("HMAC failure", .failure(.headerChanged)),
                ("header failure", .failure(.headerMalformed)), ("header failure", .failure(.cutShort)),
                ("payload failure", .failure(.payloadChanged)), ("payload failure", .failure(.cutShort)):
                break
            default: Issue.record("\(name): expected \(vector.expectation), got \(result.map(\.count))")
            }
        }
        #expect(count >= 40)
        print("age vectors: \(count)")
    }

    static func content(_ length: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: UInt64(length))
        return (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    static func makeKey(_ path: String) async throws -> String {
        let made = try await CommandRun.run("age-keygen", ["-o", path])
        try #require(made.succeeded, "\(made.errors)")
        let shown = try await CommandRun.run("age-keygen", ["-y", path])
        return String(decoding: shown.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
