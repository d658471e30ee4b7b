"""Services of a stack in swarm mode, on every node one container of each."""

import json
import time

from engine import Engine, Failed
from services import IMAGE, INNER_PORT, NAMES, PROJECT, environment, labels, port

PATIENCE = 120


class Stack:
    """The first host is the manager. `run_all` runs the docker client with `settings` as its environment."""

    def __init__(self, hosts, work, registry, settings, run_all):
        self.hosts, self.registry, self.settings, self.run_all = hosts, registry, settings, run_all
        self.file = work / "stack.json"

    def __enter__(self):
        """The hosts become nodes. That is not measured: for the others, too, the daemons are there."""
        with Engine(self.hosts[0]) as manager:
            manager.call("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": self.hosts[0]})
            token = manager.call("GET", "/swarm")["JoinTokens"]["Worker"]
        for host in self.hosts[1:]:
            with Engine(host) as worker:
                worker.call("POST", "/swarm/join", {
                    "ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": host, "RemoteAddrs": [f"{self.hosts[0]}:2377"],
                    "JoinToken": token,
                })
        return self

    def __exit__(self, *_):
        for host in reversed(self.hosts):
            with Engine(host) as engine:
                engine.call("POST", "/swarm/leave?force=1")

    def deploy(self, tags):
        # JSON is YAML.
        self.file.write_text(json.dumps({"version": "3.8", "services": {name: self.service(name, tags[name]) for name in NAMES}}))
        command = ["docker", "stack", "deploy", "--resolve-image", "never", "-c", self.file, PROJECT]
        self.run_all([(command, {"DOCKER_HOST": f"tcp://{self.hosts[0]}:2375"})], env=self.settings)
        self.wait(tags)

    def service(self, name, tag):
        return {
            "image": f"{self.registry}/{IMAGE}:{tag}",
            "environment": environment(name),
            "labels": labels(name),
            "ports": [{"target": INNER_PORT, "published": port(name), "mode": "host"}],
            "deploy": {"mode": "global", "endpoint_mode": "dnsrr", "update_config": {"parallelism": 0, "monitor": "0s"}},
        }

    def wait(self, tags):
        """The command returns before anything runs, so the manager is asked."""
        end = time.monotonic() + PATIENCE
        with Engine(self.hosts[0]) as manager:
            while not self.is_settled(manager, tags):
                if time.monotonic() > end:
                    raise Failed("the stack did not settle")
                time.sleep(0.02)

    def is_settled(self, manager, tags):
        running = [
            task["Spec"]["ContainerSpec"]["Image"]
            for task in manager.call("GET", "/tasks") if task["Status"]["State"] == "running" == task["DesiredState"]
        ]
        wanted = [f"{self.registry}/{IMAGE}:{tags[name]}" for name in NAMES] * len(self.hosts)
        return sorted(running) == sorted(wanted)
