import Foundation

/// What the printer says about itself (RFC 8011 section 5.4, PWG 5100.14 for printers without drivers).
struct DocumentPrinterAttributes {
    static let formats = ["application/pdf", "image/jpeg", "image/pwg-raster", "application/octet-stream"]
    static let media = "iso_a4_210x297mm"
    /// Margins that the printer cannot print on, in hundredths of a millimetre.
    static let margin: Int32 = 423

    let printerURI: String
    let webPage: String
    let now: Double
    /// The same moment as `now`, by the calendar.
    let date: Date

    static let mediaSize = IPPValue.collection([
        IPPAttribute("x-dimension", .integer(21_000)), IPPAttribute("y-dimension", .integer(29_700)),
    ])

    static let mediaCollection = IPPValue.collection([
        IPPAttribute("media-size", mediaSize), IPPAttribute("media-size-name", .keyword(media)),
        IPPAttribute("media-top-margin", .integer(margin)), IPPAttribute("media-bottom-margin", .integer(margin)),
        IPPAttribute("media-left-margin", .integer(margin)), IPPAttribute("media-right-margin", .integer(margin)),
        IPPAttribute("media-source", .keyword("main")), IPPAttribute("media-type", .keyword("stationery")),
    ])

    /// Everything that Get-Printer-Attributes can answer.
    func all(_ core: DocumentPrinterCore) -> [IPPAttribute] {
        identity + status(core) + protocolLimits + jobTemplate + pages + supplies(core)
    }

    private var identity: [IPPAttribute] {
        [
            IPPAttribute("printer-uri-supported", .uri(printerURI)),
            IPPAttribute("uri-security-supported", .keyword("none")),
            IPPAttribute("uri-authentication-supported", .keyword("none")),
            IPPAttribute("printer-name", .name("hall-a4")),
            IPPAttribute("printer-info", .text("Hall A4")),
            IPPAttribute("printer-location", .text("Emulated hall")),
            IPPAttribute("printer-make-and-model", .text("HallKiosk Emulated A4")),
            IPPAttribute("printer-device-id", .text("MFG:HallKiosk;MDL:Emulated A4;CMD:PDF,JPEG,PWG;SN:HALL-A4-0001;")),
            IPPAttribute("printer-uuid", .uri("urn:uuid:9f2c3a10-0000-4000-8000-999999000002")),
            IPPAttribute("printer-more-info", .uri(webPage)),
            IPPAttribute("printer-supply-info-uri", .uri(webPage)),
            IPPAttribute("printer-geo-location", .outOfBand(0x12)),
            IPPAttribute("printer-organization", .text("")),
            IPPAttribute("printer-organizational-unit", .text("")),
            IPPAttribute("printer-firmware-name", .name("hall")),
            IPPAttribute("printer-firmware-string-version", .text("1.0")),
            IPPAttribute("printer-get-attributes-supported", .keyword("document-format")),
            IPPAttribute("color-supported", .boolean(true)),
            IPPAttribute("pages-per-minute", .integer(25)),
            IPPAttribute("pages-per-minute-color", .integer(25)),
        ]
    }

    private func status(_ core: DocumentPrinterCore) -> [IPPAttribute] {
        let upTime = Int32(core.upTime(now: now))
        return [
            IPPAttribute("printer-state", .enumeration(core.state.rawValue)),
            IPPAttribute("printer-state-reasons", keywords: core.reasons),
            IPPAttribute("printer-state-message", .text(core.reasons.joined(separator: ", "))),
            IPPAttribute("printer-is-accepting-jobs", .boolean(true)),
            IPPAttribute("printer-up-time", .integer(upTime)),
            IPPAttribute("printer-current-time", .dateTime(IPPDate.octets(date))),
            IPPAttribute("printer-state-change-time", .integer(Int32(core.upTime(now: core.changedAt)))),
            IPPAttribute("printer-state-change-date-time", .dateTime(IPPDate.octets(date - (now - core.changedAt)))),
            IPPAttribute("printer-config-change-time", .integer(1)),
            IPPAttribute("printer-config-change-date-time", .dateTime(IPPDate.octets(date - Double(upTime)))),
            IPPAttribute("queued-job-count", .integer(Int32(core.jobs.count { !$0.state.isOver }))),
        ]
    }

