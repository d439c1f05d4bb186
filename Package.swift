// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours is Swift 6 with warnings as errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

extension Target.Dependency {
    static let log = product(name: "Logging", package: "swift-log")
    static let nio = product(name: "NIOCore", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioFoundation = product(name: "NIOFoundationCompat", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let httpClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdTLS = product(name: "HummingbirdTLS", package: "hummingbird")
    static let mustache = product(name: "Mustache", package: "swift-mustache")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let sqlite = product(name: "GRDBSQLite", package: "GRDB.swift")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let x509 = product(name: "X509", package: "swift-certificates")
    static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
    static let arguments = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
    static let systemPackage = product(name: "SystemPackage", package: "swift-system")
    static let subprocess = product(name: "Subprocess", package: "swift-subprocess")
}

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}
func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "HallKiosk",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "kioskd", targets: ["kioskd"]),
        .executable(name: "kioskctl", targets: ["kioskctl"]),
        .executable(name: "kiosk-hall", targets: ["kiosk-hall"]),
        .executable(name: "kiosk-platformd", targets: ["kiosk-platformd"]),
        .executable(name: "kiosk-worker-usb", targets: ["kiosk-worker-usb"]),
        .executable(name: "kiosk-worker-scan", targets: ["kiosk-worker-scan"]),
        .executable(name: "kiosk-worker-render", targets: ["kiosk-worker-render"]),
        .executable(name: "kiosk-worker-print", targets: ["kiosk-worker-print"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // C libraries: module maps only. Only workers may reach them.
        .systemLibrary(name: "CSANE", pkgConfig: "sane-backends", providers: [.apt(["libsane-dev"])]),
        .systemLibrary(name: "CPangoCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
        .systemLibrary(name: "CLeptonica", pkgConfig: "lept", providers: [.apt(["libleptonica-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        // Debian has no cups.pc: the module map links it.
        .systemLibrary(name: "CCUPS", providers: [.apt(["libcups2-dev"])]),

        // The nouns and the pure core.
        library("HallModel"),
        library("GuidedFlow", ["HallModel"]),

        // Devices.
        library("DeviceKit", ["HallModel", .log, .nio, .nioPosix, .nioFoundation, .systemPackage]),
        library("ByteTransports", ["HallModel", .log, .nio, .nioPosix]),
        library("CardReaders", ["HallModel", "DeviceKit", "ByteTransports", .log]),
        library("ReceiptPrinters", ["HallModel", "DeviceKit", "ByteTransports", .log]),
        library("CodeReaders", ["HallModel", "DeviceKit", "ByteTransports", .log]),
        library("DocumentPrinters", ["HallModel", "DeviceKit", "ByteTransports", .log, .nio, "CCUPS"]),
        library(
            "Scanners",
            ["HallModel", "DeviceKit", .log, .nio, .nioPosix, .nioHTTP1, "CSANE", "CTurboJPEG"]),
        library(
            "PageRendering",
            [
                "HallModel", "DeviceKit", .log, .nio, .nioPosix, "CPangoCairo", "CLeptonica", "CTurboJPEG",
                "CQREncode",
            ]),

        // Cases.
        library("Materials", ["HallModel", .crypto, .nio]),
        library("CaseJournal", ["HallModel", "Materials", .grdb, .log]),
        library(
            "PlatformClient",
            ["HallModel", .httpClient, .nio, .nioPosix, .nioHTTP1, .nioFoundation, .nioSSL, .crypto, .log]),

        // What kioskd tells kioskctl.
        library("KioskControl", ["HallModel", .httpClient]),

        // The screen, the configuration and the place where all meet.
        library("KioskConfiguration", ["HallModel", "GuidedFlow", "DeviceKit", .yams]),
        library(
            "KioskScreens",
            [
                "HallModel", "GuidedFlow", "KioskConfiguration", .mustache, .hummingbird, .nio, .nioPosix, .nioHTTP1,
                .lifecycle, .log,
            ]),
        library(
            "HallController",
            [
                "HallModel", "GuidedFlow", "DeviceKit", "Materials", "CaseJournal", "PlatformClient",
                "KioskConfiguration", "KioskScreens", "KioskControl", .log, .lifecycle, .crypto, .httpClient,
                .hummingbird,
                .nio, .nioPosix,
            ]),

        // What stands outside the product.
        library(
            "HallEmulators",
            [
                .nio, .nioPosix, .nioHTTP1, .nioSSL, .hummingbird, .log, .lifecycle, .subprocess, "CPangoCairo",
                "CTurboJPEG", "CQREncode",
            ],
            resources: [
                .embedInCode("Desk/desk.html"), .embedInCode("Desk/desk.css"), .embedInCode("Desk/desk.svg"),
                .embedInCode("Desk/desk.js"), .embedInCode("Desk/controls.js"), .embedInCode("Desk/cards.js"),
                .embedInCode("Desk/codes.js"), .embedInCode("Desk/scanner.js"), .embedInCode("Desk/receipts.js"),
                .embedInCode("Desk/documents.js"), .embedInCode("Desk/network.js"),
            ]),
        library(
            "PlatformServer",
            [
                "HallModel", .hummingbird, .hummingbirdTLS, .nio, .nioPosix, .nioFoundation, .nioSSL, .nioHTTP1, .grdb,
                .crypto,
                .x509, .asn1, .subprocess, .log, .lifecycle, .unixSignals, "CPangoCairo", "CQREncode",
            ]),

        // Thin programs.
        program(
            "kioskd",
            [
                "HallModel", "HallController", "KioskConfiguration", "KioskScreens", .arguments, .lifecycle,
                .unixSignals, .log,
            ]),
        program(
            "kioskctl", ["HallModel", "DeviceKit", "Materials", "KioskControl", "KioskConfiguration", .arguments, .log]),
        program("kiosk-hall", ["HallEmulators", .arguments, .lifecycle, .unixSignals, .log]),
        program("kiosk-platformd", ["PlatformServer", .arguments, .lifecycle, .unixSignals, .log]),
        program(
            "kiosk-worker-usb",
            ["DeviceKit", "CardReaders", "CodeReaders", "ReceiptPrinters", "ByteTransports", .log]),
        program("kiosk-worker-scan", ["DeviceKit", "Scanners", .log]),
        program("kiosk-worker-render", ["DeviceKit", "PageRendering", .log]),
        program("kiosk-worker-print", ["DeviceKit", "DocumentPrinters", .log]),

        // Speed: `make speed`. Stands outside the product, as the tests do.
        .executableTarget(
            name: "kiosk-bench",
            dependencies: [
                "HallModel", "DeviceKit", "Scanners", "PageRendering", "Materials", "CaseJournal", "PlatformClient",
                "HallEmulators", "TestSupport", .sqlite, .arguments, .httpClient, .nio, .log,
            ],
            path: "Benchmarks", exclude: ["Peers"], swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: [.subprocess, .systemPackage, .httpClient, .nio, .nioHTTP1, .nioFoundation, .grdb],
            path: "Tests/TestSupport", swiftSettings: strict),
        tests("ArchitectureTests", []),
        tests("HallModelTests", ["HallModel"]),
        tests("GuidedFlowTests", ["GuidedFlow", "HallModel", .yams]),
        tests("DeviceKitTests", ["DeviceKit", .nio, .nioEmbedded, .log]),
        tests("ByteTransportsTests", ["ByteTransports", .nio, .nioPosix]),
        tests("CardReadersTests", ["CardReaders", "ByteTransports", "DeviceKit", "HallEmulators", .log]),
        tests(
            "ReceiptPrintersTests", ["ReceiptPrinters", "ByteTransports", "DeviceKit", "HallEmulators", .nio, .log]),
        tests(
            "ScannersTests",
            ["Scanners", "DeviceKit", "HallEmulators", "CSANE", "CTurboJPEG", .hummingbird, .nio, .nioHTTP1, .log]),
        tests("CodeReadersTests", ["CodeReaders", "ByteTransports", "DeviceKit", .log]),
        tests(
            "DocumentPrintersTests",
            ["DocumentPrinters", "ByteTransports", "DeviceKit", .nio, .nioPosix, .log, .subprocess, .systemPackage],
            exclude: ["printer.sh"]),
        tests(
            "PageRenderingTests", ["PageRendering", "Materials", "CPangoCairo", "CTurboJPEG", .nio, .log, .subprocess]),
        tests("MaterialsTests", ["Materials", .crypto]),
        tests("CaseJournalTests", ["CaseJournal", "Materials", .grdb, .log, .crypto]),
        tests(
            "PlatformClientTests",
            [
                "PlatformClient", "PlatformServer", "HallController", "HallEmulators", "CaseJournal", "Materials",
                .httpClient, .nio, .log, .crypto,
            ]),
        tests("PlatformServerTests", ["PlatformServer", "HallModel", .httpClient, .nioSSL, .nioPosix, .crypto, .grdb]),
        tests("KioskConfigurationTests", ["KioskConfiguration", "HallModel", "DeviceKit"]),
        tests("KioskScreensTests", ["KioskScreens", .httpClient, .nio, .nioPosix, .lifecycle]),
        tests("HallControllerTests", ["HallController", "KioskControl", "CaseJournal", "Materials", .log]),
        tests("HallEmulatorsTests", ["HallEmulators", .httpClient]),
        tests("CommandLineTests", ["kioskctl", "KioskControl", "HallEmulators", .httpClient]),
        tests(
            "ConformanceTests",
            ["HallModel", .httpClient, .crypto, .log, "Materials", "PlatformClient", "HallEmulators"]),
        tests("BrowserTests", ["HallModel", .httpClient]),
        tests(
            "CrashTests",
            ["HallModel", "Materials", "PlatformClient", .httpClient, .nio, .nioHTTP1, .grdb, .log, .crypto]),
        tests("SpeedTests", []),
        tests("CampaignTests", ["HallEmulators", "HallModel", "KioskConfiguration"]),
    ]
)
