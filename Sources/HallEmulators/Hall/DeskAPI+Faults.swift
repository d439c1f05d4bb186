import Hummingbird

/// A fault as every device takes it: which one, and for how long.
struct FaultWish<Fault: Decodable & Sendable>: Decodable {
    var fault: Fault
    /// Replies, readings or answers that it spoils; none: until told otherwise. Not all faults count.
    var count: Int?
    /// Seconds after which it mends itself.
    var seconds: Double?

    var boundedCount: Int? { count.map { max(1, min($0, 10_000)) } }
    var boundedSeconds: Double? { Self.bounded(seconds) }

    static func bounded(_ seconds: Double?) -> Double? { seconds.map { max(0.01, min($0, 3_600)) } }
}

extension DeskAPI {
    /// `POST DEVICE/fault {"fault":…,"count":n,"seconds":s}` for all five devices, each with `none`, `slow`, `garbled`,
    /// `silent`, `gone` and what is its own.
    func addFaults(to api: RouterGroup<BasicRequestContext>) {
        api.post("reader/fault") { request, context in
            let wish = try await request.decode(as: FaultWish<CardReaderFaultName>.self, context: context)
            let reader = hall.cardReader
            reader.misbehave(wish.fault.mode, count: wish.boundedCount)
            hall.faultTimer.set("reader", seconds: wish.boundedSeconds) { reader.misbehave(.none) }
            return JSONReply(reader.snapshot)
        }
        api.post("code-reader/fault") { request, context in
            let wish = try await request.decode(as: FaultWish<CodeReaderFault>.self, context: context)
            let reader = hall.codeReader
            reader.setFault(wish.fault, count: wish.boundedCount)
            hall.faultTimer.set("code-reader", seconds: wish.boundedSeconds) { reader.setFault(.none) }
            return JSONReply(reader.snapshot)
        }
        api.post("scanner/fault") { request, context in
            let wish = try await request.decode(as: FaultWish<ScannerFault>.self, context: context)
            let scanner = hall.scanner
            try await scanner.setFault(wish.fault)
            hall.faultTimer.set("scanner", seconds: wish.boundedSeconds) { try await scanner.setFault(.none) }
            return JSONReply(scanner.snapshot)
        }
        api.post("printer/fault") { request, context in
            let wish = try await request.decode(as: FaultWish<CableFault>.self, context: context)
            let printer = hall.printer
            try await printer.setCable(wish.fault)
            hall.faultTimer.set("printer", seconds: wish.boundedSeconds) { try await printer.setCable(.none) }
            return JSONReply(printer.snapshot)
        }
        api.post("document-printer/fault") { request, context in
            let wish = try await request.decode(as: FaultWish<DocumentPrinterFault>.self, context: context)
            let printer = hall.documentPrinter
            try await printer.setFault(wish.fault, count: wish.boundedCount)
            hall.faultTimer.set("document-printer", seconds: wish.boundedSeconds) {
                try await printer.setFault(.none)
            }
            return JSONReply(printer.snapshot)
        }
    }
}

/// A misbehaviour of the card reader, also by the words that all devices share.
struct CardReaderFaultName: Decodable, Sendable {
    let mode: CardReaderMisbehaviour

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let word = try container.decode(String.self)
        let shared: [String: CardReaderMisbehaviour] = ["silent": .silence, "gone": .unplugged]
        guard let mode = shared[word] ?? CardReaderMisbehaviour(rawValue: word) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The reader has no such fault.")
        }
        self.mode = mode
    }
}
