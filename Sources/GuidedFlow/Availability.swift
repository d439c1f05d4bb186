import HallModel

/// What the devices and the journal said last, and what follows for items and pages.
///
/// A role never heard of counts as usable: the controller reports a device that is missing as `.noDevice`.
struct Availability: Sendable {
    private var devices: [DeviceRole: DeviceStatus] = [:]
    /// Why no case can be taken in now; `nil` when submission is open.
    var submissionClosed: ProblemCode?
    /// Until the first word of it the platform counts as reachable.
    var isPlatformReachable = true

    /// What stands in the way of something.
    enum Obstacle: Sendable, Equatable {
        case device(DeviceRole, ProblemCode?)
        case closed(ProblemCode)
        /// This kiosk does not offer it, by its configuration.
        case notOffered(why: LocalizedText)
    }

    enum Change: Sendable { case none, lost, recovered }

    /// Takes over what a device said; answers whether its usability changed by that.
    mutating func note(_ role: DeviceRole, _ status: DeviceStatus) -> Change {
        let before = isUsable(role)
        devices[role] = status
        return before == status.isUsable ? .none : status.isUsable ? .recovered : .lost
    }

    func isUsable(_ role: DeviceRole) -> Bool { devices[role]?.isUsable ?? true }

    /// Whether the kiosk has such a device, and it can be used.
    func has(_ role: DeviceRole) -> Bool { devices[role]?.isUsable ?? false }

    /// Whether something of the resident's lies in the device; `nil` when it cannot tell.
    func mediaPresent(_ role: DeviceRole) -> Bool? {
        guard let status = devices[role], status.isUsable else { return nil }
        return status.mediaPresent
    }

    /// Paper lies in it, as its sensor says, or because it is stuck there.
    func hasPaper(_ role: DeviceRole) -> Bool {
        mediaPresent(role) == true || devices[role]?.problem?.code == .scannerJam
    }

    /// The first of these devices that cannot be used, with its problem.
    func obstacle(of roles: [DeviceRole]) -> Obstacle? {
        roles.first { !isUsable($0) }.map { .device($0, devices[$0]?.problem?.code) }
    }

    /// Why this item cannot be done here now; `nil` when it can.
    func obstacle(of item: ServiceItem) -> Obstacle? {
        if let why = item.closedHere { return .notOffered(why: why) }
        if item.kind == .application, let submissionClosed { return .closed(submissionClosed) }
        if item.kind == .certificate || item.needs.contains(.platform), item.kind != .progress, !isPlatformReachable {
            return .closed(.platformUnreachable)
        }
        var roles: [DeviceRole] = []
        if item.needs.contains(.scanner) || !item.materials.isEmpty { roles.append(.scanner) }
        if item.needs.contains(.receiptPrinter) { roles.append(.receiptPrinter) }
        if !roles.isEmpty { roles.append(.renderer) }
        if item.kind == .certificate || item.needs.contains(.documentPrinter) { roles.append(.documentPrinter) }
        return obstacle(of: roles)
    }
}
