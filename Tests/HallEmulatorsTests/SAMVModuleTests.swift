import Testing

@testable import HallEmulators

@Suite("The SAM_V module answers as the protocol notes say")
struct SAMVModuleTests {
    private func answer(_ module: inout SAMVModule, _ request: [UInt8]) -> [UInt8] {
        var decoder = SAMVRequestDecoder()
        let requests = decoder.feed(Vector.preamble + request)
        return requests.count == 1 ? SAMVFrame.encode(module.respond(to: requests[0]).body) : []
    }

    @Test("short replies, byte for byte")
    func shortReplies() {
        var module = SAMVModule()
        #expect(answer(&module, Vector.status) == Vector.ok)
        #expect(answer(&module, Vector.reset) == Vector.ok)
        #expect(answer(&module, Vector.maximumBytes) == Vector.ok)
        #expect(answer(&module, Vector.find) == Vector.noCard)
        let number = answer(&module, Vector.samNumber)
        #expect(number.count == 27 && number[5...9] == [0x00, 0x14, 0x00, 0x00, 0x90])
        module.place(Wallet.zhang)
        #expect(answer(&module, Vector.find) == Vector.preamble + [0, 8, 0, 0, 0x9F, 0, 0, 0, 0, 0x97])
        #expect(
            answer(&module, Vector.select) == Vector.preamble + [0, 0x0C, 0, 0, 0x90] + [0, 0, 0, 0, 0, 0, 0, 0, 0x9C])
        let text = answer(&module, Vector.read)
        #expect(text.count == 1_295)
        #expect(text[5..<14] == [0x05, 0x08, 0, 0, 0x90, 1, 0, 4, 0])
        #expect(answer(&module, Vector.management).count == 5 + 2 + 0x20)
        let all = answer(&module, Vector.readWithFingerprints)
        #expect(all.count == 2_321 && all[5..<16] == [0x09, 0x0A, 0, 0, 0x90, 1, 0, 4, 0, 4, 0])
    }

    @Test("a card without fingerprints says length 0")
    func noFingerprints() {
        var module = SAMVModule()
        module.place(Wallet.longTerm)
        _ = answer(&module, Vector.find)
        _ = answer(&module, Vector.select)
        let all = answer(&module, Vector.readWithFingerprints)
        #expect(all.count == 1_297 && all[10..<16] == [1, 0, 4, 0, 0, 0])
    }

    @Test("after a read, find answers 80 until the card leaves, and 30 03 tells whether it is there")
    func presence() {
        var module = SAMVModule()
        module.place(Wallet.zhang)
        for request in [Vector.find, Vector.select, Vector.read] { _ = answer(&module, request) }
        #expect(answer(&module, Vector.find) == Vector.noCard)
        #expect(answer(&module, Vector.newAddress)[9] == 0x91)
        module.remove()
        #expect(answer(&module, Vector.find) == Vector.noCard)
        #expect(answer(&module, Vector.newAddress)[9] == 0x41)
        module.place(Wallet.anotherPerson)
        #expect(answer(&module, Vector.find)[9] == 0x9F)
        _ = answer(&module, Vector.select)
        let address = answer(&module, Vector.newAddress)
        #expect(address[9] == 0x90 && address.count == 5 + 2 + 3 + 70 + 1)
    }

    @Test("out of order, unknown or damaged requests get their status")
    func refusals() {
        var module = SAMVModule()
        module.place(Wallet.zhang)
        #expect(answer(&module, Vector.select)[9] == 0x81)
        #expect(answer(&module, Vector.read)[9] == 0x41)
        #expect(answer(&module, [0x00, 0x03, 0x20, 0x01, 0x23])[9] == 0x10)
        #expect(answer(&module, [0xFF, 0xFF])[9] == 0x11)
        #expect(answer(&module, [0x00, 0x03, 0x77, 0x01, 0x75])[9] == 0x21)
        module.isAuthorised = false
        #expect(answer(&module, Vector.status)[9] == 0x66)
        #expect(answer(&module, Vector.find)[9] == 0x66)
    }

    @Test("a request is found in any stream and any split, in bounded memory")
    func framing() {
        var decoder = SAMVRequestDecoder()
        var found: [SAMVRequest] = []
        let stream =
            [0x00, 0xAA, 0x01, 0xAA, 0xAA] + Vector.preamble + Vector.find + [0x55] + Vector.preamble + Vector.select
        for byte in stream { found += decoder.feed([byte]) }
        #expect(found == [.body([0x20, 0x01]), .body([0x20, 0x02])])
        var noise = DeterministicNoise(seed: "any bytes")
        for _ in 0..<200 { _ = decoder.feed(noise.bytes(500)) }
    }
}

