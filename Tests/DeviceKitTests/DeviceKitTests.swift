import HallModel
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import DeviceKit

@Suite("Frames of the worker protocol")
struct WorkerFrameTests {
    static let samples: [WorkerFrame] = [
        WorkerFrame(.hello(WorkerHello(kind: .scan, instance: "scanner", processID: 7))),
        WorkerFrame(.command(id: 3, deadlineMilliseconds: 500, .scanPage(device: "scanner"))),
        WorkerFrame(
            .completed(
                id: 3,
                .scanned(
                    ScannedPage(
                        widthPixels: 2480, heightPixels: 3508, dotsPerInch: 300, rowsExpected: 3508, rowsReceived: 3508)
                )),
            attachments: [ByteBuffer(bytes: [0xFF, 0xD8, 0xFF]), ByteBuffer()]),
        WorkerFrame(.failed(id: 4, .problem(Problem(.scannerJam, device: "scanner", evidence: "ScannerAdfJam")))),
        WorkerFrame(.event(.cardRemoved(device: "reader"))),
        WorkerFrame(
            .event(
                .cardRead(
                    device: "reader", IdentityDocument(kind: .resident, name: "张示例", number: "999999194801010015")))),
    ]

    @Test("a frame that announces more than the bound is refused before its bytes arrive")
    func tooLarge() {
        var buffer = ByteBuffer(integer: UInt32(WorkerFrame.maximumFrameBytes + 1))
        #expect(throws: WorkerFrameError.self) { try WorkerFrame.read(from: &buffer) }
    }

