"""Builds the images that scripts/images lists, and pushes them to a registry. See scripts/images --help."""

import fcntl
import hashlib
import http.client
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import time
import urllib.parse
import zlib
from pathlib import Path

CACHE = Path(os.environ["FLEET_CACHE"])
EPOCH = 1704067200
CREATED = "2024-01-01T00:00:00Z"
ARCHITECTURE = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SECOND = 10**9


# ---- Layers ----


class Layer:
    """A compressed tar file with its two digests: of what is stored, and of what it unpacks to."""

    def __init__(self, data, diff_id):
        self.data, self.diff_id, self.digest = data, diff_id, sha256(data)


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Tree:
    """The files of a layer. Order, times and owners' names never vary, so neither does the digest."""

    def __init__(self):
        self.entries = {}

    def add(self, path, info, data=b""):
        self.entries[path] = (info, data)
        return self

    def file(self, path, text, mode=0o644):
        data = text if isinstance(text, bytes) else text.encode()
        return self.add(path, entry(tarfile.REGTYPE, mode), data)

    def link(self, path, target):
        info = entry(tarfile.SYMTYPE, 0o777)
        info.linkname = target
        return self.add(path, info)

    def directory(self, path, mode=0o755, uid=0):
        info = entry(tarfile.DIRTYPE, mode)
        info.uid = info.gid = uid
        return self.add(path, info)

    def layer(self):
        return Layer(*pack(self.tar()))

    def tar(self):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
            for path, (info, data) in sorted(self.entries.items()):
                info.name, info.size, info.mtime = path, len(data), EPOCH
                info.uname = info.gname = ""
                archive.addfile(info, io.BytesIO(data))
        return stream.getvalue()


def entry(kind, mode):
    info = tarfile.TarInfo()
    info.type, info.mode = kind, mode
    return info


def pack(tar):
    compressor = zlib.compressobj(3, zlib.DEFLATED, 31)
    return compressor.compress(tar) + compressor.flush(), sha256(tar)


# ---- What all images stand on: busybox in a Debian-like tree ----