    private var protocolLimits: [IPPAttribute] {
        [
            IPPAttribute("ipp-versions-supported", keywords: ["1.1", "2.0"]),
            // A subset of IPP Everywhere (PWG 5100.14): the claim would promise all of it.
            IPPAttribute("ipp-features-supported", .keyword("none")),
            IPPAttribute(
                "operations-supported", IPPOperation.allCases.map { .enumeration(Int32($0.rawValue)) }),
            IPPAttribute("charset-configured", .charset("utf-8")),
            IPPAttribute("charset-supported", .charset("utf-8"), .charset("us-ascii")),
            IPPAttribute("natural-language-configured", .language("en")),
            IPPAttribute("generated-natural-language-supported", .language("en")),
            IPPAttribute("document-format-supported", Self.formats.map { .mimeType($0) }),
            IPPAttribute("document-format-default", .mimeType("application/octet-stream")),
            IPPAttribute("document-format-preferred", .mimeType("application/pdf")),
            IPPAttribute("compression-supported", .keyword("none")),
            IPPAttribute("pdl-override-supported", .keyword("attempted")),
            IPPAttribute("multiple-document-jobs-supported", .boolean(true)),
            IPPAttribute("multiple-operation-time-out", .integer(60)),
            IPPAttribute("multiple-operation-time-out-action", .keyword("process-job")),
            IPPAttribute("job-ids-supported", .boolean(true)),
            IPPAttribute("preferred-attributes-supported", .boolean(false)),
            IPPAttribute("page-ranges-supported", .boolean(true)),
            IPPAttribute("identify-actions-supported", keywords: ["display", "flash"]),
            IPPAttribute("identify-actions-default", .keyword("flash")),
            IPPAttribute("which-jobs-supported", keywords: ["completed", "not-completed"]),
            IPPAttribute("job-k-octets-supported", .range(0, Int32(DocumentStore.longestDocument / 1_024))),
            IPPAttribute("job-impressions-supported", .range(1, Int32(DocumentRenderer.mostPages))),
            IPPAttribute(
                "job-creation-attributes-supported",
                keywords: [
                    "copies", "document-name", "ipp-attribute-fidelity", "job-name", "media", "media-col",
                    "multiple-document-handling", "orientation-requested", "output-bin", "page-ranges",
                    "print-color-mode",
                    "print-content-optimize", "print-quality", "print-rendering-intent", "printer-resolution", "sides",
                ]),
            IPPAttribute("printer-settable-attributes-supported", .keyword("none")),
        ]
    }

    private var jobTemplate: [IPPAttribute] {
        [
            IPPAttribute("copies-default", .integer(1)),
            IPPAttribute("copies-supported", .range(1, 99)),
            IPPAttribute("finishings-default", .enumeration(3)),
            IPPAttribute("finishings-supported", .enumeration(3)),
            IPPAttribute("finishings-col-default", .noValue),
            IPPAttribute("job-priority-default", .integer(50)),
            IPPAttribute("job-priority-supported", .integer(1)),
            IPPAttribute("job-sheets-default", .keyword("none")),
            IPPAttribute("job-sheets-supported", .keyword("none")),
            IPPAttribute("number-up-default", .integer(1)),
            IPPAttribute("number-up-supported", .integer(1)),
            IPPAttribute("multiple-document-handling-default", .keyword("separate-documents-collated-copies")),
            IPPAttribute(
                "multiple-document-handling-supported", .keyword("separate-documents-collated-copies")),
            IPPAttribute("orientation-requested-default", .noValue),
            IPPAttribute("orientation-requested-supported", .enumeration(3), .enumeration(4)),
            IPPAttribute("print-quality-default", .enumeration(4)),
            IPPAttribute("print-quality-supported", .enumeration(4)),
            IPPAttribute("print-color-mode-default", .keyword("auto")),
            IPPAttribute("print-color-mode-supported", keywords: ["auto", "color", "monochrome"]),
            IPPAttribute("print-content-optimize-default", .keyword("auto")),
            IPPAttribute("print-content-optimize-supported", .keyword("auto")),
            IPPAttribute("print-rendering-intent-default", .keyword("auto")),
            IPPAttribute("print-rendering-intent-supported", .keyword("auto")),
            IPPAttribute("print-scaling-default", .keyword("auto")),
            IPPAttribute("print-scaling-supported", keywords: ["auto", "fit", "none"]),
            IPPAttribute("printer-resolution-default", .resolution(300, 300, units: 3)),
            IPPAttribute("printer-resolution-supported", .resolution(300, 300, units: 3)),
            IPPAttribute("output-bin-default", .keyword("face-down")),
            IPPAttribute("output-bin-supported", .keyword("face-down")),
            IPPAttribute("sides-default", .keyword("one-sided")),
            IPPAttribute("sides-supported", keywords: DocumentJob.Sides.allCases.map(\.rawValue)),
        ]
    }

