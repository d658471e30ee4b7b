import RecastModel
import RecastYAML

extension ServiceReader {
    mutating func readProcess() {
        spec.command = root["command"].map { report.strings($0) }
        spec.entrypoint = root["entrypoint"].map { report.strings($0) }
        spec.user = report.optionalWord(root["user"])
        spec.workingDirectory = absolute(root["working_dir"])
        spec.hostname = report.optionalWord(root["hostname"])
        spec.domainname = report.optionalWord(root["domainname"])
        spec.tty = report.bool(root["tty"]) ?? false
        spec.stdinOpen = report.bool(root["stdin_open"]) ?? false
        spec.stopSignal = report.optionalWord(root["stop_signal"])
        spec.stopTimeout = gracePeriod(root["stop_grace_period"])
        spec.platform = report.optionalWord(root["platform"])
        spec.annotations = report.texts(root["annotations"])
        readLabels()
    }

    /// `labels` wins over the label files, and a later file over an earlier one.
    private mutating func readLabels() {
        var labels: [String: String] = [:]
        for file in report.located(root["label_file"]) {
            let reference = FileReference(path: FilePath.resolve(file.value, in: context.directory), place: file.place)
            let entries = report.entries(
                of: reference, in: context.files, lookup: { _ in nil }, variables: context.variables)
            for entry in entries { labels[entry.name] = entry.value.text }
        }
        labels.merge(report.labels(root["labels"])) { $1 }
        if let name = report.optionalWord(root["container_name"]) { labels["recast.container-name"] = name }
        spec.labels = labels
    }

    /// Absolute, as the engine wants every path of a container.
    private mutating func absolute(_ field: Field?) -> String? {
        guard let field, let path = report.optionalWord(field) else { return nil }
        if !FilePath.isAbsolute(path) { report.badValue(field, "is '\(path)'; it must be an absolute path") }
        return path
    }

    private mutating func gracePeriod(_ field: Field?) -> Int? {
        guard let field, let nanoseconds = report.duration(field) else { return nil }
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest > 0 else { return Int(seconds) }
        report.note(.changedText, "the engine counts whole seconds: \(seconds + 1)s", at: field.place)
        return Int(seconds) + 1
    }

    mutating func readHealthcheck() {
        guard let check = root["healthcheck"] else { return }
        let test = healthTest(check["test"])
        let isDisabled = report.bool(check["disable"]) ?? false
        var healthcheck = Healthcheck(
            test: isDisabled ? ["NONE"] : test, interval: healthTime(check["interval"]),
            timeout: healthTime(check["timeout"]), startPeriod: healthTime(check["start_period"]),
            startInterval: healthTime(check["start_interval"]),
            retries: report.integer(check["retries"], in: 0...1_000_000).map(Int.init))
        if healthcheck.test == ["NONE"] { healthcheck = Healthcheck(test: ["NONE"]) }
        spec.healthcheck = healthcheck
    }

    private mutating func healthTest(_ field: Field?) -> [String]? {
        guard let field else { return nil }
        let words = report.strings(field)
        if words == ["CMD"] || words == ["CMD-SHELL"] {
            report.badValue(field, "names nothing to run")
        }
        return words
    }

    /// The engine refuses what is shorter than a millisecond; 0 inherits.
    private mutating func healthTime(_ field: Field?) -> Int64? {
        guard let field, let nanoseconds = report.duration(field) else { return nil }
        if (1..<1_000_000).contains(nanoseconds) { report.badValue(field, "is less than 1ms, the engine's least") }
        return nanoseconds
    }

    mutating func readRestart() {
        service.restartPlace = (root.at("deploy", "restart_policy") ?? root["restart"])?.keyPlace
        if let policy = root.at("deploy", "restart_policy") {
            if let restart = root["restart"] {
                report.note(.noEffect, "deploy.restart_policy wins over `restart`", at: restart.keyPlace)
            }
            readRestartPolicy(policy)
        } else if let field = root["restart"] {
            readRestartWord(field)
        }
    }

    /// YAML 1.2 reads `no` as text, but a quoted or older `false` means the same.
    private mutating func readRestartWord(_ field: Field) {
        guard let text = report.string(field) else { return }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("no", 1), (nil, _), ("", 1): spec.restart = .never
        case ("always", 1): spec.restart = .always
        case ("unless-stopped", 1): spec.restart = .unlessStopped
        case ("on-failure", 1): spec.restart = .onFailure(retries: 0)
        case ("on-failure", 2):
            if let retries = Int(parts[1]), retries >= 0 {
                spec.restart = .onFailure(retries: retries)
            } else {
                report.badValue(field, "is '\(text)'; the number of retries is missing", help: "write on-failure:5")
            }
        default: _ = report.choice(field, ["no", "always", "unless-stopped", "on-failure", "on-failure:N"])
        }
    }

    private mutating func readRestartPolicy(_ policy: Field) {
        let attempts = report.integer(policy["max_attempts"], in: 0...Int64(Int32.max))
        let condition = report.choice(policy["condition"], ["none", "on-failure", "any"])
        switch condition ?? "any" {
        case "none": spec.restart = .never
        case "on-failure": spec.restart = .onFailure(retries: Int(attempts ?? 0))
        default:
            spec.restart = .always
            if let field = policy["max_attempts"] {
                report.note(.noEffect, "the engine limits attempts only for `on-failure`", at: field.keyPlace)
            }
        }
    }
}
