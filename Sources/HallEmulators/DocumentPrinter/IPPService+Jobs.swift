import Foundation

extension IPPService {
    // MARK: New jobs

    /// What is wrong with a job that a request describes; `nil` when the printer takes it.
    func check(_ request: IPPMessage, _ data: ArraySlice<UInt8>) -> IPPMessage? {
        if let compression = request.value("compression")?.string, compression != "none" {
            return reply(.compressionNotSupported, to: request)
        }
        if let format = request.value("document-format")?.string, !DocumentPrinterAttributes.formats.contains(format) {
            return reply(.documentFormatNotSupported, to: request)
        }
        let unsupported = unsupportedAttributes(request)
        if !unsupported.isEmpty, case .boolean(true)? = request.value("ipp-attribute-fidelity") {
            return reply(.attributesNotSupported, to: request, [IPPGroup(.unsupported, unsupported)])
        }
        return nil
    }

    /// Job attributes that this printer cannot honour, with the values that were asked for.
    private func unsupportedAttributes(_ request: IPPMessage) -> [IPPAttribute] {
        request.attributes(in: .job).filter { attribute in
            guard let value = attribute.values.first else { return true }
            switch (attribute.name, value) {
            case ("copies", .integer(let copies)): return !(1...99).contains(copies)
            case ("sides", _): return DocumentJob.Sides(rawValue: value.string ?? "") == nil
            case ("media", _): return value.string != DocumentPrinterAttributes.media
            case ("media-col", .collection(let members)):
                let size = members.first { $0.name == "media-size" }?.values.first
                return size != nil && size != DocumentPrinterAttributes.mediaSize
            case ("page-ranges", .range(let low, let high)): return low < 1 || high < low
            case ("print-color-mode", _): return !["auto", "color", "monochrome"].contains(value.string)
            case ("print-quality", .enumeration(let quality)): return !(3...5).contains(quality)
            case ("job-hold-until", _): return value.string != "no-hold"
            case ("job-sheets", _): return value.string != "none"
            case ("number-up", .integer(let number)): return number != 1
            case ("finishings", .enumeration(let finishing)): return finishing != 3
            case ("job-priority", _), ("orientation-requested", _), ("output-bin", _), ("print-content-optimize", _),
                ("print-rendering-intent", _), ("print-scaling", _), ("printer-resolution", _),
                ("multiple-document-handling", _):
                return false
            default: return true
            }
        }
    }

    func create(
        _ request: IPPMessage, _ operation: IPPOperation, _ data: ArraySlice<UInt8>,
        _ core: inout DocumentPrinterCore, _ nextDocument: Int
    ) -> (IPPMessage, Effect) {
        if let refusal = check(request, data) { return (refusal, .none) }
        guard !core.isBusy else { return (reply(.busy, to: request), .none) }
        if operation == .printJob, data.isEmpty { return (reply(.badRequest, to: request), .none) }
        let unsupported = unsupportedAttributes(request)
        let id = core.createJob(
            name: String((request.value("job-name")?.string ?? "untitled").prefix(255)),
            user: String((request.value("requesting-user-name")?.string ?? "anonymous").prefix(255)),
            uuid: "urn:uuid:\(UUID().uuidString.lowercased())", isOpen: operation == .createJob, now: now)
        let refused = Set(unsupported.map(\.name))
        core.change(id) { job in
            if !refused.contains("copies"), case .integer(let copies)? = request.value("copies", in: .job) {
                job.copies = Int(copies)
            }
            if let sides = request.value("sides", in: .job)?.string.flatMap({ DocumentJob.Sides(rawValue: $0) }) {
                job.sides = sides
            }
            if !refused.contains("page-ranges") {
                job.pageRanges = (request.attribute("page-ranges", in: .job)?.values ?? []).prefix(100).compactMap {
                    if case .range(let low, let high) = $0, low >= 1, high >= low { Int(low)...Int(high) } else { nil }
                }
            }
        }
        let effect = operation == .printJob ? receive(request, data, job: id, &core, nextDocument) : .none
        core.advance(now: now)
        var groups = unsupported.isEmpty ? [] : [IPPGroup(.unsupported, unsupported)]
        if let job = core.job(id) { groups.append(IPPGroup(.job, Self.brief(attributes(of: job, core)))) }
        return (reply(unsupported.isEmpty ? .ok : .okIgnoredOrSubstituted, to: request, groups), effect)
    }

