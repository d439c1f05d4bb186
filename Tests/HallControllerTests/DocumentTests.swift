import GuidedFlow
import HallModel
import PlatformClient
import Testing

@testable import HallController

@Suite("What the platform's answer means for a document")
struct DocumentObstacleTests {
    @Test("nothing on record, refused for good and later are three different things")
    func obstacles() {
        let refused = PlatformError.refused(status: 422, type: "unknown-item", retryAfter: nil)
        let busy = PlatformError.refused(status: 503, type: nil, retryAfter: .seconds(1))
        #expect(HallController.obstacle(of: .nothingOnRecord) == .nothingOnRecord)
        #expect(HallController.obstacle(of: refused) == .problem(.platformRefused))
        let broken = PlatformError.refused(status: 500, type: nil, retryAfter: nil)
        for later in [busy, broken, .unreachable(words: "no route"), .documentGone, .notUnderstood(words: "PDF")] {
            #expect(HallController.obstacle(of: later) == .problem(.platformUnreachable), "\(later)")
        }
    }
}
