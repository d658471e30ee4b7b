"""The tables: medians, least and greatest, and what came out against the targets."""

import statistics
from dataclasses import dataclass

HEAD = """\
| 3 hosts × 10 containers | one of ten services: s | × floor | gap, ms | all ten services: s | × floor | gap, ms | waits until |
|---|---|---|---|---|---|---|---|"""
STATES_HEAD = """\
| 3 hosts × 10 containers | first deploy: s | × floor | the same again: s | × floor | a plan of it: s | × floor |
|---|---|---|---|---|---|---|"""
LIMIT = 1.1
KINDS = ("one", "all")
# Of the raw calls, and for the last two of Docker Compose's time over the same transport.
STATE_LIMITS = {"deploy": 1.05, "again": 1.5, "plan": 1.5}
SHARE_OF_COMPOSE = 0.5
STATE_WORDS = {"deploy": "first deploy", "again": "the same again", "plan": "a plan"}


@dataclass(frozen=True)
class Sample:
    """What one way did once: how long it took, and the gaps in milliseconds of the first service on each host."""

    way: str
    kind: str
    seconds: float
    gaps: list


class Results:
    """The samples of one way, by kind."""

    def __init__(self, samples):
        self.seconds = {kind: [s.seconds for s in samples if s.kind == kind] for kind in (*STATE_LIMITS, *KINDS)}
        self.gaps = {kind: [gap for s in samples if s.kind == kind for gap in s.gaps] for kind in KINDS}

    def median(self, kind):
        return statistics.median(self.seconds[kind])

    def median_gap(self, kind):
        return statistics.median(self.gaps[kind])


def floors(samples):
    """The results by the floor's ways. With one service to replace on a host there is work for one worker only.

    So all the samples of that kind are of the same work, and each way is given all of them.
    """
    one = [sample for sample in samples if sample.kind == "one"]
    return {
        way: Results(one + [sample for sample in samples if sample.way == way and sample.kind != "one"])
        for way in {sample.way: None for sample in samples}
    }


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def row(way, results, floor):
    cells = []
    for kind in KINDS:
        ratio = results.median(kind) / floor.median(kind)
        gaps = results.gaps[kind]
        cells += [spread(results.seconds[kind], 2), f"**{ratio:.2f}**", spread(gaps, 0) if gaps else "not measured"]
    return f"| {way.title} | {' | '.join(cells)} | {way.waits_for} |"


def states_row(way, results, floors):
    cells = []
    for kind, floor in floors.items():
        seconds = results.seconds[kind]
        cells += [spread(seconds, 3), f"**{results.median(kind) / floor:.2f}**"] if seconds else ["", ""]
    return f"| {way.title} | {' | '.join(cells)} |"


def states_missed(results, floors):
    """Sentences about what misses its target, by both transports."""
    for ours, compose in (("recast", "compose-tcp"), ("recast-ssh", "compose-ssh")):
        for kind, limit in STATE_LIMITS.items():
            seconds = results[ours].median(kind)
            if ours == "recast" and seconds > limit * floors[kind]:
                yield f"{STATE_WORDS[kind]}: more than {limit} times the floor"
            if kind != "deploy" and compose in results and seconds > SHARE_OF_COMPOSE * results[compose].median(kind):
                yield f"{STATE_WORDS[kind]}: {ours} takes more than half of {compose}"


def missed(ours, floor, others):
    """Sentences about the targets that Recast misses, at `parallelism: 0` over TCP."""
    for kind, words in (("one", "one service"), ("all", "all services")):
        if ours.median(kind) > LIMIT * floor.median(kind):
            yield f"{words}: more than {LIMIT} times the floor"
        if ours.median_gap(kind) > LIMIT * floor.median_gap(kind):
            yield f"{words}: a gap of more than {LIMIT} times the floor's"
        for title, results in others:
            if ours.median(kind) > results.median(kind):
                yield f"{words}: slower than {title}"


def print_tables(contenders, samples, absent):
    """Prints the rows of all that were asked for, and returns the targets that were missed.

    `samples` are those of each contender, by its key; `absent` says why a contender has none.
    """
    raw = floors(samples["floor"])
    floor = min(raw.values(), key=lambda results: results.median("all"))
    ways = [way for key, contender in contenders.items() if key not in absent for way in contender.ways]
    results = {way.key: Results([s for list in samples.values() for s in list if s.way == way.key]) for way in ways} | raw
    fastest = {kind: min(one.median(kind) for one in raw.values()) for kind in STATE_LIMITS}
    print(STATES_HEAD)
    for way in ways:
        print(states_row(way, results[way.key], fastest))
    print(f"\n{HEAD}")
    for way in ways:
        print(row(way, results[way.key], floor))
    for key, reason in absent.items():
        print(f"| {key} | not measured: {reason} |  |  |  |  |  |  |")
    if "recast" not in results:
        return []
    peers = [(way.title, results[way.key]) for way in ways if not way.key.startswith(("floor", "recast"))]
    return [*states_missed(results, fastest), *missed(results["recast"], floor, peers)]
