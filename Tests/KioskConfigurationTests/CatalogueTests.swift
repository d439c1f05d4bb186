import Foundation
import HallModel
import Testing

@testable import KioskConfiguration

@Suite struct CatalogueTests {
    @Test func everyProblemCodeHasAnEntryAndEveryEntryACode() throws {
        let source = try repositoryText("Sources/HallModel/Problem.swift")
        let codes = Set(source.matches(of: #/static let \w+ = ProblemCode\("([a-z-]+)"\)/#).map { String($0.1) })
        #expect(codes.count > 25)
        let catalogue = try ProblemCatalogue(file: "\(repository)/Kiosk/problems.yaml")
        #expect(Set(catalogue.entries.keys.map(\.rawValue)) == codes)
    }

    @Test func whatAResidentIsToldHasNoCodeAndNoBlame() throws {
        let catalogue = try ProblemCatalogue(file: "\(repository)/Kiosk/problems.yaml")
        for entry in catalogue.entries.values {
            guard let heading = entry.residentHeading, let action = entry.residentAction else { continue }
            let text = heading[.simplifiedChinese] + action[.simplifiedChinese]
            for word in ["无效", "非法", "错误", "代码", "请重试", "故障码"] { #expect(!text.contains(word), "\(entry.code)") }
            // A heading is put into other sentences, which bring their own full stop.
            #expect(!heading[.simplifiedChinese].hasSuffix("。"), "\(entry.code)")
            #expect(action[.simplifiedChinese].hasSuffix("。"), "\(entry.code)")
        }
    }

    @Test(arguments: ["reader-missing", "printer-missing"])
    func whatWasMeasuredTellsTheCausesOfAMissingDeviceApart(_ code: String) throws {
        let catalogue = try ProblemCatalogue(file: "\(repository)/Kiosk/problems.yaml")
        let entry = try #require(catalogue[ProblemCode(code)])
        #expect(entry.action(seeing: "EBUSY /dev/ttyUSB0: held by another program").hasPrefix("End that program"))
        #expect(entry.action(seeing: "EACCES /dev/ttyUSB0").contains("group"))
        #expect(entry.action(seeing: "ENOTTY /etc/passwd").contains("another path"))
        #expect(entry.cause(seeing: "ENOENT /dev/ttyUSB0").contains("does not exist"))
        // Anything else is told in general.
        #expect(entry.deviceAction(seeing: "EBUSYBODY") == entry.action && entry.cause(seeing: "") == entry.cause)
        #expect(entry.action(seeing: "EBUSYBODY") == "\(entry.action) \(entry.atKiosk ?? "-")")
    }

    @Test(arguments: [
        ("printer-paper-low", "the printer reports its paper near the end", "still printed", "new roll at hand"),
        ("printer-paper-low", "0 mm of paper left, 126 mm needed", "none is begun", "now"),
        ("scanner-missing", "its worker process ended", "worker ended", "kiosk-worker-scan"),
        ("scanner-missing", "no answer at http://192.0.2.8/eSCL", "does not answer", "cable"),
        ("printer-missing", "its worker process ended", "worker", "kiosk-worker-usb"),
        ("receipt-unknown", "its worker did not answer in time", "worker", "kiosk-worker-usb"),
        ("receipt-unknown", "writeOnly", "no proof", "look at the slot"),
        ("document-unknown", "its worker process ended", "worker", "kiosk-worker-print"),
        ("scanner-jam", "state Stopped, feeder ScannerAdfMultipickDetected", "two sheets", "staples"),
        ("scanner-jam", "state Stopped, feeder ScannerAdfMispick", "could not draw", "front edge"),
        ("scanner-jam", "state Stopped, feeder ScannerAdfJam", "jam", "without tearing"),
        ("document-printer-fault", "HTTP 503 from ipp://192.0.2.9:631/ipp/print", "not understood", "address"),
        ("document-printer-fault", "no answer in IPP from ipp://192.0.2.9:631/ipp/print", "not understood", "address"),
        (
            "document-printer-fault", "an answer without end from ipp://192.0.2.9:631/ipp/print", "not understood",
            "address"
        ),
        ("document-printer-fault", "fuser-over-temp", "cannot clear by itself", "panel"),
        ("document-printer-paused", "paused", "stopped by somebody", "own panel"),
        ("document-printer-paused", "hold-new-jobs", "cupsdisable --hold", "cupsenable --release"),
        ("document-printer-paused", "job-hold-until-default indefinite", "each job", "no-hold"),
        ("document-printer-paused", "the job is held, job-hold-until-specified", "held a document", "Somebody held"),
        (
            "document-printer-missing", "client-error-not-found from ipp://localhost/printers/a4", "the name",
            "lpstat -p"
        ),
    ])
    func whatWasMeasuredChoosesCauseAndAction(_ code: String, _ evidence: String, _ cause: String, _ action: String)
        throws
    {
        let entry = try #require(ProblemCatalogue(file: "\(repository)/Kiosk/problems.yaml")[ProblemCode(code)])
        #expect(entry.cause(seeing: evidence).contains(cause), "\(entry.cause(seeing: evidence))")
        #expect(entry.action(seeing: evidence).contains(action), "\(entry.action(seeing: evidence))")
    }

    @Test(arguments: [
        ("severity: fault", "severity: bad", "expected one of info, warning, fault, found “bad”"),
        ("picture: jam", "picture: jams", "pictures/stage/jams.svg"),
        ("code: scanner-jam", "code: scanner-busy", "the code “scanner-busy” stands more than once"),
        ("    picture: jam\n", "", "a picture is needed"),
    ])
    func aMistakeInTheCatalogueIsNamed(_ old: String, _ new: String, _ expected: String) throws {
        let fixture = try ConfigurationFixture()
        try fixture.replace(old, with: new, in: "problems.yaml")
        let errors = fixture.errors()
        #expect(errors.contains { $0.contains(expected) && $0.hasPrefix("problems.yaml:") }, "\(errors)")
    }

    @Test func bothLanguagesMustHaveTheSameTexts() throws {
        let fixture = try ConfigurationFixture()
        try fixture.write("a.b: \"请看{where}。\"\nonly: 在这里\n", to: "texts/zh-Hans.yaml")
        try fixture.write("a.b: \"See {place}.\"\nother: here\n", to: "texts/en.yaml")
        #expect(
            fixture.errors() == [
                "texts/en.yaml:1:6: a.b: placeholders differ from zh-Hans: {place}, {where}",
                "texts/en.yaml:2:8: other: the text is missing in zh-Hans",
                "texts/zh-Hans.yaml:2:7: only: the text is missing in en",
            ])
    }

    @Test func bracesOfPlaceholdersArePaired() throws {
        let fixture = try ConfigurationFixture()
        try fixture.write("a.b: \"看{where\"\n", to: "texts/zh-Hans.yaml")
        try fixture.write("a.b: \"See {wh ere}\"\n", to: "texts/en.yaml")
        let errors = fixture.errors()
        #expect(errors.contains("texts/zh-Hans.yaml:1:6: a.b: a “{” has no “}”"))
        #expect(errors.contains { $0.hasPrefix("texts/en.yaml:1:6: a.b: a placeholder's name") })
    }

    @Test func textsOfTheKioskAreWhole() throws {
        guard FileManager.default.fileExists(atPath: "\(repository)/Kiosk/texts") else { return }
        let texts = try TextCatalogue(folder: "\(repository)/Kiosk/texts")
        #expect(texts.keys.count > 20)
    }

    @Test func commonCharactersAreThoseOfTheStandard() {
        #expect("啊座".unicodeScalars.allSatisfy(CommonHan.contains))
        #expect(!"亍裏齄𠮷".unicodeScalars.contains(where: CommonHan.contains))
        #expect(ResidentLanguage.findings(in: "请把身份证放在这里。ABC 12345。").isEmpty)
    }
}
