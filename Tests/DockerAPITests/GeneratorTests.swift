import RecastModel
import RecastTesting
import Testing

@Suite struct GeneratorTests {
    private static let images = ["shop/base:1", "shop/rich:1"].compactMap(ImageReference.init)
    private let generator = SpecGenerator(
        images: images, networks: ["front", "back"], owner: "owner", includesExotic: true, api: APIVersion(1, 51))

    @Test func `the numbers of a seed are those of SplitMix64`() {
        var generator = SeededGenerator(seed: 1_234_567)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `a seed gives the same spec again, another gives another`() {
        var (one, same, other) = (SeededGenerator(seed: 7), SeededGenerator(seed: 7), SeededGenerator(seed: 8))
        let spec = generator.spec(using: &one)
        #expect(spec == generator.spec(using: &same))
        #expect(spec != generator.spec(using: &other))
    }

    @Test func `every field is said by some spec`() {
        let empty = ContainerSpec(image: Self.images[0]).fields
        var said: Set<String> = []
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            for path in generator.spec(using: &random).fields.values.keys where empty[path] == nil {
                said.insert(String(path.prefix { $0 != "." }))
            }
        }
        let expected: Set<String> = [
            "command", "entrypoint", "environment", "labels", "user", "working_dir", "hostname", "domainname", "tty",
            "stdin_open", "stdin_once", "stop_signal", "stop_grace_period", "healthcheck", "memory", "memory_swap",
            "memory_reservation", "memory_swappiness", "oom_kill_disable", "cpus", "cpu_shares", "cpu_period",
            "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpuset", "cpuset_mems", "pids_limit", "blkio_weight",
            "devices", "device_cgroup_rules", "group_add", "sysctls", "storage_opt", "ulimits", "oom_score_adj", "pid",
            "uts", "userns_mode", "cgroup_parent", "volume_driver", "ipc", "cgroup", "runtime", "init", "shm_size",
            "privileged", "read_only", "cap_add", "cap_drop", "systempaths_unconfined", "security_opt", "network_mode",
            "expose", "ports", "publish_all", "dns", "dns_search", "dns_opt", "extra_hosts", "networks", "volumes",
            "restart", "logging", "rm", "platform", "annotations", "device_requests", "blkio_device_read_bps",
            "blkio_device_write_bps", "blkio_device_read_iops", "blkio_device_write_iops", "blkio_weight_device",
            "mac_address", "volumes_from",
        ]
        #expect(said == expected)
    }

    @Test func `a mutation changes the canonical form, in few fields`() {
        var random = SeededGenerator(seed: 2)
        for round in 0..<500 {
            let spec = generator.spec(using: &random)
            let (before, after) = (spec.fields.values, generator.mutated(spec, using: &random).fields.values)
            let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            #expect((1...12).contains(changed.count), "round \(round): \(changed)")
        }
    }

    @Test func `mutations reach every kind of field`() {
        var random = SeededGenerator(seed: 3)
        var changed: Set<String> = []
        let spec = ContainerSpec(image: Self.images[0])
        for _ in 0..<2000 {
            for path in generator.mutated(spec, using: &random).fields.values.keys {
                changed.insert(String(path.prefix { $0 != "." }))
            }
        }
        #expect(changed.count >= 60)
    }
}
