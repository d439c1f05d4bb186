extension PlatformConfiguration {
    /// Documents that the platform makes for people to take away on paper (打印证明).
    public struct Documents: Sendable, Codable, Equatable {
        /// One kind of document.
        public struct Kind: Sendable, Codable, Equatable {
            /// Id of the service item on the kiosk.
            public var item: String
            /// Title on the paper and on the screen.
            public var title: PlatformText
            /// Id of the question whose answer `all` asks for everything; any other answer for the last twelve months.
            public var periodQuestion: String

            /// A kind; ``PlatformConfiguration/read(_:)`` checks it.
            public init(item: String, title: PlatformText, periodQuestion: String) {
                self.item = item
                self.title = title
                self.periodQuestion = periodQuestion
            }
        }

        /// An item makes one kind of document at most; the list may be empty.
        public var kinds: [Kind]
        /// Who issues them, as it stands on the paper.
        public var office: String
        /// Where anyone can check a document: the number is put behind it. `nil`: this platform's own
        /// `/v1/document-checks/`.
        public var checkAddress: String?
        /// How long a document is kept for the kiosk to fetch.
        public var expirySeconds: Int64
        /// Documents that one kiosk may have at a time.
        public var openPerKiosk: Int
        /// Memory for all documents together.
        public var memoryBytes: Int
        /// People of whom there is nothing on record, by the number of their identity document. For tests.
        public var numbersWithoutRecord: [String]

        /// One kind, the certificate of social insurance contributions, of a demonstration office.
        public static let standard = Documents(
            kinds: [
                Kind(
                    item: "insurance-certificate",
                    title: .init("社会保险参保缴费证明", ["en": "Certificate of social insurance contributions"]),
                    periodQuestion: "period")
            ],
            office: "第九街道服务中心（演示）", checkAddress: nil, expirySeconds: 3600, openPerKiosk: 20,
            memoryBytes: 64 << 20, numbersWithoutRecord: [])

        /// Nothing is checked; bounds are those of docs/integrator.md.
        public init(
            kinds: [Kind], office: String, checkAddress: String?, expirySeconds: Int64, openPerKiosk: Int,
            memoryBytes: Int, numbersWithoutRecord: [String]
        ) {
            self.kinds = kinds
            self.office = office
            self.checkAddress = checkAddress
            self.expirySeconds = expirySeconds
            self.openPerKiosk = openPerKiosk
            self.memoryBytes = memoryBytes
            self.numbersWithoutRecord = numbersWithoutRecord
        }

        func kind(of item: String) -> Kind? { kinds.first { $0.item == item } }
    }
}

extension PlatformConfiguration.Documents {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kinds, office, checkAddress, expirySeconds, openPerKiosk, memoryBytes, numbersWithoutRecord
    }

    /// JSON; a member that is left out is that of ``standard``, people without records none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Self.standard
        self.init(
            kinds: try container.decodeIfPresent([Kind].self, forKey: .kinds) ?? standard.kinds,
            office: try container.decodeIfPresent(String.self, forKey: .office) ?? standard.office,
            checkAddress: try container.decodeIfPresent(String.self, forKey: .checkAddress),
            expirySeconds: try container.decodeIfPresent(Int64.self, forKey: .expirySeconds) ?? standard.expirySeconds,
            openPerKiosk: try container.decodeIfPresent(Int.self, forKey: .openPerKiosk) ?? standard.openPerKiosk,
            memoryBytes: try container.decodeIfPresent(Int.self, forKey: .memoryBytes) ?? standard.memoryBytes,
            numbersWithoutRecord: try container.decodeIfPresent([String].self, forKey: .numbersWithoutRecord) ?? [])
    }
}
