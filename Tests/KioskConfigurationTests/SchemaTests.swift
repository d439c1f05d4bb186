import Foundation
import Testing

@testable import KioskConfiguration

/// Documentation and JSON Schemas are held against the one description that the readers use.
@Suite struct SchemaTests {
    static let documents: [(page: String, schema: ObjectSchema, file: String, title: String)] = [
        ("docs/configuration.md", ConfigurationLoader.schema, "configuration", "Configuration of a kiosk"),
        ("docs/items.md", ItemLoader.schema, "item", "Service item"),
        ("docs/devices.md", DeviceProfileLoader.schema, "device-profile", "Device profile"),
        ("docs/problems.md", ProblemCatalogue.schema, "problems", "Catalogue of problems"),
        ("docs/receipt-files.md", ReceiptFile.schema, "receipt", "Slip for kioskctl receipt"),
    ]

    @Test(arguments: 0..<5) func everyFieldIsDocumentedAndNoOther(_ index: Int) throws {
        let document = Self.documents[index]
        let page = try repositoryText(document.page)
        let documented = Set(page.matches(of: #/(?m)^\| `([^`]+)` \|/#).map { String($0.1) })
        let known = Set(Self.paths(document.schema).leavesAndLists)
        #expect(known.subtracting(documented) == [], "missing in \(document.page)")
        let all = Set(Self.paths(document.schema).all)
        #expect(documented.subtracting(all) == [], "unknown to the reader, but in \(document.page)")
    }

    /// After a change of a schema: `HALLKIOSK_WRITE_SCHEMAS=1 swift test --filter SchemaTests`.
    @Test(arguments: 0..<5) func theJSONSchemaIsInStep(_ index: Int) throws {
        let document = Self.documents[index]
        let made = JSONSchema.text(document.schema, title: document.title) + "\n"
        let path = "Kiosk/schemas/\(document.file).json"
        if ProcessInfo.processInfo.environment["HALLKIOSK_WRITE_SCHEMAS"] != nil {
            try made.write(toFile: "\(repository)/\(path)", atomically: true, encoding: .utf8)
        }
        #expect(try repositoryText(path) == made)
    }

    /// Paths as the documentation writes them: `devices[].name`.
    private static func paths(_ schema: ObjectSchema, below prefix: String = "") -> (
        all: [String], leavesAndLists: [String]
    ) {
        var all: [String] = []
        var needed: [String] = []
        for field in schema.fields {
            let path = prefix.isEmpty ? field.name : "\(prefix).\(field.name)"
            all.append(path)
            switch field.type {
            case .object(let inner):
                let below = paths(inner, below: path)
                all += below.all
                needed += below.leavesAndLists
            case .list(.object(let inner), _):
                let below = paths(inner, below: path + "[]")
                all += below.all
                needed += [path] + below.leavesAndLists
            default: needed.append(path)
            }
        }
        return (all, needed)
    }
}

/// Writes a JSON Schema (draft 2020-12) of what a reader accepts.
enum JSONSchema {
    static func text(_ schema: ObjectSchema, title: String) -> String {
        var root = object(schema)
        root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        root["title"] = title
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? JSONSerialization.data(withJSONObject: root, options: options) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    private static func object(_ schema: ObjectSchema) -> [String: Any] {
        var properties: [String: Any] = [:]
        for field in schema.fields {
            var described = type(field.type)
            switch field.standard {
            case .integer(let value): described["default"] = value
            case .boolean(let value): described["default"] = value
            case .text(let value): described["default"] = value
            case nil: break
            }
            properties[field.name] = described
        }
        return [
            "type": "object", "additionalProperties": false, "properties": properties,
            "required": schema.fields.filter(\.isRequired).map(\.name),
        ]
    }

    private static func type(_ type: FieldType) -> [String: Any] {
        switch type {
        case .line(let maximum): return ["type": "string", "minLength": 1, "maxLength": maximum]
        case .identifier: return ["type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$"]
        case .path: return ["type": "string", "minLength": 1, "maxLength": 1_000]
        case .url(let secure): return ["type": "string", "pattern": secure ? "^https://" : "^https?://"]
        case .digits(let maximum): return ["type": "string", "pattern": "^[0-9]{1,\(maximum)}$"]
        case .deviceAddress: return ["type": "string", "pattern": "^(serial:/|tcp:|escl:http://|sane:[^:]+:)"]
        case .ageRecipient: return ["type": "string", "pattern": "^age1[02-9ac-hj-np-z]{58}$"]
        case .integer(let range):
            return ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .number(let range):
            return ["type": "number", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .boolean: return ["type": "boolean"]
        case .word(let words): return ["enum": words]
        case .localized(let maximum):
            let line = self.type(.line(maximum: maximum))
            return [
                "type": "object", "additionalProperties": false, "properties": ["zh-Hans": line, "en": line],
                "required": ["zh-Hans", "en"],
            ]
        case .list(let element, let count):
            return [
                "type": "array", "items": self.type(element), "minItems": count.lowerBound,
                "maxItems": count.upperBound,
            ]
        case .object(let schema): return object(schema)
        case .dictionary(let maximum):
            return [
                "type": "object", "maxProperties": maximum,
                "additionalProperties": ["type": ["string", "number", "boolean"]],
            ]
        }
    }
}
