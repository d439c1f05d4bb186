import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// `kioskctl` as a test runs it: to its end, with its status.
struct KioskctlRun: Sendable {
    static let program = HallUnderTest.programs + "/kioskctl"

    var status: Int32
    var output: String
    var errors: String

    /// - Parameter temporary: folder for the private socket; an end without remains leaves it empty.
    static func run(
        _ arguments: [String], program path: String = program, temporary: String = "/tmp", environment: [String] = [],
        limit: Duration = .seconds(60)
    ) async throws -> KioskctlRun {
        let folder = try ScratchFolder()
        // A shell in between keeps the status.
        let script = "\"$@\" >\(folder.file("out")) 2>\(folder.file("err")); echo $? >\(folder.file("status"))"
        let program = try RunningProgram(
            "/bin/sh", ["-c", script, "sh", "env", "TMPDIR=\(temporary)"] + environment + [path] + arguments,
            log: folder.file("log"))
        let killer = Task {
            try await Task.sleep(for: limit)
            program.send(SIGKILL)
        }
        await program.waitUntilEnded()
        killer.cancel()
        func text(_ name: String) -> String { (try? String(contentsOfFile: folder.file(name), encoding: .utf8)) ?? "" }
        guard let status = Int32(text("status").trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw TestFailure("kioskctl \(arguments) did not end within \(limit): \(text("err"))")
        }
        return KioskctlRun(status: status, output: text("out"), errors: text("err"))
    }

    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]) ?? [:]
    }

    /// The object that stands in place of a result.
    var error: [String: Any] { json["error"] as? [String: Any] ?? [:] }

    var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// A `kioskctl` that goes on until it is told to end.
final class FollowingKioskctl: Sendable {
    private let folder: ScratchFolder
    let program: RunningProgram

    init(_ arguments: [String], temporary: String = "/tmp") throws {
        folder = try ScratchFolder()
        program = try RunningProgram(
            KioskctlRun.program, arguments, log: folder.file("log"), environment: ["TMPDIR": temporary])
    }

    /// What it has written so far, to either output.
    var text: String { (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? "" }

    /// Ctrl-C, and the exit status; `nil` when a signal ended it.
    func interrupt() async -> Int32? {
        program.send(SIGINT)
        let status = await program.waitUntilEnded()
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
    }

    func shows(_ words: String, within limit: Duration = .seconds(15)) async throws {
        do {
            try await eventually("kioskctl shows “\(words)”", within: limit) { self.text.contains(words) }
        } catch { throw TestFailure("\(error); it shows: \(text)") }
    }
}

/// Programs whose command line has this word.
func processes(with word: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { entry in
        guard Int(entry) != nil,
            let command = try? String(contentsOfFile: "/proc/\(entry)/cmdline", encoding: .utf8), command.contains(word)
        else { return nil }
        return command.replacing("\0", with: " ")
    }
}

/// What bash offers for a line, by the script that `kioskctl` makes.
enum BashCompletion {
    /// - Parameter line: its words; the last one is the one to be completed.
    static func words(_ line: [String]) async throws -> [String] {
        let folder = try ScratchFolder()
        let made = try await KioskctlRun.run(["--generate-completion-script", "bash"])
        try folder.write(made.output.utf8, to: "completion")
        let script = """
            PATH=\(HallUnderTest.programs):$PATH
            . /usr/share/bash-completion/bash_completion; . \(folder.file("completion"))
            COMP_WORDS=(\(line.map { "'\($0)'" }.joined(separator: " "))); COMP_CWORD=\(line.count - 1)
            COMP_LINE='\(line.joined(separator: " "))'; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
            _kioskctl kioskctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = try await CommandRun.run("bash", ["-c", script])
        return String(decoding: run.output, as: UTF8.self).split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
    }
}

/// A reader on a Unix socket that asks and then takes nothing until it is told to.
final class SilentReader: Sendable {
    private let descriptor: Int32

    init(socket path: String, path request: String) throws {
        descriptor = try UnixSocket.connected(to: path)
        let bytes = Array("GET \(request) HTTP/1.1\r\nHost: kiosk\r\nConnection: close\r\n\r\n".utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw TestFailure("\(path) takes no request")
        }
    }

    /// All that waits, until the far end closes or says nothing for 3 s.
    func readToEnd() -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&wait, 1, 3_000) > 0 {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            all += buffer.prefix(count)
        }
        return String(decoding: all, as: UTF8.self)
    }

    deinit { close(descriptor) }
}
