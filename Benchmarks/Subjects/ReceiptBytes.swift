import DeviceKit
import Foundation
import HallModel
import PageRendering
import TestSupport

/// (b) A receipt of Chinese lines and a QR code, to the bytes that the printer gets.
struct ReceiptBytes: Benchmark {
    let name = "receipt"

    private struct Measured {
        var ours: Samples
        var peer: Samples
        var bytes: Int
        var millimetres: Double
    }

    func run(_ effort: Effort) async throws -> Subject {
        let one = try await measure(slips: 1, rounds: effort.rounds(100))
        let ten = try await measure(slips: 10, rounds: effort.rounds(20))
        var table = Table(columns: ["slip", "ours p50", "ours p99", "python-escpos p50", "p99", "ratio of p50"])
        for (title, measured) in [("one slip", one), ("ten slips", ten)] {
            table.rows.append([
                "\(title), each \(Figure.number(measured.millimetres)) mm, \(measured.bytes) bytes",
                Figure.milliseconds(measured.ours.median), Figure.milliseconds(measured.ours.p99),
                Figure.milliseconds(measured.peer.median), Figure.milliseconds(measured.peer.p99),
                Figure.ratio(Self.ratio(measured)),
            ])
        }
        return Subject(
            title: "A receipt, from words to bytes",
            explanation: [
                """
                A slip of 80 mm paper with 40 lines of 15 Chinese characters, as many as one holds, and a QR code: laid out, drawn, thresholded and \
                packed as ESC/POS raster. python-escpos 3.1 is given the \
                finished picture, already decoded, and only makes the raster bytes of it; so its time holds no layout, no font \
                and no QR code. Both in warm processes, in turns.
                """
            ],
            tables: [table],
            goals: [
                Goal(
                    what: "receipt of 40 Chinese lines and QR to bytes, p50",
                    figure: Figure.milliseconds(one.ours.median), bound: "≤ 10 ms",
                    isMet: one.ours.median <= 10, atTenTimes: Figure.milliseconds(ten.ours.median)),
                Goal(
                    what: "the same against python-escpos sending the picture",
                    figure: Figure.ratio(Self.ratio(one)), bound: "≥ 10 ×", isMet: Self.ratio(one) >= 10,
                    atTenTimes: Figure.ratio(Self.ratio(ten))),
            ])
    }

    private static func ratio(_ measured: Measured) -> Double { measured.peer.median / measured.ours.median }

    private func measure(slips: Int, rounds: Int) async throws -> Measured {
        let receipt = Self.receipt(lines: 40)
        let settings = ReceiptPrinterSettings()
        return try await Scratch.use { folder in
            try await onThread {
                let first = try ReceiptRenderer.render(receipt, settings)
                let picture = try ReceiptRenderer.png(receipt, settings)
                try Data(picture.readableBytesView).write(to: URL(filePath: folder + "/slip.png"))
                let peer = try PythonPeer("receipt_escpos.py", [folder + "/slip.png"])
                var ours: [Double] = []
                var theirs: [Double] = []
                for round in 0..<(rounds + 2) {
                    let begin = ContinuousClock.now
                    for _ in 0..<slips { _ = try ReceiptRenderer.render(receipt, settings) }
                    let took = ContinuousClock.now - begin
                    let peerTook = try (0..<slips).map { _ in try peer.round() }.reduce(.zero, +)
                    // The first two warm up.
                    guard round >= 2 else { continue }
                    ours.append(took.milliseconds)
                    theirs.append(peerTook.milliseconds)
                }
                return Measured(
                    ours: Samples(ours), peer: Samples(theirs), bytes: first.escpos.readableBytes,
                    millimetres: first.millimetres)
            }
        }
    }

    /// Lines that differ, of common characters, and the code that a real slip carries.
    static func receipt(lines: Int) -> ReceiptDocument {
        let words = Array("老年人优待证申领已经收下请保管好这张凭条办理进度可以在本机查询也可以到窗口询问工作人员材料户口本身份证件")
        var blocks: [ReceiptDocument.Block] = (0..<lines).map { line in
            .line(String((0..<15).map { words[(line * 7 + $0) % words.count] }))
        }
        blocks.append(.qr("HK1:N:999900001234567890"))
        return ReceiptDocument(blocks: blocks)
    }
}
