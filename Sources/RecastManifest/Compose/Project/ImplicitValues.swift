import RecastYAML

/// Values that a canonical tree spells out although the file left them to be understood.
enum ImplicitValues {
    static func apply(to root: inout YAMLNode) {
        root.change("services") { services in
            services.changeValues { apply(toService: &$0.value) }
        }
    }

    private static func apply(toService service: inout YAMLNode) {
        service.change("build") { $0.setMissing("context", ".") }
        service.change("secrets") { secrets in
            secrets.changeItems { secret in
                guard let source = secret["source"]?.string else { return }
                secret.setMissing("target", "/run/secrets/" + source)
            }
        }
        service.change("ports") { ports in
            ports.changeItems { port in
                port.setMissing("protocol", "tcp")
                port.setMissing("mode", "ingress")
            }
        }
        service.change("depends_on") { dependencies in
            dependencies.changeValues { dependency in
                guard dependency.value.entries != nil, dependency.value["required"] == nil else { return }
                dependency.value.set("required", to: YAMLNode(.bool(true), at: dependency.value.position))
            }
        }
        service.change("gpus") { $0.changeItems(countDevices) }
        service.change("deploy") { deploy in
            deploy.change("resources") { resources in
                resources.change("reservations") { reservations in
                    reservations.change("devices") { $0.changeItems(countDevices) }
                }
            }
        }
    }

    /// All devices are wanted when neither their number nor their ids are given; all are -1.
    private static func countDevices(_ request: inout YAMLNode) {
        if request.entries != nil, request["count"] == nil, request["device_ids"] == nil {
            request.set("count", to: YAMLNode(.int(-1), at: request.position))
        }
        request.change("count") { count in
            if count.string?.lowercased() == "all" { count = count.replacing(.int(-1)) }
        }
    }
}

extension YAMLNode {
    /// Gives a mapping a key that is not there; one without a value stays so.
    fileprivate mutating func setMissing(_ key: String, _ text: String) {
        guard entries != nil, self[key] == nil else { return }
        set(key, to: YAMLNode(.string(text), at: position))
    }
}
