import RecastModel

/// What Podman's Docker API takes and does not do.
enum PodmanReview {
    static func findings(in spec: ContainerSpec, on engine: EngineFacts) -> [EngineReview.Finding?] {
        guard engine.product == .podman else { return [] }
        return []
    }
}
