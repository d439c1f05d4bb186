import HallModel
import TestSupport
import Testing

@testable import Scanners

@Suite("A page's JPEG")
struct PageEncoderTests {
    /// What compresses worst.
    private let noise: [UInt8] = {
        var generator = SeededGenerator(seed: 11)
        return generator.bytes(300 * 200 * 3)
    }()

    private func bytes(atMost most: Int = MaterialBounds.pageBytes) throws -> Int {
        let jpeg = try PageEncoder.encode(noise, width: 300, rows: 200, channels: 3, atMost: most)
        let facts = JPEGFacts(jpeg)
        #expect(facts.width == 300 && facts.height == 200)
        return jpeg.readableBytes
    }

    @Test("that would be too large is compressed more, and only as much as it must")
    func smaller() throws {
        let best = try bytes()
        #expect(try bytes(atMost: best) == best)
        var last = best
        for share in [0.9, 0.6, 0.4, 0.25] {
            let most = Int(Double(best) * share)
            let count = try bytes(atMost: most)
            #expect(count <= most && count <= last && count > 0)
            last = count
        }
    }

    @Test("that cannot be made small enough is a fault that says what to change")
    func tooLarge() {
        #expect { _ = try bytes(atMost: 1_000) } throws: { error in
            (error as? PageEncoder.NotEncoded)?.cause.hasSuffix("lower the profile's resolution") == true
        }
    }

    @Test("fits into a material as many times as an item may have pages")
    func material() {
        let pages = MaterialBounds.pages * MaterialBounds.pageBytes
        #expect(pages + (1 << 20) < MaterialBounds.materialBytes)
    }
}
