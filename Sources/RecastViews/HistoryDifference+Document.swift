// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

import RecastModel

extension HistoryDifference {
    /// For programs.
    package var document: Document {
        let (old, new) = (history.state(after: before), history.state(after: after))
        let names = Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
        return Document(
            from: before.number, to: after.number, from_commit: before.origin.commit, to_commit: after.origin.commit,
            services: names.map {
                Document.Service(name: $0.text, from: Self.images(old[$0]), to: Self.images(new[$0]))
            })
    }

    package struct Document: Encodable {
        struct Image: Encodable {
            let reference: String
            let digest: String
            let spec_hash: String
        }

        struct Service: Encodable {
            let name: String
            /// Empty when it was not there.
            let from: [Image]
            let to: [Image]
        }

        let format = 1
        let from: Int
        let to: Int
        let from_commit: String?
        let to_commit: String?
        let services: [Service]
    }

    private static func images(_ images: Set<ReleasedImage>?) -> [Document.Image] {
        (images ?? []).map { .init(reference: $0.reference, digest: $0.digest, spec_hash: $0.specHash) }
            .sorted { ($0.reference, $0.digest, $0.spec_hash) < ($1.reference, $1.digest, $1.spec_hash) }
    }
}
