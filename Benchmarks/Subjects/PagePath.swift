import DeviceKit
import Foundation
import HallModel
import Logging
import Materials
import NIOCore
import PageRendering
import Scanners
import TestSupport

/// (c) One A4 page in colour at 300 dots per inch, from the rows of the scanner to the sealed file.
struct PagePath: Benchmark {
    let name = "page"

    func run(_ effort: Effort) async throws -> Subject {
        try await withHall { hall, scanner in
            let rows = try await scanner.rows(of: "household-register-2")
            let one = try await PageStages.measure(rows, pages: 1, rounds: effort.rounds(40))
            let ten = try await PageStages.measure(rows, pages: 10, rounds: effort.rounds(6))
            let duels = try await PageDuel.measure(
                scanner, pageCounts: effort.isQuick ? [1, 2] : [1, 10], rounds: effort.rounds(8, quick: 1))
            let memory = try await PageMemory.measure(effort)
            return subject(rows, one, ten, duels, memory)
        }
    }

    /// Only the emulated scanner is used of it, at no time of its own.
    private func withHall<Value>(_ body: (HallUnderTest, BenchScanner) async throws -> Value) async throws -> Value {
        var options = HallUnderTest.Options()
        options.timeScale = 0
        options.startsKiosk = false
        return try await withRunning(HallUnderTest(options)) { hall in
            try await body(hall, try await BenchScanner(hall: hall))
        }
    }

    private func subject(
        _ rows: PageRows, _ one: PageStages, _ ten: PageStages, _ duels: [PageDuel], _ memory: PageMemory
    ) -> Subject {
        let worst = memory.rows.map(\.growth).max() ?? 0
        return Subject(
            title: "A page, from rows to a sealed file",
            explanation: [
                """
                The paper is the emulated hall's household register, A4 in colour at 300 dots per inch: \
                \(rows.width) × \(rows.height) pixels, \(Figure.megabytes(Double(rows.pixels.count))) of rows. First the product's \
                own steps, one after the other on one thread: rows to JPEG (scan worker), checks and the preview for the screen \
                (render worker), putting it aside, PDF, and sealing to the disk with its two syncs. At ten times the work a document has ten pages.
                """
            ],
            tables: [
                PageStages.table([("one page", one), ("ten pages", ten)]), PageDuel.table(duels), memory.table,
                PageCopies.table,
            ],
            notes: [
                """
                Second table: the real workers, driven as `kioskd` drives them, and `scanimage` with `img2pdf` on the same \
                scanner, in turns. Both open the scanner each time. Ours also checks each page, makes its preview, and seals; the \
                peers do none of that, and most of the difference is it. CPU time is that of the programs themselves, without the scanner's: ours of scan worker, \
                render worker and this benchmark in the place of `kioskd`.
                """,
                """
                Third table: the whole product, after a first resident, with items of 1, 10 and 100 pages (materials of at most ten, as \
                `docs/items.md` allows; each is sealed before the next begins). Peak is the kernel's VmHWM; the growth is that from \
                the first figure to the last. Pages of a document in hand are put aside, sealed to a key that only `kioskd` has; \
                their previews, which the screen shows, stay in memory. img2pdf holds the whole document.
                """,
                "Fourth table: " + PageCopies.explanation,
            ],
            goals: [
                Goal(
                    what: "A4 colour page through encode, checks, PDF and seal, p50",
                    figure: Figure.milliseconds(one.total.median), bound: "≤ 150 ms", isMet: one.total.median <= 150,
                    atTenTimes: "\(Figure.milliseconds(ten.total.median / 10)) a page"),
                Goal(
                    what: "peak memory from 1 to 100 pages, the process that grows most",
                    figure: "+\(Figure.percent(worst))", bound: "≤ 10 % (flat)", isMet: worst <= 0.1, atTenTimes: "–"),
                Goal(
                    what: "processor time of a page, against scanimage and img2pdf",
                    figure: Figure.ratio(duels.first.map { $0.peerCPU.median / $0.ourCPU.median } ?? 0),
                    atTenTimes: Figure.ratio(duels.last.map { $0.peerCPU.median / $0.ourCPU.median } ?? 0)),
            ])
    }
}

