import DeviceKit
import HallModel

/// Keeps what is known of every device and decides what the flow hears of it.
///
/// A device that goes away and is back within a blip was never away for the resident: only the technician's view sees
/// it. What a person did (cover, paper) and what got better is passed on at once. Pure: time is given.
struct DeviceWatch: Sendable {
    struct Entry: Sendable, Equatable {
        var role: DeviceRole
        /// The last that was heard, and since when the state is so.
        var latest: DeviceStatus
        var since: Duration
        /// What the flow was told; `nil` before the first word.
        var told: DeviceStatus?
        /// A loss that is held back until then.
        var heldUntil: Duration?

        /// Something cannot be done without it now, and the flow knows: what may be no more than a warning of a device that
        /// goes on is a fault then. No item stands or falls with a code reader.
        var isOutOfUse: Bool { role != .codeReader && !latest.isUsable && told?.isUsable == false }
    }

    private(set) var entries: [String: Entry] = [:]

    init(devices: [(name: String, role: DeviceRole)], now: Duration) {
        for device in devices {
            let unheard = Problem(device.role.missing, device: device.name, evidence: "nothing heard since the start")
            entries[device.name] = Entry(
                role: device.role, latest: DeviceStatus(.offline, problem: unheard), since: now)
            entries[device.name]?.heldUntil = now + Blip.patience
        }
    }

    /// Takes a status in; returns what the flow shall hear now.
    mutating func heard(_ status: DeviceStatus, from device: String, at now: Duration) -> (DeviceRole, DeviceStatus)? {
        guard var entry = entries[device] else { return nil }
        defer { entries[device] = entry }
        if entry.latest.state != status.state || entry.latest.problem != status.problem { entry.since = now }
        entry.latest = status
        if Self.isLoss(status) {
            let wasLost = entry.told.map(Self.isLoss) ?? false
            if wasLost { return tell(&entry) }
            if entry.heldUntil == nil { entry.heldUntil = now + Blip.patience }
            return nil
        }
        entry.heldUntil = nil
        return tell(&entry)
    }

    /// Losses whose blip time has passed.
    mutating func due(at now: Duration) -> [(DeviceRole, DeviceStatus)] {
        var result: [(DeviceRole, DeviceStatus)] = []
        for name in entries.keys.sorted() {
            guard var entry = entries[name], let until = entry.heldUntil, until <= now else { continue }
            entry.heldUntil = nil
            if let told = tell(&entry) { result.append(told) }
            entries[name] = entry
        }
        return result
    }

    /// When `due(at:)` next has something to say.
    var nextDue: Duration? { entries.values.compactMap(\.heldUntil).min() }

    private func tell(_ entry: inout Entry) -> (DeviceRole, DeviceStatus)? {
        guard entry.told != entry.latest else { return nil }
        entry.told = entry.latest
        return (entry.role, entry.latest)
    }

    /// A device that is not there, as against one that asks for hands or paper.
    static func isLoss(_ status: DeviceStatus) -> Bool {
        switch status.state {
        case .offline, .noDevice, .hardwareError: status.paper != .out && status.paper != .jammed
        case .online, .busy, .userError: false
        }
    }
}
