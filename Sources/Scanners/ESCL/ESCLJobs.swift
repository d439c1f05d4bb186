/// The jobs that a scanner lists in `ScannerStatus` (Mopria eSCL 2.97, chapter 9).
enum ESCLJobs {
    static let maximum = 16

    /// Names, as in `ScanJobs/NAME`, of the jobs that are not over; at most `maximum`. Any bytes may be given.
    static func unfinished(in document: some Sequence<UInt8>) -> [String] {
        var names: [String] = []
        var name: String?
        for element in XMLElements(document) where element.path.contains("JobInfo") {
            switch element.path.last {
            case "JobInfo": name = nil
            case "JobUri": name = Self.name(element.text)
            case "JobState" where element.text == "Pending" || element.text == "Processing":
                if let name, names.count < maximum { names.append(name) }
            default: continue
            }
        }
        return names
    }

    /// The last part of a job's address, if it can stand in a request as it is.
    private static func name(_ uri: String) -> String? {
        guard let last = uri.split(separator: "/").last, last.utf8.count <= 100 else { return nil }
        let isPlain = last.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
                || byte == 95
        }
        return isPlain ? String(last) : nil
    }
}
