/// Number of an identity document as the API takes it: as printed, upper-case.
enum IdentityNumber {
    static func isValid(_ number: String) -> Bool {
        (8...18).contains(number.utf8.count)
            && number.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
    }
}
