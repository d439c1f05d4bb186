import Crypto
import Foundation
import HallModel

/// What a real platform would have on record of an insured person. Here it is made up: it follows from a digest of the
/// person's number, so that the same person always has the same record, and is nobody's.
struct InsuranceRecord: Sendable, Equatable {
    enum Period: Sendable, Equatable { case lastTwelveMonths, all }

    /// A calendar month, counted from January of year 0.
    struct Month: Sendable, Comparable, Hashable {
        var count: Int

        init(count: Int) { self.count = count }
        init(year: Int, month: Int) { count = year * 12 + month - 1 }

        /// The month of a moment in China.
        init(_ time: Timestamp) {
            let parts = time.chinaDay.split(separator: "-").compactMap { Int($0) }
            self.init(year: parts.first ?? 2000, month: parts.dropFirst().first ?? 1)
        }

        var year: Int { count / 12 }
        var month: Int { count % 12 + 1 }
        /// "2026年3月".
        var text: String { "\(year)年\(month)月" }

        static func < (left: Month, right: Month) -> Bool { left.count < right.count }
        static func + (month: Month, months: Int) -> Month { Month(count: month.count + months) }
        static func - (left: Month, right: Month) -> Int { left.count - right.count }
    }

    /// One insurance that the person has (险种).
    struct Insurance: Sendable, Equatable {
        var name: String
        var since: Month
        /// Months paid in the period of the certificate, and ever.
        var monthsInPeriod: Int
        var monthsEver: Int
        var state: String
    }

    /// What was paid in a month, or in a year where the certificate is about all of them; in yuan.
    struct Payment: Sendable, Equatable {
        /// The first month of it.
        var month: Month
        var months = 1
        /// 缴费基数, of a year the mean.
        var base: Int
        var pension: Int
        var medical: Int
        var unemployment: Int
        var employer: Int
    }

    var name: Sensitive<String>
    var number: Sensitive<String>
    let period: Period
    var first: Month
    var last: Month
    var insurances: [Insurance]
    /// Oldest first.
    var payments: [Payment]

    /// - Parameters:
    ///   - name: as on the card; without it one is made up.
    ///   - month: the present month; the record ends before it.
    init(number: Sensitive<String>, name: Sensitive<String>?, period: Period, at month: Month) {
        var dice = Dice(number.exposed)
        self.number = number
        self.period = period
        self.name = name ?? Sensitive(Self.inventedName(&dice))
        let birth = Self.birthYear(number.exposed) ?? month.year - 25 - dice.next(30)
        // People begin to pay in their twenties and end at sixty; after that their hall's medical insurance goes on.
        let start = Month(year: min(max(birth + 20 + dice.next(6), 1996), month.year - 2), month: 1 + dice.next(12))
        let retired = Month(year: birth + 60, month: 1)
        let isRetired = retired <= month && retired > start
        let end = month + -1
        last = end
        first = period == .all ? start : max(start, end + -11)
        let growth = 1.02 + Double(dice.next(30)) / 1000
        let basis = Double(2_400 + dice.next(1_800))
        var all: [Payment] = []
        var at = start
        while at <= end {
            let base = min(Int(basis * pow(growth, Double(at.year - start.year))) / 10 * 10, 36_000)
            let isPaid = at < retired || !isRetired
            all.append(
                Payment(
                    month: at, base: base, pension: isPaid ? base * 8 / 100 : 0, medical: base * 2 / 100,
                    unemployment: isPaid ? base * 5 / 1000 : 0, employer: isPaid ? base * 25 / 100 : base * 6 / 100))
            at = at + 1
        }
        let first = first
        payments = period == .all ? Self.years(all) : all.filter { $0.month >= first }
        func insurance(_ name: String, _ state: String, paid: KeyPath<Payment, Int>) -> Insurance {
            Insurance(
                name: name, since: start, monthsInPeriod: all.count { $0.month >= first && $0[keyPath: paid] > 0 },
                monthsEver: all.count { $0[keyPath: paid] > 0 }, state: state)
        }
        insurances = [
            insurance("基本养老保险", isRetired ? "按月领取待遇" : "正常参保", paid: \.pension),
            insurance("基本医疗保险（含生育保险）", "正常参保", paid: \.medical),
            insurance("失业保险", isRetired ? "已终止" : "正常参保", paid: \.unemployment),
        ]
    }

    /// Month by month would be ten sheets for an old person: a year is a line.
    private static func years(_ months: [Payment]) -> [Payment] {
        Dictionary(grouping: months, by: \.month.year).sorted { $0.key < $1.key }.map { _, year in
            Payment(
                month: year.map(\.month).min() ?? Month(count: 0), months: year.count,
                base: year.reduce(0) { $0 + $1.base } / year.count, pension: year.reduce(0) { $0 + $1.pension },
                medical: year.reduce(0) { $0 + $1.medical }, unemployment: year.reduce(0) { $0 + $1.unemployment },
                employer: year.reduce(0) { $0 + $1.employer })
        }
    }

    private static func birthYear(_ number: String) -> Int? {
        guard number.utf8.count == 18, let year = Int(number.dropFirst(6).prefix(4)), (1900...2100).contains(year)
        else { return nil }
        return year
    }

    private static func inventedName(_ dice: inout Dice) -> String {
        let surnames = Array("赵钱孙李周吴郑王")
        let given = ["示例", "样例", "范例", "演示"]
        return String(surnames[dice.next(surnames.count)]) + given[dice.next(given.count)]
    }

    /// Numbers that follow from a text.
    private struct Dice {
        private var bytes: [UInt8]
        private var place = 0

        init(_ text: String) { bytes = Array(SHA256.hash(data: Data("hallkiosk insurance \(text)".utf8))) }

        mutating func next(_ bound: Int) -> Int {
            let value = Int(bytes[place % bytes.count]) << 8 | Int(bytes[(place + 1) % bytes.count])
            place += 2
            return value % max(1, bound)
        }
    }
}
