extension EngineState {
    mutating func volumeRoute(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        switch call.route {
        case "GET /volumes":
            let listed = volumes.values.sorted { $0.name < $1.name }
            return .json(200, ["Volumes": .array(listed.map(\.json)), "Warnings": .null])
        case "GET /volumes/*": return .json(200, try volume(call.name).json)
        case "POST /volumes/create": return .json(201, createVolume(try call.json()).json)
        case "DELETE /volumes/*": return try removeVolume(try volume(call.name))
        default: throw .noRoute
        }
    }

    private func volume(_ name: String) throws(Refusal) -> SimulatedVolume {
        guard let volume = volumes[name] else { throw Refusal(404, "get \(name): no such volume") }
        return volume
    }

    /// A name that exists gives the old volume, whatever was asked for.
    private mutating func createVolume(_ body: JSON) -> SimulatedVolume {
        let name = body["Name"].nonZero?.string ?? newID()
        if let volume = volumes[name] { return volume }
        var volume = SimulatedVolume(name: name, created: now)
        volume.driver = body["Driver"].nonZero?.string ?? "local"
        volume.options = body["DriverOpts"]
        volume.labels = body["Labels"]
        volumes[name] = volume
        return volume
    }

    private mutating func removeVolume(_ volume: SimulatedVolume) throws(Refusal) -> HTTPReply {
        let users = containersInOrder.filter { $0.mounts.contains { $0.kind == .volume && $0.source == volume.name } }
        if !users.isEmpty {
            let list = users.map(\.id).joined(separator: ", ")
            throw Refusal(409, "remove \(volume.name): volume is in use - [\(list)]")
        }
        volumes[volume.name] = nil
        return .empty(204)
    }
}
