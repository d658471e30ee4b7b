import RecastModel

/// What newer engines brought: older ones drop it without a word, or fail at the start.
extension EngineReview {
    func newerFields(_ spec: ContainerSpec) -> [Finding?] {
        let containerwide: [Finding?] = [
            spec.annotations.isEmpty ? nil : needs(APIVersion(1, 43), "24", for: "annotations", help: Self.leaveOut),
            spec.isolation.deviceRequests.contains { $0.driver == DeviceRequest.cdiDriver }
                ? needs(
                    APIVersion(1, 44), "25", for: "a device of the Container Device Interface",
                    help: "name the device by its path, or upgrade the engine") : nil,
        ]
        return containerwide + spec.networking.endpoints.enumerated().flatMap { endpoint($1, isFirst: $0 == 0) }
            + spec.mounts.map(mount)
    }

    private static let leaveOut = "leave it out, or upgrade the engine"

    private func endpoint(_ endpoint: Endpoint, isFirst: Bool) -> [Finding?] {
        let path = "networks.\(endpoint.network)."
        return [
            endpoint.macAddress == nil || isFirst
                ? nil
                : needs(
                    APIVersion(1, 44), "25", for: path + "mac_address",
                    help: "leave it out, give that network the highest priority, or upgrade the engine"),
            endpoint.gatewayPriority == 0
                ? nil : needs(APIVersion(1, 48), "28", for: path + "gw_priority", help: Self.leaveOut),
            endpoint.interfaceName == nil
                ? nil : needs(APIVersion(1, 49), "28.1", for: path + "interface_name", help: Self.leaveOut),
        ]
    }

    private func mount(_ mount: Mount) -> Finding? {
        let path = "volumes.\(mount.target)"
        if mount.image != nil {
            return needs(
                APIVersion(1, 48), "28", for: "\(path), a mount of an image,",
                help: "copy the files into the service's own image, or upgrade the engine")
        }
        if !mount.subpath.isEmpty {
            return needs(APIVersion(1, 45), "26", for: "\(path), a folder of a volume,", help: Self.leaveOut)
        }
        switch mount.recursion {
        case .writable, .readonly:
            return needs(APIVersion(1, 44), "25", for: "\(path), bind.recursive,", help: Self.leaveOut)
        case .disabled, nil: return nil
        }
    }

    /// Control groups of version 2 have no such settings; the engine goes on without.
    func controlGroups(_ resources: Resources) -> [Finding?] {
        guard engine.hasUnifiedCgroups ?? false, engine.product == .docker else { return [] }
        let lost = [
            ("mem_swappiness", (resources.memorySwappiness ?? -1) >= 0), ("oom_kill_disable", resources.oomKillDisable),
        ]
        return lost.filter(\.1).map { field, _ in
            refusal("\(field) has no effect on a host with cgroup v2, which drops it silently", help: "leave it out")
        }
    }

    /// A container in the network of another has no network settings of its own.
    func sharedNetwork(_ spec: ContainerSpec) -> [Finding?] {
        guard let owner = spec.sharing.network else { return [] }
        let own: [(String, Bool)] = [
            ("ports", !spec.networking.published.isEmpty), ("expose", !spec.networking.exposed.isEmpty),
            ("hostname", !(spec.hostname ?? "").isEmpty), ("domainname", !(spec.domainname ?? "").isEmpty),
            ("dns", !spec.networking.dns.isEmpty),
            ("extra_hosts", !spec.networking.extraHosts.isEmpty), ("mac_address", spec.networking.macAddress != nil),
        ]
        return own.filter(\.1).map { field, _ in
            refusal(
                "\(field) does not go with the network of another container",
                help: "move it to \(owner.instance.map { "service '\($0.service)'" } ?? "\(owner)")")
        }
    }
}
