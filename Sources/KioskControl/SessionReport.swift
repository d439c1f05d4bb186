import HallModel

/// Answer of `GET /v1/session`: how far somebody is, and nothing of who it is. No member can hold a name, a number, an address or
/// an answer: there are only ids of the configuration, counts and times.
public struct SessionReport: Sendable, Codable, Equatable {
    /// One material of the item, and how many of its pages are in hand or stored.
    public struct Material: Sendable, Codable, Equatable {
        /// Its id in the item.
        public var id: String
        /// How many the item asks for.
        public var pages: Int
        /// Those of them that are in hand or stored.
        public var pagesScanned: Int
        /// Sealed and on the disk.
        public var isStored: Bool

        /// Takes the members as they are.
        public init(id: String, pages: Int, pagesScanned: Int, isStored: Bool) {
            self.id = id
            self.pages = pages
            self.pagesScanned = pagesScanned
            self.isStored = isStored
        }
    }

    /// Somebody is being served. `false`: the members below, but for `screen` and `screenSeconds`, are absent.
    public var hasSession: Bool
    /// Name of the screen shown now; `-` before the first one.
    public var screen: String
    /// Since it is shown.
    public var screenSeconds: Int
    /// Counts sessions of this run of `kioskd`.
    public var session: Int?
    /// Since the session began.
    public var seconds: Int?
    /// A card was read, as against somebody who only looks around.
    public var hasCard: Bool?
    /// Id of the service item in hand; absent before one is chosen.
    public var item: String?
    /// From 1; absent on pages that are no step of an item.
    public var step: Int?
    /// How many steps the item has for this resident.
    public var steps: Int?
    /// Tag of BCP 47.
    public var language: String?
    /// 1, 2 or 3.
    public var textStep: Int?
    /// The page is moved down for a seated person.
    public var isLowered: Bool?
    /// Personal data on the screen is covered because nobody touched it.
    public var isCovered: Bool?
    /// The machine is at work for the person.
    public var isBusy: Bool?
    /// The session ends by itself after so long without a touch; absent where the screen keeps its own time.
    public var idleSecondsLeft: Int?
    /// Those of the item in hand; empty when there are none.
    public var materials: [Material]?

    /// Nobody is there, until the members below are set.
    public init(hasSession: Bool, screen: String, screenSeconds: Int) {
        self.hasSession = hasSession
        self.screen = screen
        self.screenSeconds = screenSeconds
    }
}
