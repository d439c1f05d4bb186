/// One request at a time works on an upload. A newer one asks the older to give way: after a lost network the kiosk is
/// back long before the server would notice that the old connection is dead.
actor UploadTurns {
    private struct Holder {
        var token: Int
        var giveWay: @Sendable () -> Void
    }

    private var holders: [String: Holder] = [:]
    private var waiting: [String: [Int: CheckedContinuation<Void, Never>]] = [:]
    private var counter = 0

    /// Waits for the turn, asking whoever has it to give way.
    ///
    /// - Parameter giveWay: called when somebody else wants the turn; must end this holder's work soon.
    /// - Throws: ``APIProblem`` `upload-busy` when the turn does not come within `patience`.
    func take(
        _ upload: String, patience: Duration = .seconds(5), giveWay: @escaping @Sendable () -> Void = {}
    ) async throws -> Int {
        let deadline = ContinuousClock.now + patience
        while let holder = holders[upload] {
            holder.giveWay()
            guard ContinuousClock.now < deadline else {
                throw APIProblem(.uploadBusy, "Another request is working on this upload.").retry(afterSeconds: 1)
            }
            await wait(for: upload, until: deadline)
        }
        counter += 1
        holders[upload] = Holder(token: counter, giveWay: giveWay)
        return counter
    }

    func give(_ upload: String, _ token: Int) {
        guard holders[upload]?.token == token else { return }
        holders[upload] = nil
        for continuation in (waiting.removeValue(forKey: upload) ?? [:]).values { continuation.resume() }
    }

    private func wait(for upload: String, until deadline: ContinuousClock.Instant) async {
        counter += 1
        let waiter = counter
        let alarm = Task {
            try? await Task.sleep(until: deadline)
            self.wake(upload, waiter)
        }
        await withCheckedContinuation { waiting[upload, default: [:]][waiter] = $0 }
        alarm.cancel()
    }

    private func wake(_ upload: String, _ waiter: Int) {
        waiting[upload]?.removeValue(forKey: waiter)?.resume()
    }
}
