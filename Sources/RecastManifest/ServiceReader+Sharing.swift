import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readNamespaces() {
        if let (owner, _) = owner(root["network_mode"]) { service.sharing.network = owner }
        service.sharing.pid = owner(root["pid"])?.owner
        if service.sharing.pid == nil, let field = root["pid"], report.optionalWord(field) != nil {
            spec.isolation.pidMode = report.choice(field, ["host"]) ?? ""
        }
        service.sharing.ipc = owner(root["ipc"])?.owner
        if service.sharing.ipc == nil, let field = root["ipc"], report.optionalWord(field) != nil {
            spec.isolation.ipcMode = report.choice(field, ["host", "private", "shareable", "none"])
        }
        spec.isolation.utsMode = report.choice(root["uts"]?.nonEmpty, ["host"]) ?? ""
        spec.isolation.usernsMode = report.choice(root["userns_mode"]?.nonEmpty, ["host", "private"]) ?? ""
        spec.isolation.cgroupnsMode = report.choice(root["cgroup"]?.nonEmpty, ["host", "private"])
        spec.isolation.cgroupParent = report.optionalWord(root["cgroup_parent"]) ?? ""
        spec.isolation.runtime = report.optionalWord(root["runtime"])
        readVolumesFrom()
    }

    /// `service:NAME` or `container:NAME`.
    func owner(_ field: Field?) -> (owner: SharedServices.Owner, text: String)? {
        guard let field, let text = field.node.string else { return nil }
        for (prefix, isService) in [("service:", true), ("container:", false)] where text.hasPrefix(prefix) {
            let name = String(text.dropFirst(prefix.count))
            let place = field.node.place(offset: prefix.count, length: name.unicodeScalars.count)
            return (isService ? .service(Located(name, at: place)) : .container(name), name)
        }
        return nil
    }

    /// `[container:]NAME[:ro]`.
    private mutating func readVolumesFrom() {
        for item in report.located(root["volumes_from"]) {
            var parts = item.value.split(separator: ":").map(String.init)
            let isContainer = parts.first == "container" && parts.count > 1
            if isContainer { parts.removeFirst() }
            guard let name = parts.first, parts.count < 2 || ["ro", "rw"].contains(parts[1]), parts.count < 3 else {
                report.error(
                    .badValue, "'\(item.value)' names no service to take volumes from", at: item.place,
                    help: "write NAME, NAME:ro or container:NAME")
                continue
            }
            let owner = isContainer ? SharedServices.Owner.container(name) : .service(Located(name, at: item.place))
            service.sharing.volumes.append(.init(owner: owner, readOnly: parts.last == "ro"))
        }
    }

    mutating func readLinks() {
        for item in report.located(root["links"]) {
            let parts = item.value.split(separator: ":", maxSplits: 1).map(String.init)
            guard let name = parts.first else { continue }
            service.links.append(Service.Link(service: name, alias: parts.count > 1 ? parts[1] : name))
        }
    }

    mutating func readHooks() {
        service.hooks.postStart = hooks(root["post_start"])
        service.hooks.preStop = hooks(root["pre_stop"])
    }

    private mutating func hooks(_ field: Field?) -> [Hook] {
        (field?.items ?? []).map { item in
            let hook = Field(item, at: root.path.appending(field?.key ?? ""))
            return Hook(
                command: report.strings(hook["command"]), user: report.optionalWord(hook["user"]),
                privileged: report.bool(hook["privileged"]) ?? false,
                workingDirectory: report.optionalWord(hook["working_dir"]),
                environment: report.pairs(hook["environment"]))
        }
    }
}

extension Field {
    /// `nil` for a text that says nothing.
    var nonEmpty: Field? { node.string == "" ? nil : self }
}
