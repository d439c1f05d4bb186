import HallModel

/// The person whose card was read: how to speak to them, and what of them may be shown.
struct Visitor: Sendable {
    let document: IdentityDocument

    /// How the first question addresses the person.
    enum Salutation: Sendable, Equatable {
        case grandmother(surname: String)
        case grandfather(surname: String)
        case madam(surname: String)
        case sir(surname: String)
        /// Sex or surname cannot be told: the whole name.
        case name(String)
        /// No name, or one in Latin letters: whole and long as those are, they would be read by the whole queue.
        case none
    }

    /// From this age on 爷爷 and 奶奶.
    static let elderAge = 60

    func salutation(on today: CalendarDate) -> Salutation {
        guard !document.name.isEmpty, !document.name.contains(where: { $0.isASCII && $0.isLetter }) else {
            return .none
        }
        guard let surname else { return .name(document.name) }
        let isElder = (age(on: today) ?? 0) >= Self.elderAge
        switch document.sex {
        case .female: return isElder ? .grandmother(surname: surname) : .madam(surname: surname)
        case .male: return isElder ? .grandfather(surname: surname) : .sir(surname: surname)
        case .unknown, .notStated: return .name(document.name)
        }
    }

    func age(on today: CalendarDate) -> Int? { document.birth?.age(on: today) }

    /// The name as the card has it, the English one where it has no other.
    var name: String? {
        [document.name, document.englishName ?? ""].first { !$0.isEmpty }
    }

    /// "张*" (L5).
    var maskedName: String {
        guard let first = document.name.first ?? document.englishName?.first else { return "*" }
        return "\(surname ?? String(first))*"
    }

    /// Last four characters of the number (L5).
    var numberTail: String { String(document.number.suffix(4)) }

    /// 最新住址 where the card carries one: it was written later.
    var address: String? {
        [document.newestAddress, document.address].compactMap(\.self).first { !$0.isEmpty }
    }

    /// The surname of a Chinese name. `nil` where the order or the script of the name does not tell it: names written
    /// with a middle dot or in Latin letters, and the Chinese names of foreigners.
    var surname: String? {
        guard document.kind == .resident || document.kind == .hongKongMacaoTaiwan else { return nil }
        let name = document.name
        guard name.count >= 2, name.count <= 4, name.allSatisfy(Self.isHanLike) else { return nil }
        if name.count >= 3, Self.compoundSurnames.contains(String(name.prefix(2))) { return String(name.prefix(2)) }
        return name.count == 4 ? nil : String(name.prefix(1))
    }

    /// Han characters, also rare ones and those that a card keeps in the private-use area.
    private static func isHanLike(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        return scalar.properties.isIdeographic || scalar.properties.generalCategory == .privateUse
    }

    /// Surnames of two characters that are borne today (after GB/T surname statistics and 百家姓).
    private static let compoundSurnames: Set<String> = [
        "欧阳", "上官", "司马", "诸葛", "司徒", "东方", "独孤", "南宫", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "夏侯",
        "轩辕", "端木", "百里", "呼延", "东郭", "西门", "南门", "公羊", "公冶", "澹台", "濮阳", "淳于", "单于", "太叔", "申屠", "仲孙",
        "钟离", "闻人", "赫连", "鲜于", "闾丘", "司空", "第五", "拓跋", "完颜", "万俟", "宗政", "公西", "巫马", "左丘", "东野", "子车",
    ]
}
