import Foundation
import RecastTesting
import Synchronization
import SystemPackage

/// Engines that run until standard input ends.
final class SimulatedFleet: Sendable {
    private let folder: String
    private let weather: Weather
    private let isCalm: Bool
    private let engines = Mutex<[String: SimulatedEngine]>([:])

    init(folder: String, weather: Weather, isCalm: Bool) {
        self.folder = folder
        self.weather = weather
        self.isCalm = isCalm
    }

    func run(_ names: [String], configuration: (Int) -> EngineConfiguration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in names.enumerated() {
                var configuration = configuration(index)
                configuration.hostname = name
                let weather = weather.varied(by: index)
                configuration.weather = isCalm ? nil : weather
                group.addTask { [configuration] in try await self.serve(name, configuration) }
            }
            while engines.withLock({ $0.count }) < names.count { try await Task.sleep(for: .milliseconds(5)) }
            try Lines.tell("ready")
            for await line in Lines.input { try await obey(line.split(separator: " ").map(String.init)) }
            group.cancelAll()
        }
    }

    private func serve(_ name: String, _ configuration: EngineConfiguration) async throws {
        try await withSimulatedEngine(configuration, at: "\(folder)/\(name).sock") { engine in
            engines.withLock { $0[name] = engine }
            try? await Task.sleep(for: .seconds(1_000_000))
        }
    }

    private func obey(_ words: [String]) async throws {
        switch words.first {
        case "weather": change(to: words.last == "on")
        case "offline": try await engine(words).goOffline()
        case "online": try engine(words).goOnline()
        case "restart": try engine(words).restartDaemon()
        case "kill": try engine(words).kill(words.last ?? "")
        case "requests": try Lines.tell("\(engines.withLock { $0.values.reduce(0) { $0 + $1.requestCount } })")
        default: throw Wrong(line: words.joined(separator: " "))
        }
        if words.first != "requests" { try Lines.tell("done") }
    }

    private func change(to isOn: Bool) {
        let sorted = engines.withLock { $0.sorted { $0.key < $1.key } }
        for (index, (_, engine)) in sorted.enumerated() { engine.weather = isOn ? weather.varied(by: index) : nil }
    }

    private func engine(_ words: [String]) throws -> SimulatedEngine {
        guard words.count > 1, let engine = engines.withLock({ $0[words[1]] }) else {
            throw Wrong(line: words.joined(separator: " "))
        }
        return engine
    }

    struct Wrong: Error, CustomStringConvertible {
        let line: String
        var description: String { "cannot do '\(line)'; see recast-sim --help" }
    }
}
