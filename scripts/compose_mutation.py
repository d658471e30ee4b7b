"""Changes YAML files as text, by blocks of indentation; for scripts/conformance-fuzz.

A block is a line and the deeper lines after it: a key with its value, or a list item. No YAML is parsed, so anchors, tags,
comments and faults stay as they are.
"""

import re

from compose_grammar import ODD, SERVICE, lines

VALUE = re.compile(r"^(\s*(?:- )?[\w.-]+: |\s*- )(\S.*)$")


def depth(row):
    return len(row) - len(row.lstrip())


def blocks(rows):
    """The (start, end) of every block, the largest first."""
    found = []
    for start, row in enumerate(rows):
        if row.strip() and not row.lstrip().startswith("#"):
            end = start + 1
            while end < len(rows) and (not rows[end].strip() or depth(rows[end]) > depth(row) or is_item_of(rows[end], row)):
                end += 1
            found.append((start, end))
    return sorted(found, key=lambda block: block[0] - block[1])


def is_item_of(row, key):
    """True for a list item that stands as deep as the key of its list."""
    return depth(row) == depth(key) and row.lstrip().startswith("- ") and key.rstrip().endswith(":") and not key.lstrip().startswith("- ")


def mutated(r, source):
    """The source with one to three changes."""
    rows = source.split("\n")
    for _ in range(r.randint(1, 3)):
        rows = r.choice([without_block, with_odd_value, with_copy, with_copy, with_key, with_key, with_key])(r, rows)
    return "\n".join(rows)


def without_block(r, rows):
    # Half of the blocks, the smaller ones: a file that lost all its services says little.
    found = blocks(rows)
    start, end = r.choice(found[len(found) // 2:] or [(0, 0)])
    return rows[:start] + rows[end:]


def with_odd_value(r, rows):
    places = [(index, match) for index, row in enumerate(rows) if (match := VALUE.match(row)) and match[2] not in "|>"]
    if not places:
        return rows
    index, match = r.choice(places)
    return rows[:index] + [match[1] + r.choice(ODD)] + rows[index + 1:]


def with_copy(r, rows):
    """A list item stands once more, elsewhere at the same depth; or a service or resource under another name."""
    found = [block for block in blocks(rows) if re.match(r"\s*- |  ?\w[\w.-]*:|    \w[\w.-]*:\s*$", rows[block[0]])]
    if not found:
        return rows
    start, end = r.choice(found)
    head = rows[start]
    if not head.lstrip().startswith("- "):
        return rows[:end] + [head.replace(":", "-copy:", 1), *rows[start + 1:end]] + rows[end:]
    place = r.choice([block[1] for block in found if is_alike(rows[block[0]], head)])
    return rows[:place] + rows[start:end] + rows[place:]


def is_alike(row, item):
    return depth(row) == depth(item) and row.lstrip().startswith("- ")


def siblings(rows, index):
    """The keys of the map that the line `index` belongs to."""
    level, keys = depth(rows[index]), set()
    for part in (rows[index::-1], rows[index:]):
        for row in part:
            if row.strip() and depth(row) < level:
                break
            if depth(row) == level:
                keys.add(row.strip().split(":")[0])
    return keys


def with_key(r, rows):
    """A service gets another key."""
    places = [index for index, row in enumerate(rows) if re.match(r"\s+image: ", row)]
    if not places:
        return rows
    index = r.choice(places)
    key = r.choice(sorted(SERVICE.keys() - siblings(rows, index)))
    pad = " " * depth(rows[index])
    return rows[:index] + [pad + row for row in lines({key: SERVICE[key](r)}, 0)] + rows[index:]


def minimised(project, same, attempts):
    """The smallest project found, in so many attempts, for which `same(project)` still holds."""
    budget = [attempts]

    def keep(candidate):
        budget[0] -= 1
        return budget[0] >= 0 and same(candidate)

    project = minimised_parts(project, keep)
    for name in sorted(project["files"], key=lambda name: name != project["named"][0]):
        size = None
        while size != len(project["files"][name]) and budget[0] > 0:
            size = len(project["files"][name])
            project = minimised_file(project, name, keep)
    # What the files no longer name can go now.
    return minimised_parts(project, keep)


def minimised_parts(project, keep):
    for name in list(project["named"][1:]) + [name for name in project["files"] if name not in project["named"]]:
        files = {other: source for other, source in project["files"].items() if other != name}
        smaller = {**project, "files": files, "named": [other for other in project["named"] if other != name]}
        project = smaller if keep(smaller) else project
    for part in ("profiles", "switches"):
        smaller = {**project, part: []}
        project = smaller if project[part] and keep(smaller) else project
    return project


def minimised_file(project, name, keep):
    rows, place = project["files"][name].split("\n"), 0
    while place < len(found := blocks(rows)):
        start, end = found[place]
        fewer = rows[:start] + rows[end:]
        smaller = {**project, "files": {**project["files"], name: "\n".join(fewer)}}
        if keep(smaller):
            project, rows = smaller, fewer
        else:
            place += 1
    return project
