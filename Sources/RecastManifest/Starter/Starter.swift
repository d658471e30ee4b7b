/// The first files of a project.
package enum Starter {
    package struct File: Hashable, Sendable {
        /// As seen from the project's folder.
        package let path: String
        package let text: String
    }

    package static let environmentPath = "environments/dev.yaml"

    /// A manifest and an environment that are valid as they stand, with words on what else they may say.
    package static let files = [
        File(path: "manifests/app.yaml", text: manifest), File(path: environmentPath, text: environment),
    ]

    /// What a repository should not hold.
    package static let ignored = File(
        path: ".gitignore",
        text: """
            # Variables and secrets of this machine.
            .env
            *.env

            """)

    private static let manifest = """
        # One application, in the words of compose: `docker compose -f manifests/app.yaml up` runs it too.
        # What Recast makes of each key stands in docs/reference/compose.md of Recast.
        name: app

        services:
          web:
            # A tag is looked up when a plan is made, and what runs is its digest.
            image: nginx:1.27
            ports: ["8080:80"]
            environment:
              LOG_LEVEL: ${LOG_LEVEL:-info}      # a variable of the environment, or else "info"
              # API_TOKEN: ${API_TOKEN}          # name it under `pass:` there; it is never shown
            healthcheck:
              test: ["CMD", "curl", "-fsS", "http://127.0.0.1/"]
              interval: 10s
            restart: unless-stopped
            # deploy:
            #   replicas: 2                      # one a host, as port 8080 is fixed
            #   placement: { constraints: ["node.labels.role == web"] }
            # volumes: ["data:/var/lib/app"]

        # volumes: { data: }

        """

    private static let environment = """
        # One stage: its hosts, its variables, and what differs from the manifests.
        # Every key stands in docs/reference/environment.md of Recast.
        name: dev
        manifests: [../manifests/app.yaml]

        hosts:
          local: { engine: "unix:///var/run/docker.sock" }
          # web-1: { engine: "ssh://deploy@web-1.example.com", labels: { role: web } }
          # web-2: { engine: "tcp://web-2.example.com:2376", tls: { ca: ca.pem, cert: cert.pem, key: key.pem } }

        variables: { LOG_LEVEL: debug }
        # pass: [API_TOKEN]                      # taken from your shell, and from nowhere else
        # overrides: { services: { web: { deploy: { replicas: 2 } } } }

        """
}
