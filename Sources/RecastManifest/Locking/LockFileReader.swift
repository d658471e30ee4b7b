import RecastModel
import RecastYAML

/// Reads the lock file of an environment.
struct LockFileReader {
    private(set) var report = Report(domain: .environment)

    /// `nil` when it cannot be read.
    ///
    /// `environment`, `application`: whose it must be.
    mutating func read(
        _ root: YAMLNode, path: String, environment: EnvironmentName, application: ApplicationName
    ) -> LockFile? {
        var conformer = Conformer(domain: .environment)
        let conformed = conformer.conform(root, to: .object(Schema.lockFile), at: TreePath())
        report.add(conformer.report)
        guard let conformed, !report.hasErrors else { return nil }
        let root = Field(conformed, at: TreePath())
        checkVersion(root)
        check(root, "application", is: application.text)
        check(root, "environment", is: environment.text)
        var lock = LockFile(path: path, application: application, environment: environment)
        for field in root["services"]?.entries ?? [] { lock.services[ServiceName(field.key)] = service(field) }
        for field in root["volumes"]?.entries ?? [] {
            guard let host = report.word(field["host"]), let identity = report.word(field["identity"]) else {
                missing("host and identity", field)
                continue
            }
            lock.volumes[field.key] = LockFile.Volume(host: HostName(host), identity: identity)
        }
        lock.rejected =
            root["rejected"].map { list in
                list.items.compactMap { rejection(Field($0, at: list.path)) }
            } ?? []
        return report.hasErrors ? nil : lock
    }

    private mutating func rejection(_ field: Field) -> LockFile.Rejection? {
        guard let digest = report.word(field["digest"]), let service = report.word(field["service"]) else {
            missing("digest and service", field)
            return nil
        }
        return LockFile.Rejection(
            digest: digest, service: ServiceName(service), reason: text("reason", field), at: text("at", field),
            by: text("by", field))
    }

    private mutating func text(_ key: String, _ field: Field) -> String { report.word(field[key]) ?? "" }

    private mutating func checkVersion(_ root: Field) {
        guard let field = root["version"] else { return missing("version", root) }
        if field.node.content != .int(1) {
            report.badValue(field, "is not 1", help: "a newer Recast wrote this file; use that one")
        }
    }

    private mutating func check(_ root: Field, _ key: String, is expected: String) {
        guard let field = root[key] else { return missing(key, root) }
        if report.word(field) != expected {
            report.badValue(field, "is not '\(expected)'", help: "this is another's lock file; move it away")
        }
    }

    private mutating func service(_ field: Field) -> LockFile.Service {
        var digests: [ImageReference: String] = [:]
        for image in field["images"]?.entries ?? [] {
            guard let reference = ImageReference(image.key), reference.digest == nil, let digest = report.word(image),
                ImageReference("\(image.key)@\(digest)") != nil
            else {
                report.badValue(
                    image, "is no digest of a tag", help: "write `NAME:TAG: sha256:…`, or have it written: recast lock")
                continue
            }
            digests[reference] = digest
        }
        var service = LockFile.Service(
            digests: digests, base: text("base", field), at: text("at", field), by: text("by", field))
        service.hold = field["hold"].map {
            LockFile.Hold(reason: text("reason", $0), at: text("at", $0), by: text("by", $0))
        }
        service.from = field["from"].map {
            LockFile.Provenance(
                environment: EnvironmentName(text("environment", $0)), release: text("release", $0),
                evidence: text("evidence", $0))
        }
        return service
    }

    private mutating func missing(_ key: String, _ field: Field) {
        report.error(
            .missingKey, "the lock file has no \(key)", at: field.keyPlace,
            help: "restore it from the repository, or take it away and run recast lock")
    }
}

extension Schema {
    static let lockFile = Object(honoured: [
        "version": .scalar, "application": .scalar, "environment": .scalar,
        "services": .map(.object(lockedService), Keys()),
        "volumes": .map(.object(.of(scalars: ["host", "identity"])), Keys()),
        "rejected": .list(
            List(.object(.of(scalars: ["digest", "service", "reason", "at", "by"])))),
    ])

    private static let lockedService = Object.of(
        scalars: ["base", "at", "by"],
        [
            "images": .map(.scalar, Keys()), "hold": .object(.of(scalars: ["reason", "at", "by"])),
            "from": .object(.of(scalars: ["environment", "release", "evidence"])),
        ])
}
