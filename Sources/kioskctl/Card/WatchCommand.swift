import ArgumentParser
import DeviceKit
import Foundation
import HallModel
import KioskControl

struct WatchCard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Follow a reader: cards laid down, read, failed, taken away.",
        discussion: """
            Through the running kioskd, or with --direct without it. Told are the kind of card and its flags, never whose it is; \
            card read is for that. Ctrl-C ends it, with 0, and whatever was started for it.

            Examples:
              kioskctl card watch
              kioskctl card watch --device reader --json
              kioskctl card watch --direct serial:/dev/ttyUSB0
            """)

    @OptionGroup var daemon: DaemonOptions

    @Option(
        help: ArgumentHelp("Only this reader of the kiosk.", valueName: "NAME"),
        completion: .custom { words, _, _ in await DaemonCompletion.devices(words, .cardReader) })
    var device: String?

    @Option(help: ArgumentHelp("Without kioskd: serial:/dev/ttyUSB0 or tcp:HOST:PORT.", valueName: "ADDRESS"))
    var direct: String?

    @Option(
        help: ArgumentHelp("With --direct: an installed profile, or a folder.", valueName: "PROFILE"),
        completion: .directory)
    var profile: String?

    func validate() throws {
        if let direct { try DirectReaderOptions.check(direct) }
        if direct != nil, device != nil { throw ValidationError("Give --device or --direct, not both.") }
        if direct == nil, profile != nil { throw ValidationError("--profile goes with --direct.") }
    }

    func run() async throws {
        if let direct { return try await watchDirectly(direct) }
        let readers = try await daemon.ask { try await $0.devices() }.devices.filter { $0.role == .cardReader }.map(
            \.name)
        if let device, !readers.contains(device) {
            let known = readers.isEmpty ? "this kiosk has none" : "this kiosk has \(readers.joined(separator: ", "))"
            throw CommandFailure(.usage, "there is no card reader of the name “\(device)”: \(known).")
        }
        let watched = device.map { [$0] } ?? readers
        if !daemon.json { Terminal.show("Watching \(watched.joined(separator: ", ")). Ctrl-C ends it.") }
        let json = daemon.json
        try await Following.untilTold {
            try await Following.events(of: daemon, recent: 0) { event in
                if let name = event.device, watched.contains(name), Self.types.contains(event.type) {
                    try Self.show(event, json: json)
                }
                return true
            }
        }
    }

    private static let types: [KioskEvent.Kind] = [.cardPresented, .cardRead, .cardFailed, .cardRemoved, .device]

    private static func show(_ event: KioskEvent, json: Bool) throws {
        if json { return try Terminal.printJSONLine(event) }
        Terminal.show(EventText.line(event))
    }

    // MARK: - Without the daemon

    private func watchDirectly(_ address: String) async throws {
        let workers = PrivateWorkers(
            specifications: [
                WorkerSpecification(
                    kind: .usb, instance: "usb",
                    devices: [try DirectReaderOptions.assignment(address, profile: profile)])
            ], place: address, limit: nil)
        let json = daemon.json
        if !json { Terminal.show("Watching \(address). Ctrl-C ends it.") }
        do {
            try await workers.run { host in
                var number = 0
                for await event in host.events {
                    guard var told = Self.told(event) else { continue }
                    // Nothing here has a name but by its address.
                    if told.device != nil { told.device = address }
                    number += 1
                    told.number = number
                    try Self.show(told, json: json)
                }
            }
        } catch let failure as CommandFailure where failure.status == .interrupted {
            return
        }
    }

    /// The same events as the daemon's: what is personal stays in here.
    private static func told(_ event: WorkerHostEvent) -> KioskEvent? {
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        func made(_ type: KioskEvent.Kind, _ fill: (inout KioskEvent) -> Void = { _ in }) -> KioskEvent {
            var event = KioskEvent(number: 0, time: time, type: type)
            fill(&event)
            return event
        }
        switch event {
        case .connected: return nil
        case .lost(let instance): return made(.workerLost) { $0.worker = instance }
        case .event(_, let event):
            var told: KioskEvent?
            switch event {
            case .cardPresented: told = made(.cardPresented)
            case .cardRemoved: told = made(.cardRemoved)
            case .cardRead(_, let document):
                told = made(.cardRead) { ($0.card, $0.flags) = (document.kind, document.flags.sorted()) }
            case .cardFailed(_, let problem):
                told = made(.cardFailed) { ($0.code, $0.evidence) = (problem.code, problem.evidence) }
            case .status(_, let status):
                told = made(.device) {
                    ($0.role, $0.state) = (.cardReader, status.state)
                    ($0.code, $0.evidence) = (status.problem?.code, status.problem?.evidence)
                }
            default: break
            }
            told?.device = event.device
            return told
        }
    }
}
