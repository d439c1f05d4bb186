import DeviceKit
import HallModel

/// Reads `Devices/<family>/profile.yaml`.
public struct DeviceProfileLoader {
    /// Reads the profile in a family's folder; its id is the folder's name. Throws everything that is wrong with it.
    public static func load(folder: String) throws(ConfigurationErrors) -> DeviceProfile {
        let errors = ErrorCollector()
        let profile = DeviceProfileLoader(errors: errors).profile(folder: folder)
        try errors.throwIfAny()
        guard let profile else { throw ConfigurationErrors([ConfigurationError(file: folder, sentence: "no profile")]) }
        return profile
    }

    private let errors: ErrorCollector

    init(errors: ErrorCollector) { self.errors = errors }

    static let schema = ObjectSchema([
        .required("title", .line(maximum: 120)),
        .optional("samv", .object(cardReaderSchema)),
        .optional("escpos", .object(printerSchema)),
        .optional("sane", .object(scannerSchema)),
        .optional("ipp", .object(documentPrinterSchema)),
        .optional("code", .object(codeReaderSchema)),
    ])

    static let cardReaderSchema = ObjectSchema([
        .optional("presence", .word(["newAddress", "management", "find", "none"])),
        .optional("speeds", .list(.integer(1_200...921_600), count: 1...8)),
        .optional("pollMilliseconds", .integer(100...5_000)),
        .optional("presenceMilliseconds", .integer(100...5_000)),
        .optional("statusTimeoutMilliseconds", .integer(100...10_000)),
        .optional("readTimeoutMilliseconds", .integer(500...30_000)),
        .optional("startTimeoutMilliseconds", .integer(1_000...60_000)),
        .optional("healthCheckMilliseconds", .integer(1_000...600_000)),
        .optional("readsFingerprints", .boolean),
    ])

    static let printerSchema = ObjectSchema([
        .optional("paperMillimetres", .integer(58...80)),
        .optional("dotsAcross", .integer(256...832)),
        .optional("rendering", .word(["raster", "text"])),
        .optional("repertoire", .word(["gb2312", "gbk"])),
        .optional(
            "evidence", .list(.word(["processID", "paperTaken", "bufferedQuery", "statusUnchanged"]), count: 0...4)),
        .optional("statusQueries", .list(.integer(1...4), count: 0...4)),
        .optional("hasAutomaticStatusBack", .boolean),
        .optional("canClearBuffer", .boolean),
        .optional("cut", .word(["partial", "full"])),
        .optional("presenter", .word(["none", "customFullStatus"])),
        .optional("presenterPollMilliseconds", .integer(100...5_000)),
        .optional("presenterIdlePollMilliseconds", .integer(500...60_000)),
        .optional("millimetresAtNearEnd", .integer(0...20_000)),
        .optional("stripRows", .integer(128...256)),
        .optional("statusTimeoutMilliseconds", .integer(100...10_000)),
        .optional("printTimeoutMilliseconds", .integer(1_000...120_000)),
    ])

    static let scannerSchema = ObjectSchema([
        .optional("backend", .identifier),
        .optional("resolution", .integer(75...1_200)),
        .optional("source", .line(maximum: 60)),
        .optional("mode", .line(maximum: 60)),
        .optional("pageTimeoutMilliseconds", .integer(5_000...600_000)),
        .optional("pollMilliseconds", .integer(200...60_000)),
        .optional("heldPageMilliseconds", .integer(10_000...3_600_000)),
        .optional("options", .dictionary(maximum: 50)),
    ])

    static let documentPrinterSchema = ObjectSchema([
        .optional("media", .line(maximum: 63)),
        .optional("sides", .word(["one-sided", "two-sided-long-edge", "two-sided-short-edge"])),
        .optional("jobPollMilliseconds", .integer(100...5_000)),
        .optional("pollMilliseconds", .integer(1_000...60_000)),
        .optional("requestTimeoutMilliseconds", .integer(1_000...30_000)),
        .optional("printTimeoutMilliseconds", .integer(10_000...600_000)),
        .optional("waitForHandsMilliseconds", .integer(10_000...1_800_000)),
    ])

