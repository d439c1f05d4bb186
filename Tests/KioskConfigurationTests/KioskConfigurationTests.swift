import DeviceKit
import Foundation
import HallModel
import Testing

@testable import KioskConfiguration

@Suite struct KioskConfigurationTests {
    @Test func aMinimalFileIsEnough() throws {
        let fixture = try ConfigurationFixture()
        let configuration = try KioskConfiguration.load(file: fixture.file)
        #expect(configuration.kioskID == "hall-9-kiosk-1")
        #expect(configuration.hallName[.english] == "Ninth Street")
        #expect(configuration.items.map(\.id) == ["senior-card", "progress"])
        #expect(configuration.devices.map(\.role) == [.cardReader, .scanner, .receiptPrinter])
        #expect(configuration.devices[1].address.place == .escl(url: "http://127.0.0.1:8080/eSCL"))
        #expect(configuration.platform.url == "https://localhost:8443")
        #expect(configuration.platform.keyFile == "\(fixture.folder)/kiosk.key")
        #expect(configuration.platform.recipients == [ConfigurationFixture.recipient])
        #expect(configuration.outbox.maximumBytes == 2_048 << 20)
        #expect(configuration.panel.widthPixels == 1_080)
        #expect(configuration.flowSettings.idleSeconds == 180)
        #expect(configuration.flowSettings.textStep == 2)
        #expect(configuration.texts.text("a.b", in: .english) == "See {where}.")
        #expect(configuration.problems[.scannerJam]?.picture == "jam")
        #expect(KioskConfiguration.checkAll(file: fixture.file).isEmpty)
    }

