import Foundation
import HallModel
import Materials
import TestSupport

/// (d) Sealing a file against `age`.
struct Sealing: Benchmark {
    let name = "seal"

    private struct Measured {
        var bytes: Int
        var ours: Samples
        var peer: Samples
        var ourPeak: Double
        var peerPeak: Double
        var inProcess: Samples
    }

    func run(_ effort: Effort) async throws -> Subject {
        let sizes = effort.isQuick ? [100_000, 1_000_000] : [1_000_000, 10_000_000, 100_000_000]
        var measured: [Measured] = []
        for bytes in sizes {
            measured.append(try await measure(bytes: bytes, rounds: effort.rounds(bytes > 50_000_000 ? 8 : 30)))
        }
        var table = Table(columns: [
            "file", "kioskctl seal p50", "p99", "age p50", "p99", "ratio of p50", "peak memory, ours", "age",
            "in kioskd p50",
        ])
        for one in measured {
            table.rows.append([
                Figure.megabytes(Double(one.bytes)), Figure.milliseconds(one.ours.median),
                Figure.milliseconds(one.ours.p99), Figure.milliseconds(one.peer.median),
                Figure.milliseconds(one.peer.p99), Figure.ratio(one.peer.median / one.ours.median),
                Figure.megabytes(one.ourPeak), Figure.megabytes(one.peerPeak),
                Figure.milliseconds(one.inProcess.median),
            ])
        }
        let tenth = measured[measured.count - 2]
        let last = measured[measured.count - 1]
        return Subject(
            title: "Sealing, against age",
            explanation: [
                """
                The same random file is sealed to the same recipient by `kioskctl seal` and by `age`, each as a program with its \
                start and its end, in turns. Ours is not done before the file and its folder are synced; \
                `age` syncs nothing, so its file is synced after it, and that time counts as age's. Of ours some 10 ms are the \
                program's start. The last column is what `kioskd` itself does with a document in memory: no process, the same \
                syncs, and the SHA-256 of the sealed bytes beside it.
                """
            ],
            tables: [table],
            goals: [
                Goal(
                    what: "seal \(Figure.megabytes(Double(tenth.bytes))), against age",
                    figure: Figure.ratio(tenth.peer.median / tenth.ours.median),
                    atTenTimes: Figure.ratio(last.peer.median / last.ours.median))
            ])
    }

    private func measure(bytes: Int, rounds: Int) async throws -> Measured {
        let sealer = "\(HallUnderTest.programs)/kioskctl"
        return try await Scratch.use { folder in
            var generator = SystemRandomNumberGenerator()
            let identity = AgeIdentity()
            let recipient = identity.recipient.text
            let plain = [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
                for index in buffer.indices { buffer[index] = UInt8.random(in: 0...255, using: &generator) }
                count = bytes
            }
            try Data(plain).write(to: URL(filePath: folder + "/plain"))
            let writer = try SealedFileWriter(folder: folder + "/sealed", recipients: [recipient])
            var (ours, theirs, inside): ([Double], [Double], [Double]) = ([], [], [])
            var (ourPeak, peerPeak) = (0.0, 0.0)
            for round in 0..<(rounds + 1) {
                // The first round warms up, and looks at the memory.
                let isFirst = round == 0
                for name in ["ours", "age"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
                let our = try await MeasuredCommand.run(
                    sealer, ["seal", "--recipient", recipient, folder + "/plain", folder + "/ours"],
                    watchesMemory: isFirst)
                let age = try await MeasuredCommand.run(
                    "age", ["-r", recipient, "-o", folder + "/age", folder + "/plain"], watchesMemory: isFirst)
                let sync = try await timed { try await onThread { try Self.sync(folder + "/age") } }.0
                let id = ItemID(unixMilliseconds: UInt64(round), using: &generator)
                let (inProcess, file) = try await timed { try await writer.write(plain, id: id) }
                try await writer.erase(file.name)
                if isFirst { (ourPeak, peerPeak) = (our.peakBytes, age.peakBytes) }
                guard !isFirst else { continue }
                ours.append(our.wall.milliseconds)
                theirs.append((age.wall + sync).milliseconds)
                inside.append(inProcess.milliseconds)
            }
            return Measured(
                bytes: bytes, ours: Samples(ours), peer: Samples(theirs), ourPeak: ourPeak, peerPeak: peerPeak,
                inProcess: Samples(inside))
        }
    }

    private static func sync(_ path: String) throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw CannotMeasure("\(path) is not there") }
        try file.synchronize()
        try file.close()
    }
}
