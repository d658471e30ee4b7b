import RecastModel
import RecastOperations
import RecastViews

/// A program that says whether an environment does what it is for.
enum Verification {
    /// It sees `RECAST_FROM` and `RECAST_TO`; what it writes is shown.
    ///
    /// - Returns: what is wrong, in a clause; `nil` when it ended with 0.
    static func run(
        _ name: String, _ words: [String], from source: Desired, to target: Desired, _ console: Console
    ) async throws -> String? {
        console.write(["Verifying: \(name.printable)"], to: .error)
        let variables = console.surroundings.variables.merging(
            ["RECAST_FROM": source.environment.text, "RECAST_TO": target.environment.text]) { $1 }
        return try await OperatorProgram(words, variables: variables).problem {
            console.write(["  | \($0)"], to: .error)
        }
    }
}