    @Test("lengths that disagree are refused")
    func lengths() {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt32(8))
        buffer.writeInteger(UInt32(100))
        buffer.writeInteger(UInt32(0))
        #expect(throws: WorkerFrameError.lengthsDisagree) { try WorkerFrame.read(from: &buffer) }
    }

    @Test("an error about a message that is not understood quotes nothing of it")
    func nothingQuoted() {
        var buffer = ByteBuffer()
        let json = #"{"event":{"_0":{"cardRead":{"name":"张示例 MARKER"}}}}"#
        buffer.writeInteger(UInt32(4 + json.utf8.count))
        buffer.writeInteger(UInt32(json.utf8.count))
        buffer.writeString(json)
        do {
            _ = try WorkerFrame.read(from: &buffer)
            Issue.record("was understood")
        } catch {
            #expect(!"\(error)".contains("MARKER"))
        }
    }

    @Test("what is written is read again, with its attachments", arguments: samples.indices)
    func roundTrip(_ index: Int) throws {
        var buffer = ByteBuffer()
        try Self.samples[index].write(into: &buffer)
        #expect(try WorkerFrame.read(from: &buffer) == Self.samples[index])
        #expect(buffer.readableBytes == 0)
    }

    @Test("frames survive any split of the stream")
    func splits() throws {
        var generator = SeededGenerator(printedAs: #function)
        var whole = ByteBuffer()
        for sample in Self.samples { try sample.write(into: &whole) }
        for _ in 0..<200 {
            var rest = whole
            var pending = ByteBuffer()
            var found: [WorkerFrame] = []
            while rest.readableBytes > 0 {
                var piece = rest.readSlice(length: Int.random(in: 1...min(97, rest.readableBytes), using: &generator))!
                pending.writeBuffer(&piece)
                while let frame = try WorkerFrame.read(from: &pending) { found.append(frame) }
            }
            #expect(found == Self.samples)
        }
    }

    @Test("a good stream with bytes changed ends in frames, an error or in waiting, and never holds more than arrived")
    func damagedFrames() throws {
        var generator = SeededGenerator(printedAs: #function)
        var whole = ByteBuffer()
        for sample in Self.samples { try sample.write(into: &whole) }
        let good = Array(whole.readableBytesView)
        for _ in 0..<500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                // Digits and quotes are where the JSON's meaning changes, the first bytes where the lengths stand.
                bytes[Bool.random(using: &generator) ? place : place % 12] =
                    Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator) : UInt8(ascii: "0")
            }
            var pending = ByteBuffer()
            var frames = 0
            do {
                for piece in generator.pieces(of: bytes, longest: 97) {
                    pending.writeBytes(piece)
                    while let frame = try WorkerFrame.read(from: &pending) {
                        frames += 1
                        #expect(frame.attachments.reduce(0) { $0 + $1.readableBytes } <= bytes.count)
                    }
                }
            } catch {
                // The stream is given up.
                #expect(error is WorkerFrameError, "\(error), seed \(generator.seed)")
            }
            #expect(frames <= bytes.count / 8 && pending.readableBytes <= bytes.count)
        }
    }

    @Test("any bytes end in an error or in waiting, never in a trap")
    func noise() {
        var generator = SeededGenerator(printedAs: #function)
        for _ in 0..<3000 {
            var bytes = generator.bytes(Int.random(in: 0...120, using: &generator))
            // Half of them with a plausible length, so that the inner parts are reached.
            if bytes.count > 8, Bool.random(using: &generator) {
                bytes.replaceSubrange(0..<8, with: [0, 0, 0, UInt8(bytes.count - 4), 0, 0, 0, UInt8(bytes.count / 2)])
            }
            var buffer = ByteBuffer(bytes: bytes)
            for _ in 0..<8 { if (try? WorkerFrame.read(from: &buffer)) == nil { break } }
        }
    }

    @Test("any bytes in any pieces go through the decoder of a connection without a trap and in bounded memory")
    func noiseOnAConnection() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let limit = WorkerFrameLimit(
                bytes: round.isMultiple(of: 2) ? WorkerFrame.maximumBytesOfStranger : WorkerFrame.maximumFrameBytes)
            let channel = EmbeddedChannel(handler: ByteToMessageHandler(WorkerFrameDecoder(limit: limit)))
            var stream = ByteBuffer()
            if Bool.random(using: &generator) { try Self.samples[round % Self.samples.count].write(into: &stream) }
            let expected = stream.readableBytes > 0 ? Self.samples[round % Self.samples.count] : nil
            stream.writeBytes(generator.bytes(Int.random(in: 0...200, using: &generator)))
            var first: WorkerFrame?
            do {
                while stream.readableBytes > 0 {
                    let length = Int.random(in: 1...min(37, stream.readableBytes), using: &generator)
                    try channel.writeInbound(stream.readSlice(length: length)!)
                    if first == nil { first = try channel.readInbound(as: WorkerFrame.self) }
                }
            } catch is WorkerFrameError {
                // An error is the end of the connection; what came whole before it was handed on.
            }
            if let expected {
                if first == nil { first = try channel.readInbound(as: WorkerFrame.self) }
                #expect(first == expected, "seed \(seed)")
            }
            _ = try? channel.finish(acceptAlreadyClosed: true)
        }
    }

    @Test("a stranger's word for a length reserves nothing, and more than a stranger may send is refused at once")
    func stranger() throws {
        let limit = WorkerFrameLimit(bytes: WorkerFrame.maximumBytesOfStranger)
        var decoder = NIOSingleStepMeter(limit: limit)
        let most = UInt32(WorkerFrame.maximumBytesOfStranger)
        #expect(try decoder.capacity(announcing: most) < 64 << 10)
        #expect(throws: WorkerFrameError.tooLarge(bytes: Int(most) + 1)) { try decoder.capacity(announcing: most + 1) }
        // Once it is known who is there, a page has its room at once.
        limit.trust()
        #expect(try decoder.capacity(announcing: 8 << 20) >= 8 << 20)
    }
}

/// Shows how much room a decoder takes for a frame of which only the length has come.
private struct NIOSingleStepMeter {
    let limit: WorkerFrameLimit

    mutating func capacity(announcing length: UInt32) throws -> Int {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(Context())
        let context = try channel.pipeline.syncOperations.context(handlerType: Context.self)
        var decoder = WorkerFrameDecoder(limit: limit)
        var buffer = ByteBuffer(integer: length)
        #expect(try decoder.decode(context: context, buffer: &buffer) == .needMoreData)
        return buffer.capacity
    }

    private final class Context: ChannelInboundHandler { typealias InboundIn = ByteBuffer }
}
