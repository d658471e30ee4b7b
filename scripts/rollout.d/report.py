"""The table: medians, least and greatest, and what came out against the targets."""

import statistics
from dataclasses import dataclass

HEAD = """\
| 3 hosts × 10 containers | one of ten services: s | × floor | gap, ms | all ten services: s | × floor | gap, ms | waits until |
|---|---|---|---|---|---|---|---|"""
LIMIT = 1.1
KINDS = ("one", "all")


@dataclass(frozen=True)
class Sample:
    """One change by one way: how long it took, and the gap in milliseconds of the first service on each host."""

    way: str
    kind: str
    seconds: float
    gaps: list


class Results:
    """The samples of one way, by kind."""

    def __init__(self, samples):
        self.seconds = {kind: [s.seconds for s in samples if s.kind == kind] for kind in KINDS}
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
        way: Results(one + [sample for sample in samples if sample.way == way and sample.kind == "all"])
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


def print_table(contenders, samples, absent):
    """Prints the rows of all that were asked for, and returns the targets that were missed.

    `samples` are those of each contender, by its key; `absent` says why a contender has none.
    """
    raw = floors(samples["floor"])
    floor = min(raw.values(), key=lambda results: results.median("all"))
    ways = [way for key, contender in contenders.items() if key not in absent for way in contender.ways]
    results = {way.key: Results([s for list in samples.values() for s in list if s.way == way.key]) for way in ways} | raw
    print(HEAD)
    for way in ways:
        print(row(way, results[way.key], floor))
    for key, reason in absent.items():
        print(f"| {key} | not measured: {reason} |  |  |  |  |  |  |")
    if "recast" not in results:
        return []
    peers = [(way.title, results[way.key]) for way in ways if not way.key.startswith(("floor", "recast"))]
    return list(missed(results["recast"], floor, peers))
