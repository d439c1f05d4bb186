import CLeptonica
import DeviceKit
import HallModel
import NIOCore

/// The page checks (F7, `docs/pages-and-receipts.md`).
///
/// Blocks for up to 150 ms on an A4 page of 300 dots per inch: call it on a thread of its own (`RenderThread`).
public enum PageChecker {
    /// Measures a page and makes its preview.
    ///
    /// - Parameters:
    ///   - jpeg: gray or colour, at most `PageLimits.maximumPixels`; any bytes may be given.
    ///   - request: `previewWidth` is clamped to 16…2,000 pixels and to the page's own width.
    /// - Returns: the measurements with their verdict, and a smaller JPEG.
    public static func check(
        _ jpeg: ByteBuffer, _ request: PageCheckRequest
    ) throws(PageFailure) -> (PageChecks, ByteBuffer) {
        guard PageLimits.dotsPerInch.contains(request.dotsPerInch) else {
            throw .wrongResolution(request.dotsPerInch)
        }
        let header = try JPEGHeader(jpeg.readableBytesView)
        let decoder = try JPEGDecoder()
        // Writing is told from dust at 150 dots per inch; more only costs time.
        let eighths = (1...8).first { request.dotsPerInch * $0 >= 150 * 8 } ?? 8
        let gray = try decoder.gray(jpeg, header, eighths: eighths)
        let measured = try PageMeasurements(gray, dotsPerInch: Double(request.dotsPerInch * eighths) / 8)
        let preview = try preview(of: jpeg, header, width: request.previewWidth, with: decoder)
        return (verdict(measured, header, request), preview)
    }

    /// The verdict on all measurements together.
    static func verdict(
        _ measured: PageMeasurements, _ header: JPEGHeader, _ request: PageCheckRequest
    ) -> PageChecks {
        var findings: [PageChecks.Finding] = []
        let isShort = request.rowsExpected.map { request.rowsReceived < $0 } ?? false
        if isShort || header.heightPixels < request.rowsReceived { findings.append(.incomplete) }
        let tellsAngle = measured.skewConfidence >= 3
        if measured.bright < 0.45 && measured.contrast < 0.5 {
            // Nothing else can be told of a page that is dark.
            findings.append(.tooDark)
        } else if isBlank(measured) {
            findings.append(.blank)
        } else {
            if tellsAngle && abs(measured.skewDegrees) > 3 { findings.append(.skewed) }
            if measured.touchedBorders > 0 { findings.append(.cropped) }
        }
        return PageChecks(
            widthPixels: header.widthPixels, heightPixels: header.heightPixels, isGray: header.model == .gray,
            rowsExpected: request.rowsExpected,
            rowsReceived: request.rowsReceived, inkShare: measured.inkShare, brightness: measured.mean,
            skewDegrees: tellsAngle ? measured.skewDegrees : nil, skewConfidence: measured.skewConfidence,
            touchedBorders: measured.touchedBorders, findings: findings)
    }

    /// Fewer marks than a word has strokes, or only soft ones (folds, shadows, the other side shining through).
    private static func isBlank(_ measured: PageMeasurements) -> Bool {
        if measured.marks < 4 { return measured.inkShare < 0.003 }
        return measured.inkShare < 0.03 && measured.edgeEnergy < 10
    }

    private static func preview(
        of jpeg: ByteBuffer, _ header: JPEGHeader, width requested: Int, with decoder: borrowing JPEGDecoder
    ) throws(PageFailure) -> ByteBuffer {
        let width = min(max(requested, 16), 2_000, header.widthPixels)
        let eighths = (1...8).first { JPEGDecoder.scaled(header.widthPixels, $0) >= width } ?? 8
        let reduced = try decoder.color(jpeg, header, eighths: eighths)
        let encoder = try JPEGEncoder()
        guard reduced.width != width else { return try encoder.encode(reduced, quality: 82) }
        let factor = Float(width) / Float(reduced.width)
        let height = max(1, Int((Float(reduced.height) * factor).rounded()))
        let exact = try Picture(
            pixScaleToSize(reduced.pix, Int32(width), Int32(height)), from: "pixScaleToSize")
        return try encoder.encode(exact, quality: 82)
    }
}
