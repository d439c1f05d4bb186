import ArgumentParser

/// Which command a call means, for the help that it is sent to.
enum HelpTopic {
    /// Refuses `help` for something that is no command; the library would show the help of what is above it.
    static func check(_ words: some Collection<String>) throws {
        guard words.first == "help" else { return try checkCommand(words) }
        let named = words.dropFirst().filter { !$0.hasPrefix("-") }
        let path = commands(named)
        guard path.count == named.count else {
            let wrong = Array(named)[path.count]
            let above = path.last ?? Kioskctl.self
            throw CommandFailure(
                .usage,
                "there is no command “\((path.map(name) + [wrong]).joined(separator: " "))”: "
                    + "kioskctl\(path.map { " " + name($0) }.joined()) has \(names(below: above)).")
        }
    }

    /// Refuses a word in a command's place that is none, and says which was meant.
    private static func checkCommand(_ words: some Collection<String>) throws {
        let path = commands(words)
        let above = path.last ?? Kioskctl.self
        guard !above.configuration.subcommands.isEmpty, let word = words.dropFirst(path.count).first, word != "help",
            !word.hasPrefix("-")
        else { return }
        let names = above.configuration.subcommands.map(name)
        let near = names.map { ($0, distance(word, $0)) }.min { $0.1 < $1.1 }
        let meant = near.flatMap { $0.1 <= 2 ? "did you mean “\($0.0)”?" : nil }
        throw CommandFailure(
            .usage,
            pointing(
                "there is no command “\((path.map(name) + [word]).joined(separator: " "))”: "
                    + (meant ?? "there are \(names.joined(separator: ", "))"), from: words))
    }

    /// How many letters are to be put in, left out, exchanged, or swapped with their neighbour.
    static func distance(_ one: String, _ other: String) -> Int {
        let (left, right) = (Array(one.prefix(32)), Array(other.prefix(32)))
        var before: [Int] = []
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var next = [i + 1]
            for (j, wanted) in right.enumerated() {
                var least = min(row[j] + (letter == wanted ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, letter == right[j - 1], left[i - 1] == wanted { least = min(least, before[j - 1] + 1) }
                next.append(least)
            }
            (before, row) = (row, next)
        }
        return row[right.count]
    }

    /// The sentence of a mistake, and where the help for it is.
    static func pointing(_ sentence: String, from words: some Collection<String>) -> String {
        var path = commands(words)
        if let standard = path.last?.configuration.defaultSubcommand { path.append(standard) }
        let help = path.isEmpty ? "kioskctl --help" : "kioskctl help" + path.map { " " + name($0) }.joined()
        if sentence.hasSuffix("?") { return "\(sentence) See \(help)." }
        return "\(sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence); see \(help)."
    }

    /// The commands that the first words name, each below the one before.
    private static func commands(_ words: some Collection<String>) -> [any ParsableCommand.Type] {
        var path: [any ParsableCommand.Type] = []
        for word in words {
            let below = (path.last ?? Kioskctl.self).configuration.subcommands
            guard let next = below.first(where: { name($0) == word }) else { break }
            path.append(next)
        }
        return path
    }

    private static func name(_ command: any ParsableCommand.Type) -> String { command._commandName }

    private static func names(below command: any ParsableCommand.Type) -> String {
        let names = command.configuration.subcommands.map(name)
        return names.isEmpty ? "no commands below it" : names.joined(separator: ", ")
    }
}
