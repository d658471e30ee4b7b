import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Testing

/// How a container goes, and the images that nobody needs any more.
@Suite(.timeLimit(.minutes(2))) struct RetirementTests {
    private func drain(_ probe: Probe?, wait: Duration = .zero) -> Action {
        .drain(Drain(probe, wait: wait), container: GateBench.container)
    }

    @Test func `a container is told once that it goes`() async throws {
        try await GateBench.with(.program("1")) { bench in
            try await bench.start()
            try await bench.perform(drain(.exec(["leave"])))
            #expect(bench.engine.requests.count { $0.route == "POST /exec/*/start" } == 1)
        }
    }

    @Test func `one that will not go fails the step with its words`() async throws {
        var image = SimulatedImage.program("1")
        image.programs["leave"] = .fails(5, ["busy"])
        try await GateBench.with(image) { bench in
            try await bench.start()
            let failure = await bench.failure(of: drain(.exec(["leave"]), wait: .seconds(3600)))
            #expect(failure?.message == "did not drain: exit code 5: busy")
        }
    }

    @Test func `the wait ends with the container`() async throws {
        try await GateBench.with(.program("1", .exits(code: 0, after: .milliseconds(100)))) { bench in
            try await bench.start()
            try await bench.perform(drain(nil, wait: .seconds(3600)))
        }
    }

    @Test func `a container that does not run needs no drain`() async throws {
        try await GateBench.with(.program("1")) { bench in
            try await bench.perform(drain(.exec(["false"]), wait: .seconds(3600)))
        }
    }

    // MARK: Images

    private func image(_ id: String, _ created: Int64, tags: [String]? = nil, from: String = "shop/web") -> ImageSummary
    {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        return ImageSummary(Id: id, RepoTags: tags, RepoDigests: ["\(from)@\(digest)"], Created: created)
    }

    @Test func `spare are the untagged of a repository that no container uses, but the newest`() {
        let images = [
            image("new", 50), image("used", 10), image("old", 20), image("older", 15),
            image("tagged", 1, tags: ["a:1"]),
            image("none", 30, tags: ["<none>:<none>"]), image("other", 1, from: "shop/api"),
            ImageSummary(Id: "built here", RepoTags: [], RepoDigests: nil, Created: 1),
        ]
        #expect(images.spare(of: "docker.io/shop/web", usedBy: ["used"], keep: 1) == ["older", "old", "none"])
        #expect(images.spare(of: "shop/web", usedBy: ["used"], keep: 9) == [])
    }

    @Test func `images that a container uses stay, and one that is used meanwhile is no error`() async throws {
        try await GateBench.with(.program("1")) { bench in
            for version in ["2", "3"] {
                let image = SimulatedImage.program(version)
                bench.engine.registry["shop/it:\(version)"] = image
                let pinned = try #require(ImageReference("shop/it")).pinned(to: image.digest)
                try await bench.perform(.pull(pinned))
            }
            bench.engine.inject(
                .fail(409, "conflict: unable to delete: image is being used"), at: .route("DELETE /images/*", 1))
            try await bench.perform(.pruneImages(repository: "docker.io/shop/it", keep: 0))
            #expect(bench.engine.requests.count { $0.route == "DELETE /images/*" } == 2)
            try await bench.perform(.pruneImages(repository: "docker.io/shop/it", keep: 0))
            #expect(bench.engine.requests.count { $0.route == "DELETE /images/*" } == 3)
            #expect(bench.engine.snapshot.images == ["shop/it:1"])
        }
    }
}
