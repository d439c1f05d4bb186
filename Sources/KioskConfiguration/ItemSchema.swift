import HallModel

extension ItemLoader {
    static let schema = ObjectSchema([
        .required("id", .identifier),
        .optional("kind", .word(["application", "certificate", "progress"]), standard: .text("application")),
        .required("title", .localized(maximum: 30)),
        .required("officialName", .localized(maximum: 120)),
        .required("summary", .localized(maximum: 80)),
        .required("pictogram", .identifier),
        .required("minutes", .integer(1...60)),
        .optional("canBeFinishedHere", .boolean, standard: .boolean(true)),
        .optional("elsewhere", .localized(maximum: 120)),
        .required("window", .localized(maximum: 30)),
        .optional("bring", .list(.localized(maximum: 40), count: 0...6)),
        .required("afterwards", .localized(maximum: 80)),
        .optional("needs", .list(.word(["scanner", "receipt-printer", "document-printer", "platform"]), count: 0...4)),
        .optional("minimumAge", .integer(0...120)),
        .optional("questions", .list(.object(questionSchema), count: 0...12)),
        .optional("materials", .list(.object(materialSchema), count: 0...6)),
    ])

    static let questionSchema = ObjectSchema([
        .required("id", .identifier),
        .required("heading", .localized(maximum: 80)),
        .required("label", .localized(maximum: 30)),
        .optional("choices", .list(.object(choiceSchema), count: 2...6)),
        .optional("digits", .object(digitsSchema)),
        .optional("when", .object(conditionSchema)),
        .optional("private", .boolean, standard: .boolean(false)),
    ])

    static let choiceSchema = ObjectSchema([
        .required("id", .identifier),
        .required("label", .localized(maximum: 40)),
        .optional("detail", .localized(maximum: 60)),
        .optional("pictogram", .identifier),
        .optional("needs", .word(["address"])),
    ])

    static let digitsSchema = ObjectSchema([
        .required("minimum", .integer(1...20)),
        .required("maximum", .integer(1...20)),
        .optional("prefixes", .list(.digits(maximum: 20), count: 0...20)),
    ])

    static let conditionSchema = ObjectSchema([
        .required("question", .identifier),
        .required("answer", .identifier),
    ])

    static let materialSchema = ObjectSchema([
        .required("id", .identifier),
        .required("title", .localized(maximum: 40)),
        .required("pages", .list(.localized(maximum: 60), count: 1...MaterialBounds.pages)),
    ])
}
