import HallModel
import KioskControl
import Testing

@testable import HallController

@Suite struct EventLogTests {
    @Test("Only so many events are kept, the newest")
    func bounded() {
        let log = EventLog(limits: .init(kept: 3))
        for step in 1...10 { log.note(.sessionBegan) { $0.session = step } }
        #expect(log.recent(100).map(\.session) == [8, 9, 10])
        #expect(log.recent(100).map(\.number) == [8, 9, 10])
        #expect(log.recent(1).map(\.session) == [10])
        #expect(log.recent(-1).isEmpty)
    }

    @Test("Between what is kept and what follows nothing is missed, whoever notes meanwhile")
    func gapless() async throws {
        let log = EventLog()
        for _ in 0..<20 { log.note(.screen) }
        let noting = Task.detached { for _ in 0..<200 { log.note(.screen) } }
        let (recent, stream) = try #require(log.follow(recent: 10))
        await noting.value
        // One at least follows, however late this was heard.
        log.note(.screen)
        var numbers = recent.map(\.number)
        for await event in stream {
            numbers.append(event.number)
            if event.number == 221 { break }
        }
        #expect(numbers == Array((numbers.first ?? 0)...221))
    }

    @Test("Who reads nothing is dropped, and the others hear on")
    func slowReaderIsDropped() async throws {
        let log = EventLog(limits: .init(behind: 4))
        let (_, slow) = try #require(log.follow(recent: 0))
        for _ in 0..<6 { log.note(.screen) }
        let (_, quick) = try #require(log.follow(recent: 0))
        log.note(.slipTaken)
        var heard = 0
        for await _ in slow { heard += 1 }
        #expect(heard == 4)
        var iterator = quick.makeAsyncIterator()
        #expect(await iterator.next()?.type == .slipTaken)
    }

    @Test("As many follow as may; a place that is given up is free again")
    func followersAreBounded() async throws {
        let log = EventLog(limits: .init(followers: 1))
        do {
            let first = log.follow(recent: 0)
            #expect(first != nil)
            #expect(log.follow(recent: 0) == nil)
        }
        // The stream went with its reader.
        #expect(log.follow(recent: 0) != nil)
    }

    @Test("A time is UTC with milliseconds")
    func time() throws {
        let log = EventLog(clock: { .init(timeIntervalSince1970: 1_000_000_000.25) })
        log.note(.ready)
        #expect(log.recent(1).first?.time == "2001-09-09T01:46:40.250Z")
    }
}
