import Foundation
import HallModel
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// The whole reference platform: the API with client certificates on one port, the staff page on another, which answers
/// this machine alone.
public struct PlatformService: Service {
    /// Where everything is.
    public struct Options: Sendable {
        /// The folder that holds everything the platform keeps.
        public var state: String
        /// Port of the API; 0 takes a free one.
        public var port: Int
        /// Port of the staff page, on 127.0.0.1 always; 0 takes a free one.
        public var staffPort: Int
        /// Address that the API listens on. The staff page, which is not encrypted, listens on 127.0.0.1 whatever this is.
        public var host: String
        /// PEM file: the platform's certificate and what leads to its CA.
        public var certificate: String
        /// PEM file: the key of the certificate, without a passphrase.
        public var key: String
        /// The CA whose kiosk certificates are accepted.
        public var clientCA: String
        /// File with the age identities that open what kiosks seal.
        public var identity: String
        /// Items, statuses, documents and limits.
        public var configuration: PlatformConfiguration
        /// Let tests order faults.
        public var developmentFaults: Bool
        var clock = PlatformClock.system
        /// Name or path of the program that opens what kiosks seal.
        var age = "age"
        /// See ``UploadStore/freeBytes``.
        var freeBytes: @Sendable (_ folder: String) -> Int64? = StoredFile.freeBytes

        /// Nothing is checked before ``PlatformService/init(options:logger:whenUp:)``.
        public init(
            state: String, port: Int, staffPort: Int, host: String = "127.0.0.1", certificate: String, key: String,
            clientCA: String, identity: String, configuration: PlatformConfiguration = .standard,
            developmentFaults: Bool = false
        ) {
            self.state = state
            self.port = port
            self.staffPort = staffPort
            self.host = host
            self.certificate = certificate
            self.key = key
            self.clientCA = clientCA
            self.identity = identity
            self.configuration = configuration
            self.developmentFaults = developmentFaults
        }
    }

    /// Where the platform answers, once it does. Also written to `platform.json` in the state folder.
    public struct Addresses: Sendable, Codable, Equatable {
        /// "https://localhost:8443".
        public var api: String
        /// With a token that is good for one browser.
        public var staff: String
    }

    /// What `/v1/health` gives as the platform's version.
    public static let version = Product.version

    private let options: Options
    private let folder: StateFolder
    private let threads: NIOThreadPool
    private let uploads: UploadStore
    private let cases: CaseStore
    private let documents: DocumentStore
    private let recipients: [String]
    private let tls: TLSConfiguration
    private let logger: Logger
    private let whenUp: @Sendable (Addresses) -> Void

    /// Opens the state folder and recovers from whatever happened before.
    ///
    /// - Parameter whenUp: called with the addresses when the platform answers, and again when the staff address
    ///   changes because its token was used.
    /// - Throws: ``PlatformFailure`` with a sentence that says what to do.
    public init(options: Options, logger: Logger, whenUp: @escaping @Sendable (Addresses) -> Void = { _ in })
        async throws
    {
        self.options = options
        self.logger = logger
        self.whenUp = whenUp
        let threads = NIOThreadPool(numberOfThreads: 4)
        threads.start()
        self.threads = threads
        do {
            tls = try Self.tls(options)
            let limits = options.configuration.limits
            let unsealer = try await AgeUnsealer(
                identityFile: options.identity, limit: Int(limits.uploadBytes), program: options.age)
            recipients = unsealer.recipients
            let opened = try await threads.runIfActive { () throws -> (StateFolder, UploadStore, PlatformKeys) in
                let folder = try StateFolder(options.state)
                let keys = try PlatformKeys(folder: folder.path)
                let database = try PlatformDatabase(path: folder.database)
                let uploads = UploadStore(
                    folder: folder.uploads, database: database, limits: limits, threads: threads,
                    clock: options.clock, freeBytes: options.freeBytes, logger: logger)
                try uploads.recover()
                try DocumentStore.recover(database)
                return (folder, uploads, keys)
            }
            folder = opened.0
            uploads = opened.1
            cases = CaseStore(
                database: uploads.database, uploads: uploads, keys: opened.2, unsealer: unsealer,
                configuration: options.configuration, clock: options.clock, logger: logger)
            documents = DocumentStore(
                database: uploads.database, keys: opened.2, configuration: options.configuration, threads: threads,
                clock: options.clock, logger: logger)
        } catch {
            try? await threads.shutdownGracefully()
            if error is PlatformFailure { throw error }
            throw PlatformFailure("The platform's state in \(options.state) cannot be opened: \(error)")
        }
    }

