/// A program that was or is to be run inside a container.
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
            let container = try runningContainer(exec.container)
            let program = container.program(exec.command, at: now)
            let isGood = finishedRuns(of: exec) >= program.failures
            execs[call.name]?.exitCode = isGood ? 0 : Int64(program.exitCode)
            let output = isGood ? [] : program.output
            return HTTPReply(
                200, contentType: "application/vnd.docker.raw-stream",
                pieces: (program.takes > .zero ? [.pause(program.takes)] : []) + [.bytes(logFrames(output))])
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

    private func finishedRuns(of exec: SimulatedExec) -> Int {
        execs.values.count {
            $0.exitCode != nil && $0.container == exec.container && $0.command.first == exec.command.first
        }
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

extension SimulatedContainer {
    /// Since its start.
    fileprivate func age(at now: Duration) -> Duration {
        if case .running(let since) = run { now - since } else { .zero }
    }

    /// The health check's own test says what the health is; of the others, `false` fails and all that the image does
    /// not know succeed.
    fileprivate func program(_ command: [String], at now: Duration) -> SimulatedProgram {
        let word = command.first ?? ""
        if let known = image.programs[word] { return known }
        if command == healthCheck {
            let isHealthy = image.behaviour.health(after: age(at: now)) == "healthy"
            return isHealthy ? SimulatedProgram() : .fails(1, ["not healthy"])
        }
        return word == "false" ? .fails() : SimulatedProgram()
    }

    private var healthCheck: [String] {
        let test = config["Healthcheck"]["Test"].strings
        return (test.first == "CMD-SHELL" ? ["/bin/sh", "-c"] : []) + test.dropFirst()
    }
}

/// Lines of standard output as the engine sends them: stream, three zeros, length (big endian), text.
func logFrames(_ lines: [String]) -> [UInt8] {
    lines.flatMap { line -> [UInt8] in
        let text = Array((line + "\n").utf8)
        let size = UInt32(text.count)
        return [1, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + text
    }
}
