import ByteTransports
import HallModel

extension PrinterCondition {
    /// What a person has to do something about, the most urgent first; `nil` when the printer can print.
    func problem(of device: String) -> Problem? {
        func problem(_ code: ProblemCode, _ evidence: String) -> Problem {
            Problem(code, device: device, evidence: evidence)
        }
        if isCoverOpen { return problem(.printerCoverOpen, "the printer reports its cover open") }
        if isPaperOut { return problem(.printerPaperOut, "the printer reports the end of its paper") }
        if hasCutterError { return problem(.printerCutter, "the printer reports a cutter error") }
        if hasUnrecoverableError { return problem(.printerFault, "the printer reports an unrecoverable error") }
        if hasMechanicalError { return problem(.printerFault, "the printer reports a mechanical error") }
        if hasError { return problem(.printerFault, "the printer reports an error and does not name it") }
        if isOffline { return problem(.printerFault, "the printer is off line and names no cause") }
        return nil
    }

    var state: DeviceState {
        if isCoverOpen || isPaperOut { return .userError }
        if hasCutterError || hasUnrecoverableError || hasMechanicalError || hasError { return .hardwareError }
        return isOffline ? .offline : .online
    }

    var paper: PaperState { isPaperOut ? .out : isPaperNearEnd ? .low : .full }
}

extension TransportError {
    /// Whatever keeps us from the printer: the evidence says why, the catalogue what to do about each.
    func printerProblem(of device: String) -> Problem {
        Problem(.printerMissing, device: device, evidence: description)
    }
}
