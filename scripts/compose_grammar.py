"""Makes projects of compose files at random, for scripts/conformance-fuzz.

A project is a dictionary of files, an environment, profiles and switches. What is made is mostly valid; about one in six
projects holds a value of a wrong type or form, so that refusals are compared as well. Left out is what Docker Compose
2.40.3 is known to read wrongly or to hang on: `pid: null`, keys under `build.ssh`, dates, infinities, nested aliases
beside `!reset`, and a service that is defined both here and in an included file.
"""

import json
import re

NAMES = ["web", "api", "db", "cache-1", "job_2"]
NETWORKS, VOLUMES, SECRETS, CONFIGS = ["front", "back"], ["data", "logs"], ["token", "cert"], ["conf", "site.ini"]
PLAIN = re.compile(r"[A-Za-z/.][A-Za-z0-9_./-]*")
WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "none"}
ODD = ["", "~", "5", "-1", "0.5", "1.10", "010", "1e3", "true", "yes", "[]", "{}", "[a]", "{a: b}", '"x y"', "10m", "1h", "$$", "${TAG}"]


class Plain(str):
    """Text that is written into the file as it stands."""


class Tagged:
    """A value with a tag or an anchor before it."""

    def __init__(self, mark, value):
        self.mark, self.value = mark, value


def scalar(value):
    if isinstance(value, Plain):
        return value
    if value is None:
        return ""
    if isinstance(value, str):
        plain = PLAIN.fullmatch(value) and value.lower() not in WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def lines(value, indent):
    """A map or list as block-style lines."""
    pad = "  " * indent
    for key, inner in value.items() if isinstance(value, dict) else ((None, each) for each in value):
        head = f"{pad}-" if key is None else f"{pad}{scalar(key)}:"
        if isinstance(inner, Tagged):
            head, inner = f"{head} {inner.mark}", inner.value
        if isinstance(inner, (dict, list)) and inner:
            yield head
            yield from lines(inner, indent + 1)
        else:
            yield f"{head} {scalar(inner)}".rstrip()


def text(tree):
    return "\n".join(lines(tree, 0)) + "\n"


# Short forms of common values. Each function takes the random source.

def one(*values):
    return lambda r: r.choice(values)


def some(*values):
    return lambda r: r.sample(values, r.randint(1, min(3, len(values))))


def either(*makers):
    return lambda r: r.choice(makers)(r)


def made(**makers):
    """A map of a few of these keys; a key with a trailing underscore is always there."""
    def make(r):
        picked = [key for key in makers if key.endswith("_") or r.random() < 0.45]
        return {key.rstrip("_"): makers[key](r) for key in picked} or {next(iter(makers)).rstrip("_"): next(iter(makers.values()))(r)}
    return make


def listed(maker, most=3):
    return lambda r: [maker(r) for _ in range(r.randint(1, most))]


def by_name(maker, *names):
    return lambda r: {name: maker(r) for name in r.sample(names, r.randint(1, len(names)))}