    private func receive(
        _ request: IPPMessage, _ data: ArraySlice<UInt8>, job id: Int, _ core: inout DocumentPrinterCore,
        _ document: Int
    ) -> Effect {
        core.change(id) { job in
            job.parts.append(DocumentJob.Part(document: document, pages: nil))
            job.octets += data.count
            job.lastHeard = now
        }
        return .document(
            document, job: id, format: request.value("document-format")?.string ?? "application/octet-stream", data)
    }

    // MARK: One job

    func concerning(
        _ job: DocumentJob, _ request: IPPMessage, _ operation: IPPOperation, _ data: ArraySlice<UInt8>,
        _ core: inout DocumentPrinterCore, _ nextDocument: Int
    ) -> (IPPMessage, Effect) {
        switch operation {
        case .sendDocument: return sendDocument(job, request, data, &core, nextDocument)
        case .closeJob:
            core.change(job.id) { $0.isOpen = false }
            core.advance(now: now)
            return (reply(.ok, to: request), .none)
        case .cancelJob:
            guard core.end(job.id, .canceled, "job-canceled-by-user", now: now) else {
                return (reply(.notPossible, to: request), .none)
            }
            core.advance(now: now)
            return (reply(.ok, to: request), .none)
        default:
            let wanted = Set(request.attribute("requested-attributes")?.values.compactMap(\.string) ?? ["all"])
            let group = IPPGroup(.job, Self.choose(attributes(of: job, core), wanted))
            return (reply(.ok, to: request, [group]), .none)
        }
    }

    private func sendDocument(
        _ job: DocumentJob, _ request: IPPMessage, _ data: ArraySlice<UInt8>, _ core: inout DocumentPrinterCore,
        _ nextDocument: Int
    ) -> (IPPMessage, Effect) {
        guard case .boolean(let isLast)? = request.value("last-document") else {
            return (reply(.badRequest, to: request), .none)
        }
        guard job.isOpen, !job.state.isOver else { return (reply(.notPossible, to: request), .none) }
        if let refusal = check(request, data) { return (refusal, .none) }
        // The last Send-Document may bring nothing: it only says that nothing more comes.
        guard !data.isEmpty || isLast else { return (reply(.badRequest, to: request), .none) }
        let effect = data.isEmpty ? .none : receive(request, data, job: job.id, &core, nextDocument)
        if isLast { core.change(job.id) { $0.isOpen = false } }
        if isLast, core.job(job.id)?.parts.isEmpty == true { core.end(job.id, .completed, "none", now: now) }
        core.advance(now: now)
        let groups = core.job(job.id).map { [IPPGroup(.job, Self.brief(attributes(of: $0, core)))] } ?? []
        return (reply(.ok, to: request, groups), effect)
    }

    // MARK: Many jobs

    func jobs(_ request: IPPMessage, _ core: DocumentPrinterCore) -> IPPMessage {
        let which = request.value("which-jobs")?.string ?? "not-completed"
        guard ["completed", "not-completed"].contains(which) else {
            return reply(
                .attributesNotSupported, to: request,
                [IPPGroup(.unsupported, [IPPAttribute("which-jobs", .keyword(which))])])
        }
        var chosen = core.jobs.filter { $0.state.isOver == (which == "completed") }
        if case .boolean(true)? = request.value("my-jobs") {
            chosen = chosen.filter { $0.user == request.value("requesting-user-name")?.string }
        }
        if let ids = request.attribute("job-ids")?.values.compactMap(\.number) {
            chosen = core.jobs.filter { ids.contains($0.id) }
        }
        if which == "completed" { chosen.reverse() }
        if let limit = request.value("limit")?.number, limit > 0 { chosen = Array(chosen.prefix(limit)) }
        let wanted = Set(
            request.attribute("requested-attributes")?.values.compactMap(\.string) ?? ["job-uri", "job-id"])
        return reply(
            .ok, to: request, chosen.map { IPPGroup(.job, Self.choose(attributes(of: $0, core), wanted)) })
    }

