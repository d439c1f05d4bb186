import Foundation
import TestSupport

/// How much memory the whole product takes at most while a resident scans 1, 10 and 100 pages, and img2pdf on as many.
struct PageMemory {
    struct Row {
        var process: String
        /// Bytes after 1, 10 and 100 pages.
        var peaks: [Double]
        /// From the first to the last.
        var growth: Double { peaks[0] > 0 ? peaks[peaks.count - 1] / peaks[0] - 1 : 0 }
    }

    var pages: [Int]
    var rows: [Row]
    var img2pdf: [Double]

    static func measure(_ effort: Effort) async throws -> PageMemory {
        // An item has at most six materials of ten pages: a hundred are two residents.
        let plans: [(pages: Int, item: String, times: Int)] =
            effort.isQuick
            ? [(1, "one-page", 1), (2, "one-page", 2)]
            : [(1, "one-page", 1), (10, "ten-pages", 1), (100, "fifty-pages", 2)]
        return try await Scratch.use { folder in
            let kiosk = try BenchItems.kioskFolder(in: folder)
            var options = HallUnderTest.Options()
            options.timeScale = 0
            options.changesConfiguration = { BenchItems.configuration($0, kiosk, BenchItems.pages) }
            var peaks: [String: [Double]] = [:]
            for plan in plans {
                // Each in a kiosk that was just started, so that one's peak is not the other's.
                let measured = try await withRunning(HallUnderTest(options)) { hall in
                    try await peak(of: hall, item: plan.item, times: plan.times)
                }
                for (process, bytes) in measured { peaks[process, default: []].append(bytes) }
            }
            var img2pdf: [Double] = []
            for plan in plans { img2pdf.append(try await peakOfPeer(pages: plan.pages, in: folder)) }
            return PageMemory(
                pages: plans.map(\.pages),
                rows: peaks.sorted { $0.key < $1.key }.map { Row(process: $0.key, peaks: $0.value) }, img2pdf: img2pdf)
        }
    }

    private static func peak(of hall: HallUnderTest, item: String, times: Int) async throws -> [String: Double] {
        let resident = try await PagesErrand(hall)
        // Somebody was there before: fonts and libraries are loaded with the first page and the first slip, and stay.
        try await resident.scansAll(of: "one-page")
        for _ in 0..<times { try await resident.scansAll(of: item) }
        await resident.leaves()
        var processes = await hall.workerPIDs()
        processes["kioskd"] = await hall.kiosk?.pid
        var peaks: [String: Double] = [:]
        for (name, pid) in processes where ["kioskd", "kiosk-worker-scan", "kiosk-worker-render"].contains(name) {
            guard let figures = ProcessFigures(of: pid) else { throw CannotMeasure("\(name) is gone") }
            peaks[name] = figures.peakBytes
        }
        guard peaks.count == 3 else { throw CannotMeasure("only \(peaks.keys.sorted()) run") }
        return peaks
    }

    /// The same JPEG, under as many names as there are pages.
    private static func peakOfPeer(pages: Int, in folder: String) async throws -> Double {
        let page = try await onThread { try BenchItems.jpeg() }
        var names: [String] = []
        for number in 0..<pages {
            let name = "\(folder)/page-\(number).jpg"
            try page.write(to: URL(filePath: name))
            names.append(name)
        }
        return try await MeasuredCommand.run(
            Peer.python("img2pdf"), names + ["-o", folder + "/peer.pdf"], watchesMemory: true
        ).peakBytes
    }

    var table: Table {
        var table = Table(
            columns: ["peak memory after"] + pages.map { $0 == 1 ? "1 page" : "\($0) pages" } + ["growth"])
        for row in rows {
            table.rows.append(
                [row.process] + row.peaks.map(Figure.megabytes) + ["\(Figure.percent(row.growth))"])
        }
        let peer = Row(process: "img2pdf", peaks: img2pdf)
        table.rows.append(["img2pdf"] + img2pdf.map(Figure.megabytes) + [Figure.percent(peer.growth)])
        return table
    }
}
