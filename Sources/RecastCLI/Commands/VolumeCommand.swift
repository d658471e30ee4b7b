import ArgumentParser

struct VolumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volume",
        abstract: "Lists, adopts and removes the volumes of an application.",
        discussion: """
            No plan removes a volume. One that no service uses any more stays, as unclaimed, until it is removed here by
            its name.

            Example:
              recast volume ls prod --sizes
              recast volume remove prod prod-shop_old --confirm prod-shop_old
            """,
        subcommands: [
            VolumeListCommand.self, VolumeShowCommand.self, VolumeAdoptCommand.self, VolumeRemoveCommand.self,
        ])
}
