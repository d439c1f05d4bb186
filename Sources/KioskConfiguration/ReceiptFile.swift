import HallModel

/// A receipt written by hand, for `kioskctl receipt` (docs/receipt-files.md). YAML, and so JSON too.
public enum ReceiptFile {
    /// As the renderer: more blocks do not make a slip.
    static let maximumBlocks = 200

    static let schema = ObjectSchema([
        .required("receipt", .list(.object(blockSchema), count: 1...maximumBlocks)),
        .optional("isSecondCopy", .boolean, standard: .boolean(false)),
    ])

    static let blockSchema = ObjectSchema([
        .optional("title", .line(maximum: 100)),
        .optional("line", .line(maximum: 1_000)),
        .optional("number", .line(maximum: 60)),
        .optional("row", .object(rowSchema)),
        .optional("qr", .line(maximum: 512)),
        .optional("rule", .boolean),
        .optional("space", .number(1...30)),
    ])

    static let rowSchema = ObjectSchema([
        .required("label", .line(maximum: 60)),
        .required("value", .line(maximum: 400)),
    ])

    /// Reads a file; throws everything that is wrong with it, each with its line.
    public static func load(_ file: String) throws(ConfigurationErrors) -> ReceiptDocument {
        let errors = ErrorCollector()
        let document = YAMLReader(file: file).root(errors: errors).flatMap { read($0, errors) }
        try errors.throwIfAny()
        return document ?? ReceiptDocument(blocks: [])
    }

    /// Reads a document that is in memory already; `name` stands in errors for its file.
    public static func read(_ text: String, named name: String) throws(ConfigurationErrors) -> ReceiptDocument {
        let errors = ErrorCollector()
        let document = YAMLReader(file: name).root(of: Array(text.utf8), errors: errors).flatMap { read($0, errors) }
        try errors.throwIfAny()
        return document ?? ReceiptDocument(blocks: [])
    }

    private static func read(_ root: YAMLField, _ errors: ErrorCollector) -> ReceiptDocument? {
        guard let object = schema.read(root, errors: errors) else { return nil }
        return ReceiptDocument(
            blocks: object.objects("receipt").compactMap { block($0, errors) },
            isSecondCopy: object.boolean("isSecondCopy"))
    }

    private static func block(_ object: YAMLObject, _ errors: ErrorCollector) -> ReceiptDocument.Block? {
        let names = blockSchema.fields.map(\.name)
        guard object.field.pairs.count == 1 else {
            errors.add(object.field.error("an entry is exactly one of \(names.joined(separator: ", "))"))
            return nil
        }
        if let text = object.text("title") { return .title(text) }
        if let text = object.text("line") { return .line(text) }
        if let text = object.text("number") { return .number(text) }
        if let row = object.objectIfPresent("row"), let label = row.text("label"), let value = row.text("value") {
            return .row(label: label, value: value)
        }
        if let text = object.text("qr") {
            guard text.utf8.count <= 512 else {
                errors.add(object.field.error("a code holds at most 512 bytes of UTF-8"))
                return nil
            }
            return .qr(text)
        }
        if let space = object.number("space") { return .space(millimetres: space) }
        guard object.boolean("rule") else {
            errors.add(object.field.error("write rule: true, or leave the entry out"))
            return nil
        }
        return .rule
    }
}
