import Glibc
import Yams

/// Reads one YAML file within bounds: at most 1 MiB, 32 levels, 200,000 marks of structure, no anchors, no aliases, no
/// explicit keys, one document.
///
/// What could blow up inside the YAML library (an alias that doubles itself, a mapping as a key) is refused before it
/// gets there; the library itself stops at 1,000 levels.
struct YAMLReader {
    static let maximumBytes = 1 << 20
    static let maximumDepth = 32
    static let maximumMarks = 200_000

    let file: String

    /// The root of the file, or `nil` after adding what is wrong to `errors`.
    ///
    /// - Parameter referrer: the field that named the file; an error about the file as a whole is told there too.
    func root(errors: ErrorCollector, namedBy referrer: YAMLField? = nil) -> YAMLField? {
        guard let bytes = bytes(errors: errors, namedBy: referrer) else { return nil }
        return root(of: bytes, errors: errors)
    }

    /// The bytes of the file, at most `maximumBytes`.
    func bytes(errors: ErrorCollector, namedBy referrer: YAMLField? = nil) -> [UInt8]? {
        func refuse(_ why: String) -> [UInt8]? {
            if let referrer {
                errors.add(referrer.error("the file \(file) \(why)"))
            } else {
                errors.add(ConfigurationError(file: file, sentence: "the file \(why)"))
            }
            return nil
        }
        // O_NONBLOCK: opening a pipe must not wait for its writer.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return refuse("cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return refuse("is not a regular file")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return refuse("cannot be read: \(String(cString: strerror(errno)))") }
            if count == 0 { return bytes }
            bytes += chunk[0..<count]
            guard bytes.count <= Self.maximumBytes else { return refuse("is larger than 1 MiB") }
        }
    }

    /// The root of a document given as bytes.
    func root(of bytes: [UInt8], errors: ErrorCollector) -> YAMLField? {
        guard bytes.count <= Self.maximumBytes else {
            errors.add(ConfigurationError(file: file, sentence: "the file is larger than 1 MiB"))
            return nil
        }
        if let refusal = YAMLPreflight(file: file).refusal(of: bytes) {
            errors.add(refusal)
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            errors.add(notUTF8(bytes))
            return nil
        }
        do {
            guard let node = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
                errors.add(ConfigurationError(file: file, sentence: "the file is empty"))
                return nil
            }
            let root = YAMLField(node: node, path: "", file: file)
            guard let deep = root.firstField(deeperThan: Self.maximumDepth) else { return root }
            errors.add(deep.error("is nested deeper than \(Self.maximumDepth) levels"))
        } catch let error as YamlError {
            errors.add(describe(error))
        } catch {
            errors.add(ConfigurationError(file: file, sentence: "the file cannot be read as YAML"))
        }
        return nil
    }

    private func notUTF8(_ bytes: [UInt8]) -> ConfigurationError {
        // The longest valid prefix ends in the line that is told.
        var low = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): low += UTF8.width(scalar)
            case .emptyInput, .error: break decoding
            }
        }
        let place = YAMLPreflight.place(of: low, in: bytes)
        return ConfigurationError(
            file: file, line: place.line, column: place.column,
            sentence: "the text is not UTF-8; save the file in the encoding UTF-8")
    }

    private func describe(_ error: YamlError) -> ConfigurationError {
        func at(_ mark: Mark, _ sentence: String, field: String = "") -> ConfigurationError {
            ConfigurationError(
                file: file, line: max(1, mark.line), column: max(1, mark.column), field: field, sentence: sentence)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let before = context.map { " (\($0.text), begun in line \($0.mark.line))" } ?? ""
            return at(mark, "this is not YAML: \(problem)\(before)")
        case .composer(let context, let problem, let mark, _):
            return at(mark, "this is not accepted: \(context.map { $0.text + " " } ?? "")\(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let name = quoted(duplicates.first ?? "")
            return at(
                context.mark, "the field \(name) stands more than once in the same place; keep one",
                field: duplicates.first.map { String($0.prefix(60)) } ?? "")
        case .reader(let problem, let offset, _, let yaml):
            let bytes = Array(yaml.prefix(offset ?? 0).utf8)
            let place = YAMLPreflight.place(of: bytes.count, in: bytes)
            return ConfigurationError(
                file: file, line: place.line, column: place.column, sentence: "this is not YAML: \(problem)")
        default:
            return ConfigurationError(file: file, sentence: "the file cannot be read as YAML")
        }
    }
}

/// A value as it may stand in a sentence: at most 40 characters, on one line.
func quoted(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(40) {
        shown.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return "“\(String(shown))\(text.unicodeScalars.count > 40 ? "…" : "")”"
}