@Suite("The wallet holds people who do not exist")
struct WalletTests {
    private func field(_ card: SyntheticCard, _ offset: Int, _ length: Int) -> String {
        let units = stride(from: offset, to: offset + length, by: 2).map {
            UInt16(card.text[$0]) | UInt16(card.text[$0 + 1]) << 8
        }
        var text = String(decoding: units, as: UTF16.self)
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }

    @Test("check characters of the fixtures, of the standard's example and of an official permit")
    func checkCharacters() {
        #expect(Wallet.withCheckCharacter("11010519491231002") == "11010519491231002X")
        #expect(Wallet.withCheckCharacter("44052418800101001") == "440524188001010014")
        #expect(Wallet.withCheckCharacter("99999919000101004") == "99999919000101004X")
        #expect(Wallet.withCheckCharacter("93268219850101001") == "932682198501010017")
        for card in Wallet.all where card.number.count == 18 {
            let isRight = Wallet.withCheckCharacter(String(card.number.prefix(17))) == card.number
            #expect(isRight == (card.id != "check-digit-wrong"))
        }
    }

    @Test("every area has its size, every resident region 999999")
    func areas() {
        for card in Wallet.all {
            #expect(card.text.count == 256 && card.photo.count == 1_024)
            if card.kind == .resident { #expect(card.number.hasPrefix("999999")) }
        }
    }

    @Test("every card has its own id, and its number the form of its kind")
    func idsAndNumbers() {
        #expect(Set(Wallet.all.map(\.id)).count == Wallet.all.count && Wallet.all.count == 20)
        for card in Wallet.all where card.kind == .hongKongMacaoTaiwan {
            #expect(["810000", "820000", "830000"].contains(card.number.prefix(6)))
        }
        for card in Wallet.all where card.kind == .foreigner2023 { #expect(card.number.hasPrefix("999")) }
    }

    @Test("the cards at the edges are what they say: full fields, inner spaces, half characters, an unknown kind")
    func edges() {
        #expect(
            Wallet.fullName.text[0..<30].indices.allSatisfy {
                !$0.isMultiple(of: 2) || Wallet.fullName.text[$0] != 0x20
            })
        #expect(field(Wallet.fullName, 0, 30).utf16.count == 15 && field(Wallet.fullName, 52, 70).utf16.count == 35)
        #expect(field(Wallet.innerSpaces, 0, 30) == "古丽 阿依  江")
        #expect(field(Wallet.emptyAddress, 52, 70) == "")
        #expect(field(Wallet.notYetValid, 188, 16) == "20990101")
        #expect(
            Array(Wallet.loneSurrogates.text[0..<10]) == [0xB1, 0x94, 0x42, 0xD8, 0x87, 0x65, 0xB7, 0xDF, 0x42, 0xD8])
        #expect(field(Wallet.unknownType, 248, 2) == "Q" && Wallet.unknownType.kind == .unknown)
        #expect(field(Wallet.foreigner2017FullName, 0, 120).utf16.count == 60)
        #expect(field(Wallet.foreigner2023Expired, 0, 30) == "")
        let name = field(Wallet.foreigner2023Expired, 52, 70) + field(Wallet.foreigner2023Expired, 220, 22)
        #expect(name.utf16.count == 46 && name == Wallet.foreigner2023Expired.name)
        #expect(field(Wallet.hongKongExpired, 220, 18) == "H00000019" && field(Wallet.hongKongExpired, 248, 2) == "J")
        #expect(field(Wallet.macaoResident, 122, 36) == Wallet.macaoResident.number)
    }

    @Test("the layouts put each field where the tables say")
    func layouts() {
        #expect(field(Wallet.zhang, 0, 30) == "张桂兰")
        #expect(field(Wallet.zhang, 30, 2) == "2")
        #expect(field(Wallet.zhang, 36, 16) == "19480315")
        #expect(field(Wallet.zhang, 122, 36) == "999999194803150026")
        #expect(Array(Wallet.zhang.text[204..<208]) == [0x7F, 0x95, 0x1F, 0x67])
        #expect(field(Wallet.zhang, 248, 2) == "")
        #expect(field(Wallet.rareSurname, 0, 30).unicodeScalars.first?.value == 0x20BB7)
        #expect(field(Wallet.taiwanResident, 220, 18) == "T00000019")
        #expect(field(Wallet.taiwanResident, 248, 2) == "J")
        #expect(field(Wallet.foreigner2017, 0, 120) == "SPECIMEN, ANNA MARIA")
        #expect(field(Wallet.foreigner2017, 248, 2) == "I")
        #expect(
            field(Wallet.foreigner2023, 52, 70) + field(Wallet.foreigner2023, 220, 22)
                == "SPECIMEN-MONTGOMERY, JORDAN ALEXANDER WINSTON")
        #expect(field(Wallet.foreigner2023, 248, 2) == "Y")
    }
}
