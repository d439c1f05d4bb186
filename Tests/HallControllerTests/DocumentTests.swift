import GuidedFlow
import HallModel
import PlatformClient
import Testing

@testable import HallController

@Suite("What the platform's answer means for a document")
struct DocumentObstacleTests {
    private static let failures: [PlatformError] = [
        .unreachable(words: "no route"), .refused(status: 422, type: "unknown-item", retryAfter: nil),
        .refused(status: 503, type: nil, retryAfter: .seconds(1)), .refused(status: 500, type: nil, retryAfter: nil),
        .notUnderstood(words: "PDF"), .confirmationWrong(words: "signature"), .fileDamaged(words: "gone"),
        .documentGone,
        .cancelled,
    ]

    @Test("nothing on record is said as such, and is no problem")
    func nothingOnRecord() {
        #expect(HallController.obstacle(of: .nothingOnRecord) == .nothingOnRecord)
    }

    @Test("all else is the problem that a technician hears of", arguments: failures)
    func oneMapping(_ failure: PlatformError) {
        #expect(HallController.obstacle(of: failure) == .problem(failure.problem))
    }

    @Test("what another try may mend is “later”, what it cannot mend leads to the window")
    func laterOrNever() {
        let later = Self.failures.filter { $0.problem == .platformUnreachable }
        #expect(
            later == [
                Self.failures[0], Self.failures[2], Self.failures[3], .documentGone, .cancelled,
            ])
        let never = Self.failures.filter { $0.problem == .platformRefused }
        #expect(never == [Self.failures[1], Self.failures[4], Self.failures[5]])
    }
}
