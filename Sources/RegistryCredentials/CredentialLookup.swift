/// Finds the credentials of many repositories, asking every place as seldom as possible.
package struct CredentialLookup: Sendable {
    package enum Outcome: Hashable, Sendable {
        case found(FoundCredential)
        /// No place knows a credential.
        case none
        /// A place that should know one failed; why, in a sentence.
        case failed(String)
    }

    private let sources: [any CredentialSource]

    /// `sources`: the first that knows a credential decides; one that fails ends the search.
    package init(_ sources: [any CredentialSource]) { self.sources = sources }

    package func outcome(for repository: Repository) async throws -> Outcome {
        do {
            for source in sources {
                if let found = try await source.credential(for: repository) { return .found(found) }
            }
            return .none
        } catch let problem as CredentialProblem {
            return .failed(problem.description)
        }
    }
}
