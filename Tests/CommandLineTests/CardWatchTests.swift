import Foundation
import HallEmulators
import TestSupport
import Testing

extension InTurn {
    /// `kioskctl card watch`: facts of cards, never whose they are.
    @Suite(.serialized) struct CardWatchTests {
        @Test(
            "Without kioskd: what goes wrong and what is read is told, nothing personal, and Ctrl-C ends all of it with 0"
        )
        func direct() async throws {
            let folder = try ScratchFolder()
            let reader = EmulatedCardReader(symbolicLink: "\(folder.path)/reader")
            try reader.start()
            defer { reader.stop() }
            let temporary = try ScratchFolder()
            let watch = try FollowingKioskctl(
                ["card", "watch", "--direct", "serial:\(folder.path)/reader", "--json"], temporary: temporary.path)
            try await watch.shows(#""state":"online""#, within: .seconds(20))
            reader.place(Wallet.expired)
            try await watch.shows(#""type":"card-read""#)
            reader.removeCard()
            try await watch.shows(#""type":"card-removed""#)
            let line = try #require(watch.text.split(separator: "\n").first { $0.contains(#""type":"card-read""#) })
            #expect(line.contains(#""card":"resident""#) && line.contains(#""flags":["expired""#), "\(line)")
            for word in ["李", "国强", Wallet.expired.number, "建设路", "1979"] {
                #expect(!watch.text.contains(word), "\(word)")
            }
            #expect(!processes(with: temporary.path + "/kioskctl-").isEmpty)
            #expect(await watch.interrupt() == 0)
            try await eventually("no worker is left", within: .seconds(5)) {
                processes(with: temporary.path + "/kioskctl-").isEmpty
            }
            #expect(try temporary.names().isEmpty)
        }

        @Test("A reader that is not there is told with its cause, and watched on")
        func missing() async throws {
            let watch = try FollowingKioskctl(["card", "watch", "--direct", "serial:/dev/no-such-reader"])
            try await watch.shows("reader-missing [ENOENT")
            #expect(await watch.interrupt() == 0)
        }

        @Test(
            "A call that is not understood is one sentence",
            arguments: [
                ["card", "watch", "--direct", "escl:http://h/eSCL"], ["card", "watch", "--profile", "x"],
                ["card", "watch", "--direct", "serial:/dev/null", "--device", "reader"],
            ])
        func refused(_ arguments: [String]) async throws {
            let run = try await KioskctlRun.run(arguments)
            #expect(run.status == 64 && run.errorLines.count == 1, "\(run.errors)")
        }

        @Test("Through kioskd: a card is told by kind and flags, only of the reader that was named")
        func throughTheDaemon() async throws {
            let hall = try HallUnderTest()
            do {
                try await hall.start()
                let runtime = ["--runtime", "\(hall.folder)/run"]
                let unknown = try await KioskctlRun.run(["card", "watch", "--device", "nope"] + runtime)
                #expect(unknown.status == 64 && unknown.errors.contains("this kiosk has reader"), "\(unknown.errors)")
                let watch = try FollowingKioskctl(["card", "watch", "--device", "reader"] + runtime)
                try await watch.shows("Watching reader.")
                try await eventually("it follows", within: .seconds(20)) {
                    try await hall.desk("reader/place", #"{"card":"expired"}"#)
                    try await Task.sleep(for: .seconds(1))
                    try await hall.desk("reader/remove")
                    return watch.text.contains("card-read         reader: resident, expired")
                }
                try await watch.shows("card-removed      reader")
                for word in ["李", "国强", Wallet.expired.number] { #expect(!watch.text.contains(word)) }
                #expect(await watch.interrupt() == 0)
            } catch {
                await hall.stop()
                throw error
            }
            await hall.stop()
        }
    }
}
