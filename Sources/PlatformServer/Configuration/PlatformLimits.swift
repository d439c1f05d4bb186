import HallModel

extension PlatformConfiguration {
    /// Bounds on what one request or one kiosk may take.
    public struct Limits: Sendable, Codable, Equatable {
        /// Largest upload in bytes.
        public var uploadBytes = Int64(MaterialBounds.materialBytes)
        /// Uploads without a case that one kiosk may have.
        public var openUploadsPerKiosk = 500
        /// Bytes that one kiosk may have announced in uploads without a case.
        public var openBytesPerKiosk: Int64 = 2 << 30
        /// How long an upload without a case is kept after it was last written to.
        public var uploadExpirySeconds: Int64 = 3 * 86_400
        /// Bytes that stay free on the disk: with less the platform takes nothing new.
        public var minimumFreeBytes: Int64 = 256 << 20
        /// Largest JSON body in bytes.
        public var bodyBytes = 256 << 10
        /// Requests a minute of one kiosk.
        public var requestsPerMinute = 3000
        /// Of these, questions about people, receipts and documents: what a stolen kiosk could go through lists with.
        public var lookupsPerMinute = 120
        /// A connection on which nothing arrives for so long is closed.
        public var idleSeconds: Int64 = 30
        /// Connections at a time.
        public var connections = 1000

        /// The values above.
        public static let standard = Limits()

        /// The values above.
        public init() {}
    }
}

extension PlatformConfiguration.Limits {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case uploadBytes, openUploadsPerKiosk, openBytesPerKiosk, uploadExpirySeconds, minimumFreeBytes, bodyBytes
        case requestsPerMinute, lookupsPerMinute, idleSeconds, connections
    }

    /// JSON; a member that is left out keeps its standard value. Bounds are held by ``PlatformConfiguration/read(_:)``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func take<Value: Decodable>(_ key: CodingKeys, _ path: WritableKeyPath<Self, Value>) throws {
            if let value = try container.decodeIfPresent(Value.self, forKey: key) { self[keyPath: path] = value }
        }
        self.init()
        try take(.uploadBytes, \.uploadBytes)
        try take(.openUploadsPerKiosk, \.openUploadsPerKiosk)
        try take(.openBytesPerKiosk, \.openBytesPerKiosk)
        try take(.uploadExpirySeconds, \.uploadExpirySeconds)
        try take(.minimumFreeBytes, \.minimumFreeBytes)
        try take(.bodyBytes, \.bodyBytes)
        try take(.requestsPerMinute, \.requestsPerMinute)
        try take(.lookupsPerMinute, \.lookupsPerMinute)
        try take(.idleSeconds, \.idleSeconds)
        try take(.connections, \.connections)
    }
}