    private var pages: [IPPAttribute] {
        [
            IPPAttribute("media-default", .keyword(Self.media)),
            IPPAttribute("media-supported", .keyword(Self.media)),
            IPPAttribute("media-ready", .keyword(Self.media)),
            IPPAttribute("media-col-default", Self.mediaCollection),
            IPPAttribute("media-col-ready", Self.mediaCollection),
            IPPAttribute("media-col-database", Self.mediaCollection),
            IPPAttribute(
                "media-col-supported",
                keywords: [
                    "media-size", "media-size-name", "media-top-margin", "media-bottom-margin", "media-left-margin",
                    "media-right-margin", "media-source", "media-type",
                ]),
            IPPAttribute("media-size-supported", Self.mediaSize),
            IPPAttribute("media-source-supported", .keyword("main")),
            IPPAttribute("media-type-supported", .keyword("stationery")),
            IPPAttribute("media-top-margin-supported", .integer(Self.margin)),
            IPPAttribute("media-bottom-margin-supported", .integer(Self.margin)),
            IPPAttribute("media-left-margin-supported", .integer(Self.margin)),
            IPPAttribute("media-right-margin-supported", .integer(Self.margin)),
            IPPAttribute("pdf-versions-supported", keywords: ["adobe-1.4", "adobe-1.7", "iso-32000-1_2008"]),
            IPPAttribute("pdf-k-octets-supported", .range(0, Int32(DocumentStore.longestDocument / 1_024))),
            IPPAttribute("jpeg-k-octets-supported", .range(0, Int32(DocumentStore.longestDocument / 1_024))),
            IPPAttribute("jpeg-x-dimension-supported", .range(0, 12_000)),
            IPPAttribute("jpeg-y-dimension-supported", .range(1, 12_000)),
            IPPAttribute("jpeg-features-supported", .keyword("none")),
            IPPAttribute("pwg-raster-document-resolution-supported", .resolution(300, 300, units: 3)),
            IPPAttribute("pwg-raster-document-sheet-back", .keyword("normal")),
            IPPAttribute("pwg-raster-document-type-supported", keywords: ["sgray_8", "srgb_8"]),
        ]
    }

    private func supplies(_ core: DocumentPrinterCore) -> [IPPAttribute] {
        let level = core.tonerPercent
        return [
            IPPAttribute("marker-names", .name("Black Toner")),
            IPPAttribute("marker-types", .keyword("toner")),
            IPPAttribute("marker-colors", .name("#000000")),
            IPPAttribute("marker-levels", .integer(Int32(level))),
            IPPAttribute("marker-low-levels", .integer(10)),
            IPPAttribute("marker-high-levels", .integer(100)),
            IPPAttribute(
                "printer-supply",
                .octets(
                    Array(
                        """
                        index=1;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level=\(level);\
                        colorantname=black;
                        """.utf8))),
            IPPAttribute("printer-supply-description", .text("Black Toner")),
            IPPAttribute(
                "printer-input-tray",
                .octets(
                    Array(
                        """
                        type=sheetFeedAutoRemovableTray;mediafeed=29700;mediaxfeed=21000;\
                        maxcapacity=\(DocumentPrinterCore.trayCapacity);level=\(core.paper);status=0;name=main;
                        """.utf8))),
            IPPAttribute(
                "printer-output-tray",
                .octets(
                    Array(
                        """
                        type=unRemovableBin;maxcapacity=\(DocumentPrinterCore.outputCapacity);\
                        remaining=\(max(0, DocumentPrinterCore.outputCapacity - core.output.count));status=0;\
                        name=face-down;stackingorder=firstToLast;pagedelivery=faceDown;
                        """.utf8))),
        ]
    }
}

/// RFC 2579's DateAndTime, in UTC.
enum IPPDate {
    static func octets(_ date: Date) -> [UInt8] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let year = parts.year ?? 2_000
        return [
            UInt8(truncatingIfNeeded: year >> 8), UInt8(truncatingIfNeeded: year), UInt8(parts.month ?? 1),
            UInt8(parts.day ?? 1), UInt8(parts.hour ?? 0), UInt8(parts.minute ?? 0), UInt8(parts.second ?? 0), 0,
            UInt8(ascii: "+"), 0, 0,
        ]
    }
}
