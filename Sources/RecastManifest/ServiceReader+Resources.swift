import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readResources() {
        let limits = root.at("deploy", "resources", "limits")
        spec.resources.memory =
            agreed(root["mem_limit"], limits?["memory"]) { $0.bytes($1, mayBeUnlimited: false) } ?? 0
        spec.resources.nanoCPUs = agreed(root["cpus"], limits?["cpus"]) { $0.nanoCPUs($1) } ?? 0
        spec.resources.pidsLimit =
            agreed(root["pids_limit"], limits?["pids"]) { $0.integer($1, in: -1...Int64.max) } ?? 0
        spec.resources.memorySwap = report.bytes(root["memswap_limit"], mayBeUnlimited: true) ?? 0
        let reservations = root.at("deploy", "resources", "reservations")
        spec.resources.memoryReservation =
            agreed(root["mem_reservation"], reservations?["memory"]) { $0.bytes($1, mayBeUnlimited: false) } ?? 0
        spec.resources.cpuShares = report.integer(root["cpu_shares"], in: 0...Int64.max) ?? 0
        spec.resources.cpusetCPUs = cpuset(root["cpuset"]) ?? ""
        spec.resources.cpuPeriod = report.integer(root["cpu_period"], in: 0...Int64.max) ?? 0
        spec.resources.cpuQuota = report.integer(root["cpu_quota"], in: -1...Int64.max) ?? 0
        spec.resources.cpuRealtimePeriod = report.integer(root["cpu_rt_period"], in: 0...Int64.max) ?? 0
        spec.resources.cpuRealtimeRuntime = report.integer(root["cpu_rt_runtime"], in: 0...Int64.max) ?? 0
        spec.resources.memorySwappiness = report.integer(root["mem_swappiness"], in: -1...100)
        spec.resources.oomKillDisable = report.bool(root["oom_kill_disable"]) ?? false
        readBlockIO()
        checkSwap()
    }

    /// The older key, or the one under `deploy:`.
    private mutating func agreed(
        _ plain: Field?, _ deploy: Field?, read: (inout Report, Field?) -> Int64?
    ) -> Int64? {
        read(&report, plain) ?? read(&report, deploy)
    }

    private mutating func readBlockIO() {
        guard let section = root["blkio_config"] else { return }
        spec.resources.blkioWeight = Int(report.integer(section["weight"], in: 0...1000) ?? 0)
        for item in section["weight_device"]?.items ?? [] {
            let device = Field(item, at: section.path.appending("weight_device"))
            guard let path = report.word(device["path"]) else { continue }
            spec.resources.blockIO.weights[path] = report.integer(device["weight"], in: 10...1000).map(Int.init)
        }
        spec.resources.blockIO.readRates = rates(section["device_read_bps"])
        spec.resources.blockIO.writeRates = rates(section["device_write_bps"])
        spec.resources.blockIO.readOperations = rates(section["device_read_iops"])
        spec.resources.blockIO.writeOperations = rates(section["device_write_iops"])
    }

    private mutating func rates(_ field: Field?) -> [String: Int64] {
        var rates: [String: Int64] = [:]
        for item in field?.items ?? [] {
            let device = Field(item, at: field?.path ?? root.path)
            guard let path = report.word(device["path"]) else { continue }
            rates[path] = report.bytes(device["rate"], mayBeUnlimited: false)
        }
        return rates
    }

    private mutating func checkSwap() {
        let resources = spec.resources
        guard let field = root["memswap_limit"], resources.memorySwap > 0 else { return }
        if resources.memory == 0 {
            report.badValue(field, "needs a memory limit beside it", help: "add `mem_limit`")
        } else if resources.memorySwap < resources.memory {
            report.badValue(field, "is memory and swap together, so it cannot be less than the memory limit")
        }
    }

    /// `0-3,7`.
    private mutating func cpuset(_ field: Field?) -> String? {
        guard let field else { return nil }
        guard let text = field.node.wholeNumber.map(String.init) ?? report.optionalWord(field) else { return nil }
        let ranges = text.split(separator: ",", omittingEmptySubsequences: false)
        let isValid = ranges.allSatisfy { range in
            let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            switch (ends.first ?? nil, ends.last ?? nil, ends.count) {
            case (_?, _?, 1): return true
            case (let low?, let high?, 2): return low <= high
            default: return false
            }
        }
        if !isValid { report.badValue(field, "is '\(text)'; write processor numbers like 0-3,7") }
        return text
    }

    mutating func readIsolation() {
        spec.isolation.privileged = report.bool(root["privileged"]) ?? false
        spec.isolation.readOnlyRootFilesystem = report.bool(root["read_only"]) ?? false
        spec.isolation.initProcess = report.bool(root["init"])
        spec.isolation.capAdd = capabilities(root["cap_add"])
        spec.isolation.capDrop = capabilities(root["cap_drop"])
        readSecurityOptions()
        spec.isolation.groupAdd = report.strings(root["group_add"], numbers: true)
        readDevices()
        spec.isolation.deviceCgroupRules = report.strings(root["device_cgroup_rules"])
        spec.isolation.storageOptions = report.texts(root["storage_opt"])
        spec.isolation.ulimits = ulimits()
        spec.isolation.sysctls = report.texts(root["sysctls"])
        spec.isolation.shmSize = report.bytes(root["shm_size"], mayBeUnlimited: false)
        spec.isolation.oomScoreAdjustment = Int(report.integer(root["oom_score_adj"], in: -1000...1000) ?? 0)
    }

    /// Loosely: a newer kernel may know a newer capability.
    private mutating func capabilities(_ field: Field?) -> [String] {
        var names: [String] = []
        for item in report.located(field) {
            let isWord = item.value.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "_" }
            if item.value.isEmpty || !isWord {
                report.error(
                    .badValue, "'\(item.value)' is no capability", at: item.place,
                    help: "write a name like NET_ADMIN, or ALL")
            } else if !names.contains(item.value) {
                names.append(item.value)
            }
        }
        return names
    }

    private mutating func readSecurityOptions() {
        for option in report.located(root["security_opt"]) {
            let text = option.value
            if text == "systempaths=unconfined" || text == "systempaths:unconfined" {
                spec.isolation.unmaskedPaths = true
            } else if text.hasPrefix("seccomp"), !text.hasSuffix("unconfined"), !text.hasSuffix("builtin") {
                if let profile = seccompProfile(option) { spec.isolation.securityOptions.append(profile) }
            } else if !spec.isolation.securityOptions.contains(text) {
                spec.isolation.securityOptions.append(text)
            }
        }
    }

    /// The engine takes a profile's text, not its path.
    private mutating func seccompProfile(_ option: Located<String>) -> String? {
        let path = String(option.value.dropFirst("seccomp=".count))
        let place = FilePath.resolve(path, in: context.directory)
        guard let bytes = report.contents(of: place, in: context.files, namedAt: option.place) else { return nil }
        return "seccomp=" + String(decoding: bytes, as: UTF8.self)
    }

    private mutating func ulimits() -> [String: Isolation.Ulimit] {
        var ulimits: [String: Isolation.Ulimit] = [:]
        for entry in root["ulimits"]?.entries ?? [] {
            let range = Int64(-1)...Int64.max
            if entry.node.entries == nil {
                let both = report.integer(entry, in: range)
                ulimits[entry.key] = both.map { Isolation.Ulimit(soft: $0, hard: $0) }
                continue
            }
            guard let softField = entry["soft"], let hardField = entry["hard"] else { continue }
            if let soft = report.integer(softField, in: range), let hard = report.integer(hardField, in: range) {
                ulimits[entry.key] = Isolation.Ulimit(soft: soft, hard: hard)
                if hard != -1, soft > hard { report.badValue(softField, "is more than the hard limit") }
            }
        }
        return ulimits
    }
}
