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
        return entry.cause(seeing: problem.evidence) + measured + " " + entry.deviceAction(seeing: problem.evidence)
    }

    /// As the daemon would tell it, of a device that is named by its address.
    static func report(_ problem: Problem, at address: String) -> ProblemReport {
        let entry = entry(problem)
        return ProblemReport(
            code: problem.code, severity: entry?.severity ?? .fault, device: address,
            cause: entry?.cause(seeing: problem.evidence) ?? "", evidence: problem.evidence,
            action: entry?.deviceAction(seeing: problem.evidence) ?? "", sinceSeconds: 0)
    }

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
