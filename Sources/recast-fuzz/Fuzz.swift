import DockerAPI
import RecastHosts
import RecastManifest
import RecastModel
import RecastViews
import RecastYAML
import SSHAddressing
import SSHTunnel
import SystemPackage

@testable import OpenSSH

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The parsers that read what others wrote; each must end, in bounded memory, whatever it is given.
private let parsers: [String: @Sendable ([UInt8]) -> Void] = [
    "yaml": { _ = YAMLParser(file: "fuzz.yaml").parse($0) },
    "manifest": { loadProject(["m.yaml": $0]) },
    "environment": { loadProject(["dev.yaml": $0]) },
    "lock-file": { loadProject(["dev.lock.yaml": $0]) },
    "plan-file": { bytes in _ = try? JSONDecoder().decode(SealedPlan.self, from: Data(bytes)).summary },
    "history": { _ = HistoryLine(line: String(decoding: $0, as: UTF8.self))?.record },
    "engine": { readEngine($0) },
    "compose": { loadCompose($0) },
    "dotenv": { _ = try? Dotenv(String(decoding: $0, as: UTF8.self)) { _ in nil } },
    "interpolation": { bytes in
        _ = try? Interpolation(String(decoding: bytes, as: UTF8.self)).evaluate { $0.isEmpty ? nil : $0 }
    },
    "engine-address": { _ = try? EngineAddressSyntax.parse(String(decoding: $0, as: UTF8.self)) },
    "ssh-handshake": { bytes in
        var scanner = HandshakeScanner()
        scanner.receive(bytes)
        _ = scanner.excerpt
    },
    "ssh-proposal": { _ = ServerProposal(payload: $0) },
    "ssh-agent": { bytes in
        _ = try? AgentMessage.keys(in: bytes)
        _ = try? AgentMessage.signature(in: bytes)
    },
    "ssh-key": { _ = KeyHeader($0) },
    "ssh-settings": { bytes in
        let answer = String(decoding: bytes, as: UTF8.self)
        _ = try? SSHSettings(alias: "fuzz", answer: answer, local: .current) { _ in nil }
    },
    "known-hosts": { _ = KnownHostEntry.entries(in: String(decoding: $0, as: UTF8.self), of: "known_hosts") },
]

/// A project of two files, of which some are others.
private func loadProject(_ files: [String: [UInt8]]) {
    let all = [
        "dev.yaml": Array("name: dev\nmanifests: [m.yaml]\nhosts: {a: {engine: \"unix:///run/a.sock\"}}\n".utf8),
        "m.yaml": Array("name: shop\nservices: {web: {image: shop/web:1}}\n".utf8),
    ].merging(files) { $1 }
    let loader = EnvironmentLoader(
        read: { path in all[path].map { .success($0) } ?? .failure(.notFound) }, processVariable: { _ in nil })
    _ = loader.load(environmentFile: "dev.yaml")
}

/// What an engine reports, as if it were each of the things that are read of one.
private func readEngine(_ bytes: [UInt8]) {
    let (data, decoder) = (Data(bytes), JSONDecoder())
    if let container = try? decoder.decode(ContainerInspect.self, from: data) {
        _ = ObservedContainer(container)?.spec.fields.canonicalText
    }
    if let image = try? decoder.decode(ImageInspect.self, from: data) { _ = ObservedImage(image) }
    if let network = try? decoder.decode(Network.self, from: data) { _ = ObservedNetwork(network) }
    if let volume = try? decoder.decode(Volume.self, from: data) {
        let labels = volume.Labels ?? [:]
        _ = (ReleaseRecord(labels: labels), LeaseRecord(labels: labels))
    }
    _ = try? decoder.decode([ContainerSummary].self, from: data)
}

/// The file may include and extend itself.
private func loadCompose(_ bytes: [UInt8]) {
    let files = ComposeFiles(files: ["compose.yaml"], projectDirectory: "/srv/shop", workingDirectory: ".")
    let result = files.load(shell: [:]) { path in
        path.hasSuffix("compose.yaml") ? .success(bytes) : .failure(.notFound)
    }
    _ = result.project?.json
}

/// `FUZZ_PARSER` names the parser of this process.
private let parser: @Sendable ([UInt8]) -> Void = {
    let name = unsafe getenv("FUZZ_PARSER").map { unsafe String(cString: $0) } ?? ""
    guard let parser = parsers[name] else {
        let known = parsers.keys.sorted().joined(separator: ", ")
        _ = try? FileDescriptor.standardError.writeAll("FUZZ_PARSER: one of \(known), not '\(name)'\n".utf8)
        // libFuzzer takes an orderly end for a crash.
        _exit(64)
    }
    return parser
}()

/// What libFuzzer calls with every input that it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // libFuzzer owns the bytes until this returns.
    parser(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
