/// Who may import whom, and why not more. Decided here: an edge that is not in these tables fails a test.
///
/// The directions are explained in ARCHITECTURE.md.
enum ModuleDirections {
    /// For each module of ours the modules of ours that it may import.
    static let ours: [String: Set<String>] = [
        "HallModel": [],
        // Pure: no clock, no task, no input or output; so it can be tested with a table and replayed.
        "GuidedFlow": ["HallModel"],
        "DeviceKit": ["HallModel"],
        "ByteTransports": ["HallModel"],
        // Drivers: protocols only; never one another, a screen, the journal or the network.
        "CardReaders": ["HallModel", "DeviceKit", "ByteTransports"],
        "ReceiptPrinters": ["HallModel", "DeviceKit", "ByteTransports"],
        "DocumentPrinters": ["HallModel", "DeviceKit", "ByteTransports", "CCUPS"],
        "CodeReaders": ["HallModel", "DeviceKit", "ByteTransports"],
        "Scanners": ["HallModel", "DeviceKit", "CSANE", "CTurboJPEG"],
        "PageRendering": ["HallModel", "DeviceKit", "CPangoCairo", "CLeptonica", "CTurboJPEG", "CQREncode"],
        "Materials": ["HallModel"],
        "CaseJournal": ["HallModel", "Materials"],
        "PlatformClient": ["HallModel", "Materials", "CaseJournal"],
        "KioskControl": ["HallModel"],
        "KioskConfiguration": ["HallModel", "GuidedFlow", "DeviceKit"],
        "KioskScreens": ["HallModel", "GuidedFlow", "KioskConfiguration"],
        // The one place that sees both devices and flow.
        "HallController": [
            "HallModel", "GuidedFlow", "DeviceKit", "Materials", "CaseJournal", "PlatformClient", "KioskConfiguration",
            "KioskScreens", "KioskControl",
        ],
        // Stand outside the product: they know nothing of its drivers, so that the two cannot agree by accident.
        "HallEmulators": ["CPangoCairo", "CTurboJPEG", "CQREncode"],
        // Draws the certificates that it issues; it is never installed on a kiosk (docs/decisions, 0005).
        "PlatformServer": ["HallModel", "Materials", "CPangoCairo", "CQREncode"],
        "kioskd": ["HallController", "KioskConfiguration", "KioskScreens", "HallModel"],
        "kioskctl": ["HallModel", "DeviceKit", "Materials", "KioskControl", "KioskConfiguration"],
        "kiosk-hall": ["HallEmulators"],
        "kiosk-platformd": ["PlatformServer"],
        "kiosk-worker-usb": [
            "DeviceKit", "CardReaders", "CodeReaders", "ReceiptPrinters", "ByteTransports", "HallModel",
        ],
        "kiosk-worker-scan": ["DeviceKit", "Scanners", "HallModel"],
        "kiosk-worker-render": ["DeviceKit", "PageRendering", "HallModel"],
        "kiosk-worker-print": ["DeviceKit", "DocumentPrinters", "HallModel"],
        "CSANE": [], "CPangoCairo": [], "CLeptonica": [], "CTurboJPEG": [], "CQREncode": [], "CCUPS": [],
    ]

    /// What looks at the product from outside, and may reach all of it.
    static let outside: Set<String> = ["TestSupport", "kiosk-bench"]

    /// Shipped with the toolchain; any module but the pure ones may have them.
    static let system: Set<String> = [
        "Glibc", "Musl", "Darwin", "Foundation", "FoundationEssentials", "Dispatch", "Synchronization",
    ]
    static let pure: Set<String> = ["HallModel", "GuidedFlow"]

    /// For each foreign module the modules of ours that may import it; `nil` for any but the pure ones.
    static let foreign: [String: Set<String>?] = [
        "Logging": nil,
        "ServiceLifecycle": nil,
        "NIOCore": nil,
        "NIOConcurrencyHelpers": nil,
        "NIOFoundationCompat": nil,
        "UnixSignals": programs.union(["HallController"]),
        "ArgumentParser": programs,
        "NIOPosix": [
            "DeviceKit", "ByteTransports", "PageRendering", "HallController", "HallEmulators", "PlatformServer",
            "PlatformClient", "Scanners", "KioskScreens",
        ],
        // Scanners: on an I/O error the worker asks the scanner's own eSCL status, which SANE hides.
        "NIOHTTP1": [
            "Scanners", "HallEmulators", "PlatformServer", "PlatformClient", "HallController", "KioskScreens",
        ],
        "NIOSSL": ["PlatformClient", "PlatformServer", "HallEmulators", "HallController"],
        "NIOTLS": ["PlatformServer"],
        "AsyncHTTPClient": ["PlatformClient", "KioskControl", "HallController"],
        "HTTPTypes": ["KioskScreens", "HallController", "HallEmulators", "PlatformServer"],
        "Hummingbird": ["KioskScreens", "HallController", "HallEmulators", "PlatformServer"],
        "HummingbirdCore": ["KioskScreens", "HallController", "HallEmulators", "PlatformServer"],
        "HummingbirdTLS": ["PlatformServer"],
        "Mustache": ["KioskScreens", "PlatformServer"],
        "GRDB": ["CaseJournal", "PlatformServer"],
        "Crypto": ["Materials", "PlatformClient", "HallController", "PlatformServer"],
        "X509": ["PlatformServer"],
        "SwiftASN1": ["PlatformServer"],
        "Yams": ["KioskConfiguration"],
        "Subprocess": ["PlatformServer", "HallEmulators"],
        "SystemPackage": ["DeviceKit", "PlatformServer"],
    ]

    static let programs: Set<String> = [
        "kioskd", "kioskctl", "kiosk-hall", "kiosk-platformd", "kiosk-worker-usb", "kiosk-worker-scan",
        "kiosk-worker-render", "kiosk-worker-print",
    ]

    /// Modules that may have a C library: the wrappers that workers link, and what is no part of a kiosk: the emulators and
    /// the reference platform.
    static let wrappers: Set<String> = [
        "Scanners", "DocumentPrinters", "PageRendering", "HallEmulators", "PlatformServer",
    ]

    /// Programs that are shipped and must not link a C library of ours.
    static let withoutC: Set<String> = ["kioskd", "kioskctl"]
}
