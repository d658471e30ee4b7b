import Testing

@testable import RegistryCredentials

@Suite struct RepositoryTests {
    @Test(arguments: [
        ("registry.example.com", 0), ("registry.example.com/team", 1), ("registry.example.com/team/web", 2),
        ("https://registry.example.com", 0), ("https://registry.example.com/v2/", 0), ("REGISTRY.example.com", 0),
        ("registry.example.com/", 0), ("registry.example.com/v1/", 0),
    ])
    func `a key means a repository by its registry and by the beginning of its path`(key: String, parts: Int) {
        #expect(Repository("registry.example.com/team/web").match(key) == parts)
    }

    @Test(arguments: [
        "registry.example.com:5000", "example.com", "registry.example.com/tea", "registry.example.com/team/web/x", "",
        "registry.example.com/web", "docker.io", "https://",
    ])
    func `another registry or path is not meant`(key: String) {
        #expect(Repository("registry.example.com/team/web").match(key) == nil)
    }

    @Test(arguments: [
        "https://index.docker.io/v1/", "https://index.docker.io/v1/access-token", "index.docker.io", "docker.io",
        "registry-1.docker.io", "https://registry-1.docker.io/v2/", "index.docker.io/v1/",
    ])
    func `Docker Hub has many names`(key: String) {
        #expect(Repository("docker.io/library/nginx").match(key) == 0)
    }

    @Test func `a helper is asked about Docker Hub under its old name`() {
        #expect(Repository("docker.io/library/nginx").server == "https://index.docker.io/v1/")
        #expect(Repository("localhost:5000/web").server == "localhost:5000")
    }
}
