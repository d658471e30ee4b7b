"""Counts the tests in xUnit files by kind, for scripts/test.

Prints a line for each kind: name, how many there are, passed, failed, skipped. Suites named …Properties hold properties,
those named …Contract or …ContractTests what every engine must do; the rest of RecastFleetTests is integration, all else
are unit tests.
"""

import sys
import xml.etree.ElementTree as xml

KINDS = ["unit", "property", "contract", "integration"]


def kind(case):
    target, *suites = case.get("classname").split(".")
    if any(name.endswith("Properties") for name in suites):
        return "property"
    if any(name.endswith(("Contract", "ContractTests")) for name in suites):
        return "contract"
    return "integration" if target == "RecastFleetTests" else "unit"


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def cases(path):
    try:
        return xml.parse(path).iter("testcase")
    except (OSError, xml.ParseError):
        # A run that crashed or was ended writes no whole report; its exit code tells.
        return []


counts = {name: {"passed": 0, "failed": 0, "skipped": 0} for name in KINDS}
for path in sys.argv[1:]:
    for test in cases(path):
        counts[kind(test)][outcome(test)] += 1
for name, count in counts.items():
    print(name, sum(count.values()), count["passed"], count["failed"], count["skipped"])
