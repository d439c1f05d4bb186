import DeviceKit
import HallModel
import PlatformClient

/// Asks the platform now and then whether it can be reached, so that what cannot be done without it is said before anybody
/// begins (D8).
extension HallController {
    /// While it answers, and while it does not.
    static let platformPause = (well: Duration.seconds(30), unwell: Duration.seconds(5))

    /// A kiosk whose items do without the platform stays silent.
    var needsPlatformBeforehand: Bool {
        configuration.items.contains {
            $0.closedHere == nil && ($0.kind == .certificate || $0.kind == .application && $0.needs.contains(.platform))
        }
    }

    func watchPlatform() async {
        var reachability = PlatformReachability()
        while !Task.isCancelled {
            if let isReachable = reachability.heard(await answers()) {
                logger.notice("platform", metadata: ["reachable": "\(isReachable)"])
                handle(.platformReachable(isReachable))
            }
            let pause = reachability.failures == 0 ? Self.platformPause.well : Self.platformPause.unwell
            do { try await ProgramLoop.sleep(for: pause) } catch { return }
        }
    }

    /// Any answer but "later" is one: what the platform says of its own health is for those who run it.
    private func answers() async -> Bool {
        do throws(PlatformError) {
            _ = try await platform.health()
            return true
        } catch {
            return !error.concernsPlatform && !Self.isServerError(error)
        }
    }

    private static func isServerError(_ error: PlatformError) -> Bool {
        if case .refused(let status, _, _) = error { return status >= 500 }
        return false
    }
}

/// What follows from the platform's answers, one after the other. One lost answer is no outage.
struct PlatformReachability: Sendable {
    private(set) var failures = 0
    private var isReachable = true

    /// - Returns: what is to be told; `nil` when it is what was told last.
    mutating func heard(_ didAnswer: Bool) -> Bool? {
        failures = didAnswer ? 0 : failures + 1
        let now = failures == 0 || (isReachable && failures < 2)
        guard now != isReachable else { return nil }
        isReachable = now
        return now
    }
}
