/// What a hall is asked for.
public struct HallOptions: Sendable {
    /// Folder for `hall.json`, the links to card reader and code reader, and the files of the platform's name. Made if
    /// need be.
    public var runtimeFolder: String
    /// Port of the desk and its HTTP API; 0 takes any free one.
    public var deskPort = 0
    /// Port of the receipt printer; as all ports here, 0 takes any free one.
    public var printerPort = 0
    /// Port of the eSCL scanner.
    public var scannerPort = 0
    /// Port of the A4 printer.
    public var documentPrinterPort = 0
    /// Port of the flaky network that leads to the platform.
    public var proxyPort = 0
    /// The platform behind the flaky network, `host:port`; none: no network device.
    public var platform: String?
    /// The name under which the kiosk knows the platform; with one, the hall keeps files in which it can be made to vanish.
    public var platformName: String?
    /// 1 is the time real devices take, 0 is at once.
    public var timeScale = 1.0

    /// Any free port for each device, real time, no platform.
    public init(runtimeFolder: String) { self.runtimeFolder = runtimeFolder }
}

/// Where the devices of a running hall are: the content of `hall.json`.
public struct HallAddresses: Sendable, Codable, Equatable {
    /// `http://127.0.0.1:PORT/`
    public var desk: String
    /// Path of the link to the card reader's serial line.
    public var cardReader: String
    /// Path of the link to the code reader's serial line.
    public var codeReader: String
    /// URL of the eSCL scanner.
    public var scanner: String?
    /// `127.0.0.1:PORT` of the receipt printer.
    public var printer: String?
    /// `ipp://127.0.0.1:PORT/ipp/print` of the A4 printer.
    public var documentPrinter: String?
    /// `127.0.0.1:PORT` that leads to the platform, when one was named.
    public var platformProxy: String?
    /// Where calls for staff are posted.
    public var staffCalls: String
    /// File to be mounted over `/etc/hosts`, when the platform was given a name.
    public var hostsFile: String?
    /// File to be mounted over `/etc/resolv.conf`, when the platform was given a name.
    public var resolverFile: String?
}
