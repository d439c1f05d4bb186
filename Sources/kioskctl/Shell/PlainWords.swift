import HallModel

/// Words for people in place of the names that programs use; JSON keeps the names.
enum PlainWords {
    static func of(_ state: DeviceState) -> String {
        switch state {
        case .online: "online"
        case .busy: "busy"
        case .offline: "offline"
        case .userError: "needs a hand"
        case .noDevice: "not there"
        case .hardwareError: "broken"
        }
    }

    static func of(_ verdict: PrintOutcome.Verdict) -> String {
        switch verdict {
        case .printed: "printed"
        case .notPrinted: "not printed"
        case .unknown: "nobody can tell"
        }
    }

    static func of(_ flag: IdentityDocument.Flag) -> String {
        switch flag {
        case .expired: "expired"
        case .notYetValid: "not yet valid"
        case .checkDigitWrong: "check digit wrong"
        case .longTerm: "long-term"
        case .dateUnreadable: "a date is unreadable"
        case .textDamaged: "text damaged"
        }
    }

    static func of(_ finding: PageChecks.Finding) -> String {
        switch finding {
        case .incomplete: "incomplete"
        case .blank: "blank"
        case .tooDark: "too dark"
        case .skewed: "skewed"
        case .cropped: "cropped"
        }
    }
}