    static let codeReaderSchema = ObjectSchema([
        .optional("speed", .integer(1_200...921_600)),
        .optional("terminators", .list(.integer(0...255), count: 0...8)),
        .optional("silenceMilliseconds", .integer(20...5_000)),
        .optional("repeatMilliseconds", .integer(0...60_000)),
        .optional("maximumBytes", .integer(16...512)),
    ])

    func profile(folder: String, namedBy referrer: YAMLField? = nil) -> DeviceProfile? {
        let file = FilePath.join(folder, "profile.yaml")
        guard let root = YAMLReader(file: file).root(errors: errors, namedBy: referrer),
            let object = Self.schema.read(root, errors: errors), let title = object.text("title")
        else { return nil }
        let id = folder.split(separator: "/").last.map(String.init) ?? folder
        let drivers = ["samv", "escpos", "sane", "ipp", "code"].filter { object[$0] != nil }
        guard drivers.count == 1, let driver = drivers.first else {
            errors.add(root.error("a profile has exactly one of “samv”, “escpos”, “sane”, “ipp” and “code”"))
            return nil
        }
        let settings = object.object(driver)
        return switch driver {
        case "samv":
            DeviceProfile(id: id, role: .cardReader, title: title, driver: .samv(cardReader(settings)))
        case "escpos":
            DeviceProfile(id: id, role: .receiptPrinter, title: title, driver: .escpos(printer(settings)))
        case "ipp":
            DeviceProfile(id: id, role: .documentPrinter, title: title, driver: .ipp(documentPrinter(settings)))
        case "code":
            DeviceProfile(id: id, role: .codeReader, title: title, driver: .code(codeReader(settings)))
        default:
            DeviceProfile(id: id, role: .scanner, title: title, driver: .sane(scanner(settings)))
        }
    }

    private func cardReader(_ object: YAMLObject) -> CardReaderSettings {
        var settings = CardReaderSettings()
        if let presence = object.text("presence").flatMap(CardReaderSettings.Presence.init) {
            settings.presence = presence
        }
        for entry in object.entries("speeds") { checkSpeed(entry) }
        if object["speeds"] != nil { settings.speeds = object.entries("speeds").compactMap(\.integer) }
        object.take("pollMilliseconds", into: &settings.pollMilliseconds)
        object.take("presenceMilliseconds", into: &settings.presenceMilliseconds)
        object.take("statusTimeoutMilliseconds", into: &settings.statusTimeoutMilliseconds)
        object.take("readTimeoutMilliseconds", into: &settings.readTimeoutMilliseconds)
        object.take("startTimeoutMilliseconds", into: &settings.startTimeoutMilliseconds)
        object.take("healthCheckMilliseconds", into: &settings.healthCheckMilliseconds)
        object.take("readsFingerprints", into: &settings.readsFingerprints)
        return settings
    }

    private func checkSpeed(_ field: YAMLField) {
        guard field.integer.map(DeviceAddress.serialSpeeds.contains) == false else { return }
        errors.add(field.error("\(quoted(field.scalarText ?? "")) is no speed of a serial line"))
    }

