import Foundation

/// One upload by tus 1.0, as a pure state machine: ask ``next``, do it, tell it what came of it.
///
/// Create, then one streaming `PATCH` with all that is left; after a failure `HEAD` tells the offset to go on from. An
/// upload that the server does not know any more is created anew. It gives up, for the caller's back-off, when several
/// requests in a row brought no progress.
public struct TusUpload: Sendable, Equatable {
    /// What is to be done now.
    public enum Step: Sendable, Equatable {
        /// `POST`: announce the file.
        case create
        /// `HEAD`: ask for the offset.
        case inspect(location: String)
        /// Send all bytes from `offset` on.
        case send(location: String, offset: Int64)
        /// A connection was cut, and the server may still be busy with it: wait so long, then say ``paused()``.
        case pause(Duration)
        /// All bytes have arrived.
        case finished(location: String)
        /// This attempt is over; the upload may go on in another one.
        case failed(PlatformError)
    }

    /// What a server answered.
    public struct Answer: Sendable, Equatable {
        /// HTTP status, 100…599.
        public var status: Int
        /// `Location`, resolved and checked.
        public var location: String?
        /// `Upload-Offset`; `nil` when it is missing or no byte count.
        public var offset: Int64?
        /// `Upload-Length`; `nil` when it is missing or no byte count.
        public var length: Int64?
        /// The problem's type, when it sent one.
        public var problem: String?
        /// `Retry-After`, bounded by ``TusHeaderFields/longestRetryAfter``.
        public var retryAfter: Duration?

        /// An answer, its header fields read by ``TusHeaderFields``.
        public init(
            status: Int, location: String? = nil, offset: Int64? = nil, length: Int64? = nil, problem: String? = nil,
            retryAfter: Duration? = nil
        ) {
            self.status = status
            self.location = location
            self.offset = offset
            self.length = length
            self.problem = problem
            self.retryAfter = retryAfter
        }
    }

    /// Requests in a row that may bring no progress.
    public static let patience = 4
    /// Requests of one attempt in all, however much progress they make.
    public static let mostRequests = 200
    /// How long a server is given to notice that a connection was cut.
    public static let breath = Duration.milliseconds(500)
    /// The longest wait inside an attempt; a resident may be waiting for the number.
    public static let longestPause = Duration.seconds(2)

    /// What to do now; changes with ``received(_:)``, ``broke(_:)`` and ``paused()``.
    public private(set) var next: Step
    private let length: Int64
    /// The upload that is spoken of, and the most it was ever known to hold.
    public private(set) var location: String?
    private var reached: Int64 = 0
    private var requestsWithoutProgress = 0
    private var requests = 0
    /// What went wrong last: the reason to give when patience ends.
    private var lastFailure: PlatformError?

    /// - Parameters:
    ///   - length: bytes of the file.
    ///   - location: an upload that was begun before.
    public init(length: Int64, location: String? = nil) {
        self.length = length
        self.location = location
        next = location.map { .inspect(location: $0) } ?? .create
    }

    /// The server answered the request of ``next``.
    public mutating func received(_ answer: Answer) {
        let step = next
        count()
        switch step {
        case .create: created(answer)
        case .inspect(let location): inspected(answer, location)
        case .send(let location, let offset): sent(answer, location, from: offset)
        case .pause, .finished, .failed: break
        }
        if !(200...299).contains(answer.status) { lastFailure = Self.error(answer) }
        stopWhenFruitless()
    }

    /// The request of ``next`` got no answer.
    public mutating func broke(_ error: PlatformError) {
        let step = next
        count()
        lastFailure = error
        switch step {
        // At once the server might still name, or hold the upload at, where the cut connection began.
        case .send: next = .pause(Self.breath)
        case .create, .inspect: next = .failed(error)
        case .pause, .finished, .failed: break
        }
        stopWhenFruitless()
    }

    /// The pause of ``next`` is over.
    public mutating func paused() {
        guard case .pause = next else { return }
        next = location.map { .inspect(location: $0) } ?? .create
    }

    private mutating func count() {
        requests += 1
        requestsWithoutProgress += 1
    }

    private mutating func stopWhenFruitless() {
        switch next {
        case .finished, .failed: return
        case .create, .inspect, .send, .pause:
            if requestsWithoutProgress > Self.patience || requests > Self.mostRequests {
                next = .failed(lastFailure ?? .notUnderstood(words: "an upload without progress"))
            }
        }
    }

    private mutating func created(_ answer: Answer) {
        guard answer.status == 201 else { return refuse(answer) }
        guard let created = answer.location else {
            next = .failed(.notUnderstood(words: "no usable Location"))
            return
        }
        location = created
        reached = 0
        go(on: created, from: answer.offset ?? 0)
    }

    private mutating func inspected(_ answer: Answer, _ location: String) {
        switch answer.status {
        case 200, 204:
            guard let offset = answer.offset else {
                next = .failed(.notUnderstood(words: "no usable Upload-Offset"))
                return
            }
            if let told = answer.length, told != length { return createAnew() }
            go(on: location, from: offset)
        case 404, 410: createAnew()
        default: refuse(answer)
        }
    }

    private mutating func sent(_ answer: Answer, _ location: String, from offset: Int64) {
        switch answer.status {
        case 200, 204:
            guard let now = answer.offset, now > offset || offset == length else {
                next = .inspect(location: location)
                return
            }
            go(on: location, from: now)
        case 404, 410: createAnew()
        case 409, 423:
            if let wait = answer.retryAfter {
                next = wait <= Self.longestPause ? .pause(wait) : .failed(Self.error(answer))
            } else {
                next = .inspect(location: location)
            }
        case 408, 460, 500, 502, 504: next = .inspect(location: location)
        default: refuse(answer)
        }
    }

    private mutating func go(on location: String, from offset: Int64) {
        guard offset <= length else {
            next = .failed(.notUnderstood(words: "Upload-Offset beyond the end"))
            return
        }
        if offset > reached {
            reached = offset
            requestsWithoutProgress = 0
        }
        next = offset == length ? .finished(location: location) : .send(location: location, offset: offset)
    }

    private mutating func createAnew() {
        location = nil
        next = .create
    }

    private mutating func refuse(_ answer: Answer) { next = .failed(Self.error(answer)) }

    private static func error(_ answer: Answer) -> PlatformError {
        .refused(status: answer.status, type: answer.problem, retryAfter: answer.retryAfter)
    }
}
