import CCUPS
import HallModel

/// A printer's answer as plain values: nothing of libcups's leaves its thread.
struct IPPAnswer: Sendable, Equatable {
    /// The attributes of one printer or one job by their names.
    struct Group: Sendable, Equatable {
        enum Kind: Sendable, Equatable { case operation, printer, job, other }

        var kind: Kind
        var values: [String: Value] = [:]

        func texts(_ name: String) -> [String] {
            if case .texts(let texts) = values[name] { texts } else { [] }
        }

        func integer(_ name: String) -> Int? {
            if case .integers(let numbers) = values[name], let first = numbers.first { Int(first) } else { nil }
        }

        func integers(_ name: String) -> [Int32] {
            if case .integers(let numbers) = values[name] { numbers } else { [] }
        }
    }

    enum Value: Sendable, Equatable {
        case integers([Int32])
        case texts([String])
        /// Out of band: *no-value*, *unknown*. The printer knows the attribute and has none.
        case none
    }

    /// `client-error-not-found` and its like.
    var status: IPPStatus
    var groups: [Group]

    var printer: Group? { groups.first { $0.kind == .printer } }
    var jobs: [Group] { groups.filter { $0.kind == .job } }
}

/// The status code of an answer.
struct IPPStatus: Sendable, Equatable, CustomStringConvertible {
    var code: Int32

    var isSuccess: Bool { (0...0x00FF).contains(code) }
    var isNotFound: Bool { code == IPP_STATUS_ERROR_NOT_FOUND.rawValue || code == IPP_STATUS_ERROR_GONE.rawValue }
    /// A job that has ended cannot be cancelled.
    var isNotPossible: Bool { code == IPP_STATUS_ERROR_NOT_POSSIBLE.rawValue }

    /// The request was turned away: nothing of it happened. Of the printer's own errors only those that say so; in the
    /// others something may have come out.
    var isRefusal: Bool {
        switch code {
        case 0x0400...0x04FF: true
        case IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED.rawValue, IPP_STATUS_ERROR_SERVICE_UNAVAILABLE.rawValue,
            IPP_STATUS_ERROR_VERSION_NOT_SUPPORTED.rawValue, IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS.rawValue,
            IPP_STATUS_ERROR_BUSY.rawValue, IPP_STATUS_ERROR_MULTIPLE_JOBS_NOT_SUPPORTED.rawValue:
            true
        default: false
        }
    }

    var description: String {
        guard let text = ippErrorString(ipp_status_t(rawValue: code)) else { return "status \(code)" }
        return PlainText.keyword(String(cString: text)) ?? "status \(code)"
    }
}

extension IPPAnswer {
    /// Values of one attribute that are kept; printers list some hundreds of media.
    private static let valueLimit = 1_000
    private static let groupLimit = 1 + Int(JobReport.listLimit)

    /// Copies what was read. Attributes of kinds that nobody here asks for are left out.
    init(_ message: OpaquePointer) {
        status = IPPStatus(code: ippGetStatusCode(message).rawValue)
        groups = []
        var open: Group?
        var openTag = IPP_TAG_ZERO
        var attribute = ippFirstAttribute(message)
        while let current = attribute {
            attribute = ippNextAttribute(message)
            let tag = ippGetGroupTag(current)
            // An attribute without a group stands between two jobs.
            guard tag != IPP_TAG_ZERO, let name = ippGetName(current) else {
                if let group = open { groups.append(group) }
                (open, openTag) = (nil, IPP_TAG_ZERO)
                continue
            }
            if tag != openTag {
                if let group = open { groups.append(group) }
                guard groups.count < Self.groupLimit else { return }
                (open, openTag) = (Group(kind: Group.Kind(tag)), tag)
            }
            if let value = Self.value(current) { open?.values[String(cString: name)] = value }
        }
        if let group = open { groups.append(group) }
    }

    private static func value(_ attribute: OpaquePointer) -> Value? {
        let count = min(Int(ippGetCount(attribute)), valueLimit)
        switch ippGetValueTag(attribute) {
        case IPP_TAG_INTEGER, IPP_TAG_ENUM:
            return .integers((0..<count).map { ippGetInteger(attribute, Int32($0)) })
        case IPP_TAG_BOOLEAN:
            return .integers((0..<count).map { ippGetBoolean(attribute, Int32($0)) })
        case IPP_TAG_KEYWORD, IPP_TAG_NAME, IPP_TAG_NAMELANG, IPP_TAG_TEXT, IPP_TAG_TEXTLANG, IPP_TAG_URI,
            IPP_TAG_MIMETYPE:
            return .texts(
                (0..<count).compactMap { ippGetString(attribute, Int32($0), nil).map { String(cString: $0) } })
        case IPP_TAG_NOVALUE, IPP_TAG_UNKNOWN: return Value.none
        default: return nil
        }
    }
}

extension IPPAnswer.Group.Kind {
    fileprivate init(_ tag: ipp_tag_t) {
        switch tag {
        case IPP_TAG_OPERATION: self = .operation
        case IPP_TAG_PRINTER: self = .printer
        case IPP_TAG_JOB: self = .job
        default: self = .other
        }
    }
}
