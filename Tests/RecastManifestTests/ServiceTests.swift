import RecastManifest
import RecastModel
import Testing

/// What each key of a service becomes in the engine's terms.
@Suite struct ServiceTests {
    @Test func `a command is split into words, and a list is taken as it is`() {
        #expect(spec("command: node 'a b' --x=\"y z\"")?.command == ["node", "a b", "--x=y z"])
        #expect(spec("command: [sh, -c, 'echo $$HOME']")?.command == ["sh", "-c", "echo $HOME"])
        #expect(spec("command: []")?.command == [])
        #expect(spec("command: ''")?.command == [])
        #expect(spec("command:")?.command == nil)
        #expect(spec("entrypoint: /bin/app")?.entrypoint == ["/bin/app"])
    }

    @Test func `process settings are taken over`() {
        let made = spec(
            """
            user: "1000:1000"
            working_dir: /srv
            hostname: box
            domainname: test
            tty: true
            stdin_open: true
            stop_signal: SIGINT
            labels: {a: 1, b: , c: "true"}
            init: false
            """)
        #expect(made?.user == "1000:1000")
        #expect(made?.workingDirectory == "/srv")
        #expect(made?.hostname == "box")
        #expect(made?.domainname == "test")
        #expect(made?.tty == true)
        #expect(made?.stdinOpen == true)
        #expect(made?.stopSignal == "SIGINT")
        #expect(made?.labels == ["a": "1", "b": "", "c": "true"])
        #expect(made?.isolation.initProcess == false)
    }

    @Test func `a grace period is rounded up to whole seconds with a note`() {
        #expect(spec("stop_grace_period: 1m30s")?.stopTimeout == 90)
        let short = project("stop_grace_period: 1500ms")
        #expect(short.spec()?.stopTimeout == 2)
        #expect(short.notes == ["manifests/shop.yaml:4:24 manifest.changed-text"])
    }

