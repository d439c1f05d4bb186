import HallModel

/// Everything that can happen to a session. `HallController` makes these from touches, workers, journal and platform.
public enum FlowEvent: Sendable, Equatable {
    /// A touch on a button, with the revision of the screen it was made on. Dropped when that screen is gone.
    case action(ResidentAction, revision: Int)
    /// Any touch or key anywhere: the person is there.
    case activity
    /// Time has passed; `FlowEnvironment.now` says how far. Sent at the moment asked for by `FlowEffect.wake`.
    case tick

    // Card reader.
    /// A card was laid down; `.cardRead` or `.cardFailed` follows unless it goes before.
    case cardPresented
    /// The card that lies there was read, also one of an unknown kind.
    case cardRead(IdentityDocument)
    /// The card that lies there could not be read.
    case cardFailed(ProblemCode)
    /// No card lies there any more.
    case cardRemoved

    /// The code reader read a code: its text as it stands there, of a receipt or of anything else.
    case codeRead(Sensitive<String>)

    /// A device changed its state. Blips under 3 s are filtered before this. A role never heard of counts as usable, so
    /// a device that is configured and missing is reported as `.noDevice`.
    case device(DeviceRole, DeviceStatus)

    // Scanner and page checks. `page` names the memory where the image lies. Outcomes of a session that has ended must
    // not be reported to the next one.
    /// The first row of the page asked for came.
    case scanStarted
    /// The page asked for is in hand and was checked, whatever the checks found.
    case pageScanned(PageID, PageChecks)
    /// No page came of what was asked for; the sheet may have moved.
    case scanFailed(ProblemCode)
    /// Every page of this material is in a sealed file on disk and in the journal.
    case materialStored(String)
    /// The material is not safe; its pages are still in hand.
    case materialNotStored(String, ProblemCode)

    // Submission.
    /// The journal has the case: from here on it is sent, whatever happens.
    case caseAccepted
    /// The journal does not have the case: nothing was submitted.
    case caseNotAccepted(ProblemCode)
    /// The platform has confirmed the case.
    case caseConfirmed(number: String)
    /// 10 s passed: the receipt carries this code, and the platform will resolve it.
    case caseWaits(acceptanceCode: String)

    // Receipt.
    /// How the print of the slip asked for last ended.
    case receipt(PrintOutcome)
    /// The slot was seen empty after the slip came out.
    case slipTaken

    // 打印证明.
    /// The platform made the document, and all of it is in memory.
    case documentReady(pages: Int)
    /// There is no document to be printed.
    case documentUnavailable(DocumentObstacle)
    /// How the print of the document asked for last ended.
    case documentPrinted(PrintOutcome)

    // 办件进度.
    /// The answer to the question asked last, newest first; empty when there is no case.
    case progressFound([CaseSummary])
    /// The platform did not answer the question asked last.
    case progressUnavailable

    /// Whether the platform answers at all; asked again and again, whoever is at the screen.
    case platformReachable(Bool)

    // Staff call.
    /// Nobody could be told of what the kiosk itself called for: it calls again while it still has to.
    case ownCallNotDelivered
    /// Somebody has been told of the call that the person asked for.
    case helpDelivered
    /// Nobody could be told of it.
    case helpNotDelivered

    /// Submission is closed (disk full, outbox full) or open again (`nil`).
    case submissionClosed(ProblemCode?)
    /// The kiosk restarted while somebody was using it; said on the start screen.
    /// - Parameter accepted: number or acceptance code of a case that the journal had taken in before: it goes on, and must
    ///   not be submitted again.
    case previousSessionLost(accepted: String?)
}

