/// A repository of a registry, by the name that images have: `docker.io/library/nginx`.
package struct Repository: Hashable, Comparable, Sendable {
    /// Host and port.
    package let registry: String
    private let path: String

    /// `name`: registry and path in full, without tag and digest.
    package init(_ name: String) {
        let slash = name.firstIndex(of: "/") ?? name.endIndex
        registry = Self.canonical(String(name[..<slash]))
        path = String(name[slash...].dropFirst())
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { (lhs.registry, lhs.path) < (rhs.registry, rhs.path) }

    /// The server that a login to Docker Hub is recorded under.
    static let hubServer = "https://index.docker.io/v1/"
    private static let hub = "docker.io"
    private static let hubNames: Set<String> = [hub, "index.docker.io", "registry-1.docker.io"]

    /// The name under which docker asks its helpers for this registry.
    package var server: String { registry == Self.hub ? Self.hubServer : registry }

    /// How exactly a key of a credential file means this repository: the number of its path's parts; `nil`: it does not.
    ///
    /// A key is a registry, or a registry with the beginning of a path. What looks like a URL is its host alone.
    func match(_ key: String) -> Int? {
        let parts = Self.parts(of: key)
        guard let host = parts.first, Self.canonical(host) == registry else { return nil }
        let own = path.split(separator: "/").map(String.init)
        let wanted = Array(parts.dropFirst())
        return own.starts(with: wanted) ? wanted.count : nil
    }

    private static func parts(of key: String) -> [String] {
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) {
            return key.dropFirst(scheme.count).split(separator: "/").prefix(1).map(String.init)
        }
        let parts = key.split(separator: "/").map(String.init)
        // Docker Hub's own key without its scheme.
        return parts.count == 2 && ["v1", "v2"].contains(parts[1]) ? [parts[0]] : parts
    }

    private static func canonical(_ host: String) -> String {
        let lowered = host.lowercased()
        return hubNames.contains(lowered) ? hub : lowered
    }
}