def base_layer():
    tree = Tree()
    for path in ["usr", "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "etc", "app", "root", "run", "var", "var/log"]:
        tree.directory(path)
    tree.directory("tmp", 0o1777).directory("var/tmp", 0o1777).link("var/run", "../run")
    for path in ["bin", "sbin", "lib", "lib64"]:
        tree.link(path, f"usr/{path}")
    applets = subprocess.check_output(["/bin/busybox", "--list-full"], text=True).split()
    for applet in applets:
        tree.link("usr/" + applet.removeprefix("usr/"), "/usr/bin/busybox")
    tree.file("usr/bin/busybox", Path("/bin/busybox").read_bytes(), 0o755)
    tree.file("etc/passwd", ACCOUNTS).file("etc/group", re.sub(r"(\w+):x:\d+:(\d+):.*", r"\1:x:\2:", ACCOUNTS))
    return tree.layer()


ACCOUNTS = """\
root:x:0:0:root:/root:/bin/sh
www-data:x:33:33:www-data:/var/www:/bin/sh
postgres:x:998:998:postgres:/var/lib/postgresql:/bin/sh
redis:x:999:999:redis:/data:/bin/sh
nobody:x:65534:65534:nobody:/nonexistent:/bin/sh
"""


# ---- Layers from Debian packages ----

# Needed by maintainer scripts and tools alone, which images neither run nor hold.
DROPPED_PACKAGES = re.compile(
    r"adduser|debconf|dpkg|init-system-helpers|iproute2|lsb-base|passwd|sysvinit-utils|tar|ucf|usrmerge|perl.*"
    r"|lib.*-perl|libperl.*|libgdbm.*|libpam-.*|libsem.*|libsepol2|libbpf1|libelf1|libxtables12|libtirpc.*|libcap2-bin"
    r"|locales.*|libc-l10n|libllvm.*|libz3.*|openssl|ssl-cert|sensible-utils|postgresql-common|postgresql-client-common"
)
DROPPED_PATHS = re.compile(
    r"usr/share/(doc|man|info|locale|lintian|bug|base-files)/|usr/share/postgresql/[^/]+/man/|usr/include/"
    r"|usr/lib/[^/]+/gconv/|usr/lib/postgresql/[^/]+/lib/(llvmjit|bitcode)|etc/(init\.d|cron|logrotate|apt|systemd)"
)


def debian_layer(package):
    """The files of a package and of all it depends on, without the help of its maintainer scripts."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        names = planned(package)
        rules = DROPPED_PACKAGES.pattern + DROPPED_PATHS.pattern
        key = hashlib.sha256("\n".join([*names, rules]).encode()).hexdigest()[:32]
        stored, diff_id = CACHE / f"{package}-{key}.tar.gz", CACHE / f"{package}-{key}.diff-id"
        if not diff_id.exists():
            fetch(package)
            data, digest = pack(unpack(names).tar())
            stored.write_bytes(data)
            # Written last: its presence says that the other one is complete.
            diff_id.write_text(digest)
        return Layer(stored.read_bytes(), diff_id.read_text())


def apt(*arguments):
    """apt-get as on a machine without a single package, so that its solution is complete."""
    archives = CACHE / "debs"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    (CACHE / "status").touch()
    options = [f"Dir::State::status={CACHE}/status", f"Dir::Cache={CACHE}", f"Dir::Cache::archives={archives}"]
    command = ["apt-get", "-qq", "-y", "--no-install-recommends", "-o", "APT::Sandbox::User=root"]
    command += [word for option in options for word in ("-o", option)]
    return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout


def planned(package):
    """The solution is good for as long as the package lists are the same; apt thinks for a second about it."""
    plan = CACHE / f"{package}-{os.stat('/var/lib/apt/lists').st_mtime_ns}.plan"
    if plan.exists():
        return plan.read_text().split()
    names = solve(package)
    plan.write_text("\n".join(names))
    return names


def solve(package):
    """File names of the packages to unpack."""
    plan = with_fresh_lists(lambda: apt("--simulate", "install", package))
    found = re.findall(r"^Inst (\S+) \((\S+) .*\[(\w+)\]\)", plan, re.MULTILINE)
    return [
        f"{name}_{version.replace(':', '%3a')}_{architecture}.deb"
        for name, version, architecture in found
        if not DROPPED_PACKAGES.fullmatch(name)
    ]


def fetch(package):
    with_fresh_lists(lambda: apt("--download-only", "install", package))


def with_fresh_lists(action):
    """The package lists may be absent, or older than the mirror."""
    try:
        return action()
    except subprocess.CalledProcessError:
        subprocess.run(["apt-get", "-qq", "update"], check=True)
        return action()


def unpack(names):
    tree = Tree()
    for name in names:
        tar = subprocess.check_output(["dpkg-deb", "--fsys-tarfile", CACHE / "debs" / name])
        with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
            for info in archive:
                take(tree, archive, info)
    return tree


def take(tree, archive, info):
    path = merged(info.name)
    if path in ("", "bin", "sbin", "lib", "lib64") or DROPPED_PATHS.match(path + "/" * info.isdir()):
        return
    if info.islnk():
        info.linkname = merged(info.linkname)
    tree.add(path, info, archive.extractfile(info).read() if info.isreg() else b"")


def merged(path):
    """Where a path of a package lies in a tree whose /bin, /sbin and /lib are links into /usr."""
    path = path.removeprefix(".").strip("/")
    return re.sub(r"^(bin|sbin|lib|lib64)/", r"usr/\1/", path)


# ---- The images ----


def probe(*command, interval=1, **more):
    return {"Test": ["CMD", *command], "Interval": interval * SECOND, "Timeout": 2 * SECOND, "Retries": 3, **more}


def script(body):
    # A process 1 gets only those signals that it asks for.
    return "#!/bin/sh\ntrap 'exit 0' TERM INT\n" + body


SERVE = script('echo "{name} {tag} listens on port $PORT"\nhttpd -f -p "$PORT" -h /www &\nwait\n')
WORK = script('n=0\nwhile :; do\n    n=$((n + 1))\n    echo "{name} {tag}: job $n"\n    sleep 3 &\n    wait\ndone\n')
WEB_PROBE = probe("wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health")


def app(name, tag, body=SERVE, **more):
    """An image with one program, /app/run, and a page that tells name and version."""
    tree = Tree().directory("www").file("www/index.html", f"{name} {tag}\n").file("www/health", "ok\n")
    tree.file("app/run", body.replace("{name}", name).replace("{tag}", tag), 0o755)
    config = {
        "Env": [f"PATH={PATH}", "PORT=8080", f"SHOP_NAME={name}", f"SHOP_VERSION={tag}"],
        "Entrypoint": ["/app/run"],
        "WorkingDir": "/app",
        "Labels": {"org.opencontainers.image.title": f"shop/{name}", "org.opencontainers.image.version": tag},
    }
    return [tree.layer()], config | more


def server(name, tag, body=SERVE, **more):
    return app(name, tag, body, ExposedPorts={"8080/tcp": {}}, **more)


def web(tag, body=SERVE, **more):
    return server("web", tag, body, **{"Healthcheck": WEB_PROBE} | more)


def rich():
    return [], {
        "Env": ["PATH=/usr/local/bin:/usr/bin:/bin:/sbin", "IMGVAR=fromimage", "EMPTY="],
        "Entrypoint": ["/bin/sh", "-c"],
        "Cmd": ["default", "cmd"],
        "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
        "Labels": {"img.label": "one", "both": "image"},
        "User": "1000:1000",
        "WorkingDir": "/app/",
        "Volumes": {"/data": {}, "/cache/": {}},
        "StopSignal": "SIGQUIT",
        "Healthcheck": {
            "Test": ["CMD-SHELL", "echo ok"], "Interval": 7 * SECOND, "Timeout": 3 * SECOND, "Retries": 4,
        },
    }


def shell_less():
    """A web server without a shell, and without a health check."""
    tree = Tree().directory("www").file("www/index.html", "web noshell\n")
    # So a layer says that the file of a lower one is gone.
    tree.file("usr/bin/.wh.sh", "")
    return [tree.layer()], {
        "Entrypoint": ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"],
        "ExposedPorts": {"8080/tcp": {}},
    }


SMALL = {
    "shop/base:1": lambda: ([], {"Env": [f"PATH={PATH}"], "Cmd": ["sh"]}),
    "shop/rich:1": rich,
    "shop/web:1": lambda: web("1"),
    "shop/web:2": lambda: web("2"),
    "shop/web:3": lambda: web("3"),
    "shop/web:unhealthy": lambda: web("unhealthy", Healthcheck=probe("false")),
    "shop/web:slow": lambda: web(
        "slow",
        SERVE.replace("httpd", "sleep 3 & wait\nhttpd"),
        Healthcheck=WEB_PROBE | {"StartPeriod": 10 * SECOND},
    ),
    # Answers after two seconds, and its engine looks too late.
    "shop/web:late": lambda: web(
        "late", SERVE.replace("httpd", "sleep 2 & wait\nhttpd"), Healthcheck=WEB_PROBE | {"Interval": 30 * SECOND}
    ),
    "shop/web:noshell": shell_less,
    "shop/web:crash": lambda: server("web", "crash", script('echo "error: no database" >&2\nexit 3\n')),
    "shop/web:crashlate": lambda: server(
        "web", "crashlate", SERVE.replace("wait\n", 'sleep 2\necho "error: lost the database" >&2\nexit 1\n')
    ),
    "shop/web:foreign": lambda: web("foreign"),
    "shop/web:noexec": lambda: web("noexec", Entrypoint=["/app/missing"]),
    "shop/api:1": lambda: server("api", "1"),
    "shop/api:2": lambda: server("api", "2"),
    "shop/worker:1": lambda: app("worker", "1", WORK),
    "shop/task:1": lambda: app("task", "1", script('echo "{name} {tag}: done"\n')),
    "shop/spare:1": lambda: app("spare", "1", WORK),
    "shop/spare:2": lambda: app("spare", "2", WORK),
}


# That say they are for another processor.
FOREIGN = {"shop/web:foreign": "riscv64"}


def nginx():
    tree = Tree().file("etc/nginx/nginx.conf", NGINX_CONF).file("etc/nginx/conf.d/default.conf", NGINX_SITE)
    tree.file("usr/share/nginx/html/index.html", "<h1>Welcome to nginx!</h1>\n")
    tree.link("var/log/nginx/access.log", "/dev/stdout").link("var/log/nginx/error.log", "/dev/stderr")
    return [debian_layer("nginx"), tree.layer()], {
        "Env": [f"PATH={PATH}"],
        "Cmd": ["nginx", "-g", "daemon off;"],
        "ExposedPorts": {"80/tcp": {}},
        "StopSignal": "SIGQUIT",
    }


NGINX_CONF = """\
user www-data;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log notice;
include /etc/nginx/modules-enabled/*.conf;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log;
    sendfile on;
    include /etc/nginx/conf.d/*.conf;
}
"""
NGINX_SITE = """\
server {
    listen 80;
    location / { root /usr/share/nginx/html; index index.html; }
}
"""


def redis():
    tree = Tree().directory("data", uid=999).file("usr/bin/docker-entrypoint.sh", REDIS_ENTRYPOINT, 0o755)
    return [debian_layer("redis-server"), tree.layer()], {
        "Env": [f"PATH={PATH}"],
        "Entrypoint": ["docker-entrypoint.sh"],
        "Cmd": ["redis-server"],
        "ExposedPorts": {"6379/tcp": {}},
        "Volumes": {"/data": {}},
        "WorkingDir": "/data",
    }


REDIS_ENTRYPOINT = """\
#!/bin/sh
set -e
case $1 in -*) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
    # The port is reachable only as far as the container is published.
    set -- "$@" --protected-mode no
    if [ "$(id -u)" = 0 ]; then
        chown redis:redis .
        exec su -s /bin/sh -c 'exec "$@"' -- redis sh "$@"
    fi
fi
exec "$@"
"""


def postgres():
    tree = Tree().file("usr/bin/docker-entrypoint.sh", POSTGRES_ENTRYPOINT, 0o755)
    for path in ["var/lib/postgresql", "var/lib/postgresql/data", "run/postgresql"]:
        tree.directory(path, 0o700 if path.endswith("data") else 0o755, uid=998)
    return [debian_layer("postgresql-15"), tree.layer()], {
        "Env": [f"PATH=/usr/lib/postgresql/15/bin:{PATH}", "LANG=C.UTF-8", "PGDATA=/var/lib/postgresql/data"],
        "Entrypoint": ["docker-entrypoint.sh"],
        "Cmd": ["postgres"],
        "ExposedPorts": {"5432/tcp": {}},
        "Volumes": {"/var/lib/postgresql/data": {}},
        "StopSignal": "SIGINT",
        "Healthcheck": probe("sh", "-c", POSTGRES_PROBE, interval=2, StartPeriod=30 * SECOND),
    }


# With a role and a database that exist: the server's log would tell of every probe otherwise.
POSTGRES_PROBE = 'exec pg_isready -q -h 127.0.0.1 -U "${POSTGRES_USER:-postgres}" -d postgres'
POSTGRES_ENTRYPOINT = """\
#!/bin/sh
set -e
case $1 in -*) set -- postgres "$@" ;; esac
[ "$1" = postgres ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA" /run/postgresql
    chown postgres:postgres "$PGDATA" /run/postgresql
    chmod 700 "$PGDATA"
    exec su -s /bin/sh -c 'exec "$@"' -- postgres sh "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    user=${POSTGRES_USER:-postgres} database=${POSTGRES_DB:-${POSTGRES_USER:-postgres}}
    method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
        echo "error: set POSTGRES_PASSWORD, or POSTGRES_HOST_AUTH_METHOD=trust to do without" >&2
        exit 1
    fi
    umask 077
    printf '%s\\n' "${POSTGRES_PASSWORD:-unused}" >/tmp/password
    initdb --username="$user" --pwfile=/tmp/password --auth=trust --encoding=UTF8 --no-sync
    rm /tmp/password
    echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    [ "$database" = postgres ] || echo "CREATE DATABASE \\"$database\\"" | postgres --single -jE postgres >/dev/null
fi
exec "$@"
"""

BIG = {"nginx:1.22": nginx, "redis:7.0": redis, "postgres:15": postgres}


# ---- Registry ----

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


class Registry:
    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        connection = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = connection(parts.netloc, timeout=60)

    def request(self, method, path, body=None, expect=(200,), **headers):
        self.connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        response = self.connection.getresponse()
        text = response.read()
        if response.status not in expect:
            sys.exit(f"images: {method} {path}: {response.status} {text.decode(errors='replace')}")
        return response

    def has_manifest(self, repository, tag, digest):
        path = f"/v2/{repository}/manifests/{tag}"
        response = self.request("HEAD", path, expect=(200, 404), Accept=MANIFEST)
        return response.getheader("Docker-Content-Digest") == digest

    def push_blob(self, repository, data, digest):
        if self.request("HEAD", f"/v2/{repository}/blobs/{digest}", expect=(200, 404)).status == 200:
            return
        # A blob that another repository of this registry holds needs no upload.
        mount = f"?mount={digest}&from=shop/base"
        start = self.request("POST", f"/v2/{repository}/blobs/uploads/{mount}", expect=(201, 202))
        if start.status == 202:
            place = urllib.parse.urlsplit(start.getheader("Location"))
            path = f"{place.path}?{place.query}&digest={digest}"
            self.request("PUT", path, data, expect=(201,), Content_Type="application/octet-stream")

    def push(self, name, layers, config):
        """Returns the image's digest, and whether it was already there."""
        repository, tag = name.split(":")
        config = encoded(image_config(layers, config, FOREIGN.get(name, ARCHITECTURE)))
        manifest = encoded({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": descriptor(CONFIG, config, sha256(config)),
            "layers": [descriptor(LAYER, layer.data, layer.digest) for layer in layers],
        })
        digest = sha256(manifest)
        if self.has_manifest(repository, tag, digest):
            return digest, True
        for layer in layers:
            self.push_blob(repository, layer.data, layer.digest)
        self.push_blob(repository, config, sha256(config))
        self.request("PUT", f"/v2/{repository}/manifests/{tag}", manifest, expect=(201,), Content_Type=MANIFEST)
        return digest, False


def image_config(layers, config, architecture):
    return {
        "architecture": architecture,
        "os": "linux",
        "created": CREATED,
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]},
        "history": [{"created": CREATED, "created_by": "scripts/images"} for _ in layers],
    }


def descriptor(kind, data, digest):
    return {"mediaType": kind, "size": len(data), "digest": digest}


def encoded(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


# ---- Command line ----


def chosen(arguments):
    names = [name for name in arguments if "://" not in name and not name.startswith("--")]
    images = SMALL if "--small" in arguments else SMALL | BIG
    unknown = [name for name in names if not any(matches(name, image) for image in images)]
    unknown += [name for name in arguments if name.startswith("--") and name not in ("--small", "--list")]
    if unknown:
        sys.exit(f"images: unknown: {' '.join(unknown)}; there are: {' '.join(images)}")
    return {image: make for image, make in images.items() if not names or any(matches(name, image) for name in names)}


def matches(name, image):
    return name in (image, image.split(":")[0])


def main(arguments):
    images = chosen(arguments)
    if "--list" in arguments:
        print("\n".join(images))
        return
    url = next((argument for argument in arguments if "://" in argument), "http://" + os.environ["FLEET_REGISTRY"])
    registry = Registry(url)
    try:
        registry.request("GET", "/v2/")
    except OSError as error:
        sys.exit(f"images: no registry at {url} ({error}); start one with scripts/fleet up")
    base = base_layer()
    for name, make in images.items():
        start = time.monotonic()
        layers, config = make()
        digest, present = registry.push(name, [base, *layers], config)
        print(f"{name:20} {digest}  {'present' if present else 'pushed'}  {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
