import Testing

@testable import Scanners

@Suite struct ScanPaceTests {
    @Test("The first rows are told at once, the next ones ten times a second at most, the last one always")
    func pace() {
        var pace = ScanPace()
        let start = ContinuousClock.now
        #expect(pace.rows(0, of: 100, at: start) == nil)
        #expect(pace.rows(8, of: 100, at: start) == .init(received: 8, expected: 100, areFirst: true))
        #expect(pace.rows(16, of: 100, at: start + .milliseconds(99)) == nil)
        #expect(
            pace.rows(24, of: 100, at: start + .milliseconds(100))
                == .init(received: 24, expected: 100, areFirst: false))
        #expect(
            pace.rows(100, of: 100, at: start + .milliseconds(101))
                == .init(received: 100, expected: 100, areFirst: false))
    }

    @Test("A scanner that announces no rows is told of all the same")
    func unknownEnd() {
        var pace = ScanPace()
        #expect(pace.rows(8, of: nil, at: .now) == .init(received: 8, expected: nil, areFirst: true))
    }
}