    func cancelJobs(_ request: IPPMessage, _ core: inout DocumentPrinterCore) -> IPPMessage {
        let user = request.value("requesting-user-name")?.string
        let ids = request.attribute("job-ids")?.values.compactMap(\.number)
        for job in core.jobs where job.user == user && ids?.contains(job.id) != false {
            core.end(job.id, .canceled, "job-canceled-by-user", now: now)
        }
        core.advance(now: now)
        return reply(.ok, to: request)
    }

    // MARK: Attributes of a job

    /// What the answer to a new job says about it.
    private static func brief(_ all: [IPPAttribute]) -> [IPPAttribute] {
        all.filter { ["job-uri", "job-id", "job-uuid", "job-state", "job-state-reasons"].contains($0.name) }
    }

    private static func choose(_ all: [IPPAttribute], _ wanted: Set<String>) -> [IPPAttribute] {
        let template: Set<String> = ["copies", "sides", "media", "page-ranges"]
        return all.filter { attribute in
            wanted.contains("all") || wanted.contains(attribute.name)
                || wanted.contains(template.contains(attribute.name) ? "job-template" : "job-description")
        }
    }

    private func attributes(of job: DocumentJob, _ core: DocumentPrinterCore) -> [IPPAttribute] {
        func time(_ moment: Double?) -> IPPValue {
            moment.map { .integer(Int32(core.upTime(now: $0))) } ?? .noValue
        }
        func calendar(_ moment: Double?) -> IPPValue {
            moment.map { .dateTime(IPPDate.octets(date - (now - $0))) } ?? .noValue
        }
        func known(_ number: Int?) -> IPPValue { number.map { .integer(Int32($0)) } ?? .noValue }
        var attributes: [IPPAttribute] = [
            IPPAttribute("job-uri", .uri(jobURI(job.id))),
            IPPAttribute("job-id", .integer(Int32(job.id))),
            IPPAttribute("job-uuid", .uri(job.uuid)),
            IPPAttribute("job-printer-uri", .uri(printerURI)),
            IPPAttribute("job-name", .name(job.name)),
            IPPAttribute("job-originating-user-name", .name(job.user)),
            IPPAttribute("job-state", .enumeration(job.state.rawValue)),
            IPPAttribute("job-state-reasons", keywords: job.reasons),
            IPPAttribute("job-state-message", .text(job.reasons.joined(separator: ", "))),
            IPPAttribute("job-printer-up-time", .integer(Int32(core.upTime(now: now)))),
            IPPAttribute("job-printer-state-message", .text(core.reasons.joined(separator: ", "))),
            IPPAttribute("job-printer-state-reasons", keywords: core.reasons),
            IPPAttribute("time-at-creation", time(job.createdAt)),
            IPPAttribute("time-at-processing", time(job.processingAt)),
            IPPAttribute("time-at-completed", time(job.completedAt)),
            IPPAttribute("date-time-at-creation", calendar(job.createdAt)),
            IPPAttribute("date-time-at-processing", calendar(job.processingAt)),
            IPPAttribute("date-time-at-completed", calendar(job.completedAt)),
            IPPAttribute("number-of-documents", .integer(Int32(job.parts.count))),
            IPPAttribute("job-k-octets", .integer(Int32((job.octets + 1_023) / 1_024))),
            IPPAttribute("job-impressions", known(job.impressions)),
            IPPAttribute("job-media-sheets", known(job.sheets)),
            IPPAttribute("job-impressions-completed", .integer(Int32(job.impressionsCompleted))),
            IPPAttribute("job-media-sheets-completed", .integer(Int32(job.sheetsCompleted))),
            IPPAttribute("copies", .integer(Int32(job.copies))),
            IPPAttribute("sides", .keyword(job.sides.rawValue)),
            IPPAttribute("media", .keyword(DocumentPrinterAttributes.media)),
        ]
        if !job.pageRanges.isEmpty {
            attributes.append(
                IPPAttribute(
                    "page-ranges", job.pageRanges.map { .range(Int32($0.lowerBound), Int32(clamping: $0.upperBound)) }))
        }
        return attributes
    }
}
