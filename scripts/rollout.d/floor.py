"""The floor: the API calls that a change of image cannot do without, and nothing else."""

import queue
import threading

from engine import Engine, make_network, on_each
from services import IMAGE, INNER_PORT, NAMES, NETWORK, environment, labels, port


class Floor:
    """Replaces containers with `workers` of them at once on every host."""

    def __init__(self, hosts, registry):
        self.hosts, self.registry = hosts, registry

    def deploy(self, tags):
        def work(address):
            with Engine(address) as engine:
                make_network(engine)
                for name in NAMES:
                    engine.call("POST", f"/containers/{self.create(engine, name, name, tags[name])}/start")

        on_each(self.hosts, work)

    def change(self, tags, workers):
        on_each(self.hosts, lambda address: self.change_host(address, tags, workers))

    def change_host(self, address, tags, workers):
        work, failures = queue.SimpleQueue(), []
        with Engine(address) as first:
            running = {entry["Names"][0].removeprefix("/"): entry for entry in first.containers()}
            for name in NAMES:
                if running[name]["Image"] != self.image(tags[name]):
                    work.put((name, running[name]["Id"], tags[name]))

            others = [
                threading.Thread(target=self.drain, args=(address, work, failures)) for _ in range(workers - 1)
            ]
            for thread in others:
                thread.start()
            self.replace_all(first, work, failures)
            for thread in others:
                thread.join()
        if failures:
            raise failures[0]

    def drain(self, address, work, failures):
        if not work.empty():
            with Engine(address) as engine:
                self.replace_all(engine, work, failures)

    def replace_all(self, engine, work, failures):
        try:
            while True:
                self.replace(engine, *work.get_nowait())
        except queue.Empty:
            pass
        except Exception as error:
            failures.append(error)

    def replace(self, engine, name, old, tag):
        """The new one is made before the old one stops, so that the gap is only the stop and the start."""
        new = self.create(engine, f"{name}.next", name, tag)
        engine.call("POST", f"/containers/{old}/stop")
        engine.call("POST", f"/containers/{new}/start")
        engine.call("DELETE", f"/containers/{old}")
        engine.call("POST", f"/containers/{new}/rename?name={name}")

    def create(self, engine, container, name, tag):
        inner = f"{INNER_PORT}/tcp"
        return engine.call("POST", f"/containers/create?name={container}", {
            "Image": self.image(tag),
            "Env": [f"{key}={value}" for key, value in environment(name).items()],
            "Labels": labels(name),
            "ExposedPorts": {inner: {}},
            "HostConfig": {
                "NetworkMode": NETWORK,
                "PortBindings": {inner: [{"HostPort": str(port(name))}]},
                "RestartPolicy": {"Name": "unless-stopped"},
            },
            "NetworkingConfig": {"EndpointsConfig": {NETWORK: {"Aliases": [name]}}},
        })["Id"]

    def image(self, tag):
        return f"{self.registry}/{IMAGE}:{tag}"
