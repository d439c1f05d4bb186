/// One thing the government does for a resident, as the flow needs it. Read from `Kiosk/items/*.yaml`.
public struct ServiceItem: Sendable, Equatable {
    public enum Kind: String, Sendable, Codable {
        /// Questions, materials, submission, receipt.
        case application
        /// 打印证明 (F11): questions, then an A4 paper that the platform makes and this kiosk prints.
        case certificate
        /// 办件进度查询: shows the resident's own cases, live.
        case progress
    }

    /// Something the item cannot do without.
    public enum Need: String, Sendable, Codable, CaseIterable {
        case scanner, receiptPrinter, documentPrinter, platform
    }

    public var id: String
    public var kind: Kind
    /// Short name on the choice page: "老年人优待证".
    public var title: LocalizedText
    /// Official name, on check page, receipt and case: "老年人优待证申领".
    public var officialName: LocalizedText
    /// One line under the title.
    public var summary: LocalizedText
    public var pictogram: String
    public var minutes: Int
    /// F9: can all of it be done here? If not, `elsewhere` says what to take to which window.
    public var canBeFinishedHere: Bool
    public var elsewhere: LocalizedText?
    /// The window that does the same by hand, named when the item cannot be done here now.
    public var window: LocalizedText
    /// What to bring, each a short noun.
    public var bring: [LocalizedText]
    /// What happens afterwards and when: "5 个工作日内办好".
    public var afterwards: LocalizedText
    public var needs: Set<Need>
    public var minimumAge: Int?
    public var questions: [Question]
    public var materials: [MaterialRequirement]
    /// Why this kiosk does not offer the item, by its configuration; `nil` where it does.
    public var closedHere: LocalizedText?

    public init(
        id: String, kind: Kind, title: LocalizedText, officialName: LocalizedText, summary: LocalizedText,
        pictogram: String, minutes: Int, canBeFinishedHere: Bool, elsewhere: LocalizedText? = nil,
        window: LocalizedText, bring: [LocalizedText], afterwards: LocalizedText, needs: Set<Need>,
        minimumAge: Int? = nil, questions: [Question] = [], materials: [MaterialRequirement] = []
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.officialName = officialName
        self.summary = summary
        self.pictogram = pictogram
        self.minutes = minutes
        self.canBeFinishedHere = canBeFinishedHere
        self.elsewhere = elsewhere
        self.window = window
        self.bring = bring
        self.afterwards = afterwards
        self.needs = needs
        self.minimumAge = minimumAge
        self.questions = questions
        self.materials = materials
    }

    /// One question, one page.
    public struct Question: Sendable, Equatable {
        public enum Form: Sendable, Equatable {
            /// Two to six large choices.
            case choice([Choice])
            /// Digits on the large pad; accepted when the count lies in `length` and the number starts with one of
            /// `prefixes` (any when empty).
            case digits(length: ClosedRange<Int>, prefixes: [String])
        }

        public var id: String
        /// The heading: the question itself.
        public var heading: LocalizedText
        /// A noun for the check page and the receipt: "领取地点".
        public var label: LocalizedText
        public var form: Form
        /// Asked only when that earlier question was answered so.
        public var condition: Condition?
        /// Never whole on a receipt: last four digits only. The check page shows it, so that a wrong digit is seen.
        public var isPrivate: Bool

        public struct Condition: Sendable, Equatable {
            public var question: String
            public var answer: String
            public init(question: String, answer: String) {
                self.question = question
                self.answer = answer
            }
        }

        public init(
            id: String, heading: LocalizedText, label: LocalizedText, form: Form, condition: Condition? = nil,
            isPrivate: Bool = false
        ) {
            self.id = id
            self.heading = heading
            self.label = label
            self.form = form
            self.condition = condition
            self.isPrivate = isPrivate
        }
    }

    public struct Choice: Sendable, Equatable {
        public var id: String
        public var label: LocalizedText
        public var detail: LocalizedText?
        public var pictogram: String?
        /// Only for a person whose card carries an address, which is shown beside it: nobody has to type one.
        public var needsAddress: Bool
        public init(
            id: String, label: LocalizedText, detail: LocalizedText? = nil, pictogram: String? = nil,
            needsAddress: Bool = false
        ) {
            self.id = id
            self.label = label
            self.detail = detail
            self.pictogram = pictogram
            self.needsAddress = needsAddress
        }
    }

    /// A document that the item asks for.
    public struct MaterialRequirement: Sendable, Equatable {
        public var id: String
        /// "户口本".
        public var title: LocalizedText
        /// One entry a page, each says which page to lay down: "户主那一页".
        public var pages: [LocalizedText]
        public init(id: String, title: LocalizedText, pages: [LocalizedText]) {
            self.id = id
            self.title = title
            self.pages = pages
        }
    }
}
