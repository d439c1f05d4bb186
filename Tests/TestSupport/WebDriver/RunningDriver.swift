import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import Synchronization

/// A `chromedriver` on a port of its own choice.
final class RunningDriver: Sendable {
    private let process: Mutex<Process>
    private let pid: Int32
    private let port: Int
    private let client = HTTPClient(eventLoopGroupProvider: .singleton)

    private init(process: consuming sending Process, port: Int) {
        pid = process.processIdentifier
        self.process = Mutex(process)
        self.port = port
    }

    /// It takes a free port of `::1` and then wants the same of `127.0.0.1`, where a connection may have it: once in
    /// some hundred starts beside a busy test, and worth another.
    static func start() async throws -> RunningDriver {
        for _ in 0..<8 {
            do { return try await startOnce() } catch let failure as WebDriver.Failure {
                guard failure.description.contains("port not available") else { throw failure }
            }
        }
        return try await startOnce()
    }

    private static func startOnce() async throws -> RunningDriver {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/chromedriver")
        process.arguments = ["--port=0"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw WebDriver.Failure(
                description: "cannot start chromedriver (apt-get install chromium-driver): \(error)")
        }
        let lines = AsyncStream<String> { continuation in
            output.fileHandleForReading.readabilityHandler = { handle in
                let data = handle.availableData
                if data.isEmpty {
                    handle.readabilityHandler = nil
                    continuation.finish()
                } else {
                    continuation.yield(String(decoding: data, as: UTF8.self))
                }
            }
        }
        // A driver that says nothing is ended, which ends the stream below.
        let pid = process.processIdentifier
        let deadline = Task {
            try await Task.sleep(for: .seconds(20))
            kill(pid, SIGKILL)
        }
        defer { deadline.cancel() }
        var said = ""
        for await piece in lines {
            said += piece
            if let match = said.firstMatch(of: #/started successfully on port (\d+)/#), let port = Int(match.output.1) {
                return RunningDriver(process: process, port: port)
            }
        }
        kill(pid, SIGKILL)
        throw WebDriver.Failure(description: "chromedriver ended: \(said)")
    }

    func command(_ method: String, _ path: String, _ body: JSONValue) async throws -> JSONValue {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .RAW(value: method)
        if method == "POST" {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(data: try JSONEncoder().encode(body)))
        }
        let response = try await client.execute(request, timeout: .seconds(60))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        let answer = try JSONDecoder().decode(JSONValue.self, from: Data(buffer: bytes))
        guard response.status == .ok else {
            let message = answer["value"]?["message"]?.string ?? "\(answer)"
            throw WebDriver.Failure(description: "\(method) \(path): \(message)")
        }
        return answer["value"] ?? .null
    }

    func end() async {
        // Threads of the test have signals blocked, and a child begins with its parent's: SIGTERM would never arrive. Its
        // browser has ended with the session.
        process.withLock { process in
            if process.isRunning { kill(pid, SIGKILL) }
        }
        try? await client.shutdown()
    }
}
