import RecastModel

/// What Podman's Docker API takes and does not do, without a word.
enum PodmanReview {
    static func findings(in spec: ContainerSpec, on engine: EngineFacts) -> [EngineReview.Finding] {
        guard engine.product == .podman else { return [] }
        return ignored(in: spec).map { field, help in
            EngineReview.Finding(
                kind: .engineRefuses, detail: "\(field) has no effect on \(engine.title), which takes it silently",
                help: help)
        }
    }

    private static func ignored(in spec: ContainerSpec) -> [(field: String, help: String)] {
        var found: [(String, String)] = []
        if let check = spec.healthcheck {
            if check.test?.isEmpty ?? true {
                found.append(("healthcheck without a test", "write the image's own test under healthcheck.test"))
            }
            if check.startInterval ?? 0 != 0 {
                found.append(("healthcheck.start_interval", "leave it out"))
            }
        }
        if !(spec.domainname ?? "").isEmpty {
            found.append(("domainname", "leave it out, or put the domain into hostname"))
        }
        if spec.entrypoint == [] {
            found.append(("an empty entrypoint", "write [\"\"] to clear it, or the whole command as entrypoint"))
        }
        for (name, value) in spec.environment.sorted(by: { $0.key < $1.key }) where value == nil {
            found.append(("environment.\(name) without a value", "give it an empty value"))
        }
        return found
    }
}
