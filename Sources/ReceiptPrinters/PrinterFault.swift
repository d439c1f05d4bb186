import ByteTransports
import HallModel

extension PrinterCondition {
    /// What a person has to do something about, the most urgent first; `nil` when the printer can print.
    func problem(of device: String) -> Problem? {
        func problem(_ code: ProblemCode, _ evidence: String) -> Problem {
            Problem(code, device: device, evidence: evidence)
        }
        if isCoverOpen { return problem(.printerCoverOpen, "the printer reports its cover open") }
        if full?.isCoverOpen == true { return problem(.printerCoverOpen, "the printer reports its cover open") }
        if full?.isHeadUp == true { return problem(.printerCoverOpen, "the printer reports its print head up") }
        if isOutOfPaper { return problem(.printerPaperOut, "the printer reports the end of its paper") }
        if full?.isJammed == true { return problem(.printerJam, "the printer reports a paper jam") }
        if hasCutterError || full?.hasCutterError == true {
            return problem(.printerCutter, "the printer reports a cutter error")
        }
        if full?.hasMemoryError == true { return problem(.printerFault, "the printer reports an error of its memory") }
        if full?.isHeadTooHot == true {
            return problem(.printerFault, "the printer reports that the temperature of its head is wrong")
        }
        if full?.isVoltageWrong == true {
            return problem(.printerFault, "the printer reports that its supply voltage is wrong")
        }
        if hasUnrecoverableError { return problem(.printerFault, "the printer reports an unrecoverable error") }
        if hasMechanicalError { return problem(.printerFault, "the printer reports a mechanical error") }
        if hasError { return problem(.printerFault, "the printer reports an error and does not name it") }
        if isOffline { return problem(.printerFault, "the printer is off line and names no cause") }
        return nil
    }

    var state: DeviceState {
        if isCoverOpen || isOutOfPaper || full?.isCoverOpen == true || full?.isHeadUp == true { return .userError }
        if hasCutterError || hasUnrecoverableError || hasMechanicalError || hasError || full?.isStopped == true {
            return .hardwareError
        }
        return isOffline ? .offline : .online
    }

    var paper: PaperState {
        if isOutOfPaper { return .out }
        if full?.isJammed == true { return .jammed }
        return isPaperLow ? .low : .full
    }

    private var isOutOfPaper: Bool { isPaperOut || full?.isPaperOut == true }
}

extension TransportError {
    /// Whatever keeps us from the printer: the evidence says why, the catalogue what to do about each.
    func printerProblem(of device: String) -> Problem {
        Problem(.printerMissing, device: device, evidence: description)
    }
}
