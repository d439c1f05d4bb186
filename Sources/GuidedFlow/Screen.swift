import HallModel

/// What the resident sees, as data: no HTML, no layout, and no fixed text but keys into `Kiosk/texts`.
///
/// `GuidedFlow` makes it from its state; `KioskScreens` turns it into a page with the template of the same name.
public struct Screen: Sendable, Equatable {
    /// One template each in `Kiosk/screens`.
    public enum Name: String, Sendable, CaseIterable {
        /// 请把身份证放在这里. Also says why items are not available today, and that the last session was lost.
        case start
        /// A card was laid down and is being read.
        case reading
        /// Submission is closed, or the reader is broken: says why and which window to go to.
        case closed
        /// 不想放证件，去窗口办.
        case window
        /// 张奶奶，您要办哪件事？
        case items
        /// What is needed, how long it takes, whether all of it can be done here; or why it cannot be done now.
        case intro
        /// One question with large choices.
        case choice
        /// One question answered on the digit pad.
        case digits
        /// Lay page n of the material into the scanner.
        case scan
        /// The scanner is drawing the page in.
        case scanning
        /// Preview with what the checks found: keep, or scan again.
        case preview
        /// 收好了: all pages of a material are safe.
        case stored
        /// Check answers before submission.
        case check
        /// Sent, waiting for the platform's answer (at most 10 s).
        case submitting
        /// Number or acceptance code; how the receipt went.
        case done
        /// 打印证明: the platform makes the document.
        case making
        /// 打印证明: it is printed; how that went.
        case papers
        /// Take card, originals, papers, slip.
        case take
        /// A device needs the person's hands, or staff.
        case fault
        /// Another person's card lies on the reader.
        case otherCard
        /// 办件进度: looking up.
        case lookingUp
        /// 办件进度: the resident's cases.
        case progress
    }

    /// Which template draws it.
    public var name: Name
    /// Rises with every change a late touch could be wrong about; every touch carries it back (XT2).
    public var revision: Int
    /// In which the words are shown.
    public var language: Language
    /// 1, 2 or 3 (XA3).
    public var textStep: Int
    /// XA7: moved down for a seated person.
    public var isLowered = false
    /// "第 n 步，共 m 步"; `nil` outside of an item and on its first page.
    public var step: Step?
    /// 返回 stands above; what it does depends on the page.
    public var canGoBack: Bool
    /// What is asked, or said first.
    public var heading: ScreenText
    /// The problem that this screen tells of, where it is about one; for logs and events.
    public var problem: ProblemCode?
    /// Sentences under the heading.
    public var lead: [ScreenText] = []
    /// Set apart from the lead, each with a sign; in order.
    public var notes: [Note] = []
    /// Large drawing, by name in `Kiosk/pictures`.
    public var picture: String?
    /// Large buttons, each of which answers or leads on.
    public var choices: [Choice] = []
    /// The digit pad; `nil` on other screens.
    public var digits: Digits?
    /// The scanned page that is looked at; `nil` on other screens.
    public var page: PagePreview?
    /// What will be sent, row by row.
    public var answers: [Answer] = []
    /// The number that matters, as large as the page allows.
    public var number: String?
    /// Cases found by 办件进度查询.
    public var cases: [CaseSummary] = []
    /// Things to take, each with whether it was seen to be gone (`nil`: the device cannot tell).
    public var things: [Thing] = []
    /// In order; the first `.go` is the main button.
    public var buttons: [Button] = []
    /// Buttons that will stand here in a moment: their place is kept free, so that nothing moves under a finger then.
    public var reserved: [Button] = []
    /// The dialog above, if one is open.
    public var overlay: Overlay?
    /// XD2: personal data is covered until the next touch.
    public var isCovered = false

    /// How far the person is in an item.
    public struct Step: Sendable, Equatable {
        /// 1…`of`.
        public var number: Int
        /// By the answers given so far: one step a question, one a material, the check page, the end.
        public var of: Int
        /// Takes both as they are.
        public init(_ number: Int, of: Int) {
            self.number = number
            self.of = of
        }
    }

    /// A sentence with a sign before it.
    public struct Note: Sendable, Equatable {
        /// How grave it is.
        public enum Kind: String, Sendable {
            /// All is well.
            case good
            /// Something to know.
            case warn
            /// Something does not go on.
            case stop
        }
        /// Decides its sign.
        public var kind: Kind
        /// The sentence.
        public var text: ScreenText
        /// Takes both as they are.
        public init(_ kind: Kind, _ text: ScreenText) {
            self.kind = kind
            self.text = text
        }
    }

    /// One of several large buttons.
    public struct Choice: Sendable, Equatable {
        /// What a touch on it does.
        public var action: ResidentAction
        /// The words on it.
        public var title: ScreenText
        /// Smaller words below.
        public var detail: ScreenText?
        /// Name of a drawing in `Kiosk/pictures`.
        public var pictogram: String?
        /// It is the answer given before, or the setting in force.
        public var isSelected: Bool
        /// It names something of the person's, as their address.
        public var isPersonal: Bool
        /// A choice that is not in force and names nothing personal, unless said otherwise.
        public init(
            action: ResidentAction, title: ScreenText, detail: ScreenText? = nil, pictogram: String? = nil,
            isSelected: Bool = false, isPersonal: Bool = false
        ) {
            self.action = action
            self.title = title
            self.detail = detail
            self.pictogram = pictogram
            self.isSelected = isSelected
            self.isPersonal = isPersonal
        }
    }

