/// Cards at the edges of what the layouts allow.
extension Wallet {
    /// A woman of 52 who comes with somebody, or in somebody's stead.
    public static let relative = resident(
        "relative", "52 岁，陪同或代办的人", name: "张丽", female: true, birth: "19740905", sequence: "006",
        address: "测试省示范市第九街道平安路9号3栋201室", from: "20160101", to: "20360101")

    /// Valid from 2099-01-01 only.
    public static let notYetValid = resident(
        "not-yet-valid", "还没到有效期", name: "周小燕", female: true, birth: "20001212", sequence: "008",
        address: "测试省示范市第九街道学府路2号", from: "20990101", to: "21190101")

    /// A name that fills all 30 bytes of its field: nothing is left to trim.
    public static let fullName = resident(
        "full-name", "姓名占满 30 字节", name: "买买提江·阿不都热合曼·艾力玉素甫".utf16Prefix(15), female: false, birth: "19680229",
        sequence: "009", address: String(repeating: "测试省示范市第九街道很长的路", count: 3).utf16Prefix(35), from: "20120101",
        to: "20320101", ethnic: "05")

    /// Spaces inside name and address belong to them; those behind are padding.
    public static let innerSpaces = resident(
        "inner-spaces", "姓名地址中间有空格", name: "古丽 阿依  江", female: true, birth: "19900518", sequence: "010",
        address: "测试省 示范市  第九街道 7 号", from: "20150601", to: "20350601", ethnic: "05")

    /// A card without an address: the field is padding from its first byte.
    public static let emptyAddress = resident(
        "empty-address", "住址是空的", name: "孙大海", female: false, birth: "19850704", sequence: "011", address: "",
        from: "20180301", to: "20380301")

    /// A high surrogate before an ordinary character, a low one alone, and a high one at the end: no text at all.
    public static let loneSurrogates = resident(
        "lone-surrogates", "姓名里有半个字（不成对的代理）", name: "钱�文��", female: false, birth: "19771111",
        sequence: "012", address: "测试省示范市第九街道旧城巷1号", from: "20100909", to: "20300909",
        nameUnits: [0x94B1, 0xD842, 0x6587, 0xDFB7, 0xD842])

    /// A kind of card that the tables do not know, with the fields of a resident's card.
    public static let unknownType = resident(
        "unknown-type", "认不出的证件种类（Q）", name: "无名", female: true, birth: "19700101", sequence: "013",
        address: "测试省示范市第九街道未知路1号", from: "20200101", to: "20400101", kind: "Q")

    /// A card of kind J of a Hong Kong resident, no longer valid.
    public static let hongKongExpired = kindJ(
        "hong-kong-expired", "港澳台居民居住证（J），已过期", name: "陈大文", female: false, birth: "19610815",
        digits: "81000019610815001", pass: "H00000019", from: "20180901", to: "20230901")

    /// A card of kind J of a Macao resident.
    public static let macaoResident = kindJ(
        "macao", "港澳台居民居住证（J），澳门", name: "何美玲", female: true, birth: "19830320", digits: "82000019830320002",
        pass: "M00000027", from: "20230320", to: "20280320")

    /// A card of kind I whose English name fills all 120 bytes.
    public static let foreigner2017FullName: SyntheticCard = {
        let name = "SPECIMEN-WOLFESCHLEGELSTEINHAUSENBERGERDORFF, HUBERT BLAINE".padded(to: 60, with: "X")
        return SyntheticCard(
            id: "foreigner-2017-full-name", kind: .foreigner2017, note: "外国人永居证 2017（I），英文名占满 120 字节", name: "修伯特",
            number: "DEU999979050505", birth: "19790505", validFrom: "20190101", validTo: "20290101",
            fields: [
                CardField(0, 120, name), CardField(120, 2, "1"), CardField(122, 30, "DEU999979050505"),
                CardField(152, 6, "DEU"), CardField(158, 30, "修伯特"), CardField(188, 16, "20190101"),
                CardField(204, 16, "20290101"), CardField(220, 16, "19790505"), CardField(236, 4, "01"),
                CardField(240, 8, "1500"), CardField(248, 2, "I"),
            ])
    }()

    /// A card of kind Y, no longer valid, without a Chinese name and with an English one that fills both fields.
    public static let foreigner2023Expired: SyntheticCard = {
        let number = withCheckCharacter("99984019910630000")
        let name = "SPECIMEN FITZGERALD-MONTAGUE, ALEXANDRA VICTOR"
        return SyntheticCard(
            id: "foreigner-2023-expired", kind: .foreigner2023, note: "外国人永居证 2023（Y），过期，没有中文名", name: name,
            number: number, birth: "19910630", validFrom: "20231201", validTo: "20241201",
            fields: [
                CardField(30, 2, "9"), CardField(32, 4, "02"), CardField(36, 16, "19910630"),
                CardField(52, 70, units: Array(name.utf16.prefix(35))), CardField(122, 36, number),
                CardField(188, 16, "20231201"), CardField(204, 16, "20241201"),
                CardField(220, 22, units: Array(name.utf16.dropFirst(35))), CardField(242, 6, "USA"),
                CardField(248, 2, "Y"), CardField(250, 6, "002"),
            ])
    }()

    static func kindJ(
        _ id: String, _ note: String, name: String, female: Bool, birth: String, digits: String, pass: String,
        from: String, to: String
    ) -> SyntheticCard {
        let number = withCheckCharacter(digits)
        return SyntheticCard(
            id: id, kind: .hongKongMacaoTaiwan, note: note, name: name, number: number, birth: birth, validFrom: from,
            validTo: to,
            fields: [
                CardField(0, 30, name), CardField(30, 2, female ? "2" : "1"), CardField(36, 16, birth),
                CardField(52, 70, "测试省示范市第九街道海峡路1号"), CardField(122, 36, number),
                CardField(158, 30, "示范市公安局"), CardField(188, 16, from), CardField(204, 16, to),
                CardField(220, 18, pass), CardField(238, 4, "01"), CardField(248, 2, "J"),
            ])
    }
}

extension String {
    /// The first `count` UTF-16 code units.
    fileprivate func utf16Prefix(_ count: Int) -> String { String(decoding: utf16.prefix(count), as: UTF16.self) }

    fileprivate func padded(to count: Int, with filler: Character) -> String {
        self + String(repeating: filler, count: max(0, count - utf16.count))
    }
}
