import RecastModel

/// Which containers of a host write to the same volume.
struct WriterCheck {
    private(set) var report = Report()
    private var writers: [Spot: Claim] = [:]
    /// Each pair is told of once, on however many hosts it is.
    private var told: Set<[String]> = []

    private struct Spot: Hashable {
        let host: HostName
        let volume: String
    }

    private struct Claim {
        let service: ServiceName
        let mount: Located<String>
    }

    /// Called for each instance that a host shall run.
    mutating func claim(_ service: Service, on host: HostName, _ resources: Resources) {
        for mount in service.written {
            guard let volume = resources.volumes[mount.value], !volume.isShared, volume.external || volume.isOnOneHost
            else { continue }
            let claim = Claim(service: service.name, mount: mount)
            let spot = Spot(host: host, volume: volume.name)
            if let other = writers.updateValue(claim, forKey: spot),
                told.insert([mount.value, claim.service.text, other.service.text]).inserted
            {
                refuse(claim, other, on: host)
            }
        }
    }

    private mutating func refuse(_ claim: Claim, _ other: Claim, on host: HostName) {
        let volume = claim.mount.value
        let isOne = claim.service == other.service
        report.error(
            .severalWriters,
            isOne
                ? "several instances of '\(claim.service)' write to volume '\(volume)' on host '\(host)'"
                : "'\(claim.service)' and '\(other.service)' both write to volume '\(volume)' on host '\(host)'",
            at: claim.mount.place,
            help: (isOne ? "keep it to one instance on a host" : "mount it `:ro` in one of them")
                + ", or say `x-recast: {shared: true}` in the volume if they get along",
            notes: isOne ? [] : [.init("'\(other.service)' writes to it here", at: other.mount.place.position)])
    }
}
