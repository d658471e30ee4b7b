import Testing

@testable import DockerAPI

@Suite struct EndpointTests {
    @Test(
        arguments: [
            (EngineEndpoint.unix(path: "/var/run/docker.sock"), "unix:///var/run/docker.sock"),
            (.tcp(host: "10.0.0.5", port: 2375), "tcp://10.0.0.5:2375"),
            (.tcp(host: "fd00::5", port: 2375), "tcp://[fd00::5]:2375"),
            (.tls(host: "docker.example", port: 2376, EngineTLS(serverName: "other")), "tcp://docker.example:2376"),
        ])
    func `an endpoint is called by its address`(endpoint: EngineEndpoint, text: String) {
        #expect(endpoint.description == text)
    }

    @Test(
        arguments: [
            (EngineEndpoint.unix(path: "/run/a b.sock"), "http+unix://%2Frun%2Fa%20b.sock"),
            (.tcp(host: "fd00::5", port: 2375), "http://[fd00::5]:2375"),
            (.tls(host: "fd00::5", port: 2376, EngineTLS()), "https://[fd00::5]:2376"),
            (.tls(host: "10.0.0.5", port: 2376, EngineTLS(serverName: "docker")), "https://docker:2376"),
        ])
    func `a request names what the certificate must be for`(endpoint: EngineEndpoint, url: String) {
        #expect(endpoint.baseURL == url)
    }
}
