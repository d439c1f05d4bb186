import HallModel
import Materials
import NIOCore

/// Page images of the session in progress: previews in memory, pages put aside where nobody else can read them
/// (``PageVault``), until they are sealed for the platform.
struct SessionMemory: Sendable {
    struct Page: Sendable {
        var image: MaterialPage
        var preview: ByteBuffer
        var dotsPerInch: Int
    }

    /// More pages than any item asks for: a flow that asks for more is a bug that must not eat the memory.
    static let maximumPages = 64

    private(set) var pages: [PageID: Page] = [:]

    /// Keeps a page under a name that was never used before and that nobody can guess: a browser outlives sessions and
    /// restarts, and must never show an earlier person's picture under the name of a later one's.
    mutating func keep(_ page: Page) -> PageID? {
        guard pages.count < Self.maximumPages else { return nil }
        let id = PageID(rawValue: Int.random(in: 1 ... .max))
        pages[id] = page
        return id
    }

    mutating func discard(_ id: PageID) { pages[id] = nil }

    mutating func clear() { pages = [:] }
}
