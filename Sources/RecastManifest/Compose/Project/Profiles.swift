import RecastModel
import RecastYAML

/// Which services are on: those without profiles, and those with one of these.
struct Profiles {
    private let active: Set<String>

    init(_ names: [String]) { active = Set(names) }

    func enable(_ service: YAMLNode) -> Bool {
        guard let profiles = service["profiles"]?.items, !profiles.isEmpty, !active.contains("*") else { return true }
        return profiles.contains { $0.string.map(active.contains) ?? false }
    }

    /// The names of the services that went, and where they stood.
    func removeDisabledServices(of root: inout YAMLNode) -> [String: SourcePosition] {
        var disabled: [String: SourcePosition] = [:]
        root.change("services") { services in
            services.changeEntries { entries in
                entries.removeAll { service in
                    guard !enable(service.value) else { return false }
                    disabled[service.key] = service.keyPosition
                    return true
                }
            }
        }
        return disabled
    }
}
