"""What scripts/check-imports and scripts/check-sizes know of Swift: where code is, and what is a comment or a string."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPENING = re.compile(r'//[^\n]*|/\*|(#*)("""|")|`[^`\n]*`')


def files(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.swift"))


def code(text):
    """The text with comments, strings and raw identifiers blanked out; every line stays where it is."""
    parts, place = [], 0
    while match := OPENING.search(text, place):
        end = end_of(text, match)
        parts.append(text[place : match.start()])
        parts.append(blank(text[match.start() : end]))
        place = end
    return "".join(parts) + text[place:]


def blank(text):
    # An identifier between backticks stays an identifier.
    return "x" * len(text) if text[0] == "`" else re.sub(r"[^\n]", " ", text)


def end_of(text, match):
    if match[0].startswith("/*"):
        return end_of_comment(text, match.end())
    return match.end() if match[2] is None else end_of_string(text, match.end(), match[1], match[2])


def end_of_comment(text, place):
    depth = 1
    while depth and (mark := re.compile(r"/\*|\*/").search(text, place)):
        depth += 1 if mark[0] == "/*" else -1
        place = mark.end()
    return len(text) if depth else place


def end_of_string(text, place, hashes, quote):
    """Where a string ends; what it interpolates may hold strings of its own."""
    marks = re.compile(rf"\\{hashes}\(|\\{hashes}.|{quote}{hashes}", re.DOTALL)
    while mark := marks.search(text, place):
        if mark[0] == quote + hashes:
            return mark.end()
        place = end_of_interpolation(text, mark.end()) if mark[0].endswith("(") else mark.end()
    return len(text)


def end_of_interpolation(text, place):
    depth = 1
    marks = re.compile(r'[()]|(#*)("""|")')
    while depth and (mark := marks.search(text, place)):
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        place = mark.end() if mark[2] is None else end_of_string(text, mark.end(), mark[1], mark[2])
    return place


def line_of(text, place):
    return text.count("\n", 0, place) + 1


def report(findings, good):
    """Prints what was found and ends the program: 1 when there is something."""
    for path, line, message in findings:
        print(f"{path.relative_to(ROOT)}:{line}: {message}")
    if findings:
        raise SystemExit(1)
    print(good)
