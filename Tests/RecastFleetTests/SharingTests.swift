import DockerAPI
import RecastExecutor
import RecastModel
import RecastOperations
import Testing

extension FleetTests {
    /// Containers in the namespaces of others, and programs that run inside containers, on a real host.
    @Suite struct SharingTests {
        private static let owner = InstanceAddress("web", slot: 1)
        private static let nowhere = SourcePosition(file: "test.yaml", line: 1, column: 1)

        private func operations(version: Int, hook: String = "true") throws -> Operations {
            let reference = "\(TestFleet.current.registry)/shop/base:1"
            var web = ContainerSpec(image: try #require(ImageReference(reference)))
            web.command = ["sleep", "1000"]
            web.stopTimeout = 0
            web.environment = ["VERSION": "\(version)"]
            web.isolation.ipcMode = "shareable"
            var side = web
            side.environment = [:]
            side.isolation.ipcMode = nil
            side.sharing.network = .instance(Self.owner)
            side.sharing.pid = .instance(Self.owner)
            side.sharing.ipc = .instance(Self.owner)
            side.sharing.volumes = [Sharing.Volumes(.instance(Self.owner), readOnly: true)]
            var instances = [instance(Self.owner, web), instance(InstanceAddress("side", slot: 1), side)]
            instances[0].hooks.postStart = [Hook(command: [hook])]
            instances[1].hooks.preStop = [Hook(command: ["sh", "-c", "test -d /proc/1"], user: "0")]
            return Operations(desired(instances), toolVersion: "test")
        }

        private func desired(_ instances: [DesiredInstance]) -> Desired {
            let host = HostDefinition(
                name: "h1", engine: "unix://" + TestFleet.current.socket("h1"), position: Self.nowhere)
            return Desired(
                environment: "sharing", application: "shop", hosts: [host], instances: instances, networks: [],
                volumes: [])
        }

        private func instance(_ address: InstanceAddress, _ spec: ContainerSpec) -> DesiredInstance {
            DesiredInstance(
                host: "h1", address: address, spec: spec, gate: GatePolicy(monitor: .zero), position: Self.nowhere)
        }

        private func apply(_ operations: Operations) async throws -> Outcome? {
            var failures: [String] = []
            let outcome = try await operations.apply(
                limits: Schedule.Limits(), approve: { _ in .given },
                emit: { event in
                    if case .failed(let step, let failure) = event { failures.append("\(step.action): \(failure)") }
                })
            if !failures.isEmpty { print(failures) }
            return outcome
        }

        private func applyAndSettle(_ operations: Operations) async throws {
            let outcome = try await apply(operations)
            #expect(outcome == .done)
            let second = try await operations.plan().plan
            #expect(second.isEmpty, "\(second.changes)")
        }

        private func running() async throws -> [String: String] {
            try await TestFleet.current.withEngine("h1") { engine in
                let ours = try await engine.reader.containers().filter {
                    $0.State == "running" && $0.Labels?["io.recast.environment"] == "sharing"
                }
                return Dictionary(ours.map { ($0.Labels?["io.recast.service"] ?? "", $0.Id) }) { $1 }
            }
        }

        @Test func `what shares is replaced with its owner, and put back with it`() async throws {
            let first = try operations(version: 1)
            try await applyAndSettle(first)
            let before = try await running()
            #expect(before.count == 2)
            let failed = try await apply(operations(version: 2, hook: "false"))
            #expect(failed == .failed)
            let restored = try await running()
            #expect(restored == before)
            try await applyAndSettle(operations(version: 2))
            let after = try await running()
            #expect(after.count == 2 && Set(after.values).isDisjoint(with: before.values))
            try await applyAndSettle(Operations(desired([]), toolVersion: "test"))
            let left = try await running()
            #expect(left.isEmpty)
        }
    }
}
