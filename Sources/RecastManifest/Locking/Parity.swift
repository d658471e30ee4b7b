package import RecastModel

/// In what a service differs between two environments that must not differ.
package enum Parity {
    /// In clauses, sorted; the names of what the target lacks, and what the program is made to do there otherwise.
    ///
    /// Values of variables, ports, limits, networks, labels and hosts may differ.
    package static func problems(_ source: ContainerSpec, _ target: ContainerSpec) -> [String] {
        let (before, after) = (BaseSpec.parts(of: source), BaseSpec.parts(of: target))
        return before.keys.sorted().compactMap { path in
            guard let value = after[path] else { return "\(words(path)) is missing" }
            return value == before[path] ? nil : "\(path) differs"
        }
            + after.keys.sorted().compactMap { path in
                before[path] == nil && !BaseSpec.isNamed(path) ? "\(path) differs" : nil
            }
    }

    private static func words(_ path: String) -> String {
        guard let (section, name) = path.split(separator: ".", maxSplits: 1).pair else { return path }
        switch section {
        case "environment": return "variable \(name)"
        case "volumes": return "mount \(name)"
        default: return path
        }
    }
}

extension [Substring] {
    fileprivate var pair: (Substring, Substring)? { count == 2 ? (self[0], self[1]) : nil }
}
