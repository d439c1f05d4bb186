import Foundation
import HallModel

/// The one way in which the platform writes and reads JSON.
enum PlatformJSON {
    /// Sorted keys, no white space, slashes as they are. For strings, whole numbers, arrays and objects this is the
    /// canonical form of RFC 8785, as long as the keys are ASCII; only such values are signed.
    static func encode(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The types given here hold strings, whole numbers, arrays and objects only, which always encode.
        return (try? encoder.encode(value)) ?? Data("{}".utf8)
    }

    /// - Parameter what: how the sentence calls the text.
    /// - Throws: ``APIProblem`` `malformed-body` that names the member and what it must be.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from data: Data, what: String = "body"
    ) throws -> Value {
        if let byte = JSONText.firstByteThatIsNotUTF8(in: data) {
            throw APIProblem(.malformedBody, "The \(what) is not UTF-8: byte \(byte) cannot be read.")
        }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw APIProblem(.malformedBody, sentence(for: error, in: data, what: what))
        } catch let problem as APIProblem {
            throw problem
        } catch {
            throw APIProblem(.malformedBody, "The \(what) is not JSON.")
        }
    }

    /// `materials[0].pages`.
    static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
    }

    /// What a program that fills this member must write.
    private static func words(for type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        default: "\(type)".hasPrefix("Array") ? "an array" : "an object"
        }
    }

    private static func sentence(for error: DecodingError, in data: Data, what: String) -> String {
        func must(_ keys: [any CodingKey], _ type: Any.Type) -> String {
            keys.isEmpty
                ? "The \(what) must be a JSON object." : "Member `\(path(keys))` must be \(words(for: type))."
        }
        switch error {
        case .keyNotFound(let key, let context): return "Member `\(path(context.codingPath + [key]))` is missing."
        case .typeMismatch(let type, let context): return must(context.codingPath, type)
        case .valueNotFound(let type, let context): return must(context.codingPath, type)
        case .dataCorrupted(let context):
            guard context.codingPath.isEmpty else {
                if context.debugDescription.hasPrefix("Number") {
                    return "Member `\(path(context.codingPath))` must be a whole number, and not so large."
                }
                return "Member `\(path(context.codingPath))` is not what the API description says."
            }
            return "The \(what) is not JSON"
                + (JSONText.place(in: data).map { ": \($0)." } ?? ".")
        @unknown default: return "The \(what) could not be understood."
        }
    }
}

extension KeyedDecodingContainer {
    /// A member that may be left out may not be `null`: the API description allows a string there and nothing else.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        contains(key) ? try decode(type, forKey: key) : nil
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        contains(key) ? try decode(type, forKey: key) : nil
    }

    func decodeIfPresent(_ type: Sensitive<String>.Type, forKey key: Key) throws -> Sensitive<String>? {
        contains(key) ? try decode(type, forKey: key) : nil
    }

    /// The ids in the API are of one kind, and are refused in one sentence, whatever is wrong with them.
    func decode(_ type: ItemID.Type, forKey key: Key) throws -> ItemID {
        let text = try decode(String.self, forKey: key)
        guard let id = ItemID(rawValue: text), id.isVersion7 else {
            throw APIProblem(
                .malformedBody, "Member `\(PlatformJSON.path(codingPath + [key]))` must be a lower-case UUIDv7.")
        }
        return id
    }
}
