import TestSupport
import Testing

/// The whole item in Chromium, on the real daemon, workers, emulated hall and platform.
@Suite("A resident's whole way", .serialized)
struct WholeItemTests {
    @Test("lays down the card, answers, scans two pages, submits, takes the receipt; the platform has the case")
    func wholeItem() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await resident.touches("submit")
            let number = try await resident.getsNumberAndReceipt()
            let evidence = CaseEvidence(hall: hall)
            let entry = try await evidence.oneCase()
            #expect(entry.number == number.filter(\.isNumber))
            try await evidence.slip(shows: number)
            try await resident.takesEverything()
        }
    }

    @Test("goes back to the first question and on again, changes an answer from the check page: nothing is asked twice")
    func backAndChange() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            for _ in 0..<3 { try await resident.touches("back") }
            try await resident.answersWhatIsAsked(isAnswered: true)
            try await resident.scansBothPages()
            try await resident.touches("change:pickup")
            try await resident.sees("choice")
            try await resident.touches("answer:pickup:west-gate")
            try await resident.sees("check")
            try await resident.reads("西门社区服务站")
            try await resident.touches("submit")
            _ = try await resident.getsNumberAndReceipt()
            try await CaseEvidence(hall: hall).oneCase()
        }
    }

    @Test("gives up after scanning: nothing is sent, nothing stays")
    func givesUp() async throws {
        try await visitHall { resident, hall in
            try await resident.answersQuestions()
            try await resident.scansBothPages()
            try await resident.touches("end")
            try await resident.touches("confirm-end")
            try await resident.takesEverything()
            try await CaseEvidence(hall: hall).noCase()
        }
    }
}
