"""The Docker API, over connections that stay open, and what every contender needs of it."""

import http.client
import json
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from services import IMAGE, NAMES, NETWORK, TAGS

API_PORT = 2375
PREDEFINED_NETWORKS = {"bridge", "host", "none"}


class Failed(Exception):
    """Something that a measurement rests on is not so."""


class Engine:
    """One connection to one daemon. Its calls come one after another: each thread takes its own."""

    def __init__(self, address):
        self.address = address
        self.connection = http.client.HTTPConnection(address, API_PORT, timeout=120)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def send(self, method, path, body=None):
        """The bytes of the daemon's answer; one of 400 and above raises Failed."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self.connection.getresponse()
        data = response.read()
        if response.status >= 400:
            raise Failed(f"{self.address}: {method} {path}: {response.status} {data.decode(errors='replace').strip()}")
        return data

    def call(self, method, path, body=None):
        data = self.send(method, path, body)
        return json.loads(data) if data else None

    def containers(self, every=True):
        return self.call("GET", f"/containers/json?all={int(every)}")


def on_each(hosts, work):
    """Runs `work` for every host at once; the results are in the order of the hosts."""
    with ThreadPoolExecutor(len(hosts)) as pool:
        return list(pool.map(work, hosts))


def wipe(address):
    """Takes all that the contenders made off a host. Its images stay."""
    with Engine(address) as engine:
        for container in engine.containers():
            engine.call("DELETE", f"/containers/{container['Id']}?force=1&v=1")
        for network in engine.call("GET", "/networks"):
            if network["Name"] not in PREDEFINED_NETWORKS:
                remove_network(engine, network["Id"])
        engine.call("POST", "/volumes/prune")


def remove_network(engine, identity):
    # A daemon under load may keep the endpoint of a container that is gone, and only knows it by its name.
    for endpoint in engine.call("GET", f"/networks/{identity}")["Containers"].values():
        engine.call("POST", f"/networks/{identity}/disconnect", {"Container": endpoint["Name"], "Force": True})
    engine.call("DELETE", f"/networks/{identity}")


def pull(address, registry):
    """Sees to it that the host has the images, and returns the identity of each by its tag."""
    identities = {}
    with Engine(address) as engine:
        for tag in TAGS:
            answer = engine.send("POST", f"/images/create?fromImage={registry}/{IMAGE}&tag={tag}")
            if b'"error"' in answer:
                raise Failed(f"{address}: {answer.decode()}")
            identities[tag] = engine.call("GET", f"/images/{registry}/{IMAGE}:{tag}/json")["Id"]
    return identities


def check(address, identities, tags):
    """The host runs exactly the services, each from the image that it should; a proxy in front of them does not count."""
    with Engine(address) as engine:
        running = [container["ImageID"] for container in engine.containers(every=False)]
    found = Counter(image for image in running if image in identities.values())
    expected = Counter(identities[tags[name]] for name in NAMES)
    if found != expected:
        raise Failed(f"{address}: runs {dict(found)} instead of {dict(expected)}")


def make_network(engine):
    engine.call("POST", "/networks/create", {"Name": NETWORK, "CheckDuplicate": True})
