import Foundation
import HallModel
import Materials
import NIOCore
import NIOHTTP1
import TestSupport

@testable import PlatformClient

/// One of many kiosks: errand after errand with the product's own client, each tried again under the same id until the
/// platform has answered, as a kiosk's outbox does.
struct CampaignKiosk: Sendable {
    let index: Int
    let api: PlatformAPI
    let recipient: String
    let key: KioskSigningKey
    let folder: String
    let promises: PlatformPromises

    static func name(_ index: Int) -> String { "kiosk-\(index)" }

    /// Until the end; the errand under way is finished.
    func run(seed: UInt64, until end: CampaignEnd) async {
        var generator = SeededGenerator(seed: seed &+ UInt64(index))
        do {
            while !end.hasCome, !Task.isCancelled {
                switch Int.random(in: 0..<10, using: &generator) {
                case 0..<5: try await submit(&generator)
                case 5..<7: try await print(&generator)
                case 7: try await giveUp(&generator)
                case 8: try await leave(&generator)
                default: try await ask()
                }
            }
        } catch { await promises.fails("kiosk \(index): \(error)") }
    }

    // MARK: - Errands

    private func submit(_ generator: inout SeededGenerator) async throws {
        let id = newID(&generator)
        let number = "999999" + String(Int.random(in: 1930...2009, using: &generator)) + "03120021"
        let plain = """
            {"person":{"name":"张示例","number":"\(number)"},"answers":[],"item":"senior-card","kiosk":"\(Self.name(index))"}
            """
        var sealed = [(id, try await seal(Array(plain.utf8), id))]
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            let material = newID(&generator)
            let pages = Array("%PDF-1.7\n".utf8) + generator.bytes(length(&generator))
            sealed.append((material, try await seal(pages, material)))
        }
        var files: [PlatformPromises.CaseFile] = []
        for (_, file) in sealed {
            let location = try await again { () async throws(PlatformError) in try await api.upload(file) }
            files.append(.init(upload: String(location.suffix(32)), sha256: file.sha256))
            try FileManager.default.removeItem(atPath: file.path)
        }
        let request = try signed(id, sealed, files, code(&generator))
        await promises.submits(request, kiosk: index, files: files)
        let answer = try await again { () async throws(PlatformError) in try await api.createCase(request) }
        await promises.acknowledged(answer)
        // Now and then the answer "was lost".
        if Bool.random(using: &generator) {
            let second = try await again { () async throws(PlatformError) in try await api.createCase(request) }
            await promises.acknowledged(second)
        }
    }

    private func print(_ generator: inout SeededGenerator) async throws {
        let number = "999999" + String(Int.random(in: 1930...2005, using: &generator)) + "03120021"
        let wanted = NewDocument(
            id: newID(&generator), item: "insurance-certificate", idNumber: Sensitive(number),
            answers: [.init(question: "period", value: Bool.random(using: &generator) ? "all" : "last-year")])
        do {
            let document = try await again { () async throws(PlatformError) in try await api.requestDocument(wanted) }
            await promises.described(document)
            let content = try await again { () async throws(PlatformError) in
                try await api.documentContent(of: document)
            }
            // Asked again, the same bytes: the client has checked the digest both times.
            let second = try await again { () async throws(PlatformError) in try await api.documentContent(of: document)
            }
            if content != second { await promises.fails("document \(document.number) has two contents") }
            await promises.fetched()
        } catch PlatformError.documentGone {
            // The platform died meanwhile: the kiosk would ask under a new id.
            await promises.foundGone()
        }
        if Bool.random(using: &generator) {
            try await again { () async throws(PlatformError) in try await api.dropDocument(wanted.id) }
        }
    }

    /// A file that is sent in part and given up.
    private func giveUp(_ generator: inout SeededGenerator) async throws {
        let location = try await begin(&generator)
        let status = try await again { () async throws(PlatformError) in try await tus(.DELETE, location) }
        guard [204, 404, 410].contains(status) else {
            await promises.fails("an upload could not be given up: \(status)")
            return
        }
        await promises.wasTerminated(location, kiosk: index)
    }

    /// A file that is announced, and then never heard of again.
    private func leave(_ generator: inout SeededGenerator) async throws {
        await promises.wasAbandoned(try await begin(&generator), kiosk: index)
    }

    private func ask() async throws {
        _ = try await again { () async throws(PlatformError) in try await api.items() }
        guard let number = await promises.numbers.randomElement() else { return }
        let found = try await again { () async throws(PlatformError) in
            try await api.cases(ofReceipt: Sensitive("HK1:N:\(number)"))
        }
        if found.map(\.number) != [number] { await promises.fails("case \(number) was acknowledged and is not found") }
    }

    // MARK: - Pieces

    private func begin(_ generator: inout SeededGenerator) async throws -> String {
        let id = newID(&generator)
        let file = try await seal(generator.bytes(Int.random(in: 1...50_000, using: &generator)), id)
        let began = Began()
        // Told where it lies, then not a byte more.
        _ = try? await again { () async throws(PlatformError) in
            try await api.upload(file) { location in
                await began.set(location)
                throw CancellationError()
            }
        }
        guard let location = await began.location else { throw TestFailure("an upload was not begun") }
        // Half of it; a repetition after a lost answer meets another offset, which is as good.
        let half = try Data(contentsOf: URL(filePath: file.path)).prefix(file.bytes / 2)
        try FileManager.default.removeItem(atPath: file.path)
        let status = try await again { () async throws(PlatformError) in try await tus(.PATCH, location, half) }
        guard [204, 409].contains(status) else { throw TestFailure("half a file was not taken: \(status)") }
        return location
    }

    /// A request of tus that the product does not make; the answer's status.
    private func tus(_ method: HTTPMethod, _ location: String, _ body: Data? = nil) async throws(PlatformError) -> Int {
        var request = api.request(method, "/v1/uploads/\(location.suffix(32))")
        request.headers.add(name: "Tus-Resumable", value: "1.0.0")
        if let body {
            request.headers.add(name: "Upload-Offset", value: "0")
            request.headers.add(name: "Content-Type", value: "application/offset+octet-stream")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let (response, answer) = try await api.exchange(request, within: .seconds(10))
        if response.status.code >= 500 { throw PlatformAPI.refusal(response, answer) }
        return Int(response.status.code)
    }

    /// Tries until the platform, which is killed all the time, has answered.
    private func again<Value>(_ call: () async throws(PlatformError) -> Value) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do throws(PlatformError) { return try await call() } catch {
                let isPassing =
                    switch error {
                    case .unreachable: true
                    case .refused(let status, let type, _):
                        [408, 429, 500, 502, 503, 504].contains(status) || type == "upload-busy"
                    default: false
                    }
                guard isPassing, ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(30))
            }
        }
    }

    private func newID(_ generator: inout SeededGenerator) -> ItemID {
        ItemID(unixMilliseconds: UInt64(Date().timeIntervalSince1970 * 1000), using: &generator)
    }

    /// Mostly a page or two; now and then more than the platform writes without acknowledging.
    private func length(_ generator: inout SeededGenerator) -> Int {
        Int.random(in: 0..<6, using: &generator) == 0
            ? Int.random(in: 600_000...2_000_000, using: &generator) : Int.random(in: 1...300_000, using: &generator)
    }

    private func code(_ generator: inout SeededGenerator) -> String {
        let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
        return String((0..<8).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }

    private func seal(_ plain: [UInt8], _ id: ItemID) async throws -> PlatformAPI.FileToSend {
        var stream = try AgeSuite().makeSealingStream(to: [recipient])
        var sealed: [UInt8] = []
        try plain.withUnsafeBytes { try stream.seal($0, into: &sealed) }
        try stream.finish(into: &sealed)
        let path = "\(folder)/\(id.rawValue)"
        try Data(sealed).write(to: URL(filePath: path))
        var digest = AgeSuite().makeDigestStream()
        sealed.withUnsafeBytes { digest.update($0) }
        return .init(path: path, bytes: sealed.count, sha256: digest.hexadecimal(), item: id)
    }

    private func signed(
        _ id: ItemID, _ sealed: [(ItemID, PlatformAPI.FileToSend)], _ files: [PlatformPromises.CaseFile], _ code: String
    ) throws -> NewCase {
        let manifest = try Manifest(
            suite: AgeSuite().name, kiosk: Self.name(index), id: id, item: "senior-card", acceptanceCode: code,
            time: Date(),
            files: sealed.enumerated().map { place, file in
                .init(id: file.0, sha256: file.1.sha256, bytes: file.1.bytes, pages: place == 0 ? 0 : 1)
            }
        ).signed(with: key)
        return NewCase(
            id: id, item: "senior-card", acceptedAt: Date().formatted(.iso8601), acceptanceCode: code,
            manifest: Data(manifest.bytes).base64EncodedString(),
            manifestSignature: Data(manifest.signature).base64EncodedString(),
            kioskKey: Data(manifest.publicKey).base64EncodedString(),
            answers: .init(upload: files[0].upload, sha256: files[0].sha256),
            materials: zip(sealed, files).dropFirst().map { sealed, file in
                .init(id: sealed.0, name: "household-register", upload: file.upload, sha256: file.sha256, pages: 1)
            })
    }

    private actor Began {
        private(set) var location: String?
        func set(_ location: String) { self.location = location }
    }
}
