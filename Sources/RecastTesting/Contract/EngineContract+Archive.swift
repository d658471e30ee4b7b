import RecastModel

extension EngineContract {
    static let archiveChecks = [
        Check("an archive is unpacked into a container that never ran, and folders on the way are made") { session in
            let name = try await session.create("x")
            try await session.expectPath("/a/file", in: name, isThere: false)
            try await session.put("/", in: name, is: 200)
            for path in ["/a/file", "/a"] { try await session.expectPath(path, in: name, isThere: true) }
            // The second time it is there already.
            try await session.put("/", in: name, is: 200)
            try session.expect(try await session.inspect(name)["State"]["Status"], "created", "Status")
        },
        Check("a read-only container takes no archive") { session in
            let name = try await session.create("x", session.sleeper(["HostConfig": ["ReadonlyRootfs": true]]))
            let reply = try await session.put("/", in: name)
            try session.expect([400, 500].contains(reply.status), "status \(reply.status)")
            try session.expect(reply.message.contains("marked read-only"), reply.message)
        },
        Check("a container that is not there takes no archive") { session in
            try await session.put("/", in: session.name("nobody"), is: 404)
            try await session.expectPath("/", in: session.name("nobody"), isThere: false)
        },
        Check("the folder that an archive is to go into must be there") { session in
            try await session.put("/missing/folder", in: session.create("x"), is: 404)
        },
        Check("an archive goes into the volume that is mounted there, and stays in it") { session in
            let volume = try await session.filledVolume()
            let again = try await session.create("y", session.mounting(["Type": "volume", "Source": .string(volume)]))
            try await session.expectPath("/v/a/file", in: again, isThere: true)
            try await session.send("DELETE", "/volumes/\(volume)", is: 409, saying: "volume is in use")
        },
        Check("a part of a volume is bound by its path on the host, which must be there at create") { session in
            let volume = try await session.filledVolume()
            let folder = try await session.send("GET", "/volumes/\(volume)", is: 200).json["Mountpoint"].string ?? ""
            let bind = { (path: String) in session.mounting(["Type": "bind", "Source": .string(folder + path)]) }
            try await session.send("POST", "/containers/create?name=\(session.name("y"))", bind("/a/file"), is: 201)
            try await session.send(
                "POST", "/containers/create?name=\(session.name("z"))", bind("/missing"), is: 400,
                saying: "bind source path does not exist")
        },
        Check("a part of a volume is mounted as such from API 1.45 on, and keeps the volume in use") { session in
            guard session.facts.api >= APIVersion(1, 45) else { return }
            let volume = try await session.filledVolume()
            let name = try await session.run(
                "y",
                session.mounting([
                    "Type": "volume", "Source": .string(volume), "VolumeOptions": ["Subpath": "a/file"],
                ]))
            let kept = try await session.inspect(name)["HostConfig"]["Mounts"][0]["VolumeOptions"]["Subpath"]
            try session.expect(kept, "a/file", "Subpath")
            try await session.send("DELETE", "/volumes/\(volume)", is: 409, saying: "volume is in use")
        },
    ]
}

extension ContractSession {
    /// Sends the archive of the facts.
    func put(_ folder: String, in container: String) async throws -> Reply {
        let path = "/v\(facts.api)/containers/\(container)/archive?path=\(folder)"
        let (status, body) = try await exchange("PUT", path, facts.archive)
        return Reply(route: "PUT \(path)", status: status, body: body)
    }

    func put(_ folder: String, in container: String, is status: Int) async throws {
        let reply = try await put(folder, in: container)
        try expect(reply.status == status, "\(reply.route) answered \(reply.status): \(reply.message)")
    }

    func expectPath(_ path: String, in container: String, isThere: Bool) async throws {
        try await send("HEAD", "/containers/\(container)/archive?path=\(path)", is: isThere ? 200 : 404)
    }

    /// A volume with the archive in it, of which no container is left.
    func filledVolume() async throws -> String {
        let volume = name("v")
        let filler = try await create("x", mounting(["Type": "volume", "Source": .string(volume)]))
        try await put("/v", in: filler, is: 200)
        try await send("DELETE", "/containers/\(filler)?force=1&v=1", is: 204)
        return volume
    }

    func mounting(_ mount: [String: JSON]) -> JSON {
        let mount = mount.merging(["Target": "/v", "ReadOnly": .bool(mount["VolumeOptions"] != nil)]) { $1 }
        return sleeper(["HostConfig": ["Mounts": [.object(mount)]]])
    }
}
