import Foundation
import HallModel
import Testing

@testable import KioskConfiguration

@Suite("What every build holds the texts to")
struct ContentsCheckTests {
    private static let receiptKeys = ["receipt.title"]

    /// A kiosk folder with the shipped contents.
    private static func shipped() throws -> ConfigurationFixture {
        let fixture = try ConfigurationFixture()
        for language in ["zh-Hans", "en"] {
            try fixture.write(try repositoryText("Kiosk/texts/\(language).yaml"), to: "texts/\(language).yaml")
        }
        return fixture
    }

    private static func findings(_ fixture: ConfigurationFixture) throws -> [String] {
        let keys = try repositoryText("Sources/HallController/Submission/ReceiptTextKey.swift").matches(
            of: #/"(receipt\.\w+)"/#)
        return ContentsCheck.findings(folder: fixture.folder, alsoUsed: keys.map { String($0.output.1) }).map(
            \.description)
    }

    @Test("A key that one language lacks is a finding that names file and key")
    func missingTranslation() throws {
        let fixture = try Self.shipped()
        let line = try #require(
            try repositoryText("Kiosk/texts/en.yaml").split(separator: "\n").first { $0.hasPrefix("papers.printed:") })
        try fixture.replace(line + "\n", with: "", in: "texts/en.yaml")
        let findings = try Self.findings(fixture)
        #expect(findings.contains { $0.contains("texts/en.yaml") && $0.contains("papers.printed") }, "\(findings)")
    }

    @Test("A key that both lack, one that nothing shows, and an item without a language are findings")
    func others() throws {
        let fixture = try Self.shipped()
        for language in ["zh-Hans", "en"] {
            try fixture.replace("\nstart.heading:", with: "\nstart.heading2:", in: "texts/\(language).yaml")
        }
        try fixture.replace("  en: Senior citizen's card\n", with: "", in: "items/senior-card.yaml")
        let findings = try Self.findings(fixture)
        #expect(findings.contains { $0.contains("“start.heading” is missing") })
        #expect(findings.contains { $0.contains("nothing shows the text “start.heading2”") })
        #expect(findings.contains { $0.contains("items/senior-card.yaml") && $0.contains("en") })
    }

    @Test("What ships is whole")
    func whole() throws {
        #expect(try Self.findings(try Self.shipped()) == [])
    }
}

@Suite("Items that a kiosk shows and does not do")
struct UnavailableItemTests {
    private static let closed = """
        unavailableItems:
          - item: senior-card
            why: {zh-Hans: 这里不办, en: Not done here}
            window: {zh-Hans: 5 号窗口, en: window 5}

        """

    @Test("one that is not in the list, one that stands twice, and rare characters are told with their line")
    func mistakes() throws {
        let fixture = try ConfigurationFixture()
        let second = Self.closed.replacing("unavailableItems:\n", with: "").replacing("senior-card", with: "moon")
        let third = Self.closed.replacing("unavailableItems:\n", with: "").replacing("这里不办", with: "這裏不办")
        try fixture.write(ConfigurationFixture.minimal + Self.closed + second + third, to: "kiosk.yaml")
        let errors = fixture.errors()
        #expect(
            errors.contains { $0.contains("unavailableItems[1].item") && $0.contains("“moon” is not among") },
            "\(errors)")
        #expect(errors.contains { $0.contains("unavailableItems[2].item") && $0.contains("stands more than once") })
        #expect(errors.contains { $0.contains("unavailableItems[2].why") })
    }

    @Test("it carries why and the window, and its devices need not be there")
    func closedItem() throws {
        let fixture = try ConfigurationFixture()
        let withoutScanner = ConfigurationFixture.minimal.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.contains("name: scanner") }.joined(separator: "\n")
        try fixture.write(withoutScanner, to: "kiosk.yaml")
        #expect(fixture.errors().contains { $0.contains("needs a scanner") })
        try fixture.write(withoutScanner + Self.closed, to: "kiosk.yaml")
        let configuration = try KioskConfiguration.load(file: fixture.file)
        #expect(configuration.items.first?.closedHere?[.english] == "Not done here")
        #expect(configuration.items.first?.window[.simplifiedChinese] == "5 号窗口")
        #expect(configuration.items.last?.closedHere == nil)
    }
}
