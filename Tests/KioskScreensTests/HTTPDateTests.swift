import Testing

@testable import KioskScreens

@Suite("The time as HTTP writes it")
struct HTTPDateTests {
    @Test("the example of RFC 9110, the epoch, a leap day")
    func examples() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(1_835_481_599) == "Tue, 29 Feb 2028 23:59:59 GMT")
    }
}
