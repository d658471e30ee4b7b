import DockerAPI
import RecastTesting
import Testing

/// What goes wrong by chance in simulated engines.
@Suite struct WeatherTests {
    private func course(_ weather: Weather, calls: Int) async throws -> [Int] {
        var configuration = EngineConfiguration.engine20
        configuration.weather = weather
        configuration.remembersRequests = false
        return try await withSimulatedEngine(configuration) { engine in
            var course: [Int] = []
            for _ in 0..<calls {
                do {
                    course.append(try await PlainClient(socketPath: engine.path).exchange("GET", "/_ping").status)
                } catch {
                    course.append(0)
                }
            }
            #expect(engine.requestCount == calls && engine.requests.isEmpty)
            return course
        }
    }

    @Test func `a seed decides what goes wrong, and the shares say how much`() async throws {
        var weather = Weather(seed: 7)
        (weather.failures, weather.refusals) = (2000, 1000)
        let first = try await course(weather, calls: 200)
        #expect(try await course(weather, calls: 200) == first)
        #expect(try await course(weather.varied(by: 1), calls: 200) != first)
        #expect((20...60).contains(first.count { $0 == 500 }) && (8...35).contains(first.count { $0 == 0 }))
        #expect(try await course(Weather(seed: 7), calls: 20) == Array(repeating: 200, count: 20))
    }

    @Test func `a lost reply is of a request that was done`() async throws {
        var configuration = EngineConfiguration.engine20
        configuration.weather = Weather(seed: 1)
        configuration.weather?.lostReplies = 10_000
        try await withSimulatedEngine(configuration) { engine in
            let client = PlainClient(socketPath: engine.path)
            await #expect(throws: (any Error).self) {
                try await client.exchange("POST", "/volumes/create", Array(#"{"Name":"data"}"#.utf8))
            }
            #expect(engine.snapshot.volumes.map(\.name) == ["data"])
        }
    }
}
