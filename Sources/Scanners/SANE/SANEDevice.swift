import CSANE

/// A status of SANE that is not GOOD, and the call that gave it.
struct SANEError: Error, Equatable {
    let status: SANE_Status
    let call: String

    init(_ status: SANE_Status, _ call: String) {
        self.status = status
        self.call = call
    }

    var sentence: String { "\(call): \(String(cString: sane_strstatus(status)))" }
}

/// An open device: the typed wrapper around libsane. Use it on one thread only.
///
/// libsane is started with it and ended with it (`close`): a backend that failed begins anew.
final class SANEDevice {
    let handle: SANE_Handle
    private(set) var options: [String: SANEOption] = [:]

    /// Starts libsane with a private configuration and opens the one device.
    init(_ address: ScannerAddress) throws {
        handle = try SANEConfiguration.provide(for: address) {
            var version: SANE_Int = 0
            try Self.check(sane_init(&version, nil), "sane_init")
            var handle: SANE_Handle?
            let status = sane_open(address.deviceName, &handle)
            guard status == SANE_STATUS_GOOD, let handle else {
                sane_exit()
                throw SANEError(status == SANE_STATUS_GOOD ? SANE_STATUS_INVAL : status, "sane_open")
            }
            return handle
        }
        reload()
    }

    /// Ends libsane. Never while a `sane_read` runs.
    func close() {
        sane_close(handle)
        sane_exit()
    }

    private static func check(_ status: SANE_Status, _ call: String) throws(SANEError) {
        guard status == SANE_STATUS_GOOD else { throw SANEError(status, call) }
    }

    // MARK: - Options

    /// Reads all descriptors again: they may change with any option set, and with a scan.
    func reload() {
        var count: SANE_Int = 0
        guard sane_control_option(handle, 0, SANE_ACTION_GET_VALUE, &count, nil) == SANE_STATUS_GOOD else { return }
        options = [:]
        for index in 1..<max(1, min(count, 1_000)) {
            guard let option = SANEOption(index: index, sane_get_option_descriptor(handle, index)) else { continue }
            options[option.name] = option
        }
    }

    func number(_ name: String) -> Double? {
        guard let option = options[name], [SANE_TYPE_INT, SANE_TYPE_FIXED].contains(option.type), option.size == 4
        else { return nil }
        var word: SANE_Word = 0
        guard sane_control_option(handle, option.index, SANE_ACTION_GET_VALUE, &word, nil) == SANE_STATUS_GOOD
        else { return nil }
        return option.value(word)
    }

    func string(_ name: String) -> String? {
        guard let option = options[name], option.type == SANE_TYPE_STRING, option.size > 0 else { return nil }
        var bytes = [CChar](repeating: 0, count: option.size + 1)
        guard sane_control_option(handle, option.index, SANE_ACTION_GET_VALUE, &bytes, nil) == SANE_STATUS_GOOD
        else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Sets a number to the nearest that is allowed; nothing where the device has no such option.
    func set(_ name: String, to value: Double) throws(SANEError) {
        guard let option = options[name], option.isSettable else { return }
        var word = option.nearest(value)
        try control(option, &word)
    }

    /// Sets a string, matched with the allowed ones. A name that matches none is an error, not a default.
    func set(_ name: String, to value: String) throws(SANEError) {
        guard let option = options[name], option.isSettable else { return }
        switch option.type {
        case SANE_TYPE_STRING:
            guard let match = option.nearest(value), option.size > match.utf8.count else {
                throw SANEError(SANE_STATUS_INVAL, "option \(name)")
            }
            var bytes = match.utf8.map(CChar.init(bitPattern:))
            bytes += [CChar](repeating: 0, count: option.size - bytes.count)
            try control(option, &bytes)
        case SANE_TYPE_BOOL:
            var word: SANE_Word = ["yes", "true", "1", "on"].contains(value.lowercased()) ? 1 : 0
            try control(option, &word)
        case SANE_TYPE_INT, SANE_TYPE_FIXED:
            guard let number = Double(value), number.isFinite, option.size == 4 else {
                throw SANEError(SANE_STATUS_INVAL, "option \(name)")
            }
            var word = option.nearest(number)
            try control(option, &word)
        default:
            throw SANEError(SANE_STATUS_INVAL, "option \(name)")
        }
    }

    private func control(_ option: SANEOption, _ value: UnsafeMutableRawPointer) throws(SANEError) {
        var info: SANE_Int = 0
        try Self.check(
            sane_control_option(handle, option.index, SANE_ACTION_SET_VALUE, value, &info), "option \(option.name)")
        if info & SANE_INFO_RELOAD_OPTIONS != 0 { reload() }
    }

    // MARK: - Scanning

    func start() throws(SANEError) {
        try Self.check(sane_start(handle), "sane_start")
        reload()
    }

    func parameters() throws(SANEError) -> SANE_Parameters {
        var parameters = SANE_Parameters()
        try Self.check(sane_get_parameters(handle, &parameters), "sane_get_parameters")
        return parameters
    }

    /// Reads some bytes of the frame; 0 at its end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SANEError) -> Int {
        // Some backends take a length of zero for an invitation to wait for ever.
        precondition(buffer.count > 0)
        var length: SANE_Int = 0
        repeat {
            let status = sane_read(
                handle, buffer.bindMemory(to: SANE_Byte.self).baseAddress, SANE_Int(clamping: buffer.count), &length)
            if status == SANE_STATUS_EOF { return 0 }
            try Self.check(status, "sane_read")
        } while length <= 0
        return min(Int(length), buffer.count)
    }

    func cancel() { sane_cancel(handle) }
}
