import ArgumentParser
import Foundation
import Materials
import NIOCore

/// Where a result goes: whole or not at all, mode 0600, and never over another file unasked.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "FILE"),
        completion: .file())
    var path: String

    @Flag(help: "Replace the file when it exists.")
    var force = false

    /// To be asked before any work: is there already a file, or no folder to put it in?
    func check() throws { try Self.check(path, force: force) }

    static func check(_ path: String, force: Bool) throws {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw CommandFailure(.cannotCreate, "\(path) is a folder; name a file.")
            }
            guard force else { throw exists(path) }
        }
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(folder, W_OK) == 0 else {
            throw CommandFailure(
                .cannotCreate,
                "nothing can be written in \(folder) (\(String(cString: strerror(errno)))); name another file.")
        }
    }

    func write(_ bytes: ByteBuffer) async throws {
        do throws(FileFailure) {
            try await WholeFile.write(Array(bytes.readableBytesView), to: path, replacing: force)
        } catch {
            throw error == .alreadyExists
                ? Self.exists(path) : CommandFailure(.cannotCreate, "\(path) cannot be written: \(error).")
        }
    }

    private static func exists(_ path: String) -> CommandFailure {
        CommandFailure(.cannotCreate, "\(path) exists already; name another file, or add --force.")
    }
}
