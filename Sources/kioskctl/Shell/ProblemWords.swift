import Foundation
import HallModel
import KioskConfiguration
import KioskControl

/// Words of the problem catalogue for commands that work without `kioskd`.
enum ProblemWords {
    /// Cause, what was measured, what to do: one line. Without a catalogue the code and the measurement are all there is.
    static func sentence(_ problem: Problem) -> String {
        let measured = problem.evidence.isEmpty ? "" : " [\(problem.evidence)]"
        guard let entry = entry(problem) else { return "\(problem.code)\(measured)" }
        return direct(entry.cause(seeing: problem.evidence)) + measured + " "
            + direct(entry.action(seeing: problem.evidence))
    }

    /// As the daemon would tell it, of a device that is named by its address.
    static func report(_ problem: Problem, at address: String) -> ProblemReport {
        let entry = entry(problem)
        return ProblemReport(
            code: problem.code, severity: entry?.severity ?? .fault, device: address,
            cause: direct(entry?.cause(seeing: problem.evidence) ?? ""), evidence: problem.evidence,
            action: direct(entry?.action(seeing: problem.evidence) ?? ""), sinceSeconds: 0)
    }

    /// The catalogue speaks of a running kiosk; a command that drives a device by itself has no configuration and no screen.
    static func direct(_ text: String) -> String {
        replacements.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// The longer ones first.
    private static let replacements = [
        ("What the configuration names as", "What the address names as"),
        ("its address in the configuration", "the address that was given"),
        ("the path in the configuration", "the path that was given"),
        ("Name another path in the configuration", "Name another path"),
        ("the profile in the configuration", "the profile that was given"),
        (" The slip in hand is offered again on the screen.", " Then run the command again."),
        (" The worker is started again by itself; see the journal of kiosk-worker-scan for why it ended.", ""),
        ("a new roll of the configured width", "a new roll of the width that the printer takes"),
        ("The configured ", "The "),
    ]

    private static func entry(_ problem: Problem) -> ProblemEntry? {
        guard let file = InstalledFiles.path("Kiosk/problems.yaml") else { return nil }
        return try? ProblemCatalogue(file: file)[problem.code]
    }
}

/// Files that are installed with this program.
enum InstalledFiles {
    /// In a folder above the program, or in `share/hallkiosk` beside its `bin`; `nil` where there is none.
    static func path(_ name: String) -> String? {
        var folder = ProgramFolder.own
        for _ in 0..<6 {
            for place in ["", "share/hallkiosk/"] {
                let file = "\(folder)/\(place)\(name)"
                if access(file, R_OK) == 0 { return file }
            }
            guard let slash = folder.lastIndex(of: "/") else { return nil }
            folder = String(folder[..<slash])
        }
        return nil
    }
}

/// Where this program lies, and with it the workers.
enum ProgramFolder {
    static var own: String {
        let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/usr/bin/kioskctl"
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