number = lambda low, high: lambda r: r.randint(low, high)
flag = one(True, False, True, "true", Plain("yes"))
strict_flag = one(True, False)
duration = one("10s", "1m30s", "1h", "500ms", "1.5s", "90s", "0s", "1d", "2h5m")
size = one("50M", "1gb", "64k", "1.5g", "1048576", "10b")
text_value = one("a", "", "1", "x=y", "$$HOME", "${TAG}", "${MISSING:-fallback}", "${TAG:+set}", "a b", "é", "#no", "${MISSING-${TAG}}")
any_value = either(text_value, one(1, 0, 1.5, True, Plain("1.10"), Plain("010"), Plain("0x1F"), Plain("1e3"), Plain("1_000"), None))
pair = lambda r: f"{r.choice('ABCD')}={text_value(r)}"
pairs = either(by_name(any_value, "A", "B", "C", "D"), lambda r: [pair(r) for _ in range(r.randint(1, 4))], some("A=1", "B", "C=", "TAG"))
distinct_pairs = either(by_name(any_value, "a.b", "c.d", "e"), some("a.b=1", "c.d=x=y", "e="))
words = either(one("echo a", 'sh -c "echo $$A"', "a 'b c' d\\ e", "", "run ${TAG}"), some("echo", "$$X", "a b", "", "${TAG}"), one(None))
port = either(
    one("80", "8080:80", "127.0.0.1:8081:81", "9000-9002:90-92", "53:53/udp", "127.0.0.1::82", "[::1]:83:83", "3000-3005", "8000-8009:84", "0.0.0.0:85:85/TCP"),
    one(443, Plain("22:22"), Plain("8443:443")),
    made(target_=number(100, 199), published=one("8100", 8101, "8102-8104"), protocol=one("tcp", "udp"), mode=one("host", "ingress"), host_ip=one("127.0.0.1"), name=one("http"), app_protocol=one("http")),
)
place = one("/data", "/srv/a/", "/etc/x", "/var/lib/y", "/z")
mount = either(
    one("./d:/d", "./e:/e:ro", "data:/v", "logs:/l:ro", "/abs:/abs:rw,z", "../up:/up", ".:/src", "~/home:/home", "data:/n:nocopy", "./f:/f:rslave", "/anon", "./g:/g/:cached"),
    made(type_=one("bind"), source_=one("./b", "/b", "."), target_=place, read_only=flag, bind=made(propagation=one("rshared"), create_host_path=one(True, False), selinux=one("z"))),
    made(type_=one("volume"), source=one("data", "logs"), target_=place, volume=made(nocopy=flag, subpath=one("s")), read_only=flag),
    made(type_=one("tmpfs"), target_=place, tmpfs=made(size=one("1m", 1024), mode=one(448, Plain("0700")))),
)
grant = lambda names, targets: lambda r: [r.choice(names)] if r.random() < 0.5 else [
    made(source_=one(*names), target=one(*targets), uid=one("1"), gid=one("2"), mode=one(Plain("0440"), "0400", 288))(r)]
condition = one("service_started", "service_healthy", "service_completed_successfully")
device = either(one("/dev/a", "/dev/a:/dev/b", "/dev/c:/dev/d:r"), made(source_=one("/dev/e"), target_=one("/dev/f"), permissions=one("rw")))
gpu = made(capabilities_=some("gpu", "utility"), count=one(1, "all", 2), driver=one("nvidia"), options=by_name(text_value, "o"))
rollout = made(parallelism=number(0, 3), delay=duration, failure_action=one("pause", "rollback"), monitor=duration, max_failure_ratio=one(0, 0.3, "0.5"), order=one("start-first", "stop-first"))
hook = made(command_=words, user=one("root"), privileged=flag, working_dir=one("/w"), environment=pairs)
limits = made(cpus=one("0.5", 2, 0.25), memory=size, pids=number(1, 99))
reservations = made(cpus=one("0.25"), memory=size, devices=listed(gpu, 1), generic_resources=one([{"discrete_resource_spec": {"kind": "g", "value": 2}}]))
rate = listed(made(path_=one("/dev/a"), rate_=one("12mb", 120, "1k")), 1)

