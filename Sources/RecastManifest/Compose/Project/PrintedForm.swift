import RecastYAML

/// A project as `docker compose config` prints it: without resources that nobody uses, and without settings that say
/// no more than their absence.
struct PrintedForm {
    enum Format {
        /// Extensions stand only at the top level; some keys always stand there.
        case json
        case yaml
    }

    private let format: Format

    init(_ format: Format) { self.format = format }

    func of(_ project: YAMLNode) -> YAMLNode {
        var root = project
        ResourceUse(of: root).removeUnused(of: &root)
        if root["services"]?.entries == nil { root.set("services", to: YAMLNode(.mapping([]), at: root.position)) }
        root.change("services") { services in
            services.changeValues { service in
                service.value.change("build", Self.listKeys)
                reduce(&service.value)
            }
        }
        for section in ["networks", "volumes", "configs", "secrets", "models"] {
            root.change(section) { section in
                section.changeValues { resource in
                    if resource.value.isNull { resource.value.content = .mapping([]) }
                    if resource.value["environment"] != nil { resource.value.remove("content") }
                    reduce(&resource.value)
                }
            }
        }
        if format == .json { ConstantKeys.apply(to: &root) }
        return root
    }

    /// Drops from an object with a closed set of keys what says nothing.
    private func reduce(_ object: inout YAMLNode) {
        object.changeEntries { entries in
            for index in entries.indices { reduceValue(&entries[index]) }
            entries.removeAll(where: isSilent)
        }
    }

    private func reduceValue(_ entry: inout YAMLNode.Entry) {
        switch entry.value.content {
        case .mapping where entry.key == "ulimits" && format == .json:
            entry.value.changeValues { limit in
                if limit.value.content == .int(0) { limit.value.content = .mapping([]) }
                reduce(&limit.value)
            }
        case .mapping where Self.mapsOfObjects.contains(entry.key): entry.value.changeValues { reduce(&$0.value) }
        case .mapping where !Self.freeMaps.contains(entry.key) && !entry.isExtension:
            reduce(&entry.value)
            if entry.key == "update_config" || entry.key == "rollback_config" { Self.dropNoWait(&entry.value) }
        case .sequence where Self.deviceRates.contains(entry.key):
            if format == .json { entry.value.changeItems(Self.capitalizeKeys) }
        case .sequence where !entry.isExtension: entry.value.changeItems(reduce)
        case .string("-1") where format == .yaml && Self.byteSizes.contains(entry.key):
            // As text it is no size for Docker Compose.
            entry.value.content = .int(-1)
        case .float(let value) where Self.singlePrecision.contains(entry.key):
            entry.value.content = .float(Double(Float(value).description) ?? value)
        default: break
        }
    }

    private func isSilent(_ entry: YAMLNode.Entry) -> Bool {
        if entry.isExtension { return format == .json }
        switch entry.value.content {
        case .null: return true
        case .mapping(let entries):
            return entries.isEmpty && Self.droppedWhenEmpty.contains(entry.key)
        case .sequence(let items): return items.isEmpty && !Self.commands.contains(entry.key)
        case .bool(false), .int(0), .float(0): return !Self.meaningfulZeros.contains(entry.key)
        case .string(""): return true
        case .string("0"): return Self.byteSizes.contains(entry.key)
        default: return false
        }
    }

    /// In an update, no delay is the default.
    private static func dropNoWait(_ object: inout YAMLNode) {
        object.changeEntries { entries in
            entries.removeAll { ["delay", "monitor"].contains($0.key) && $0.value.string == "0s" }
        }
    }

    /// `ID`, or `ID=PATH`.
    private static func listKeys(_ build: inout YAMLNode) {
        build.change("ssh") { keys in
            guard let entries = keys.entries else { return }
            let items = entries.map { entry in
                let path = entry.value.string ?? ""
                return entry.value.replacing(.string(path.isEmpty ? entry.key : "\(entry.key)=\(path)"))
            }
            keys = keys.replacing(.sequence(items))
        }
    }

    /// Docker Compose's JSON names these `Path`, `Weight` and `Rate`.
    private static func capitalizeKeys(_ object: inout YAMLNode) {
        object.changeValues { entry in
            entry = YAMLNode.Entry(
                key: entry.key.prefix(1).uppercased() + entry.key.dropFirst(), keyPosition: entry.keyPosition,
                value: entry.value)
        }
    }

    // MARK: Keys

    /// Keys and values are the person's own.
    private static let freeMaps: Set = [
        "additional_contexts", "annotations", "args", "aux_addresses", "driver_opts", "environment", "labels",
        "log_opt", "options", "storage_opt", "sysctls",
    ]
    /// Names that stand for objects; an object may be empty.
    private static let mapsOfObjects: Set = ["depends_on", "models", "networks", "ulimits"]
    private static let droppedWhenEmpty = freeMaps.union(mapsOfObjects).union(["exec"])
    private static let commands: Set = ["command", "entrypoint"]
    /// Where no value means something else than zero or `false`.
    private static let meaningfulZeros: Set = [
        "attach", "enable_ipv4", "enable_ipv6", "init", "max_attempts", "parallelism", "replicas", "required",
        "retries", "scale", "value",
    ]
    private static let byteSizes: Set = [
        "mem_limit", "mem_reservation", "mem_swappiness", "memory", "memswap_limit", "shm_size", "size",
    ]
    private static let singlePrecision: Set = ["cpu_percent", "cpus", "max_failure_ratio"]
    private static let deviceRates: Set = [
        "device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops", "weight_device",
    ]
}
