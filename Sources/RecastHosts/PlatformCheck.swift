import DockerAPI
import RecastModel

/// Whether an image exists for the machines that shall run it.
struct PlatformCheck {
    /// Those that the registry names, attestations left out; empty where it does not say.
    private let platforms: [DistributionInspect.Platform]

    init(_ image: DistributionInspect) {
        platforms = (image.Platforms ?? []).filter { Self.isNamed($0.os) && Self.isNamed($0.architecture) }
    }

    private static func isNamed(_ word: String?) -> Bool {
        guard let word else { return false }
        return !word.isEmpty && word != "unknown"
    }

    /// Why it cannot run there, in a clause; `nil`: it can, or nobody knows.
    ///
    /// `variant`: of the machine's architecture, such as `v7`, where it is known.
    func problem(os: String, architecture: String, variant: String?) -> String? {
        guard !platforms.isEmpty, !os.isEmpty, !architecture.isEmpty else { return nil }
        let fits = platforms.contains { platform in
            platform.os == os && Self.runs(platform, on: architecture, variant)
        }
        guard !fits else { return nil }
        let known = Set(platforms.map(\.text)).sorted().joined(separator: ", ")
        return "\(os)/\(architecture)\(variant.map { "/\($0)" } ?? ""), and the image exists for \(known)"
    }

    /// Processors that run the code of others: containerd's rules.
    private static let alsoRuns = ["amd64": "386", "arm64": "arm"]

    private static func runs(
        _ platform: DistributionInspect.Platform, on architecture: String, _ variant: String?
    ) -> Bool {
        if platform.architecture == alsoRuns[architecture] { return true }
        guard platform.architecture == architecture else { return false }
        guard architecture == "arm", let wanted = number(platform.variant), let own = number(variant) else {
            return true
        }
        return wanted <= own
    }

    /// 7 for `v7`.
    private static func number(_ variant: String?) -> Int? { variant.flatMap { Int($0.drop { $0 == "v" }) } }
}

extension EngineReader {
    /// Of a 32-bit ARM machine, `v7` for the kernel's `armv7l`; others need none.
    func variant() async throws -> String? {
        guard facts.Arch == "arm", let machine = try await info().Architecture, machine.hasPrefix("armv") else {
            return nil
        }
        return String(machine.dropFirst("arm".count).prefix(2))
    }
}

extension DistributionInspect.Platform {
    /// `os/architecture[/variant]`.
    var text: String {
        [os, architecture, variant].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "/")
    }
}
