import Foundation
import Testing

@testable import KioskConfiguration

/// The repository this test was built from.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

func repositoryText(_ path: String) throws -> String {
    try String(contentsOf: URL(filePath: "\(repository)/\(path)"), encoding: .utf8)
}

/// A folder of its own with a whole small configuration; removed with the value's last owner.
final class ConfigurationFixture {
    static let recipient = "age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0savhh7m"
    static let minimal = """
        kiosk:
          id: hall-9-kiosk-1
          hall: {zh-Hans: 第九街道服务中心, en: Ninth Street}
          window: {zh-Hans: 1 号窗口, en: window 1}
        items: [senior-card, progress]
        devices:
          - {name: reader, role: card-reader, profile: samv-serial, address: "serial:/dev/ttyUSB0"}
          - {name: scanner, role: scanner, profile: escl-scanner, address: "escl:http://127.0.0.1:8080/eSCL"}
          - {name: printer, role: receipt-printer, profile: escpos-epson, address: "tcp:127.0.0.1:9100"}
        platform:
          url: https://localhost:8443/
          certificate: kiosk.crt
          key: kiosk.key
          trust: ca.crt
          recipients: [\(recipient)]
        folders:
          devices: Devices

        """

    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "configuration-\(UUID().uuidString)").path
        for name in ["texts", "items"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        for name in ["kiosk.crt", "kiosk.key", "ca.crt"] { try write("", to: name) }
        try write("a.b: \"请看{where}。\"\n", to: "texts/zh-Hans.yaml")
        try write("a.b: \"See {where}.\"\n", to: "texts/en.yaml")
        for (name, target) in [("Devices", "Devices"), ("pictures", "Kiosk/pictures")] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(name)", withDestinationPath: "\(repository)/\(target)")
        }
        for name in ["problems.yaml", "items/senior-card.yaml", "items/progress.yaml"] {
            try FileManager.default.copyItem(atPath: "\(repository)/Kiosk/\(name)", toPath: "\(folder)/\(name)")
        }
        try write(Self.minimal, to: "kiosk.yaml")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var file: String { "\(folder)/kiosk.yaml" }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }

    /// Replaces text in a file of the fixture; the text must be there.
    func replace(_ old: String, with new: String, in name: String = "kiosk.yaml") throws {
        let text = try String(contentsOf: URL(filePath: "\(folder)/\(name)"), encoding: .utf8)
        try #require(text.contains(old))
        try write(text.replacing(old, with: new), to: name)
    }

    /// The errors as `line:column: field: sentence`, file names cut to their last part.
    func errors() -> [String] {
        KioskConfiguration.checkAll(file: file).map { error in
            error.description.replacing("\(folder)/", with: "")
        }
    }
}