    /// Serves until graceful shutdown.
    ///
    /// - Throws: ``PlatformFailure`` when a port is taken.
    public func run() async throws {
        if options.developmentFaults {
            logger.warning("DEVELOPMENT FAULTS ARE ON: anyone on this machine can make this platform fail.")
        }
        let uploadBytes = options.configuration.limits.uploadBytes
        if uploadBytes < MaterialBounds.materialBytes {
            logger.warning(
                "limits.uploadBytes is below what a kiosk may send: a larger document would wait on its kiosk for ever",
                metadata: ["uploadBytes": "\(uploadBytes)", "kiosk": "\(MaterialBounds.materialBytes)"])
        }
        let sessions = StaffSessions()
        let faults = options.developmentFaults ? DevelopmentFaults() : nil
        let board = AddressBoard(
            folder: folder, threads: threads, sessions: sessions, documents: documents, host: options.host, tell: whenUp
        )
        let limits = options.configuration.limits
        let http = HTTP1Channel.Configuration(
            idleTimeout: .seconds(limits.idleSeconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100))
        let api = Application(
            responder: APIResponder(
                uploads: uploads, cases: cases, documents: documents, rates: RequestRates(limits),
                configuration: options.configuration, recipients: recipients,
                version: Self.version, faults: faults, logger: logger),
            server: try .tls(.http1(configuration: http), tlsConfiguration: tls),
            configuration: .init(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { await board.isUp(api: $0.localAddress?.port) }, logger: quiet)
        let staff = Application(
            responder: StaffResponder(
                cases: cases, sessions: sessions, faults: faults, tokenUsed: { await board.write() }, logger: logger),
            server: .http1(configuration: http),
            configuration: .init(
                address: .hostname(StaffResponder.address, port: options.staffPort),
                availableConnectionsDelegate: .maximum(64, logger: logger)),
            onServerRunning: { await board.isUp(staff: $0.localAddress?.port) }, logger: quiet)
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: api), .init(service: staff),
                .init(service: Upkeep(uploads: uploads, documents: documents, logger: logger)),
            ],
            logger: quiet)
        // A client that goes on sending must not keep the platform from ending; what it sent is kept.
        configuration.maximumGracefulShutdownDuration = .seconds(3)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError {
            await end()
            let wanted = [(options.port, options.host), (options.staffPort, StaffResponder.address)]
                .filter { $0.0 != 0 }.map { "\($0.0) on \($0.1)" }.joined(separator: " or port ")
            throw PlatformFailure(
                error.errnoCode == EADDRINUSE
                    ? "Port \(wanted) is taken by another program; "
                        + "end it or choose other ports with --port and --staff-port."
                    : "The platform cannot listen on \(options.host): \(error).")
        } catch {
            await end()
            throw error
        }
        await end()
    }

    /// The server library says nothing: addresses and headers are nobody's business, and what goes wrong at the start
    /// or the end is told in one sentence.
    private var quiet: Logger { Logger(label: "http") { _ in SwiftLogNoOpLogHandler() } }

    private func end() async {
        let folder = folder
        try? await threads.runIfActive { try StoredFile.remove(folder.addresses) }
        try? uploads.database.pool.close()
        try? await threads.shutdownGracefully()
    }

    private static func tls(_ options: Options) throws -> TLSConfiguration {
        func reading<Value>(_ path: String, _ what: String, _ body: () throws -> Value) throws -> Value {
            do { return try body() } catch {
                throw PlatformFailure("The \(what) \(path) cannot be read as PEM: is the path right?")
            }
        }
        let chain = try reading(options.certificate, "certificate") {
            try NIOSSLCertificate.fromPEMFile(options.certificate)
        }
        let key = try reading(options.key, "private key") { try NIOSSLPrivateKey(file: options.key, format: .pem) }
        let roots = try reading(options.clientCA, "client CA") { try NIOSSLCertificate.fromPEMFile(options.clientCA) }
        var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key),
            trustRoots: .certificates(roots))
        configuration.minimumTLSVersion = .tlsv12
        // Clients have names of kiosks, not of hosts.
        configuration.certificateVerification = .noHostnameVerification
        configuration.applicationProtocols = ["http/1.1"]
        do { _ = try NIOSSLContext(configuration: configuration) } catch {
            throw PlatformFailure(
                "The certificate \(options.certificate) and the key \(options.key) do not belong together.")
        }
        return configuration
    }
}

/// Writes down where the platform answers, as soon as both ports are open.
private actor AddressBoard {
    private let folder: StateFolder
    private let threads: NIOThreadPool
    private let sessions: StaffSessions
    private let documents: DocumentStore
    private let host: String
    private let tell: @Sendable (PlatformService.Addresses) -> Void
    private var apiPort: Int?
    private var staffPort: Int?

    init(
        folder: StateFolder, threads: NIOThreadPool, sessions: StaffSessions, documents: DocumentStore, host: String,
        tell: @escaping @Sendable (PlatformService.Addresses) -> Void
    ) {
        self.folder = folder
        self.threads = threads
        self.sessions = sessions
        self.documents = documents
        self.host = host
        self.tell = tell
    }

    func isUp(api port: Int?) async {
        apiPort = port
        await write()
    }

    func isUp(staff port: Int?) async {
        staffPort = port
        await write()
    }

    func write() async {
        guard let apiPort, let staffPort else { return }
        let isLocal = ["127.0.0.1", "localhost", "0.0.0.0", "::"].contains(host)
        // In an address the colons of IPv6 stand in brackets. On ::1 it keeps its number: `localhost` may be 127.0.0.1 alone.
        let name = isLocal ? "localhost" : host.contains(":") ? "[\(host)]" : host
        let addresses = PlatformService.Addresses(
            api: "https://\(name):\(apiPort)",
            staff: "http://\(StaffResponder.address):\(staffPort)/?token=\(sessions.token)")
        await documents.answers(at: addresses.api)
        let path = folder.addresses
        try? await threads.runIfActive { try StoredFile.replace(path, with: PlatformJSON.encode(addresses)) }
        tell(addresses)
    }
}

/// Erases what has expired, once at the start and then every minute.
struct Upkeep: Service {
    let uploads: UploadStore
    let documents: DocumentStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await once()
                do { try await Task.sleep(for: .seconds(60)) } catch { return }
            }
        }
    }

    /// Uploads and documents each for themselves: what holds up the one must not keep people's papers in memory.
    func once() async {
        await attempt { try await uploads.expire() }
        await attempt { try await documents.expire() }
    }

    private func attempt(_ body: () async throws -> Void) async {
        do { try await body() } catch is CancellationError {} catch {
            logger.error("What has expired could not be erased.", metadata: ["error": "\(type(of: error))"])
        }
    }
}
