import TestSupport

/// Residents one after the other at the one screen, until told to end.
actor Load {
    private let client: ScreenClient
    private let hall: HallUnderTest
    private(set) var records: [Errand.Record] = []
    private(set) var failure: String?
    private var isEnding = false

    init(_ client: ScreenClient, in hall: HallUnderTest) {
        self.client = client
        self.hall = hall
    }

    /// The place in `records` that the errand under way will have.
    var current: Int { records.count }

    func run() async {
        while !isEnding {
            let number = String(records.count + 1)
            let phone = "139" + String(repeating: "0", count: 8 - number.count) + number
            do {
                let record = try await Errand(client, in: hall, phone: phone).walk()
                records.append(record)
                if case .stuck(let words) = record.end { failure = "errand \(phone) is stuck at \(words)" }
            } catch {
                failure = "errand \(phone): \(error)"
            }
            if failure != nil { return }
        }
    }

    /// No errand begins any more.
    func end() { isEnding = true }

    /// Waits until the errand at `place`, or a later one, has ended with a case. The errand at `place` itself must when
    /// `mayBeLost` is false.
    nonisolated func endsWithACase(from place: Int, mayBeLost: Bool) async throws {
        try await eventually("the load ends with a case", within: .seconds(45), every: .milliseconds(20)) {
            await hasCase(from: place)
        }
        if let failure = await failure { throw TestFailure(failure) }
        let record = await records[place]
        guard mayBeLost || record.end == .done else {
            throw TestFailure("errand \(record.phone) did not go on: \(record)")
        }
    }

    private func hasCase(from place: Int) -> Bool {
        failure != nil || records.dropFirst(place).contains { $0.end == .done }
    }
}
