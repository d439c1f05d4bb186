import Testing

@testable import HallEmulators

@Suite("Two cards at once, and a hand that pulls the card away")
struct CardCollisionTests {
    private func statuses(_ module: inout SAMVModule) -> [UInt8] {
        [[0x20, 0x01], [0x20, 0x02], [0x30, 0x01]].map { module.respond(to: .body($0)).body[2] }
    }

    @Test(
        "two cards spoil each other's answers, each way that the status table has",
        arguments: [
            (CardCollision.findFails, [0x80, 0x81, 0x41]), (.selectFails, [0x9F, 0x81, 0x41]),
            (.cardRefuses, [0x9F, 0x31, 0x41]), (.moduleRefuses, [0x9F, 0x32, 0x41]),
            (.dataCheckFails, [0x9F, 0x90, 0x33]),
        ] as [(CardCollision, [UInt8])])
    func twoCards(_ collision: CardCollision, _ expected: [UInt8]) {
        var module = SAMVModule()
        module.collision = collision
        module.place(Wallet.zhang)
        module.add(Wallet.relative)
        #expect(statuses(&module) == expected)
        module.remove()
        #expect(statuses(&module) == [0x80, 0x81, 0x41])
        module.add(Wallet.relative)
        #expect(module.second == nil)
        #expect(statuses(&module) == [0x9F, 0x90, 0x90])
    }

    @Test(
        "the card is pulled at each moment, once",
        arguments: [
            (CardPullMoment.afterFind, [0x9F, 0x81, 0x41]), (.afterSelect, [0x9F, 0x90, 0x41]),
            (.midRead, [0x9F, 0x90, 0x41]), (.midReply, [0x9F, 0x90, 0x90]),
        ] as [(CardPullMoment, [UInt8])])
    func pulled(_ moment: CardPullMoment, _ expected: [UInt8]) {
        var module = SAMVModule()
        module.place(Wallet.zhang)
        module.pullMoment = moment
        #expect(statuses(&module) == expected)
        #expect(module.card == nil && module.pullMoment == nil)
        #expect(module.respond(to: .body([0x30, 0x03])).body[2] == 0x41)
        module.place(Wallet.zhang)
        #expect(statuses(&module) == [0x9F, 0x90, 0x90])
    }

    @Test("a reply pulled from under the wire arrives whole")
    func replyIsWhole() {
        var module = SAMVModule()
        module.place(Wallet.zhang)
        module.pullMoment = .midReply
        _ = statuses(&module)
        module.place(Wallet.zhang)
        module.pullMoment = .midReply
        for request in [[0x20, 0x01], [0x20, 0x02]] as [[UInt8]] { _ = module.respond(to: .body(request)) }
        #expect(module.respond(to: .body([0x30, 0x01])).body.count == 3 + 4 + 256 + 1_024)
    }
}

@Suite("Slow, garbled and broken-off replies of the card reader", .serialized)
struct CardReaderLineFaultTests {
    private func withReader(_ body: (EmulatedCardReader, SerialLine) async throws -> Void) async throws {
        let reader = EmulatedCardReader(timeScale: 0)
        try reader.start()
        defer { reader.stop() }
        try await body(reader, try SerialLine(reader.devicePath))
    }

    @Test("garbled: the length is right, the bytes are not")
    func garbled() async throws {
        try await withReader { reader, line in
            reader.misbehave(.garbled, count: 1)
            let reply = await line.ask(Vector.status, 11)
            #expect(reply.count == 11 && reply != Vector.ok)
            #expect(await line.ask(Vector.status, 11) == Vector.ok)
        }
    }

    @Test("cut short: half of a reply, and then nothing")
    func cutShort() async throws {
        try await withReader { reader, line in
            reader.place(Wallet.zhang)
            _ = await line.ask(Vector.find, 15)
            _ = await line.ask(Vector.select, 19)
            reader.misbehave(.cutShort, count: 1)
            #expect(await line.ask(Vector.read, 1_295).count == 600)
            #expect(await line.ask(Vector.read, 1_295).count == 1_295)
        }
    }

    @Test("slow: a whole read takes more than a second, and is right")
    func slow() async throws {
        try await withReader { reader, line in
            reader.place(Wallet.zhang)
            _ = await line.ask(Vector.find, 15)
            _ = await line.ask(Vector.select, 19)
            reader.misbehave(.slow)
            let time = await ContinuousClock().measure {
                #expect(
                    Array(await line.ask(Vector.read, 1_295, silenceMilliseconds: 5_000).dropFirst(14).prefix(256))
                        == Wallet.zhang.text)
            }
            #expect(time > .seconds(1))
        }
    }
}
