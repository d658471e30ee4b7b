/// The keys of a compose file: one table that drives the checks, the merging and the canonical form.
enum Schema {
    static let manifest = Object(
        [
            "name": .scalar,
            "version": .scalar,
            "services": .map(.object(service)),
            "networks": .map(.object(network)),
            "volumes": .map(.object(volume)),
            "secrets": .unsupported("pass the value as an environment variable, or mount a file that is on the host"),
            "configs": .unsupported("bake the file into the image, or mount one that is on the host"),
            "include": .unsupported("list the files under `manifests:` of the environment"),
            "models": .unsupported(nil),
        ],
        hints: ["service": "services", "network": "networks", "volume": "volumes"])

    static let network = Object.of(
        scalars: ["name", "driver", "internal", "attachable", "enable_ipv6"],
        [
            "driver_opts": .map(.scalar),
            "labels": .pairs,
            "external": .scalarOr(.of(scalars: ["name"])),
            "ipam": .object(
                .of(
                    scalars: ["driver"],
                    [
                        "config": .keyed(
                            .of(scalars: ["subnet", "gateway", "ip_range"], unsupported: ["aux_addresses"]),
                            by: "subnet")
                    ], unsupported: ["options"])),
        ],
        unsupported: ["enable_ipv4"])

    static let volume = Object.of(
        scalars: ["name", "driver"],
        [
            "driver_opts": .map(.scalar),
            "labels": .pairs,
            "external": .scalarOr(.of(scalars: ["name"])),
        ])
}
