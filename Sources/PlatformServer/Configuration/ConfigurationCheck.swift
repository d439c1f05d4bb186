import Foundation

/// Finds what is wrong with a configuration, and says so with the member's own name.
struct ConfigurationCheck {
    private(set) var sentences: [String] = []

    /// Everything that is wrong with the members' values.
    static func sentences(_ configuration: PlatformConfiguration) -> [String] {
        var check = ConfigurationCheck()
        check.items(configuration.items)
        check.statuses(configuration.statuses)
        check.documents(configuration.documents)
        check.limits(configuration.limits)
        return check.sentences
    }

    // MARK: - Members that are not known

    /// A member with a misspelt name would silently be the standard.
    static func unknownMembers(in json: Any) -> [String] {
        typealias Configuration = PlatformConfiguration
        var check = ConfigurationCheck()
        let top = check.known(json, "", Configuration.CodingKeys.self)
        for (index, item) in array(top["items"]) {
            let members = check.known(item, "items[\(index)]", Configuration.Item.CodingKeys.self)
            for (place, material) in array(members["materials"]) {
                _ = check.known(material, "items[\(index)].materials[\(place)]", ["id", "title"])
            }
        }
        for (index, status) in array(top["statuses"]) {
            _ = check.known(status, "statuses[\(index)]", Configuration.Status.CodingKeys.self)
        }
        let documents = check.known(top["documents"], "documents", Configuration.Documents.CodingKeys.self)
        for (index, kind) in array(documents["kinds"]) {
            _ = check.known(kind, "documents.kinds[\(index)]", ["item", "title", "periodQuestion"])
        }
        _ = check.known(top["limits"], "limits", Configuration.Limits.CodingKeys.self)
        return check.sentences
    }

    private static func array(_ value: Any?) -> [(Int, Any)] { Array(((value as? [Any]) ?? []).enumerated()) }

    private mutating func known<Keys: CodingKey & CaseIterable>(
        _ value: Any?, _ path: String, _ keys: Keys.Type
    ) -> [String: Any] { known(value, path, keys.allCases.map(\.stringValue)) }

    private mutating func known(_ value: Any?, _ path: String, _ keys: [String]) -> [String: Any] {
        let members = value as? [String: Any] ?? [:]
        for name in members.keys.sorted() where !keys.contains(name) {
            let whole = path.isEmpty ? name : "\(path).\(name)"
            sentences.append("`\(whole)` is not known; there are \(keys.sorted().joined(separator: ", ")).")
        }
        return members
    }

    // MARK: - Values

    private mutating func items(_ items: [PlatformConfiguration.Item]) {
        if items.isEmpty { sentences.append("`items` must name at least one item.") }
        var seen: Set<String> = []
        for (index, item) in items.enumerated() {
            let path = "items[\(index)]"
            id(item.id, "\(path).id", &seen)
            text(item.title, "\(path).title", 60)
            if let window = item.window { text(window, "\(path).window", 60) }
            var materials: Set<String> = []
            for (place, material) in item.materials.enumerated() {
                id(material.id, "\(path).materials[\(place)].id", &materials)
                text(material.title, "\(path).materials[\(place)].title", 60)
            }
        }
    }

    private mutating func statuses(_ statuses: [PlatformConfiguration.Status]) {
        guard let first = statuses.first else {
            sentences.append("`statuses` must name at least one status: the first is given to a new case.")
            return
        }
        if first.isFinal { sentences.append("`statuses[0].final` is true, but a new case gets this status.") }
        if first.needsDetail {
            sentences.append("`statuses[0].needsDetail` is true, but nobody can write a detail for a new case.")
        }
        var seen: Set<String> = []
        for (index, status) in statuses.enumerated() {
            let path = "statuses[\(index)]"
            id(status.id, "\(path).id", &seen)
            text(status.title, "\(path).title", 30)
            if let note = status.note { text(note, "\(path).note", 500) }
            if status.isFinal, status.next != nil {
                sentences.append("`\(path).next` must be left out: nothing follows a final status.")
            }
            if let next = status.next, next.isEmpty {
                sentences.append("`\(path).next` names no status; leave it out for any, or make the status final.")
            }
            for (place, id) in (status.next ?? []).enumerated() where !statuses.contains(where: { $0.id == id }) {
                sentences.append("`\(path).next[\(place)]` is `\(id)`, and there is no such status.")
            }
        }
    }

