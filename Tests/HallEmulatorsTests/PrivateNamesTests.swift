import Foundation
import TestSupport
import Testing

@testable import HallEmulators

@Suite("The platform's name is gone and back for a process that runs on")
struct PrivateNamesTests {
    @Test("what is no plain host name is refused")
    func refusals() throws {
        let folder = try ScratchFolder()
        for name in ["", "Upper.test", "a b", "a\n127.0.0.1 b"] {
            #expect(throws: EmulatorError.self) { try PrivateNames(name: name, folder: folder.path) }
        }
    }

    @Test("the name resolves, does not, and does again, without a new process")
    func goneAndBack() async throws {
        let folder = try ScratchFolder()
        let names = try PrivateNames(name: "platform.hall.test", folder: folder.path)
        // One process of the namespace that looks the name up again and again, as a kiosk does.
        let script = """
            for round in 1 2 3; do
              until [ -e "$0/round-$round" ]; do sleep 0.02; done
              if getent ahostsv4 platform.hall.test > "$0/answer-$round.new"; then echo found; else echo "status $?"; fi \
                >> "$0/answer-$round.new"
              mv "$0/answer-$round.new" "$0/answer-$round"
            done
            """
        let command = names.command(
            ["timeout", "30", "sh", "-c", script, folder.path], asRootOfItsOwn: getuid() != 0)
        let run = Task { try await CommandRun.run(command[0], Array(command.dropFirst())) }
        for (round, resolves) in [(1, true), (2, false), (3, true)] {
            try names.setResolves(resolves)
            try folder.write([], to: "round-\(round)")
            let hasAnswered = await becomes(seconds: 20) {
                FileManager.default.fileExists(atPath: folder.file("answer-\(round)"))
            }
            #expect(hasAnswered)
            guard hasAnswered else { break }
            let answer = String(decoding: try folder.bytes(of: "answer-\(round)"), as: UTF8.self)
            // Status 2 of getent: the name was not found.
            #expect(resolves ? answer.contains("127.0.0.1") && answer.contains("found") : answer == "status 2\n")
        }
        let result = try await run.value
        #expect(result.succeeded, "\(result.errors)")
        names.remove()
        #expect(!FileManager.default.fileExists(atPath: names.hostsFile))
    }
}
