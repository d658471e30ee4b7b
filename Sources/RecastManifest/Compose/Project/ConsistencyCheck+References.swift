import RecastModel
import RecastYAML

extension ConsistencyCheck {
    mutating func checkReferences(of service: YAMLNode.Entry) {
        checkDependencies(of: service)
        checkNetworks(of: service)
        for mount in service.value["volumes"]?.items ?? [] where mount["type"]?.string == "volume" {
            check(mount["source"], of: service, in: "volumes", .undefinedVolume, kind: "volume")
        }
        for config in service.value["configs"]?.items ?? [] {
            check(config["source"], of: service, in: "configs", .undefinedConfig, kind: "config")
        }
        let buildSecrets = service.value["build"]?["secrets"]?.items ?? []
        for secret in (service.value["secrets"]?.items ?? []) + buildSecrets {
            check(secret["source"], of: service, in: "secrets", .undefinedSecret, kind: "secret")
        }
        for model in service.value["models"]?.entries ?? [] {
            check(model.key, at: model.keyPlace, of: service, in: "models", .undefinedModel, kind: "model")
        }
    }

    // MARK: Services

    private mutating func checkDependencies(of service: YAMLNode.Entry) {
        let dependencies = service.value["depends_on"]?.entries ?? []
        for dependency in dependencies where project.service(dependency.key) == nil {
            let isRequired = dependency.value["required"]?.bool ?? true
            if project.disabled[dependency.key] != nil, !isRequired { continue }
            report(missing: dependency.key, neededBy: service, at: dependency.keyPlace)
        }
        guard let mode = service.value["network_mode"], let text = mode.string,
            let name = ImplicitDependency.serviceReference(text), project.service(name) == nil,
            !dependencies.contains(where: { $0.key == name })
        else { return }
        report(
            missing: name, neededBy: service,
            at: mode.place(offset: "service:".count, length: name.unicodeScalars.count))
    }

    private mutating func report(missing name: String, neededBy service: YAMLNode.Entry, at place: Place) {
        if let position = project.disabled[name] {
            report.error(
                .disabledService, "service '\(service.key)' depends on '\(name)', which no profile enables", at: place,
                help: "enable one of its profiles, or add `required: false`",
                notes: [.init("'\(name)' is declared here", at: position)])
        } else {
            report.error(
                .undefinedService, "service '\(service.key)' depends on '\(name)', which is not declared", at: place,
                help: project.helpForService(name))
        }
    }

    // MARK: Resources

    private mutating func checkNetworks(of service: YAMLNode.Entry) {
        guard let networks = service.value.entry("networks"), let entries = networks.value.entries else { return }
        if let mode = service.value.entry("network_mode"), let text = mode.value.string, !text.isEmpty, !entries.isEmpty
        {
            report.error(
                .conflict, "service '\(service.key)' has 'networks' and 'network_mode'", at: mode.keyPlace,
                help: "keep one of them", notes: [.init("'networks' is here", at: networks.keyPosition)])
        }
        for network in entries {
            check(network.key, at: network.keyPlace, of: service, in: "networks", .undefinedNetwork, kind: "network")
        }
    }

    private mutating func check(
        _ source: YAMLNode?, of service: YAMLNode.Entry, in section: String, _ code: Code, kind: String
    ) {
        guard let source, let key = source.string, !key.isEmpty || kind != "volume" else { return }
        check(key, at: source.place, of: service, in: section, code, kind: kind)
    }

    private mutating func check(
        _ key: String, at place: Place, of service: YAMLNode.Entry, in section: String, _ code: Code, kind: String
    ) {
        guard !project.declares(key, in: section) else { return }
        report.error(
            code, "service '\(service.key)' needs \(kind) '\(key)', which is not declared", at: place,
            help: project.help(for: key, in: section))
    }

    // MARK: Build

    mutating func checkBuild(of service: YAMLNode.Entry) {
        guard let build = service.value["build"], build.entries != nil else { return }
        if let inline = build.entry("dockerfile_inline"), let file = build.entry("dockerfile"),
            !(inline.value.string ?? "").isEmpty, !(file.value.string ?? "").isEmpty
        {
            report.error(
                .conflict, "the build of service '\(service.key)' has 'dockerfile' and 'dockerfile_inline'",
                at: inline.keyPlace, help: "keep one of them",
                notes: [.init("'dockerfile' is here", at: file.keyPosition)])
        }
        for context in build["additional_contexts"]?.entries ?? [] {
            checkContext(context.value, of: service)
        }
        checkPlatforms(build["platforms"], of: service)
    }

    private mutating func checkContext(_ context: YAMLNode, of service: YAMLNode.Entry) {
        guard let text = context.string, let name = ImplicitDependency.serviceReference(text) else { return }
        let place = context.place(offset: "service:".count, length: name.unicodeScalars.count)
        guard let other = project.service(name) else {
            report(missing: name, neededBy: service, at: place)
            return
        }
        guard other.value["build"]?.isNull ?? true else { return }
        report.error(
            .badValue, "service '\(service.key)' builds with '\(name)', which has no build", at: place,
            help: "add `build:` to '\(name)', or name another service",
            notes: [.init("'\(name)' is declared here", at: other.keyPosition)])
    }

    private mutating func checkPlatforms(_ platforms: YAMLNode?, of service: YAMLNode.Entry) {
        guard let items = platforms?.items, !items.isEmpty, let platform = service.value["platform"],
            let wanted = platform.string, !wanted.isEmpty, !items.contains(where: { $0.string == wanted })
        else { return }
        report.error(
            .conflict, "service '\(service.key)' runs on \(wanted), which 'build.platforms' leaves out",
            at: platform.place, help: "add it to `build.platforms`")
    }
}
