/// Paths as text: this target touches no file system.
enum FilePath {
    static func isAbsolute(_ path: String) -> Bool { path.hasPrefix("/") }

    /// `path` as seen from the directory of `file`, without `.` and needless `..`.
    static func resolve(_ path: String, besides file: String) -> String {
        resolve(path, in: directory(of: file))
    }

    /// `path` as seen from where `directory` is seen from.
    static func resolve(_ path: String, in directory: String) -> String {
        isAbsolute(path) ? clean(path) : clean(directory + "/" + path)
    }

    /// A bare name stays one, to be looked for in `PATH`; a path is as seen from the directory of `file`, and stays one.
    static func program(_ program: String, besides file: String) -> String {
        guard program.contains("/") else { return program }
        let path = resolve(program, besides: file)
        return path.contains("/") ? path : "./" + path
    }

    /// `path` as seen from `base`, both seen from one place; a path that leads elsewhere stays as it is.
    static func relative(_ path: String, to base: String) -> String {
        let (path, base) = (clean(path), clean(base))
        guard isAbsolute(path) == isAbsolute(base) else { return path }
        let target = path.split(separator: "/").filter { $0 != "." }
        let start = base.split(separator: "/").filter { $0 != "." }
        let common = zip(target, start).prefix { $0 == $1 }.count
        guard !start[common...].contains("..") else { return path }
        let parts = start[common...].map { _ in ".." } + target[common...]
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    static func directory(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// The last component.
    static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// The last component without its extension: `manifests/shop.prod.yaml` is `shop.prod`.
    static func stem(of file: String) -> String {
        let name = name(of: file)
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
