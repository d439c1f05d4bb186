import Foundation
import Synchronization

/// The whole emulated hall: devices, network and the desk page with its HTTP API.
public final class EmulatedHall: Sendable {
    /// On the link `card-reader` in the runtime folder.
    public let cardReader: EmulatedCardReader
    /// eSCL on a port of 127.0.0.1.
    public let scanner: EmulatedScanner
    /// ESC/POS on a port of 127.0.0.1.
    public let printer: EmulatedReceiptPrinter
    /// On the link `code-reader` in the runtime folder.
    public let codeReader: EmulatedCodeReader
    /// The A4 printer: IPP on a port of 127.0.0.1.
    public let documentPrinter: EmulatedDocumentPrinter
    /// The network to the platform, when the options name one.
    public let network: FlakyProxy?
    /// The platform's name, when the options give it one.
    public let names: PrivateNames?
    let staffCalls = StaffCallLog()
    let faultTimer = FaultTimer()
    let signal: ChangeSignal
    private let options: HallOptions
    private let server = Mutex<LoopbackHTTPServer?>(nil)

    /// Reserves the ports that need it. Throws an `EmulatorError` with a sentence for a person.
    public init(_ options: HallOptions) throws {
        self.options = options
        let signal = ChangeSignal()
        self.signal = signal
        cardReader = EmulatedCardReader(
            symbolicLink: options.runtimeFolder + "/card-reader", timeScale: options.timeScale,
            onChange: { signal.notify() })
        scanner = EmulatedScanner(
            port: options.scannerPort, timeScale: options.timeScale, onChange: { signal.notify() })
        printer = try EmulatedReceiptPrinter(
            port: options.printerPort, speedFactor: options.timeScale > 0 ? 1 / options.timeScale : 0,
            onChange: { signal.notify() })
        codeReader = EmulatedCodeReader(
            symbolicLink: options.runtimeFolder + "/code-reader", timeScale: options.timeScale,
            onChange: { signal.notify() })
        documentPrinter = try EmulatedDocumentPrinter(
            port: options.documentPrinterPort, timeScale: options.timeScale, onChange: { signal.notify() })
        names = try options.platformName.map { name in
            try Self.makeFolder(options.runtimeFolder)
            return try PrivateNames(name: name, folder: options.runtimeFolder)
        }
        network = try options.platform.map { platform in
            let (host, port) = try Self.hostAndPort(platform)
            return try FlakyProxy(
                port: options.proxyPort, targetHost: host, targetPort: port, onChange: { signal.notify() })
        }
    }

    /// Starts everything, then writes `hall.json`. Throws an `EmulatorError` when a port is taken.
    public func start() async throws -> HallAddresses {
        do {
            try Self.makeFolder(options.runtimeFolder)
            try cardReader.start()
            try codeReader.start()
            try await scanner.start()
            try await printer.start()
            try await documentPrinter.start()
            try await network?.start()
            let server = LoopbackHTTPServer(router: DeskAPI(hall: self).router())
            let port = try await server.start(port: options.deskPort)
            self.server.withLock { $0 = server }
            let desk = "http://127.0.0.1:\(port)/"
            let addresses = HallAddresses(
                desk: desk, cardReader: cardReader.devicePath, codeReader: codeReader.devicePath, scanner: scanner.url,
                printer: printer.address, documentPrinter: documentPrinter.url,
                platformProxy: network.map { "127.0.0.1:\($0.port)" }, staffCalls: desk + "api/staff-calls",
                hostsFile: names?.hostsFile, resolverFile: names?.resolverFile)
            try write(addresses)
            return addresses
        } catch {
            await stop()
            throw error
        }
    }

    /// Ends the devices and removes what `start()` made, without waiting for HTTP connections to end.
    public func close() {
        unlink(addressFile)
        cardReader.stop()
        codeReader.stop()
        names?.remove()
    }

    /// Ends everything and removes what `start()` made.
    public func stop() async {
        close()
        await faultTimer.stop()
        await network?.stop()
        await scanner.stop()
        await printer.stop()
        await documentPrinter.stop()
        await server.withLock { $0 }?.stop()
    }

    /// Devices and network without faults, nothing in trays and slots, no card on the reader.
    public func reset() async throws {
        await faultTimer.stop()
        cardReader.reset()
        codeReader.reset()
        staffCalls.clear()
        try await scanner.reset()
        try await printer.reset()
        try await documentPrinter.reset()
        try await network?.setMode(.ok)
        try names?.setResolves(true)
        signal.notify()
    }

    private var addressFile: String { options.runtimeFolder + "/hall.json" }

    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw EmulatorError.invalid("The folder \(path) cannot be made.")
        }
    }

    private func write(_ addresses: HallAddresses) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let fresh = addressFile + ".new"
        try encoder.encode(addresses).write(to: URL(fileURLWithPath: fresh))
        guard rename(fresh, addressFile) == 0 else { throw EmulatorError.system("write \(addressFile)", errno) }
    }

    private static func hostAndPort(_ text: String) throws -> (String, Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port), colon > text.startIndex
        else { throw EmulatorError.invalid("\"\(text)\" is not an address of the form HOST:PORT.") }
        return (String(text[..<colon]), port)
    }
}
