import RecastYAML

/// Keys that the JSON of `docker compose config` has even when nothing is said under them.
enum ConstantKeys {
    static func apply(to root: inout YAMLNode) {
        root.change("networks") { networks in
            networks.changeValues { $0.value.addObject("ipam") }
        }
        root.change("services") { services in
            services.changeValues { apply(toService: &$0.value) }
        }
    }

    private static func apply(toService service: inout YAMLNode) {
        service.addNull("command")
        service.addNull("entrypoint")
        service.change("deploy") { deploy in
            deploy.addObject("resources")
            deploy.addObject("placement")
        }
        for hook in ["post_start", "pre_stop"] {
            service.change(hook) { steps in
                steps.changeItems { $0.addNull("command") }
            }
        }
        service.change("develop") { develop in
            develop.change("watch") { rules in
                rules.changeItems { rule in
                    rule.addObject("exec")
                    rule.change("exec") { $0.addNull("command") }
                }
            }
        }
    }
}

extension YAMLNode {
    fileprivate mutating func addNull(_ key: String) { add(key, .null) }

    fileprivate mutating func addObject(_ key: String) { add(key, .mapping([])) }

    private mutating func add(_ key: String, _ content: Content) {
        guard entries != nil, self[key] == nil else { return }
        set(key, to: YAMLNode(content, at: position))
    }
}
