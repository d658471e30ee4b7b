import ArgumentParser
import RecastModel
import RecastTesting

/// Simulated engines by the thousand.
struct HostsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "Simulates Docker hosts, each at a socket of its own.",
        discussion: """
            Writes FOLDER/h0001.sock and so on, and a project that deploys services to all of them. Prints "ready", then
            does what it is told on standard input, a line each, and ends with that:

              weather on | weather off     from now on, what the options say goes wrong, or nothing
              offline HOST, online HOST    the host cannot be reached
              restart HOST                 its daemon is restarted
              kill HOST CONTAINER          as docker kill
              requests                     prints how many there were, over all hosts

            Shares are of 10,000 requests.

            Example:
              recast-sim --folder /tmp/sim --hosts 1000 --services 20 --latency 20 &
              cd /tmp/sim && recast apply sim --yes
            """)

    @Option(help: "Where sockets and project go; made if it is not there.")
    var folder: String

    @Option(help: "How many hosts.")
    var hosts = 10

    @Option(help: "How many services the project has; each is once on every host.")
    var services = 5

    @Option(help: "20, 24, 26, 28, 29, podman, or mixed: host by host another.")
    var engine = "20"

    @Option(help: "Milliseconds before every answer.")
    var latency = 0

    @Option(help: "Milliseconds more at most.")
    var jitter = 0

    @Option(help: "Requests that are answered with 500.")
    var failures = 0

    @Option(help: "Requests that find a closed connection.")
    var refusals = 0

    @Option(help: "Requests that are done without a reply.")
    var lostReplies = 0

    @Option(help: "Requests that are never answered.")
    var stalls = 0

    @Option(help: "Requests at which the daemon is restarted.")
    var restarts = 0

    @Option(help: "Decides all chance.")
    var seed: UInt64 = 1

    @Flag(help: "Begins with nothing going wrong, until 'weather on'.")
    var calm = false

    func validate() throws {
        guard (1...9999).contains(hosts) else { throw ValidationError("--hosts takes 1 to 9999") }
        guard (1...999).contains(services) else { throw ValidationError("--services takes 1 to 999") }
        guard Self.engines[engine] != nil || engine == "mixed" else {
            throw ValidationError("--engine takes \(Self.engines.keys.sorted().joined(separator: ", ")) or mixed")
        }
    }

    func run() async throws {
        let names = (1...hosts).map { "h" + String(String(10_000 + $0).dropFirst()) }
        try SimulatedProject(folder: folder, hosts: names, services: services).write()
        try await SimulatedFleet(folder: folder, weather: weather, isCalm: calm).run(names) { configuration(of: $0) }
    }

    private var weather: Weather {
        var weather = Weather(seed: seed)
        weather.latency = .milliseconds(latency)
        weather.jitter = .milliseconds(jitter)
        (weather.failures, weather.refusals, weather.lostReplies) = (failures, refusals, lostReplies)
        (weather.stalls, weather.restarts) = (stalls, restarts)
        return weather
    }

    private static let engines: [String: EngineConfiguration] = [
        "20": .engine20, "24": .engine24, "26": .engine26, "28": .engine28, "29": .engine29, "podman": .podman,
    ]

    private func configuration(of index: Int) -> EngineConfiguration {
        let several = Self.engines.sorted { $0.key < $1.key }.map(\.value)
        var configuration = Self.engines[engine] ?? several[index % several.count]
        configuration.id = "simulated-\(index)"
        configuration.remembersRequests = false
        return configuration
    }
}
