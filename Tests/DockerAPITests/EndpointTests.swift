import DockerAPI
import Testing

@Suite struct EndpointTests {
    @Test(
        arguments: [
            ("unix:///var/run/docker.sock", EngineEndpoint.unix(path: "/var/run/docker.sock")),
            ("tcp://10.0.0.5:2375", .tcp(host: "10.0.0.5", port: 2375)),
            ("tcp://docker.example:1", .tcp(host: "docker.example", port: 1)),
            ("tcp://[fd00::5]:2375", .tcp(host: "fd00::5", port: 2375)),
        ])
    func `an endpoint reads and writes the same`(text: String, endpoint: EngineEndpoint) {
        #expect(EngineEndpoint(text) == endpoint)
        #expect(endpoint.description == text)
    }

    @Test(
        arguments: [
            ("tcp://host", EngineEndpoint.tcp(host: "host", port: 2375)),
            ("tcp://host/", .tcp(host: "host", port: 2375)),
            ("tcp://host:99/", .tcp(host: "host", port: 99)), ("tcp://[::1]", .tcp(host: "::1", port: 2375)),
        ])
    func `the port has a default and a slash at the end is no harm`(text: String, endpoint: EngineEndpoint) {
        #expect(EngineEndpoint(text) == endpoint)
    }

    @Test(
        arguments: [
            "", "host:2375", "/var/run/docker.sock", "http://host:2375", "ssh://host", "unix://",
            "unix://relative/path",
            "tcp://", "tcp://:2375", "tcp://host:", "tcp://host:0", "tcp://host:65536", "tcp://host:x",
            "tcp://::1:2375",
            "tcp://fd00::5", "tcp://[::1", "tcp://[::1]x",
        ])
    func `what is no endpoint is none`(text: String) {
        #expect(EngineEndpoint(text) == nil)
    }

    @Test(
        arguments: [
            "tcp://[]:2375", "tcp://host:+80", "tcp://host/path", "tcp://a b", "tcp://user@host",
            "unix:///" + String(repeating: "x", count: 107),
        ])
    func `what looks like an endpoint and cannot be one is none`(text: String) {
        #expect(EngineEndpoint(text) == nil)
    }
}
