import Crypto
import Foundation
import HallModel
import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A failed system call on a file, with its errno.
struct FileFailure: Error, CustomStringConvertible {
    var operation: String
    var path: String
    var code: Int32

    var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
    var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }
}

/// Durable file operations. All of them block: call them on a thread pool.
enum StoredFile {
    /// Replaces `path` with `data` such that after a power cut it holds either the old or the new content.
    static func replace(_ path: String, with data: Data, mode: mode_t = 0o600) throws {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileFailure(operation: "create", path: temporary, code: errno) }
        do {
            defer { close(descriptor) }
            try write(data, to: descriptor, at: 0, path: temporary)
            try sync(descriptor, path: temporary)
        }
        guard rename(temporary, path) == 0 else { throw FileFailure(operation: "rename", path: path, code: errno) }
        try syncFolder(of: path)
    }

    /// Makes an empty file, durable together with its name.
    static func create(_ path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(operation: "create", path: path, code: errno) }
        defer { close(descriptor) }
        try sync(descriptor, path: path)
        try syncFolder(of: path)
    }

    static func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw FileFailure(operation: "remove", path: path, code: errno)
        }
        try syncFolder(of: path)
    }

    /// Size in bytes, `nil` when there is no such file.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// Bytes that this process may still write to the file system of `path`.
    static func freeBytes(_ path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }

    static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw FileFailure(operation: "make folder", path: path, code: errno)
        }
    }

    static func openForWriting(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(operation: "open", path: path, code: errno) }
        return descriptor
    }

    /// Closes without a check: what matters was synced before.
    static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }

    static func write(_ data: some ContiguousBytes, to descriptor: Int32, at offset: Int64, path: String) throws {
        try data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset) + off_t(done))
                if count < 0 {
                    if errno == EINTR { continue }
                    throw FileFailure(operation: "write", path: path, code: errno)
                }
                done += count
            }
        }
    }

    static func sync(_ descriptor: Int32, path: String) throws {
        guard fsync(descriptor) == 0 else { throw FileFailure(operation: "fsync", path: path, code: errno) }
    }

    static func truncate(_ descriptor: Int32, to length: Int64, path: String) throws {
        guard ftruncate(descriptor, off_t(length)) == 0 else {
            throw FileFailure(operation: "truncate", path: path, code: errno)
        }
    }

    static func syncFolder(of path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(operation: "open", path: folder, code: errno) }
        defer { close(descriptor) }
        try sync(descriptor, path: folder)
    }

    /// All bytes of a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        var content: [UInt8] = []
        try eachChunk(of: path) { chunk in
            guard content.count + chunk.count <= limit else {
                throw FileFailure(operation: "read", path: path, code: EFBIG)
            }
            content.append(contentsOf: chunk)
        }
        return content
    }

    /// SHA-256 of a file in hexadecimal digits.
    static func digest(_ path: String) throws -> String {
        var hash = SHA256()
        try eachChunk(of: path) { hash.update(bufferPointer: $0) }
        return Hexadecimal.text(hash.finalize())
    }

    private static func eachChunk(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure(operation: "open", path: path, code: errno) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 * 1024, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure(operation: "read", path: path, code: errno)
            }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
