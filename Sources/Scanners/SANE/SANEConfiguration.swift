import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#endif

/// The private configuration that SANE reads: one backend, one scanner, no discovery.
///
/// It lies in a folder of its own (mode 0700) only while SANE starts, so that a killed worker leaves nothing.
enum SANEConfiguration {
    struct NotWritten: Error { let errno: Int32 }

    /// Runs `body` with `SANE_CONFIG_DIR` set to the folder.
    static func provide<Result>(for address: ScannerAddress, _ body: () throws -> Result) throws -> Result {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(base)/kiosk-sane-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw NotWritten(errno: errno) }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, content) in files(for: address) {
            try Data(content.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        setenv("SANE_CONFIG_DIR", folder, 1)
        return try body()
    }

    static func files(for address: ScannerAddress) -> [String: String] {
        var files = ["dll.conf": address.backend + "\n"]
        if case .escl(let endpoint) = address {
            files["airscan.conf"] = """
                [devices]
                "\(ScannerAddress.configuredName)" = \(endpoint.url), eSCL
                [options]
                discovery = disable

                """
        }
        return files
    }
}
