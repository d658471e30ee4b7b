import RecastModel
import RecastYAML

/// What works, and may mean something else on several hosts than it does on one machine.
struct AdoptionAdvice {
    private(set) var decisions: [Adoption.Decision] = []

    /// `root`: the merged manifest in canonical form.
    mutating func read(_ root: YAMLNode) {
        for service in root["services"]?.entries ?? [] {
            readImage(of: service)
            readName(of: service)
            for port in service.value["ports"]?.items ?? [] { read(port: port, of: service.key) }
            for mount in service.value["volumes"]?.items ?? [] { read(mount: mount, of: service.key) }
        }
    }

    private mutating func readImage(of service: YAMLNode.Entry) {
        if let build = service.value.entry("build") {
            add(
                build.keyPosition, "'\(service.key)' is built from a folder, and recast builds nothing",
                "build and push it in CI, and name what was pushed under `image:`")
        }
        guard let image = service.value["image"], let text = image.string,
            let reference = ImageReference(text), reference.digest == nil
        else { return }
        let name = text.split(separator: "/").last ?? ""
        if name.hasSuffix(":latest") || !name.contains(":") {
            add(
                image.position, "'\(service.key)' runs whatever `\(text)` is when a plan is made",
                "name a version, so that a plan changes nothing by itself")
        }
    }

    private mutating func readName(of service: YAMLNode.Entry) {
        guard let name = service.value["container_name"], let text = name.string else { return }
        add(
            name.position, "'\(text)' becomes a network alias and a label: recast names containers by their content",
            "look for what calls the container by that name, such as `docker exec`")
    }

    private mutating func read(port: YAMLNode, of service: String) {
        guard let published = port["published"], let text = published.formattedText, !text.isEmpty else { return }
        add(
            published.position, "host port \(text) lets one instance of '\(service)' run on a host",
            "keep it for what users reach; others find the service by its name on the network")
    }

    private mutating func read(mount: YAMLNode, of service: String) {
        guard let source = mount["source"], let text = source.string, let type = mount["type"]?.string else { return }
        switch type {
        case "bind" where FilePath.isAbsolute(text):
            add(source.position, "'\(text)' must be on every host that may run '\(service)'", nil)
        case "bind" where mount["read_only"]?.bool == true:
            add(
                source.position, "'\(text)' is delivered to the hosts with each release, as it is read-only",
                "take it into the image if it is large")
        case "bind":
            add(
                source.position, "'\(text)' is a folder of this machine, and the container may write into it",
                "add `:ro` to have it delivered, use a named volume, or write `x-recast: {bind: host}`")
        case "volume":
            add(
                source.position, "the data of volume '\(text)' stays on the host that '\(service)' runs on",
                "with several hosts, pin the service: deploy: {placement: {constraints: [node.hostname == NAME]}}")
        default: break
        }
    }

    private mutating func add(_ position: SourcePosition, _ message: String, _ help: String?) {
        decisions.append(Adoption.Decision(position: position, message: message, help: help, isNeeded: false))
    }
}
