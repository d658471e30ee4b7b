/// Paths as text: this target touches no file system.
enum FilePath {
    static func isAbsolute(_ path: String) -> Bool { path.hasPrefix("/") }

    /// `path` as seen from the directory of `file`, without `.` and needless `..`.
    static func resolve(_ path: String, besides file: String) -> String {
        isAbsolute(path) ? clean(path) : clean(directory(of: file) + "/" + path)
    }

    static func directory(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// The last component without its extension: `manifests/shop.prod.yaml` is `shop.prod`.
    static func stem(of file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// Removes `.`, `..` after a name, and doubled or trailing slashes, by text alone.
    static func clean(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else if part != ".." || !isAbsolute(path) {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        if isAbsolute(path) { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }
}
