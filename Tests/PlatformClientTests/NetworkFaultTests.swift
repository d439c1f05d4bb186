import Foundation
import HallEmulators
import HallModel
import PlatformServer
import TestSupport
import Testing

@testable import PlatformClient

@Suite("why the platform was not reached", .serialized)
struct NetworkFaultTests {
    /// What a call says with other files or another address than the right ones.
    private func words(
        _ bench: PlatformBench, address: String? = nil, trust: String? = nil, kiosk: DevelopmentCA.Files? = nil
    ) async throws -> String {
        let kiosk = kiosk ?? bench.files
        let api = try PlatformAPI(
            url: "https://\(address ?? "localhost:\(bench.proxy.port)")", certificateFile: kiosk.kiosk,
            keyFile: kiosk.kioskKey, trustFile: trust ?? bench.files.authority,
            logger: PlatformBench.silent)
        var words = "it answered"
        do { _ = try await api.health() } catch { words = "\(error)" }
        try await api.shutdown()
        return words
    }

    @Test(
        "a port without a listener, a name that nobody knows, a cut connection: each in its words, with host and port")
    func network() async throws {
        try await PlatformBench.run { bench in
            #expect(try await words(bench) == "it answered")
            let free = try HallUnderTest.freePort()
            #expect(
                try await words(bench, address: "localhost:\(free)")
                    == "unreachable: localhost:\(free): refused (ECONNREFUSED)")
            // Too long for a name: no server of names is asked, who may be slow.
            let stranger = String(repeating: "a", count: 64) + ".invalid:8443"
            #expect(
                try await words(bench, address: stranger) == "unreachable: \(stranger): no such name (ENOTFOUND)")
            try await bench.proxy.setMode(.cut)
            let cut = try await words(bench)
            #expect(cut.hasPrefix("unreachable: localhost:\(bench.proxy.port): "), "\(cut)")
            #expect(
                ["cut", "refused (ECONNREFUSED)", "no connection (ETIMEDOUT)"].contains { cut.hasSuffix($0) }, "\(cut)")
        }
    }

    @Test("TLS tells whose certificate was not taken: the platform's here, the kiosk's there, or that nobody speaks it")
    func certificates() async throws {
        try await PlatformBench.run { bench in
            let other = try await DevelopmentCA.make(folder: bench.scratch.file("other"), kiosk: "kiosk-1")
            let place = "unreachable: localhost:\(bench.proxy.port): "
            #expect(
                try await words(bench, trust: other.authority)
                    == place + "TLS: platform certificate untrusted")
            #expect(try await words(bench, kiosk: other) == place + "TLS: kiosk certificate rejected")
            let page = try #require(URL(string: bench.staff)?.port)
            #expect(
                try await words(bench, address: "localhost:\(page)")
                    == "unreachable: localhost:\(page): TLS: not spoken there")
        }
    }

    @Test("what a library says of a TLS error is never passed on")
    func bounded() {
        let known = Set(NetworkFault.allCases.map(\.rawValue))
        #expect(known.count == NetworkFault.allCases.count)
        #expect(known.allSatisfy { $0.utf8.count <= 40 })
    }
}
