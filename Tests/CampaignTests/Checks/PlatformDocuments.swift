import GRDB

/// The certificates that the platform has made, read from outside while it runs.
enum PlatformDocuments {
    /// All that were ever made, those that were given up since included: each has a number of its own that can be checked.
    static func made(folder: String) throws -> Int {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let database = try DatabaseQueue(path: "\(folder)/platform.sqlite", configuration: configuration)
        return try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM document") ?? 0 }
    }

    /// One for each person who came for one, and one more for each second copy, whatever was lost on the way.
    static func broken(made: Int, visits: Int, secondCopies: Int) -> [String] {
        made <= visits + secondCopies
            ? [] : ["\(made) certificates were made for \(visits) people and \(secondCopies) second copies"]
    }
}
