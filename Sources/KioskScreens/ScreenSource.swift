import GuidedFlow
import HallModel

/// The side of the controller that the screen server speaks to.
public protocol ScreenSource: Sendable {
    /// The screen as it is now.
    func currentScreen() async -> Screen
    /// The current screen first, then every change. A slow reader may miss one in between, never the latest.
    func screens() -> AsyncStream<Screen>
    /// A touch, with the revision of the screen it was made on. The source decides what an old revision means.
    func act(_ action: ResidentAction, revision: Int) async
    /// A touch or a key anywhere.
    func activity() async
    /// The image of a scanned page while it lies in memory; `nil` when it is gone.
    func previewJPEG(_ page: PageID) async -> [UInt8]?
}
