import CSANE

/// One option of an open device, copied out of its descriptor (SANE standard 1.06, 4.2.9).
struct SANEOption: Equatable {
    enum Constraint: Equatable {
        case none
        case range(minimum: Int32, maximum: Int32, step: Int32)
        case words([Int32])
        case strings([String])
    }

    let index: Int32
    let name: String
    let type: SANE_Value_Type
    let unit: SANE_Unit
    /// Bytes of the value.
    let size: Int
    let isSettable: Bool
    let constraint: Constraint

    init?(index: Int32, _ descriptor: UnsafePointer<SANE_Option_Descriptor>?) {
        guard let descriptor = descriptor?.pointee, let name = descriptor.name else { return nil }
        self.index = index
        self.name = String(cString: name)
        type = descriptor.type
        unit = descriptor.unit
        size = Int(descriptor.size)
        isSettable = descriptor.cap & SANE_CAP_SOFT_SELECT != 0 && descriptor.cap & SANE_CAP_INACTIVE == 0
        constraint = Self.constraint(descriptor)
    }

    private static func constraint(_ descriptor: SANE_Option_Descriptor) -> Constraint {
        switch descriptor.constraint_type {
        case SANE_CONSTRAINT_RANGE:
            guard let range = descriptor.constraint.range?.pointee else { return .none }
            return .range(minimum: range.min, maximum: range.max, step: range.quant)
        case SANE_CONSTRAINT_WORD_LIST:
            guard let list = descriptor.constraint.word_list else { return .none }
            return .words((0..<max(0, min(Int(list[0]), 10_000))).map { list[1 + $0] })
        case SANE_CONSTRAINT_STRING_LIST:
            guard let list = descriptor.constraint.string_list else { return .none }
            var strings: [String] = []
            while strings.count < 1_000, let text = list[strings.count] { strings.append(String(cString: text)) }
            return .strings(strings)
        default: return .none
        }
    }

    /// A number in the option's own words: FIXED counts 1/65536.
    func word(_ value: Double) -> Int32 {
        let scaled = type == SANE_TYPE_FIXED ? value * 65_536 : value.rounded()
        return Int32(exactly: scaled.rounded()) ?? (scaled < 0 ? .min : .max)
    }

    func value(_ word: Int32) -> Double { type == SANE_TYPE_FIXED ? Double(word) / 65_536 : Double(word) }

    /// The allowed value for `wanted`: inside of a range, of a list the next one that is not smaller, else the
    /// largest.
    func nearest(_ wanted: Double) -> Int32 {
        let word = word(wanted)
        switch constraint {
        case .range(let minimum, let maximum, _): return min(max(word, minimum), max(minimum, maximum))
        case .words(let list): return list.filter { $0 >= word }.min() ?? list.max() ?? word
        case .none, .strings: return word
        }
    }

    /// The allowed string for `wanted`, letter case aside; "ADF" also finds "Automatic Document Feeder".
    func nearest(_ wanted: String) -> String? {
        guard case .strings(let allowed) = constraint else { return wanted }
        let text = wanted.lowercased()
        if let exact = allowed.first(where: { $0.lowercased() == text }) { return exact }
        guard Self.namesFeeder(text) else { return nil }
        let feeders = allowed.filter { Self.namesFeeder($0.lowercased()) }
        return feeders.first { !$0.lowercased().contains("duplex") } ?? feeders.first
    }

    static func namesFeeder(_ source: String) -> Bool {
        let text = source.lowercased()
        return text.contains("adf") || text.contains("feeder")
    }
}
