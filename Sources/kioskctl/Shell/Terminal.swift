import Foundation
import Synchronization

/// What every command does with its two outputs: results on standard output, one sentence on standard error.
enum Terminal {
    /// Where a person's standard error is: elsewhere while `StandardErrorSilence` keeps workers from it.
    static let errors = Atomic(STDERR_FILENO)

    /// Writes one line to standard error; further lines of the sentence as they are.
    static func complain(_ sentence: String) {
        _ = write(Array("kioskctl: \(sentence)\n".utf8), to: errors.load(ordering: .relaxed))
    }

    /// Writes a line to standard output, at once. Ends the program when it cannot be written: with a sentence, or in silence when
    /// who read it has gone, as `head` does.
    static func show(_ line: String = "") {
        guard !write(Array((line + "\n").utf8), to: STDOUT_FILENO) else { return }
        let cause = errno
        if cause != EPIPE {
            complain("standard output cannot be written (\(String(cString: strerror(cause)))); send it somewhere else.")
        }
        _exit(ExitStatus.output.rawValue)
    }

    /// Writes text as it is, without an end of line: for a progress bar.
    static func draw(_ text: String) { _ = write(Array(text.utf8), to: errors.load(ordering: .relaxed)) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress! + done, bytes.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// Prints a value as JSON with sorted keys.
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        show(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Prints a value as one line of JSON: for streams.
    static func printJSONLine(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        show(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// "3 s", "5 min", "2 h", "4 d": one number is enough to act on.
    static func age(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    /// "512 B", "48 KiB", "3.1 MiB".
    static func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_024: "\(bytes) B"
        case ..<1_048_576: "\((bytes + 512) / 1_024) KiB"
        default: String(format: "%.1f MiB", Double(bytes) / 1_048_576)
        }
    }

    /// Columns of the terminal; 80 where there is none.
    static var columns: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return min(120, max(40, Int(size.ws_col)))
        }
        return 80
    }

    /// A person sits in front of this output.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Colours only where a person sees them and did not refuse them (https://no-color.org).
    static let isColoured: Bool = {
        let environment = ProcessInfo.processInfo.environment
        return isTerminal(STDOUT_FILENO) && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }()
}

/// What a word on the terminal stands for.
enum Mark {
    case good, warning, fault, strong, quiet

    func callAsFunction(_ text: String) -> String {
        guard Terminal.isColoured else { return text }
        let code =
            switch self {
            case .good: "32"
            case .warning: "33"
            case .fault: "1;31"
            case .strong: "1"
            case .quiet: "2"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
