/// What the stages behind the merge shall do with a tree.
struct ProjectOptions {
    /// The first part of the names of resources that have none of their own.
    var projectName: String
    /// Where relative paths start.
    var projectDirectory: String
    /// The profiles that are on; `*` turns on all.
    var profiles: [String] = []
    /// A variable of the project's environment.
    var lookup: (String) -> String? = { _ in nil }
    /// Where paths that begin with `~` start; `nil`: where the project's variable `HOME` says.
    var home: String?
    /// Makes the implicit explicit: the default network, resource names, dependencies that links and shared namespaces
    /// mean.
    var normalize = true
    /// Checks references, agreement of doubled settings, mounts and cycles.
    var consistency = true
    /// Makes relative paths absolute.
    var resolvePaths = true
    /// Reads `env_file` and `label_file` into `environment` and `labels`.
    var resolveEnvironment = true
    /// Variables have been replaced, so that a `$` means itself.
    var isInterpolated = true
    /// Reports also what Docker Compose passes over although it cannot work.
    var strict = true
}
