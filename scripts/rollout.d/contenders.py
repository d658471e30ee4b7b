"""What is compared. Each contender deploys the same services and changes their images, by one or several ways.

A contender has `deploy(tags)`, which brings an empty host to these tags, untimed, and `ways`. Both leave every service at
its tag, or raise.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from engine import Failed
from floor import Floor
from services import (
    IMAGE,
    INNER_PORT,
    NAMES,
    NETWORK,
    PROJECT,
    compose_file,
    environment,
    flow,
    labels,
    port,
    variables,
)


@dataclass(frozen=True)
class Way:
    """One row of the table."""

    key: str
    title: str
    waits_for: str
    # Given the tags and the names of the services that change.
    change: Callable
    has_gap: bool = True


@dataclass(frozen=True)
class Setting:
    """The fleet, the folder for files, and the programs that are there, by name."""

    hosts: list
    registry: str
    work: Path
    ssh_config: str
    programs: dict


def run_all(commands, **options):
    """Runs them at once and waits for all; raises with the output of those that fail."""
    running = [
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            **options | {"env": options.get("env", {}) | extra},
        )
        for command, extra in commands
    ]
    outputs = [process.communicate()[0].decode(errors="replace") for process in running]
    failed = [
        f"{' '.join(map(str, process.args))} ended with {process.returncode}:\n{output}"
        for process, output in zip(running, outputs)
        if process.returncode
    ]
    if failed:
        raise Failed("\n".join(failed))


def plain_environment(setting, **more):
    """Nothing of the caller's own settings; `ssh` is told the keys of the fleet."""
    return {
        "HOME": str(setting.work / "home"),
        "PATH": f"{setting.work / 'bin'}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        **more,
    }


class FloorContender:
    key = "floor"

    def __init__(self, setting):
        self.floor = Floor(setting.hosts, setting.registry)
        self.ways = [
            Way(f"floor-{workers}", f"raw API calls, TCP, {workers} at once on a host", "each runs", lambda tags, names, workers=workers: self.floor.change(tags, workers))
            for workers in (1, 2, 4, len(NAMES))
        ]

    def deploy(self, tags):
        self.floor.deploy(tags)


class Recast:
    key = "recast"
    all_at_once = "deploy: { mode: global, update_config: { parallelism: 0, monitor: 0s } }"
    defaults = "deploy: { mode: global }"

    def __init__(self, setting):
        self.setting = setting
        self.ways = [
            self.way("recast", "Recast, TCP, `parallelism: 0`", "each runs", self.all_at_once, "tcp"),
            self.way("recast-ssh", "Recast, SSH, `parallelism: 0`", "each runs", self.all_at_once, "ssh"),
            self.way("recast-defaults", "Recast, TCP, `parallelism: 1` and watched, the defaults",
                     "each ran for 1 s, before the service's next", self.defaults, "tcp"),
        ]

    def way(self, key, title, waits_for, policy, scheme):
        folder = self.setting.work / key
        engines = {
            "tcp": lambda address: f'engine: "tcp://{address}:2375", insecure: true',
            "ssh": lambda address: f'engine: "ssh://root@{address}"',
        }
        for part in ("manifests", "environments"):
            (folder / part).mkdir(parents=True)
        (folder / "manifests/bench.yaml").write_text(compose_file(self.setting.registry, policy))
        hosts = [f"  h{number}: {{ {engines[scheme](address)} }}" for number, address in enumerate(self.setting.hosts, 1)]
        head = ["name: rollout", "manifests: [../manifests/bench.yaml]", "hosts:"]
        (folder / "environments/rollout.yaml").write_text("\n".join([*head, *hosts, ""]))
        return Way(key, title, waits_for, lambda tags, _: self.apply(folder, tags))

    def apply(self, folder, tags):
        sets = [word for name, value in variables(tags).items() for word in ("--set", f"{name}={value}")]
        environment = plain_environment(self.setting, RECAST_SSH_CONFIG=self.setting.ssh_config)
        command = [self.setting.programs["recast"], "apply", "rollout", "--yes", *sets]
        run_all([(command, {})], cwd=folder, env=environment)

    def deploy(self, tags):
        self.ways[0].change(tags, NAMES)


class Compose:
    key = "compose"

    def __init__(self, setting):
        self.setting = setting
        self.file = setting.work / "compose.yaml"
        self.file.write_text(compose_file(setting.registry))
        self.ways = [
            Way(f"compose-{scheme}", f"Docker Compose 2.40.3, {scheme.upper()}, one process a host, at once", "each runs",
                lambda tags, _, scheme=scheme: self.up(tags, scheme))
            for scheme in ("tcp", "ssh")
        ]

    def up(self, tags, scheme):
        doors = {"tcp": "tcp://{}:2375", "ssh": "ssh://root@{}"}
        command = [self.setting.programs["compose"], "--progress", "quiet", "-f", self.file, "up", "-d"]
        run_all(
            [(command, {"DOCKER_HOST": doors[scheme].format(address)}) for address in self.setting.hosts],
            env=plain_environment(self.setting, **variables(tags)), cwd=self.setting.work,
        )

    def deploy(self, tags):
        self.up(tags, "tcp")


