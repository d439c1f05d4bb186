import DeviceKit
import HallModel
import KioskConfiguration
import KioskControl

/// Why a command did not do what it was asked: one sentence for a person, a status for a script.
struct CommandFailure: Error, CustomStringConvertible {
    /// What happened, to which thing, what to do. Without the program's name.
    var sentence: String
    var status: ExitStatus
    /// The problem of the catalogue, where it is one.
    var problem: ProblemReport?

    var description: String { sentence }

    init(_ status: ExitStatus, _ sentence: String, problem: ProblemReport? = nil) {
        self.status = status
        self.sentence = sentence
        self.problem = problem
    }

    /// A problem of a device in the catalogue's words.
    init(_ problem: Problem, at place: String, status: ExitStatus) {
        self.init(
            status, "\(place): \(ProblemWords.sentence(problem))", problem: ProblemWords.report(problem, at: place))
    }

    /// What the daemon refused.
    init(_ refusal: ControlRefusal) {
        let status: ExitStatus =
            switch refusal.reason {
            case .unknownDevice, .unknownCase: .usage
            case .sessionOn, .busy, .tooMany: .tryAgain
            case .notUnderstood: .data
            case .failed: refusal.problem.map { ExitStatus(of: $0.code, evidence: $0.evidence) } ?? .failed
            case .workerFailed: .software
            }
        self.init(status, refusal.sentence, problem: refusal.problem)
    }

    /// What a worker failed with.
    init(_ failure: WorkerFailure, of worker: String, at place: String) {
        switch failure {
        case .problem(let problem):
            self.init(problem, at: place, status: ExitStatus(of: problem.code, evidence: problem.evidence))
        case .deadlinePassed: self.init(.software, "\(worker) did not answer in time; run the command again.")
        case .cancelled: self.init(.interrupted, "\(place): the work was given up.")
        case .notUnderstood(let what): self.init(.data, "\(worker) does not take this: \(what).")
        case .workerLost: self.init(.software, "\(worker) ended in the middle; run the command again.")
        }
    }

    /// Mistakes of a file, one line each.
    init(_ errors: ConfigurationErrors, status: ExitStatus) {
        self.init(status, errors.errors.map(\.description).joined(separator: "\n"))
    }

    /// `{"error": …}`, what a command with `--json` prints on standard output in place of its result.
    struct Report: Encodable {
        struct Content: Encodable {
            var sentence: String
            var exitStatus: Int32
            var problem: ProblemReport?
        }
        var error: Content
    }

    var report: Report { Report(error: .init(sentence: sentence, exitStatus: status.rawValue, problem: problem)) }
}
