/// The keys of a compose file: one table that drives the checks, the merging, the canonical form and the documentation.
///
/// Types are those of compose-spec's JSON schema; what is not said there is as Docker Compose reads it.
enum Schema {
    static let manifest = Object(
        [
            "name": .differs(.text, "the application's name: names on a host begin with ENVIRONMENT-NAME"),
            "version": .ignored(.text, "it has had no meaning since Docker Compose 2"),
            "services": .honoured(.map(.object(service), Keys(allowed: .names))),
            "networks": .honoured(.map(.object(network), Keys(allowed: .names, mayBeEmpty: true))),
            "volumes": .honoured(.map(.object(volume), Keys(allowed: .names, mayBeEmpty: true))),
            "secrets": .honoured(.map(.object(secret), Keys(allowed: .names))),
            "configs": .honoured(.map(.object(config), Keys(allowed: .names))),
            "include": .honoured(.list(List(.object(include), short: .include, isDistinct: false))),
            "x-recast": .honoured(.object(manifestExtension)),
            "models": .refused(
                .map(.object(model), Keys(allowed: .names)), "models are run by Docker Desktop, not by an engine",
                help: "run the model in a service of its own"),
        ],
        hints: ["service": "services", "network": "networks", "volume": "volumes"])

    static let include = Object(
        honoured: [
            "path": .texts(single: true), "env_file": .texts(single: true), "project_directory": .text,
        ], extensible: false)

    static let network = Object(
        honoured: [
            "name": .text, "driver": .text, "internal": .bool, "attachable": .bool, "driver_opts": options,
            "labels": .pairs(Pairs()), "external": external, "ipam": .object(ipam),
        ],
        also: [
            "enable_ipv4": .honoured(.bool), "enable_ipv6": .honoured(.bool),
        ])

    private static let ipam = Object(honoured: [
        "driver": .text, "config": .list(List(.object(pool), identity: .subnet, isDistinct: false)),
        "options": .pairs(Pairs(mayBeListed: false, onlyText: true, mayHoldNulls: false)),
    ])

    private static let pool = Object(honoured: [
        "subnet": .text, "gateway": .text, "ip_range": .text,
        "aux_addresses": .pairs(Pairs(mayBeListed: false, onlyText: true, mayHoldNulls: false)),
    ])

    static let volume = Object(honoured: [
        "name": .text, "driver": .text, "driver_opts": options, "labels": .pairs(Pairs()), "external": external,
        "x-recast": .object(volumeExtension),
    ])

    static let secret = Object(
        [
            "name": .ignored(.text, "a secret is a file in the container; the engine has no name for it"),
            "file": .honoured(.text),
            "environment": .differs(.text, "a variable of the environment, or one that `pass:` names"),
            "external": .refused(
                external, "a swarm's secrets are not within reach",
                help: "give it a file, a variable, or `x-recast: {command: […]}`"),
            "labels": .ignored(.pairs(Pairs()), "labels are a swarm's"),
            "driver": swarm(.text), "driver_opts": swarm(options), "template_driver": swarm(.text),
            "x-recast": .honoured(.object(fileExtension)),
        ])

    static let config = Object(
        [
            "name": .ignored(.text, "a config is a file in the container; the engine has no name for it"),
            "file": .honoured(.text), "content": .honoured(.text),
            "environment": .differs(.text, "a variable of the environment, or one that `pass:` names"),
            "external": .refused(
                external, "a swarm's configs are not within reach", help: "give it a file, content or a variable"),
            "labels": .ignored(.pairs(Pairs()), "labels are a swarm's"),
            "template_driver": swarm(.text),
            "x-recast": .honoured(.object(fileExtension)),
        ])

    private static let model = Object(
        honoured: [
            "name": .text, "model": .text, "context_size": .scalar(.plainInteger), "runtime_flags": .texts(),
        ], required: ["model"])

    /// `true`, or the older `{name: …}`.
    private static let external = Shape.scalarOr(.bool, Object(honoured: ["name": .text]))

    static let options = Shape.pairs(Pairs(mayBeListed: false, mayHoldNulls: false))

    private static func swarm(_ shape: Shape) -> Key {
        .refused(shape, "drivers are a swarm's", help: "remove it")
    }
}