    private mutating func documents(_ documents: PlatformConfiguration.Documents) {
        var seen: Set<String> = []
        for (index, kind) in documents.kinds.enumerated() {
            let path = "documents.kinds[\(index)]"
            id(kind.item, "\(path).item", &seen)
            text(kind.title, "\(path).title", 40)
            if !(1...64).contains(kind.periodQuestion.count) {
                sentences.append("`\(path).periodQuestion` must be the id of a question.")
            }
        }
        if !(1...40).contains(documents.office.count) {
            sentences.append("`documents.office` must have 1 to 40 characters.")
        }
        if let address = documents.checkAddress {
            let isAddress = URL(string: address).map { ["http", "https"].contains($0.scheme) && $0.host() != nil }
            if isAddress != true || address.utf8.count > 200 {
                sentences.append("`documents.checkAddress` must be an address that begins with https://.")
            }
        }
        range(documents.expirySeconds, "documents.expirySeconds", 10...86_400)
        range(Int64(documents.openPerKiosk), "documents.openPerKiosk", 1...10_000)
        range(Int64(documents.memoryBytes), "documents.memoryBytes", 1 << 20...16 << 30)
        for (index, number) in documents.numbersWithoutRecord.enumerated() where !IdentityNumber.isValid(number) {
            sentences.append("`documents.numbersWithoutRecord[\(index)]` must be 8 to 18 digits and capital letters.")
        }
    }

    private mutating func limits(_ limits: PlatformConfiguration.Limits) {
        range(limits.uploadBytes, "limits.uploadBytes", 1 << 10...1 << 40)
        range(Int64(limits.openUploadsPerKiosk), "limits.openUploadsPerKiosk", 1...1_000_000)
        range(limits.openBytesPerKiosk, "limits.openBytesPerKiosk", 1 << 10...1 << 50)
        range(limits.uploadExpirySeconds, "limits.uploadExpirySeconds", 60...365 * 86_400)
        range(limits.minimumFreeBytes, "limits.minimumFreeBytes", 0...1 << 50)
        range(Int64(limits.bodyBytes), "limits.bodyBytes", 4 << 10...64 << 20)
        range(Int64(limits.requestsPerMinute), "limits.requestsPerMinute", 1...10_000_000)
        range(Int64(limits.lookupsPerMinute), "limits.lookupsPerMinute", 1...10_000_000)
        range(limits.idleSeconds, "limits.idleSeconds", 1...3600)
        range(Int64(limits.connections), "limits.connections", 1...100_000)
    }

    // MARK: - Pieces

    private mutating func id(_ id: String, _ path: String, _ seen: inout Set<String>) {
        let isID =
            (1...64).contains(id.utf8.count) && id.first != "-"
            && id.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
        if !isID {
            sentences.append("`\(path)` must be 1 to 64 small letters, digits and hyphens.")
        } else if !seen.insert(id).inserted {
            sentences.append("`\(path)` is `\(id)`, which is there already.")
        }
    }

    private mutating func text(_ text: PlatformText, _ path: String, _ longest: Int) {
        if text.simplifiedChinese.isEmpty { sentences.append("`\(path)` has no text in zh-Hans.") }
        for (tag, words) in text.byLanguage.sorted(by: { $0.key < $1.key }) {
            if tag.wholeMatch(of: #/[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*/#) == nil {
                sentences.append("`\(path).\(tag)`: `\(tag)` is not a language tag such as `en`.")
            } else if words.count > longest * (tag == PlatformText.original ? 1 : 4) {
                sentences.append("`\(path)` is too long in \(tag): \(words.count) characters.")
            } else if words.isEmpty, tag != PlatformText.original {
                sentences.append("`\(path)` is empty in \(tag); leave the language out.")
            }
        }
    }

    private mutating func range(_ value: Int64, _ path: String, _ range: ClosedRange<Int64>) {
        guard !range.contains(value) else { return }
        sentences.append("`\(path)` is \(value), and must be \(range.lowerBound) to \(range.upperBound).")
    }
}

extension PlatformConfiguration {
    /// Reads and checks a configuration file.
    ///
    /// - Throws: ``PlatformFailure`` that names the file and every member that is wrong.
    public static func read(_ path: String) throws -> PlatformConfiguration {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
            let posix = cause.map { $0 as NSError }
            let why =
                posix?.domain == NSPOSIXErrorDomain
                ? String(cString: strerror(Int32(posix?.code ?? 0))) : "is it a file?"
            throw PlatformFailure("The configuration \(path) cannot be read: \(why)")
        }
        guard data.count <= 1 << 20 else { throw PlatformFailure("The configuration \(path) is larger than 1 MiB.") }
        let configuration: PlatformConfiguration
        do {
            configuration = try PlatformJSON.decode(PlatformConfiguration.self, from: data, what: "file")
        } catch let problem as APIProblem {
            throw PlatformFailure("The configuration \(path) is not valid: \(problem.detail)")
        }
        if let name = JSONText.nameGivenTwice(in: data) {
            throw PlatformFailure("The configuration \(path) is not valid: `\(name)` is there twice.")
        }
        let json = (try? JSONSerialization.jsonObject(with: data)) ?? [:]
        let wrong = ConfigurationCheck.unknownMembers(in: json) + ConfigurationCheck.sentences(configuration)
        guard wrong.isEmpty else {
            throw PlatformFailure("The configuration \(path) is not valid: " + wrong.joined(separator: " "))
        }
        return configuration
    }
}
