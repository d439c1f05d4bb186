/// Numbers as they stand in the document.
enum Figure {
    /// Three significant digits, never an exponent.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = abs(value)
        let decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.0995 ? 2 : 3
        return fixed(value, decimals)
    }

    static func milliseconds(_ value: Double) -> String { "\(number(value)) ms" }
    static func percent(_ share: Double) -> String { "\(number(share * 100)) %" }
    static func ratio(_ value: Double) -> String { "\(number(value)) ×" }
    static func megabytes(_ bytes: Double) -> String { "\(number(bytes / 1_000_000)) MB" }
    static func megabytesPerSecond(_ bytes: Double, in seconds: Double) -> String {
        "\(number(bytes / 1_000_000 / seconds)) MB/s"
    }

    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "−" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
