extension ConfigurationLoader {
    static let schema = ObjectSchema([
        .required("kiosk", .object(kioskSchema)),
        .optional("panel", .object(panelSchema)),
        .optional("screen", .object(screenSchema)),
        .required("items", .list(.identifier, count: 1...40)),
        .optional("unavailableItems", .list(.object(unavailableItemSchema), count: 0...40)),
        .required("devices", .list(.object(deviceSchema), count: 1...16)),
        .required("platform", .object(platformSchema)),
        .optional("outbox", .object(outboxSchema)),
        .optional("helpCall", .object(helpCallSchema)),
        .optional("workers", .object(workersSchema)),
        .optional("folders", .object(foldersSchema)),
    ])

    static let kioskSchema = ObjectSchema([
        .required("id", .identifier),
        .required("hall", .localized(maximum: 40)),
        .required("window", .localized(maximum: 30)),
        .optional("address", .line(maximum: 60)),
        .optional("hours", .line(maximum: 40)),
        .optional("phone", .line(maximum: 30)),
    ])

    /// Standards: a 21.5-inch portrait panel, read from half a metre.
    static let panelSchema = ObjectSchema([
        .optional("widthPixels", .integer(600...4_320), standard: .integer(1_080)),
        .optional("heightPixels", .integer(600...7_680), standard: .integer(1_920)),
        .optional("widthMillimetres", .number(100...2_000), standard: .integer(268)),
        .optional("heightMillimetres", .number(100...2_000), standard: .integer(476)),
        .optional("viewingDistanceMillimetres", .integer(300...1_000), standard: .integer(500)),
    ])

    static let screenSchema = ObjectSchema([
        .optional("port", .integer(0...65_535), standard: .integer(0)),
        .optional("textStep", .integer(1...3), standard: .integer(2)),
        .optional("idleSeconds", .integer(120...300), standard: .integer(180)),
        .optional("alertSeconds", .integer(20...120), standard: .integer(45)),
        .optional("coverSeconds", .integer(10...120), standard: .integer(30)),
        .optional("takeSeconds", .integer(10...120), standard: .integer(30)),
    ])

    static let unavailableItemSchema = ObjectSchema([
        .required("item", .identifier),
        .required("why", .localized(maximum: 60)),
        .optional("window", .localized(maximum: 30)),
    ])

    static let deviceSchema = ObjectSchema([
        .required("name", .identifier),
        .required("role", .word(["card-reader", "scanner", "receipt-printer", "document-printer", "code-reader"])),
        .required("profile", .identifier),
        .required("address", .deviceAddress),
    ])

    static let platformSchema = ObjectSchema([
        .required("url", .url(secure: true)),
        .required("certificate", .path),
        .required("key", .path),
        .required("trust", .path),
        .optional("recipients", .list(.ageRecipient, count: 1...ConfigurationLoader.maximumRecipients)),
        .optional("recipientsFile", .path),
        .optional("signingKeyFile", .path),
        .optional("bandwidthKibibytesPerSecond", .integer(8...1_000_000)),
    ])

    static let outboxSchema = ObjectSchema([
        .optional("maximumMebibytes", .integer(1...1_000_000), standard: .integer(2_048)),
        .optional("minimumFreeMebibytes", .integer(1...1_000_000), standard: .integer(256)),
    ])

    static let helpCallSchema = ObjectSchema([.optional("webhooks", .list(.url(secure: false), count: 0...4))])

    /// `system`: units of their own start the workers (systemd/), and `kioskd` only waits for them.
    static let workersSchema = ObjectSchema([
        .optional("startedBy", .word(["kioskd", "system"]), standard: .text("kioskd")),
        .optional("folder", .path),
    ])

    static let foldersSchema = ObjectSchema([
        .optional("kiosk", .path, standard: .text(".")),
        .optional("devices", .path, standard: .text("../Devices")),
    ])
}
