import RecastModel
import RecastYAML

/// Turns one short text of a list into the objects that it stands for; every value keeps its place in the text.
struct ShortExpansion {
    private(set) var report = Report()
    private let node: YAMLNode
    private let path: TreePath

    init(_ node: YAMLNode, at path: TreePath) {
        self.node = node
        self.path = path
    }

    /// Nothing, and a report, when the text cannot be understood.
    mutating func expand(_ form: ShortForm) -> [YAMLNode] {
        if form == .port, case .int(let number) = node.content { return ports(String(number)) }
        guard case .string(let text) = node.content else {
            report.error(
                .wrongType, "an item of \(path) must be a string or a mapping, not \(node.kind)", at: node.place,
                help: node.text.map { "write \"\($0)\"" })
            return []
        }
        switch form {
        case .port: return ports(text)
        case .mount: return mount(text)
        case .device: return device(text)
        case .envFile: return [mapping(["path": whole, "required": value(.bool(true))])]
        case .file: return [mapping(["source": whole])]
        case .include: return [mapping(["path": value(.sequence([whole]))])]
        case .devices: return devices(text)
        }
    }

    private var whole: YAMLNode { node.withoutTag }

    private func value(_ content: YAMLNode.Content, at offset: Int = 0, length: Int = 1) -> YAMLNode {
        let place = node.place(offset: offset, length: length)
        guard node.isAsWritten, case .string(let text) = content else { return YAMLNode(content, at: place.position) }
        return YAMLNode(content, at: place.position, text: text)
    }

    /// Keys that have a value, in the order given.
    private func mapping(_ values: KeyValuePairs<String, YAMLNode?>) -> YAMLNode {
        let entries = values.compactMap { key, value in
            value.map { YAMLNode.Entry(key: key, keyPosition: $0.position, value: $0) }
        }
        return YAMLNode(.mapping(entries), at: node.position, text: nil)
    }

    private mutating func devices(_ text: String) -> [YAMLNode] {
        if text == "all" { return [mapping(["count": whole])] }
        report.error(
            .badValue, "\(path) is '\(text)'; as text it can only be `all`", at: node.place,
            help: "write `gpus: all`, or a list of devices")
        return []
    }
}

// MARK: - Ports

extension ShortExpansion {
    private mutating func ports(_ text: String) -> [YAMLNode] {
        let parsed = report.parsed(node, prefix: "a port of \(path.owner): ") { () throws(GrammarError) in
            try PortSyntax.parse(text)
        }
        guard let parsed else { return [] }
        if !node.isAsWritten, text.hasPrefix(":") {
            report.warn(
                .badValue, "the host port is empty, so the engine takes any that is free", at: node.place,
                help: "give the variable a value")
        }
        let places = PortPlaces(text)
        return parsed.map { port in
            mapping([
                "mode": value(.string("ingress")),
                "host_ip": port.hostAddress.isEmpty ? nil : value(.string(port.hostAddress), at: 0),
                "target": value(.int(Int64(port.port.number)), at: places.container),
                "published": port.hostPort.isEmpty ? nil : value(.string(port.hostPort), at: places.host),
                "protocol": value(.string(port.port.proto.rawValue), at: places.proto),
            ])
        }
    }

    /// Where the parts of a port begin.
    private struct PortPlaces {
        let host: Int
        let container: Int
        let proto: Int

        init(_ text: String) {
            let scalars = Array(text.unicodeScalars)
            let slash = scalars.firstIndex(of: "/") ?? scalars.endIndex
            proto = min(slash + 1, max(0, scalars.count - 1))
            let colons = scalars[..<slash].indices.filter { scalars[$0] == ":" }
            container = colons.last.map { $0 + 1 } ?? 0
            host = colons.count > 1 ? colons[colons.count - 2] + 1 : 0
        }
    }
}

// MARK: - Volumes and devices

extension ShortExpansion {
    private mutating func mount(_ text: String) -> [YAMLNode] {
        let syntax = report.parsed(node, prefix: "a volume of \(path.owner): ") { () throws(GrammarError) in
            try VolumeSyntax(text)
        }
        guard let syntax else { return [] }
        for warning in syntax.warnings { report.warn(warning, in: node, .noEffect) }
        let written = text.unicodeScalars.dropFirst(syntax.targetOffset).prefix { $0 != ":" }.count
        let target = value(.string(syntax.target), at: syntax.targetOffset, length: written)
        let readOnly = syntax.readOnly ? value(.bool(true)) : nil
        let volume = mapping(["nocopy": syntax.noCopy ? value(.bool(true)) : nil])
        switch syntax.source {
        case .anonymous:
            return [
                mapping([
                    "type": kind("volume"), "target": target, "read_only": readOnly,
                    // Docker Compose looks no closer at so short a text.
                    "volume": text.utf8.count > 2 ? volume : nil,
                ])
            ]
        case .named(let key):
            return [
                mapping([
                    "type": kind("volume"), "source": value(.string(key)), "target": target, "read_only": readOnly,
                    "volume": volume, "bind": bind(syntax, createHostPath: false),
                ])
            ]
        case .bind(let source):
            return [
                mapping([
                    "type": kind("bind"), "source": value(.string(source)), "target": target, "read_only": readOnly,
                    "volume": syntax.noCopy ? volume : nil, "bind": bind(syntax, createHostPath: true),
                ])
            ]
        }
    }

    private func kind(_ word: String) -> YAMLNode { value(.string(word)) }

    /// The short form makes a missing directory of the host.
    private func bind(_ syntax: VolumeSyntax, createHostPath: Bool) -> YAMLNode? {
        guard createHostPath || syntax.propagation != nil || syntax.selinux != nil else { return nil }
        return mapping([
            "propagation": syntax.propagation.map { value(.string($0)) },
            "selinux": syntax.selinux.map { value(.string($0)) },
            "create_host_path": createHostPath ? value(.bool(true)) : nil,
        ])
    }

    /// `HOST[:CONTAINER][:PERMISSIONS]`.
    private mutating func device(_ text: String) -> [YAMLNode] {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 3 else {
            report.badValue(Field(node, at: path), "is '\(text)'; write HOST[:CONTAINER[:rwm]], or the long form")
            return []
        }
        let target = parts.count > 1 && !parts[1].isEmpty ? parts[1] : parts[0]
        return [
            mapping([
                "source": value(.string(parts[0])),
                "target": value(.string(target), at: parts.count > 1 ? parts[0].unicodeScalars.count + 1 : 0),
                "permissions": value(.string(parts.count > 2 ? parts[2] : "rwm")),
            ])
        ]
    }
}
