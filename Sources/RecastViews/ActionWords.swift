import RecastModel

/// What steps are called, for progress and for machines.
enum ActionWords {
    /// A stable verb for machines.
    static func verb(_ action: Action) -> String {
        switch action {
        case .pull: "pull"
        case .createNetwork: "create-network"
        case .removeNetwork: "remove-network"
        case .createVolume: "create-volume"
        case .fillVolume: "fill-volume"
        case .removeFileVolume: "remove-file-volume"
        case .receiveVolume: "receive-volume"
        case .discardVolume: "discard-volume"
        case .copyVolume: "copy-volume"
        case .recordMove: "record-move"
        case .withdrawMove: "withdraw-move"
        case .backUp: "back-up"
        case .createContainer: "create"
        case .deliverFiles: "deliver-files"
        case .connect: "connect"
        case .rename: "rename"
        case .setRestartPolicy: "set-restart-policy"
        case .stop: "stop"
        case .start: "start"
        case .await: "await"
        case .run: "run"
        case .drain: "drain"
        case .retain: "retain"
        case .remove: "remove"
        case .removeRehearsal: "remove-rehearsal"
        case .pruneImages: "prune-images"
        case .pause: "pause"
        }
    }

    /// What the step acts on.
    static func target(_ action: Action) -> String {
        switch action {
        case .pull(let image, _): image.description
        case .createNetwork(let network): network.name
        case .removeNetwork(_, let name): name
        case .createVolume(let volume): volume.name
        case .fillVolume(let volume): volume.name
        case .removeFileVolume(let name): name
        case .receiveVolume(let move), .discardVolume(let move), .copyVolume(let move), .recordMove(let move, _),
            .withdrawMove(let move, _):
            move.volume.name
        case .backUp(let save): save.volume
        case .createContainer(let creation): creation.name
        case .deliverFiles(let container, _), .connect(let container, _), .rename(let container, _),
            .setRestartPolicy(let container, _), .stop(let container, _), .start(let container),
            .await(let container, _), .run(_, let container), .drain(_, let container),
            .retain(let container, _), .remove(let container), .removeRehearsal(let container):
            container.displayName
        case .pruneImages(let repository, _): repository
        case .pause(let duration): seconds(duration)
        }
    }

    /// While it goes on.
    static func doing(_ action: Action) -> String {
        switch action {
        case .pull: "pulling"
        case .createNetwork, .createVolume, .createContainer: "creating"
        case .receiveVolume(let move): "making room for \(move.volume.key)"
        case .discardVolume(let move): "giving up the copy of \(move.volume.key)"
        case .copyVolume(let move): "copying \(move.volume.key) from \(move.source)"
        case .recordMove(let move, let side): "recording the \(side.rawValue) of \(move.volume.key)"
        case .withdrawMove(let move, let side): "withdrawing the \(side.rawValue) of \(move.volume.key)"
        case .backUp(let save): "backing up \(save.volume)"
        case .removeNetwork, .removeFileVolume, .remove, .removeRehearsal: "removing"
        case .fillVolume: "filling"
        case .deliverFiles(_, let files): "delivering \(titles(files))"
        case .connect(_, let endpoint): "joining \(endpoint.network)"
        case .rename(_, let name): "renaming to \(name)"
        case .setRestartPolicy: "setting its restart policy"
        case .stop: "stopping"
        case .start: "starting"
        case .await(_, let gate): waiting(gate)
        case .run(let hook, _): "running \(hook.name)"
        case .drain: "draining"
        case .retain: "keeping as predecessor"
        case .pruneImages: "removing old images"
        case .pause(let duration): "pausing for \(seconds(duration))"
        }
    }

    /// While it goes on, with what it last told.
    static func doing(_ action: Action, _ progress: StepProgress) -> String {
        switch progress {
        case .pull(let pull): doing(action) + (pull.percent.map { " \($0) %" } ?? "")
        case .output, .unchecked: doing(action)
        case .waiting(let what): "\(doing(action)) (\(what.printable))"
        case .copied(let count): "\(doing(action)), \(FieldText.byteSize(count))"
        case .comparing: "\(doing(action)), comparing every file"
        }
    }

    /// When it is done.
    static func done(_ action: Action) -> String {
        switch action {
        case .pull: "pulled"
        case .createNetwork, .createVolume, .createContainer: "created"
        case .receiveVolume(let move): "made room for \(move.volume.key)"
        case .discardVolume(let move): "gave up the copy of \(move.volume.key)"
        case .copyVolume(let move): "copied \(move.volume.key) from \(move.source), and compared every file"
        case .recordMove(let move, let side): "recorded the \(side.rawValue) of \(move.volume.key)"
        case .withdrawMove(let move, let side): "withdrew the \(side.rawValue) of \(move.volume.key)"
        case .backUp(let save): "backed up \(save.volume) into \(save.policy.folder.printable)"
        case .removeNetwork, .removeFileVolume, .remove, .removeRehearsal: "removed"
        case .fillVolume: "filled"
        case .deliverFiles(_, let files): "delivered \(titles(files))"
        case .connect(_, let endpoint): "joined \(endpoint.network)"
        case .rename(_, let name): "renamed to \(name)"
        case .setRestartPolicy(_, let policy): "restart policy set to \(policy.canonicalText)"
        case .stop: "stopped"
        case .start: "started"
        case .await(_, .ready): "ready"
        case .await(_, .healthy): "healthy"
        case .await(_, .completed): "completed"
        case .await(_, .steady): "steady"
        case .run(let hook, _): "ran \(hook.name)"
        case .drain: "drained"
        case .retain: "kept as predecessor"
        case .pruneImages: "removed old images"
        case .pause(let duration): "paused for \(seconds(duration))"
        }
    }

    /// Such as `secret DB_PASSWORD, config nginx`, or how many there are.
    private static func titles(_ files: [DeliveredFile]) -> String {
        let titles = Set(files.map(\.title)).sorted()
        return titles.count > 3 ? "\(titles.count) files" : titles.joined(separator: ", ").printable
    }

    private static func waiting(_ gate: Gate) -> String {
        switch gate {
        case .ready: "waiting until ready"
        case .healthy: "waiting until healthy"
        case .completed: "waiting until completed"
        case .steady(let duration): "watching for \(seconds(duration))"
        }
    }

    /// What a person knows the step's target by.
    static func subject(_ step: Step) -> String {
        if let instance = step.instance {
            return step.unit?.isRehearsal ?? false ? "rehearsal of \(instance)" : instance.description
        }
        switch step.action {
        case .pull(let image, _): return image.short
        case .createNetwork, .removeNetwork: return "network \(target(step.action))"
        case .createVolume, .fillVolume, .removeFileVolume: return "volume \(target(step.action))"
        default: return target(step.action)
        }
    }

    static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let tenths = seconds * 10 + (attoseconds + 50_000_000_000_000_000) / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
