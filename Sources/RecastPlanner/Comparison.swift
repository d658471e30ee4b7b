package import RecastModel

/// Whether a container is already as desired: both sides in one canonical form, then field by field.
///
/// The rules are those of the engine: what an image passes on, what the daemon fills in, what it rewrites.
package enum Comparison {
    /// What a container of this spec must look like on an engine.
    ///
    /// `image`: what the image passes on; `nil` while the image is not known.
    package static func expected(
        _ spec: ContainerSpec, image: ImageConfiguration?, on engine: EngineFacts
    ) -> Fields {
        var spec = spec
        if engine.api < APIVersion(1, 44) { spec.healthcheck?.startInterval = nil }
        normalise(&spec, on: engine)
        var fields = spec.fields
        if let image { inherit(from: image, into: &fields, of: spec) }
        resolveProcess(of: spec, image: image ?? ImageConfiguration(), into: &fields)
        dropDefaults(in: &fields)
        return fields
    }

    /// What both sides have in one spelling.
    private static func normalise(_ spec: inout ContainerSpec, on engine: EngineFacts) {
        // Whoever shares a network gets the names that go with it, at the start.
        if spec.sharing.network != nil { (spec.hostname, spec.domainname) = (nil, nil) }
        if engine.product == .podman { PodmanRules.normalise(&spec) }
    }

    /// What the fields of a container refer to.
    package struct Context: Hashable, Sendable {
        /// The IDs of the containers that have what others share, as far as those containers stay.
        package var owners: [Sharing.Owner: String]
        /// `os/architecture[/variant]` of the image that a container was made from; empty when it is not known.
        package var platform: String

        package init(owners: [Sharing.Owner: String] = [:], platform: String = "") {
            self.owners = owners
            self.platform = platform
        }

        /// An engine names containers by ID.
        func named(_ owner: Sharing.Owner) -> Sharing.Owner {
            guard case .container(let id) = owner else { return owner }
            return owners.first { $0.value == id }?.key ?? owner
        }
    }

    /// What a container looks like, as its engine reports it.
    package static func live(
        _ container: ObservedContainer, networks: [ObservedNetwork], on engine: EngineFacts,
        _ context: Context = Context()
    ) -> Fields {
        var spec = container.spec
        spec.sharing = spec.sharing.mapOwners(context.named)
        spec.platform = context.platform.isEmpty ? nil : context.platform
        normalise(&spec, on: engine)
        spec.networking.endpoints = liveEndpoints(of: container, networks: networks)
        var fields = spec.fields
        if spec.command?.isEmpty ?? true { fields["command"] = nil }
        if spec.entrypoint?.isEmpty ?? true { fields["entrypoint"] = nil }
        if let mode = fields["network_mode"], let network = networks.first(where: { $0.id == mode }) {
            fields["network_mode"] = network.name
        }
        dropDefaults(in: &fields)
        return fields
    }

    /// Fields that are not as they should be, sorted by path.
    package static func differences(
        expected: Fields, live: Fields, on engine: EngineFacts, sensitive: Set<String> = [], secrets: Set<String> = []
    ) -> [Difference] {
        differing(expected, live).sorted().compactMap { path in
            let (desired, actual) = (expected[path], live[path])
            if engine.product == .podman, !PodmanRules.isCompared(path),
                !(desired.map { Sharing.isReference($0, at: path) } ?? false)
            {
                return nil
            }
            if desired == nil, FieldRules.isIgnoredWhenUndesired(path, in: live, on: engine.product) {
                return nil
            }
            if path.hasPrefix(FileRecord.fieldPrefix) {
                return Difference(
                    field: path, live: actual.map { _ in maskedValue }, desired: desired.map { _ in maskedValue })
            }
            if actual == hiddenAddress { return nil }
            if path == "platform", actual.map({ PlatformName($0).fits(desired ?? "") }) ?? true { return nil }
            if path == "memory_swap", isImpliedSwap(expected), actual == "-1" || isImpliedSwap(live) { return nil }
            return Difference(
                field: path, live: actual, desired: desired,
                isSensitive: isSensitive(path, [desired, actual], sensitive, secrets))
        }
    }

    /// The paths of the fields that are not the same: few, of many.
    private static func differing(_ expected: Fields, _ live: Fields) -> [String] {
        expected.values.compactMap { live[$0.key] == $0.value ? nil : $0.key }
            + live.values.keys.filter { expected[$0] == nil }
    }

    /// Nobody asked for swap: the engine makes it twice the memory, or -1 where the kernel does not account for it.
    ///
    /// Then it says nothing that `memory` does not say.
    private static func isImpliedSwap(_ fields: Fields) -> Bool {
        let memory = fields["memory"].flatMap { Int64($0) } ?? 0
        return fields["memory_swap"].flatMap { Int64($0) } ?? 0 == 2 * memory
    }

    private static func isSensitive(
        _ path: String, _ values: [String?], _ sensitive: Set<String>, _ secrets: Set<String>
    ) -> Bool {
        let texts = values.compactMap(\.self)
        if texts.contains(where: Sensitivity.isSensitive(value:)) { return true }
        if path != "image", texts.contains(where: { text in secrets.contains { text.contains($0) } }) { return true }
        guard path.hasPrefix("environment.") else { return false }
        let name = String(path.dropFirst("environment.".count))
        return sensitive.contains(name) || Sensitivity.isSensitive(name: name)
    }

    /// Absent and default are one.
    private static func dropDefaults(in fields: inout Fields) {
        if fields["stop_signal"] == "TERM" { fields["stop_signal"] = nil }
    }
}

