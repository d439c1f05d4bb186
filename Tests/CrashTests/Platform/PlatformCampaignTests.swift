import Foundation
import HallModel
import TestSupport
import Testing

@testable import PlatformClient

extension CrashTests {
    /// `kill -9` of the platform at random moments, with eight kiosks and its staff at work.
    ///
    /// `make platform-campaign ROUNDS=200 [SEED=n]` runs the same for longer; moments and errands follow from the seed, what
    /// exactly is hit then does not.
    @Suite("Platform campaign")
    struct PlatformCampaignTests {
        private static let environment = ProcessInfo.processInfo.environment

        @Test("what the platform acknowledged is there once, byte for byte; nothing is left over; expiry works")
        func campaign() async throws {
            let given = Self.environment["PLATFORM_ROUNDS"].flatMap(Int.init)
            let rounds = given ?? 12
            let seed =
                Self.environment["PLATFORM_SEED"].flatMap(UInt64.init)
                ?? (given == nil ? 4_711 : .random(in: 1...999_999))
            print("platform campaign: seed \(seed), \(rounds) rounds")
            let figures = try await PlatformCampaign(seed: seed, rounds: rounds).run()
            print(
                """
                platform campaign: seed \(seed), \(rounds) kills in \(figures.lasted / .seconds(1)) s; \
                \(figures.cases) cases with \(figures.files) files, \(figures.documents) documents \
                (\(figures.documentsFetched) fetched twice, \(figures.documentsGone) gone with a kill), \
                \(figures.terminated) uploads given up, \(figures.expired) expired, \(figures.staffChanges) status changes, the disk looked at \(figures.inspections) times in mid-load; \
                up again at the latest after \(figures.slowestStart / .milliseconds(1)) ms
                """)
            #expect(figures.cases > 0 && figures.files >= figures.cases)
            #expect(figures.staffChanges > 0)
        }

        // MARK: - The check itself

        @Test("the same seed gives the same plan")
        func planIsRepeatable() {
            #expect(PlatformKillPlan(seed: 7, rounds: 30) == PlatformKillPlan(seed: 7, rounds: 30))
            #expect(PlatformKillPlan(seed: 7, rounds: 30) != PlatformKillPlan(seed: 8, rounds: 30))
            #expect(PlatformKillPlan(seed: 7, rounds: 30).delaysMilliseconds.count == 30)
        }

        @Test("a case may say the last acknowledged words or what was tried after them, and no older ones")
        func allowedWords() async {
            let promises = PlatformPromises()
            #expect(await promises.allowedDetails(of: "1") == [nil])
            await promises.staffTries("a", on: "1")
            #expect(await promises.allowedDetails(of: "1") == [nil, "a"])
            await promises.staffSucceeded(on: "1")
            #expect(await promises.allowedDetails(of: "1") == ["a"])
            await promises.staffTries("b", on: "1")
            #expect(await promises.allowedDetails(of: "1") == ["a", "b"])
            await promises.staffTries("c", on: "1")
            await promises.staffSucceeded(on: "1")
            #expect(await promises.allowedDetails(of: "1") == ["c"])
        }

        @Test("a confirmation or a document that changes when it is asked for again is found")
        func changesAreFound() async throws {
            let promises = PlatformPromises()
            let id = try #require(ItemID(rawValue: "0195c8a0-1f4e-7c3a-9b2d-4e5f6a7b8c9d"))
            func document(_ number: String) -> PlatformDocument {
                PlatformDocument(
                    id: id, number: number, title: LocalizedText("t"), pages: 1, bytes: 1, sha256: "", madeAt: "")
            }
            await promises.described(document("A"))
            await promises.described(document("A"))
            #expect(await promises.broken.isEmpty)
            await promises.described(document("B"))
            #expect(await promises.broken.count == 1)
        }
    }
}
