import RecastModel
import RecastYAML

/// What a service needs to know of the files around it.
struct ServiceContext {
    let resources: Resources
    let variables: Variables
    /// Where values stand that must not be shown.
    let sensitive: Set<SourcePosition>
    /// Where relative paths of a manifest start, as reached from where the program runs.
    let directory: String
    let files: Files
    let sources: FileSources
    /// The absolute path of the directory that the program runs in.
    let workingDirectory: String
}

/// Reads one service of the merged manifest.
struct ServiceReader {
    let root: Field
    let context: ServiceContext
    var report = Report()
    var service: Service

    var spec: ContainerSpec {
        get { service.spec }
        set { service.spec = newValue }
    }

    /// Without a usable image it stays readable, so that what refers to the service is not reported too.
    static func read(_ root: Field, _ context: ServiceContext) -> (service: Service, report: Report) {
        var report = Report()
        guard let image = report.image(root) ?? ImageReference("missing") else { preconditionFailure("a plain name") }
        let service = Service(name: ServiceName(root.key), place: root.keyPlace, spec: ContainerSpec(image: image))
        var reader = ServiceReader(root: root, context: context, report: report, service: service)
        reader.readAll()
        return (reader.service, reader.report)
    }

    private mutating func readAll() {
        readProcess()
        readEnvironment()
        readHealthcheck()
        readRestart()
        readResources()
        readIsolation()
        readLogging()
        readNetworking()
        readNamespaces()
        readLinks()
        readMounts()
        readFiles()
        readHooks()
        readPlacement()
        readNeeds()
        readDeploy()
        readRollout()
        readReadiness()
        readDrain()
        readTask()
        readSchema()
        readPullPolicy()
    }

    /// `x-recast: {hosts: […]}`: the service runs on these hosts only.
    private mutating func readPlacement() {
        service.hosts = report.located(root.at("x-recast", "hosts"))
        let placement = root.at("deploy", "placement")
        for item in placement?["preferences"]?.items ?? [] {
            guard let spread = item["spread"], let text = spread.string else { continue }
            let label = text.hasPrefix("node.labels.") ? String(text.dropFirst("node.labels.".count)) : nil
            if let label {
                service.spread.append(Located(label, at: spread.place))
            } else {
                report.error(
                    .badConstraint, "'\(text)' is nothing to spread over", at: spread.place,
                    help: "write node.labels.NAME")
            }
        }
        let most = report.integer(placement?["max_replicas_per_node"], in: 0...1000)
        service.maximumPerHost = most.flatMap { $0 > 0 ? Int($0) : nil }
    }

    private mutating func readPullPolicy() {
        let field = root["pull_policy"]
        guard let word = report.optionalWord(field), let field else { return }
        switch word {
        case "always": service.pull = .always
        case "never": service.pull = .never
        case "missing", "if_not_present": service.pull = .missing
        case "build":
            report.error(
                .unsupportedValue, "nothing is built on the way to a host", at: field.place,
                help: "build and push the image in CI, and use `missing`")
        case _ where word == "daily" || word == "weekly" || word == "refresh" || word.hasPrefix("every_"):
            service.pull = .missing
        default: _ = report.choice(field, ["always", "missing", "never"])
        }
    }

    private mutating func readLogging() {
        guard let logging = root["logging"] else { return }
        spec.logging = LogConfiguration(
            driver: report.optionalWord(logging["driver"]), options: report.texts(logging["options"]))
    }
}

extension Report {
    fileprivate mutating func image(_ service: Field) -> ImageReference? {
        guard let field = service["image"] else {
            guard let build = service.node.entry("build") else { return nil }
            error(
                .missingImage, "\(service.path) is built, and nothing is built on the way to a host",
                at: build.keyPlace,
                help: "build and push the image in CI, and add `image: REGISTRY/NAME:TAG`")
            return nil
        }
        guard let text = word(field) else { return nil }
        guard let image = ImageReference(text) else {
            error(
                .badImage, "'\(text)' is no image reference", at: field.place,
                help: text.lowercased() == text
                    ? "write [REGISTRY/]NAME[:TAG][@sha256:DIGEST]" : "names of images are in lower case")
            return nil
        }
        return image
    }
}
