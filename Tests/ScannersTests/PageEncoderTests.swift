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
        let sizes = try PageEncoder.qualities.map {
            try PageEncoder.encode(noise, width: 300, rows: 200, channels: 3, quality: $0).readableBytes
        }
        #expect(sizes == sizes.sorted(by: >) && Set(sizes).count == sizes.count)
        for (place, size) in sizes.enumerated() {
            #expect(try bytes(atMost: size) == size)
            // A byte less than this quality needs is the next one's.
            if place + 1 < sizes.count { #expect(try bytes(atMost: size - 1) == sizes[place + 1]) }
        }
        #expect(try bytes() == sizes[0])
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
