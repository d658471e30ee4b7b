import RecastModel

/// One mount of a simulated container.
struct VolumeMount: Sendable {
    enum Kind: String { case bind, volume, tmpfs }

    var kind: Kind
    /// A path for a bind; a volume's name, empty for one that the engine is to name.
    var source: String
    var target: String
    var isReadOnly: Bool
    /// The part of a volume; empty: all of it.
    var subpath = ""
    /// A bind that does not make what is missing.
    var isStrict = false
    /// The engine named the volume.
    var isAnonymous = false

    /// Everything that a container mounts, but for the short form of tmpfs: inspect leaves it out, too.
    static func all(config: JSON, host: JSON) -> [Self] {
        var mounts = host["Binds"].strings.map(Self.init(bind:)) + host["Mounts"].array.map(Self.init(mount:))
        let covered = Set(mounts.map(\.target) + host["Tmpfs"].object.keys.map(CanonicalText.path))
        for target in Set(config["Volumes"].object.keys.map(CanonicalText.path)).subtracting(covered).sorted() {
            mounts.append(Self(kind: .volume, source: "", target: target, isReadOnly: false))
        }
        return mounts
    }

    static func target(ofBind bind: String) -> String { Self(bind: bind).target }

    private init(kind: Kind, source: String, target: String, isReadOnly: Bool) {
        self.kind = kind
        self.source = source
        self.target = CanonicalText.path(target)
        self.isReadOnly = isReadOnly
    }

    /// `source:target[:mode,…]`, or a target alone.
    private init(bind: String) {
        let parts = bind.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else {
            self.init(kind: .volume, source: "", target: bind, isReadOnly: false)
            return
        }
        let modes = parts.count > 2 ? parts[2].split(separator: ",") : []
        self.init(
            kind: parts[0].hasPrefix("/") ? .bind : .volume, source: parts[0], target: parts[1],
            isReadOnly: modes.contains("ro"))
    }

    private init(mount: JSON) {
        self.init(
            kind: Kind(rawValue: mount["Type"].string ?? "") ?? .volume, source: mount["Source"].string ?? "",
            target: mount["Target"].string ?? "", isReadOnly: mount["ReadOnly"] == true)
        subpath = mount["VolumeOptions"]["Subpath"].string ?? ""
        isStrict = true
    }

    var inspected: JSON {
        var entry: JSON = [
            "Type": .string(kind.rawValue), "Destination": .string(target), "Mode": "", "RW": .bool(!isReadOnly),
            "Propagation": kind == .bind ? "rprivate" : "",
        ]
        entry["Source"] = .string(kind == .volume ? SimulatedVolume.mountpoint(of: source) : source)
        if kind == .volume {
            entry["Name"] = .string(source)
            entry["Driver"] = "local"
        }
        return entry
    }
}
