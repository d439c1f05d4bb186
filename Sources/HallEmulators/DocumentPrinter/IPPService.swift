import Foundation

/// Answers IPP requests from the state of the printer: what RFC 8011 asks for, in its order of checks. Pure but for the
/// ids and dates it is given.
struct IPPService {
    /// The printer's address as the client wrote it, `HOST:PORT`.
    let authority: String
    let now: Double
    let date: Date

    /// What a request leads to beside its answer.
    enum Effect {
        case none
        /// A document of a job that has to be stored and read.
        case document(Int, job: Int, format: String, ArraySlice<UInt8>)
    }

    var printerURI: String { "ipp://\(authority)/ipp/print" }
    func jobURI(_ id: Int) -> String { "\(printerURI)/\(id)" }

    /// The answer to a request body. `nextDocument` names the document that the request may carry.
    func answer(
        _ body: ArraySlice<UInt8>, _ core: inout DocumentPrinterCore, nextDocument: Int
    ) -> (IPPMessage, Effect) {
        let decoded: (message: IPPMessage, data: ArraySlice<UInt8>)
        do {
            decoded = try IPPDecoder.decode(body)
        } catch {
            let head = IPPDecoder.head(body)
            return (reply(.badRequest, to: head ?? IPPMessage(code: 0, requestID: 0)), .none)
        }
        let request = decoded.message
        if let refusal = checkHead(request) { return (refusal, .none) }
        guard let operation = IPPOperation(rawValue: request.code) else {
            return (reply(.operationNotSupported, to: request), .none)
        }
        guard let target = target(of: request, operation) else { return (reply(.badRequest, to: request), .none) }
        core.advance(now: now)
        switch operation {
        case .getPrinterAttributes: return (printerAttributes(request, core), .none)
        case .validateJob: return (check(request, decoded.data) ?? reply(.ok, to: request), .none)
        case .printJob, .createJob:
            return create(request, operation, decoded.data, &core, nextDocument)
        case .getJobs: return (jobs(request, core), .none)
        case .cancelMyJobs: return (cancelJobs(request, &core), .none)
        case .identifyPrinter:
            core.identified += 1
            return (reply(.ok, to: request), .none)
        case .sendDocument, .cancelJob, .getJobAttributes, .closeJob:
            guard case .job(let id) = target, let job = core.job(id) else {
                return (reply(.notFound, to: request), .none)
            }
            return concerning(job, request, operation, decoded.data, &core, nextDocument)
        }
    }

    // MARK: Checks of every request

    /// RFC 8011 sections 4.1.1, 4.1.4 and 4.1.8.
    private func checkHead(_ request: IPPMessage) -> IPPMessage? {
        guard (1...2).contains(request.major) else { return reply(.versionNotSupported, to: request) }
        guard request.requestID > 0 else { return reply(.badRequest, to: request) }
        let first = request.groups.first
        guard first?.tag == IPPGroupTag.operation.rawValue, let attributes = first?.attributes,
            attributes.count >= 2, attributes[0].name == "attributes-charset",
            attributes[1].name == "attributes-natural-language",
            case .charset(let charset)? = attributes[0].values.first,
            case .language? = attributes[1].values.first
        else { return reply(.badRequest, to: request) }
        guard ["utf-8", "us-ascii"].contains(charset.lowercased()) else {
            return reply(.charsetNotSupported, to: request)
        }
        return nil
    }

    private enum Target: Equatable {
        case printer
        case job(Int)
        /// An address of somebody else.
        case unknown
    }

    /// Whom the request is for; `nil` when it does not say so.
    private func target(of request: IPPMessage, _ operation: IPPOperation) -> Target? {
        func path(_ name: String) -> String? {
            guard case .uri(let uri)? = request.value(name), let url = URLComponents(string: uri) else { return nil }
            return url.path
        }
        if operation.concernsJob, let path = path("job-uri") {
            guard path.hasPrefix("/ipp/print/"), let id = Int(path.dropFirst("/ipp/print/".count)) else {
                return .unknown
            }
            return .job(id)
        }
        guard let printer = path("printer-uri") else { return nil }
        guard printer == "/ipp/print" || printer == "/" else { return operation.concernsJob ? .unknown : nil }
        guard operation.concernsJob else { return .printer }
        guard case .integer(let id)? = request.value("job-id") else { return nil }
        return .job(Int(id))
    }

    /// A response: the request's version and id, its status, and the two attributes that every response begins with.
    func reply(_ status: IPPStatus, to request: IPPMessage, _ groups: [IPPGroup] = []) -> IPPMessage {
        let isKnown = (1...2).contains(request.major)
        let head = IPPGroup(
            .operation,
            [
                IPPAttribute("attributes-charset", .charset("utf-8")),
                IPPAttribute("attributes-natural-language", .language("en")),
            ])
        return IPPMessage(
            major: isKnown ? request.major : 1, minor: isKnown ? request.minor : 1, code: status.rawValue,
            requestID: request.requestID, groups: [head] + groups)
    }

    // MARK: Printer

    private func printerAttributes(_ request: IPPMessage, _ core: DocumentPrinterCore) -> IPPMessage {
        if case .mimeType(let format)? = request.value("document-format"),
            !DocumentPrinterAttributes.formats.contains(format)
        {
            return reply(.documentFormatNotSupported, to: request)
        }
        let all = DocumentPrinterAttributes(
            printerURI: printerURI, webPage: "http://\(authority)/", now: now, date: date
        ).all(core)
        let wanted = Set(request.attribute("requested-attributes")?.values.compactMap(\.string) ?? ["all"])
        let groups: Set<String> = ["all", "printer-description", "job-template", "media-col-database"]
        let chosen = all.filter { attribute in
            if attribute.name == "media-col-database" { return wanted.contains("media-col-database") }
            if wanted.contains("all") || wanted.contains(attribute.name) { return true }
            let isTemplate = Self.isJobTemplate(attribute.name)
            return wanted.contains(isTemplate ? "job-template" : "printer-description")
        }
        // Attributes that this printer does not have are named, so that the client need not wait for them.
        let missing = wanted.subtracting(groups).subtracting(all.map(\.name)).sorted()
        guard missing.isEmpty else {
            let unsupported = IPPGroup(.unsupported, [IPPAttribute("requested-attributes", keywords: missing)])
            return reply(.okIgnoredOrSubstituted, to: request, [unsupported, IPPGroup(.printer, chosen)])
        }
        return reply(.ok, to: request, [IPPGroup(.printer, chosen)])
    }

    /// `xxx-default`, `xxx-supported` and `xxx-ready` of what a job can ask for.
    private static func isJobTemplate(_ name: String) -> Bool {
        for suffix in ["-default", "-supported", "-ready"] where name.hasSuffix(suffix) {
            return [
                "copies", "finishings", "finishings-col", "job-priority", "job-sheets", "media", "media-col",
                "multiple-document-handling", "number-up", "orientation-requested", "output-bin", "page-ranges",
                "print-color-mode", "print-content-optimize", "print-quality", "print-rendering-intent",
                "print-scaling", "printer-resolution", "sides",
            ].contains(String(name.dropLast(suffix.count)))
        }
        return false
    }
}
