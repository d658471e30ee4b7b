package import RecastModel
import RecastYAML

extension LockFile {
    /// Where the lock file of an environment is: `environments/prod.lock.yaml` for `environments/prod.yaml`.
    package static func path(besides environmentFile: String) -> String {
        FilePath.resolve(FilePath.stem(of: environmentFile) + suffix, besides: environmentFile)
    }

    package static let suffix = ".lock.yaml"

    /// Sorted, a block for each service, and an end of line behind each value: two people's changes merge.
    package var text: String {
        let head = "# Written by Recast for \(environment). Commit it; what is not in it is not deployed.\n"
        var root = ComposeMapping()
        root.keep("version", .number(1))
        root.keep("application", .text(application.text))
        root.keep("environment", .text(environment.text))
        root.keep("services", .mapping(services, \.node))
        root["volumes"] = .mapping(volumes, \.node)
        if !rejected.isEmpty { root.keep("rejected", .list(rejected.map(\.node))) }
        return head + root.node.yamlText
    }
}

extension LockFile.Service {
    fileprivate var node: YAMLNode {
        var mapping = ComposeMapping()
        mapping.keep("images", .mapping(digests, YAMLNode.text))
        mapping.keep("base", .text(base))
        mapping.keep("at", .text(at))
        mapping.keep("by", .text(by))
        if let hold { mapping.keep("hold", hold.node) }
        if let from { mapping.keep("from", from.node) }
        return mapping.node
    }
}

extension LockFile.Hold {
    fileprivate var node: YAMLNode { .words(["reason": reason, "at": at, "by": by]) }
}

extension LockFile.Provenance {
    fileprivate var node: YAMLNode {
        .words(["environment": environment.text, "release": release, "evidence": evidence])
    }
}

extension LockFile.Rejection {
    fileprivate var node: YAMLNode {
        .words(["digest": digest, "service": service.text, "reason": reason, "at": at, "by": by])
    }
}

extension YAMLNode {
    /// What is empty is left out.
    fileprivate static func words(_ values: KeyValuePairs<String, String>) -> Self {
        var mapping = ComposeMapping()
        for (key, value) in values where !value.isEmpty { mapping.keep(key, .text(value)) }
        return mapping.node
    }
}

extension LockFile.Volume {
    fileprivate var node: YAMLNode {
        var mapping = ComposeMapping()
        mapping.keep("host", .text(host.text))
        mapping.keep("identity", .text(identity))
        return mapping.node
    }
}
