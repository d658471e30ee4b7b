"""The floor: the API calls that a first deploy, a look at it and a change of image cannot do without."""

import queue
from concurrent.futures import ThreadPoolExecutor

from engine import Engine, make_network, on_each
from services import IMAGE, INNER_PORT, NAMES, NETWORK, environment, labels, port


def share(items, workers, address, work):
    """Does `work` for each item, `workers` of them at once, each over a connection of its own."""
    waiting = queue.SimpleQueue()
    for item in items:
        waiting.put(item)

    def drain(_):
        with Engine(address) as engine:
            while True:
                try:
                    item = waiting.get_nowait()
                except queue.Empty:
                    return
                work(engine, item)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(drain, range(min(workers, len(items)))))


class Floor:
    """Deploys, looks at and replaces containers, `workers` of them at once on every host."""

    def __init__(self, hosts, registry):
        self.hosts, self.registry = hosts, registry

    def deploy(self, tags, workers):
        def work(address):
            with Engine(address) as engine:
                make_network(engine)
            share(NAMES, workers, address, lambda engine, name: self.run(engine, name, tags[name]))

        on_each(self.hosts, work)

    def run(self, engine, name, tag):
        engine.call("POST", f"/containers/{self.create(engine, name, name, tag)}/start")

    def look(self, tags, workers):
        """Reads all that a comparison of every container needs: the list, each container, the network, the image."""
        def work(address):
            with Engine(address) as engine:
                found = [entry["Id"] for entry in engine.containers()]
                engine.call("GET", "/networks")
                for tag in set(tags.values()):
                    engine.call("GET", f"/images/{self.image(tag)}/json")
            share(found, workers, address, lambda engine, identity: engine.call("GET", f"/containers/{identity}/json"))

        on_each(self.hosts, work)

    def change(self, tags, workers):
        on_each(self.hosts, lambda address: self.change_host(address, tags, workers))

    def change_host(self, address, tags, workers):
        with Engine(address) as engine:
            running = {entry["Names"][0].removeprefix("/"): entry for entry in engine.containers()}
        stale = [name for name in NAMES if running[name]["Image"] != self.image(tags[name])]
        share(stale, workers, address, lambda engine, name: self.replace(engine, name, running[name]["Id"], tags[name]))

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
