import Synchronization

/// The value that a browser's cookie must have. Whoever starts `kioskd` keeps it in the runtime folder (memory, readable
/// by `kioskd` alone), so that a browser comes back by itself after `kioskd` was restarted, and not after a boot.
public struct ScreenSecret: Sendable, CustomStringConvertible {
    let text: String

    /// 32 bytes from the system's generator.
    public init() {
        text = OneTimeTokens.random()
    }

    /// A secret that was kept: 64 lower-case hexadecimal digits, else `nil`.
    public init?(kept text: String) {
        let isHexadecimal = text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard text.utf8.count == 64, isHexadecimal else { return nil }
        self.text = text
    }

    /// For the file in the runtime folder only; write it with mode 0600.
    public var textToKeep: String { text }
    /// Never the secret.
    public var description: String { "•••" }
}

/// Tokens that open the door once: `/enter?token=…`.
final class OneTimeTokens: Sendable {
    /// The latest few; an older one that was never used stops working.
    private static let most = 8
    private let tokens = Mutex<[String]>([])

    func issue() -> String {
        let token = Self.random()
        tokens.withLock {
            $0.append(token)
            if $0.count > Self.most { $0.removeFirst() }
        }
        return token
    }

    /// Whether this token was issued and not used before.
    func use(_ candidate: String) -> Bool {
        tokens.withLock { tokens in
            guard let index = tokens.firstIndex(where: { equalInConstantTime($0, candidate) }) else { return false }
            tokens.remove(at: index)
            return true
        }
    }

    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

/// Compares without telling by its time where the two differ. Lengths are no secret.
func equalInConstantTime(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(left.utf8, right.utf8) { difference |= a ^ b }
    return difference == 0
}
