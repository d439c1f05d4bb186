import HallModel
import Logging
import NIOCore
import NIOPosix
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// One worker the core wants to have: its program and the devices given to it.
public struct WorkerSpecification: Sendable, Equatable {
    /// Decides the program; a worker that says hello as another kind is turned away.
    public var kind: WorkerKind
    /// Unique among all workers.
    public var instance: String
    /// Given to the worker each time that it connects; what it reports of any other is dropped.
    public var devices: [DeviceAssignment]

    /// One wanted worker; nothing is started yet.
    public init(kind: WorkerKind, instance: String, devices: [DeviceAssignment]) {
        self.kind = kind
        self.instance = instance
        self.devices = devices
    }
}

/// How long the core waits for a worker's words.
public struct WorkerPatience: Sendable {
    /// For the first message of a connection.
    public var hello = Duration.seconds(5)
    /// Between two pings.
    public var ping = Duration.seconds(5)
    /// Without any message: the worker hangs. Longer than `ping`.
    public var silence = Duration.seconds(10)

    /// The standard times.
    public init() {}
}

/// What `WorkerHost` tells its owner.
public enum WorkerHostEvent: Sendable, Equatable {
    /// A worker said hello and was given its devices; once more after each loss.
    case connected(instance: String)
    /// The worker's socket closed; its devices are unknown until it is back.
    case lost(instance: String)
    /// What a worker reported, only of devices that were given to it.
    case event(instance: String, WorkerEvent)
}

