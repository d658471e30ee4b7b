import RecastModel

extension ImageReference {
    /// The number with which the tag begins, as 16 of `16.4-alpine` and `v16`.
    var majorVersion: Int? {
        guard let tag else { return nil }
        let digits = tag.drop { $0 == "v" }.prefix { $0.isASCII && $0.isNumber }
        let rest = tag.drop { $0 == "v" }.dropFirst(digits.count).first
        return rest.map { ".-_".contains($0) } ?? true ? Int(digits) : nil
    }
}

/// Images whose major versions do not read each other's data.
enum DataStores {
    private static let names: Set = [
        "postgres", "postgresql", "postgis", "timescaledb", "pgvector", "mysql", "mysql-server", "mariadb", "percona",
        "percona-server", "mongo", "mongodb", "elasticsearch", "opensearch", "clickhouse", "clickhouse-server", "neo4j",
        "cassandra", "couchdb", "influxdb", "rabbitmq", "redis", "valkey", "etcd", "keycloak", "solr", "meilisearch",
    ]

    /// By the last part of the repository's path.
    static func contains(_ repository: String) -> Bool {
        names.contains(repository.split(separator: "/").last.map(String.init) ?? "")
    }
}
