import ArgumentParser
import Foundation
import KioskControl

/// Options of every command that asks the running `kioskd`.
struct DaemonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that kioskd was given as --runtime.", valueName: "DIR"))
    var runtime = "/run/hallkiosk"

    @Flag(help: "Print JSON.")
    var json = false

    /// Asks the daemon; ends with 69 (EX_UNAVAILABLE) and one sentence when it does not answer.
    func ask<Answer: Sendable>(_ question: (ControlClient) async throws -> Answer) async throws -> Answer {
        do {
            return try await question(ControlClient(runtimeFolder: runtime))
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(EX_UNAVAILABLE)
        }
    }
}
