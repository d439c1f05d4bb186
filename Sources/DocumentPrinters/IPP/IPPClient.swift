import DeviceKit
import NIOCore

/// Asks one printer or queue, one question at a time, on a thread of its own.
actor IPPClient {
    private let thread = LibraryThread()
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    nonisolated let endpoint: IPPEndpoint

    init(_ endpoint: IPPEndpoint) { self.endpoint = endpoint }

    /// Asks and waits for the answer, at most `limit` (and, before that, 3 s for a connection). Cancelling the task breaks
    /// it off.
    nonisolated func ask(
        _ request: IPPRequest, document: ByteBuffer? = nil, within limit: Duration
    ) async throws(IPPFailure) -> IPPAnswer {
        let breaker = ExchangeBreaker()
        let timer = ProgramLoop.after(limit) { breaker.breakOff(.timedOut(limit)) }
        defer { timer.cancel() }
        let result = await withTaskCancellationHandler {
            await exchange(request, document, breaker)
        } onCancel: {
            breaker.breakOff(.cancelled)
        }
        return try result.get()
    }

    private func exchange(
        _ request: IPPRequest, _ document: ByteBuffer?, _ breaker: ExchangeBreaker
    ) -> Result<IPPAnswer, IPPFailure> {
        do throws(IPPFailure) {
            var exchange = try IPPExchange(endpoint, breaker)
            return .success(try exchange.ask(request, document: document))
        } catch {
            return .failure(error)
        }
    }
}
