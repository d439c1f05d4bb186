import Foundation
import HallModel

/// Opens sealed files. Plain content stays in memory.
protocol Unsealer: Sendable {
    /// - Throws: ``UnsealFailure``, and what `read` throws.
    func open(_ read: @Sendable () async throws -> [UInt8]) async throws -> Sensitive<[UInt8]>
}

enum UnsealFailure: Error, Equatable {
    /// Not sealed to this platform, cut short or changed.
    case cannotOpen
    /// The platform cannot open this just now; nothing is said of the file.
    case unavailable(Trouble)

    enum Trouble: Sendable, Equatable, CustomStringConvertible {
        case tool(ToolFailure)
        case identityUnreadable(path: String)
        /// What was sealed to the identity at the start does not open with it any more.
        case identityChanged(path: String)
        case fileMissing
        case fileUnreadable
        /// Whoever asked has gone.
        case givenUp

        /// A sentence for whoever looks after the platform.
        var description: String {
            switch self {
            case .tool(let failure): "\(failure)"
            case .identityUnreadable(let path): "The age identity \(path) cannot be read; put it back."
            case .identityChanged(let path):
                "age no longer opens what was sealed to the identity \(path) at the start: was it replaced? Put it back, "
                    + "or start the platform again with the new one."
            case .fileMissing: "The sealed file is missing."
            case .fileUnreadable: "The sealed file cannot be read."
            case .givenUp: "Nobody waits for it any more."
            }
        }
    }
}

/// Opens age v1 files with the `age` program, an implementation independent of the kiosk's: sealed bytes on its
/// standard input, plain bytes on its standard output.
///
/// A kiosk that hears of a damaged file asks for a technician, so `age`'s word for it is not enough: it refuses in the
/// same way when it cannot read its identity. So a refusal counts only if, right after it, what the platform itself
/// sealed to each of its keys at the start still opens, and `age` then refuses the file once more.
struct AgeUnsealer: Unsealer {
    /// File with the age identities (`AGE-SECRET-KEY-1…`).
    let identityFile: String
    /// Their public keys (`age1…`).
    let recipients: [String]
    /// Largest plain content in bytes.
    private let limit: Int
    /// Name or path of the program.
    private let program: String
    /// One for each recipient.
    private let sealedSamples: [[UInt8]]
    private let turnstile = Turnstile(4)
    private static let sample = Array("sample".utf8)
    /// With which `age` ends whatever it refuses. Its runtime has others, for when it finds no memory, for instance.
    private static let refusal: Int32 = 1

    /// - Throws: ``PlatformFailure`` with what to do, where the identities or the program are not good.
    init(identityFile: String, limit: Int, program: String = "age") async throws {
        self.identityFile = identityFile
        self.limit = limit
        self.program = program
        recipients = try await Self.recipients(of: identityFile)
        var samples: [[UInt8]] = []
        for recipient in recipients {
            let outcome = await ToolRun.run(
                program, ["--recipient", recipient], input: Self.sample, outputLimit: 1 << 20)
            switch outcome {
            case .finished(let sealed): samples.append(sealed)
            case .refused:
                throw PlatformFailure("\(program) cannot seal to the keys of the age identity \(identityFile).")
            case .failed(let failure): throw Self.failure(failure)
            }
        }
        sealedSamples = samples
    }

    /// - Parameter read: fetches the sealed bytes, once there is a turn: only so many files are in memory at a time.
    func open(_ read: @Sendable () async throws -> [UInt8]) async throws -> Sensitive<[UInt8]> {
        var outcome = try await turnstile.pass { await decrypted(try await read()) }
        if case .refused(Self.refusal) = outcome {
            if let trouble = await trouble() { throw UnsealFailure.unavailable(trouble) }
            // The identity may have been away for that moment only.
            outcome = try await turnstile.pass { await decrypted(try await read()) }
        }
        switch outcome {
        case .finished(let plain): return Sensitive(plain)
        case .refused(Self.refusal): throw UnsealFailure.cannotOpen
        case .refused(let status):
            throw UnsealFailure.unavailable(.tool(ToolFailure(tool: program, reason: .strangeEnd(status: status))))
        case .failed(let failure):
            throw UnsealFailure.unavailable(failure.reason == .interrupted ? .givenUp : .tool(failure))
        }
    }

    private func decrypted(_ sealed: [UInt8]) async -> ToolRun.Outcome {
        await ToolRun.run(program, ["--decrypt", "--identity", identityFile], input: sealed, outputLimit: limit)
    }

    /// Why nothing can be opened just now; `nil` when it can.
    private func trouble() async -> UnsealFailure.Trouble? {
        guard FileManager.default.isReadableFile(atPath: identityFile) else {
            return .identityUnreadable(path: identityFile)
        }
        for sample in sealedSamples {
            switch await turnstile.pass({ await decrypted(sample) }) {
            case .finished(Self.sample): continue
            case .failed(let failure): return .tool(failure)
            case .finished, .refused: return .identityChanged(path: identityFile)
            }
        }
        return nil
    }

    /// The public keys of an identity file, as `age-keygen -y` tells them.
    ///
    /// - Throws: ``PlatformFailure`` with what to do.
    static func recipients(of identityFile: String) async throws -> [String] {
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
        case .failed(let failure): throw Self.failure(failure)
        }
    }

    /// A tool's failure as what stops the start.
    static func failure(_ failure: ToolFailure) -> PlatformFailure {
        PlatformFailure(
            failure.reason == .notInstalled ? "\(failure) On Debian: apt-get install age." : "\(failure)")
    }
}

/// What a kiosk seals beside the materials.
struct SealedAnswers: Decodable, Sendable {
    /// As read from the identity document.
    struct Person: Decodable, Sendable {
        /// Of the document; see ``CardWords``.
        var kind: String?
        var name: String
        var englishName: String?
        var number: String
        /// By GB/T 2261.1.
        var sex: String?
        var birth: String?
        var address: String?
        /// ISO 3166-1 alpha-3.
        var nationality: String?
        /// A day, or 长期.
        var validTo: String?
        /// What the kiosk noticed about the document; words that nobody here knows may come.
        var flags: [String]?
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
