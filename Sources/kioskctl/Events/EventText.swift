import Foundation
import HallModel
import KioskControl

/// An event as a line for a person: the time of day, the type, what of it matters.
enum EventText {
    static func line(_ event: KioskEvent) -> String {
        let type = event.type.rawValue
        let padded = type + String(repeating: " ", count: max(1, 18 - type.count))
        return (Mark.quiet(time(event.time)) + "  " + (mark(event)?(padded) ?? padded) + words(event))
            .trimmingCharacters(in: .whitespaces)
    }

    /// The machine's own time of day.
    static func time(_ iso: String) -> String {
        guard let date = try? Date(iso, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) else {
            return iso
        }
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return String(format: "%02d:%02d:%02d", parts.tm_hour, parts.tm_min, parts.tm_sec)
    }

    private static func mark(_ event: KioskEvent) -> Mark? {
        switch event.type {
        case .workerLost, .cardFailed, .scanFailed, .caseFailed, .dropped: return .fault
        case .device: return event.state.map(DeviceText.mark)
        case .receipt, .document, .technician: return event.verdict.map { $0 == .printed ? .good : .fault }
        case .caseConfirmed: return .good
        case .submission: return event.isOpen == true ? .good : .fault
        case .platform: return event.isReachable == true ? .good : .fault
        default: return nil
        }
    }

    static func words(_ event: KioskEvent) -> String {
        let device = event.device ?? "-"
        switch event.type {
        case .ready: return "\(event.kiosk ?? "-"), version \(event.version ?? "-")"
        case .device:
            return device + ": "
                + [event.state.map(PlainWords.of), event.paper.map { "paper \($0.rawValue)" }, problem(event)]
                .compactMap(\.self).joined(separator: ", ")
        case .workerConnected, .workerLost: return event.worker ?? "-"
        case .sessionBegan: return "session \(event.session ?? 0)"
        case .sessionEnded: return "session \(event.session ?? 0), after \(Terminal.age(event.seconds ?? 0))"
        case .screen:
            let item = event.item.map { ", \($0)" } ?? ""
            let step = event.step.map { ", step \($0) of \(event.steps ?? 0)" } ?? ""
            let code = event.code.map { ", \($0)" } ?? ""
            return (event.screen ?? "-") + item + step + code
        case .cardPresented, .cardRemoved, .scanStarted, .codeRead, .slipTaken: return device
        case .cardRead: return "\(device): \(card(event))"
        case .cardFailed, .scanFailed: return "\(device): \(problem(event) ?? "-")"
        case .pageScanned: return "\(device): \(event.rows ?? 0) rows, \(findings(event.findings ?? []))"
        case .materialStored: return "\(event.material ?? "-"), \(event.pages ?? 0) pages"
        case .caseAccepted: return "\(id(event)), \(event.item ?? "-")"
        case .caseConfirmed: return id(event)
        case .caseFailed:
            return "\(id(event)): \(event.answer ?? "-"), next try in \(Terminal.age(event.retryInSeconds ?? 0))"
        case .receipt:
            return "\(device): \(print(event))\(event.isSecondCopy == true ? ", second copy" : ""), \(id(event))"
        case .document:
            let evidence = event.evidence.map { " [\($0)]" } ?? ""
            let copy = event.isSecondCopy == true ? ", second copy" : ""
            return "\(device): \(print(event))\(evidence)\(copy), \(event.pages ?? 0) pages"
        case .platform: return event.isReachable == true ? "answers" : problem(event) ?? "-"
        case .submission: return event.isOpen == true ? "open" : "closed: \(problem(event) ?? "-")"
        case .staffCalled: return "\(event.screen ?? "-"), \(event.isDelivered == true ? "delivered" : "not delivered")"
        case .outboxRetry: return event.case.map(\.rawValue) ?? "\(event.cases ?? 0) case\(event.cases == 1 ? "" : "s")"
        case .technician:
            let outcome = event.verdict == nil ? event.evidence ?? event.code?.rawValue ?? "done" : print(event)
            return "\(event.work ?? "-") on \(device): \(outcome)"
        case .dropped: return "this reader was too slow"
        }
    }

    /// "resident, expired".
    static func card(_ event: KioskEvent) -> String {
        ([event.card?.rawValue ?? "-"] + (event.flags ?? []).map(PlainWords.of)).joined(separator: ", ")
    }

    static func findings(_ findings: [PageChecks.Finding]) -> String {
        findings.isEmpty ? "good" : findings.map(PlainWords.of).joined(separator: ", ")
    }

    private static func print(_ event: KioskEvent) -> String {
        // What proves that a slip came out says nothing of one that did not.
        let evidence = event.verdict == .printed ? event.rung.map { "by \($0.rawValue)" } : nil
        return [event.verdict.map(PlainWords.of), evidence, event.code?.rawValue].compactMap(\.self)
            .joined(separator: ", ")
    }

    private static func problem(_ event: KioskEvent) -> String? {
        event.code.map { code in event.evidence.map { "\(code) [\($0)]" } ?? "\(code)" }
    }

    private static func id(_ event: KioskEvent) -> String { event.case?.rawValue ?? "-" }
}