SERVICE = {
    "annotations": distinct_pairs, "attach": flag, "cap_add": some("A", "B", "C"), "cap_drop": some("ALL", "X"), "cgroup": one("host", "private"), "cgroup_parent": one("m"),
    "blkio_config": made(weight=number(10, 900), weight_device=one([{"path": "/dev/a", "weight": 5}]), device_read_bps=rate, device_write_iops=rate),
    "build": either(one(".", "./b", "https://example.test/r.git#main"), made(context_=one(".", "./ctx"), dockerfile=one("D", "../D"), args=pairs, labels=distinct_pairs, target=one("t"), no_cache=flag, cache_from=some("a", "b"), shm_size=size, network=one("host"), tags=some("x", "y"), extra_hosts=one(["a:1.1.1.1"]), platforms=one(["linux/amd64"]))),
    "command": words, "container_name": one("cn", "a.b"), "cpu_count": number(0, 3), "cpu_period": number(0, 9000), "cpu_quota": one(5, "7"), "cpu_shares": one(73, "73"), "cpus": one(0.5, "1.5", 2, 0), "cpuset": one("0-1"),
    "credential_spec": made(file=one("a.json")), "develop": made(watch=listed(made(path_=one("./s", "."), action_=one("rebuild", "restart"), ignore=some("a", "b")), 1)),
    "device_cgroup_rules": some("c 1:3 mr", "a 7:* rmw"), "devices": listed(device, 1), "dns": either(one("8.8.8.8"), some("8.8.8.8", "1.1.1.1")), "dns_opt": some("a", "b"), "dns_search": either(one("x.y"), some("x", "y")), "domainname": one("d.e"),
    "entrypoint": words, "env_file": either(one("a.env"), some("a.env", "b.env"), listed(made(path_=one("a.env", "missing.env"), required_=one(False)), 1), one([{"path": "b.env", "format": "raw"}])),
    "environment": pairs, "expose": some(80, "81", "90-91", "53/udp"), "external_links": some("x", "y:z"), "extra_hosts": either(some("a:1.1.1.1", "b=::1", "c:[::2]", "h:host-gateway"), by_name(either(one("1.1.1.1", "::1"), some("2.2.2.2", "3.3.3.3")), "a", "b")),
    "gpus": either(one("all"), listed(gpu, 1)), "group_add": some("root", 1000, "7"), "healthcheck": made(test=either(one("curl -f x || exit 1"), one(["CMD", "a", "$$b"], ["NONE"], ["CMD-SHELL", "x"])), interval=duration, timeout=duration, retries=one(3, "4", 0), start_period=duration, start_interval=duration, disable=flag),
    "hostname": one("h"), "image": one("a", "r.test:5000/n:${TAG}", "b@sha256:00", "c:1"), "init": flag, "ipc": one("host", "shareable"), "isolation": one("default"), "labels": distinct_pairs, "label_file": either(one("labels"), one(["labels"])),
    "logging": made(driver=one("json-file", "syslog", "none"), options=by_name(one("10m", 3, 1.5, ""), "max-size", "max-file")), "mac_address": one("02:42:ac:11:65:43"), "mem_limit": either(size, number(0, 99999)), "mem_reservation": size, "mem_swappiness": one(60, 0, "5"), "memswap_limit": one(-1, "2g"),
    "oom_kill_disable": flag, "oom_score_adj": number(-9, 9), "pid": one("host"), "pids_limit": one(-1, 0, 9), "platform": one("linux/amd64"), "ports": listed(port), "post_start": listed(hook, 2), "pre_stop": listed(hook, 1), "privileged": flag, "profiles": some("p", "q"),
    "pull_policy": one("always", "if_not_present", "missing", "daily", "every_12h"), "read_only": flag, "restart": one("no", Plain("no"), "always", "on-failure:3", "unless-stopped"), "runtime": one("runc"), "scale": number(0, 3), "security_opt": some("a:b", "seccomp=./p.json"), "shm_size": either(size, number(1, 9)),
    "stdin_open": flag, "stop_grace_period": duration, "stop_signal": one("SIGINT"), "storage_opt": by_name(one("1G", 5), "size"), "sysctls": distinct_pairs, "tmpfs": either(one("/t1"), some("/t1", "/t2:size=1m")), "tty": flag, "ulimits": by_name(either(number(-1, 99), one("10"), made(soft_=number(1, 9), hard_=number(10, 20))), "nproc", "nofile"),
    "user": one("root", "1000:1000", "5"), "userns_mode": one("host"), "uts": one("host"), "use_api_socket": strict_flag, "volumes": listed(mount), "working_dir": one("/w", "./w", "/w/"), "configs": grant(CONFIGS, ["/c1", "c2"]), "secrets": grant(SECRETS, ["s1", "/s2"]), "x-own": pairs,
    "deploy": made(mode=one("global", "replicated"), replicas=number(0, 3), labels=distinct_pairs, endpoint_mode=one("vip"), placement=made(constraints=some("node.role == manager", "node.labels.a != b"), preferences=one([{"spread": "node.labels.z"}]), max_replicas_per_node=number(0, 3)), resources=made(limits=limits, reservations=reservations), restart_policy=made(condition=one("any", "on-failure"), delay=duration, max_attempts=number(0, 3), window=duration), update_config=rollout, rollback_config=rollout),
    "networks": either(some(*NETWORKS), by_name(either(one(None), made(aliases=some("x", "y"), ipv4_address=one("10.0.0.5"), priority=number(0, 3), gw_priority=number(0, 2), mac_address=one("02:42:ac:11:00:01"), driver_opts=by_name(any_value, "o"), link_local_ips=some("1.1.1.1"), interface_name=one("e1"))), *NETWORKS)),
}
# No field of these takes a null map value.
NETWORK = either(one(None), one({}), made(driver=one("bridge", "overlay"), driver_opts=by_name(one("x", 1, 1.5), "a", "b"), name=one("own", "n-${TAG}"), internal=flag, attachable=flag, enable_ipv6=flag, enable_ipv4=flag, labels=distinct_pairs, ipam=made(driver=one("default"), config=one([{"subnet": "10.0.0.0/16", "gateway": "10.0.0.1"}]))), made(external_=one(True), name=one("real")))
VOLUME = either(one(None), one({}), made(driver=one("local", "nfs"), driver_opts=one({"type": "none", "o": "bind", "device": "./dev"}, {"a": 1}), name=one("own"), labels=distinct_pairs), made(external_=one(True), name=one("real")))
SECRET = either(one({"file": "./f.txt"}, {"environment": "TAG"}, {"external": True}), made(file_=one("f.txt"), name=one("own"), labels=distinct_pairs))
CONFIG = either(SECRET, one({"content": "a $$b ${TAG}\n"}), made(content_=one("x"), template_driver=one("golang")))


