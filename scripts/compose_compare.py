"""Runs a compose loader on a file and compares canonical forms; for scripts/conformance and scripts/conformance-fuzz.

Two programs can be run: Recast (`recast config --file F …`) and Docker Compose (`docker-compose -f F config …`). Both print
a project's canonical form as JSON. Five rules make the forms comparable; they remove what only Go's way of writing
structures puts there:

1. `$$` is `$`: the command line doubles every dollar of its output.
2. A null command or entrypoint, an empty structure that Go always prints, and `create_host_path: true` are absent.
3. `env_file` and `label_file` are absent: they are folded into `environment` and `labels`.
4. A resource that no service uses is absent, and so are top-level models.
5. Paths are relative to the folder of the case.
"""

import json
import re
import subprocess

RECAST, COMPOSE = "recast", "docker-compose"
SWITCHES = {"normalize": "--no-normalize", "consistency": "--no-consistency", "resolve_paths": "--no-path-resolution"}
DROPPED_IF_NULL = {"command", "entrypoint"}
DROPPED_IF_EMPTY = {
    "bind", "environment", "healthcheck", "image", "ipam", "labels", "limits", "logging", "options", "placement",
    "reservations", "resources", "rollback_config", "tmpfs", "update_config", "volume",
}
FOLDED = {"env_file", "label_file"}
NAMED_VOLUMES = {"volume", "cluster"}


class Loader:
    """A program that reads compose files, and how to call it."""

    def __init__(self, program, kind, timeout=10):
        self.program, self.kind, self.timeout = program, kind, timeout

    def command(self, files, directory=None, name=None, profiles=(), switches=()):
        file, project = ("--file", "--project-name") if self.kind == RECAST else ("-f", "-p")
        options = [word for path in files for word in (file, path)]
        options += ["--project-directory", directory] if directory else []
        options += [project, name] if name else []
        options += [word for profile in profiles for word in ("--profile", profile)]
        output = [*switches, "--format", "json"]
        if self.kind == RECAST:
            return [self.program, "config", *options, "--shell-environment", *output]
        return [self.program, *options, "config", *output]

    def load(self, folder, environment, files, **options):
        """What the program makes of `files`, run in `folder` with nothing but `environment`."""
        try:
            done = subprocess.run(
                self.command(files, **options), cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                capture_output=True, timeout=self.timeout,
            )
        except subprocess.TimeoutExpired:
            return Result("hang", f"no end after {self.timeout} s")
        message = done.stderr.decode(errors="replace").strip()
        if done.returncode < 0 or done.returncode > 128 or "\ngoroutine " in message:
            return Result("crash", f"exit {done.returncode}: {message[-300:]}")
        if done.returncode:
            return Result("error", message)
        try:
            return Result("ok", message, json.loads(done.stdout))
        except ValueError as error:
            return Result("crash", f"the output is no JSON: {error}")


class Result:
    """How a load ended: `ok` with a form, or `error`, `crash` or `hang` with a message."""

    def __init__(self, kind, message, form=None):
        self.kind, self.message, self.form = kind, message, form


def comparable(form, folders):
    """A canonical form by the five rules; `folders` are the prefixes that stand for the case's folder."""
    return without_unused(simplified(form, "", folders))


def simplified(value, key, folders):
    if isinstance(value, dict):
        pairs = ((name, simplified(inner, name, folders)) for name, inner in value.items())
        return {name.replace("$$", "$"): inner for name, inner in pairs if not is_artefact(name, inner)}
    if isinstance(value, list):
        return [simplified(inner, "", folders) for inner in value]
    if isinstance(value, str):
        return relative(value.replace("$$", "$"), folders)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_artefact(key, value):
    return (
        key in FOLDED
        or (key in DROPPED_IF_NULL and value is None)
        or (key in DROPPED_IF_EMPTY and value == {})
        or (key == "create_host_path" and value is True)
    )


def relative(text, folders):
    for folder in folders:
        if text == folder:
            return "."
        text = text.removeprefix(folder + "/")
    return re.sub(r"^\./(?=.)", "", text)


def without_unused(project):
    used = {kind: set() for kind in ("networks", "volumes", "configs", "secrets")}
    for service in (project.get("services") or {}).values():
        used["networks"].update(service.get("networks") or {})
        used["volumes"].update(v.get("source") for v in service.get("volumes") or [] if v.get("type") in NAMED_VOLUMES)
        for kind in ("configs", "secrets"):
            used[kind].update(grant.get("source") for grant in service.get(kind) or [])
        grants = (service.get("build") or {}).get("secrets") or []
        used["secrets"].update(grant.get("source") for grant in grants if isinstance(grant, dict))
    kept = {key: value for key, value in project.items() if key != "models"}
    for kind, names in used.items():
        if isinstance(kept.get(kind), dict):
            kept[kind] = {name: value for name, value in kept[kind].items() if name in names}
    return {key: value for key, value in kept.items() if key not in used or value != {}}


ABSENT = object()


def differences(wanted, found, path=""):
    """The places where two comparable forms differ, each with both values."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        pairs = [(f"{path}.{key}", wanted.get(key, ABSENT), found.get(key, ABSENT)) for key in sorted({*wanted, *found})]
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = [(f"{path}[{index}]", *both) for index, both in enumerate(zip(wanted, found))]
    else:
        return [] if type(wanted) is type(found) and wanted == found else [(path, wanted, found)]
    return [difference for place, *both in pairs for difference in differences(*both, place)]


def described(difference, width=60):
    path, *both = difference
    wanted, found = ("absent" if value is ABSENT else json.dumps(value, ensure_ascii=False) for value in both)
    shorten = lambda text: text if len(text) <= width else text[: width - 1] + "…"
    return f"{path or '.'}: wanted {shorten(wanted)}, found {shorten(found)}"
