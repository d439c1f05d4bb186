import Foundation
import TestSupport
import Testing

/// The other items of a hall's day, in Chromium, on the real programs.
@Suite("The other items, the whole way", .serialized)
struct MoreItemsTests {
    @Test("补领社保卡: the reason, by post to the address on the card; the platform has the case, the slip its number")
    func socialCard() async throws {
        try await visitHall { resident, hall in
            try await resident.laysDownCard()
            try await resident.touches("item:social-card")
            try await resident.touches("begin")
            try await resident.touches("answer:reason:lost")
            try await resident.reads("寄到身份证上的地址")
            try await resident.touches("answer:delivery:post")
            try await resident.sees("check")
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            let staff = PlatformStaff(hall: hall)
            let cases = try await staff.cases()
            #expect(cases.map(\.item) == ["social-card"])
            let opened = try await staff.open(number.filter(\.isNumber))
            #expect(opened.answers.map { $0["value"] } == ["lost", "post"])
            #expect(opened.materials.isEmpty)
            try await CaseEvidence(hall: hall).slip(shows: number)
            try await resident.takesEverything()
        }
    }

    @Test("打印参保证明: the papers lie in the tray, whole, and are said to be printed only then; nothing stays behind")
    func certificate() async throws {
        try await visitHall { resident, hall in
            try await resident.asksForCertificate("all")
            try await resident.reads("打好了，请取走", within: 60)
            let papers = try await Papers(hall: hall)
            #expect(papers.sheets.count >= 2)
            let words = try await papers.words(ofSheet: 0)
            #expect(words.contains("参保") && words.contains("张桂兰"), "\(words)")
            #expect(try await papers.qpdfIsContent())
            try await resident.touches("next")
            try await resident.sees("take")
            try await resident.reads("刚打的证明")
            try await resident.takesCardAndPapers()
        }
    }

    @Test("打印参保证明, paper out after the first sheet: said on the screen, filled up, printed on, nothing twice")
    func paperOutInMidJob() async throws {
        try await visitHall { resident, hall in
            try await hall.desk("document-printer/state", #"{"paper":1}"#)
            try await resident.asksForCertificate("all")
            try await resident.reads("打印机的纸用完了", within: 40)
            try await hall.desk("document-printer/state", #"{"paper":250}"#)
            try await resident.reads("打好了，请取走", within: 60)
            let papers = try await Papers(hall: hall)
            #expect(papers.pages == Array(1...papers.sheets.count), "\(papers.pages)")
        }
    }

    @Test("打印参保证明, the printer loses power in mid-job: nobody claims anything, the person decides, the copy says 补打")
    func powerCutInMidJob() async throws {
        try await visitHall { resident, hall in
            try await hall.desk("document-printer/event-after", #"{"sheets":1,"event":"power"}"#)
            try await resident.asksForCertificate("all")
            try await resident.reads("纸都出来了吗", within: 120)
            try await hall.desk("document-printer/take-papers")
            try await hall.desk("document-printer/state", #"{"power":"on"}"#)
            try await resident.touches("print-again")
            try await resident.reads("打好了，请取走", within: 90)
            // The newest sheet: one that the power cut caught lay in the printer, and came out first.
            let papers = try await Papers(hall: hall)
            let words = try await papers.words(ofSheet: papers.sheets.count - 1)
            #expect(words.contains("补打"), "\(words)")
        }
    }

    @Test("A slip's code under the code reader shows its case, in English as well, without a card and without a name")
    func progressByCode() async throws {
        try await visitHall { resident, hall in
            try await resident.laysDownCard()
            try await resident.touches("item:social-card")
            try await resident.touches("begin")
            try await resident.touches("answer:reason:broken")
            try await resident.touches("answer:delivery:pickup")
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            try await resident.takesEverything()
            try await hall.desk("code-reader/hold", #"{"slip":"last"}"#)
            try await resident.sees("progress")
            try await resident.reads(number)
            try await resident.reads("社会保障卡补领")
            try await resident.touches("languages")
            try await resident.touches("language:en")
            try await resident.touches("stay")
            try await resident.reads("How the case on your slip stands")
            let page = try await resident.text()
            #expect(!page.contains("张") && !page.contains("社会"), "\(page)")
            try await resident.touches("end")
            try await resident.sees("start")
            try await resident.reads("请把身份证放在这里")
        }
    }
}

extension Resident {
    /// From the start screen to the print of 参保证明.
    func asksForCertificate(_ period: String) async throws {
        try await laysDownCard()
        try await touches("item:insurance-certificate")
        try await touches("begin")
        try await touches("answer:period:\(period)")
        try await sees("check")
        try await touches("submit")
    }

    /// Takes card and papers, and says so.
    func takesCardAndPapers() async throws {
        try await hall.desk("reader/remove")
        try await hall.desk("document-printer/take-papers")
        // What changes the page by itself is no effect of a touch.
        try await reads("已拿走")
        try await touches("all-taken")
        try await sees("start")
    }
}

/// What lies in the tray of the emulated A4 printer.
struct Papers {
    struct Sheet: Decodable {
        var id: String
        var pages: [Int]
    }

    private struct Printer: Decodable { var output: [Sheet] }

    let hall: HallUnderTest
    let sheets: [Sheet]

    init(hall: HallUnderTest) async throws {
        self.hall = hall
        sheets = try JSONDecoder().decode(Printer.self, from: try await hall.deskState("document-printer")).output
    }

    /// The pages of the document, in the order in which they came out.
    var pages: [Int] { sheets.flatMap(\.pages) }

    /// What `tesseract` reads on a sheet.
    func words(ofSheet place: Int) async throws -> String {
        guard sheets.indices.contains(place) else { throw TestFailure("no sheet \(place)") }
        let folder = try ScratchFolder()
        try folder.write(
            try await hall.deskState("document-printer/sheets/\(sheets[place].id).jpg?resolution=200"), to: "sheet.jpg")
        let run = try await CommandRun.run("tesseract", [folder.file("sheet.jpg"), "-", "-l", "chi_sim", "--psm", "3"])
        return String(decoding: run.output, as: UTF8.self).filter { $0.isLetter || $0.isNumber }
    }

    /// What was sent is a PDF without a fault.
    func qpdfIsContent() async throws -> Bool {
        guard let first = sheets.first else { return false }
        let folder = try ScratchFolder()
        try folder.write(try await hall.deskState("document-printer/sheets/\(first.id).document"), to: "paper.pdf")
        return try await CommandRun.run("qpdf", ["--check", folder.file("paper.pdf")]).succeeded
    }
}
