/// `x-recast`: what compose-spec has no word for.
///
/// The one extension that is looked into; every other `x-…` is a person's own.
extension Schema {
    /// At the top of a manifest.
    static let manifestExtension = Object([:], extensible: false)

    static let serviceExtension = Object(
        honoured: [
            "bind": .scalar(.choice(["host"])), "hosts": .texts(.key),
            "parallelism": .scalar(.parallelism), "canary": .scalar(.count), "max_gap": .duration, "rehearse": .bool,
            "ready": .object(ready), "drain": .object(drain), "schema": .object(databaseSchema),
            "backup": .scalarOr(
                .choice(backupTimes),
                Object(
                    honoured: [
                        "when": .scalar(.choice(backupTimes)), "folder": .text,
                        "keep": .scalar(.integer(1...Int64(Int32.max))),
                    ], hints: ["path": "folder", "retain": "keep"], required: ["when"], extensible: false)),
            "task": .scalarOr(
                .choice(taskTimes),
                Object(
                    honoured: ["when": .scalar(.choice(taskTimes)), "timeout": .duration], required: ["when"],
                    extensible: false)),
        ],
        hints: [
            "order": "deploy: {update_config: {order: …}}", "delay": "deploy: {update_config: {delay: …}}",
            "monitor": "deploy: {update_config: {monitor: …}}", "readiness": "ready", "gap": "max_gap",
            "job": "task", "rehearsal": "rehearse", "migration": "schema",
            "failure_action": "deploy: {update_config: {failure_action: …}}",
            "max_failure_ratio": "deploy: {update_config: {max_failure_ratio: …}}",
        ], extensible: false)

    static let volumeExtension = Object(honoured: ["shared": .bool], extensible: false)

    /// In a secret or a config.
    static let fileExtension = Object(honoured: ["command": .texts()], extensible: false)

    private static let databaseSchema = Object(
        honoured: ["name": .text, "works": .scalar(.numberOrText), "head": .scalar(.integer(0...Int64.max))],
        hints: ["version": "head", "range": "works"], extensible: false)

    private static let backupTimes = ["before-replace"]
    private static let taskTimes = ["before", "after"]

    /// A text is an address, `8080/path`.
    private static let http = Shape.scalarOr(
        .numberOrText,
        Object(
            honoured: ["port": .scalar(.integer(portNumbers)), "path": .text], hints: ["url": "port: …, path: …"],
            required: ["port"], extensible: false))

    private static let portNumbers: ClosedRange<Int64> = 1...65535

    /// What may be asked inside a container.
    static let probes: [String: Shape] = [
        "http": http, "tcp": .scalar(.integer(portNumbers)), "exec": .words(.test),
    ]

    private static let ready = Object(
        honoured: probes.merging([
            "timeout": .duration, "consecutive": .scalar(.integer(1...Int64(Int32.max))),
        ]) { $1 }, hints: probeHints.merging(["retries": "consecutive"]) { $1 }, extensible: false)

    private static let drain = Object(
        honoured: ["http": http, "exec": .words(.test), "wait": .duration],
        hints: probeHints.merging(["timeout": "wait"]) { $1 }, extensible: false)

    private static let probeHints = [
        "command": "exec", "cmd": "exec", "test": "exec", "url": "http", "path": "http: {port: …, path: …}",
        "port": "http: {port: …, path: …}",
    ]
}
