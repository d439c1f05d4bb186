import HallModel

/// One material on its way from paper to 收好了: each page laid down, scanned, looked at and kept; then all stored.
struct MaterialScan: Sendable {
    struct ScannedPage: Sendable, Equatable {
        var id: PageID
        var checks: PageChecks
    }

    enum Stage: Sendable, Equatable {
        /// The page in hand is to be laid down.
        case prompt
        /// The scanner draws. `isInterrupted`: it was lost meanwhile, and no outcome came yet.
        case scanning(isInterrupted: Bool)
        case scanFailed(ProblemCode)
        /// The page in hand was scanned; the person looks at it.
        case preview
        case storing
        case storeFailed(ProblemCode)
        case stored
    }

    let requirement: ServiceItem.MaterialRequirement
    private(set) var stage: Stage = .prompt
    /// The page in hand, 0-based.
    private(set) var index = 0
    private(set) var pages: [ScannedPage?]
    /// A sealed file of this material exists; it stays until a new one has taken its place.
    private(set) var isStored = false

    init(_ requirement: ServiceItem.MaterialRequirement) {
        self.requirement = requirement
        pages = Array(repeating: nil, count: requirement.pages.count)
        if requirement.pages.isEmpty { stage = .stored; isStored = true }
    }

    var isScanning: Bool { if case .scanning = stage { true } else { false } }
    var isBusy: Bool { isScanning || stage == .storing }
    var pageInHand: ScannedPage? { pages.indices.contains(index) ? pages[index] : nil }
    var isLastPage: Bool { index + 1 >= pages.count }
    /// Anything that ending the session would lose.
    var holdsSomething: Bool { (isStored && !requirement.pages.isEmpty) || pages.contains { $0 != nil } }

    /// A page that is cut off can never be kept; anything else is the person's to judge.
    var canKeep: Bool { pageInHand.map { !$0.checks.findings.contains(.incomplete) } ?? false }

    mutating func scan() -> [FlowEffect] {
        switch stage {
        case .prompt, .scanFailed:
            stage = .scanning(isInterrupted: false)
            return [.scanPage(material: requirement.id, index: index)]
        case .scanning(isInterrupted: true):
            stage = .scanning(isInterrupted: false)
            return [.cancelScan, .scanPage(material: requirement.id, index: index)]
        default: return []
        }
    }

    mutating func scanned(_ id: PageID, _ checks: PageChecks) -> [FlowEffect] {
        guard isScanning else { return pages.contains { $0?.id == id } ? [] : [.discardPage(id)] }
        let replaced = pages[index]
        pages[index] = ScannedPage(id: id, checks: checks)
        stage = .preview
        return replaced.map { $0.id == id ? [] : [.discardPage($0.id)] } ?? []
    }

    mutating func scanFailed(_ code: ProblemCode) {
        if isScanning { stage = .scanFailed(code) }
    }

    /// The person does not want this scan after all: back to laying the page down, which is then scanned anew.
    mutating func giveUpScan() -> [FlowEffect] {
        guard isScanning else { return [] }
        stage = .prompt
        return [.cancelScan]
    }

    /// The scanner, or the part that looks at pages, was lost.
    mutating func deviceLost() {
        if isScanning { stage = .scanning(isInterrupted: true) }
    }

    /// What was lost is back: the page is where it was, and a store that failed is tried again. Not so when a scan was broken
    /// off and nobody knows where its paper is: that stays said until the person has looked.
    mutating func deviceRecovered(_ role: DeviceRole) -> [FlowEffect] {
        switch (stage, role) {
        case (.scanning(isInterrupted: true), _):
            stage = .scanning(isInterrupted: false)
        case (.scanFailed(let code), _) where code != .scanInterrupted:
            stage = .prompt
        case (.storeFailed, .renderer):
            return store()
        default: break
        }
        return []
    }

    /// Paper was put in after the scanner had asked for it.
    mutating func paperArrived() {
        if stage == .scanFailed(.scannerNoPaper) { stage = .prompt }
    }

    mutating func keep() -> [FlowEffect] {
        guard stage == .preview, canKeep else { return [] }
        guard isLastPage else {
            index += 1
            stage = pageInHand == nil ? .prompt : .preview
            return []
        }
        return store()
    }

    mutating func scanAgain() { if stage == .preview { stage = .prompt } }

    /// Tries the store once more after it failed.
    mutating func retryStore() -> [FlowEffect] {
        if case .storeFailed = stage { store() } else { [] }
    }

    /// The sealed file is safe: the plain pages are of no more use, and go.
    mutating func stored() -> [FlowEffect] {
        guard stage == .storing else { return [] }
        let effects = discardPages()
        isStored = true
        stage = .stored
        return effects
    }

    mutating func notStored(_ code: ProblemCode) { if stage == .storing { stage = .storeFailed(code) } }

    /// 更改: the pages are scanned anew. The stored ones stay until the new ones are safe.
    mutating func startOver() {
        guard stage == .stored, !requirement.pages.isEmpty else { return }
        index = 0
        stage = .prompt
    }

    /// 更改 is given up: what was scanned anew goes, what was stored before stays.
    mutating func giveUpReplacing() -> [FlowEffect] {
        guard isStored, !isBusy else { return [] }
        stage = .stored
        return discardPages()
    }

    /// One page back inside this material. `false`: it was at its beginning.
    mutating func back() -> Bool {
        switch stage {
        case .prompt, .scanFailed:
            if pageInHand != nil {
                stage = .preview
                return true
            }
            stage = index > 0 ? .preview : .prompt
            guard index > 0 else { return false }
            index -= 1
            return true
        case .storeFailed:
            stage = .preview
            return true
        case .preview:
            guard index > 0 else { return false }
            index -= 1
            stage = .preview
            return true
        case .stored, .scanning, .storing: return false
        }
    }

    /// Everything of this material goes.
    func abandoned() -> [FlowEffect] {
        var effects: [FlowEffect] = isScanning ? [.cancelScan] : []
        effects += pages.compactMap { $0.map { .discardPage($0.id) } }
        if isStored, !requirement.pages.isEmpty { effects.append(.eraseMaterial(requirement.id)) }
        return effects
    }

    private mutating func discardPages() -> [FlowEffect] {
        let effects = pages.compactMap { $0.map { FlowEffect.discardPage($0.id) } }
        pages = pages.map { _ in nil }
        index = 0
        return effects
    }

    private mutating func store() -> [FlowEffect] {
        let ids = pages.compactMap { $0?.id }
        guard ids.count == pages.count else { return [] }
        stage = .storing
        return [.storeMaterial(requirement.id, pages: ids)]
    }
}
