"""Runs commands in turn and prints, for each, the median time and the peak memory. Used by scripts/bench.

Usage: measure.py ROUNDS BEFORE NAME COMMAND [NAME COMMAND]…

Every round runs each command once, every other round in reverse order. BEFORE is run untimed before each one (may be
empty). A first round is not counted. Prints lines: NAME, median, least and greatest milliseconds, and peak KiB.
"""

import os
import shlex
import statistics
import subprocess
import sys
import time


def run(command):
    """Milliseconds and peak KiB of one run."""
    with open(os.devnull, "r+b") as null:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=null, stdout=null, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{shlex.join(command)} ended with {process.returncode}:\n{errors.decode()}")
    return elapsed * 1000, usage.ru_maxrss


def measure(rounds, before, commands):
    results = {name: [] for name in commands}
    for number in range(-1, rounds):
        for name in sorted(commands, reverse=number % 2 == 1):
            if before:
                subprocess.run(before, shell=True, check=True, stdout=subprocess.DEVNULL)
            result = run(commands[name])
            if number >= 0:
                results[name].append(result)
    return results


def main():
    rounds, before, *pairs = sys.argv[1:]
    commands = {name: shlex.split(command) for name, command in zip(pairs[::2], pairs[1::2], strict=True)}
    for name, results in measure(int(rounds), before, commands).items():
        times, peaks = zip(*results)
        print(f"{name} {statistics.median(times):.1f} {min(times):.1f} {max(times):.1f} {max(peaks)}")


main()
