/// One thing the government does for a resident, as the flow needs it. Read from `Kiosk/items/*.yaml`.
public struct ServiceItem: Sendable, Equatable {
    /// What the kiosk does for it, and so which pages it has.
    public enum Kind: String, Sendable, Codable {
        /// Questions, materials, submission, receipt.
        case application
        /// 打印证明 (F11): questions, then an A4 paper that the platform makes and this kiosk prints.
        case certificate
        /// 办件进度查询: shows the resident's own cases, live.
        case progress
    }

    /// Something the item cannot do without: where it is away, the item is closed and the window is named (`progress`
    /// stays open, and says itself when the platform does not answer).
    public enum Need: String, Sendable, Codable, CaseIterable {
        case scanner, receiptPrinter, documentPrinter, platform
    }

    /// Name of the item in configuration, events and towards the platform; its file is called `ID.yaml`.
    public var id: String
    /// Decides which of the members below count: only applications have materials, and `progress` asks nothing.
    public var kind: Kind
    /// Short name on the choice page: "老年人优待证".
    public var title: LocalizedText
    /// Official name, on check page, receipt and case: "老年人优待证申领".
    public var officialName: LocalizedText
    /// One line under the title.
    public var summary: LocalizedText
    /// Name of a drawing in `Kiosk/pictures`, without its ending.
    public var pictogram: String
    /// How long it takes the person, 1…60.
    public var minutes: Int
    /// F9: can all of it be done here? If not, `elsewhere` says what to take to which window.
    public var canBeFinishedHere: Bool
    /// What to take to which window afterwards; there when `canBeFinishedHere` is false.
    public var elsewhere: LocalizedText?
    /// The window that does the same by hand, named when the item cannot be done here now.
    public var window: LocalizedText
    /// What to bring, each a short noun.
    public var bring: [LocalizedText]
    /// What happens afterwards and when: "5 个工作日内办好".
    public var afterwards: LocalizedText
    /// May be empty. Materials need the scanner, and a certificate the document printer, whether named here or not.
    public var needs: Set<Need>
    /// In full years by the card, 0…120; younger persons are sent to the window. `nil`: everybody. A card whose date of
    /// birth cannot be read is let through.
    public var minimumAge: Int?
    /// Asked in this order, one a page; at most 12.
    public var questions: [Question]
    /// Scanned in this order after the questions; at most 6.
    public var materials: [MaterialRequirement]
    /// Why this kiosk does not offer the item, by its configuration; `nil` where it does.
    public var closedHere: LocalizedText?

    /// An item that this kiosk offers (`closedHere` is `nil`). Nothing is checked here: the configuration's reader
    /// does it.
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
        /// How the question is answered: nobody types words.
        public enum Form: Sendable, Equatable {
            /// Two to six large choices.
            case choice([Choice])
            /// Digits on the large pad; accepted when the count lies in `length` and the number starts with one of
            /// `prefixes` (any when empty).
            case digits(length: ClosedRange<Int>, prefixes: [String])
        }

        /// Unique among the questions and materials of the item; the platform gets the answer under it.
        public var id: String
        /// The heading: the question itself.
        public var heading: LocalizedText
        /// A noun for the check page and the receipt: "领取地点".
        public var label: LocalizedText
        /// What the person touches, and which answers there are.
        public var form: Form
        /// Asked only when that earlier question was answered so.
        public var condition: Condition?
        /// Never whole on a receipt: last four digits only. The check page shows it, so that a wrong digit is seen.
        public var isPrivate: Bool

        /// Ties a question to an earlier one that has choices.
        public struct Condition: Sendable, Equatable {
            /// Id of the earlier question.
            public var question: String
            /// Id of the choice that opens this one.
            public var answer: String
            /// Takes both ids as they are; that they exist is checked where the configuration is read.
            public init(question: String, answer: String) {
                self.question = question
                self.answer = answer
            }
        }

        /// A question that everybody is asked, and whose answer may stand on the receipt, unless said otherwise.
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

    /// One of the large buttons that answer a question.
    public struct Choice: Sendable, Equatable {
        /// Unique in the question: the value that the platform gets.
        public var id: String
        /// The words on the button, on the check page and on the receipt.
        public var label: LocalizedText
        /// Smaller words below the label.
        public var detail: LocalizedText?
        /// Name of a drawing in `Kiosk/pictures`, without its ending.
        public var pictogram: String?
        /// Only for a person whose card carries an address, which is shown beside it: nobody has to type one.
        public var needsAddress: Bool
        /// A choice for everybody, unless `needsAddress` says otherwise.
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
        /// Unique among the questions and materials of the item.
        public var id: String
        /// "户口本".
        public var title: LocalizedText
        /// One entry a page, each says which page to lay down: "户主那一页".
        public var pages: [LocalizedText]
        /// A material of as many pages as `pages` has texts, 1…10 by the configuration.
        public init(id: String, title: LocalizedText, pages: [LocalizedText]) {
            self.id = id
            self.title = title
            self.pages = pages
        }
    }
}
