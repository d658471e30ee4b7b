"""Measures what every contender does to services and prints the tables. Used by scripts/bench-rollout."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
# Of scripts/images.
sys.path.append(str(Path(__file__).resolve().parent.parent))

from contenders import CONTENDERS, Setting
from engine import Failed, check, on_each, pull, wipe
from report import Sample, print_tables
from services import NAMES, TAGS, all_at, port, push_images


def note(text):
    print(text, file=sys.stderr, flush=True)


# One service of ten, and all of them.
KINDS = {"one": NAMES[:1], "all": NAMES}


class Poller:
    """Asks the first service on every host while the body of a `with` runs; then `gaps` has milliseconds."""

    def __init__(self, hosts):
        script = Path(__file__).with_name("poller.py")
        self.command = [sys.executable, script, *(f"{host}:{port(NAMES[0])}" for host in hosts)]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if not self.process.stdout.readline():
            raise Failed("the poller had no first answer")
        return self

    def __exit__(self, kind, *_):
        if kind:
            self.process.kill()
        output, _ = self.process.communicate()
        if kind:
            return
        self.gaps = [result["gap"] for result in json.loads(output).values()]
        if None in self.gaps:
            raise Failed(f"{NAMES[0]} did not answer again: {output.decode()}")


def changes(start):
    """For each kind the tags to go to, from all at `start`: first one service changes, then all ten do."""
    following = [TAGS[(TAGS.index(start) + step) % len(TAGS)] for step in (1, 2)]
    return {"one": all_at(start) | {NAMES[0]: following[0]}, "all": all_at(following[1])}


def measure(setting, way, kind, tags, identities):
    poller = Poller(setting.hosts) if way.has_gap else contextlib.nullcontext()
    with poller:
        start = time.perf_counter()
        way.change(tags, KINDS[kind])
        seconds = time.perf_counter() - start
    on_each(setting.hosts, lambda address: check(address, identities, tags))
    return Sample(way.key, kind, seconds, poller.gaps if way.has_gap else [])


def timed(way, kind, work):
    start = time.perf_counter()
    work()
    return Sample(way.key, kind, time.perf_counter() - start, [])


def states(way, tags):
    """From nothing to all services, the same again, and what would be done then."""
    yield timed(way, "deploy", lambda: way.deploy(tags))
    if way.is_idempotent:
        yield timed(way, "again", lambda: way.repeat(tags))
    if way.plan:
        yield timed(way, "plan", lambda: way.plan(tags))


def samples_of(setting, way):
    """One way, on empty hosts that have the images."""
    # One that tidies up may have removed images.
    identities = on_each(setting.hosts, lambda address: pull(address, setting.registry))[0]
    tags = all_at(TAGS[0])
    yield from states(way, tags)
    on_each(setting.hosts, lambda address: check(address, identities, tags))
    for kind, changed in changes(TAGS[0]).items():
        yield measure(setting, way, kind, changed, identities)


def turn(setting, contender):
    for way in contender.ways:
        on_each(setting.hosts, wipe)
        with getattr(contender, "scope", contextlib.nullcontext()):
            for sample in samples_of(setting, way):
                note(f"  {way.key:16} {sample.kind:6} {sample.seconds:7.2f} s  gaps {sample.gaps} ms")
                yield sample


def rounds(setting, contenders, count):
    """The samples of whole turns, and the keys of the contenders that failed. Those are not asked again."""
    samples, failed = {key: [] for key in contenders}, set()
    for number in range(count):
        note(f"round {number + 1} of {count}")
        for key in sorted(contenders, reverse=number % 2 == 1):
            if key in failed:
                continue
            try:
                samples[key] += list(turn(setting, contenders[key]))
            except Failed as error:
                note(f"{key}: {error}")
                failed.add(key)
    return samples, failed


def prepare(setting):
    for folder in ("home", "bin"):
        (setting.work / folder).mkdir()
    # The docker client has no way to be given a configuration.
    wrapper = setting.work / "bin/ssh"
    wrapper.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {setting.ssh_config} "$@"\n')
    wrapper.chmod(0o755)
    push_images(setting.registry)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path, help="an empty folder")
    parser.add_argument("--repeats", type=int, required=True)
    parser.add_argument("--peers", required=True, help="with commas between them")
    parser.add_argument("--program", nargs=2, action="append", default=[], metavar=("PEER", "PATH"))
    parser.add_argument("hosts", nargs="+")
    return parser.parse_args()


def main():
    options = arguments()
    setting = Setting(
        options.hosts, os.environ["FLEET_REGISTRY"], options.work, f"{os.environ['FLEET_DIR']}/ssh/config",
        dict(options.program),
    )
    keys = ["floor", *options.peers.split(",")]
    absent = {key: "it could not be installed" for key in keys[1:] if key not in setting.programs}
    prepare(setting)
    contenders = {key: CONTENDERS[key](setting) for key in keys if key not in absent}
    samples, failed = rounds(setting, contenders, options.repeats)
    if not samples["floor"]:
        return "the raw calls failed, and nothing can be said without them"
    absent |= {key: "it failed" for key in failed if not samples[key]}
    misses = print_tables(contenders, samples, absent)
    for miss in misses:
        note(f"missed: {miss}")
    return bool(misses or failed)


sys.exit(main())