/// What a scanner sends: RGB, 8 bits a sample, no padding.
struct PageRows: Sendable {
    var width: Int
    var height: Int
    var pixels: [UInt8]
}

/// The steps of a page in one process.
struct PageStages {
    var encode: Samples
    var check: Samples
    var putAside: Samples
    var assemble: Samples
    var seal: Samples
    var total: Samples
    var jpegBytes: Int

    static func measure(_ rows: PageRows, pages: Int, rounds: Int) async throws -> PageStages {
        let recipient = AgeIdentity().recipient.text
        return try await Scratch.use { folder in
            let writer = try SealedFileWriter(folder: folder + "/sealed", recipients: [recipient])
            let vault = PageVault(folder: folder + "/sealed")
            var values: [[Double]] = [[], [], [], [], [], []]
            var jpegBytes = 0
            for round in 0..<(rounds + 1) {
                let (images, times) = try await onThread { try work(rows, pages) }
                jpegBytes = images[0].jpeg.count
                let (aside, kept) = try await timed { try await putAside(images, in: vault) }
                let (assembling, pdf) = try await timed { try MaterialPDF.pieces(of: kept, dotsPerInch: 300) }
                var generator = SystemRandomNumberGenerator()
                let id = ItemID(unixMilliseconds: 1_700_000_000_000, using: &generator)
                let (sealing, file) = try await timed { try await writer.write(pdf, id: id) }
                try await writer.erase(file.name)
                guard round > 0 else { continue }
                let all = times + [aside, assembling, sealing].map(\.milliseconds)
                for (index, value) in (all + [all.reduce(0, +)]).enumerated() { values[index].append(value) }
            }
            let samples = values.map { Samples($0) }
            return PageStages(
                encode: samples[0], check: samples[1], putAside: samples[2], assemble: samples[3], seal: samples[4],
                total: samples[5], jpegBytes: jpegBytes)
        }
    }

    private static func putAside(_ images: [MaterialPage], in vault: PageVault) async throws -> [MaterialPage] {
        var kept: [MaterialPage] = []
        for var image in images {
            guard case .memory(let jpeg) = image.jpeg else { continue }
            image.jpeg = .kept(try await vault.keep(jpeg))
            kept.append(image)
        }
        return kept
    }

    /// Pages, and the times of encoding and checking them, in milliseconds.
    private static func work(_ rows: PageRows, _ pages: Int) throws -> ([MaterialPage], [Double]) {
        var (encoding, checking) = (Duration.zero, Duration.zero)
        var images: [MaterialPage] = []
        let request = PageCheckRequest(
            dotsPerInch: 300, rowsExpected: rows.height, rowsReceived: rows.height, previewWidth: 720)
        for _ in 0..<pages {
            let begin = ContinuousClock.now
            let jpeg = try PageEncoder.encode(rows.pixels, width: rows.width, rows: rows.height, channels: 3)
            let encoded = ContinuousClock.now
            let (checks, _) = try PageChecker.check(jpeg, request)
            guard checks.findings.isEmpty else { throw CannotMeasure("a good page has findings: \(checks.findings)") }
            encoding += encoded - begin
            checking += ContinuousClock.now - encoded
            images.append(
                MaterialPage(
                    jpeg: jpeg, widthPixels: checks.widthPixels, heightPixels: checks.heightPixels,
                    isGray: checks.isGray))
        }
        return (images, [encoding, checking].map(\.milliseconds))
    }

    static func table(_ columns: [(String, PageStages)]) -> Table {
        var table = Table(columns: ["step"] + columns.flatMap { ["\($0.0), p50", "p99"] })
        let steps: [(String, KeyPath<PageStages, Samples>)] = [
            ("rows to JPEG", \.encode), ("checks and preview", \.check), ("put aside", \.putAside), ("PDF", \.assemble),
            ("seal, write, sync", \.seal), ("**all of it**", \.total),
        ]
        for (name, step) in steps {
            table.rows.append(
                [name]
                    + columns.flatMap {
                        [Figure.milliseconds($0.1[keyPath: step].median), Figure.milliseconds($0.1[keyPath: step].p99)]
                    })
        }
        table.rows.append(
            ["a page's JPEG"] + columns.flatMap { [Figure.megabytes(Double($0.1.jpegBytes)), ""] })
        return table
    }
}
