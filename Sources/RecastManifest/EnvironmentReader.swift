import RecastModel
import RecastYAML

/// Reads an environment file that has its form already.
struct EnvironmentReader {
    private let file: String
    private let secretFiles: SecretFiles
    private(set) var report = Report(domain: .environment)

    init(file: String, secretFiles: SecretFiles) {
        self.file = file
        self.secretFiles = secretFiles
    }

    /// `nil` when hosts or manifests cannot be known.
    mutating func read(_ root: Field) -> EnvironmentFile? {
        let name = name(root["name"])
        let promotion = promotion(root["gates"], after: after(root["after"], name: name))
        var hosts = HostReader(file: file, secretFiles: secretFiles)
        hosts.read(root["hosts"], of: root)
        report.add(hosts.report)
        var registries = RegistryReader(file: file, secretFiles: secretFiles)
        registries.read(root["registries"])
        report.add(registries.report)
        let files = report.fileReferences(root["env_files"]) + report.fileReferences(root["env_file"])
        return EnvironmentFile(
            name: name, hosts: hosts.hosts, registries: registries.registries, manifests: manifests(root),
            variables: variables(root["variables"]), variableFiles: files.map { resolved($0) },
            pass: pass(root), profiles: Set(report.strings(root["profiles"])),
            hooks: hooks(root["hooks"]), approval: approval(root["gates"]), promotion: promotion,
            overrides: root["overrides"]?.node)
    }

    private mutating func name(_ field: Field?) -> EnvironmentName {
        guard let field else { return EnvironmentName(FilePath.stem(of: file).lowercased()) }
        guard let text = report.word(field) else { return "unnamed" }
        if !text.isEnvironmentName {
            report.error(
                .badName, "an environment cannot be called '\(text)'", at: field.place,
                help: "use lower-case letters, digits, `-` and `_`, a letter or digit first")
        }
        return EnvironmentName(text)
    }

    private mutating func after(_ field: Field?, name: EnvironmentName) -> EnvironmentName? {
        guard let field, let text = report.word(field) else { return nil }
        if text == name.text { report.badValue(field, "names this environment itself") }
        return EnvironmentName(text)
    }

    private mutating func promotion(_ field: Field?, after: EnvironmentName?) -> PromotionGates {
        var gates = PromotionGates()
        gates.after = after
        gates.soak = (report.duration(field?["soak"]) ?? 0) / 1_000_000_000
        for entry in field?["verify"]?.entries ?? [] {
            guard let words = report.program(entry) else { continue }
            gates.verify[entry.key] = [FilePath.program(words[0], besides: file)] + words.dropFirst()
        }
        for entry in field?["probe"]?.entries ?? [] {
            guard let question = question(entry) else { continue }
            if gates.verify[entry.key] != nil { report.badValue(entry, "is the name of a program under `verify`, too") }
            gates.probes[entry.key] = question
        }
        for item in field?["freeze"]?.items ?? [] {
            if let freeze = freeze(Field(item, at: TreePath().appending("gates").appending("freeze"))) {
                gates.freeze.append(freeze)
            }
        }
        return gates
    }

    private mutating func question(_ field: Field) -> PromotionGates.Question? {
        guard let named = field["service"], let service = report.word(named) else {
            if field["service"] == nil {
                report.error(
                    .missingKey, "\(field.path) names no service", at: field.keyPlace,
                    help: "write {service: web, http: 8080/health}")
            }
            return nil
        }
        guard let probe = report.probe(field, keys: ["http", "tcp", "exec"]) else {
            if ["http", "tcp", "exec"].allSatisfy({ field[$0] == nil }) {
                report.error(
                    .missingKey, "\(field.path) asks nothing", at: field.keyPlace, help: "add `http`, `tcp` or `exec`")
            }
            return nil
        }
        return PromotionGates.Question(
            probe, to: ServiceName(service), position: named.place.position)
    }

    private mutating func freeze(_ field: Field) -> PromotionGates.Freeze? {
        guard let from = moment("from", field), let until = moment("until", field) else { return nil }
        if from >= until { report.badValue(field, "ends before it begins") }
        return PromotionGates.Freeze(from: from, until: until, reason: report.word(field["reason"]) ?? "")
    }

    private mutating func moment(_ key: String, _ field: Field) -> String? {
        guard let value = field[key] else {
            report.error(
                .missingKey, "a freeze needs `from` and `until`", at: field.place,
                help: "write {from: 2026-12-20, until: 2027-01-02, reason: …}")
            return nil
        }
        guard let text = report.word(value) else { return nil }
        guard Self.isMoment(text.count == 10 ? "\(text)T00:00:00Z" : text) else {
            report.badValue(value, "is no moment", help: "write 2026-12-20, or 2026-12-20T16:00:00Z, in UTC")
            return nil
        }
        return text
    }

