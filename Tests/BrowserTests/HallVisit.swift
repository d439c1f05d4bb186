import TestSupport

/// Runs one resident in a hall of their own, from the start screen on.
/// - Parameter preparing: what is done when the hall is up, before anybody looks at the screen.
func visitHall(
    _ options: HallUnderTest.Options = .init(), _ body: @Sendable (Resident, HallUnderTest) async throws -> Void,
    preparing: @Sendable (HallUnderTest) async throws -> Void = { _ in }
) async throws {
    let hall = try HallUnderTest(options)
    do {
        try await hall.start()
        try await preparing(hall)
        try await WebDriver.withBrowser { browser in
            let resident = Resident(browser: browser, hall: hall)
            try await resident.enters()
            try await resident.sees("start")
            try await body(resident, hall)
        }
    } catch {
        await hall.stop()
        throw error
    }
    await hall.stop()
}
