import Foundation
import HallEmulators
import TestSupport
import Testing

/// The reference platform against peers that know nothing of it: schemathesis, which reads the API description and
/// sends what it allows and what it forbids, and tuspy, a standard tus client.
@Suite("the platform against independent peers", .serialized)
struct PlatformConformanceTests {
    private static let venv = Repository.folder + "/.cache/venv/bin"
    private static let seed = 20_260_302

    /// A peer that is not there is a failure in CI, and said loudly elsewhere.
    private func isThere(_ tool: String) -> Bool {
        if FileManager.default.isExecutableFile(atPath: Self.venv + "/" + tool) { return true }
        let sentence = "\(tool) is not in \(Self.venv); run scripts/python-tools.sh"
        if ProcessInfo.processInfo.environment["CI"] == "true" {
            Issue.record("\(sentence)")
        } else {
            FileHandle.standardError.write(Data("SKIPPED: \(sentence)\n".utf8))
        }
        return false
    }

    private func withPlatform(_ body: (_ api: String, _ ca: String, ScratchFolder) async throws -> Void) async throws {
        let scratch = try ScratchFolder()
        // A peer that tries everything is faster than any kiosk.
        let limits = """
            {"limits": {"requestsPerMinute": 1000000, "lookupsPerMinute": 1000000}, "documents": {"openPerKiosk": 1000}}
            """
        try scratch.write(limits.utf8, to: "platform-configuration.json")
        let program = try RunningProgram(
            HallUnderTest.programs + "/kiosk-platformd",
            [
                "--state", scratch.file("state"), "--port", "0", "--staff-port", "0", "--configuration",
                scratch.file("platform-configuration.json"),
            ], log: scratch.file("log"))
        do {
            let file = scratch.file("state/platform.json")
            try await eventually("the platform is up", within: .seconds(20)) {
                FileManager.default.fileExists(atPath: file)
            }
            let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: file))) as? [String: Any]
            try await body(json?["api"] as? String ?? "", scratch.file("state/development-ca"), scratch)
        } catch {
            await program.stop()
            throw error
        }
        await program.stop()
    }

    @Test func `schemathesis finds no server error and no breach of the description`() async throws {
        guard isThere("schemathesis") else { return }
        try await withPlatform { api, ca, scratch in
            let run = try await CommandRun.run(
                "env",
                [
                    // The configuration names its hooks relative to the working folder.
                    "-C", Repository.folder + "/Tests/schemathesis", "timeout", "--signal=INT", "150",
                    Self.venv + "/schemathesis", "--config-file", "schemathesis.toml", "run",
                    Repository.folder + "/docs/api/platform.yaml", "--url", api, "--tls-verify", ca + "/ca.pem",
                    "--request-cert", ca + "/kiosks/kiosk-1.pem", "--request-cert-key",
                    ca + "/kiosks/kiosk-1-key.pem", "--seed", "\(Self.seed)", "--no-color",
                ])
            #expect(run.succeeded, "seed \(Self.seed)\n\(String(decoding: run.output, as: UTF8.self))\n\(run.errors)")
            // It reached the server: an empty run would pass too. The rows are counted, not the files: uploads are also
            // terminated, and how many files are left at the end is chance.
            #expect(String(decoding: run.output, as: UTF8.self).contains("Selected: 17/17"))
            let count = try await CommandRun.run(
                Self.venv + "/python",
                [
                    "-c",
                    "import sqlite3, sys; "
                        + "print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM upload').fetchone()[0])",
                    scratch.file("state/platform.sqlite"),
                ])
            let uploads = String(decoding: count.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(Int(uploads) ?? 0 > 0, "\(uploads) \(count.errors)")
        }
    }

    /// The command of docs/integrator.md has these options and no other, and the configuration file has the rest.
    @Test func `The integrator's command is the one that the test runs`() throws {
        let page = try String(contentsOfFile: Repository.folder + "/docs/integrator.md", encoding: .utf8)
        let start = try #require(page.range(of: "schemathesis --config-file schemathesis.toml run"))
        let command = page[start.lowerBound...].components(separatedBy: "\n\n")[0]
        let options = command.matches(of: /--[a-z-]+/).map { String($0.output) }
        #expect(
            options == ["--config-file", "--url", "--tls-verify", "--request-cert", "--request-cert-key"], "\(command)")
        let rules = try String(
            contentsOfFile: Repository.folder + "/Tests/schemathesis/schemathesis.toml", encoding: .utf8)
        for check in [
            "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
            "response_schema_conformance", "unsupported_method", "use_after_free",
        ] {
            #expect(rules.contains("\n\(check).enabled = true\n"), "\(check)")
        }
        #expect(rules.contains("[checks.negative_data_rejection]\nenabled = true\n"))
    }

    @Test func `schemathesis sees every success answer of the description, and each is as described`() async throws {
        guard isThere("schemathesis") else { return }
        try await withPlatform { api, ca, _ in
            let run = try await CommandRun.run(
                Self.venv + "/python",
                [
                    Repository.folder + "/Tests/schemathesis/success.py",
                    Repository.folder + "/docs/api/platform.yaml", api, ca, "\(Self.seed)", "6",
                ])
            let output = String(decoding: run.output, as: UTF8.self)
            print(output)
            #expect(run.succeeded, "seed \(Self.seed)\n\(output)\n\(run.errors)")
            #expect(output.matches(of: #/ 20\d: [1-9]/#).count == 19, "\(output)")
        }
    }

    @Test func `tuspy uploads a file, and goes on with one that was begun, and with one whose network was cut`()
        async throws
    {
        guard isThere("python") else { return }
        try await withPlatform { api, ca, scratch in
            let port = try #require(URL(string: api)?.port)
            let proxy = try FlakyProxy(targetHost: "127.0.0.1", targetPort: port)
            try await proxy.start()
            // Once, in the middle of the second request's body.
            try await proxy.setMode(.cutAfterBytes(700_000, .up))
            let script = """
                import hashlib, io, sys
                from tusclient import client
                api, ca, proxy = sys.argv[1:4]
                tus = client.TusClient(api + "/v1/uploads", client_cert=(ca + "/kiosks/kiosk-1.pem", ca + "/kiosks/kiosk-1-key.pem"))
                data = bytes(range(256)) * 5000
                metadata = {"item": "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d", "digest": hashlib.sha256(data).hexdigest()}
                first = tus.uploader(file_stream=io.BytesIO(data), chunk_size=300000, metadata=metadata)
                first.upload_chunk()
                assert first.offset == 300000, first.offset
                second = tus.uploader(file_stream=io.BytesIO(data), chunk_size=10**9, metadata=metadata, url=first.url)
                assert second.offset == 300000, second.offset
                second.upload()
                print(second.url.rsplit("/", 1)[1], second.offset)

                # The same through a network that is cut in mid-body.
                metadata["item"] = "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9e"
                cut = client.TusClient(proxy + "/v1/uploads", client_cert=tus.client_cert)
                third = cut.uploader(file_stream=io.BytesIO(data), chunk_size=10**9, metadata=metadata)
                third.set_url(third.create_url())
                try:
                    third.upload()
                    sys.exit("the network was not cut")
                except Exception as error:
                    print(type(error).__name__)
                fourth = cut.uploader(file_stream=io.BytesIO(data), chunk_size=10**9, metadata=metadata, url=third.url)
                assert 0 < fourth.offset < len(data), fourth.offset
                print(fourth.offset)
                fourth.upload()
                print(fourth.url.rsplit("/", 1)[1], fourth.offset)
                """
            try scratch.write(script.utf8, to: "client.py")
            let run = try await CommandRun.run(
                "env",
                [
                    "REQUESTS_CA_BUNDLE=\(ca)/ca.pem", Self.venv + "/python", scratch.file("client.py"), api, ca,
                    "https://localhost:\(proxy.port)",
                ])
            let network = proxy.snapshot
            await proxy.stop()
            #expect(run.succeeded, "\(run.errors)")
            #expect(network.bytesUp < 1_700_000, "resumed, not begun again: \(network)")
            let words = String(decoding: run.output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
            #expect(words.last == "1280000")
            let data = (0..<5000).flatMap { _ in Array(UInt8.min...UInt8.max) }
            for upload in [words.first, words.dropLast().last] {
                #expect(try scratch.bytes(of: "state/uploads/\(upload ?? "")") == data)
            }
        }
    }
}
