import PlatformClient
import TestSupport
import Testing

@Suite("a tus upload, step by step")
struct TusUploadTests {
    private let lost = PlatformError.unreachable(words: "cut")

    @Test("create, send all, finished")
    func straight() {
        var upload = TusUpload(length: 100)
        #expect(upload.next == .create)
        upload.received(.init(status: 201, location: "u"))
        #expect(upload.next == .send(location: "u", offset: 0))
        upload.received(.init(status: 204, offset: 100))
        #expect(upload.next == .finished(location: "u"))
    }

    @Test("an empty file needs no bytes")
    func empty() {
        var upload = TusUpload(length: 0)
        upload.received(.init(status: 201, location: "u"))
        #expect(upload.next == .finished(location: "u"))
    }

    @Test("after a cut the server says where to go on")
    func cut() {
        var upload = TusUpload(length: 100)
        upload.received(.init(status: 201, location: "u"))
        upload.broke(lost)
        #expect(upload.next == .pause(TusUpload.breath))
        upload.paused()
        #expect(upload.next == .inspect(location: "u"))
        upload.received(.init(status: 200, offset: 60, length: 100))
        #expect(upload.next == .send(location: "u", offset: 60))
        upload.received(.init(status: 204, offset: 100))
        #expect(upload.next == .finished(location: "u"))
    }

    @Test("an upload of an earlier attempt is asked about first; one that is complete is not sent again")
    func earlier() {
        var upload = TusUpload(length: 100, location: "u")
        #expect(upload.next == .inspect(location: "u"))
        upload.received(.init(status: 200, offset: 100))
        #expect(upload.next == .finished(location: "u"))
    }

    @Test("creating again may find the bytes that are there")
    func createdBefore() {
        var upload = TusUpload(length: 100)
        upload.received(.init(status: 201, location: "u", offset: 40))
        #expect(upload.next == .send(location: "u", offset: 40))
    }

    @Test("an upload that is gone, or of another length, is created anew", arguments: [404, 410])
    func gone(status: Int) {
        var upload = TusUpload(length: 100, location: "old")
        upload.received(.init(status: status))
        #expect(upload.next == .create)
        upload.received(.init(status: 201, location: "u"))
        upload.received(.init(status: status))
        #expect(upload.next == .create)
        var other = TusUpload(length: 100, location: "old")
        other.received(.init(status: 200, offset: 5, length: 99))
        #expect(other.next == .create)
    }

