import HallModel
import TestSupport
import Testing

@testable import Scanners

@Suite("Addresses of scanners")
struct ScannerAddressTests {
    @Test("Both forms are read")
    func forms() throws {
        let address = try #require(ScannerAddress("escl:http://10.1.2.3:8080/eSCL"))
        guard case .escl(let endpoint) = address else {
            Issue.record("not eSCL")
            return
        }
        #expect(endpoint.host == "10.1.2.3")
        #expect(endpoint.port == 8080)
        #expect(endpoint.path == "/eSCL")
        #expect(address.backend == "airscan")
        #expect(address.deviceName == "airscan:e0:scanner")
        #expect(ScannerAddress("sane:test:0") == .sane(device: "test:0"))
        #expect(ScannerAddress("sane:test:0")?.backend == "test")
    }

    @Test("Port and path have defaults, IPv6 keeps its brackets where they belong")
    func defaults() throws {
        let plain = try #require(ESCLEndpoint("scanner.hall"))
        #expect(plain.url == "http://scanner.hall:80/eSCL")
        let six = try #require(ESCLEndpoint("[fd00::1]:81/scan/"))
        #expect(six.url == "http://[fd00::1]:81/scan")
        #expect(six.connectHost == "fd00::1")
    }

    @Test(
        "Nothing that could add a line to a configuration passes",
        arguments: [
            "", "escl:", "escl:http://", "escl:http://:80/eSCL", "escl:http://h:0/eSCL", "escl:http://h:99999/eSCL",
            "escl:http://h/e\n[options]", "escl:http://h/\"x", "escl:http://h/a b", "sane:", "sane:test", "sane::0",
            "sane:test:0\nnet", "usb:04a9:1913", "escl:https://h/eSCL", "escl:http://h:-1/eSCL",
        ])
    func refused(_ text: String) { #expect(ScannerAddress(text) == nil) }

    @Test("SANE is given one backend and one scanner, without discovery")
    func configuration() throws {
        let address = try #require(ScannerAddress("escl:http://127.0.0.1:9999/eSCL"))
        let files = SANEConfiguration.files(for: address)
        #expect(files["dll.conf"] == "airscan\n")
        #expect(
            files["airscan.conf"]
                == "[devices]\n\"scanner\" = http://127.0.0.1:9999/eSCL, eSCL\n[options]\ndiscovery = disable\n")
        #expect(SANEConfiguration.files(for: .sane(device: "test:0")) == ["dll.conf": "test\n"])
    }

    @Test("What the configuration takes for a scanner's address, the worker takes too")
    func asConfigured() {
        var random = SeededGenerator(printedAs: #function)
        let seed = random.seed
        let parts = [
            "escl:", "sane:", "http://", "https://", "h", "[fd00::1]", ":", "/", "80", "0", "eSCL", "test", "-",
        ]
        var taken = 0
        for _ in 0..<4_000 {
            let count = Int.random(in: 1...7, using: &random)
            let text = (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
            switch DeviceAddress(text)?.place {
            case .escl, .sane:
                taken += 1
                #expect(ScannerAddress(text) != nil, "\(text), seed \(seed)")
            case .serial, .tcp, .ipp, .cups, nil: continue
            }
        }
        #expect(taken > 20)
    }
}
