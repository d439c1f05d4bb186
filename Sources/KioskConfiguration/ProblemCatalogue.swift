import HallModel

/// `problems.yaml`: every problem by its code, with what technician and resident are told.
public struct ProblemCatalogue: Sendable {
    /// In no particular order; the key is the entry's own code.
    public let entries: [ProblemCode: ProblemEntry]

    /// Reads the catalogue; throws everything that is wrong with it.
    public init(file: String) throws(ConfigurationErrors) {
        let errors = ErrorCollector()
        self.init(file: file, errors: errors)
        try errors.throwIfAny()
    }

    /// What is told of this problem; `nil` when the catalogue does not have its code.
    public subscript(code: ProblemCode) -> ProblemEntry? { entries[code] }

    static let schema = ObjectSchema([.required("problems", .list(.object(entrySchema), count: 1...200))])

    static let entrySchema = ObjectSchema([
        .required("code", .identifier),
        .required("severity", .word(["info", "warning", "fault"])),
        .required("cause", .line(maximum: 400)),
        .required("action", .line(maximum: 400)),
        .optional("atKiosk", .line(maximum: 200)),
        .optional("variants", .list(.object(variantSchema), count: 1...12)),
        .optional("resident", .object(residentSchema)),
        .optional("picture", .identifier),
    ])

    static let variantSchema = ObjectSchema([
        .required("measured", .list(.line(maximum: 30), count: 1...8)),
        .required("cause", .line(maximum: 400)),
        .required("action", .line(maximum: 400)),
        .optional("atKiosk", .line(maximum: 200)),
    ])

    static let residentSchema = ObjectSchema([
        .required("heading", .localized(maximum: 80)),
        .required("action", .localized(maximum: 80)),
    ])

    init(file: String, errors: ErrorCollector) {
        var entries: [ProblemCode: ProblemEntry] = [:]
        let pictures = PictureFolder(kioskFolder: FilePath.folder(of: file), errors: errors)
        if let root = YAMLReader(file: file).root(errors: errors), let object = Self.schema.read(root, errors: errors) {
            for entry in object.objects("problems") {
                guard let read = Self.entry(entry, pictures, errors) else { continue }
                if entries.updateValue(read, forKey: read.code) != nil, let code = entry["code"] {
                    errors.add(code.error("the code “\(read.code)” stands more than once"))
                }
            }
        }
        self.entries = entries
    }

    private static func entry(
        _ object: YAMLObject, _ pictures: PictureFolder, _ errors: ErrorCollector
    ) -> ProblemEntry? {
        guard let code = object.text("code"), let cause = object.text("cause"), let action = object.text("action"),
            let severity = object.text("severity").flatMap(ProblemEntry.Severity.init)
        else { return nil }
        var entry = ProblemEntry(code: ProblemCode(code), severity: severity, cause: cause, action: action)
        entry.picture = object.text("picture")
        entry.atKiosk = object.text("atKiosk")
        entry.variants = object.objects("variants").compactMap { variant in
            guard let cause = variant.text("cause"), let action = variant.text("action") else { return nil }
            return ProblemEntry.Variant(
                measured: variant.texts("measured"), cause: cause, action: action, atKiosk: variant.text("atKiosk"))
        }
        pictures.check(object["picture"], isLarge: true)
        if let resident = object.objectIfPresent("resident") {
            entry.residentHeading = resident.localized("heading")
            entry.residentAction = resident.localized("action")
            ResidentLanguage.check(resident["heading"], errors: errors)
            ResidentLanguage.check(resident["action"], errors: errors)
            if entry.picture == nil {
                errors.add(resident.field.error("a resident sees this problem: a picture is needed"))
            }
        }
        return entry
    }
}