    @Test("a server that is busy with the cut connection is waited for, shortly")
    func busy() {
        var upload = TusUpload(length: 100, location: "u")
        upload.received(.init(status: 200, offset: 5))
        upload.received(.init(status: 409, problem: "upload-busy", retryAfter: .seconds(1)))
        #expect(upload.next == .pause(.seconds(1)))
        upload.paused()
        #expect(upload.next == .inspect(location: "u"))
        upload.received(.init(status: 200, offset: 50))
        upload.received(.init(status: 409, problem: "upload-busy", retryAfter: .seconds(60)))
        #expect(
            upload.next == .failed(.refused(status: 409, type: "upload-busy", retryAfter: .seconds(60))))
    }

    @Test("an offset beyond the end, or none, is no success")
    func badOffset() {
        var upload = TusUpload(length: 100)
        upload.received(.init(status: 201, location: "u"))
        upload.received(.init(status: 204))
        #expect(upload.next == .inspect(location: "u"))
        upload.received(.init(status: 200))
        #expect(upload.next == .failed(.notUnderstood(words: "no usable Upload-Offset")))
        var beyond = TusUpload(length: 100, location: "u")
        beyond.received(.init(status: 200, offset: 101))
        #expect(beyond.next == .failed(.notUnderstood(words: "Upload-Offset beyond the end")))
        var nowhere = TusUpload(length: 100)
        nowhere.received(.init(status: 201))
        #expect(nowhere.next == .failed(.notUnderstood(words: "no usable Location")))
    }

    @Test("a refusal ends the attempt", arguments: [400, 403, 412, 413, 415, 503, 507])
    func refused(status: Int) {
        var upload = TusUpload(length: 100)
        upload.received(.init(status: 201, location: "u"))
        upload.received(.init(status: status, retryAfter: .seconds(9)))
        #expect(upload.next == .failed(.refused(status: status, type: nil, retryAfter: .seconds(9))))
    }

    @Test("without progress it gives up after a few requests; with progress it goes on")
    func fruitless() {
        var upload = TusUpload(length: 1_000)
        var requests = 0
        upload.received(.init(status: 201, location: "u"))
        loop: while requests < 100 {
            requests += 1
            switch upload.next {
            case .send: upload.broke(lost)
            case .inspect: upload.received(.init(status: 200, offset: 0))
            case .pause: upload.paused()
            default: break loop
            }
        }
        #expect(upload.next == .failed(lost))
        #expect(requests <= 2 * (TusUpload.patience + 1))

        var slow = TusUpload(length: 50)
        slow.received(.init(status: 201, location: "u"))
        for offset in 1...40 {
            slow.broke(lost)
            slow.paused()
            slow.received(.init(status: 200, offset: Int64(offset)))
            #expect(slow.next == .send(location: "u", offset: Int64(offset)))
        }
    }

    @Test("whatever a server answers, an attempt ends, and only a full offset finishes it")
    func anyAnswers() {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<3_000 {
            let length = Int64.random(in: 0...50, using: &generator)
            var upload = TusUpload(length: length, location: Bool.random(using: &generator) ? "u" : nil)
            var steps = 0
            var lastOffset: Int64?
            running: while true {
                steps += 1
                switch upload.next {
                case .finished:
                    #expect(lastOffset == length || (length == 0 && lastOffset == nil))
                    break running
                case .failed: break running
                case .pause(let wait):
                    #expect(wait <= TusUpload.longestPause)
                    upload.paused()
                case .create, .inspect, .send:
                    if Int.random(in: 0..<5, using: &generator) == 0 {
                        upload.broke(lost)
                        continue
                    }
                    let statuses = [200, 201, 204, 400, 404, 408, 409, 410, 423, 500, 502, 301, 100, 999]
                    lastOffset =
                        Bool.random(using: &generator) ? Int64.random(in: 0...(length + 2), using: &generator) : nil
                    upload.received(
                        .init(
                            status: statuses.randomElement(using: &generator) ?? 0,
                            location: Bool.random(using: &generator) ? "v" : nil, offset: lastOffset,
                            length: Bool.random(using: &generator) ? length : nil,
                            retryAfter: Bool.random(using: &generator) ? .seconds(1) : nil))
                }
                #expect(steps <= 2 * (TusUpload.mostRequests + 2))
                if steps > 1_000 { break }
            }
        }
    }
}

@Suite("back-off")
struct BackOffTests {
    @Test("the wait is spread over the whole range, doubles its ceiling, and stays under the cap")
    func jitter() {
        let backOff = BackOff(base: .seconds(2), cap: .seconds(60), floor: .milliseconds(500))
        var generator = SeededGenerator(seed: 5)
        for failures in [1, 2, 3, 5, 8, 1_000, .max] {
            let ceiling = min(Duration.seconds(60), .seconds(2) * (1 << min(failures - 1, 10)))
            let waits = (0..<500).map { _ in backOff.delay(afterFailures: failures, using: &generator) }
            #expect(waits.allSatisfy { $0 >= .milliseconds(500) && $0 <= ceiling }, "\(failures)")
            #expect(waits.contains { $0 < ceiling / 3 } && waits.contains { $0 > ceiling * 2 / 3 }, "\(failures)")
        }
    }

    @Test("Retry-After is never undercut")
    func retryAfter() {
        let backOff = BackOff(base: .seconds(2), cap: .seconds(60))
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<200 {
            let wait = backOff.delay(afterFailures: 3, retryAfter: .seconds(90), using: &generator)
            #expect(wait >= .seconds(90) && wait <= .seconds(92))
        }
    }
}
