import DockerAPI
import Foundation
import Testing

@Suite struct DockerContextTests {
    /// Writes a context as `docker context create` does, and gives the folder to `body`.
    private func withStore(
        _ contexts: [String: String], tls: [String: [String]] = [:], _ body: (DockerContextStore, String) throws -> Void
    )
        throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, endpoint) in contexts {
            let meta = "\(folder)/contexts/meta/id-of-\(name)"
            try FileManager.default.createDirectory(atPath: meta, withIntermediateDirectories: true)
            let json = #"{"Name":"\#(name)","Metadata":{},"Endpoints":{"docker":\#(endpoint)}}"#
            try json.write(toFile: "\(meta)/meta.json", atomically: true, encoding: .utf8)
        }
        for (name, files) in tls {
            let path = "\(folder)/contexts/tls/id-of-\(name)/docker"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for file in files { try "x".write(toFile: "\(path)/\(file)", atomically: true, encoding: .utf8) }
        }
        try body(DockerContextStore(folder: folder), folder)
    }

    private func problem(_ store: DockerContextStore, _ name: String) -> String? {
        do {
            _ = try store.context(named: name)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `a context has an address and perhaps certificates`() throws {
        let contexts = [
            "far": #"{"Host":"ssh://deploy@far","SkipTLSVerify":false}"#,
            "safe": #"{"Host":"tcp://10.0.0.5:2376","SkipTLSVerify":false}"#,
        ]
        try withStore(contexts, tls: ["safe": ["ca.pem", "cert.pem", "key.pem"]]) { store, folder in
            let far = try store.context(named: "far")
            #expect(far.host == "ssh://deploy@far")
            #expect(far.tls == nil)
            let path = "\(folder)/contexts/tls/id-of-safe/docker"
            let safe = try store.context(named: "safe")
            #expect(
                safe.tls
                    == EngineTLS(
                        authorityFile: "\(path)/ca.pem", certificateFile: "\(path)/cert.pem", keyFile: "\(path)/key.pem"
                    ))
        }
    }

    @Test func `the default context is this machine's socket`() throws {
        #expect(
            try DockerContextStore(folder: "/nowhere").context(named: "default").host == "unix:///var/run/docker.sock")
    }

    @Test func `an unknown name is answered with those that there are`() throws {
        try withStore(["b": #"{"Host":"ssh://b"}"#, "a": #"{"Host":"ssh://a"}"#]) { store, folder in
            #expect(problem(store, "c") == "there is no context 'c' in '\(folder)'; there is default, a, b")
        }
        #expect(
            problem(DockerContextStore(folder: "/nowhere"), "c")
                == "there is no context 'c' in '/nowhere'; there is default")
    }

    @Test func `what is unsafe or incomplete is refused`() throws {
        let contexts = [
            "blind": #"{"Host":"tcp://a:1","SkipTLSVerify":true}"#, "empty": "{}",
            "half": #"{"Host":"tcp://a:1"}"#,
        ]
        try withStore(contexts, tls: ["half": ["ca.pem", "cert.pem"]]) { store, _ in
            #expect(problem(store, "blind")?.contains("SkipTLSVerify") ?? false)
            #expect(problem(store, "empty") == "the context 'empty' names no Docker engine")
            #expect(problem(store, "half")?.contains("only one of cert.pem and key.pem") ?? false)
        }
    }

    @Test func `a description that is none is named, and is no matter of the other contexts`() throws {
        try withStore(["bad": "[[[", "good": #"{"Host":"unix:///run/a.sock"}"#]) { store, folder in
            let words = "; '\(folder)/contexts/meta/id-of-bad/meta.json' is no description of a context"
            #expect(problem(store, "x")?.hasSuffix("there is default, good" + words) == true)
            let found = try? store.context(named: "good")
            #expect(found?.host == "unix:///run/a.sock")
        }
    }
}
