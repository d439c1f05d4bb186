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
        for later in [busy, .unreachable(words: "no route"), .documentGone, .notUnderstood(words: "PDF")] {
            #expect(HallController.obstacle(of: later) == .problem(.platformUnreachable), "\(later)")
        }
    }
}

@Suite("Whether the platform can be reached")
struct PlatformReachabilityTests {
    @Test("One lost answer is no outage, two are; the first answer ends it; nothing is told twice")
    func heard() {
        var reachability = PlatformReachability()
        let told = [true, false, true, false, false, false, true, true].map { reachability.heard($0) }
        #expect(told == [nil, nil, nil, nil, false, nil, true, nil])
    }
}
