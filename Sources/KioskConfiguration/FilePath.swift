/// The one place where configured paths are put together.
enum FilePath {
    /// `path` as it is when absolute, else below `folder`.
    static func join(_ folder: String, _ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "." { return folder }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    /// The folder that a file lies in: `.` for a bare name.
    static func folder(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }
}
