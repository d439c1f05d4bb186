import AsyncHTTPClient
import Foundation
import HallModel
import NIOCore
import NIOHTTP1

extension PlatformAPI {
    /// A sealed file to be sent.
    public struct FileToSend: Sendable, Equatable {
        /// Of the file on the disk; read while it is sent.
        public var path: String
        /// As the journal has it. A file of another length is not sent.
        public var bytes: Int
        /// As the journal has it, 64 lower-case hexadecimal digits; announced to the platform, which holds the bytes
        /// against it.
        public var sha256: String
        /// Id of the material; for the answers, of the case.
        public var item: ItemID

        /// A file; whether it is there is found when it is sent.
        public init(path: String, bytes: Int, sha256: String, item: ItemID) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
            self.item = item
        }
    }

    /// Uploads a file, going on where an earlier attempt stopped, straight from the disk.
    /// - Parameters:
    ///   - location: what an earlier attempt gave to `began`.
    ///   - began: told where a new upload lies, before the first byte is sent.
    ///   - reached: told how many bytes the platform has acknowledged.
    /// - Returns: where the complete upload lies.
    public func upload(
        _ file: FileToSend, location: String? = nil, began: (String) async throws -> Void = { _ in },
        reached: @Sendable (Int64) async -> Void = { _ in }
    ) async throws(PlatformError) -> String {
        let length: Int64
        do { length = try await FileBytes.length(of: file.path) } catch { throw .fileDamaged(words: "not there") }
        guard length == Int64(file.bytes) else { throw .fileDamaged(words: "another length than recorded") }
        // A location of the journal is checked like one of the server.
        let known = location.flatMap { TusHeaderFields.location([$0], base: uploads) }
        var upload = TusUpload(length: length, location: known?.absoluteString)
        while true {
            guard !Task.isCancelled else { throw .cancelled }
            switch upload.next {
            case .finished(let location): return location
            case .failed(let error): throw error
            case .pause(let duration):
                do { try await Task.sleep(for: duration) } catch { throw .cancelled }
                upload.paused()
            case .create, .inspect, .send:
                let step = upload.next
                do throws(PlatformError) {
                    upload.received(try await perform(step, of: file, length: length))
                    if case .send(_, let offset) = upload.next { await reached(offset) }
                    if case .finished = upload.next { await reached(length) }
                } catch {
                    switch error {
                    case .unreachable: upload.broke(error)
                    default: throw error
                    }
                }
                if step == .create, let location = upload.location {
                    do { try await began(location) } catch { throw .fileDamaged(words: "the journal took no location") }
                }
            }
        }
    }

    private var uploads: URL { base.appending(path: "v1/uploads") }

    private func perform(
        _ step: TusUpload.Step, of file: FileToSend, length: Int64
    ) async throws(PlatformError) -> TusUpload.Answer {
        var request: HTTPClientRequest
        var limit = timeouts.call
        switch step {
        case .create:
            request = HTTPClientRequest(url: uploads.absoluteString)
            request.method = .POST
            request.headers.add(name: "Upload-Length", value: "\(length)")
            request.headers.add(
                name: "Upload-Metadata", value: TusHeaderFields.metadata(item: file.item, digest: file.sha256))
            // An explicit empty body: some servers insist on Content-Length.
            request.body = .bytes(ByteBuffer())
        case .inspect(let location):
            request = HTTPClientRequest(url: location)
            request.method = .HEAD
        case .send(let location, let offset):
            request = HTTPClientRequest(url: location)
            request.method = .PATCH
            request.headers.add(name: "Upload-Offset", value: "\(offset)")
            request.headers.add(name: "Content-Type", value: "application/offset+octet-stream")
            request.body = .stream(
                FileBytes(path: file.path, range: offset..<length, bytesPerSecond: uploadBytesPerSecond),
                length: .known(length - offset))
            let slowest = min(timeouts.slowestBytesPerSecond, uploadBytesPerSecond.map { Int64($0 / 2) } ?? .max)
            limit = limit + .seconds((length - offset) / max(1, slowest))
        case .pause, .finished, .failed:
            throw .cancelled
        }
        request.headers.add(name: "Tus-Resumable", value: TusHeaderFields.version)
        let (response, body): (HTTPClientResponse, ByteBuffer)
        if case .send = step {
            do throws(PlatformError) {
                (response, body) = try await exchange(request, within: limit)
            } catch {
                // One answer too many stood on the connection: what became of the bytes is asked for on another one.
                guard error == Self.answerToAnother else { throw error }
                throw .unreachable(words: "an answer to another request")
            }
        } else {
            (response, body) = try await ownAnswer(request)
        }
        let headers = response.headers
        return TusUpload.Answer(
            status: Int(response.status.code),
            location: TusHeaderFields.location(headers["Location"], base: uploads)?.absoluteString,
            offset: TusHeaderFields.byteCount(headers["Upload-Offset"]),
            length: TusHeaderFields.byteCount(headers["Upload-Length"]), problem: Self.problemType(body),
            retryAfter: TusHeaderFields.retryAfter(headers["Retry-After"], now: Date()))
    }
}
