/// `os[/architecture[/variant]]`, as images and manifests spell it.
struct PlatformName {
    private let parts: [String]

    private static let spellings = ["x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64"]

    init(_ text: String) {
        var parts = text.lowercased().split(separator: "/").map(String.init)
        if parts.count > 1 { parts[1] = Self.spellings[parts[1]] ?? parts[1] }
        // The one variant that there is.
        if parts.count == 3, parts[1] == "arm64", parts[2] == "v8" { parts.removeLast() }
        self.parts = parts
    }

    /// Whether it is what was asked for: what was not said may be anything, and so may what is not known.
    func fits(_ wanted: String) -> Bool { zip(parts, Self(wanted).parts).allSatisfy { $0 == $1 } }
}
