import Foundation

/// What a deployment decides: items, status words, documents and limits. Read from a JSON file; every member may be left
/// out. The members are explained in docs/integrator.md.
public struct PlatformConfiguration: Sendable, Codable, Equatable {
    /// A service item that kiosks may submit.
    public struct Item: Sendable, Codable, Equatable {
        /// What a kiosk scans for the item.
        public struct Material: Sendable, Codable, Equatable {
            /// 1 … 64 small letters, digits and hyphens, once in the item.
            public var id: String
            /// In 简体中文 at most 60 characters, in other languages 240.
            public var title: PlatformText
        }
        /// As the kiosk's own items call it: 1 … 64 small letters, digits and hyphens.
        public var id: String
        /// Official name.
        public var title: PlatformText
        /// Part of it must be done at a window.
        public var needsWindow: Bool
        /// The window that does the same by hand.
        public var window: PlatformText?
        /// In the order in which they are asked for; may be empty.
        public var materials: [Material]
    }

    /// A state that staff can give a case.
    public struct Status: Sendable, Codable, Equatable {
        /// 1 … 64 small letters, digits and hyphens; kept with each case, so better never changed.
        public var id: String
        /// The word that people see.
        public var title: PlatformText
        /// Staff must write what the person should do.
        public var needsDetail: Bool
        /// Nothing changes after it.
        public var isFinal: Bool
        /// The statuses that may follow; `nil`: any.
        public var next: [String]?
        /// What the person is told when staff write nothing of their own.
        public var note: PlatformText?

        /// A status; ``PlatformConfiguration/read(_:)`` checks it.
        public init(
            id: String, title: PlatformText, needsDetail: Bool = false, isFinal: Bool = false, next: [String]? = nil,
            note: PlatformText? = nil
        ) {
            self.id = id
            self.title = title
            self.needsDetail = needsDetail
            self.isFinal = isFinal
            self.next = next
            self.note = note
        }
    }

    /// A case of any other item is refused; at least one.
    public var items: [Item]
    /// The first is given to a new case.
    public var statuses: [Status]
    /// What is made for people to take away on paper.
    public var documents: Documents
    /// Bounds on requests and kiosks.
    public var limits: Limits

    /// Nothing is checked: that does ``read(_:)``, for files.
    public init(items: [Item], statuses: [Status], documents: Documents = .standard, limits: Limits = .standard) {
        self.items = items
        self.statuses = statuses
        self.documents = documents
        self.limits = limits
    }

    func item(_ id: String) -> Item? { items.first { $0.id == id } }
    func status(_ id: String) -> Status? { statuses.first { $0.id == id } }

    /// The statuses that staff may give a case that has `current`. One that the configuration no longer knows ties
    /// nobody's hands.
    func statuses(after current: String) -> [Status] {
        guard let status = status(current) else { return statuses }
        if status.isFinal { return [] }
        guard let next = status.next else { return statuses }
        // The same once more, with another detail, is always possible.
        return statuses.filter { $0.id == current || next.contains($0.id) }
    }

    /// Languages beside 简体中文 that the statuses have words in: those in which staff may write a detail.
    var otherLanguages: [String] { Set(statuses.flatMap(\.title.translations.keys)).sorted() }
}

extension PlatformConfiguration {
    /// Two items, one of them with a material, and four statuses: what a platform is that was told nothing.
    public static let standard = PlatformConfiguration(
        items: [
            Item(
                id: "senior-card", title: .init("老年人优待证申领", ["en": "Senior citizen card"]), needsWindow: false,
                window: .init("3 号综合窗口", ["en": "window 3"]),
                materials: [.init(id: "household-register", title: .init("户口本", ["en": "Household register"]))]),
            Item(
                id: "social-card", title: .init("社会保障卡补领", ["en": "Replacement of a social security card"]),
                needsWindow: false, window: .init("2 号窗口", ["en": "window 2"]), materials: []),
        ],
        statuses: [
            Status(id: "received", title: .init("已收件", ["en": "Received"])),
            Status(id: "reviewing", title: .init("审核中", ["en": "Being reviewed"])),
            Status(
                id: "finished", title: .init("已办结", ["en": "Finished"]), isFinal: true,
                note: .init("可以带身份证到受理的大厅领取。", ["en": "Please collect it in the same hall with your ID card."])),
            Status(id: "supplement", title: .init("需补正", ["en": "More papers needed"]), needsDetail: true),
        ])
}

// MARK: - JSON

extension PlatformConfiguration.Item {
    enum CodingKeys: String, CodingKey, CaseIterable { case id, title, needsWindow, window, materials }

    /// JSON; only `id` and `title` must be there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            title: try container.decode(PlatformText.self, forKey: .title),
            needsWindow: try container.decodeIfPresent(Bool.self, forKey: .needsWindow) ?? false,
            window: try container.decodeIfPresent(PlatformText.self, forKey: .window),
            materials: try container.decodeIfPresent([Material].self, forKey: .materials) ?? [])
    }
}

extension PlatformConfiguration.Status {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case id, title, needsDetail, next, note
        case isFinal = "final"
    }

    /// JSON; only `id` and `title` must be there, and ``isFinal`` is called `final`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            title: try container.decode(PlatformText.self, forKey: .title),
            needsDetail: try container.decodeIfPresent(Bool.self, forKey: .needsDetail) ?? false,
            isFinal: try container.decodeIfPresent(Bool.self, forKey: .isFinal) ?? false,
            next: try container.decodeIfPresent([String].self, forKey: .next),
            note: try container.decodeIfPresent(PlatformText.self, forKey: .note))
    }
}

extension PlatformConfiguration {
    enum CodingKeys: String, CodingKey, CaseIterable { case items, statuses, documents, limits }

    /// JSON; a member that is left out is that of ``standard``. Members that are not known are found by ``read(_:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            items: try container.decodeIfPresent([Item].self, forKey: .items) ?? Self.standard.items,
            statuses: try container.decodeIfPresent([Status].self, forKey: .statuses) ?? Self.standard.statuses,
            documents: try container.decodeIfPresent(Documents.self, forKey: .documents) ?? .standard,
            limits: try container.decodeIfPresent(Limits.self, forKey: .limits) ?? .standard)
    }
}
