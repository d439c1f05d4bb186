import HallModel
import TestSupport
import Testing

@testable import Scanners

@Suite("ScannerStatus of eSCL")
struct ESCLScannerStatusTests {
    private func document(_ state: String, _ feeder: String? = nil, extra: String = "") -> [UInt8] {
        let feeder = feeder.map { "<scan:AdfState>\($0)</scan:AdfState>" } ?? ""
        return Array(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" \
            xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
              <pwg:Version>2.97</pwg:Version>
              <pwg:State>
                \(state)
              </pwg:State>
              \(feeder)\(extra)
              <scan:Jobs><scan:JobInfo><pwg:JobState>Aborted</pwg:JobState><pwg:JobStateReasons>
              <pwg:StateReason>JamInOldJob</pwg:StateReason></pwg:JobStateReasons>
              <pwg:State>Stopped</pwg:State></scan:JobInfo></scan:Jobs>
            </scan:ScannerStatus>
            """.utf8)
    }

    @Test("States, feeder and problems are told apart, and jobs of the past do not count")
    func states() {
        let cases: [(String, String?, ProblemCode?, DeviceState, Bool?)] = [
            ("Idle", nil, nil, .online, nil),
            ("Idle", "ScannerAdfEmpty", nil, .online, false),
            ("Idle", "ScannerAdfLoaded", nil, .online, true),
            ("Processing", "ScannerAdfProcessing", nil, .busy, true),
            ("Testing", nil, nil, .busy, nil),
            ("Idle", "ScannerAdfJam", .scannerJam, .userError, nil),
            ("Stopped", "ScannerAdfJam", .scannerJam, .userError, nil),
            ("Stopped", "ScannerAdfMispick", .scannerJam, .userError, nil),
            ("Stopped", "ScannerAdfMultipickDetected", .scannerJam, .userError, nil),
            ("Idle", "ScannerAdfHatchOpen", .scannerCoverOpen, .userError, nil),
            ("Stopped", "ScannerAdfDoorOpen", .scannerCoverOpen, .userError, nil),
            ("Stopped", "ScannerAdfEmpty", .scannerFault, .hardwareError, false),
            ("Down", nil, .scannerFault, .hardwareError, nil),
            ("Idle", "ScannerAdfInputTrayFailed", .scannerFault, .hardwareError, nil),
        ]
        for (state, feeder, problem, told, media) in cases {
            let status = ESCLScannerStatus(document(state, feeder))
            #expect(status.state == state)
            #expect(status.feeder == feeder)
            #expect(status.problem == problem, "\(state) \(feeder ?? "")")
            let device = status.deviceStatus(of: "scanner", model: nil)
            #expect(device.state == told, "\(state) \(feeder ?? "")")
            #expect(device.mediaPresent == media)
            #expect(device.problem?.code == problem)
        }
    }

    @Test("A reason beside the state counts")
    func reasons() {
        let reason = "<pwg:StateReasons><pwg:StateReason>CoverOpen</pwg:StateReason></pwg:StateReasons>"
        let status = ESCLScannerStatus(document("Stopped", nil, extra: reason))
        #expect(status.problem == .scannerCoverOpen)
        #expect(status.evidence == "state Stopped, CoverOpen")
    }

    @Test("What steers a terminal is not in what the scanner is quoted with")
    func terminal() {
        let reason = "<pwg:StateReason>Cover\u{1B}]0;owned\u{07}Open</pwg:StateReason>"
        let status = ESCLScannerStatus(document("Stop\u{1B}[2Jped", "Scanner\u{202E}AdfJam", extra: reason))
        #expect(status.evidence == "state Stop2Jped, feeder ScannerAdfJam, Cover0ownedOpen")
    }

    @Test("Any bytes are read without a trap, in bounded time")
    func anyBytes() {
        var generator = SeededGenerator(printedAs: #function)
        let whole = document("Idle", "ScannerAdfLoaded")
        let alphabet = Array("<>/:?! \n=\"aA&;".utf8) + [0, 0x80, 0xFF]
        for round in 0..<3_000 {
            var bytes: [UInt8]
            if round % 2 == 0 {
                bytes = whole
                for _ in 0..<Int.random(in: 1...20, using: &generator) {
                    bytes[.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                bytes = Array(bytes.prefix(.random(in: 0...bytes.count, using: &generator)))
            } else {
                bytes = (0..<Int.random(in: 0...300, using: &generator)).compactMap { _ in
                    alphabet.randomElement(using: &generator)
                }
            }
            let status = ESCLScannerStatus(bytes)
            #expect(status.reasons.count <= 16)
            _ = status.deviceStatus(of: "scanner", model: nil)
        }
        let deep = Array(String(repeating: "<a>", count: 20_000).utf8)
        #expect(ESCLScannerStatus(deep).state == nil)
        let closing = Array(String(repeating: "</a>", count: 10_000).utf8)
        #expect(ESCLScannerStatus(closing + whole).state == "Idle")
    }
}

@Suite("Jobs that nobody fetches any more")
struct LeftBehindTests {
    private func status(_ jobs: [(String, String, Int?, Int?)]) -> ESCLScannerStatus {
        let infos = jobs.map { uri, state, images, age in
            """
            <scan:JobInfo><pwg:JobUri>\(uri)</pwg:JobUri>\(age.map { "<scan:Age>\($0)</scan:Age>" } ?? "")
            \(images.map { "<pwg:ImagesCompleted>\($0)</pwg:ImagesCompleted>" } ?? "")
            <pwg:JobState>\(state)</pwg:JobState></scan:JobInfo>
            """
        }
        return ESCLScannerStatus(
            "<scan:ScannerStatus><pwg:State>Processing</pwg:State><scan:Jobs>\(infos.joined())</scan:Jobs></scan:ScannerStatus>"
                .utf8)
    }

    private func left(_ before: [(String, String, Int?, Int?)], _ after: [(String, String, Int?, Int?)]) -> [String] {
        status(after).jobsLeftBehind(since: status(before)).map(\.uri)
    }

    @Test("are active, age, and give no page")
    func jobs() {
        #expect(left([("/a", "Processing", 1, 3)], [("/a", "Processing", 1, 5)]) == ["/a"])
        #expect(left([("/a", "Pending", nil, nil)], [("/a", "Pending", nil, nil)]) == ["/a"])
        // Another computer's, being scanned.
        #expect(left([("/a", "Processing", 1, 0)], [("/a", "Processing", 2, 0)]).isEmpty)
        #expect(left([("/a", "Processing", 1, 0)], [("/a", "Processing", 1, 0)]).isEmpty)
        #expect(left([("/a", "Processing", 1, 4)], [("/a", "Processing", 1, 1)]).isEmpty)
        // Over, or new.
        #expect(left([("/a", "Completed", 1, 3)], [("/a", "Completed", 1, 5)]).isEmpty)
        #expect(left([("/a", "Processing", 1, 3)], [("/a", "Aborted", 1, 5)]).isEmpty)
        #expect(left([], [("/b", "Processing", 1, 5)]).isEmpty)
    }

    @Test("The scanner's own state is not mixed up with its jobs'")
    func ownState() {
        let status = status([("/a", "Completed", 1, 1)])
        #expect(status.state == "Processing")
        #expect(status.jobs == [.init(uri: "/a", state: "Completed", imagesCompleted: 1, ageSeconds: 1)])
    }
}
