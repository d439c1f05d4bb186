import Foundation

/// What a deployment decides: items, status words and limits. Read from a JSON file; every member may be left out.
public struct PlatformConfiguration: Sendable, Codable, Equatable {
    /// A service item that kiosks may submit.
    public struct Item: Sendable, Codable, Equatable {
        public struct Material: Sendable, Codable, Equatable {
            public var id: String
            public var title: String
        }
        public var id: String
        /// Official name.
        public var title: String
        /// Part of it must be done at a window.
        public var needsWindow: Bool
        /// The window that does the same by hand.
        public var window: String?
        public var materials: [Material]
    }

    /// A state that staff can give a case.
    public struct Status: Sendable, Codable, Equatable {
        public var id: String
        /// The word that people see.
        public var title: String
        /// Staff must write what the person should do.
        public var needsDetail: Bool
    }

    /// Bounds on what one request or one kiosk may take.
    public struct Limits: Sendable, Codable, Equatable {
        /// Largest upload in bytes.
        public var uploadBytes: Int64
        /// Uploads without a case that one kiosk may have.
        public var openUploadsPerKiosk: Int
        /// How long an upload without a case is kept after it was last written to.
        public var uploadExpirySeconds: Int64
        /// Largest JSON body in bytes.
        public var bodyBytes: Int
        /// A connection on which nothing arrives for so long is closed.
        public var idleSeconds: Int64
        /// Connections at a time.
        public var connections: Int

        public static let standard = Limits(
            uploadBytes: 32 << 20, openUploadsPerKiosk: 500, uploadExpirySeconds: 3 * 86_400, bodyBytes: 256 << 10,
            idleSeconds: 30, connections: 1000)
    }

    public var items: [Item]
    /// The first is given to a new case.
    public var statuses: [Status]
    public var limits: Limits

    public static let standard = PlatformConfiguration(
        items: [
            Item(
                id: "senior-card", title: "老年人优待证申领", needsWindow: false, window: "3 号综合窗口",
                materials: [.init(id: "household-register", title: "户口本")])
        ],
        statuses: [
            Status(id: "received", title: "已收件", needsDetail: false),
            Status(id: "reviewing", title: "审核中", needsDetail: false),
            Status(id: "finished", title: "已办结", needsDetail: false),
            Status(id: "supplement", title: "需补正", needsDetail: true),
        ],
        limits: .standard)

    public init(items: [Item], statuses: [Status], limits: Limits) {
        self.items = items
        self.statuses = statuses
        self.limits = limits
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            items: try container.decodeIfPresent([Item].self, forKey: .items) ?? Self.standard.items,
            statuses: try container.decodeIfPresent([Status].self, forKey: .statuses) ?? Self.standard.statuses,
            limits: try container.decodeIfPresent(Limits.self, forKey: .limits) ?? .standard)
    }

    /// Reads and checks a configuration file.
    ///
    /// - Throws: ``PlatformFailure`` that names the file and what is wrong with it.
    public static func read(_ path: String) throws -> PlatformConfiguration {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw PlatformFailure("The configuration \(path) cannot be read.")
        }
        let configuration: PlatformConfiguration
        do {
            configuration = try PlatformJSON.decode(PlatformConfiguration.self, from: data)
        } catch let problem as APIProblem {
            throw PlatformFailure("The configuration \(path) is not valid: \(problem.detail)")
        }
        if configuration.items.isEmpty || configuration.statuses.isEmpty {
            throw PlatformFailure("The configuration \(path) must name at least one item and one status.")
        }
        let ids = configuration.items.map(\.id)
        let statusIDs = configuration.statuses.map(\.id)
        if Set(ids).count != ids.count || Set(statusIDs).count != statusIDs.count {
            throw PlatformFailure("The configuration \(path) has the same id twice.")
        }
        return configuration
    }

    func item(_ id: String) -> Item? { items.first { $0.id == id } }
    func status(_ id: String) -> Status? { statuses.first { $0.id == id } }
}
