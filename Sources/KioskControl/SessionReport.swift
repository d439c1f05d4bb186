import HallModel

/// Answer of `GET /v1/session`: how far somebody is, and nothing of who it is. No member can hold a name, a number, an address or
/// an answer: there are only ids of the configuration, counts and times.
public struct SessionReport: Sendable, Codable, Equatable {
    /// One material of the item, and how many of its pages lie in memory or are safe.
    public struct Material: Sendable, Codable, Equatable {
        public var id: String
        public var pages: Int
        public var pagesScanned: Int
        /// Sealed and on the disk.
        public var isStored: Bool

        public init(id: String, pages: Int, pagesScanned: Int, isStored: Bool) {
            self.id = id
            self.pages = pages
            self.pagesScanned = pagesScanned
            self.isStored = isStored
        }
    }

    /// Somebody is being served. `false`: the members below, but for `screen`, are absent.
    public var hasSession: Bool
    public var screen: String
    public var screenSeconds: Int
    /// Counts sessions of this run of `kioskd`.
    public var session: Int?
    public var seconds: Int?
    /// A card was read, as against somebody who only looks around.
    public var hasCard: Bool?
    public var item: String?
    public var step: Int?
    public var steps: Int?
    /// Tag of BCP 47.
    public var language: String?
    /// 1, 2 or 3.
    public var textStep: Int?
    public var isLowered: Bool?
    /// Personal data on the screen is covered because nobody touched it.
    public var isCovered: Bool?
    /// The machine is at work for the person.
    public var isBusy: Bool?
    /// The session ends by itself after so long without a touch; absent where the screen keeps its own time.
    public var idleSecondsLeft: Int?
    public var materials: [Material]?

    public init(hasSession: Bool, screen: String, screenSeconds: Int) {
        self.hasSession = hasSession
        self.screen = screen
        self.screenSeconds = screenSeconds
    }
}
