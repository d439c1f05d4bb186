import Foundation
import Synchronization

/// The whole emulated hall: devices, network and the desk page with its HTTP API.
public final class EmulatedHall: Sendable {
    public let cardReader: EmulatedCardReader
    let staffCalls = StaffCallLog()
    let signal = ChangeSignal()
    private let options: HallOptions
    private let server = Mutex<LoopbackHTTPServer?>(nil)

    public init(_ options: HallOptions) {
        self.options = options
        let signal = signal
        cardReader = EmulatedCardReader(
            symbolicLink: options.runtimeFolder + "/card-reader", timeScale: options.timeScale,
            onChange: { signal.notify() })
    }

    /// Starts everything, then writes `hall.json`. Throws an `EmulatorError` when a port is taken.
    public func start() async throws -> HallAddresses {
        do {
            try FileManager.default.createDirectory(
                atPath: options.runtimeFolder, withIntermediateDirectories: true)
            try cardReader.start()
            let server = LoopbackHTTPServer(router: DeskAPI(hall: self).router())
            let port = try await server.start(port: options.deskPort)
            self.server.withLock { $0 = server }
            let desk = "http://127.0.0.1:\(port)/"
            let addresses = HallAddresses(
                desk: desk, cardReader: cardReader.devicePath, staffCalls: desk + "api/staff-calls")
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
    }

    /// Ends everything and removes what `start()` made.
    public func stop() async {
        close()
        await server.withLock { $0 }?.stop()
    }

    /// Devices and network without faults, nothing in trays and slots, no card on the reader.
    func reset() {
        cardReader.reset()
        staffCalls.clear()
        signal.notify()
    }

    private var addressFile: String { options.runtimeFolder + "/hall.json" }

    private func write(_ addresses: HallAddresses) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let fresh = addressFile + ".new"
        try encoder.encode(addresses).write(to: URL(fileURLWithPath: fresh))
        guard rename(fresh, addressFile) == 0 else { throw EmulatorError.system("write \(addressFile)", errno) }
    }
}
