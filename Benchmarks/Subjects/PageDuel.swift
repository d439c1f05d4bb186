import DeviceKit
import Foundation
import HallModel
import Materials
import NIOCore
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

/// A document through our workers, and through `scanimage` and `img2pdf`, on the same scanner.
struct PageDuel {
    var pages: Int
    var ourWall: Samples
    var ourCPU: Samples
    var peerWall: Samples
    var peerCPU: Samples
    var peerPeak: Double

    static func measure(_ scanner: BenchScanner, pageCounts: [Int], rounds: Int) async throws -> [PageDuel] {
        let img2pdf = try Peer.python("img2pdf")
        return try await Scratch.use { folder in
            let environment = try scanner.environment(in: folder)
            let writer = try SealedFileWriter(
                folder: folder + "/sealed", recipients: [AgeIdentity().recipient.text])
            let vault = PageVault(folder: folder + "/sealed")
            return try await scanner.withWorkers { workers in
                var duels: [PageDuel] = []
                for pages in pageCounts {
                    var values: [[Double]] = [[], [], [], []]
                    var peak = 0.0
                    for round in 0..<(rounds + 1) {
                        try await scanner.lay("household-register-2", count: pages)
                        let before = cpuOfOurs()
                        let wall = try await timed {
                            var images: [MaterialPage] = []
                            for _ in 0..<pages {
                                images.append(try await scanner.page(through: workers, puttingAsideIn: vault))
                            }
                            try await store(images, writer)
                        }.0
                        let cpu = cpuOfOurs() - before
                        _ = try await workers.perform(
                            .endSession(device: "bench"), on: BenchScanner.scan, deadline: .seconds(10))
                        try await scanner.lay("household-register-2", count: pages)
                        let scan = try await MeasuredCommand.run(
                            "scanimage",
                            try scanner.arguments + [
                                "--format=jpeg", "--batch=\(folder)/p%d.jpg", "--batch-count=\(pages)",
                            ],
                            environment: environment, watchesMemory: round == 0)
                        let names = (1...pages).map { "\(folder)/p\($0).jpg" }
                        let pdf = try await MeasuredCommand.run(
                            img2pdf, names + ["-o", "\(folder)/peer.pdf"], watchesMemory: round == 0)
                        peak = max(peak, scan.peakBytes, pdf.peakBytes)
                        // The first round warms up, and looks at the memory.
                        guard round > 0 || rounds == 1 else { continue }
                        values[0].append(wall.milliseconds)
                        values[1].append(cpu * 1000)
                        values[2].append((scan.wall + pdf.wall).milliseconds)
                        values[3].append((scan.cpuSeconds + pdf.cpuSeconds) * 1000)
                    }
                    duels.append(
                        PageDuel(
                            pages: pages, ourWall: Samples(values[0]), ourCPU: Samples(values[1]),
                            peerWall: Samples(values[2]), peerCPU: Samples(values[3]), peerPeak: peak))
                }
                return duels
            }
        }
    }

    private static func store(
        _ images: [MaterialPage], _ writer: SealedFileWriter
    ) async throws {
        var generator = SystemRandomNumberGenerator()
        let id = ItemID(unixMilliseconds: 1_700_000_000_000, using: &generator)
        let file = try await writer.write(try MaterialPDF.pieces(of: images, dotsPerInch: 300), id: id)
        try await writer.erase(file.name)
    }

    /// Processor time of this process and of the workers it started, in seconds.
    private static func cpuOfOurs() -> Double {
        ([getpid()] + children()).compactMap { ProcessFigures(of: $0)?.cpuSeconds }.reduce(0, +)
    }

    private static func children() -> [pid_t] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.flatMap { task in
            ((try? String(contentsOfFile: "/proc/self/task/\(task)/children", encoding: .utf8)) ?? "")
                .split(separator: " ").compactMap { pid_t($0) }
        }.filter { name(of: $0).hasPrefix("kiosk-worker") }
    }

    private static func name(of process: pid_t) -> String {
        (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) ?? ""
    }

    static func table(_ duels: [PageDuel]) -> Table {
        var table = Table(columns: [
            "document", "ours, wall p50", "ours, CPU p50", "scanimage + img2pdf, wall p50", "CPU p50", "ratio of wall",
            "ratio of CPU", "peers' peak memory",
        ])
        for duel in duels {
            table.rows.append([
                duel.pages == 1 ? "1 page" : "\(duel.pages) pages", Figure.milliseconds(duel.ourWall.median),
                Figure.milliseconds(duel.ourCPU.median), Figure.milliseconds(duel.peerWall.median),
                Figure.milliseconds(duel.peerCPU.median), Figure.ratio(duel.peerWall.median / duel.ourWall.median),
                Figure.ratio(duel.peerCPU.median / duel.ourCPU.median), Figure.megabytes(duel.peerPeak),
            ])
        }
        return table
    }
}
