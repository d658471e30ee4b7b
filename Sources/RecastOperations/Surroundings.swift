/// What a run sees of the process that it is part of.
package struct Surroundings: Sendable {
    /// The process's variables.
    package let variables: [String: String]

    package init(variables: [String: String]) { self.variables = variables }

    /// The docker CLI's configuration folder; `nil` where nobody has a home.
    var dockerFolder: String? {
        if let folder = named("DOCKER_CONFIG") { return folder }
        return named("HOME").map { "\($0)/.docker" }
    }

    /// A variable that is set and says something.
    func named(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
