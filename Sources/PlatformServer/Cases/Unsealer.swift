import Foundation
import HallModel

/// Opens sealed files. Plain content stays in memory.
protocol Unsealer: Sendable {
    /// - Throws: ``UnsealFailure``.
    func open(_ read: @Sendable () async throws -> [UInt8]) async throws -> Sensitive<[UInt8]>
}

enum UnsealFailure: Error, Equatable {
    /// Not sealed to this platform, cut short or changed.
    case cannotOpen
    /// The platform cannot open anything just now; the sentence says why.
    case unavailable(String)
}

/// Opens age v1 files with the `age` program, an implementation independent of the kiosk's: sealed bytes on its
/// standard input, plain bytes on its standard output.
struct AgeUnsealer: Unsealer {
    /// File with the age identities (`AGE-SECRET-KEY-1…`).
    let identityFile: String
    /// Largest plain content in bytes.
    let limit: Int
    private let turnstile = Turnstile(4)

    init(identityFile: String, limit: Int) {
        self.identityFile = identityFile
        self.limit = limit
    }

    /// - Parameter read: fetches the sealed bytes, once there is a turn: only so many files are in memory at a time.
    func open(_ read: @Sendable () async throws -> [UInt8]) async throws -> Sensitive<[UInt8]> {
        let outcome = try await turnstile.pass {
            let sealed = try await read()
            return await ToolRun.run(
                "age", ["--decrypt", "--identity", identityFile], input: sealed, outputLimit: limit)
        }
        switch outcome {
        case .finished(let plain): return Sensitive(plain)
        case .refused: throw UnsealFailure.cannotOpen
        case .failed(let sentence): throw UnsealFailure.unavailable(sentence)
        }
    }

    /// The public keys of the identity file, as `age-keygen -y` tells them.
    ///
    /// - Throws: ``PlatformFailure`` with what to do.
    func recipients() async throws -> [String] {
        guard FileManager.default.isReadableFile(atPath: identityFile) else {
            throw PlatformFailure(
                "The age identity \(identityFile) cannot be read; make one with `age-keygen -o \(identityFile)`.")
        }
        switch await ToolRun.run("age-keygen", ["-y", identityFile], input: [], outputLimit: 64 << 10) {
        case .finished(let bytes):
            let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
            guard !lines.isEmpty else { throw PlatformFailure("The age identity \(identityFile) holds no key.") }
            return lines
        case .refused: throw PlatformFailure("The age identity \(identityFile) is not an age identity file.")
        case .failed(let sentence): throw PlatformFailure("\(sentence) On Debian: apt-get install age.")
        }
    }
}

/// What a kiosk seals beside the materials.
struct SealedAnswers: Decodable, Sendable {
    struct Person: Decodable, Sendable {
        var name: String
        var number: String
        var sex: String?
        var birth: String?
        var address: String?
    }
    struct Answer: Decodable, Sendable {
        var question: String
        var label: String
        var value: String
        /// The value in words, as the resident saw it.
        var text: String?
    }
    var person: Person
    var answers: [Answer]
    var item: String
    var kiosk: String

    /// `nil` when the plain bytes are not such a document.
    static func read(_ plain: Sensitive<[UInt8]>) -> Sensitive<SealedAnswers>? { try? checked(plain) }

    /// - Throws: ``APIProblem`` that names the member which is wrong, and nothing of its content.
    static func checked(_ plain: Sensitive<[UInt8]>) throws -> Sensitive<SealedAnswers> {
        Sensitive(try PlatformJSON.decode(SealedAnswers.self, from: Data(plain.exposed), what: "text"))
    }
}
