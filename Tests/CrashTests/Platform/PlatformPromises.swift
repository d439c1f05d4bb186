import HallModel
import PlatformClient

/// Everything that the platform has said to its clients.
actor PlatformPromises {
    struct CaseFile: Sendable {
        var upload: String
        var sha256: String
    }

    /// A case, from its first request on.
    struct Submitted: Sendable {
        var request: NewCase
        var kiosk: Int
        var answer: PlatformCase?
        var files: [CaseFile]
    }

    struct StaffChange: Sendable {
        var detail: String
        var isAcknowledged: Bool
    }

    private(set) var cases: [ItemID: Submitted] = [:]
    /// Documents that were described to a kiosk, and whether their bytes came whole.
    private(set) var documents: [ItemID: PlatformDocument] = [:]
    private(set) var documentsFetched = 0
    private(set) var documentsGone = 0
    /// Uploads that a kiosk was told are erased.
    private(set) var terminated: [(kiosk: Int, location: String)] = []
    /// Uploads that were begun and left.
    private(set) var abandoned: [(kiosk: Int, location: String)] = []
    private(set) var changes: [String: [StaffChange]] = [:]
    /// What broke a promise at once, as sentences.
    private(set) var broken: [String] = []

    func submits(_ request: NewCase, kiosk: Int, files: [CaseFile]) {
        cases[request.id] = Submitted(request: request, kiosk: kiosk, answer: nil, files: files)
    }

    func acknowledged(_ answer: PlatformCase) {
        if let known = cases[answer.id]?.answer, known.confirmation != answer.confirmation {
            broken.append("case \(known.number) was confirmed with other bytes the second time")
        }
        cases[answer.id]?.answer = answer
    }

    func described(_ document: PlatformDocument) {
        if let known = documents[document.id], known != document {
            broken.append("document \(known.number) became \(document.number) when it was asked for again")
        }
        documents[document.id] = document
    }

    func fetched() { documentsFetched += 1 }
    func foundGone() { documentsGone += 1 }
    func wasTerminated(_ location: String, kiosk: Int) { terminated.append((kiosk, location)) }
    func wasAbandoned(_ location: String, kiosk: Int) { abandoned.append((kiosk, location)) }
    func fails(_ sentence: String) { broken.append(sentence) }

    var numbers: [String] { cases.values.compactMap(\.answer?.number) }

    func staffTries(_ detail: String, on number: String) {
        changes[number, default: []].append(StaffChange(detail: detail, isAcknowledged: false))
    }

    func staffSucceeded(on number: String) {
        guard let last = changes[number]?.indices.last else { return }
        changes[number]?[last].isAcknowledged = true
    }

    /// What the platform may say of a case: the last acknowledged words, or any that were tried after them.
    func allowedDetails(of number: String) -> Set<String?> {
        let list = changes[number] ?? []
        let start = list.lastIndex { $0.isAcknowledged }
        var allowed: Set<String?> = Set(list[(start ?? 0)...].map(\.detail))
        if start == nil { allowed.insert(nil) }
        return allowed
    }
}