class Ansible:
    key = "ansible"

    def __init__(self, setting):
        self.setting = setting
        self.folder = setting.work / "ansible"
        self.folder.mkdir()
        self.ways = [
            Way("ansible", "Ansible 12.3, community.docker, SSH with pipelining", "each runs, one after another",
                lambda tags, _: self.play(tags))
        ]
        self.write()

    def write(self):
        # Debian's Python on the hosts, which has the module that community.docker needs there.
        settings = {"ansible_python_interpreter": "/usr/bin/python3", "ansible_user": "root"}
        inventory = {"all": {"hosts": {address: {} for address in self.setting.hosts}, "vars": settings}}
        (self.folder / "inventory.json").write_text(json.dumps(inventory))
        container = {
            "name": "{{ item.name }}",
            "image": f"{self.setting.registry}/{IMAGE}:{{{{ item.tag }}}}",
            "env": "{{ item.env }}",
            "labels": "{{ item.labels }}",
            "published_ports": ["{{ item.port }}"],
            "networks": [{"name": NETWORK, "aliases": ["{{ item.name }}"]}],
            "restart_policy": "unless-stopped",
        }
        tasks = [
            {"community.docker.docker_network": {"name": NETWORK}},
            {"community.docker.docker_container": container, "loop": "{{ services }}",
             "loop_control": {"label": "{{ item.name }}"}},
        ]
        # JSON is YAML.
        (self.folder / "play.yaml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": tasks}]))

    def play(self, tags):
        services = [
            {"name": name, "tag": tags[name], "env": environment(name), "labels": labels(name),
             "port": f"{port(name)}:{INNER_PORT}"}
            for name in NAMES
        ]
        settings = plain_environment(
            self.setting,
            ANSIBLE_PIPELINING="1",
            ANSIBLE_SSH_ARGS=f"-F {self.setting.ssh_config} -o ControlMaster=auto -o ControlPersist=60s",
            ANSIBLE_SSH_CONTROL_PATH_DIR=str(self.setting.work / "cp"),
        )
        command = [self.setting.programs["ansible"], "-i", "inventory.json", "play.yaml"]
        run_all([([*command, "-e", json.dumps({"services": services})], {})], cwd=self.folder, env=settings)

    def deploy(self, tags):
        self.play(tags)


class Kamal:
    """One application with a role for each service, without Kamal's proxy and ports."""

    key = "kamal"

    def __init__(self, setting):
        self.setting = setting
        self.folder = setting.work / "kamal"
        (self.folder / "config").mkdir(parents=True)
        (self.folder / "config/deploy.yml").write_text(self.configuration())
        # It removes the image from the hosts and pulls it again, whatever they have.
        self.ways = [
            Way("kamal", "Kamal 2.11, SSH, without its proxy and ports", "each runs; pulls the image", self.redeploy,
                has_gap=False)
        ]

    def configuration(self):
        roles = []
        for name in NAMES:
            roles += [f"  {name}:", f"    hosts: {json.dumps(self.setting.hosts)}", f"    labels: {flow(labels(name))}"]
            roles += [f"    env: {{ clear: {flow(environment(name))} }}"]
            if name == NAMES[0]:
                roles += ["    proxy: false"]
        return "\n".join([
            f"service: {PROJECT}",
            f"image: {IMAGE}",
            f"primary_role: {NAMES[0]}",
            # As for the others: it is enough that a container runs.
            "readiness_delay: 0",
            "builder: { arch: amd64 }",
            f"registry: {{ server: '{self.setting.registry}', username: none, password: none }}",
            f"ssh: {{ config: ['{self.setting.ssh_config}'] }}",
            "servers:",
            *roles,
            "",
        ])

    def redeploy(self, tags, names):
        """One call has one version, so the services that change must have one tag."""
        tag, = {tags[name] for name in names}
        self.kamal("redeploy", "--skip-push", f"--version={tag}", f"--roles={','.join(names)}")

    def deploy(self, tags):
        tag, = set(tags.values())
        self.kamal("deploy", "--skip-push", f"--version={tag}")

    def kamal(self, *words):
        command = [self.setting.programs["kamal"], *words]
        run_all([(command, {})], cwd=self.folder, env=plain_environment(self.setting))


CONTENDERS = {contender.key: contender for contender in (FloorContender, Recast, Compose, Ansible, Kamal)}
