import DeviceKit
import GuidedFlow
import HallModel

/// Everything a kiosk is told: one YAML file, and what it points to, read and checked as a whole.
///
/// Every field is described in `docs/configuration.md`. Paths are resolved against the folder of the file.
public struct KioskConfiguration: Sendable {
    /// Names this kiosk towards platform and staff: "hall-9-kiosk-1".
    public var kioskID: String
    /// Who reads the card: "第九街道服务中心".
    public var hallName: LocalizedText
    /// Where to go instead: "1 号窗口".
    public var window: LocalizedText
    /// How the hall is found again by someone who holds its slip.
    public var contact: HallContact
    /// Its visible glass and where the eye is.
    public var panel: Panel
    /// What the resident's screen does, and when.
    public var screen: ScreenSettings
    /// In the order in which they are offered.
    public var items: [ServiceItem]
    /// What technician and resident are told of each problem.
    public var problems: ProblemCatalogue
    /// The fixed texts of screens and slip, in every language.
    public var texts: TextCatalogue
    /// At most 16, one a role; a card reader is among them unless errors were found.
    public var devices: [ConfiguredDevice]
    /// Where cases go, and to whom they are sealed.
    public var platform: PlatformSettings
    /// When submission closes because too much waits.
    public var outbox: OutboxLimits
    /// Addresses that get a call for staff by HTTP POST.
    public var helpWebhooks: [String]
    /// Whether `kioskd` starts its workers itself; otherwise units of their own do.
    public var startsWorkers: Bool
    /// Folder of the worker programs; `nil`: beside the running program.
    public var workersFolder: String?
    /// Folder with `items`, `texts`, `screens`, `problems.yaml`.
    public var kioskFolder: String

    /// The touchscreen, measured, not assumed.
    public struct Panel: Sendable, Equatable {
        /// In the orientation in which it hangs, 600 … 4320.
        public var widthPixels: Int
        /// 600 … 7680.
        public var heightPixels: Int
        /// Of the visible glass, 100 … 2000.
        public var widthMillimetres: Double
        /// Of the visible glass, 100 … 2000.
        public var heightMillimetres: Double
        /// From the eye to the glass.
        public var viewingDistanceMillimetres: Int

        /// By the width: pixels are square within 5 %.
        public var pixelsPerMillimetre: Double { Double(widthPixels) / widthMillimetres }

        /// A panel; the bounds are held where the file is read.
        public init(
            widthPixels: Int, heightPixels: Int, widthMillimetres: Double, heightMillimetres: Double,
            viewingDistanceMillimetres: Int
        ) {
            self.widthPixels = widthPixels
            self.heightPixels = heightPixels
            self.widthMillimetres = widthMillimetres
            self.heightMillimetres = heightMillimetres
            self.viewingDistanceMillimetres = viewingDistanceMillimetres
        }
    }

    /// The resident's screen: port, text and times.
    public struct ScreenSettings: Sendable, Equatable {
        /// Loopback port for the kiosk's browser; 0: any free one.
        public var port: Int
        /// XA3: 1, 2 or 3.
        public var textStep: Int
        /// XD1, 120…300.
        public var idleSeconds: Int
        /// How long the alert stands before the session ends, 20…120.
        public var alertSeconds: Int
        /// XD2.
        public var coverSeconds: Int
        /// How long “take your things” stays once nothing is seen to lie there, 10…120.
        public var takeSeconds: Int

        /// Settings; the bounds are held where the file is read.
        public init(
            port: Int, textStep: Int, idleSeconds: Int, alertSeconds: Int, coverSeconds: Int, takeSeconds: Int
        ) {
            self.port = port
            self.textStep = textStep
            self.idleSeconds = idleSeconds
            self.alertSeconds = alertSeconds
            self.coverSeconds = coverSeconds
            self.takeSeconds = takeSeconds
        }
    }

