/// The cards that lie on the desk of the emulated hall.
public enum Wallet {
    /// Cards that say who their holder is, in the order in which the desk shows them.
    public static let cards: [SyntheticCard] = [
        zhang, anotherPerson, relative, rareSurname, longTerm, expired, notYetValid, checkDigitWrong, fullName,
        innerSpaces, emptyAddress, taiwanResident, hongKongExpired, macaoResident, foreigner2017, foreigner2017FullName,
        foreigner2023, foreigner2023Expired,
    ]

    /// Cards whose text is damaged or of an unknown layout: a reader reads them, and no name or number may be guessed.
    public static let damagedCards: [SyntheticCard] = [loneSurrogates, unknownType]

    /// Every card on the desk.
    static let all = cards + damagedCards

    /// The card with this id, if there is one.
    public static func card(_ id: String) -> SyntheticCard? { all.first { $0.id == id } }

    /// The main one: a woman who is 78 in 2026.
    public static let zhang = resident(
        "zhang", "78 岁，主要的办事人", name: "张桂兰", female: true, birth: "19480315", sequence: "002",
        address: "测试省示范市第九街道平安路9号3栋201室", from: "20110610", to: "长期", fingerprints: true)

    /// A surname outside the two-byte area of GB18030, and outside the Basic Multilingual Plane.
    public static let rareSurname = resident(
        "rare-surname", "姓是生僻字（U+20BB7）", name: "𠮷玉华", female: true, birth: "19650921", sequence: "004",
        address: "测试省示范市第九街道和𠮷巷 12 号", from: "20100401", to: "20300401")

    /// Not valid any more since 2023-10-14.
    public static let expired = resident(
        "expired", "证件已过期", name: "李国强", female: false, birth: "19790508", sequence: "001",
        address: "测试省示范市第九街道建设路18号", from: "20031014", to: "20231014")

    /// A card without expiry (长期), of an ethnic minority (code 11).
    public static let longTerm = resident(
        "long-term", "长期有效", name: "王福来", female: false, birth: "19440101", sequence: "003",
        address: "测试省示范市第九街道新民村6组", from: "20060228", to: "长期", ethnic: "11")

    /// A man of 45: somebody else than the one who began.
    public static let anotherPerson = resident(
        "another-person", "45 岁，另一个人", name: "陈建军", female: false, birth: "19810726", sequence: "005",
        address: "测试省示范市第三街道光明路5号", from: "20190820", to: "20390820",
        additionalAddresses: ["测试省示范市第九街道平安路9号7栋502室"])

    /// The number's last character is not that of MOD 11-2 (GB 11643); all else is right.
    public static let checkDigitWrong = resident(
        "check-digit-wrong", "号码校验位不对", name: "赵明", female: false, birth: "19560606", sequence: "007",
        address: "测试省示范市第九街道花园里3号", from: "20080101", to: "长期", checkDigitShift: 1)

    /// A card of kind J.
    public static let taiwanResident = kindJ(
        "hk-macao-taiwan", "港澳台居民居住证（J）", name: "林志明", female: false, birth: "19720430",
        digits: "83000019720430001", pass: "T00000019", from: "20240105", to: "20290105")

    /// A card of kind I.
    public static let foreigner2017 = SyntheticCard(
        id: "foreigner-2017", kind: .foreigner2017, note: "外国人永久居留证 2017 版（I）", name: "安娜",
        number: "CAN999980010108", birth: "19800101", validFrom: "20180601", validTo: "20280601",
        fields: [
            CardField(0, 120, "SPECIMEN, ANNA MARIA"), CardField(120, 2, "2"), CardField(122, 30, "CAN999980010108"),
            CardField(152, 6, "CAN"), CardField(158, 30, "安娜"), CardField(188, 16, "20180601"),
            CardField(204, 16, "20280601"), CardField(220, 16, "19800101"), CardField(236, 4, "01"),
            CardField(240, 8, "1500"), CardField(248, 2, "I"),
        ])

    /// A card of kind Y, with an English name that continues in the second field.
    public static let foreigner2023: SyntheticCard = {
        let number = withCheckCharacter("99912419870212000")
        return SyntheticCard(
            id: "foreigner-2023", kind: .foreigner2023, note: "外国人永久居留证 2023 版（Y）", name: "乔丹",
            number: number, birth: "19870212", validFrom: "20231201", validTo: "20331201",
            fields: [
                CardField(0, 30, "乔丹"), CardField(30, 2, "1"), CardField(32, 4, "01"), CardField(36, 16, "19870212"),
                CardField(52, 70, "SPECIMEN-MONTGOMERY, JORDAN ALEXAND"), CardField(122, 36, number),
                CardField(188, 16, "20231201"), CardField(204, 16, "20331201"), CardField(220, 22, "ER WINSTON"),
                CardField(242, 6, "CAN"), CardField(248, 2, "Y"), CardField(250, 6, "001"),
            ])
    }()

    /// Adds the check character of GB 11643 (MOD 11-2) to 17 digits.
    static func withCheckCharacter(_ digits: String, shift: Int = 0) -> String {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits.utf8, weights).reduce(0) { $0 + (Int($1.0) - 48) * $1.1 }
        return digits + String(Array("10X98765432")[(sum + shift) % 11])
    }

    static func resident(
        _ id: String, _ note: String, name: String, female: Bool, birth: String, sequence: String, address: String,
        from: String, to: String, ethnic: String = "01", fingerprints: Bool = false,
        additionalAddresses: [String] = [], checkDigitShift: Int = 0, nameUnits: [UInt16]? = nil, kind: String = " "
    ) -> SyntheticCard {
        let number = withCheckCharacter("999999" + birth + sequence, shift: checkDigitShift)
        return SyntheticCard(
            id: id, kind: kind == " " ? .resident : .unknown, note: note, name: name, number: number, birth: birth,
            validFrom: from, validTo: to,
            fields: [
                CardField(0, 30, units: nameUnits ?? Array(name.utf16)), CardField(30, 2, female ? "2" : "1"),
                CardField(32, 4, ethnic),
                CardField(36, 16, birth), CardField(52, 70, address), CardField(122, 36, number),
                CardField(158, 30, "示范市公安局第九分局"), CardField(188, 16, from), CardField(204, 16, to),
                CardField(248, 2, kind),
            ],
            hasFingerprints: fingerprints, additionalAddresses: additionalAddresses)
    }
}
