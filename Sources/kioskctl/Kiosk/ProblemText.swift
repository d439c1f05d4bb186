import HallModel
import KioskControl

/// A problem in the words of the catalogue.
enum ProblemText {
    /// "2 faults, 1 warning", or "No problems.".
    static func count(_ problems: [ProblemReport]) -> String {
        let words = [(ProblemEntry.Severity.fault, "fault"), (.warning, "warning"), (.info, "note")].compactMap {
            severity, word -> String? in
            let count = problems.count { $0.severity == severity }
            return count == 0 ? nil : mark(severity)("\(count) \(word)\(count == 1 ? "" : "s")")
        }
        return words.isEmpty ? Mark.good("No problems.") : words.joined(separator: ", ")
    }

    static func show(_ problem: ProblemReport) {
        let device = problem.device.map { " (\($0))" } ?? ""
        let head = "\(problem.severity.rawValue): \(problem.code)\(device)"
        Terminal.show("\n\(mark(problem.severity)(head)), for \(Terminal.age(problem.sinceSeconds))")
        for line in lines(problem, indent: "  ") { Terminal.show(line) }
    }

    /// Cause, measured value and action, wrapped to the terminal.
    static func lines(_ problem: ProblemReport, indent: String) -> [String] {
        var parts = [("cause:    ", problem.cause)]
        if !problem.evidence.isEmpty { parts.append(("measured: ", problem.evidence)) }
        parts.append(("do:       ", problem.action))
        return parts.filter { !$0.1.isEmpty }.flatMap { name, text in
            TextTable.wrapped(text, margin: indent, name: name, columns: Terminal.columns)
        }
    }

    static func mark(_ severity: ProblemEntry.Severity) -> Mark {
        switch severity {
        case .fault: .fault
        case .warning: .warning
        case .info: .quiet
        }
    }
}
