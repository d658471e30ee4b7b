/// A volume that goes to another host together with its service.
package struct VolumeMove: Hashable, Sendable {
    /// As it is to be on its new host.
    package let volume: DesiredVolume
    package let source: HostName
    /// The data's identity, which goes with it; `nil` for a volume that has none.
    package let identity: String?
    /// Which volume of that name it is.
    package let origin: String
    /// The ID of an image on the source, through which the volume is read.
    package let sourceImage: String
    /// The image of the service, through which the volume is filled.
    package let targetImage: ImageReference

    package init(
        volume: DesiredVolume, source: HostName, identity: String?, origin: String, sourceImage: String,
        targetImage: ImageReference
    ) {
        self.volume = volume
        self.source = source
        self.identity = identity
        self.origin = origin
        self.sourceImage = sourceImage
        self.targetImage = targetImage
    }

    /// Where it is recorded that the volume went.
    ///
    /// Of the two the first that is there decides whose the data is.
    package enum Side: String, Hashable, Sendable {
        /// On the source: its volume is no longer to be used.
        case departure
        /// On the target: the copy is complete.
        case arrival
    }

    /// `copy`: the token of the volume on the target.
    package func record(_ side: Side, copy: String) -> VolumeRecord {
        switch side {
        case .departure: VolumeRecord(.moved, of: volume.name, token: origin, copy: copy, peer: volume.host)
        case .arrival: VolumeRecord(.complete, of: volume.name, token: copy)
        }
    }
}