    /// The platform and the files with which the kiosk is known to it.
    public struct PlatformSettings: Sendable, Equatable {
        /// `https://…` without a slash at its end.
        public var url: String
        /// PEM files: the kiosk's certificate and key, and the authorities trusted for the platform.
        public var certificateFile: String
        /// The key of that certificate, without a passphrase.
        public var keyFile: String
        /// The authorities; the system's own are not trusted.
        public var trustFile: String
        /// age recipients, one at least; every one can open every material alone.
        public var recipients: [String]
        /// Key that signs what the kiosk sends.
        public var signingKeyFile: String?
        /// Upload speed at most; `nil`: as fast as it goes.
        public var bandwidthKibibytesPerSecond: Int?

        /// Settings; the files are looked at where the configuration is read or checked.
        public init(
            url: String, certificateFile: String, keyFile: String, trustFile: String, recipients: [String],
            signingKeyFile: String? = nil, bandwidthKibibytesPerSecond: Int? = nil
        ) {
            self.url = url
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.trustFile = trustFile
            self.recipients = recipients
            self.signingKeyFile = signingKeyFile
            self.bandwidthKibibytesPerSecond = bandwidthKibibytesPerSecond
        }
    }

    /// When submission closes.
    public struct OutboxLimits: Sendable, Equatable {
        /// Sealed files waiting for the platform, together.
        public var maximumBytes: Int
        /// Space that must be left on the file system of the state folder.
        public var minimumFreeBytes: Int

        /// Both in bytes.
        public init(maximumBytes: Int, minimumFreeBytes: Int) {
            self.maximumBytes = maximumBytes
            self.minimumFreeBytes = minimumFreeBytes
        }
    }

    /// What stands on the slip beside the hall's name, in 简体中文 as the slip is; `nil` where it shall not.
    public struct HallContact: Sendable, Equatable {
        /// Street and number.
        public var address: String?
        /// When it is open.
        public var hours: String?
        /// The number to call, as people write it.
        public var phone: String?

        /// Each of them may be left out.
        public init(address: String? = nil, hours: String? = nil, phone: String? = nil) {
            self.address = address
            self.hours = hours
            self.phone = phone
        }
    }

    /// Reads the file and all it points to. Throws everything that is wrong, not only the first thing.
    public static func load(file: String) throws(ConfigurationErrors) -> KioskConfiguration {
        let errors = ErrorCollector()
        let configuration = ConfigurationLoader(file: file, errors: errors).configuration()
        try errors.throwIfAny()
        guard let configuration else {
            throw ConfigurationErrors([ConfigurationError(file: file, sentence: "the file cannot be used")])
        }
        return configuration
    }

    /// Everything that is wrong with the file and what it points to; empty when it can be used.
    public static func checkAll(file: String) -> [ConfigurationError] { read(file: file).errors }

    /// What can be read of the file, whatever is wrong beside it, and everything that is wrong.
    public static func read(file: String) -> (configuration: KioskConfiguration?, errors: [ConfigurationError]) {
        let errors = ErrorCollector()
        let configuration = ConfigurationLoader(file: file, errors: errors).configuration()
        return (configuration, errors.errors.sorted())
    }

    /// The part that the guided flow follows.
    public var flowSettings: FlowSettings {
        FlowSettings(
            hallName: hallName, window: window, idleSeconds: screen.idleSeconds, alertSeconds: screen.alertSeconds,
            coverSeconds: screen.coverSeconds, textStep: screen.textStep, takeSeconds: screen.takeSeconds)
    }
}

/// A device of this kiosk: what it is called, what it is for, how it is driven, where it is.
public struct ConfiguredDevice: Sendable, Equatable {
    /// Unique in the kiosk: "reader".
    public var name: String
    /// What it does for the resident; that of its profile.
    public var role: DeviceRole
    /// How its model is driven.
    public var profile: DeviceProfile
    /// Where it is; of a form that the profile's driver can speak to.
    public var address: DeviceAddress

    /// A device; that its parts fit together is checked where the file is read.
    public init(name: String, role: DeviceRole, profile: DeviceProfile, address: DeviceAddress) {
        self.name = name
        self.role = role
        self.profile = profile
        self.address = address
    }
}
