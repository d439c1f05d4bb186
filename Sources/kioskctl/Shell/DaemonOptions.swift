import ArgumentParser
import Foundation
import KioskControl

/// Options of every command that asks the running `kioskd`.
struct DaemonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The folder that kioskd was given as --runtime.", valueName: "DIR"), completion: .directory)
    var runtime = DaemonOptions.standardRuntime

    static let standardRuntime = "/run/hallkiosk"

    @Flag(help: "Print JSON.")
    var json = false

    var client: ControlClient { ControlClient(runtimeFolder: runtime) }

    /// Asks the daemon; what it does not answer is a sentence.
    func ask<Answer>(_ question: (ControlClient) async throws -> Answer) async throws -> Answer {
        do {
            return try await question(client)
        } catch let failure as ControlClient.Failure {
            throw CommandFailure(.unavailable, "\(failure)")
        } catch let refusal as ControlRefusal {
            throw CommandFailure(refusal)
        }
    }
}
