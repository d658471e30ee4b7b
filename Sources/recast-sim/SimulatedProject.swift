import Foundation

/// What deploys services to all simulated hosts: one manifest and the environment `sim`.
struct SimulatedProject {
    let folder: String
    let hosts: [String]
    let services: Int

    func write() throws {
        for part in ["manifests", "environments"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        try manifest.write(toFile: "\(folder)/manifests/app.yaml", atomically: true, encoding: .utf8)
        try environment.write(toFile: "\(folder)/environments/sim.yaml", atomically: true, encoding: .utf8)
    }

    private var manifest: String {
        let variables = (1...12).map { "  VARIABLE_\($0): value-\($0)" }.joined(separator: "\n")
        let services = (1...services).map { number in
            """
              service-\(number):
                image: shop/api:${VERSION}
                environment: *variables
                restart: unless-stopped
                stop_grace_period: 1s
                x-recast: { parallelism: 10% }
                deploy: { mode: global, update_config: { monitor: 0s } }
            """
        }
        return "name: sim\nx-variables: &variables\n\(variables)\nservices:\n" + services.joined(separator: "\n") + "\n"
    }

    private var environment: String {
        let hosts = hosts.map { "  \($0): { engine: \"unix://\(folder)/\($0).sock\" }" }.joined(separator: "\n")
        return """
            manifests: [../manifests/app.yaml]
            variables: { VERSION: "1" }
            hosts:
            \(hosts)

            """
    }
}
