import Foundation

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

    /// - Throws: ``APIProblem`` `malformed-body` that names the member.
    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw APIProblem(.malformedBody, sentence(for: error))
        } catch {
            throw APIProblem(.malformedBody, "The body is not JSON.")
        }
    }

    private static func sentence(for error: DecodingError) -> String {
        func name(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "Member `\(name(context.codingPath + [key]))` is missing."
        case .typeMismatch(_, let context): return "Member `\(name(context.codingPath))` has the wrong type."
        case .valueNotFound(_, let context): return "Member `\(name(context.codingPath))` must not be null."
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "The body is not JSON." : "Member `\(name(context.codingPath))` is not what the API description says."
        @unknown default: return "The body could not be understood."
        }
    }
}