// MARK: - What an image passes on

extension Comparison {
    private static func inherit(from image: ImageConfiguration, into fields: inout Fields, of spec: ContainerSpec) {
        for variable in image.environment {
            let (name, value) = split(variable)
            let path = "environment.\(name)"
            if fields[path] == nil { fields[path] = value ?? removedVariable }
        }
        for (key, value) in image.labels where !key.hasPrefix(InstanceLabels.prefix) {
            if fields["labels.\(key)"] == nil { fields["labels.\(key)"] = value }
        }
        for port in image.exposed.flatMap(CanonicalText.exposedPorts) { fields["expose.\(port)"] = "yes" }
        for path in image.volumes where fields["volumes.\(CanonicalText.path(path))"] == nil {
            fields["volumes.\(CanonicalText.path(path))"] = "volume"
        }
        inheritScalars(from: image, into: &fields)
        inheritHealthcheck(from: image, into: &fields, of: spec)
    }

    private static func inheritScalars(from image: ImageConfiguration, into fields: inout Fields) {
        let inherited = [
            ("user", image.user), ("working_dir", CanonicalText.path(image.workingDirectory)),
            ("stop_signal", image.stopSignal.isEmpty ? "" : CanonicalText.signal(image.stopSignal)),
        ]
        for (path, value) in inherited where fields[path] == nil && !value.isEmpty { fields[path] = value }
    }

    /// Each field by itself; `NONE` leaves nothing of the image's.
    private static func inheritHealthcheck(
        from image: ImageConfiguration, into fields: inout Fields, of spec: ContainerSpec
    ) {
        guard let inherited = image.healthcheck, spec.healthcheck?.test != ["NONE"] else { return }
        var ofImage = ContainerSpec(image: spec.image)
        ofImage.healthcheck = inherited
        for (path, value) in ofImage.fields.values where fields[path] == nil { fields[path] = value }
    }

    /// Any non-empty entrypoint drops the image's command; an empty one keeps it; `[""]` clears the entrypoint and
    /// keeps nothing of the image's command.
    private static func resolveProcess(of spec: ContainerSpec, image: ImageConfiguration, into fields: inout Fields) {
        var command = spec.command ?? []
        var entrypoint = spec.entrypoint
        if entrypoint?.isEmpty ?? true {
            if command.isEmpty { command = image.command }
            if entrypoint == nil { entrypoint = image.entrypoint }
        }
        if entrypoint == [""] { entrypoint = [] }
        fields["command"] = command.isEmpty ? nil : CanonicalText.list(command)
        fields["entrypoint"] = (entrypoint ?? []).isEmpty ? nil : CanonicalText.list(entrypoint ?? [])
    }

    private static func split(_ variable: String) -> (name: String, value: String?) {
        guard let mark = variable.firstIndex(of: "=") else { return (variable, nil) }
        return (String(variable[..<mark]), String(variable[variable.index(after: mark)...]))
    }
}

// MARK: - What an engine reports

extension Comparison {
    /// An engine forgets the addresses of a stopped container, its first network's apart.
    private static let hiddenAddress = "hidden"

    private static let predefined: Set<String> = ["bridge", "host", "none", "podman"]

    /// Endpoints under the name their network has now; a network that is gone is named by its ID, so that it differs.
    private static func liveEndpoints(of container: ObservedContainer, networks: [ObservedNetwork]) -> [Endpoint] {
        let automatic: Set<String> = [
            container.name, String(container.id.prefix(12)), container.spec.hostname ?? "",
        ]
        let hasStopped = !container.startedAt.isEmpty && !container.isUp
        return container.spec.networking.endpoints.compactMap { endpoint in
            if predefined.contains(endpoint.network) { return nil }
            var endpoint = endpoint
            if let id = endpoint.networkID, !id.isEmpty {
                endpoint.network =
                    networks.first { $0.id == id }?.name ?? "\(endpoint.network) (\(id.prefix(12)), gone)"
            }
            endpoint.aliases.removeAll { automatic.contains($0) }
            let isFirst = endpoint.network == container.spec.networking.mode
            if !isFirst, hasStopped, endpoint.macAddress == nil { endpoint.macAddress = hiddenAddress }
            return endpoint
        }
    }
}
