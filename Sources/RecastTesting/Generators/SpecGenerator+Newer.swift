import RecastModel

extension SpecGenerator {
    static let deviceRequests = [
        DeviceRequest(count: -1, capabilities: [["gpu"]]),
        DeviceRequest(
            driver: "nvidia", deviceIDs: ["1", "0"], capabilities: [["utility", "gpu"]], options: ["a": "b"]),
        DeviceRequest(count: 2, capabilities: [["gpu"], ["tpu", "x"]]),
        DeviceRequest(driver: DeviceRequest.cdiDriver, deviceIDs: ["vendor.com/class=name"]),
    ]

    func blockIO(_ dice: inout Dice) -> BlockIO {
        var limits = BlockIO()
        if dice.maybe() { limits.readRates = ["/dev/null": 1000, "/dev/zero": 2000] }
        if dice.maybe() { limits.writeRates = ["/dev/null": 1 << 20] }
        if dice.maybe() { limits.readOperations = ["/dev/null": 30] }
        if dice.maybe() { limits.writeOperations = ["/dev/zero": 40] }
        return limits
    }

    /// Fields of which some need a newer engine than the oldest.
    func addNewer(to spec: inout ContainerSpec, _ dice: inout Dice) {
        if api >= APIVersion(1, 43), dice.maybe(0.2) { spec.annotations = ["a.example/b": "c", "d": ""] }
        if dice.maybe(0.1) { spec.platform = dice.pick("linux", "linux/amd64", "linux/x86_64") }
        for index in spec.networking.endpoints.indices {
            addNewer(to: &spec.networking.endpoints[index], isFirst: index == 0, &dice)
        }
        if spec.networking.endpoints.isEmpty, ["", "default", "bridge"].contains(spec.networking.mode), dice.maybe() {
            spec.networking.macAddress = "02-42-AC-11-00-97"
        }
        if dice.maybe() { spec.mounts.append(newerMount(&dice)) }
    }

    private func addNewer(to endpoint: inout Endpoint, isFirst: Bool, _ dice: inout Dice) {
        if dice.maybe() { endpoint.linkLocalAddresses = ["169.254.8.8", "169.254.8.9"] }
        if isFirst || api >= APIVersion(1, 44), dice.maybe() {
            endpoint.macAddress = isFirst ? "02-42-AC-11-00-99" : "02:42:ac:11:00:98"
        }
        if dice.maybe() { endpoint.driverOptions = ["some.option": "1"] }
        if api >= APIVersion(1, 48), dice.maybe() { endpoint.gatewayPriority = dice.pick(-1, 100) }
        if api >= APIVersion(1, 49), dice.maybe() { endpoint.interfaceName = isFirst ? "front0" : "back0" }
    }

    private func newerMount(_ dice: inout Dice) -> Mount {
        var mounts = [mount(Mount(.anonymous(noCopy: false), at: "/n")) { $0.labels = ["a": "b"] }]
        let bind = Mount(.bind(path: "/tmp", propagation: nil, selinux: "", createHostPath: true), at: "/n")
        mounts.append(mount(bind) { $0.recursion = .disabled })
        if api >= APIVersion(1, 44) {
            let readOnly = Mount(
                .bind(path: "/tmp", propagation: "rprivate", selinux: "", createHostPath: false), at: "/n",
                readOnly: true)
            mounts.append(mount(readOnly) { $0.recursion = .writable })
            mounts.append(mount(readOnly) { $0.recursion = .readonly })
        }
        if api >= APIVersion(1, 45) {
            let volume = Mount(.volume(name: "spec-data", noCopy: true), at: "/n/")
            mounts.append(mount(volume) { $0.subpath = "some/folder" })
        }
        if api >= APIVersion(1, 48) {
            mounts.append(mount(Mount(.image(images[0]), at: "/n")) { $0.subpath = "bin" })
            mounts.append(Mount(.image(images[images.count - 1]), at: "/n"))
        }
        return dice.pick(from: mounts)
    }

    private func mount(_ mount: Mount, _ change: (inout Mount) -> Void) -> Mount {
        var mount = mount
        change(&mount)
        return mount
    }

    func addSharing(to spec: inout ContainerSpec, _ dice: inout Dice) {
        guard let owner, dice.maybe(0.2) else { return }
        if dice.maybe(0.5) {
            spec.sharing.network = .container(owner)
            spec.networking = Networking()
            spec.hostname = nil
            spec.isolation.sysctls = [:]
            spec.isolation.utsMode = ""
        }
        if dice.maybe(0.5) {
            spec.sharing.pid = .container(owner)
            spec.isolation.pidMode = ""
        }
        if dice.maybe(0.5) {
            spec.sharing.ipc = .container(owner)
            spec.isolation.ipcMode = nil
        }
        if dice.maybe(0.5) {
            spec.sharing.volumes = [Sharing.Volumes(.container(owner), readOnly: dice.pick(true, false))]
        }
    }
}
