extension String {
    /// A case number or acceptance code in groups of four (`9900 0012`), as people read, say and copy it.
    ///
    /// For eyes only: machines get it without spaces. A number that has an order of its own (spaces, dashes) keeps it.
    public var inGroupsOfFour: String {
        guard utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }) else {
            return self
        }
        var text = ""
        for (index, character) in enumerated() {
            if index > 0, index.isMultiple(of: 4) { text.append(" ") }
            text.append(character)
        }
        return text
    }
}
