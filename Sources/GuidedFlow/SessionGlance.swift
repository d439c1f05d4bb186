import HallModel

/// A session as a technician may see it: how far it is, and nothing of the person. Its members are ids of the configuration, counts
/// and times; none can hold what a card says or a resident entered.
public struct SessionGlance: Sendable, Equatable {
    /// One material of the item.
    public struct Material: Sendable, Equatable {
        /// Its id in the item.
        public var id: String
        /// How many the item asks for.
        public var pages: Int
        /// Pages that are in hand, or were stored.
        public var pagesScanned: Int
        /// Sealed and on the disk; while it is scanned anew (更改) the earlier pages still are.
        public var isStored: Bool
    }

    /// A card was read; `false`: somebody looks around without one.
    public var hasCard: Bool
    /// The service item in hand.
    public var item: String?
    /// `nil` before an item is chosen and on its first page.
    public var step: Screen.Step?
    /// In which the screens are shown.
    public var language: Language
    /// 1, 2 or 3 (XA3).
    public var textStep: Int
    /// XA7: the page is moved down for a seated person.
    public var isLowered: Bool
    /// XD2: personal data is covered until the next touch.
    public var isCovered: Bool
    /// The machine is at work for the person (XD3).
    public var isBusy: Bool
    /// Without a touch the session ends in so long; `nil` where the screen keeps its own time.
    public var idleLeft: Duration?
    /// Those of the item in hand, in its order; empty without one.
    public var materials: [Material]
}

extension GuidedFlow {
    /// `nil` while nobody is there.
    public func glance(in environment: FlowEnvironment) -> SessionGlance? {
        guard let session else { return nil }
        return SessionGlance(
            hasCard: session.visitor != nil, item: session.item?.item.id ?? session.lookup?.item.id,
            step: session.item?.step, language: envelope.language, textStep: envelope.textStep,
            isLowered: envelope.isLowered, isCovered: envelope.isCovered, isBusy: isBusy,
            idleLeft: idleLeft(in: environment), materials: session.item?.scans.map(Self.material) ?? [])
    }

    private func idleLeft(in environment: FlowEnvironment) -> Duration? {
        let alert = Duration.seconds(environment.settings.alertSeconds)
        let end: Duration
        switch surroundings(in: environment).rule {
        case .none: return nil
        // Nobody's session.
        case .brief: return nil
        case .silent: end = envelope.idleTime(environment.settings)
        case .alert: end = (envelope.alertSince ?? envelope.idleTime(environment.settings)) + alert
        }
        return max(.zero, end - environment.now)
    }

    private static func material(_ scan: MaterialScan) -> SessionGlance.Material {
        let pages = scan.requirement.pages.count
        let inMemory = scan.pages.count { $0 != nil }
        return SessionGlance.Material(
            id: scan.requirement.id, pages: pages, pagesScanned: scan.isStored ? pages : inMemory,
            isStored: scan.isStored)
    }
}
