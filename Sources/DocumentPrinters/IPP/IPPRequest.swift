/// One question to a printer or a queue, in the words of RFC 8011.
struct IPPRequest: Sendable, Equatable {
    enum Operation: Int32, Sendable {
        case printJob = 0x0002
        case createJob = 0x0005
        case sendDocument = 0x0006
        case cancelJob = 0x0008
        case getJobAttributes = 0x0009
        case getJobs = 0x000A
        case getPrinterAttributes = 0x000B

        var name: String {
            switch self {
            case .printJob: "Print-Job"
            case .createJob: "Create-Job"
            case .sendDocument: "Send-Document"
            case .cancelJob: "Cancel-Job"
            case .getJobAttributes: "Get-Job-Attributes"
            case .getJobs: "Get-Jobs"
            case .getPrinterAttributes: "Get-Printer-Attributes"
            }
        }
    }

    enum Group: Sendable { case operation, job }

    enum Value: Sendable, Equatable {
        case keywords([String])
        case name(String)
        case uri(String)
        case mediaType(String)
        case integer(Int32)
        case boolean(Bool)
    }

    struct Attribute: Sendable, Equatable {
        var group: Group
        var name: String
        var value: Value
    }

    var operation: Operation
    var attributes: [Attribute]

    /// Every job of ours has this owner; nothing about a resident.
    static let user = "hallkiosk"

    private init(_ operation: Operation, at endpoint: IPPEndpoint, _ attributes: [Attribute] = []) {
        self.operation = operation
        self.attributes =
            [Attribute(group: .operation, name: "printer-uri", value: .uri(endpoint.uri))] + attributes
    }

    private static func operation(_ name: String, _ value: Value) -> Attribute {
        Attribute(group: .operation, name: name, value: value)
    }

    private static let owner = operation("requesting-user-name", .name(user))

    static func printerAttributes(at endpoint: IPPEndpoint) -> IPPRequest {
        IPPRequest(
            .getPrinterAttributes, at: endpoint,
            [owner, operation("requested-attributes", .keywords(PrinterReport.attributeNames))])
    }

    static func jobAttributes(_ id: Int32, at endpoint: IPPEndpoint) -> IPPRequest {
        IPPRequest(
            .getJobAttributes, at: endpoint,
            [
                operation("job-id", .integer(id)), owner,
                operation("requested-attributes", .keywords(JobReport.attributeNames)),
            ])
    }

    /// - Parameter completed: jobs that have ended; else those that have not.
    static func jobs(completed: Bool, at endpoint: IPPEndpoint) -> IPPRequest {
        IPPRequest(
            .getJobs, at: endpoint,
            [
                owner, operation("limit", .integer(JobReport.listLimit)),
                operation("requested-attributes", .keywords(JobReport.attributeNames)),
                operation("which-jobs", .keywords([completed ? "completed" : "not-completed"])),
            ])
    }

    static func cancelJob(_ id: Int32, at endpoint: IPPEndpoint) -> IPPRequest {
        IPPRequest(.cancelJob, at: endpoint, [operation("job-id", .integer(id)), owner])
    }

    /// Ends with the document in one go.
    static func printJob(_ ticket: JobTicket, at endpoint: IPPEndpoint) -> IPPRequest {
        IPPRequest(
            .printJob, at: endpoint,
            [owner, operation("job-name", .name(ticket.name)), operation("document-format", .mediaType(pdf))]
                + ticket.jobAttributes)
    }

    static func createJob(_ ticket: JobTicket, at endpoint: IPPEndpoint) -> IPPRequest {
        IPPRequest(
            .createJob, at: endpoint,
            [owner, operation("job-name", .name(ticket.name))] + ticket.jobAttributes)
    }

    static func sendDocument(to id: Int32, at endpoint: IPPEndpoint) -> IPPRequest {
        IPPRequest(
            .sendDocument, at: endpoint,
            [
                operation("job-id", .integer(id)), owner, operation("document-format", .mediaType(pdf)),
                operation("last-document", .boolean(true)),
            ])
    }

    static let pdf = "application/pdf"
}

/// What a job shall be like.
struct JobTicket: Sendable, Equatable {
    var name: String
    var media: String
    var sides: String
    /// Queues can be set up to print a banner with each job; a resident's papers have none.
    var isForQueue: Bool
    /// The spooler ends the job by itself after so many seconds; only where it knows the attribute.
    var cancelAfterSeconds: Int32?

    fileprivate var jobAttributes: [IPPRequest.Attribute] {
        var attributes = [
            IPPRequest.Attribute(group: .job, name: "media", value: .keywords([media])),
            IPPRequest.Attribute(group: .job, name: "sides", value: .keywords([sides])),
            // Whatever the printer's own standard is.
            IPPRequest.Attribute(group: .job, name: "copies", value: .integer(1)),
        ]
        if isForQueue {
            attributes.append(IPPRequest.Attribute(group: .job, name: "job-sheets", value: .keywords(["none"])))
        }
        if let cancelAfterSeconds {
            attributes.append(
                IPPRequest.Attribute(group: .job, name: "job-cancel-after", value: .integer(cancelAfterSeconds)))
        }
        return attributes
    }
}
