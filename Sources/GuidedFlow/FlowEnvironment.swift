import HallModel

/// What the flow may know of the outside at the moment of an event. The flow itself reads no clock.
public struct FlowEnvironment: Sendable {
    /// Monotonic time since the controller started.
    public var now: Duration
    /// The day on the kiosk's wall clock, for ages and expiry.
    public var today: CalendarDate
    /// Limits of time and the words of this hall.
    public var settings: FlowSettings
    /// Items in the order of this kiosk's configuration.
    public var items: [ServiceItem]
    /// The whole catalogue: words and drawings for the resident.
    public var problems: [ProblemCode: ProblemEntry]

    /// Takes the values as they are.
    public init(
        now: Duration, today: CalendarDate, settings: FlowSettings, items: [ServiceItem],
        problems: [ProblemCode: ProblemEntry]
    ) {
        self.now = now
        self.today = today
        self.settings = settings
        self.items = items
        self.problems = problems
    }
}

/// The part of the configuration that the flow follows.
public struct FlowSettings: Sendable, Equatable {
    /// Who reads the card: "第九街道服务中心".
    public var hallName: LocalizedText
    /// Where to go instead: "1 号窗口".
    public var window: LocalizedText
    /// XD1, 120…300 s.
    public var idleSeconds: Int
    /// XD1: length of the alert.
    public var alertSeconds: Int
    /// XD2.
    public var coverSeconds: Int
    /// XA3: text step at the start of each session.
    public var textStep: Int
    /// How long 请拿好 waits before it goes back to the start by itself once nothing is seen to lie there.
    public var takeSeconds: Int

    /// Takes the values as they are; the configuration's reader holds them to their bounds.
    public init(
        hallName: LocalizedText, window: LocalizedText, idleSeconds: Int = 180, alertSeconds: Int = 45,
        coverSeconds: Int = 30, textStep: Int = 2, takeSeconds: Int = 30
    ) {
        self.hallName = hallName
        self.window = window
        self.idleSeconds = idleSeconds
        self.alertSeconds = alertSeconds
        self.coverSeconds = coverSeconds
        self.textStep = textStep
        self.takeSeconds = takeSeconds
    }
}
