import Foundation
import HallModel

/// How `kioskctl` ends; the table in docs/kioskctl.md is held against this one.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case failed = 1
    case unknown = 3
    case usage = 64
    case data = 65
    case unavailable = 69
    case software = 70
    case system = 71
    case missingProgram = 72
    case cannotCreate = 73
    case output = 74
    case tryAgain = 75
    case configuration = 78
    case interrupted = 130

    /// When a command ends so.
    var meaning: String {
        switch self {
        case .done: "It worked. For `status`: nothing is at fault"
        case .failed:
            "It did not work, and the sentence says why: no card, not printed, no page, refused by the platform. "
                + "For `status`: there is a fault, or submission is closed"
        case .unknown: "Nobody can tell whether the slip came out: look at the printer"
        case .usage: "The call is not understood, or names a command, device or case that there is not"
        case .data: "FILE cannot be read, or is not what the command takes; each mistake is told with its line"
        case .unavailable: "`kioskd` or the device is not there, does not answer, or may not be opened by this user"
        case .software: "A worker program ended or hangs"
        case .system: "The private socket for a worker cannot be used"
        case .missingProgram: "A worker program is not installed beside `kioskctl`"
        case .cannotCreate: "The result cannot be written: it exists already, or the folder does not take it"
        case .output: "Standard output cannot be written"
        case .tryAgain: "Not now: a resident is at the kiosk, the platform is away, the device works for somebody else"
        case .configuration: "A profile or the kiosk's configuration cannot be used"
        case .interrupted: "Ended by Ctrl-C or a signal before it was done"
        }
    }

    /// How a command ends for which a device had this problem. One that another program holds is there, and works for it.
    init(of problem: ProblemCode, evidence: String) {
        switch problem {
        case .scannerBusy: self = .tryAgain
        case .readerMissing, .readerSilent, .scannerMissing, .printerMissing, .documentPrinterMissing,
            .codeReaderMissing:
            let words = evidence.split { !$0.isLetter && !$0.isNumber }
            self = words.contains("EBUSY") ? .tryAgain : .unavailable
        case .rendererMissing: self = .software
        default: self = .failed
        }
    }
}
