import RecastYAML

/// Takes values that the file leaves to the project's environment: `environment: {KEY: }`, and the `environment:` of
/// configs and secrets.
struct VariableResolution {
    let lookup: (String) -> String?

    func apply(to root: inout YAMLNode) {
        root.change("services") { services in
            services.changeValues { service in
                service.value.change("environment") { $0.fillEmptyValues(lookup) }
            }
        }
        root.change("configs") { configs in
            configs.changeValues { config in
                guard let source = config.value["environment"], let value = source.string.flatMap(lookup) else {
                    return
                }
                config.value.set("content", to: YAMLNode(.string(value), at: source.position))
            }
        }
    }

    /// By the key of the secret.
    func secretValues(of root: YAMLNode) -> [String: String] {
        var values: [String: String] = [:]
        for secret in root["secrets"]?.entries ?? [] {
            guard let value = secret.value["environment"]?.string.flatMap(lookup) else { continue }
            values[secret.key] = value
        }
        return values
    }
}

extension YAMLNode {
    /// Gives the keys that have no value the one of the variable of that name, if there is one.
    ///
    /// A list has `KEY` for such a key, a mapping `KEY:`.
    mutating func fillEmptyValues(_ lookup: (String) -> String?) {
        changeValues { entry in
            guard entry.value.isNull, let value = lookup(entry.key) else { return }
            entry.value = YAMLNode(.string(value), at: entry.keyPosition)
        }
        changeItems { item in
            guard let name = item.string, !name.contains("="), let value = lookup(name) else { return }
            item = item.replacing(.string("\(name)=\(value)"))
        }
    }
}