    private mutating func approval(_ field: Field?) -> ApprovalGate? {
        guard let field else { return nil }
        let isRequired = report.choice(field["approval"], ["required", "none"]) == "required"
        if let signers = field["signers"], !isRequired {
            report.warn(
                .noEffect, "nobody's approval is required", at: signers.keyPlace, help: "add `approval: required`")
        }
        let signers = report.word(field["signers"]) ?? "allowed_signers"
        return isRequired ? ApprovalGate(signers: FilePath.resolve(signers, besides: file)) : nil
    }

    /// Such as `2026-12-20T16:00:00Z`.
    private static func isMoment(_ text: String) -> Bool {
        let form = "0000-00-00T00:00:00Z"
        guard text.count == form.count,
            zip(text, form).allSatisfy({ $1 == "0" ? $0.isASCIIDigit : $0 == $1 })
        else { return false }
        let numbers = text.split { !$0.isASCIIDigit }.compactMap { Int($0) }
        return (1...12).contains(numbers[1]) && (1...days(in: numbers[1], of: numbers[0])).contains(numbers[2])
            && numbers[3] < 24 && numbers[4] < 60 && numbers[5] < 60
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private mutating func manifests(_ root: Field) -> [Located<String>] {
        let paths = report.located(root["manifests"])
        if paths.isEmpty {
            report.error(
                .missingKey, "an environment must name its manifests", at: root["manifests"]?.keyPlace ?? root.place,
                help: "add `manifests: [../manifests/NAME.yaml]`")
        }
        return paths.map { Located(FilePath.resolve($0.value, besides: file), at: $0.place) }
    }

    private mutating func variables(_ field: Field?) -> [String: Located<String>] {
        var variables: [String: Located<String>] = [:]
        for entry in field?.entries ?? [] {
            checkVariableName(entry.key, at: entry.keyPlace)
            guard let text = report.text(entry.node) else {
                report.error(
                    .wrongType, "the variable '\(entry.key)' has no value", at: entry.keyPlace,
                    help: "write \"\" for an empty one, or move the name under `pass:`")
                continue
            }
            if text.contains("${") {
                report.warn(
                    .literalVariable, "'\(entry.key)' keeps its `${…}`: values of variables are taken as they stand",
                    at: entry.place)
            }
            variables[entry.key] = Located(text, at: entry.keyPlace)
        }
        return variables
    }

    private mutating func pass(_ root: Field) -> [Located<String>] {
        let names = report.located(root["pass"])
        for name in names {
            checkVariableName(name.value, at: name.place)
            if let other = root["variables"]?.node.entry(name.value) {
                report.error(
                    .conflict, "'\(name.value)' stands under `variables:` and under `pass:`", at: name.place,
                    help: "keep one of them", notes: [.init("its value is set here", at: other.keyPosition)])
            }
        }
        return names
    }

    private mutating func checkVariableName(_ name: String, at place: Place) {
        guard !name.isVariableName else { return }
        report.error(
            .badName, "'\(name)' is no name for a variable", at: place,
            help: "use letters, digits and `_`, and no digit first")
    }

    private mutating func hooks(_ field: Field?) -> OperatorHooks {
        var hooks = OperatorHooks()
        hooks.before = programs(field?["before"])
        hooks.after = programs(field?["after"])
        return hooks
    }

    private mutating func programs(_ field: Field?) -> [[String]] {
        guard let field else { return [] }
        return field.items.compactMap { item in
            guard let words = report.program(Field(item, at: field.path)) else { return nil }
            return [FilePath.program(words[0], besides: file)] + words.dropFirst()
        }
    }

    private func resolved(_ reference: FileReference) -> FileReference {
        FileReference(
            path: FilePath.resolve(reference.path, besides: file), place: reference.place,
            required: reference.required, raw: reference.raw)
    }
}

extension String {
    /// What fits into the name of a container, network or volume, and looks the same everywhere.
    var isEnvironmentName: Bool {
        guard let first else { return false }
        return (first.isASCIILowercase || first.isASCIIDigit)
            && allSatisfy { $0.isASCIILowercase || $0.isASCIIDigit || $0 == "-" || $0 == "_" }
    }

    /// compose-spec's service names, and Recast's host names: a letter or digit first, then also `.`, `-` and `_`.
    var isServiceName: Bool {
        guard let first, first.isASCIILetter || first.isASCIIDigit else { return false }
        return allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "._-".contains($0) }
    }

    var isVariableName: Bool {
        guard let first, first.isASCIILetter || first == "_" else { return false }
        return allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "_" }
    }
}

extension Character {
    var isASCIILetter: Bool { isASCII && isLetter }
    var isASCIILowercase: Bool { isASCII && isLowercase }
}

extension Report {
    /// `env_file:` in its three forms, made a list by the canonical form.
    mutating func fileReferences(_ field: Field?) -> [FileReference] {
        guard let field else { return [] }
        return field.items.compactMap { item in
            let item = Field(item, at: field.path)
            guard item.node.entries != nil else {
                return word(item).map { FileReference(path: $0, place: item.place) }
            }
            guard let path = item["path"] else { return nil }
            let raw = choice(item["format"], ["raw"]) == "raw"
            let required = bool(item["required"]) ?? true
            return word(path).map { FileReference(path: $0, place: path.place, required: required, raw: raw) }
        }
    }
}
