/// Operations that this printer knows (RFC 8011 section 5.4.15, PWG 5100.11, 5100.13).
enum IPPOperation: UInt16, CaseIterable {
    case printJob = 0x0002
    case validateJob = 0x0004
    case createJob = 0x0005
    case sendDocument = 0x0006
    case cancelJob = 0x0008
    case getJobAttributes = 0x0009
    case getJobs = 0x000A
    case getPrinterAttributes = 0x000B
    case cancelMyJobs = 0x0039
    case closeJob = 0x003B
    case identifyPrinter = 0x003C

    /// Whether the operation is about one job, named by `job-uri` or by `printer-uri` and `job-id`.
    var concernsJob: Bool {
        switch self {
        case .sendDocument, .cancelJob, .getJobAttributes, .closeJob: true
        default: false
        }
    }
}

/// Status codes (RFC 8011 section appendix B).
enum IPPStatus: UInt16 {
    case ok = 0x0000
    case okIgnoredOrSubstituted = 0x0001
    case badRequest = 0x0400
    case notPossible = 0x0404
    case notFound = 0x0406
    case attributesNotSupported = 0x040B
    case requestValueTooLong = 0x0409
    case documentFormatNotSupported = 0x040A
    case charsetNotSupported = 0x040D
    case compressionNotSupported = 0x040F
    case documentFormatError = 0x0411
    case internalError = 0x0500
    case operationNotSupported = 0x0501
    case versionNotSupported = 0x0503
    case notAcceptingJobs = 0x0506
    case busy = 0x0507
    case multipleDocumentsNotSupported = 0x0509
}

/// `printer-state`
enum IPPPrinterState: Int32 { case idle = 3, processing, stopped }

/// `job-state`
enum IPPJobState: Int32, Sendable {
    case pending = 3
    case held, processing, stopped, canceled, aborted, completed

    var isOver: Bool { rawValue >= IPPJobState.canceled.rawValue }
}
