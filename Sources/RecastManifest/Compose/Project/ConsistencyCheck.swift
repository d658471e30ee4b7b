import RecastModel
import RecastYAML

/// Whether the parts of a project fit together: references, settings that exist twice, mounts, and what a service
/// needs to run at all.
struct ConsistencyCheck {
    var report = Report()
    let project: ProjectIndex

    init(_ project: ProjectIndex) { self.project = project }

    mutating func run() {
        for service in project.services where service.value.entries != nil {
            checkImage(of: service)
            checkBuild(of: service)
            checkHealthcheck(of: service)
            checkReferences(of: service)
            checkAgreement(of: service)
            checkWatch(of: service)
            checkMounts(of: service)
        }
        for secret in project.secrets { check(secret: secret) }
        checkContainerNames()
    }

    private mutating func checkImage(of service: YAMLNode.Entry) {
        let hasImage = service.value["image"].map { !$0.isNull && $0.string != "" } ?? false
        let value = service.value
        guard !hasImage, value["build"]?.isNull ?? true, value["provider"]?.isNull ?? true else { return }
        report.error(
            .missingImage, "service '\(service.key)' has neither an image nor a build", at: service.keyPlace,
            help: "add `image: NAME:TAG`")
    }

    private mutating func checkHealthcheck(of service: YAMLNode.Entry) {
        guard let first = service.value["healthcheck"]?["test"]?.items?.first, let word = first.string,
            !["CMD", "CMD-SHELL", "NONE"].contains(word)
        else { return }
        report.error(
            .badValue, "the health check of service '\(service.key)' begins with '\(word)'", at: first.place,
            help: "begin the list with CMD, CMD-SHELL or NONE, or write one string for a shell")
    }

    private mutating func checkWatch(of service: YAMLNode.Entry) {
        for rule in service.value["develop"]?["watch"]?.items ?? [] where rule.entries != nil {
            let action = rule["action"]?.string ?? ""
            guard (rule["target"]?.string ?? "").isEmpty, action != "rebuild", action != "restart" else { continue }
            report.error(
                .missingKey, "a rule of 'develop.watch' of service '\(service.key)' has no target", at: rule.place,
                help: "add `target: /PATH`, or use the action rebuild or restart")
        }
    }

    /// A driver alone leaves a secret without content.
    private mutating func check(secret: YAMLNode.Entry) {
        guard secret.value["external"]?.bool != true, secret.value["driver"] != nil || secret.value["external"] != nil
        else { return }
        let hasSource = ["file", "environment"].contains { !(secret.value[$0]?.string ?? "").isEmpty }
        if hasSource { return }
        report.error(
            .missingKey, "secret '\(secret.key)' has no content", at: secret.keyPlace,
            help: "add `file` or `environment`, or write `external: true`")
    }

    /// Only one container of a name can exist on an engine.
    private mutating func checkContainerNames() {
        var owners: [String: YAMLNode.Entry] = [:]
        for service in project.services {
            guard let node = service.value["container_name"], let name = node.string, !name.isEmpty else { continue }
            guard let owner = owners[name] else {
                owners[name] = service
                continue
            }
            report.error(
                .duplicateContainerName,
                "services '\(owner.key)' and '\(service.key)' both want the container name '\(name)'", at: node.place,
                help: "give one of them another name, or leave `container_name` out",
                notes: [
                    .init(
                        "'\(owner.key)' wants it here", at: owner.value["container_name"]?.position ?? owner.keyPosition
                    )
                ])
        }
    }
}
