import Foundation
import GRDB
import NIOCore

extension UploadStore {
    /// Writes a body from `offset` on, as it comes.
    ///
    /// However it ends, what arrived is on disk and acknowledged before this returns or throws; only a body that is
    /// longer than the file is refused as a whole.
    ///
    /// - Parameters:
    ///   - contentLength: of the body, when it is known.
    ///   - giveWay: ends the body early, because a newer request wants the upload.
    /// - Throws: ``APIProblem`` `not-found`, `upload-gone`, `upload-busy`, `offset-mismatch`, `too-large`, `too-slow`,
    ///   `disk-full` or `unavailable`.
    func append<Body: AsyncSequence & Sendable>(
        _ id: String, kiosk: String, offset: Int64, contentLength: Int64?, body: Body,
        giveWay: @escaping @Sendable () -> Void
    ) async throws -> Upload where Body.Element == ByteBuffer {
        _ = try await find(id, kiosk: kiosk)
        let token = try await turns.take(id, giveWay: giveWay)
        // The work goes on when the request's own task is cancelled: received bytes are still made durable.
        let work = Task {
            do {
                let upload = try await appendInTurn(
                    id, kiosk: kiosk, offset: offset, contentLength: contentLength, body: body)
                await turns.give(id, token)
                return upload
            } catch {
                await turns.give(id, token)
                throw error
            }
        }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            giveWay()
        }
    }

    private func appendInTurn<Body: AsyncSequence & Sendable>(
        _ id: String, kiosk: String, offset: Int64, contentLength: Int64?, body: Body
    ) async throws -> Upload where Body.Element == ByteBuffer {
        let upload = try await find(id, kiosk: kiosk)
        guard upload.offset == offset else {
            throw APIProblem(.offsetMismatch, "The upload stands at \(upload.offset), not at \(offset).")
                .with(offset: upload.offset)
        }
        let tooLarge = APIProblem(.tooLarge, "The body is longer than what is missing of the file.")
            .with(limit: upload.length - offset)
        if let contentLength, contentLength > upload.length - offset { throw tooLarge }
        try await checkRoom(for: upload.length - offset)
        let path = path(id)
        let descriptor = try await files { try StoredFile.openForWriting(path) }
        defer { StoredFile.close(descriptor) }
        var progress = Progress(durable: offset)
        do {
            for try await buffer in body where buffer.readableBytes > 0 {
                let position = progress.position
                guard position + Int64(buffer.readableBytes) <= upload.length else { throw tooLarge }
                try await files {
                    try buffer.withUnsafeReadableBytes { bytes in
                        try StoredFile.write(bytes, to: descriptor, at: position, path: path)
                    }
                }
                progress.position += Int64(buffer.readableBytes)
                // The last offset is acknowledged together with the digest: a death between the two would leave a file
                // that is all there and never complete.
                if progress.position < upload.length, progress.position - progress.durable >= Self.checkpointBytes {
                    try await acknowledge(upload, descriptor: descriptor, offset: progress.position)
                    progress.durable = progress.position
                }
                try progress.checkPace()
            }
        } catch let problem as APIProblem where problem.kind == .tooLarge {
            let durable = progress.durable
            try await files { try StoredFile.truncate(descriptor, to: durable, path: path) }
            throw problem
        } catch {
            // The connection was cut, the client was too slow or the disk is full: what is there counts.
            _ = try await settle(upload, descriptor: descriptor, progress: progress)
            if error is APIProblem { throw error }
            throw APIProblem(.tooSlow, "The connection ended before the body did.")
        }
        let settled = try await settle(upload, descriptor: descriptor, progress: progress)
        if let contentLength, progress.position - offset < contentLength {
            throw APIProblem(.tooSlow, "The connection ended before the body did.")
        }
        return settled
    }

    private struct Progress {
        /// Bytes written.
        var position: Int64
        /// Bytes acknowledged.
        var durable: Int64
        let began = ContinuousClock.now
        let start: Int64

        init(durable: Int64) {
            position = durable
            self.durable = durable
            start = durable
        }

        /// A line that carries less than 128 bytes a second over its first minute and after is not one that a page
        /// can come through; it would only hold a connection.
        func checkPace() throws {
            let seconds = (ContinuousClock.now - began).components.seconds
            guard seconds > 60, position - start < seconds * 128 else { return }
            throw APIProblem(.tooSlow, "The body comes too slowly.")
        }
    }

    private func settle(_ upload: Upload, descriptor: Int32, progress: Progress) async throws -> Upload {
        if progress.position == upload.length, upload.state == .open {
            let path = path(upload.id)
            try await files { try StoredFile.sync(descriptor, path: path) }
            return try await complete(upload)
        }
        if progress.position > progress.durable {
            try await acknowledge(upload, descriptor: descriptor, offset: progress.position)
        }
        return try await find(upload.id, kiosk: upload.kiosk)
    }

    /// fsync, then the row.
    private func acknowledge(_ upload: Upload, descriptor: Int32, offset: Int64) async throws {
        let path = path(upload.id)
        try await files { try StoredFile.sync(descriptor, path: path) }
        _ = try await database.pool.write { db in
            try db.execute(
                sql: "UPDATE upload SET offset = ?, touched = ? WHERE id = ? AND state = 'open'",
                arguments: [offset, clock.now().unixSeconds, upload.id])
        }
    }
}
