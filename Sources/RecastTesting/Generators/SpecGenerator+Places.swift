import RecastModel

extension SpecGenerator {
    func networking(_ dice: inout Dice) -> Networking {
        var networking = Networking()
        networking.mode = dice.pick("none", "none", "bridge", "", "default", "host")
        if !networks.isEmpty, dice.maybe(0.5) { join(&networking, &dice) }
        if dice.maybe() {
            networking.exposed = dice.pick(
                [ContainerPort(90)], [ContainerPort(91)], [ContainerPort(92, .udp)],
                [ContainerPort(9000), ContainerPort(9001), ContainerPort(9002)])
        }
        if dice.maybe() { networking.published = published(&dice) }
        // As every definition that comes from a manifest: an engine publishes nothing that is not exposed.
        networking.exposed.formUnion(networking.published.map(\.port))
        if dice.maybe(0.1) { networking.publishAll = true }
        if dice.maybe() { networking.dns = dice.pick([], ["1.1.1.1", "8.8.8.8"]) }
        if dice.maybe(0.2) { networking.dnsSearch = ["b.example", "a.example"] }
        if dice.maybe(0.2) { networking.dnsOptions = ["ndots:1"] }
        if dice.maybe() { networking.extraHosts = dice.sample(["a:1.2.3.4", "b:::1", "h:host-gateway"], 2...2) }
        return networking
    }

    private func published(_ dice: inout Dice) -> [PublishedPort] {
        let port = dice.pick(ContainerPort(80), ContainerPort(81), ContainerPort(53, .udp))
        return dice.pick(
            [PublishedPort(port, hostPort: "8080")], [PublishedPort(port)],
            [PublishedPort(port, hostAddress: "127.0.0.1", hostPort: "1")],
            [PublishedPort(port, hostAddress: "::", hostPort: "9"), PublishedPort(port, hostPort: "8")],
            [PublishedPort(port, hostAddress: "0.0.0.0", hostPort: "8000-8010")], [])
    }

    private func join(_ networking: inout Networking, _ dice: inout Dice) {
        let joined = dice.sample(networks, 1...networks.count)
        networking.mode = joined[0]
        networking.endpoints = joined.map { network in
            Endpoint(network: network, aliases: dice.pick([], ["one"], ["two", "one"]))
        }
    }

    func addMounts(to spec: inout ContainerSpec, _ dice: inout Dice) {
        if dice.maybe() { spec.mounts += dice.sample(Self.binds, 2...2) }
        if dice.maybe() {
            spec.mounts.append(
                dice.pick(
                    Mount(Self.bind("/tmp", createHostPath: false), at: "/m1/"),
                    Mount(.anonymous(noCopy: true), at: "/m1"),
                    Mount(.tmpfs(size: 1_000_000, mode: 0), at: "/m1"),
                    Mount(.volume(name: "spec-data", noCopy: false), at: "/m1"),
                    Mount(.volume(name: "spec-data", noCopy: true), at: "/m1/", readOnly: true)))
        }
        if dice.maybe() {
            spec.mounts.append(
                Mount(.tmpfsOptions(dice.pick([], ["size=1m", "mode=755"])), at: dice.pick("/t1", "/t1/")))
        }
        if dice.maybe() { spec.mounts.append(Mount(.anonymous(noCopy: false), at: dice.pick("/v/", "/v", "/data"))) }
    }

    private static let binds = [
        Mount(bind("/tmp"), at: "/b1"), Mount(bind("/tmp/"), at: "/b2/", readOnly: true),
        Mount(bind("/tmp", propagation: "rslave"), at: "/b3"), Mount(.anonymous(noCopy: false), at: "/anon1"),
        Mount(bind("/tmp", selinux: "z"), at: "/b4", readOnly: true),
    ]

    private static func bind(
        _ path: String, propagation: String? = nil, selinux: String = "", createHostPath: Bool = true
    ) -> Mount.Source {
        .bind(path: path, propagation: propagation, selinux: selinux, createHostPath: createHostPath)
    }
}
