/// One condition on the host of a container, in swarm's language: `node.labels.role == web`.
package struct Constraint: Hashable, Sendable, CustomStringConvertible {
    package enum Key: Hashable, Sendable {
        case hostname, id, role, address, operatingSystem, architecture
        case nodeLabel(String)
        case engineLabel(String)
    }

    package let key: Key
    /// `==`; otherwise `!=`.
    package let isEqual: Bool
    package let value: String
    /// As written, with single spaces around the operator.
    package let description: String

    private static let names: [(name: String, key: Key)] = [
        ("node.hostname", .hostname), ("node.id", .id), ("node.role", .role), ("node.ip", .address),
        ("node.platform.os", .operatingSystem), ("node.platform.arch", .architecture),
    ]
    private static let labelPrefixes = ["node.labels.", "engine.labels."]

    package init(_ text: String) throws(GrammarError) {
        let scalars = Array(text.unicodeScalars)
        let operation = try Self.operation(in: scalars)
        let left = scalars[..<operation].trimmed
        let right = scalars[(operation + 2)...].trimmed
        guard !right.isEmpty else { throw GrammarError("a value is missing", at: operation + 2) }
        if let bad = right.firstIndex(where: { !$0.mayStandInConstraintValue }) {
            throw GrammarError("'\(right[bad])' cannot stand in the value of a constraint", at: bad)
        }
        key = try Self.key(left)
        isEqual = scalars[operation] == "="
        value = right.text
        description = "\(left.text) \(isEqual ? "==" : "!=") \(value)"
        if key == .address, IPAddress(value) == nil, IPPrefix(value) == nil {
            throw GrammarError("'\(value)' is no IP address or network", over: right.indices, help: "write 10.0.0.0/24")
        }
    }

    /// swarm looks for `==` anywhere before it looks for `!=`.
    private static func operation(in scalars: [Unicode.Scalar]) throws(GrammarError) -> Int {
        for sign in ["=" as Unicode.Scalar, "!"] {
            let place = scalars.indices.dropLast().first { scalars[$0] == sign && scalars[$0 + 1] == "=" }
            if let place { return place }
        }
        let single = scalars.firstIndex(of: "=")
        throw GrammarError(
            single == nil ? "a constraint needs '==' or '!='" : "'=' is no operator",
            at: single ?? 0, length: single == nil ? scalars.count : 1,
            help: single == nil ? "write node.labels.role == web" : "write '=='")
    }

    private static func key(_ scalars: ArraySlice<Unicode.Scalar>) throws(GrammarError) -> Key {
        let text = scalars.text
        if let known = names.first(where: { $0.name == text.lowercased() }) { return known.key }
        for (prefix, key) in zip(labelPrefixes, [Key.nodeLabel, Key.engineLabel]) {
            let label = text.dropFirst(prefix.count)
            if text.lowercased().hasPrefix(prefix), !label.isEmpty { return key(String(label)) }
        }
        throw GrammarError(
            text.isEmpty ? "a key is missing" : "'\(text)' is nothing that is known of a host", over: scalars.indices,
            help: help(for: text))
    }

    private static func help(for text: String) -> String {
        let parts = text.split(separator: ".", maxSplits: 2).map(String.init)
        if parts.count == 3, let prefix = Suggestion.nearest(to: parts[0] + "." + parts[1] + ".", among: labelPrefixes)
        {
            return "did you mean '\(prefix)\(parts[2])'?"
        }
        if let name = Suggestion.nearest(to: text, among: names.map(\.name)) { return "did you mean '\(name)'?" }
        return "use node.hostname, node.role, node.ip, node.platform.os, node.platform.arch or node.labels.NAME"
    }
}

extension Constraint {
    /// What a constraint can be about; what is not known counts as empty, as in swarm.
    package struct Facts {
        package var hostname: String
        package var labels: [String: String]
        package var id = ""
        package var role = ""
        package var address = ""
        package var operatingSystem = ""
        package var architecture = ""
        package var engineLabels: [String: String] = [:]

        package init(hostname: String, labels: [String: String]) {
            self.hostname = hostname
            self.labels = labels
        }
    }

    package func matches(hostname: String, labels: [String: String]) -> Bool {
        matches(Facts(hostname: hostname, labels: labels))
    }

    /// Values are compared without regard to case; names of labels are not.
    package func matches(_ host: Facts) -> Bool {
        let holds =
            switch key {
            case .hostname: equals(host.hostname)
            case .id: equals(host.id)
            case .role: equals(host.role)
            case .address: covers(host.address)
            case .operatingSystem: equals(host.operatingSystem)
            case .architecture: equals(host.architecture)
            case .nodeLabel(let name): equals(host.labels[name] ?? "")
            case .engineLabel(let name): equals(host.engineLabels[name] ?? "")
            }
        return holds == isEqual
    }

    private func equals(_ fact: String) -> Bool { fact.lowercased() == value.lowercased() }

    private func covers(_ text: String) -> Bool {
        guard let address = IPAddress(text) else { return false }
        guard let network = IPPrefix(value) else { return IPAddress(value) == address }
        guard network.address.isIPv4 == address.isIPv4 else { return false }
        return zip(address.bytes, network.address.bytes).enumerated().allSatisfy { index, pair in
            let bits = min(8, max(0, network.bits - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            return pair.0 & mask == pair.1 & mask
        }
    }
}

extension Unicode.Scalar {
    fileprivate var mayStandInConstraintValue: Bool {
        isASCIIDigit || isASCIILetter || properties.isWhitespace || #":-_.*()?+[]\^$|/"#.unicodeScalars.contains(self)
    }
}