def service(r, most):
    keys = r.sample(sorted(SERVICE), r.randint(0, most))
    made_service = {key: SERVICE[key](r) for key in keys}
    return without_conflicts(r, made_service)


def without_conflicts(r, tree):
    """Drops one of two keys that must agree or exclude each other."""
    deploy = tree.get("deploy") or {}
    resources = deploy.get("resources") or {}
    for key in ("scale",) if "replicas" in deploy else ():
        tree.pop(key, None)
    for key in ("cpus", "mem_limit", "mem_reservation", "pids_limit") if resources else ():
        tree.pop(key, None)
    if (tree.get("scale") or deploy.get("replicas") or 0) > 1:
        tree.pop("container_name", None)
    if r.random() < 0.06:
        tree.pop("networks", None)
        tree["network_mode"] = r.choice(["host", "none", "bridge", "container:x"])
    return tree


def references(r, services):
    """Adds references from a service to earlier ones, so that there is no cycle."""
    names = list(services)
    for index, name in enumerate(names[1:], 1):
        earlier, tree = names[:index], services[name]
        if r.random() < 0.4:
            targets = r.sample(earlier, r.randint(1, len(earlier)))
            tree["depends_on"] = targets if r.random() < 0.5 else {
                each: made(condition_=condition, restart=flag, required=strict_flag)(r) for each in targets}
        if r.random() < 0.15:
            tree["links"] = [f"{r.choice(earlier)}:alias" if r.random() < 0.5 else r.choice(earlier)]
        if r.random() < 0.1:
            tree["volumes_from"] = [r.choice(earlier) + r.choice(["", ":ro"])]
        if r.random() < 0.05:
            tree.pop("networks", None)
            tree["network_mode"] = f"service:{r.choice(earlier)}"
        if r.random() < 0.12:
            tree["extends"] = r.choice([r.choice(earlier), {"service": r.choice(earlier)}])


