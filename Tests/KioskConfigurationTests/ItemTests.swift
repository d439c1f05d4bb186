import Foundation
import HallModel
import Testing

@testable import KioskConfiguration

@Suite struct ItemTests {
    @Test func theSeniorCardIsWhatTheFlowNeeds() throws {
        let item = try ItemLoader.load(file: "\(repository)/Kiosk/items/senior-card.yaml")
        #expect(item.kind == .application)
        #expect(item.officialName[.simplifiedChinese] == "老年人优待证申领")
        #expect(item.minimumAge == 60)
        #expect(item.minutes == 4)
        #expect(item.canBeFinishedHere)
        #expect(item.needs == [.scanner, .receiptPrinter])
        #expect(item.questions.map(\.id) == ["pickup", "notify", "phone"])
        guard case .choice(let places) = item.questions[0].form else { throw ConfigurationErrors([]) }
        #expect(places.count == 3)
        #expect(item.questions[2].form == .digits(length: 11...11, prefixes: ["1"]))
        #expect(item.questions[2].isPrivate)
        #expect(item.questions[2].condition == .init(question: "notify", answer: "phone"))
        #expect(item.materials.map(\.id) == ["household-register"])
        #expect(item.materials[0].pages.count == 2)
    }

    @Test func theCertificateNeedsItsPrinterAndThePlatform() throws {
        let item = try ItemLoader.load(file: "\(repository)/Kiosk/items/insurance-certificate.yaml")
        #expect(item.kind == .certificate)
        #expect(item.needs == [.documentPrinter, .platform])
        #expect(item.materials.isEmpty)
    }

    @Test func theSocialCardIsPostedOnlyToAnAddress() throws {
        let item = try ItemLoader.load(file: "\(repository)/Kiosk/items/social-card.yaml")
        guard case .choice(let ways) = item.questions.last?.form else { throw ConfigurationErrors([]) }
        #expect(ways.map(\.needsAddress) == [false, true])
    }

    @Test(arguments: [
        ("minutes: 2", "minutes: 2", "the item needs a document printer, and “devices” names none"),
        ("minutes: 2", "minutes: 2\nneeds: [platform]", "“document-printer” is needed"),
        (
            "minutes: 2", "minutes: 2\nmaterials: [{id: m, title: {zh-Hans: 本, en: m}, pages: [{zh-Hans: 页, en: p}]}]",
            "an item of kind certificate scans nothing"
        ),
    ])
    func aCertificateThatCannotBe(old: String, new: String, sentence: String) throws {
        let fixture = try ConfigurationFixture()
        let text = try repositoryText("Kiosk/items/insurance-certificate.yaml")
        try fixture.write(text.replacing(old, with: new), to: "items/insurance-certificate.yaml")
        try fixture.replace("items: [senior-card", with: "items: [insurance-certificate, senior-card")
        let errors = fixture.errors()
        #expect(errors.contains { $0.contains(sentence) }, "\(errors)")
    }

    @Test func progressAsksNothing() throws {
        let item = try ItemLoader.load(file: "\(repository)/Kiosk/items/progress.yaml")
        #expect(item.kind == .progress)
        #expect(item.needs == [.platform])
        #expect(item.questions.isEmpty && item.materials.isEmpty)
    }

    @Test func everyTextOfAnItemIsThereInEveryLanguage() throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace("  en: Senior citizen's card\n", with: "", in: "items/senior-card.yaml")
        #expect(
            fixture.errors() == ["items/senior-card.yaml:5:3: title: the field “en” is missing"])
    }

    @Test(arguments: [
        ("question: notify", "question: phone", "“phone” is not an earlier question of this item"),
        ("answer: phone", "answer: letter", "“notify” has no choice “letter”; it has phone, none"),
        ("      - id: east-gate", "      - id: service-centre", "stands more than once among the choices"),
        ("  - id: household-register", "  - id: phone", "the id “phone” stands more than once"),
        ("id: senior-card", "id: senior", "the file of this item must be called senior.yaml"),
        ("canBeFinishedHere: true", "canBeFinishedHere: false", "say in “elsewhere”"),
        ("canBeFinishedHere: true", "canBeFinishedHere: yes", "write true or false"),
        ("needs: [scanner, receipt-printer]", "needs: [receipt-printer]", "“scanner” is needed"),
        ("needs: [scanner, receipt-printer]", "needs: [scaner]", "did you mean “scanner”?"),
        ("      minimum: 11", "      minimum: 12", "minimum 12 is more than maximum 11"),
        ("    digits:\n", "    choices: []\n    digits:\n", "0 entries; expected 2 to 6"),
        ("minutes: 4", "minutes: 400", "400 is outside 1 … 60"),
        ("minutes: 4", "minutes: four", "expected a whole number 1 … 60, found “four”"),
        ("minutes: 4", "minutes: 4\nminutes: 5", "stands more than once"),
        ("pictogram: senior", "pictogram: young", "items/../pictures/young.svg"),
        ("pictogram: hall", "pictogram: palace", "questions[0].choices[0].pictogram: there is no drawing"),
        ("minutes: 4", "minuets: 4", "did you mean “minutes”?"),
        ("zh-Hans: 您想去哪里领证？", "zh-Hans: 您想去哪裏领证？", "“裏” is not among the 3,755 common characters"),
        (
            "zh-Hans: 您想去哪里领证？", "zh-Hans: 请问您想去第九街道的哪一个地方领取您的老年人优待证？",
            "a sentence of 25 characters is too long"
        ),
    ])
    func aMistakeIsNamed(_ old: String, _ new: String, _ expected: String) throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace(old, with: new, in: "items/senior-card.yaml")
        let errors = fixture.errors()
        #expect(errors.contains { $0.contains(expected) && $0.hasPrefix("items/senior-card.yaml:") }, "\(errors)")
    }

    @Test func anOfficialNameMayHaveRareCharacters() throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace(
            "zh-Hans: 老年人优待证申领", with: "zh-Hans: 鄄城县老年人优待证申领和换领以及补领的全部有关事项", in: "items/senior-card.yaml")
        try fixture.replace("zh-Hans: 老年人优待证\n", with: "zh-Hans: 鄄城老年人优待证\n", in: "items/senior-card.yaml")
        #expect(fixture.errors().isEmpty)
    }
}
