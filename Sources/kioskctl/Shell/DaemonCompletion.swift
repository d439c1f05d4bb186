import HallModel
import KioskControl

/// Words for the shell that only the running daemon knows. Without it there are none, at once and without a sentence.
enum DaemonCompletion {
    static func devices(_ words: [String], _ role: DeviceRole? = nil) async -> [String] {
        guard let devices = try? await client(words).devices().devices else { return [] }
        return devices.filter { role == nil || $0.role == role }.map(\.name)
    }

    static func cases(_ words: [String]) async -> [String] {
        (try? await client(words).outbox().waiting ?? [])?.map(\.id.rawValue) ?? []
    }

    /// The daemon that the words typed so far name.
    private static func client(_ words: [String]) -> ControlClient {
        let named = words.firstIndex(of: "--runtime").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        return ControlClient(runtimeFolder: named ?? DaemonOptions.standardRuntime)
    }
}