    @Test func everyMistakeIsToldAtOnceWithItsPlace() throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace("  id: hall-9-kiosk-1", with: "  id: Hall 9\n  idd: x")
        try fixture.replace("url: https://localhost:8443/", with: "url: http://localhost")
        try fixture.write(
            try String(contentsOf: URL(filePath: fixture.file), encoding: .utf8)
                + "screen: {idleSeconds: 90, textstep: 2, port: yes}\n", to: "kiosk.yaml")
        #expect(
            fixture.errors() == [
                "kiosk.yaml:2:7: kiosk.id: “Hall 9” is not a name: use a-z, 0-9 and “-”, at most 40",
                "kiosk.yaml:3:3: kiosk.idd: there is no such field; did you mean “id”?",
                "kiosk.yaml:12:8: platform.url: “http://localhost” is not an address that begins with https://",
                "kiosk.yaml:19:23: screen.idleSeconds: 90 is outside 120 … 300",
                "kiosk.yaml:19:27: screen.textstep: there is no such field; did you mean “textStep”?",
                "kiosk.yaml:19:46: screen.port: expected a whole number 0 … 65535, found “yes”",
            ])
    }

    @Test(arguments: [
        (
            "name: reader, role: card-reader", "name: reader, role: scanner",
            "the profile “samv-serial” is for a card-reader"
        ),
        ("profile: samv-serial", "profile: nothing-there", "cannot be read: No such file or directory"),
        ("serial:/dev/ttyUSB0", "escl:http://h/eSCL", "this device is reached by serial:/dev/… or tcp:HOST:PORT"),
        (
            "profile: escpos-epson", "profile: ipp-a4", "the profile “ipp-a4” is for a document-printer"
        ),
        (
            "role: receipt-printer, profile: escpos-epson", "role: document-printer, profile: ipp-a4",
            "a document printer is reached by ipp://HOST:PORT/PATH, cups:QUEUE or cups:QUEUE@HOST:PORT"
        ),
        ("serial:/dev/ttyUSB0", "cups:hall_a4", "this device is reached by serial:/dev/… or tcp:HOST:PORT"),
        ("serial:/dev/ttyUSB0", "ttyUSB0", "is not a device address; write serial:/dev/…"),
        ("tcp:127.0.0.1:9100", "tcp:127.0.0.1:91000", "is not a device address"),
        ("escl:http://127", "escl:https://127", "is not a device address"),
        ("escl:http://127.0.0.1:8080/eSCL", "sane:test", "write serial:/dev/…"),
        ("name: printer", "name: reader", "the name “reader” stands more than once"),
        ("[senior-card, progress]", "[senior-card, senior-card]", "the item “senior-card” stands more than once"),
        ("[senior-card, progress]", "[unheard-of]", "items/unheard-of.yaml cannot be read"),
        ("key: kiosk.key", "key: missing.key", "platform.key: the file missing.key cannot be read"),
        ("c0savhh7m", "c0savhh7n", "its check sum is wrong"),
        ("  recipients: [", "  #: [", "give “recipients” or “recipientsFile”"),
        ("platform:", "panel: {widthMillimetres: 300}\nplatform:", "pixels would not be square"),
        ("folders:\n", "folders:\n  devices: ..\n", "stands more than once"),
    ])
    func aMistakeIsNamed(_ old: String, _ new: String, _ expected: String) throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace(old, with: new)
        let errors = fixture.errors()
        #expect(errors.contains { $0.contains(expected) }, "\(errors)")
    }

    @Test(arguments: ["ipp://192.0.2.9/ipp/print", "cups:hall_a4", "cups:hall_a4@localhost:6632"])
    func anA4PrinterAndACodeReaderMayBeThere(_ address: String) throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace(
            "platform:\n",
            with: "  - {name: a4, role: document-printer, profile: ipp-a4, address: \"\(address)\"}\n"
                + "  - {name: codes, role: code-reader, profile: code-reader-serial, address: \"serial:/dev/ttyS1\"}\n"
                + "platform:\n")
        let devices = try KioskConfiguration.load(file: fixture.file).devices
        #expect(devices.map(\.role) == [.cardReader, .scanner, .receiptPrinter, .documentPrinter, .codeReader])
        #expect(devices[3].address.text == address)
        #expect(devices[3].profile.driver == .ipp(DocumentPrinterSettings()))
    }

    @Test func anItemThatNeedsAMissingDeviceIsRefused() throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace(
            "  - {name: scanner, role: scanner, profile: escl-scanner, address: \"escl:http://127.0.0.1:8080/eSCL\"}\n",
            with: "")
        #expect(fixture.errors() == ["kiosk.yaml:5:9: items[0]: the item needs a scanner, and “devices” names none"])
    }

    @Test func whatFollowsFromAMistakeThatWasToldIsNotToldAgain() throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace("profile: escpos-epson", with: "profile: nothing-there")
        let errors = fixture.errors()
        #expect(errors.count == 1 && errors[0].contains("devices[2].profile"), "\(errors)")
    }

    @Test func aSerialLineMayNameItsSpeed() {
        #expect(DeviceAddress("serial:/dev/ttyS0?9600")?.place == .serial(path: "/dev/ttyS0", speed: 9_600))
        #expect(DeviceAddress("serial:/dev/ttyS0")?.place == .serial(path: "/dev/ttyS0", speed: nil))
        for text in ["serial:/dev/ttyS0?", "serial:/dev/ttyS0?123", "serial:ttyS0", "serial:/", "serial:", "usb:1", ""]
        {
            #expect(DeviceAddress(text) == nil, "\(text)")
        }
    }

    @Test func aScannerHoldsPagesForAsLongAsASessionMayBeIdle() throws {
        let fixture = try ConfigurationFixture()
        let folder = "\(fixture.folder)/Families"
        try FileManager.default.createDirectory(atPath: folder + "/short", withIntermediateDirectories: true)
        for name in ["samv-serial", "escpos-epson"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/\(name)", withDestinationPath: "\(repository)/Devices/\(name)")
        }
        try fixture.write("title: A\nsane:\n  heldPageMilliseconds: 225000\n", to: "Families/short/profile.yaml")
        try fixture.replace("devices: Devices", with: "devices: Families")
        try fixture.replace("profile: escl-scanner", with: "profile: short")
        let expected =
            "the profile holds pages for 225000 ms, but a session may be idle for idleSeconds and alertSeconds, 225 s"
        #expect(fixture.errors().contains { $0.contains("devices[1].profile: \(expected)") }, "\(fixture.errors())")
        // The longest that a session may be idle is no trouble for a profile that says nothing.
        try fixture.write(
            ConfigurationFixture.minimal + "screen: {idleSeconds: 300, alertSeconds: 120}\n", to: "kiosk.yaml")
        #expect(fixture.errors() == [])
    }

    @Test func recipientsMayStandInAFileOfTheirOwn() throws {
        let fixture = try ConfigurationFixture()
        try fixture.write("# two people\n\n\(ConfigurationFixture.recipient)  \n", to: "recipients.txt")
        try fixture.replace("recipients: [\(ConfigurationFixture.recipient)]", with: "recipientsFile: recipients.txt")
        #expect(
            try KioskConfiguration.load(file: fixture.file).platform.recipients == [ConfigurationFixture.recipient])
        try fixture.write("# none\nage1nonsense\n", to: "recipients.txt")
        #expect(
            fixture.errors().contains { $0.hasPrefix("recipients.txt:2:1: “age1nonsense” is not an age recipient") })
    }

    @Test func aMissingFileIsAPlainSentence() {
        let errors = KioskConfiguration.checkAll(file: "/nowhere/kiosk.yaml")
        #expect(
            errors.map(\.description)
                == ["/nowhere/kiosk.yaml:1:1: the file cannot be read: No such file or directory"])
    }

    @Test func theExampleIsRightButForFilesThatEveryKioskHasOfItsOwn() throws {
        let errors = KioskConfiguration.checkAll(file: "\(repository)/Kiosk/example.yaml")
        let fields = Set(errors.filter { $0.file.hasSuffix("example.yaml") }.map(\.field))
        #expect(
            fields.isSubset(of: ["platform.certificate", "platform.key", "platform.trust", "platform.recipientsFile"]),
            "\(errors)")
    }

    /// As docs/technician.md has it installed: configuration and contents apart.
    @Test func theExampleIsRightWhereItIsInstalled() throws {
        let fixture = try ConfigurationFixture()
        let text = try repositoryText("Kiosk/example.yaml")
        let folders = "folders: {kiosk: /usr/share/hallkiosk/Kiosk, devices: /usr/share/hallkiosk/Devices}"
        #expect(text.contains("\n# \(folders)\n"))
        #expect(try repositoryText("docs/technician.md").contains("\n    \(folders)\n"))
        try fixture.write(
            text.replacing("# \(folders)", with: folders).replacing("/usr/share/hallkiosk", with: repository),
            to: "installed.yaml")
        let errors = KioskConfiguration.checkAll(file: "\(fixture.folder)/installed.yaml")
        #expect(
            Set(errors.map(\.field)).isSubset(
                of: ["platform.certificate", "platform.key", "platform.trust", "platform.recipientsFile"]), "\(errors)")
    }

    @Test func theDevelopmentKioskIsRightOnceItsWordsArePutIn() throws {
        let fixture = try ConfigurationFixture()
        var text = try repositoryText("Kiosk/development.yaml")
        for (word, value) in [
            ("KIOSK", "dev-1"), ("ROOT", repository), ("HALL", fixture.folder), ("CA", fixture.folder), ("BIN", "/bin"),
        ] { text = text.replacing("@\(word)@", with: value) }
        // All other words are numbers.
        text = text.replacing(#/@[A-Z]+@/#, with: "8123")
        try fixture.write(text, to: "development.yaml")
        let errors = KioskConfiguration.checkAll(file: "\(fixture.folder)/development.yaml")
        let made: Set<String> = [
            "platform.certificate", "platform.key", "platform.trust", "platform.recipientsFile",
            "platform.signingKeyFile",
        ]
        #expect(errors.allSatisfy { made.contains($0.field) }, "\(errors)")
    }

    static let families = [
        "code-reader-serial", "cups-queue", "escl-scanner", "escpos-clone-80mm-gb18030", "escpos-custom-kiosk",
        "escpos-epson", "ipp-a4", "samv-serial", "sane-test",
    ]

    @Test(arguments: families)
    func everyFamilyHasAProfileAndTheFixedHeadings(_ family: String) throws {
        let profile = try DeviceProfileLoader.load(folder: "\(repository)/Devices/\(family)")
        #expect(profile.id == family)
        let headings = try repositoryText("Devices/\(family)/README.md").split(separator: "\n").filter {
            $0.hasPrefix("## ")
        }
        #expect(
            headings == [
                "## Introduction", "## Protocol", "## Matching", "## Quirks", "## Security", "## Tested with",
            ])
    }

    @Test func everyFolderInDevicesIsAFamilyThatIsTested() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: "\(repository)/Devices").sorted()
        #expect(folders == Self.families)
    }

    @Test func aProfileCarriesItsSettings() throws {
        let clone = try DeviceProfileLoader.load(folder: "\(repository)/Devices/escpos-clone-80mm-gb18030")
        guard case .escpos(let settings) = clone.driver else { throw ConfigurationErrors([]) }
        #expect(settings.evidence == [.bufferedQuery, .statusUnchanged])
        #expect(!settings.canClearBuffer)
        #expect(settings.stripRows == ReceiptPrinterSettings().stripRows)
        let kiosk = try DeviceProfileLoader.load(folder: "\(repository)/Devices/escpos-custom-kiosk")
        guard case .escpos(let presenter) = kiosk.driver else { throw ConfigurationErrors([]) }
        #expect(presenter.presenter == .customFullStatus)
        #expect(presenter.evidence == [.paperTaken, .bufferedQuery])
        #expect(presenter.cut == .full && settings.cut == .partial)
        let test = try DeviceProfileLoader.load(folder: "\(repository)/Devices/sane-test")
        guard case .sane(let scanner) = test.driver else { throw ConfigurationErrors([]) }
        #expect(scanner.options == ["test-picture": "Color pattern"])
    }
}
