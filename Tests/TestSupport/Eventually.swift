/// Asks again until the condition holds: true then, false when the time is over.
public func eventually(
    within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async rethrows -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return true }
        // Cancelled, as by a test's limit: no further look can wait.
        guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { break }
    }
    return try await condition()
}
