"""What is compared. Each contender deploys the same services and changes their images, by one or several ways.

A contender has `ways`, each of which brings hosts to tags and leaves every service at its tag, or raises. One that needs
something of the hosts beyond Docker has a `scope`, which is entered around each way.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from engine import Failed
from floor import Floor
from stack import Stack
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
    # Given the tags, on empty hosts; None: as a change of all.
    on_empty: Callable | None = None
    # Given the tags that are there already; None: as a change of none.
    unchanged: Callable | None = None
    # Says what would be done, and does nothing; None: it cannot.
    plan: Callable | None = None
    # Whether it leaves alone what is as it should be.
    is_idempotent: bool = True

    def deploy(self, tags):
        self.on_empty(tags) if self.on_empty else self.change(tags, NAMES)

    def repeat(self, tags):
        self.unchanged(tags) if self.unchanged else self.change(tags, NAMES)


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
            self.way(workers) for workers in (1, 2, 4, len(NAMES))
        ]

    def way(self, workers):
        look = lambda tags: self.floor.look(tags, workers)
        return Way(
            f"floor-{workers}", f"raw API calls, TCP, {workers} at once on a host", "each runs",
            lambda tags, _: self.floor.change(tags, workers), on_empty=lambda tags: self.floor.deploy(tags, workers),
            unchanged=look, plan=look,
        )


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
        return Way(
            key, title, waits_for, lambda tags, _: self.run(folder, tags, "apply", "--yes"),
            plan=lambda tags: self.run(folder, tags, "plan"),
        )

    def run(self, folder, tags, command, *options):
        sets = [word for name, value in variables(tags).items() for word in ("--set", f"{name}={value}")]
        environment = plain_environment(self.setting, RECAST_SSH_CONFIG=self.setting.ssh_config)
        command = [self.setting.programs["recast"], command, "rollout", *options, *sets]
        run_all([(command, {})], cwd=folder, env=environment)


class Compose:
    key = "compose"

    def __init__(self, setting):
        self.setting = setting
        self.file = setting.work / "compose.yaml"
        self.file.write_text(compose_file(setting.registry))
        self.ways = [
            Way(f"compose-{scheme}", f"Docker Compose 2.40.3, {scheme.upper()}, one process a host, at once", "each runs",
                lambda tags, _, scheme=scheme: self.up(tags, scheme),
                plan=lambda tags, scheme=scheme: self.up(tags, scheme, "--dry-run"))
            for scheme in ("tcp", "ssh")
        ]

    def up(self, tags, scheme, *options):
        doors = {"tcp": "tcp://{}:2375", "ssh": "ssh://root@{}"}
        command = [self.setting.programs["compose"], "--progress", "quiet", *options, "-f", self.file, "up", "-d"]
        run_all(
            [(command, {"DOCKER_HOST": doors[scheme].format(address)}) for address in self.setting.hosts],
            env=plain_environment(self.setting, **variables(tags)), cwd=self.setting.work,
        )


class Ansible:
    key = "ansible"

    def __init__(self, setting):
        self.setting = setting
        self.folder = setting.work / "ansible"
        self.folder.mkdir()
        self.ways = [
            Way("ansible", "Ansible 12.3, community.docker, SSH with pipelining", "each runs, one after another",
                lambda tags, _: self.play(tags), plan=lambda tags: self.play(tags, "--check"))
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

    def play(self, tags, *options):
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
        command = [self.setting.programs["ansible"], "-i", "inventory.json", "play.yaml", *options]
        run_all([([*command, "-e", json.dumps({"services": services})], {})], cwd=self.folder, env=settings)


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
                has_gap=False, on_empty=self.deploy, is_idempotent=False)
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


class StackContender:
    """Swarm mode, which the daemons have only while it has its turn."""

    key = "stack"

    def __init__(self, setting):
        self.stack = Stack(setting.hosts, setting.work, setting.registry, plain_environment(setting), run_all)
        self.ways = [
            Way("stack", "`docker stack deploy`, TCP, `parallelism: 0`", "each runs, as the manager sees it",
                lambda tags, _: self.stack.deploy(tags))
        ]
        self.scope = self.stack


CONTENDERS = {contender.key: contender for contender in (FloorContender, Recast, Compose, Ansible, Kamal, StackContender)}
