import HallModel
import Logging
import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// What a worker does: everything else (socket, framing, deadlines, cancellation) is `WorkerProgram`'s.
public protocol WorkerHandler: Sendable {
    /// The whole list of devices to drive from now on. Returns when the old ones are let go and the new ones started.
    func assign(_ devices: [DeviceAssignment]) async

    /// Carries out a command. Runs in a task of its own, cancelled by `cancel`, by its deadline, or when the core
    /// goes away.
    func perform(
        _ command: WorkerCommand, attachments: [ByteBuffer]
    ) async throws(WorkerFailure) -> (WorkerReply, [ByteBuffer])

    /// Work that goes on beside commands: polling devices. Cancelled when the core goes away.
    func run() async
}

extension WorkerHandler {
    /// For a `run()` that has nothing to do but to tidy up when the core goes away.
    public func untilCancelled() async {
        let (never, sink) = AsyncStream<Never>.makeStream()
        await withTaskCancellationHandler {
            for await _ in never {}
        } onCancel: {
            sink.finish()
        }
    }
}

/// A worker's line to the core for events. Sending never blocks; events wait in order behind a slow socket.
public struct WorkerPort: Sendable {
    let outgoing: AsyncStream<WorkerFrame>.Continuation

    /// Hands an event to the socket.
    public func send(_ event: WorkerEvent) { outgoing.yield(WorkerFrame(.event(event))) }
}

/// The main program of every worker: connect, say hello, serve until the core's socket closes.
public enum WorkerProgram {
    /// Arguments every worker takes.
    public struct Arguments: Sendable {
        /// Where the core listens.
        public var socketPath: String
        /// The kind's name where `--instance` was not given.
        public var instance: String

        /// Reads `--socket PATH [--instance NAME]`; anything else is an error.
        public init?(_ arguments: [String], kind: WorkerKind) {
            var socketPath: String?
            var instance = kind.rawValue
            var rest = arguments.dropFirst()
            while let flag = rest.popFirst() {
                guard let value = rest.popFirst() else { return nil }
                switch flag {
                case "--socket": socketPath = value
                case "--instance": instance = value
                default: return nil
                }
            }
            guard let socketPath else { return nil }
            self.socketPath = socketPath
            self.instance = instance
        }
    }

    /// Runs the worker and ends the process: 0 when the core closed the socket, 64 for wrong arguments, 69 when
    /// the core cannot be reached.
    ///
    /// On the main actor, because anything else would start Swift's pool, whose keeper wakes every second.
    @MainActor
    public static func main(
        _ kind: WorkerKind, arguments: [String] = CommandLine.arguments,
        makeHandler: @Sendable (WorkerPort, Arguments) -> any WorkerHandler
    ) async -> Never {
        ProgramLoop.choose()
        guard let parsed = Arguments(arguments, kind: kind) else {
            say("usage: \(kind.programName) --socket PATH [--instance NAME]")
            exit(64)
        }
        // Core dumps would hold a resident's card; a terminal's Ctrl-C is for the core, which then closes the socket.
        var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)
        Allocator.staysSmall()
        signal(SIGINT, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        do {
            try await withTaskExecutorPreference(ProgramLoop.executor) {
                try await serve(kind, parsed, makeHandler: makeHandler)
            }
            exit(0)
        } catch {
            say("\(kind.programName): cannot talk to the core at \(parsed.socketPath): \(error)")
            exit(69)
        }
    }

    private static func say(_ sentence: String) {
        let bytes = Array((sentence + "\n").utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Serves one connection; returns when it closes.
    static func serve(
        _ kind: WorkerKind, _ arguments: Arguments,
        makeHandler: @Sendable (WorkerPort, Arguments) -> any WorkerHandler
    ) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: arguments.socketPath) { channel in
                channel.eventLoop.makeCompletedFuture { try WorkerFrame.wrap(channel) }
            }
        try await channel.executeThenClose { inbound, outbound in
            let (outgoing, port) = AsyncStream<WorkerFrame>.makeStream()
            port.yield(
                WorkerFrame(.hello(WorkerHello(kind: kind, instance: arguments.instance, processID: getpid()))))
            let handler = makeHandler(WorkerPort(outgoing: port), arguments)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for await frame in outgoing { try await outbound.write(frame) } }
                group.addTask { await handler.run() }
                let session = WorkerSession(handler: handler, outgoing: port)
                try await session.serve(inbound)
                group.cancelAll()
            }
        }
    }
}

/// Hands frames to a handler, one task a command.
private struct WorkerSession {
    let handler: any WorkerHandler
    let outgoing: AsyncStream<WorkerFrame>.Continuation

    func serve(_ inbound: NIOAsyncChannelInboundStream<WorkerFrame>) async throws {
        let running = RunningCommands()
        // Beside the reading of frames: letting go of a device may take long, and pings are to be answered meanwhile.
        var assigning: Task<Void, Never>?
        defer { running.cancelAll() }
        for try await frame in inbound {
            switch frame.message {
            case .assign(let devices):
                assigning = Task(executorPreference: ProgramLoop.executor) { [handler, earlier = assigning] in
                    await earlier?.value
                    await handler.assign(devices)
                }
            case .command(let id, let deadline, let command):
                outgoing.yield(WorkerFrame(.accepted(id: id)))
                running.start(id) { [handler, outgoing, assigned = assigning] in
                    await assigned?.value
                    outgoing.yield(
                        await Self.answer(id, command, frame.attachments, deadlineMilliseconds: deadline, by: handler))
                }
            case .cancel(let id):
                running.cancel(id)
            case .ping(let number):
                outgoing.yield(WorkerFrame(.pong(number)))
            case .hello, .accepted, .event, .completed, .failed, .pong:
                // Only a core speaks to a worker; these are never a core's words.
                continue
            }
        }
    }

    private static func answer(
        _ id: UInt64, _ command: WorkerCommand, _ attachments: [ByteBuffer], deadlineMilliseconds: Int,
        by handler: any WorkerHandler
    ) async -> WorkerFrame {
        await withTaskGroup(of: WorkerFrame?.self) { group in
            group.addTask {
                do throws(WorkerFailure) {
                    let (reply, attached) = try await handler.perform(command, attachments: attachments)
                    return WorkerFrame(.completed(id: id, reply), attachments: attached)
                } catch {
                    return WorkerFrame(.failed(id: id, error))
                }
            }
            group.addTask {
                try? await ProgramLoop.sleep(for: .milliseconds(deadlineMilliseconds))
                return Task.isCancelled ? nil : WorkerFrame(.failed(id: id, .deadlinePassed))
            }
            var first: WorkerFrame?
            while first == nil, let frame = await group.next() { first = frame }
            group.cancelAll()
            return first ?? WorkerFrame(.failed(id: id, .cancelled))
        }
    }
}

/// The commands under way, by their ids; one that has ended is kept no longer.
final class RunningCommands: Sendable {
    private let tasks = Mutex<[UInt64: Task<Void, Never>]>([:])

    var count: Int { tasks.withLock(\.count) }

    func start(_ id: UInt64, _ body: @escaping @Sendable () async -> Void) {
        // Under the lock: a task that ends at once finds itself to be removed.
        tasks.withLock { tasks in
            tasks[id] = Task(executorPreference: ProgramLoop.executor) { [self] in
                await body()
                remove(id)
            }
        }
    }

    func cancel(_ id: UInt64) { tasks.withLock { $0[id] }?.cancel() }

    func cancelAll() { for task in tasks.withLock({ Array($0.values) }) { task.cancel() } }

    private func remove(_ id: UInt64) { tasks.withLock { $0[id] = nil } }
}
