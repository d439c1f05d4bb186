import DeviceKit
import Foundation
import HallModel
import Logging
import Materials
import NIOCore
import TestSupport

/// The emulated scanner of a hall, for our worker and for `scanimage`.
struct BenchScanner: Sendable {
    let hall: HallUnderTest
    let url: String

    init(hall: HallUnderTest) async throws {
        self.hall = hall
        url = await hall.address(of: "scanner")
    }

    /// Lays sheets into an empty tray.
    func lay(_ document: String, count: Int) async throws {
        try await hall.clearTray()
        try await hall.desk("scanner/take-originals")
        for _ in 0..<count { try await hall.desk("scanner/tray", #"{"document":"\#(document)"}"#) }
    }

    /// The rows that come from this scanner, fetched once through `scanimage`.
    func rows(of document: String) async throws -> PageRows {
        try await Scratch.use { folder in
            try await lay(document, count: 1)
            _ = try await MeasuredCommand.run(
                "scanimage", try arguments + ["--format=pnm"], output: folder + "/page.pnm",
                environment: try environment(in: folder))
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder + "/page.pnm")))
            // P6, comments, width, height, 255, then the pixels (ppm(5)).
            var words: [String] = []
            var index = 0
            while words.count < 4, index < bytes.count {
                let end = bytes[index...].firstIndex { $0 == 0x0A || $0 == 0x20 } ?? bytes.endIndex
                let isComment = bytes[index] == UInt8(ascii: "#")
                let stop = isComment ? bytes[index...].firstIndex(of: 0x0A) ?? bytes.endIndex : end
                if !isComment { words.append(String(decoding: bytes[index..<stop], as: UTF8.self)) }
                index = stop + 1
            }
            guard words.count == 4, words[0] == "P6", let width = Int(words[1]), let height = Int(words[2]),
                bytes.count - index == width * height * 3
            else { throw CannotMeasure("scanimage gave no colour picture of the whole page: \(words)") }
            return PageRows(width: width, height: height, pixels: Array(bytes[index...]))
        }
    }

    private static let device = "bench"

    /// What `scanimage` is told of the scanner and of the page, as our worker sets it.
    var arguments: [String] {
        get throws {
            [
                "-d", "airscan:e0:\(Self.device)", "--source=ADF", "--mode=Color", "--resolution=300", "-l", "0", "-t",
                "0",
                "-x", "210", "-y", "297",
            ]
        }
    }

    /// SANE with this one scanner and no search for others.
    func environment(in folder: String) throws -> [String: String] {
        let configuration = """
            [devices]
            "\(Self.device)" = \(url), eSCL
            [options]
            discovery = disable

            """
        try "airscan\n".write(toFile: folder + "/dll.conf", atomically: true, encoding: .utf8)
        try configuration.write(toFile: folder + "/airscan.conf", atomically: true, encoding: .utf8)
        return ["SANE_CONFIG_DIR": folder]
    }

    /// Runs our scan and render workers, driven from this process as `kioskd` drives them.
    func withWorkers<Value: Sendable>(_ body: @Sendable (WorkerHost) async throws -> Value) async throws -> Value {
        let profile = DeviceProfile(id: "bench", role: .scanner, title: "bench", driver: .sane(settings))
        let device = DeviceAssignment(name: Self.device, profile: profile, address: "escl:" + url)
        let folder = "/tmp/kb-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let host = WorkerHost(
            socketPath: folder + "/workers.sock",
            workers: [
                WorkerSpecification(kind: .scan, instance: Self.scan, devices: [device]),
                WorkerSpecification(kind: .render, instance: Self.render, devices: []),
            ],
            programFolder: HallUnderTest.programs, logger: Logger(label: "kiosk-bench"))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run() }
            defer { group.cancelAll() }
            var there: Set<String> = []
            for await event in host.events {
                if case .connected(let instance) = event { there.insert(instance) }
                if there.count == 2 { break }
            }
            return try await body(host)
        }
    }

    static let scan = "bench-scan"
    static let render = "render"

    private var settings: ScannerSettings {
        var settings = ScannerSettings()
        settings.source = "ADF"
        return settings
    }

    /// One page through scan worker and render worker, and aside.
    func page(through workers: WorkerHost, puttingAsideIn vault: PageVault) async throws -> MaterialPage {
        let (reply, images) = try await workers.performOnce(
            .scanPage(device: Self.device), on: Self.scan, deadline: .seconds(60))
        guard case .scanned(let page) = reply, let jpeg = images.first else {
            throw CannotMeasure("the scan worker answered \(reply)")
        }
        let request = PageCheckRequest(
            dotsPerInch: page.dotsPerInch, rowsExpected: page.rowsExpected, rowsReceived: page.rowsReceived,
            previewWidth: 720)
        let (answer, _) = try await workers.perform(
            .checkPage(request), on: Self.render, attachments: [jpeg], deadline: .seconds(20))
        guard case .checked(let checks) = answer else { throw CannotMeasure("the render worker answered \(answer)") }
        return MaterialPage(
            jpeg: .kept(try await vault.keep(jpeg)), widthPixels: checks.widthPixels, heightPixels: checks.heightPixels,
            isGray: checks.isGray)
    }
}

/// Runs a hall around `body` and ends it whatever happens.
func withRunning<Value>(_ hall: HallUnderTest, _ body: (HallUnderTest) async throws -> Value) async throws -> Value {
    do {
        try await hall.start()
        let value = try await body(hall)
        await hall.stop()
        return value
    } catch {
        let log = await hall.log()
        await hall.stop()
        throw CannotMeasure("\(error)\n\(log.suffix(1500))")
    }
}
