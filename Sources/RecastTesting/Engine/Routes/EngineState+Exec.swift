/// A program that was or is to be run inside a container; `false` fails and all others succeed.
struct SimulatedExec: Sendable {
    let container: String
    let command: [String]
    var exitCode: Int64?
}

extension EngineState {
    mutating func execRoute(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        guard let exec = execs[call.name] else { throw Refusal(404, "No such exec instance: \(call.name)") }
        switch call.route {
        case "POST /exec/*/start":
            _ = try runningContainer(exec.container)
            execs[call.name]?.exitCode = exec.command.first == "false" ? 1 : 0
            return HTTPReply(200, contentType: "application/vnd.docker.raw-stream", pieces: [])
        case "GET /exec/*/json":
            return .json(
                200,
                [
                    "ID": .string(call.name), "Running": false, "ExitCode": exec.exitCode.map(JSON.int) ?? .null,
                    "ContainerID": .string(exec.container),
                ])
        default: throw .noRoute
        }
    }

    mutating func createExec(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let container = try runningContainer(call.name)
        let command = try call.json()["Cmd"].strings
        if command.isEmpty { throw Refusal(400, "No exec command specified") }
        let id = newID()
        execs[id] = SimulatedExec(container: container.id, command: command)
        return .json(201, ["Id": .string(id)])
    }

    private func runningContainer(_ reference: String) throws(Refusal) -> SimulatedContainer {
        let container = try container(reference)
        guard container.isRunning else {
            throw Refusal(
                409,
                configuration.isAtLeast(25)
                    ? "container \(container.id) is not running" : "Container \(container.id) is not running")
        }
        return container
    }
}