def with_anchor(r, services):
    """Lets a service take keys from an anchored extension at top level."""
    shared = service(r, 3)
    target = r.choice(list(services.values()))
    target[Plain("<<")] = Plain("*shared")
    return {"x-shared": Tagged("&shared", shared)} if shared else {"x-shared": Tagged("&shared", {"tty": True})}


def spoiled(r, source):
    """The source with one value replaced by an odd one."""
    rows = source.split("\n")
    places = [index for index, row in enumerate(rows) if re.search(r": \S", row)]
    if places:
        place = r.choice(places)
        rows[place] = rows[place].split(": ", 1)[0] + ": " + r.choice(ODD)
    return "\n".join(rows)


def override(r, services):
    """Changes for some services: further values, and tags that reset or replace."""
    changed = {}
    for name in r.sample(list(services), r.randint(1, len(services))):
        tree = service(r, 4)
        shared = [key for key in services[name] if key in SERVICE and key not in ("image", "build")]
        for key in r.sample(shared, min(len(shared), r.randint(0, 3))):
            tree[key] = SERVICE[key](r)
            if r.random() < 0.15:
                tree[key] = Tagged("!override", tree[key])
            elif r.random() < 0.1:
                tree[key] = Tagged("!reset", None)
        changed[name] = without_conflicts(r, tree) if not any(isinstance(each, Tagged) for each in tree.values()) else tree
    return {"services": changed}


def project(r):
    """Files, environment, profiles and switches of one project, from the random source `r`."""
    services = {name: service(r, 7) for name in r.sample(NAMES, r.randint(1, 4))}
    for tree in services.values():
        if "build" not in tree:
            tree.setdefault("image", "i")
    references(r, services)
    top = with_anchor(r, services) if r.random() < 0.2 else {}
    top |= {"name": r.choice(["p", "my-project", "p_${TAG}"])} if r.random() < 0.5 else {}
    for key, names, maker in (("networks", NETWORKS, NETWORK), ("volumes", VOLUMES, VOLUME), ("secrets", SECRETS, SECRET), ("configs", CONFIGS, CONFIG)):
        top_names = names if r.random() < 0.98 else names[:1]
        top[key] = {name: maker(r) for name in top_names}
    files = {"a.env": "A=from-a\nE=${TAG}-x\n# note\nexport F='q $TAG'\n", "b.env": "A=from-b\nG=\"l1\\nl2\"\nTAG\n", "labels": "l=1\na.b=file\n", "f.txt": "text\n"}
    if r.random() < 0.12:
        base = service(r, 6)
        base.setdefault("image", "base")
        files["sub/base.yaml"] = text({"services": {"base": base}})
        files["sub/a.env"], files["sub/b.env"], files["sub/labels"] = files["a.env"], "S=1\n", "l=2\n"
        r.choice(list(services.values()))["extends"] = {"file": "sub/base.yaml", "service": "base"}
    if r.random() < 0.08:
        files["part/compose.yaml"] = text({"services": {"part": {"image": "x:${TAG:-none}", "volumes": ["./p:/p"], "environment": ["TAG", "P"]}}})
        files["part/.env"] = "P=part\nTAG=part\n"
        top["include"] = r.choice([["part/compose.yaml"], [{"path": "part/compose.yaml", "project_directory": "."}]])
    if r.random() < 0.3:
        files[".env"] = "TAG=dotenv\nDOT='single'\n"
    named = ["compose.yaml"]
    files["compose.yaml"] = text({**top, "services": services})
    if r.random() < 0.35:
        files["override.yaml"] = text(override(r, services))
        named.append("override.yaml")
    if r.random() < 0.15:
        broken = r.choice(named)
        files[broken] = spoiled(r, files[broken])
    switches = [each for each in ("--no-normalize", "--no-path-resolution", "--no-consistency") if r.random() < 0.07]
    environment = {"HOME": "/home/u"} | ({"TAG": r.choice(["v1", "", "1.10"])} if r.random() < 0.7 else {})
    profiles = r.choice([[], [], ["p"], ["p", "q"], ["*"]])
    return {"files": files, "named": named, "environment": environment, "profiles": profiles, "switches": switches, "name": None}