    @Test func `a health check keeps what it does not say`() {
        #expect(
            spec("healthcheck: {test: curl localhost, interval: 5s, retries: 3}")?.healthcheck
                == Healthcheck(test: ["CMD-SHELL", "curl localhost"], interval: 5_000_000_000, retries: 3))
        #expect(
            spec("healthcheck: {test: [CMD, true], start_period: 1m, start_interval: 1s, timeout: 2s}") == nil)
        #expect(
            spec("healthcheck: {test: [CMD, ok], start_period: 1m, start_interval: 1s, timeout: 2s}")?.healthcheck
                == Healthcheck(
                    test: ["CMD", "ok"], timeout: 2_000_000_000, startPeriod: 60_000_000_000,
                    startInterval: 1_000_000_000))
        #expect(spec("healthcheck: {disable: true, interval: 5s}")?.healthcheck == Healthcheck(test: ["NONE"]))
        #expect(spec("healthcheck: {test: [NONE]}")?.healthcheck == Healthcheck(test: ["NONE"]))
        #expect(spec("healthcheck: {interval: 5s}")?.healthcheck == Healthcheck(interval: 5_000_000_000))
    }

    @Test(arguments: [
        ("restart: no", RestartPolicy.never), ("restart: always", .always), ("restart: unless-stopped", .unlessStopped),
        ("restart: on-failure", .onFailure(retries: 0)), ("restart: on-failure:3", .onFailure(retries: 3)),
        ("deploy: {restart_policy: {condition: any}}", .always), ("deploy: {restart_policy: {}}", .always),
        ("deploy: {restart_policy: {condition: none}}\nrestart: always", .never),
        ("deploy: {restart_policy: {condition: on-failure, max_attempts: 2}}", .onFailure(retries: 2)),
        ("hostname: x", .never),
    ])
    func `a restart policy comes from deploy or else from restart`(lines: String, policy: RestartPolicy) {
        #expect(spec(lines)?.restart == policy)
    }

    @Test func `limits are numbers of the engine`() {
        let made = spec(
            """
            mem_limit: 512m
            memswap_limit: -1
            mem_reservation: 64mb
            cpus: 0.1
            cpu_shares: 512
            cpuset: 0-1,3
            pids_limit: 100
            shm_size: 1g
            oom_score_adj: -500
            deploy: {resources: {limits: {memory: \"536870912\", cpus: \"0.10\", pids: 100}}}
            """)?.resources
        #expect(made?.memory == 536_870_912)
        #expect(made?.memorySwap == -1)
        #expect(made?.memoryReservation == 67_108_864)
        #expect(made?.nanoCPUs == 100_000_000)
        #expect(made?.cpuShares == 512)
        #expect(made?.cpusetCPUs == "0-1,3")
        #expect(made?.pidsLimit == 100)
        #expect(spec("deploy: {resources: {limits: {pids: 5}}}")?.resources.pidsLimit == 5)
        #expect(spec("shm_size: 1g\noom_score_adj: -500")?.isolation.shmSize == 1_073_741_824)
        #expect(spec("oom_score_adj: -500")?.isolation.oomScoreAdjustment == -500)
    }

    @Test func `isolation is taken over`() {
        let made = spec(
            """
            privileged: true
            read_only: true
            cap_add: [NET_ADMIN, NET_ADMIN]
            cap_drop: [ALL]
            security_opt: [no-new-privileges:true, systempaths=unconfined, seccomp=unconfined]
            group_add: [mail, 1000]
            devices: [/dev/a, "/dev/b:/dev/c", "/dev/d:/dev/e:r", {source: /dev/f, permissions: rw}]
            ulimits: {nofile: {soft: 10, hard: 20}, nproc: 5}
            sysctls: [net.core.somaxconn=1024]
            """)?.isolation
        #expect(made?.privileged == true)
        #expect(made?.readOnlyRootFilesystem == true)
        #expect(made?.capAdd == ["NET_ADMIN"])
        #expect(made?.capDrop == ["ALL"])
        #expect(made?.securityOptions == ["no-new-privileges:true", "seccomp=unconfined"])
        #expect(made?.unmaskedPaths == true)
        #expect(made?.groupAdd == ["mail", "1000"])
        #expect(
            made?.devices == [
                .init(onHost: "/dev/a", inContainer: "/dev/a", permissions: "rwm"),
                .init(onHost: "/dev/b", inContainer: "/dev/c", permissions: "rwm"),
                .init(onHost: "/dev/d", inContainer: "/dev/e", permissions: "r"),
                .init(onHost: "/dev/f", inContainer: "/dev/f", permissions: "rw"),
            ])
        #expect(made?.ulimits == ["nofile": .init(soft: 10, hard: 20), "nproc": .init(soft: 5, hard: 5)])
        #expect(made?.sysctls == ["net.core.somaxconn": "1024"])
    }

    @Test func `logging options are text`() {
        #expect(
            spec("logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}")?.logging
                == LogConfiguration(driver: "json-file", options: ["max-size": "10m", "max-file": "3"]))
    }

    @Test func `mounts of every kind`() {
        let made = project(
            """
            volumes:
              - data:/a/./b/:ro
              - /etc/x:/etc/x:ro,z,rshared
              - /cache
              - {type: volume, source: data, target: /c, volume: {nocopy: true}}
              - {type: bind, source: /h, target: /d, read_only: true, bind: {create_host_path: false, propagation: slave}}
              - {type: tmpfs, target: /e, tmpfs: {size: 1m, mode: 0700}}
            tmpfs: [/run, "/tmp:size=64m,mode=1777"]
            """)
        var declared = made
        declared.files[Project.manifestPath] = MarkedText(
            stringLiteral: (made.files[Project.manifestPath]?.text ?? "") + "volumes: {data: {}}\n")
        #expect(declared.mistakes.isEmpty)
        #expect(
            declared.spec()?.mounts == [
                Mount(.volume(name: "test-shop_data", noCopy: false), at: "/a/b", readOnly: true),
                Mount(
                    .bind(path: "/etc/x", propagation: "rshared", selinux: "z", createHostPath: true), at: "/etc/x",
                    readOnly: true),
                Mount(.anonymous(noCopy: false), at: "/cache"),
                Mount(.volume(name: "test-shop_data", noCopy: true), at: "/c"),
                Mount(
                    .bind(path: "/h", propagation: "slave", selinux: "", createHostPath: false), at: "/d",
                    readOnly: true),
                Mount(.tmpfs(size: 1_048_576, mode: 0o700), at: "/e"),
                Mount(.tmpfsOptions([]), at: "/run"),
                Mount(.tmpfsOptions(["size=64m", "mode=1777"]), at: "/tmp"),
            ])
    }

    @Test(arguments: [
        ("always", PullPolicy.always), ("never", .never), ("missing", .missing), ("if_not_present", .missing),
    ])
    func `a pull policy is one of three`(word: String, policy: PullPolicy) {
        #expect(project("pull_policy: \(word)").load().desired?.instances.first?.pull == policy)
    }

    @Test func `a scalar in quotes or from a variable is as good as a bare one`() {
        let made = spec(
            "read_only: ${YES}\nmem_limit: ${SIZE}\ndeploy: {replicas: \"${N}\"}",
            variables: "{YES: true, SIZE: 1k, N: 1}")
        #expect(made?.isolation.readOnlyRootFilesystem == true)
        #expect(made?.resources.memory == 1024)
    }

    @Test func `a typed scalar that changes its text is warned of`() {
        let project = project("environment: {A: 1.10, B: 010, C: 1, D: true, E: \"1.10\", F: yes}")
        #expect(
            project.spec()?.environment == ["A": "1.1", "B": "8", "C": "1", "D": "true", "E": "1.10", "F": "yes"])
        #expect(
            project.mistakes == [
                "manifests/shop.yaml:4:22 warning manifest.changed-text",
                "manifests/shop.yaml:4:31 warning manifest.changed-text",
            ])
    }

    @Test func `an empty section says nothing, with a note`() {
        let project = project("ports:\nenvironment:\nhostname:\ndeploy:\ncommand:")
        #expect(project.spec() != nil)
        #expect(
            project.notes.map { $0.split(separator: " ")[1] } == Array(repeating: "manifest.empty-section", count: 3))
    }
}