    private func printer(_ object: YAMLObject) -> ReceiptPrinterSettings {
        var settings = ReceiptPrinterSettings()
        object.take("paperMillimetres", into: &settings.paperMillimetres)
        if ![58, 80].contains(settings.paperMillimetres), let field = object["paperMillimetres"] {
            errors.add(field.error("paper is 58 or 80 mm wide"))
        }
        object.take("dotsAcross", into: &settings.dotsAcross)
        // 8 dots a millimetre: what such printers have at 203 dots an inch.
        if settings.paperMillimetres == 58, settings.dotsAcross > 58 * 8 {
            let field = object["dotsAcross"] ?? object.field
            errors.add(
                field.error("\(settings.dotsAcross) dots do not fit on paper of 58 mm: give “dotsAcross”, 384 for most")
            )
        }
        if let rendering = object.text("rendering").flatMap(ReceiptPrinterSettings.Rendering.init) {
            settings.rendering = rendering
        }
        if let repertoire = object.text("repertoire").flatMap(ReceiptPrinterSettings.Repertoire.init) {
            settings.repertoire = repertoire
        }
        if settings.rendering == .raster, let field = object["repertoire"] {
            errors.add(field.error("repertoire needs rendering: text; a picture has every character"))
        }
        if object["evidence"] != nil {
            settings.evidence = object.texts("evidence").compactMap(PrintOutcome.Rung.init)
        }
        if object["statusQueries"] != nil {
            settings.statusQueries = object.entries("statusQueries").compactMap(\.integer).map { UInt8($0) }
        }
        object.take("hasAutomaticStatusBack", into: &settings.hasAutomaticStatusBack)
        object.take("canClearBuffer", into: &settings.canClearBuffer)
        if let cut = object.text("cut").flatMap(ReceiptPrinterSettings.Cut.init) { settings.cut = cut }
        if let presenter = object.text("presenter").flatMap(ReceiptPrinterSettings.Presenter.init) {
            settings.presenter = presenter
        }
        object.take("presenterPollMilliseconds", into: &settings.presenterPollMilliseconds)
        object.take("presenterIdlePollMilliseconds", into: &settings.presenterIdlePollMilliseconds)
        object.take("millimetresAtNearEnd", into: &settings.millimetresAtNearEnd)
        object.take("stripRows", into: &settings.stripRows)
        object.take("statusTimeoutMilliseconds", into: &settings.statusTimeoutMilliseconds)
        object.take("printTimeoutMilliseconds", into: &settings.printTimeoutMilliseconds)
        if settings.presenter == .none {
            if settings.evidence.contains(.paperTaken), let field = object["evidence"] {
                errors.add(field.error("paperTaken needs a presenter: customFullStatus"))
            }
            for name in ["presenterPollMilliseconds", "presenterIdlePollMilliseconds"] {
                if let field = object[name] { errors.add(field.error("\(name) needs a presenter: customFullStatus")) }
            }
        }
        return settings
    }

    private func scanner(_ object: YAMLObject) -> ScannerSettings {
        var settings = ScannerSettings()
        if let backend = object.text("backend") { settings.backend = backend }
        object.take("resolution", into: &settings.resolution)
        settings.source = object.text("source")
        if let mode = object.text("mode") { settings.mode = mode }
        object.take("pageTimeoutMilliseconds", into: &settings.pageTimeoutMilliseconds)
        object.take("pollMilliseconds", into: &settings.pollMilliseconds)
        object.take("heldPageMilliseconds", into: &settings.heldPageMilliseconds)
        for (key, value) in object["options"]?.pairs ?? [] {
            if let name = key.scalarText { settings.options[name] = value.scalarText }
        }
        return settings
    }

    private func documentPrinter(_ object: YAMLObject) -> DocumentPrinterSettings {
        var settings = DocumentPrinterSettings()
        if let media = object.text("media") { settings.media = media }
        if let field = object["media"], !Self.isMediaName(settings.media) {
            errors.add(field.error("expected a media name of PWG 5101.1, as iso_a4_210x297mm"))
        }
        if let sides = object.text("sides") { settings.sides = sides }
        object.take("jobPollMilliseconds", into: &settings.jobPollMilliseconds)
        object.take("pollMilliseconds", into: &settings.pollMilliseconds)
        object.take("requestTimeoutMilliseconds", into: &settings.requestTimeoutMilliseconds)
        object.take("printTimeoutMilliseconds", into: &settings.printTimeoutMilliseconds)
        object.take("waitForHandsMilliseconds", into: &settings.waitForHandsMilliseconds)
        return settings
    }

    /// A region, a name and a size, of lower-case letters, digits, `.` and `-`.
    private static func isMediaName(_ text: String) -> Bool {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        return parts.count >= 3
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy {
                        (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
                    }
            }
    }

    private func codeReader(_ object: YAMLObject) -> CodeReaderSettings {
        var settings = CodeReaderSettings()
        if let field = object["speed"] { checkSpeed(field) }
        object.take("speed", into: &settings.speed)
        if object["terminators"] != nil {
            settings.terminators = object.entries("terminators").compactMap(\.integer).map { UInt8(clamping: $0) }
        }
        object.take("silenceMilliseconds", into: &settings.silenceMilliseconds)
        object.take("repeatMilliseconds", into: &settings.repeatMilliseconds)
        object.take("maximumBytes", into: &settings.maximumBytes)
        return settings
    }
}

extension YAMLObject {
    fileprivate func take(_ name: String, into value: inout Int) {
        if let read = self[name]?.integer { value = read }
    }

    fileprivate func take(_ name: String, into value: inout Bool) {
        if let read = self[name]?.boolean { value = read }
    }
}