/// The core's side of all workers: one listening socket, one connection a worker, and (unless units of their own
/// are started by systemd) the worker processes, which are started again when they die.
///
/// Use `run()` from the owner's task group: everything it starts ends when that task is cancelled.
public actor WorkerHost {
    /// What happens, for one listener, kept without bound until it is taken; ends with `run()`.
    public nonisolated let events: AsyncStream<WorkerHostEvent>
    private let eventSink: AsyncStream<WorkerHostEvent>.Continuation
    private let specifications: [String: WorkerSpecification]
    private let socketPath: String
    private let programFolder: String?
    private let logger: Logger
    private let patience: WorkerPatience
    private var lines: [String: Line] = [:]
    private var openConnections = 0
    private var nextCommand: UInt64 = 1

    /// A live connection.
    private struct Line {
        var identity: UInt64
        /// Whatever it sent last, an answer to a ping at the latest.
        var lastHeard = ContinuousClock.now
        var processID: Int32
        var outgoing: AsyncStream<WorkerFrame>.Continuation
        var waiting: [UInt64: CheckedContinuation<WorkerFrame, Never>] = [:]
    }

    /// - Parameters:
    ///   - socketPath: at most 107 bytes (`sun_path`); its folder must be the caller's alone (0700).
    ///   - programFolder: where the worker programs lie; `nil` when somebody else starts them.
    ///   - patience: the standard one suits all but tests.
    public init(
        socketPath: String, workers: [WorkerSpecification], programFolder: String?,
        patience: WorkerPatience = WorkerPatience(), logger: Logger
    ) {
        (events, eventSink) = AsyncStream.makeStream()
        self.socketPath = socketPath
        self.programFolder = programFolder
        self.patience = patience
        self.logger = logger
        specifications = Dictionary(workers.map { ($0.instance, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Listens and supervises until the task is cancelled.
    /// - Throws: when the socket cannot be bound.
    public func run() async throws {
        let path = socketPath
        // Wrapped only when it is served: an asynchronous channel that nobody serves, because the end came first, traps.
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeSucceededFuture(channel)
            }
        chmod(path, 0o600)
        defer {
            unlink(path)
            eventSink.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let programFolder {
                for specification in specifications.values {
                    group.addTask { await self.keepRunning(specification, from: programFolder) }
                }
            }
            group.addTask {
                try await server.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { group in
                        for try await connection in connections {
                            group.addTask { await self.serve(connection) }
                        }
                    }
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Runs a command on a worker.
    ///
    /// Ends at the latest 1 s after `deadline`, also when the worker is stuck or gone. Cancelling the task cancels
    /// the command.
    public func perform(
        _ command: WorkerCommand, on instance: String, attachments: [ByteBuffer] = [], deadline: Duration
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer]) {
        let id = nextCommand
        nextCommand += 1
        let timer = ProgramLoop.after(deadline + .seconds(1)) { [weak self] in
            await self?.settle(id, on: instance, with: WorkerFrame(.failed(id: id, .deadlinePassed)))
        }
        defer { timer.cancel() }
        let frame = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard lines[instance] != nil else {
                    continuation.resume(returning: WorkerFrame(.failed(id: id, .workerLost)))
                    return
                }
                if Task.isCancelled {
                    continuation.resume(returning: WorkerFrame(.failed(id: id, .cancelled)))
                    return
                }
                lines[instance]?.waiting[id] = continuation
                let milliseconds = Int(deadline / .milliseconds(1))
                lines[instance]?.outgoing.yield(
                    WorkerFrame(
                        .command(id: id, deadlineMilliseconds: milliseconds, command), attachments: attachments))
            }
        } onCancel: {
            Task { await self.cancel(id, on: instance) }
        }
        switch frame.message {
        case .completed(_, let reply): return (reply, frame.attachments)
        case .failed(_, let failure): throw failure
        default: throw .workerLost
        }
    }

    /// Whether this worker has said hello and its socket is open.
    public func isConnected(_ instance: String) -> Bool { lines[instance] != nil }

    /// Process ids of the connected workers, for `kioskctl status`.
    public var processIDs: [String: Int32] { lines.mapValues(\.processID) }

    private func cancel(_ id: UInt64, on instance: String) {
        lines[instance]?.outgoing.yield(WorkerFrame(.cancel(id: id)))
        settle(id, on: instance, with: WorkerFrame(.failed(id: id, .cancelled)))
    }

    private func settle(_ id: UInt64, on instance: String, with frame: WorkerFrame) {
        lines[instance]?.waiting.removeValue(forKey: id)?.resume(returning: frame)
    }

    // MARK: - Connections

    /// Two for each worker (one that was lost may not have noticed yet), and a few that are turned away.
    private var connectionLimit: Int { 2 * specifications.count + 4 }

    private func serve(_ connection: any Channel) async {
        openConnections += 1
        defer { openConnections -= 1 }
        let peer = await PeerCredentials.of(connection)
        guard openConnections <= connectionLimit, let peer, peer.mayBeWorker else {
            logger.error(
                "a connection was turned away",
                metadata: [
                    "user": "\(peer.map { String($0.user) } ?? "?")", "process": "\(peer?.processID ?? 0)",
                    "open": "\(openConnections)",
                ])
            try? await connection.close()
            return
        }
        let limit = WorkerFrameLimit(bytes: WorkerFrame.maximumBytesOfStranger)
        var instance: String?
        var identity: UInt64 = 0
        do {
            let channel = try await connection.eventLoop.submit { try WorkerFrame.wrap(connection, limit: limit) }.get()
            connection.setOption(.autoRead, value: true).whenFailure { _ in connection.close(promise: nil) }
            try await channel.executeThenClose { inbound, outbound in
                let (outgoing, sink) = AsyncStream<WorkerFrame>.makeStream()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for await frame in outgoing { try await outbound.write(frame) } }
                    group.addTask { [patience] in
                        try await ProgramLoop.sleep(for: patience.hello)
                        if limit.isOfStranger { connection.close(promise: nil) }
                    }
                    for try await frame in inbound {
                        if let instance {
                            receive(frame, from: instance, identity)
                            continue
                        }
                        guard case .hello(let hello) = frame.message, let specification = expected(hello) else {
                            logger.error("a connection that is no expected worker was closed")
                            break
                        }
                        limit.trust()
                        instance = hello.instance
                        identity = connect(hello, sink)
                        sink.yield(WorkerFrame(.assign(specification.devices)))
                        let number = identity
                        group.addTask {
                            await self.watch(hello.instance, number, process: peer.processID)
                            connection.close(promise: nil)
                        }
                    }
                    group.cancelAll()
                }
            }
        } catch {
            logger.warning(
                "the line to a worker broke", metadata: ["worker": "\(instance ?? "?")", "cause": "\(error)"])
        }
        if let instance { disconnect(instance, identity) }
    }

    /// Pings a worker for as long as it answers. One that does not is ended: it cannot notice that its socket closes,
    /// and only when its process is gone is it started again.
    private func watch(_ instance: String, _ identity: UInt64, process: Int32) async {
        var number: UInt64 = 0
        var asleepSince = ContinuousClock.now
        while (try? await ProgramLoop.sleep(for: patience.ping)) != nil {
            guard let line = lines[instance], line.identity == identity else { return }
            defer { asleepSince = .now }
            // Whoever overslept was stopped itself (a suspended machine, a stalled disk): what the worker said meanwhile has
            // not been read yet.
            if ContinuousClock.now - asleepSince > patience.ping * 2 { lines[instance]?.lastHeard = .now }
            let silence = ContinuousClock.now - (lines[instance]?.lastHeard ?? line.lastHeard)
            if silence >= patience.silence {
                logger.error(
                    "a worker does not answer and is ended",
                    metadata: ["worker": "\(instance)", "process": "\(process)", "silence": "\(silence)"])
                // A worker of this very process is a test's. The socket is still open, so the number is still its own.
                if process != getpid(), process > 1 { kill(process, SIGKILL) }
                return
            }
            number += 1
            line.outgoing.yield(WorkerFrame(.ping(number)))
        }
    }

    private func expected(_ hello: WorkerHello) -> WorkerSpecification? {
        guard hello.protocolVersion == WorkerHello.currentProtocol, let found = specifications[hello.instance],
            found.kind == hello.kind
        else { return nil }
        return found
    }

    private func connect(_ hello: WorkerHello, _ sink: AsyncStream<WorkerFrame>.Continuation) -> UInt64 {
        disconnect(hello.instance, lines[hello.instance]?.identity ?? 0)
        nextCommand += 1
        lines[hello.instance] = Line(identity: nextCommand, processID: hello.processID, outgoing: sink)
        eventSink.yield(.connected(instance: hello.instance))
        return nextCommand
    }

    private func disconnect(_ instance: String, _ identity: UInt64) {
        guard let line = lines[instance], line.identity == identity else { return }
        lines[instance] = nil
        line.outgoing.finish()
        for (id, continuation) in line.waiting {
            continuation.resume(returning: WorkerFrame(.failed(id: id, .workerLost)))
        }
        eventSink.yield(.lost(instance: instance))
    }

    private func receive(_ frame: WorkerFrame, from instance: String, _ identity: UInt64) {
        guard lines[instance]?.identity == identity else { return }
        lines[instance]?.lastHeard = .now
        switch frame.message {
        case .event(let event):
            // A worker speaks only of devices that were given to it.
            guard specifications[instance]?.devices.contains(where: { $0.name == event.device }) == true else { return }
            eventSink.yield(.event(instance: instance, event))
        case .completed(let id, _), .failed(let id, _):
            settle(id, on: instance, with: frame)
        case .accepted, .pong, .hello, .assign, .command, .cancel, .ping:
            return
        }
    }

    // MARK: - Processes

    /// Starts the program again whenever it ends, after 0.2 s, doubling to 5 s while it keeps dying young.
    private nonisolated func keepRunning(_ specification: WorkerSpecification, from folder: String) async {
        var delay = Duration.milliseconds(200)
        while !Task.isCancelled {
            let started = ContinuousClock.now
            do throws(WorkerProcess.NotStarted) {
                let process = try WorkerProcess(
                    path: "\(folder)/\(specification.kind.programName)",
                    arguments: ["--socket", socketPath, "--instance", specification.instance],
                    // Temporary files of a worker that is killed go with the runtime folder.
                    environment: [
                        "SWIFT_BACKTRACE": "enable=no", "TMPDIR": FilePath(socketPath).removingLastComponent().string,
                    ])
                let end = await process.waitUntilEnded()
                guard !Task.isCancelled else { return }
                logger.warning(
                    "a worker ended and is started again",
                    metadata: ["worker": "\(specification.instance)", "how": "\(end)"])
            } catch {
                guard !Task.isCancelled else { return }
                logger.error(
                    "a worker cannot be started",
                    metadata: ["worker": "\(specification.instance)", "cause": "\(error)"])
            }
            if ContinuousClock.now - started > .seconds(10) { delay = .milliseconds(200) }
            try? await ProgramLoop.sleep(for: delay)
            delay = min(delay * 2, .seconds(5))
        }
    }
}