    /// The digit pad with what stands on it.
    public struct Digits: Sendable, Equatable {
        /// Digits entered so far, without gaps; at most `maximum`.
        public var entered: String
        /// How many digits the pad takes, 1…20.
        public var maximum: Int
        /// What is wrong with the entry, after the person pressed the main button.
        public var error: ScreenText?
        /// Takes the values as they are.
        public init(entered: String, maximum: Int, error: ScreenText? = nil) {
            self.entered = entered
            self.maximum = maximum
            self.error = error
        }
    }

    /// A scanned page to look at.
    public struct PagePreview: Sendable, Equatable {
        /// Under which its small picture is asked for.
        public var page: PageID
        /// Said in place of the picture to those who do not see it.
        public var description: ScreenText
        /// Takes both as they are.
        public init(page: PageID, description: ScreenText) {
            self.page = page
            self.description = description
        }
    }

    /// A row of the check page.
    public struct Answer: Sendable, Equatable {
        /// What it is: "领取地点".
        public var label: ScreenText
        /// The answer; of the number on the card its last four characters only.
        public var value: ScreenText
        /// Where the value came from ("来自身份证"), when nobody entered it (F6).
        public var source: ScreenText?
        /// 更改; `nil` when it cannot be changed.
        public var change: ResidentAction?
        /// A row that nobody can change, of a value that somebody entered, unless said otherwise.
        public init(label: ScreenText, value: ScreenText, source: ScreenText? = nil, change: ResidentAction? = nil) {
            self.label = label
            self.value = value
            self.source = source
            self.change = change
        }
    }

    /// Something of the person's that may lie at the kiosk (D9).
    public struct Thing: Sendable, Equatable {
        /// What it is.
        public var text: ScreenText
        /// Name of a drawing in `Kiosk/pictures`.
        public var pictogram: String
        /// Whether a device saw it go; `nil`: the device cannot tell.
        public var isTaken: Bool?
        /// Takes the values as they are.
        public init(text: ScreenText, pictogram: String, isTaken: Bool?) {
            self.text = text
            self.pictogram = pictogram
            self.isTaken = isTaken
        }
    }

    /// A button below the page.
    public struct Button: Sendable, Equatable {
        /// How it looks.
        public enum Kind: String, Sendable {
            /// The one dark button: the way on.
            case go
            /// Outlined.
            case other
        }
        /// Whether it is the way on.
        public var kind: Kind
        /// What a touch on it does.
        public var action: ResidentAction
        /// The words on it.
        public var text: ScreenText
        /// Name of a drawing in `Kiosk/pictures`.
        public var pictogram: String?
        /// A button without a drawing, unless said otherwise.
        public init(_ kind: Kind, _ action: ResidentAction, _ text: ScreenText, pictogram: String? = nil) {
            self.kind = kind
            self.action = action
            self.text = text
            self.pictogram = pictogram
        }
    }

    /// A dialog above the screen. The screen below stays.
    public struct Overlay: Sendable, Equatable {
        /// What the dialog is about.
        public enum Name: String, Sendable, CaseIterable {
            /// 您还在吗？
            case idle
            /// 已通知，请稍等.
            case help
            /// 字大小.
            case textSize
            /// 要结束吗？ asked only when something would be lost.
            case end
            /// Language choice.
            case language
        }
        /// What the dialog is about.
        public var name: Name
        /// What is asked, or said first.
        public var heading: ScreenText
        /// Sentences under the heading.
        public var lead: [ScreenText]
        /// Settings to choose from: text size or language.
        public var choices: [Choice]
        /// In order; the first `.go` is the main one.
        public var buttons: [Button]
        /// Shown only in the second half of the alert (XD1).
        public var secondsLeft: Int?
        /// A dialog of heading and buttons, unless said otherwise.
        public init(
            name: Name, heading: ScreenText, lead: [ScreenText] = [], choices: [Choice] = [], buttons: [Button],
            secondsLeft: Int? = nil
        ) {
            self.name = name
            self.heading = heading
            self.lead = lead
            self.choices = choices
            self.buttons = buttons
            self.secondsLeft = secondsLeft
        }
    }

    /// An otherwise empty screen: no step, no way back, nothing to press.
    public init(name: Name, revision: Int, language: Language, textStep: Int, heading: ScreenText) {
        self.name = name
        self.revision = revision
        self.language = language
        self.textStep = textStep
        self.step = nil
        self.canGoBack = false
        self.heading = heading
    }
}

/// A text on a screen.
public indirect enum ScreenText: Sendable, Equatable {
    /// A key of `Kiosk/texts/<language>.yaml`, with values for its `{placeholders}`.
    case key(String, [String: ScreenText] = [:])
    /// A text that came with an item, a problem or a form, in every language it has.
    case localized(LocalizedText)
    /// Text that is the same in every language: a name, a number.
    case plain(String)
}
