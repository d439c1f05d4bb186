import Foundation
import TestSupport
import Testing

/// What must be true at the end of a resident's way, whatever happened on it: looked at from outside of the kiosk.
struct CaseEvidence {
    let hall: HallUnderTest

    /// The platform has exactly one case, opened by its key: this person, these answers, the two pages in order and like
    /// what was laid down. Returns its number, digits only.
    @discardableResult
    func oneCase(
        person: String = "张桂兰", within limit: Duration = .seconds(10),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> PlatformStaff.Entry {
        let staff = PlatformStaff(hall: hall)
        try await eventually("the platform has the case", within: limit, every: .milliseconds(200)) {
            try await !staff.cases().isEmpty
        }
        let cases = try await staff.cases()
        #expect(cases.count == 1, sourceLocation: sourceLocation)
        guard let entry = cases.first else { throw TestFailure("no case") }
        let opened = try await staff.open(entry.number)
        #expect(opened.person["name"] == person, sourceLocation: sourceLocation)
        #expect(opened.answers.contains { $0["value"] == "13900000000" }, sourceLocation: sourceLocation)
        #expect(opened.materials.map(\.pages) == [2], sourceLocation: sourceLocation)
        guard let material = opened.materials.first else { throw TestFailure("no material") }
        try await check(pdf: try await staff.page(material.pdf), sourceLocation)
        return entry
    }

    /// No case, now and a while later: nothing is on its way either.
    func noCase(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await eventually("no sealed file waits") {
            try FileManager.default.contentsOfDirectory(atPath: "\(hall.folder)/state/sealed").isEmpty
        }
        #expect(try await PlatformStaff(hall: hall).cases().isEmpty, sourceLocation: sourceLocation)
    }

    /// The last slip is whole, shows this number to a person's eye and to a code reader; a second copy says so.
    func slip(
        shows number: String, isSecondCopy: Bool = false, count: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let digits = number.filter { $0.isNumber || $0.isLetter }
        let slips = try await Slip.all(in: hall)
        #expect(slips.count == count, "\(slips)", sourceLocation: sourceLocation)
        guard let slip = slips.last else { throw TestFailure("no slip") }
        #expect(slip.complete, sourceLocation: sourceLocation)
        let codes = try await slip.codes(in: hall)
        #expect(codes.contains { $0.hasSuffix(digits) }, "its code says \(codes)", sourceLocation: sourceLocation)
        let words = try await slip.words(in: hall)
        #expect(Slip.shows(digits, in: words), "its words are \(words)", sourceLocation: sourceLocation)
        #expect(words.contains("补打") == isSecondCopy, "its words are \(words)", sourceLocation: sourceLocation)
    }

    private func check(pdf: [UInt8], _ sourceLocation: SourceLocation) async throws {
        let folder = try ScratchFolder()
        try folder.write(pdf, to: "material.pdf")
        let qpdf = try await CommandRun.run("qpdf", ["--check", folder.file("material.pdf")])
        #expect(qpdf.succeeded, "\(qpdf.errors)", sourceLocation: sourceLocation)
        let images = try await CommandRun.run("pdfimages", ["-j", folder.file("material.pdf"), folder.file("page")])
        #expect(images.succeeded, "\(images.errors)", sourceLocation: sourceLocation)
        let names = try folder.names().filter { $0.hasPrefix("page-") }
        #expect(names == ["page-000.jpg", "page-001.jpg"], sourceLocation: sourceLocation)
        let pages = try await PaperPages.shared.value
        for (index, name) in names.enumerated() {
            let own = try await pages.likeness(of: folder.file(name), to: index)
            let other = try await pages.likeness(of: folder.file(name), to: 1 - index)
            #expect(own >= 30, "page \(index + 1): \(own) dB", sourceLocation: sourceLocation)
            #expect(other < own - 5, "page \(index + 1) is like the other: \(other) dB", sourceLocation: sourceLocation)
        }
    }
}
