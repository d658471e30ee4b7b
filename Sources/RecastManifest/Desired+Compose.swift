package import RecastModel
package import RecastYAML

extension Desired {
    /// What one host shall run, as a compose file: every default and name resolved, nothing secret shown.
    package func composeFile(of host: HostName) -> YAMLNode {
        var file = ComposeMapping()
        file["name"] = .text("\(environment)-\(application)")
        let services = Dictionary(grouping: instances.filter { $0.host == host }, by: \.address.service)
        file["services"] = .mapping(services) { $0.compose }
        file["networks"] = .mapping(Dictionary(grouping: networks.filter { $0.host == host }, by: \.name)) {
            $0[0].compose
        }
        file["volumes"] = .mapping(Dictionary(grouping: volumes.filter { $0.host == host }, by: \.name)) {
            $0[0].compose
        }
        let here = instances.filter { $0.host == host }
        let files = here.flatMap(\.spec.files)
        file["configs"] = files.declarations(.config).masking(here.reduce(into: []) { $0.formUnion($1.spec.secrets) })
        file["secrets"] = files.declarations(.secret)
        return file.node.masking([]).doublingDollars
    }
}

extension YAMLNode {
    /// The same with texts masked that have a secret in them, or a URL with a password.
    ///
    /// `except`: a key whose value stays as it is.
    func masking(_ secrets: Set<String>, except key: String? = nil) -> YAMLNode {
        switch content {
        case .string(let text)
        where Sensitivity.isSensitive(value: text) || secrets.contains(where: { text.contains($0) }):
            replacing(.string(maskedValue))
        case .sequence(let items): replacing(.sequence(items.map { $0.masking(secrets) }))
        case .mapping(let entries):
            replacing(
                .mapping(
                    entries.map { entry in
                        let value = entry.key == key ? entry.value : entry.value.masking(secrets)
                        return YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
                    }))
        default: self
        }
    }
}

/// A mapping in the making, in the order of assignment; what is empty or `nil` stays out.
struct ComposeMapping {
    private var entries: [YAMLNode.Entry] = []

    subscript(key: String) -> YAMLNode? {
        get { entries.first { $0.key == key }?.value }
        set {
            guard let newValue, !newValue.isEmptyCollection else { return }
            entries.append(YAMLNode.Entry(key: key, keyPosition: .nowhere, value: newValue))
        }
    }

    /// Keeps a key whose value says nothing.
    mutating func keep(_ key: String, _ value: YAMLNode) {
        entries.append(YAMLNode.Entry(key: key, keyPosition: .nowhere, value: value))
    }

    var node: YAMLNode { YAMLNode(.mapping(entries), at: .nowhere) }
}

extension SourcePosition {
    fileprivate static let nowhere = SourcePosition(file: "", line: 0, column: 0)
}

extension YAMLNode {
    static func text(_ text: String) -> YAMLNode { YAMLNode(.string(text), at: .nowhere) }
    static func number(_ number: Int64) -> YAMLNode { YAMLNode(.int(number), at: .nowhere) }
    static func list(_ items: [YAMLNode]) -> YAMLNode { YAMLNode(.sequence(items), at: .nowhere) }
    static func texts(_ items: [String]) -> YAMLNode { list(items.map(YAMLNode.text)) }
    static func flag(_ value: Bool) -> YAMLNode { YAMLNode(.bool(value), at: .nowhere) }
    static let yes = flag(true)
    static let nothing = YAMLNode(.null, at: .nowhere)

    /// Sorted by key.
    static func mapping<Key: CustomStringConvertible, Value>(
        _ values: [Key: Value], _ node: (Value) -> YAMLNode
    ) -> YAMLNode {
        var mapping = ComposeMapping()
        for (key, value) in values.map({ ("\($0)", $1) }).sorted(by: { $0.0 < $1.0 }) {
            mapping.keep(key, node(value))
        }
        return mapping.node
    }

    static func nanoseconds(_ count: Int64) -> YAMLNode { text(count.durationText) }

    fileprivate var isEmptyCollection: Bool {
        switch content {
        case .sequence(let items): items.isEmpty
        case .mapping(let entries): entries.isEmpty
        default: false
        }
    }
}

extension DesiredNetwork {
    fileprivate var compose: YAMLNode {
        var mapping = ComposeMapping()
        mapping["name"] = .text(name)
        if external { mapping["external"] = .yes }
        mapping["driver"] = driver.map(YAMLNode.text)
        mapping["driver_opts"] = .mapping(options, YAMLNode.text)
        mapping["labels"] = .mapping(labels, YAMLNode.text)
        if `internal` { mapping["internal"] = .yes }
        if attachable { mapping["attachable"] = .yes }
        if enableIPv6 { mapping["enable_ipv6"] = .yes }
        if !enableIPv4 { mapping["enable_ipv4"] = .flag(false) }
        var ipam = ComposeMapping()
        ipam["driver"] = addressDriver.map(YAMLNode.text)
        ipam["options"] = .mapping(addressOptions, YAMLNode.text)
        ipam["config"] = .list(pools.map(\.compose))
        mapping["ipam"] = ipam.node
        return mapping.node
    }
}

extension DesiredNetwork.Pool {
    fileprivate var compose: YAMLNode {
        var mapping = ComposeMapping()
        mapping["subnet"] = subnet.map(YAMLNode.text)
        mapping["ip_range"] = range.map(YAMLNode.text)
        mapping["gateway"] = gateway.map(YAMLNode.text)
        mapping["aux_addresses"] = .mapping(auxiliary, YAMLNode.text)
        return mapping.node
    }
}

extension DesiredVolume {
    fileprivate var compose: YAMLNode {
        var mapping = ComposeMapping()
        mapping["name"] = .text(name)
        if external { mapping["external"] = .yes }
        mapping["driver"] = driver.map(YAMLNode.text)
        mapping["driver_opts"] = .mapping(options, YAMLNode.text)
        mapping["labels"] = .mapping(labels, YAMLNode.text)
        return mapping.node
    }
}

extension Int64 {
    /// Nanoseconds as compose writes durations: `1m30s`, `500ms`.
    fileprivate var durationText: String {
        let units: [(String, Int64)] = [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000),
            ("ns", 1),
        ]
        var rest = self
        let parts = units.compactMap { unit, length -> String? in
            let (count, left) = rest.quotientAndRemainder(dividingBy: length)
            rest = left
            return count > 0 ? "\(count)\(unit)" : nil
        }
        return parts.isEmpty ? "0s" : parts.joined()
    }
}
