import Foundation
import HallModel
import KioskConfiguration

/// Words of the problem catalogue for commands that work without `kioskd`.
enum ProblemWords {
    /// Cause, what was measured, what to do: one line. Without a catalogue the code and the measurement are all there is.
    static func sentence(_ problem: Problem) -> String {
        let measured = problem.evidence.isEmpty ? "" : " [\(problem.evidence)]"
        guard let file = catalogueFile, let entry = try? ProblemCatalogue(file: file)[problem.code] else {
            return "\(problem.code)\(measured)"
        }
        return "\(entry.cause(seeing: problem.evidence))\(measured) \(entry.action(seeing: problem.evidence))"
    }

    /// `Kiosk/problems.yaml` in a folder above the program, or `share/hallkiosk/Kiosk` beside its `bin`.
    private static var catalogueFile: String? {
        var folder = ProgramFolder.own
        for _ in 0..<6 {
            for place in ["Kiosk", "share/hallkiosk/Kiosk"] {
                let file = "\(folder)/\(place)/problems.yaml"
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
