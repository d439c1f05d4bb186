import Foundation

/// A Python program that does its work once for each line it is given, and answers with the nanoseconds that it took. So its
/// start and its imports do not count.
final class PythonPeer {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ script: String, _ arguments: [String]) throws {
        process.executableURL = URL(filePath: try Peer.python("python3"))
        process.arguments = [Peer.script(script)] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Once more; what it took.
    func round() throws -> Duration {
        try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
        var answer: [UInt8] = []
        while answer.last != UInt8(ascii: "\n") {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1)?.first else {
                throw CannotMeasure("\(process.arguments?.first ?? "the Python peer") ended early")
            }
            answer.append(byte)
        }
        guard let nanoseconds = Int(String(decoding: answer, as: UTF8.self).trimmed) else {
            throw CannotMeasure("the Python peer said no number")
        }
        return .nanoseconds(nanoseconds)
    }
}
