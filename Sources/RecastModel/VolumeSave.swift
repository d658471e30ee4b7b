/// What is saved of a service's volumes before an instance gives way.
package struct BackupPolicy: Hashable, Sendable {
    /// On the machine that applies, as seen from where it runs.
    package var folder: String
    /// How many of each volume stay there.
    package var keep: Int

    package init(folder: String, keep: Int = 3) {
        self.folder = folder
        self.keep = keep
    }
}

/// A volume that is to be saved while nothing writes to it.
package struct VolumeSave: Hashable, Sendable {
    package let volume: String
    package let place: InstancePlace
    /// The ID of an image on the host, through which the volume is read.
    package let image: String
    /// The image of the container that wrote to it.
    package let writer: String
    package let policy: BackupPolicy

    package init(volume: String, place: InstancePlace, image: String, writer: String, policy: BackupPolicy) {
        self.volume = volume
        self.place = place
        self.image = image
        self.writer = writer
        self.policy = policy
    }
}
