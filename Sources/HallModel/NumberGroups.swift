extension String {
    /// A case number or acceptance code in groups of four (`9900 0012`), as people read, say and copy it.
    ///
    /// For eyes only: machines get it without spaces.
    public var inGroupsOfFour: String {
        var text = ""
        for (index, character) in filter({ $0 != " " }).enumerated() {
            if index > 0, index.isMultiple(of: 4) { text.append(" ") }
            text.append(character)
        }
        return text
    }
}
