import RecastModel
import RecastYAML

/// Makes explicit what a project only means.
///
/// The default network, resource names, Dockerfiles, images of preparing steps, and the dependencies that links, borrowed volumes and shared
/// namespaces bring.
struct Normalization {
    let projectName: String
    /// Values of build arguments that have none.
    let lookup: (String) -> String?

    func apply(to root: inout YAMLNode) {
        var defaultNetworkUse: SourcePosition?
        root.change("services") { services in
            services.changeValues { service in
                guard service.value.entries != nil else { return }
                if Self.joinDefaultNetwork(&service) {
                    defaultNetworkUse = defaultNetworkUse ?? service.keyPosition
                }
                normalize(&service.value)
            }
        }
        if let defaultNetworkUse { Self.declareDefaultNetwork(in: &root, at: defaultNetworkUse) }
        for section in ["networks", "volumes", "configs", "secrets"] {
            root.change(section) { $0.changeValues(nameResource) }
        }
    }

    /// `scale` says what `deploy.replicas` is to be.
    static func alignReplicas(of root: inout YAMLNode) {
        root.change("services") { services in
            services.changeValues { service in
                guard let scale = service.value["scale"], !scale.isNull else { return }
                service.value.change("deploy") { $0.set("replicas", to: scale) }
            }
        }
    }

    /// An external resource is known by its key, any other by the project's name before it.
    private func nameResource(_ resource: inout YAMLNode.Entry) {
        if resource.value.isNull { resource.value.content = .mapping([]) }
        let key = resource.key
        let isExternal = resource.value["external"]?.bool ?? false
        resource.value.setDefault("name", isExternal ? key : "\(projectName)_\(key)")
    }

    // MARK: Networks

    /// Whether the service is in the default network, where it is put when it names no other.
    private static func joinDefaultNetwork(_ service: inout YAMLNode.Entry) -> Bool {
        guard service.value["provider"] == nil, service.value["network_mode"] == nil else { return false }
        let networks = service.value["networks"]
        if let entries = networks?.entries, !entries.isEmpty { return entries.contains { $0.key == "default" } }
        guard networks == nil || networks?.entries != nil || networks?.isNull == true else { return false }
        let here = networks?.position ?? service.keyPosition
        let entry = YAMLNode.Entry(key: "default", keyPosition: here, value: YAMLNode(.null, at: here))
        service.value.set("networks", to: YAMLNode(.mapping([entry]), at: here))
        return true
    }

    private static func declareDefaultNetwork(in root: inout YAMLNode, at position: SourcePosition) {
        if root["networks"]?.isNull ?? true { root.set("networks", to: YAMLNode(.mapping([]), at: position)) }
        root.change("networks") { networks in
            guard networks["default"] == nil else { return }
            networks.set("default", to: YAMLNode(.null, at: position))
        }
    }

    // MARK: Services

    private func normalize(_ service: inout YAMLNode) {
        service.change("pull_policy") { policy in
            if policy.string == "if_not_present" { policy = policy.replacing(.string("missing")) }
        }
        service.change("build") { build in
            build.setDefault("context", ".")
            if build["dockerfile_inline"]?.isNull ?? true { build.setDefault("dockerfile", "Dockerfile") }
            build.change("args") { arguments in
                arguments.fillEmptyValues(lookup)
                arguments.changeEntries { entries in entries.removeAll { $0.value.isNull } }
            }
        }
        service.change("volumes") { volumes in
            volumes.changeItems { mount in
                mount.change("target") { target in
                    if let path = target.string { target = target.replacing(.string(FilePath.clean(path))) }
                }
            }
        }
        if let image = service["image"], image.string?.isEmpty == false {
            service.change("pre_start") { steps in
                steps.changeItems { step in
                    if step.entries != nil, step["image"]?.isNull ?? true { step.set("image", to: image) }
                }
            }
        }
        Self.addImplicitDependencies(to: &service)
    }

    private static func addImplicitDependencies(to service: inout YAMLNode) {
        let own = service["depends_on"]
        guard own == nil || own?.entries != nil else { return }
        var known = Set(own?.entries?.map(\.key) ?? [])
        let added = ImplicitDependency.all(of: service).filter { known.insert($0.service).inserted }
        guard let first = added.first else { return }
        let dependencies = (own?.entries ?? []) + added.map(\.entry)
        service.set("depends_on", to: YAMLNode(.mapping(dependencies), at: own?.position ?? first.position))
    }
}
