import Foundation
import TestSupport
import Testing

extension InTurn {
    /// Somebody listens on the socket and answers what no daemon of this version does.
    @Suite(.serialized) struct StrangeDaemonTests {
        /// Answers every call with what is said to its first line, and then with the same piece until the other side has gone.
        private final class TalkingSocket: Sendable {
            private let descriptor: Int32

            init(
                _ path: String, endlessly piece: String = "", says answer: @escaping @Sendable (String) -> String
            ) throws {
                descriptor = try UnixSocket.listening(at: path)
                // The thread closes it, or somebody else's socket could have its number while the thread still listens.
                let listener = descriptor
                Thread {
                    defer { close(listener) }
                    while true {
                        let line = accept(listener, nil, nil)
                        guard line >= 0 else { return }
                        Self.answer(line, answer, piece)
                        close(line)
                    }
                }.start()
            }

            private static func answer(_ line: Int32, _ answer: (String) -> String, _ piece: String) {
                var request: [UInt8] = []
                var part = [UInt8](repeating: 0, count: 4_096)
                // All of it: what is unread at the end would break the answer off. Its body, if any, is small and has braces.
                while !isWhole(request) {
                    let count = recv(line, &part, part.count, 0)
                    guard count > 0 else { return }
                    request += part.prefix(count)
                }
                let first = String(decoding: request.prefix { $0 != 13 }, as: UTF8.self)
                guard say(line, answer(first)), !piece.isEmpty else { return }
                while say(line, piece) {}
            }

            private static func isWhole(_ request: [UInt8]) -> Bool {
                let text = String(decoding: request, as: UTF8.self)
                guard text.contains("\r\n\r\n") else { return false }
                return !text.hasPrefix("POST") || text.hasSuffix("}")
            }

            private static func say(_ line: Int32, _ words: String) -> Bool {
                let bytes = Array(words.utf8)
                return send(line, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
            }

            deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }

        /// The line is closed after each answer, and must not be taken for the next question.
        private static let good = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"

        /// - Returns: the one sentence of `kioskctl status`.
        private func sentence(_ answer: String, endlessly piece: String = "") async throws -> String {
            let folder = try ScratchFolder()
            let daemon = try TalkingSocket(folder.file("control.sock"), endlessly: piece) { _ in answer }
            let run = try await KioskctlRun.run(["status", "--runtime", folder.path])
            #expect(run.status == 69 && run.output.isEmpty && run.errorLines.count == 1, "\(run)")
            withExtendedLifetime(daemon) {}
            return run.errors
        }

        @Test("An answer without end is left off after 4 MiB, and said to be too large")
        func endless() async throws {
            let words = try await sentence(
                Self.good + "transfer-encoding: chunked\r\n\r\n",
                endlessly: "10000\r\n" + String(repeating: " ", count: 65_536) + "\r\n")
            #expect(
                words.contains("an answer of more than 4 MiB") && words.contains("of the same version?"), "\(words)")
        }

        @Test("An answer that says beforehand that it is too large is not waited for")
        func announced() async throws {
            let words = try await sentence(Self.good + "content-length: 5000000000\r\n\r\n{")
            #expect(words.contains("an answer of more than 4 MiB"), "\(words)")
        }

        @Test("A page instead of a report, a refusal without words, and an answer that breaks off: each its sentence")
        func others() async throws {
            let page = "<!doctype html><title>proxy</title>"
            let html = try await sentence(
                "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: \(page.utf8.count)\r\n\r\n\(page)")
            #expect(html.contains("kioskd answered something else"), "\(html)")
            let bare = try await sentence("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n")
            #expect(bare.contains("HTTP 502"), "\(bare)")
            let cut = try await sentence(Self.good + "content-length: 400\r\n\r\n{\"screen\":")
            #expect(cut.contains("kioskd stopped answering") && cut.contains("ask again"), "\(cut)")
        }

        @Test(
            "A retry that waits is told when the daemon goes, and when answers were missed: neither is the platform's silence"
        )
        func retry() async throws {
            let id = "019a2f3e-0000-7000-8000-000000000001"
            let answers = [
                ("", 69, "kioskd stopped answering"),
                (#"{"number":0,"time":"2026-11-27T08:00:00.000Z","type":"dropped"}"#, 75, "answers were missed"),
            ]
            for (event, status, words) in answers {
                let folder = try ScratchFolder()
                let daemon = try TalkingSocket(folder.file("control.sock")) { call in
                    guard call.contains("/v1/events") else {
                        let body = #"{"cases":["\#(id)"]}"#
                        return Self.good + "content-length: \(body.utf8.count)\r\n\r\n\(body)"
                    }
                    let line = event.isEmpty ? "" : String(event.utf8.count + 1, radix: 16) + "\r\n\(event)\n\r\n"
                    return Self.good + "transfer-encoding: chunked\r\n\r\n" + line + "0\r\n\r\n"
                }
                let run = try await KioskctlRun.run(["outbox", "retry", id, "--wait", "--runtime", folder.path])
                #expect(run.status == Int32(status) && run.errors.contains(words), "\(run)")
                withExtendedLifetime(daemon) {}
            }
        }
    }
}
