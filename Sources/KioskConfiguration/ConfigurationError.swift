/// One thing that is wrong in a configuration file, and where.
///
/// Printed as `file:line:column: field: sentence`, so that an editor can jump to it.
public struct ConfigurationError: Error, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Path of the file, as it was given or found.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, counted in Unicode scalars.
    public var column: Int
    /// Path of the field inside the file: `devices[0].address`; empty where the file as a whole is meant.
    public var field: String
    /// What is wrong and, where that can be said, what to write instead.
    public var sentence: String

    /// One thing that is wrong; without a place it is the file as a whole.
    public init(file: String, line: Int = 1, column: Int = 1, field: String = "", sentence: String) {
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.sentence = sentence
    }

    /// One line: `file:line:column: field: sentence`.
    public var description: String {
        "\(file):\(line):\(column): \(field.isEmpty ? "" : field + ": ")\(sentence)"
    }

    /// By file, then by place.
    public static func < (left: ConfigurationError, right: ConfigurationError) -> Bool {
        (left.file, left.line, left.column, left.field, left.sentence)
            < (right.file, right.line, right.column, right.field, right.sentence)
    }
}

/// Everything that was found wrong at once; never empty.
public struct ConfigurationErrors: Error, Sendable, CustomStringConvertible {
    /// Sorted by file and place where they come from a loader; at most 100.
    public var errors: [ConfigurationError]

    /// Errors of a caller's own; there should be one at least.
    public init(_ errors: [ConfigurationError]) { self.errors = errors }

    /// One line each.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// Collects errors while files are read. At most 100 are kept: nobody reads more, and input must not choose our memory.
final class ErrorCollector {
    static let limit = 100
    private(set) var errors: [ConfigurationError] = []

    var isEmpty: Bool { errors.isEmpty }

    func add(_ error: ConfigurationError) {
        guard errors.count < Self.limit, !errors.contains(error) else { return }
        errors.append(error)
    }

    /// Throws when anything was collected.
    func throwIfAny() throws(ConfigurationErrors) {
        guard !errors.isEmpty else { return }
        throw ConfigurationErrors(errors.sorted())
    }
}
