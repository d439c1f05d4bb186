import Glibc

/// The work behind `kioskctl seal`: one file in, one age file out.
public enum SealCommandCore {
    /// A sentence for a person, with what to do next where that is known.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// What happened, to which file.
        public let description: String
    }

    /// Seals `input` to every recipient and stores it at `output`, mode 0600, whole or not at all, in bounded memory.
    /// An existing `output` is replaced only when `overwrites` is set.
    public static func seal(
        input: String, output: String, recipients: [String], overwrites: Bool = false,
        suite: any CryptoSuite = AgeSuite()
    ) async throws(Failure) {
        try await FileQueue(label: "seal").run { () throws(Failure) in
            do { try suite.check(recipients: recipients) } catch { throw Failure(description: "\(error)") }
            let source = open(input, O_RDONLY | O_CLOEXEC)
            guard source >= 0 else { throw cannotRead(input, FileFailure(call: "open")) }
            defer { close(source) }
            try check(source: source, named: input, output: output, overwrites: overwrites)

            var readFailure: FileFailure?
            do throws(SealedFileError) {
                var copy = try SealedCopy(
                    to: output, draftSuffix: ".part-\(getpid())", recipients: recipients, suite: suite, digests: false)
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: SealingBounds.pieceBytes, alignment: 16)
                defer { buffer.deallocate() }
                while true {
                    let count = read(source, buffer.baseAddress, buffer.count)
                    if count == 0 { break }
                    if count < 0 {
                        if errno == EINTR { continue }
                        readFailure = FileFailure(call: "read")
                        break
                    }
                    try copy.take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
                if readFailure == nil {
                    _ = try copy.finish()
                    do throws(FileFailure) { try copy.publish(replacing: overwrites) } catch {
                        throw SealedFileError.file(error)
                    }
                }
            } catch {
                if case .file(.alreadyExists) = error { throw exists(output) }
                if case .file(let failure) = error { throw Failure(description: "Cannot write \(output): \(failure).") }
                throw Failure(description: "\(error)")
            }
            if let readFailure { throw cannotRead(input, readFailure) }
        }
    }

    private static func check(
        source: Int32, named input: String, output: String, overwrites: Bool
    ) throws(Failure) {
        var from = stat()
        guard fstat(source, &from) == 0 else { throw cannotRead(input, FileFailure(call: "fstat")) }
        guard from.st_mode & S_IFMT != S_IFDIR else { throw Failure(description: "\(input) is a folder; name a file.") }
        var to = stat()
        guard stat(output, &to) == 0 else { return }
        guard to.st_mode & S_IFMT != S_IFDIR else { throw Failure(description: "\(output) is a folder; name a file.") }
        guard from.st_dev != to.st_dev || from.st_ino != to.st_ino else {
            throw Failure(description: "Input and output are the same file; name another output.")
        }
        if !overwrites { throw exists(output) }
    }

    private static func cannotRead(_ path: String, _ failure: FileFailure) -> Failure {
        Failure(description: "Cannot read \(path): \(failure).")
    }

    private static func exists(_ path: String) -> Failure {
        Failure(description: "\(path) exists already; name another output, or add --force.")
    }
}
