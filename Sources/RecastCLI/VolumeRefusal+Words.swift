import RecastModel
import RecastOperations

extension Operations.VolumeRefusal {
    /// Why, and the way out.
    var words: [String] {
        switch self {
        case .unknown(let name, let known):
            [
                "error: there is no volume '\(name)' of this application; there is "
                    + (known.isEmpty ? "none" : known.joined(separator: ", "))
            ]
        case .notOf(let service, let name, let known, let others):
            [
                "error: '\(service)' has no volume '\(name)'; it has "
                    + (known.isEmpty ? "none" : known.joined(separator: ", "))
                    + (others.isEmpty ? "" : "; '\(name)' is used by \(others.map(\.text).joined(separator: ", "))")
            ]
        case .elsewhere(let name, let hosts):
            ["error: the manifest has '\(name)' on \(hosts.map(\.text).joined(separator: " and ")) only"]
        case .onSeveralHosts(let name, let hosts):
            [
                "error: '\(name)' is on \(hosts.map(\.text).joined(separator: " and ")); say which with --host "
                    + (hosts.first?.text ?? "")
            ]
        case .unreachable(let hosts):
            hosts.sorted { $0.key < $1.key }.map { "error: host \($0) did not answer: \($1)" }
        case .notOwned(let name, let host):
            ["error: '\(name)' on \(host) was not made by Recast for this application, and stays"]
        case .claimed(let name, let host):
            [
                "error: the manifest asks for '\(name)' on \(host); take it out of the manifest and apply that first"
            ]
        case .inUse(let name, let host, let users):
            [
                "error: '\(name)' on \(host) is in use by "
                    + (users.isEmpty ? "a container" : users.joined(separator: ", ")),
                "       remove the service that uses it; 'recast prune' removes predecessors that are too many",
            ]
        default: aboutUse
        }
    }

    private var aboutUse: [String] {
        switch self {
        case .adopted(let name, let host): ["error: '\(name)' on \(host) is this application's already"]
        case .anothers(let name, let host):
            ["error: '\(name)' on \(host) belongs to another environment or application of Recast's"]
        case .copies(let name, let host, let others):
            [
                "error: '\(name)' is on \(others.map(\.text).joined(separator: " and ")), too: that is this application's,"
                    + " and what is on \(host) would be another of that name",
                "       place its service there; or take that one away first:"
                    + " recast volume remove ENV \(name) --host \(others.first?.text ?? "")",
            ]
        case .missing(let name, let host): ["error: there is no volume '\(name)' on \(host) yet"]
        case .running(let name, let host, let users):
            [
                "error: '\(name)' on \(host) is written to by \(users.joined(separator: ", "))",
                "       --stop stops it meanwhile; --exec saves what a program in it writes, as 'pg_dumpall -U postgres' does;",
                "       --live copies files while they change, which a database may not be able to read",
            ]
        case .strangers(let name, let host, let users):
            [
                "error: \(users.joined(separator: ", ")) on \(host) runs with '\(name)', and is not this application's;"
                    + " stop that first"
            ]
        case .notRunning(let service, let host): ["error: '\(service)' does not run on \(host)"]
        case .noImage(let service, let host):
            ["error: nothing says through which image to reach the volume of '\(service)' on \(host)"]
        default: []
        }
    }
}
