import RecastModel

/// The portable half of a container: the request's words, filled up from the image's `Config`.
struct ConfigMerge {
    let request: JSON
    let image: JSON
    let api: APIVersion
    let engine: EngineConfiguration

    func merged() throws(Refusal) -> JSON {
        var config = try Template.config.filled(
            from: normalisedRequest, optional: Template.optionalConfig, named: "ContainerConfigWrapper")
        config["Env"] = environment
        config["Labels"] = labels
        for key in ["User", "StopSignal"] where config[key].isZero {
            if let inherited = image[key].nonZero { config[key] = inherited }
        }
        // Newer engines keep the image's as the image spells it.
        let own = config["WorkingDir"].nonZero?.string.map(CanonicalText.path)
        let inherited = image["WorkingDir"].string ?? ""
        config["WorkingDir"] = .string(own ?? (engine.isAtLeast(25) ? inherited : CanonicalText.path(inherited)))
        mergeProcess(into: &config)
        config["Volumes"] = union("Volumes")
        config["ExposedPorts"] = union("ExposedPorts")
        config["Healthcheck"] = healthcheck
        return config.withoutNull(Template.optionalConfig)
    }

    /// A command may be one string.
    private var normalisedRequest: JSON {
        var request = request
        for key in ["Cmd", "Entrypoint"] { if let text = request[key].string { request[key] = [.string(text)] } }
        return request
    }

    /// The request's variables first, then those of the image that it does not name.
    private var environment: JSON {
        let own = request["Env"].strings
        let names = Set(own.map(Self.name))
        let all = own + image["Env"].strings.filter { !names.contains(Self.name(of: $0)) }
        return all.isEmpty ? request["Env"] : .strings(all)
    }

    private static func name(of variable: String) -> String { String(variable.prefix { $0 != "=" }) }

    private var labels: JSON {
        let own = request["Labels"].object.mapValues { $0.string ?? "" }
        return .map(image["Labels"].stringMap.merging(own) { $1 })
    }

    /// Any entrypoint drops the image's command; an empty one keeps it; `[""]` clears both.
    private func mergeProcess(into config: inout JSON) {
        if config["Entrypoint"].isZero {
            if config["Cmd"].isZero, !image["Cmd"].isZero { config["Cmd"] = image["Cmd"] }
            if config["Entrypoint"].isNull { config["Entrypoint"] = image["Entrypoint"] }
        }
        if config["Entrypoint"] == [""] { config["Entrypoint"] = .null }
    }

    private func union(_ key: String) -> JSON {
        let members = image[key].object.merging(request[key].object) { $1 }
        return members.isEmpty ? .null : .object(members)
    }

    /// Each field by itself; what is zero is not written.
    private var healthcheck: JSON {
        var check = request["Healthcheck"]
        if check.isNull { return image["Healthcheck"] }
        if api < APIVersion(1, 44) { check["StartInterval"] = .null }
        var merged: JSON = [:]
        for key in ["Test", "Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"] {
            if let value = check[key].nonZero ?? image["Healthcheck"][key].nonZero { merged[key] = value }
        }
        return merged
    }
}

extension JSON {
    var nonZero: JSON? { isZero ? nil : self }

    func withoutNull(_ keys: Set<String>) -> JSON {
        .object(object.filter { !$0.value.isNull || !keys.contains($0.key) })
    }
}
