/// What a kiosk says of an identity document, in words for staff. Kiosks may say more than is known here: that is shown by
/// its name, of which a stranger does not decide how long it is.
enum CardWords {
    /// Of a name that is not known here.
    private static let longestName = 40
    /// Names that are not known here, of one document.
    private static let mostNames = 8

    static func kind(_ kind: String) -> String {
        switch kind {
        case "resident": "居民身份证"
        case "foreigner2017": "外国人永久居留身份证（2017 版）"
        case "foreigner2023": "外国人永久居留身份证（2023 版）"
        case "hongKongMacaoTaiwan": "港澳台居民居住证"
        case "unknown": "没有认出是哪一种"
        default: bounded(kind)
        }
    }

    /// Sentences about what deserves a look, each once; none for a document of which there is nothing to say.
    static func remarks(_ flags: [String]) -> [String] {
        let flags = Set(flags)
        // `longTerm` is no remark: the day of expiry says it.
        let known = [
            ("expired", "读卡那天，证件的有效期已过。请核对有效期。"),
            ("notYetValid", "读卡那天，证件的有效期还没开始。请核对有效期。"),
            ("checkDigitWrong", "证件号码的末位（校验码）与前面的数字对不上。请核对号码。"),
            ("dateUnreadable", "证件上有一个日期读不出来。请核对出生日期和有效期。"),
            ("textDamaged", "证件上有的字读不完整，用“\u{FFFD}”代替了。请核对。"),
        ]
        let strange = flags.subtracting(known.map(\.0)).subtracting(["longTerm"]).sorted()
        var remarks = known.filter { flags.contains($0.0) }.map(\.1)
        remarks += strange.prefix(mostNames).map { "自助机的标记，本平台不认识：\(bounded($0))" }
        if strange.count > mostNames { remarks.append("不认识的标记还有 \(strange.count - mostNames) 个。") }
        return remarks
    }

    private static func bounded(_ name: String) -> String {
        // Scalars, for one character may have any number of them.
        let scalars = name.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: longestName, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return name }
        return String(scalars[..<end]) + "…"
    }
}
