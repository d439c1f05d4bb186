import HallModel
import Testing

@testable import ByteTransports

@Suite struct DeviceAddressTests {
    @Test func addressesAsConfiguredAreUnderstood() throws {
        #expect(try DeviceAddress(ofLine: "serial:/dev/ttyUSB0").place == .serial(path: "/dev/ttyUSB0", speed: nil))
        #expect(try DeviceAddress(ofLine: "serial:/dev/ttyS1?9600").place == .serial(path: "/dev/ttyS1", speed: 9_600))
        #expect(try DeviceAddress(ofLine: "tcp:127.0.0.1:9100").place == .tcp(host: "127.0.0.1", port: 9_100))
        #expect(try DeviceAddress(ofLine: "tcp:[::1]:9100").place == .tcp(host: "::1", port: 9_100))
    }

    @Test(arguments: [
        "", "serial", "serial:", "serial:ttyUSB0", "serial:/dev/ttyUSB0?fast", "serial:/dev/ttyUSB0?12345", "tcp:",
        "tcp:host", "tcp::9100", "tcp:host:0", "tcp:host:65536", "tcp:host:-1", "usb:1-1", "escl:http://h/eSCL",
        "sane:test:0", "serial:/dev/\0x",
    ])
    func anythingElseIsRefusedWithASentence(_ text: String) throws {
        let error = try #require(throws: TransportError.self) { try DeviceAddress(ofLine: text) }
        #expect(error.description.contains("expected serial:"))
    }

    @Test(arguments: DeviceAddress.serialSpeeds) func everySpeedThatAnAddressMayNameCanBeSet(_ speed: Int) {
        #expect(SerialSpeed(bitsPerSecond: speed) != nil)
    }
}
