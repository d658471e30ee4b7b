"""Measures Recast on simulated hosts and prints rows of a table. Used by scripts/bench-scale.

Usage: scale.py RECAST SIM BENCH --hosts N --services N --latency MS --rounds N
"""

import argparse
import collections
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def run(command, folder, output=None, accepted=(0,)):
    """Seconds and peak MiB of one run, and what it printed."""
    with tempfile.TemporaryFile() as errors, open(output or os.devnull, "w+b") as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            errors.seek(0)
            sys.exit(f"{' '.join(command[:4])} ended with {process.returncode}:\n{errors.read().decode()[-2000:]}")
        return elapsed, usage.ru_maxrss / 1024


def critical_path(events):
    """The longest chain of steps that wait for one another, by the time that each took, in seconds."""
    plan = next(event["plan"] for event in events if event["type"] == "plan")
    took = {event["step"]: event["seconds"] for event in events if event["type"] == "succeeded"}
    joins = {join["id"]: join["after"] + join["after_settled"] for join in plan["joins"]}
    ends, of_join = {}, {}
    phases = collections.defaultdict(float)
    total, current = 0.0, None
    for step in plan["steps"]:
        if step["phase"] != current:
            # Each phase begins when the one before has ended.
            total, current = total + phases[current], step["phase"]
            of_join = {}
        for join in step["after_joins"]:
            if join not in of_join:
                of_join[join] = max((ends[other] for other in joins[join]), default=0)
        waits = [ends[other] for other in step["after"] + step["after_settled"]]
        start = max(waits + [of_join[join] for join in step["after_joins"]], default=0)
        ends[step["id"]] = start + took.get(step["id"], 0)
        phases[current] = max(phases[current], ends[step["id"]])
    return total + phases[current]


class Simulator:
    def __init__(self, program, folder, arguments):
        self.process = subprocess.Popen(
            [program, "--folder", folder, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n", "the simulator did not begin"

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def row(what, seconds, other, compared, target, extra=""):
    ratio = seconds / other
    print(f"| {what} | {seconds:.2f} s{extra} | {compared}, {other:.2f} s | **{ratio:.2f}** | at most {target} | "
          f"{'yes' if ratio <= target else '**no**'} |", flush=True)
    return ratio <= target


def measure(options, folder, simulator):
    sockets = sorted(f"{folder}/{name}" for name in os.listdir(folder) if name.endswith(".sock"))
    images = ["shop/api:1"]
    first, _ = run([options.recast, "apply", "sim", "--yes"], folder)
    print(f"deployed {options.hosts * options.services} containers in {first:.1f} s", file=sys.stderr)
    simulator.tell("weather on")
    plans, floors, memory = [], [], 0
    report = f"{folder}/reads.json"
    for number in range(options.rounds):
        before = int(simulator.tell("requests"))
        seconds, peak = run([options.recast, "plan", "sim", "--detailed-exitcode"], folder)
        calls = int(simulator.tell("requests")) - before
        plans.append(seconds)
        memory = max(memory, peak)
        best = None
        for at_once in (64, 256, 1000):
            command = [options.bench, "reads", "--hosts-at-once", str(at_once)]
            for image in images:
                command += ["--image", image]
            run(command + sockets, folder, report)
            with open(report) as file:
                result = json.load(file)
            best = min(best or result["seconds"], result["seconds"])
        floors.append(best)
        print(f"plan {seconds:.2f} s, {calls} calls, {peak:.0f} MiB; bare {best:.2f} s, {result['calls']} calls",
              file=sys.stderr)
    good = row(f"`plan`, nothing to change, {options.hosts} hosts × {options.services} containers",
               statistics.median(plans), statistics.median(floors), "the same reads by a bare client", 1.5)
    limit = 250
    print(f"| peak memory of that plan | {memory:.0f} MiB | | | at most {limit} MiB | "
          f"{'yes' if memory <= limit else '**no**'} |", flush=True)
    good = good and memory <= limit
    return roll(options, folder) and good


def roll(options, folder):
    """Another image for one service on every host, a tenth at a time."""
    manifest = f"{folder}/manifests/app.yaml"
    with open(manifest) as file:
        text = file.read()
    with open(manifest, "w") as file:
        file.write(text.replace("shop/api:${VERSION}", "shop/api:2", 1))
    command = [options.recast, "apply", "sim", "--yes", "--json"]
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    lines, begun, ended = [], None, None
    for line in process.stdout:
        lines.append(line)
        # What comes before the first step is a plan, which is measured above.
        if line.startswith(b'{"format":1,"step_count":'):
            begun = time.perf_counter()
        if b'"type":"ended"' in line:
            ended = time.perf_counter()
    if process.wait():
        sys.exit(f"the apply ended with {process.returncode}")
    path = critical_path([json.loads(line) for line in lines])
    print(f"rolled in {ended - begun:.2f} s, {len(lines)} events", file=sys.stderr)
    return row(f"another image for one service, {options.hosts} hosts, 10 % at a time: its steps",
               ended - begun, path, "the longest chain of them", 1.1)


def main():
    parser = argparse.ArgumentParser()
    for name in ("recast", "sim", "bench"):
        parser.add_argument(name)
    parser.add_argument("--hosts", type=int, default=1000)
    parser.add_argument("--services", type=int, default=20)
    parser.add_argument("--latency", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="recast-scale-")
    simulator = Simulator(options.sim, folder, [
        "--hosts", str(options.hosts), "--services", str(options.services), "--latency", str(options.latency), "--calm"])
    try:
        good = measure(options, folder, simulator)
    finally:
        simulator.end()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


main()