/// What the flow asks of the world.
public enum FlowEffect: Sendable, Equatable {
    /// A person's session begins (a card was read, or somebody began to look around).
    case beginSession
    /// Erase everything of this session: memory, previews, sealed files that were not submitted.
    case endSession
    /// Scan page `index` (0-based) of the material. Ends with exactly one `.pageScanned` or `.scanFailed`.
    case scanPage(material: String, index: Int)
    /// Give up the scan under way; its outcome must not be reported any more.
    case cancelScan
    /// Drop a page image from memory.
    case discardPage(PageID)
    /// Make the PDF of these pages in order, seal it, store it. Ends with `.materialStored` or `.materialNotStored`;
    /// after `.materialStored` the flow asks for these pages no more. A material stored earlier under this id is replaced:
    /// it goes when the new one is safe, not before.
    case storeMaterial(String, pages: [PageID])
    /// Erase a stored material that will not be submitted.
    case eraseMaterial(String)
    /// Ends with `.caseAccepted` or `.caseNotAccepted`, then `.caseConfirmed` or `.caseWaits`. A session may submit a second
    /// case after `anotherItem`, when the first is through.
    case submit(Submission)
    /// Print the receipt of the submitted case.
    case printReceipt(ReceiptContent, isSecondCopy: Bool)
    /// Alert staff: `step` is a screen name, no personal data. Ends with `.helpDelivered` or `.helpNotDelivered` where the
    /// person asked for it; what the kiosk itself calls for has an answer, `.ownCallNotDelivered`, only where nobody was reached.
    case callStaff(step: String, byPerson: Bool)
    /// Ask the platform. Ends with `.progressFound` or `.progressUnavailable`, or with the session.
    case lookUpProgress(ProgressQuestion)
    /// Ask the platform for this document. Ends with `.documentReady` or `.documentUnavailable`.
    case requestDocument(DocumentRequest)
    /// Print the document in memory. Ends with exactly one `.documentPrinted`, or with the session.
    case printDocument(isSecondCopy: Bool)
    /// Give up printing the document: what has not come out must not come out for the next person.
    case cancelDocument
    /// Send `.tick` at this moment of the flow's clock (replaces an earlier wish).
    case wake(at: Duration)
}

/// Whose cases are asked for.
public enum ProgressQuestion: Sendable, Equatable {
    /// Of the person with this number.
    case person(number: Sensitive<String>)
    /// Of whoever holds this receipt: the text of its QR code.
    case receipt(code: Sensitive<String>)
}

/// A document as the resident confirmed it.
public struct DocumentRequest: Sendable, Equatable {
    /// Id of the service item, of kind `certificate`.
    public var item: String
    /// Whose document it is, as the card was read.
    public var person: IdentityDocument
    /// In the item's order; only of questions that were asked.
    public var answers: [Submission.Answer]

    /// Takes the values as they are.
    public init(item: String, person: IdentityDocument, answers: [Submission.Answer]) {
        self.item = item
        self.person = person
        self.answers = answers
    }
}

/// Why there is no document.
public enum DocumentObstacle: Sendable, Equatable {
    /// The platform has nothing of this person that it could certify.
    case nothingOnRecord
    /// The document cannot be had now: the platform is away or refuses, or something here does not work.
    case problem(ProblemCode)
}

/// A case as the resident confirmed it.
public struct Submission: Sendable, Equatable {
    /// Id of the service item, of kind `application`.
    public var item: String
    /// Whose case it is, as the card was read.
    public var person: IdentityDocument
    /// In the item's order; only of questions that were asked.
    public var answers: [Answer]
    /// Ids of the stored materials, in the item's order.
    public var materials: [String]

    /// An answer, with the words in which it was given.
    public struct Answer: Sendable, Equatable, Codable {
        /// Id of the question.
        public var question: String
        /// Label of the question, in the kiosk's first language.
        public var label: String
        /// Id of the choice, or the digits.
        public var value: String
        /// Text of the choice in the kiosk's first language, or the digits.
        public var text: String
        /// Takes the words as they are.
        public init(question: String, label: String, value: String, text: String) {
            self.question = question
            self.label = label
            self.value = value
            self.text = text
        }
    }

    /// Takes the values as they are.
    public init(item: String, person: IdentityDocument, answers: [Answer], materials: [String]) {
        self.item = item
        self.person = person
        self.answers = answers
        self.materials = materials
    }
}

/// What the receipt says; the controller adds kiosk, time and QR.
public struct ReceiptContent: Sendable, Equatable {
    /// Official name of the service item. All words of a slip are 简体中文.
    public var itemName: String
    /// "张*" (L5).
    public var maskedName: String
    /// Last four digits of the number (L5).
    public var numberTail: String
    /// Case number, or `nil` when the acceptance code is all there is.
    public var caseNumber: String?
    /// There when the slip had to be printed before the platform's answer, also beside a number that came since.
    public var acceptanceCode: String?
    /// The answers, in the item's order.
    public var rows: [Row]
    /// What happens afterwards and when; may be empty.
    public var afterwards: String

    /// An answer on the slip.
    public struct Row: Sendable, Equatable {
        /// Label of the question.
        public var label: String
        /// The answer's text or digits; of a private question stars and the last four characters.
        public var value: String
        /// Takes both as they are: whoever makes a row masks it.
        public init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }

    /// Takes the words as they are: whoever makes them masks what a stranger could use.
    public init(
        itemName: String, maskedName: String, numberTail: String, caseNumber: String?, acceptanceCode: String?,
        rows: [Row], afterwards: String
    ) {
        self.itemName = itemName
        self.maskedName = maskedName
        self.numberTail = numberTail
        self.caseNumber = caseNumber
        self.acceptanceCode = acceptanceCode
        self.rows = rows
        self.afterwards = afterwards
    }
}
