import Foundation
import HallModel
import Logging
import PlatformClient
import TestSupport

/// (f) A large sealed file to the platform, against `curl`.
struct Upload: Benchmark {
    let name = "upload"

    func run(_ effort: Effort) async throws -> Subject {
        let bytes = effort.isQuick ? 2_000_000 : 100_000_000
        var options = HallUnderTest.Options()
        options.startsKiosk = false
        options.platformConfiguration = """
            {"limits": {"uploadBytes": 2000000000, "openUploadsPerKiosk": 500, "uploadExpirySeconds": 259200, \
            "bodyBytes": 262144, "idleSeconds": 30, "connections": 1000}}
            """
        return try await withRunning(HallUnderTest(options)) { hall in
            let one = try await measure(hall, bytes: bytes, rounds: effort.rounds(8, quick: 1))
            let ten = try await measure(hall, bytes: 10 * bytes, rounds: effort.rounds(2, quick: 1))
            return subject([(bytes, one), (10 * bytes, ten)])
        }
    }

    private struct Measured {
        var ours: Samples
        var peer: Samples
        var ratio: Double { peer.median / ours.median }
    }

    private func subject(_ all: [(bytes: Int, measured: Measured)]) -> Subject {
        var table = Table(columns: ["file", "ours p50", "ours", "curl p50", "curl", "ratio"])
        for (bytes, measured) in all {
            table.rows.append([
                Figure.megabytes(Double(bytes)), "\(Figure.number(measured.ours.median / 1000)) s",
                Figure.megabytesPerSecond(Double(bytes), in: measured.ours.median / 1000),
                "\(Figure.number(measured.peer.median / 1000)) s",
                Figure.megabytesPerSecond(Double(bytes), in: measured.peer.median / 1000),
                Figure.ratio(measured.ratio),
            ])
        }
        return Subject(
            title: "An upload, against curl",
            explanation: [
                """
                A file of random bytes goes to `kiosk-platformd` on this machine by tus 1.0 over TLS with client certificates: \
                created, then one PATCH with all of it. Ours is `PlatformAPI.upload` with a new connection each time; curl's is \
                the sum of its own `time_total` of the two requests, so its start does not count. In turns, on the same server, \
                which syncs what it has every 512 KiB and computes a digest at the end: most of the time is the server's.
                """
            ],
            tables: [table],
            goals: [
                Goal(
                    what: "upload of 100 MB, against curl", figure: Figure.ratio(all[0].measured.ratio),
                    bound: "≥ 0.9 ×",
                    isMet: all[0].measured.ratio >= 0.9, atTenTimes: Figure.ratio(all[1].measured.ratio))
            ])
    }

    private func measure(_ hall: HallUnderTest, bytes: Int, rounds: Int) async throws -> Measured {
        try await Scratch.use { folder in
            let path = folder + "/file"
            _ = try await MeasuredCommand.run("head", ["-c", "\(bytes)", "/dev/urandom"], output: path)
            let sum = try await CommandRun.run("sha256sum", [path])
            let digest = String(decoding: sum.output.prefix(64), as: UTF8.self)
            let curl = CurlUpload(
                server: await hall.platformURL, authority: hall.folder + "/ca", folder: folder, path: path,
                bytes: bytes,
                digest: digest)
            var (ours, theirs): ([Double], [Double]) = ([], [])
            for round in 0..<(rounds + 1) {
                let our = try await send(curl)
                let their = try await curl.run()
                // The first round warms up; with one round there is none to spare.
                guard round > 0 || rounds == 1 else { continue }
                ours.append(our.milliseconds)
                theirs.append(their * 1000)
            }
            return Measured(ours: Samples(ours), peer: Samples(theirs))
        }
    }

    private func send(_ curl: CurlUpload) async throws -> Duration {
        let api = try PlatformAPI(
            url: curl.server, certificateFile: curl.certificate, keyFile: curl.key, trustFile: curl.trust,
            logger: Logger(label: "kiosk-bench"))
        let file = PlatformAPI.FileToSend(
            path: curl.path, bytes: curl.bytes, sha256: curl.digest, item: CurlUpload.newItem())
        do {
            let (took, location) = try await timed { try await api.upload(file) }
            try await api.shutdown()
            try await curl.terminate(location)
            return took
        } catch {
            try? await api.shutdown()
            throw error
        }
    }
}

/// The same upload by `curl`.
struct CurlUpload: Sendable {
    var server: String
    var authority: String
    var folder: String
    var path: String
    var bytes: Int
    var digest: String

    var certificate: String { "\(authority)/kiosks/test-kiosk.pem" }
    var key: String { "\(authority)/kiosks/test-kiosk-key.pem" }
    var trust: String { "\(authority)/ca.pem" }

    static func newItem() -> ItemID {
        var generator = SystemRandomNumberGenerator()
        return ItemID(unixMilliseconds: 1_700_000_000_000, using: &generator)
    }

    private var common: [String] {
        ["-sS", "--fail", "--cert", certificate, "--key", key, "--cacert", trust, "-H", "Tus-Resumable: 1.0.0"]
    }

    /// Creates, sends, erases. Returns what creating and sending took, in seconds.
    func run() async throws -> Double {
        let metadata = TusHeaderFields.metadata(item: Self.newItem(), digest: digest)
        let created = try await curl([
            "-X", "POST", "-H", "Upload-Length: \(bytes)", "-H", "Upload-Metadata: \(metadata)", "-D",
            folder + "/headers",
            "\(server)/v1/uploads",
        ])
        let headers = try String(contentsOfFile: folder + "/headers", encoding: .utf8)
        guard
            let location = headers.split(whereSeparator: \.isNewline).first(where: {
                $0.lowercased().hasPrefix("location:")
            })?.dropFirst(9).description.trimmed
        else { throw CannotMeasure("the platform named no location: \(headers)") }
        let address = location.hasPrefix("/") ? server + location : location
        let sent = try await curl([
            // Ours sends no `Expect: 100-continue` either, for whose answer curl would wait.
            "-X", "PATCH", "-H", "Expect:", "-H", "Upload-Offset: 0", "-H",
            "Content-Type: application/offset+octet-stream", "-T", path,
            address,
        ])
        try await terminate(address)
        return created + sent
    }

    func terminate(_ address: String) async throws { _ = try await curl(["-X", "DELETE", address]) }

    /// What curl says that the request took.
    private func curl(_ arguments: [String]) async throws -> Double {
        let run = try await CommandRun.run(
            "curl", common + ["-o", "/dev/null", "-w", "%{time_total}"] + arguments)
        guard run.succeeded, let seconds = Double(String(decoding: run.output, as: UTF8.self)) else {
            throw CannotMeasure("curl \(arguments.joined(separator: " ")): \(run.errors)")
        }
        return seconds
    }
}
