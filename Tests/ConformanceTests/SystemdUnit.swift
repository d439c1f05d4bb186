import Foundation
import TestSupport

/// A unit of `systemd/`, as systemd reads it: settings of one name in their order.
struct SystemdUnit: Sendable {
    /// `kioskd.service`.
    let name: String
    let text: String
    private let settings: [String: [String]]

    static let names = [
        "kioskd.service", "kiosk-worker-print.service", "kiosk-worker-render.service", "kiosk-worker-scan@.service",
        "kiosk-worker-usb.service",
    ]

    init(_ name: String) throws {
        self.name = name
        text = try Repository.text("systemd/" + name)
        var settings: [String: [String]] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix("[") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw TestFailure("\(name): “\(line)” is no setting") }
            settings[String(parts[0]), default: []].append(String(parts[1]))
        }
        self.settings = settings
    }

    var path: String { Repository.folder + "/systemd/" + name }

    /// The last value, which is the one that counts.
    subscript(_ setting: String) -> String? { settings[setting]?.last }

    /// All words of all lines of a setting.
    func words(_ setting: String) -> [String] {
        (settings[setting] ?? []).flatMap { $0.split(separator: " ").map(String.init) }
    }

    /// Name of the program: `kioskd`.
    var program: String { (command.first ?? "").split(separator: "/").last.map(String.init) ?? "" }

    /// `ExecStart`, in words.
    var command: [String] { words("ExecStart") }

    /// What stands behind an option of `ExecStart`.
    func option(_ name: String) -> String? {
        command.firstIndex(of: name).flatMap { $0 + 1 < command.count ? command[$0 + 1] : nil }
    }

    /// The sandbox of a worker lets it see nothing else of the kiosk's folders.
    var isWorker: Bool { name.hasPrefix("kiosk-worker-") }
}
