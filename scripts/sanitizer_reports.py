"""Prints what a sanitizer reported and is a fault, and ends with 1 if anything is. Used by scripts/sanitize.

Usage: sanitizer_reports.py FILE…
"""

import os
import re
import sys

# The closure that Mutex.withLock calls: it gets its value as `inout sending`, and does not escape.
UNDER_MUTEX = re.compile(r"zYu\w*?YTXEf|z(?:YK|Yu|YT|Y)*XEf")
SHOWN = 10
LINES = 30


def accesses(report):
    """The stacks of the two accesses of a race."""
    paragraphs = re.split(r"\n\s*\n", report)
    return [text for text in paragraphs if re.search(r"(?:[Aa]ccess of|[Rr]ead of size|[Ww]rite of size).*\n\s*#0 ", text)][:2]


def is_explained(report):
    stacks = accesses(report)
    return "ThreadSanitizer" in report and len(stacks) == 2 and all(UNDER_MUTEX.search(stack) for stack in stacks)


def main():
    text = "".join(open(path, errors="replace").read() for path in sys.argv[1:] if os.path.exists(path))
    reports = [part for part in re.split(r"={10,}\n", text) if re.search(r"WARNING: ThreadSanitizer|ERROR: AddressSanitizer|runtime error", part)]
    faults = [report for report in reports if not is_explained(report)]
    for report in faults[:SHOWN]:
        print("\n".join(line[:300] for line in report.splitlines()[:LINES]), end="\n\n")
    print(f"{len(reports)} reports, {len(reports) - len(faults)} of them under a Mutex, {len(faults)} faults")
    sys.exit(1 if faults else 0)


main()
