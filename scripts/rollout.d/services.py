"""What is deployed: ten services of one image, each on every host with a port of its own."""

NAMES = [f"s{number}" for number in range(1, 11)]
TAGS = ["1", "2", "3"]
PROJECT = "bench"
NETWORK = "bench"
IMAGE = "bench/app"
INNER_PORT = 8080


def port(name):
    """The port of the host that leads to a service."""
    return 18000 + NAMES.index(name) + 1


def environment(name):
    return {"NAME": name, "LOG_LEVEL": "info", "GREETING": "hello"}


def labels(name):
    return {"com.example.team": "platform", "com.example.tier": name}


def all_at(tag):
    return dict.fromkeys(NAMES, tag)


def compose_file(registry, extra=""):
    """The services for Recast and Docker Compose alike. `extra` is YAML that goes into each of them.

    The variable S1 is the tag of the first service, and REST that of the others.
    """
    lines = [f"name: {PROJECT}", "services:"]
    for name in NAMES:
        tag = "${S1:?}" if name == NAMES[0] else "${REST:?}"
        lines += [
            f"  {name}:",
            f"    image: {registry}/{IMAGE}:{tag}",
            f"    environment: {flow(environment(name))}",
            f"    labels: {flow(labels(name))}",
            f"    ports: ['{port(name)}:{INNER_PORT}']",
            "    networks: [bench]",
            "    restart: unless-stopped",
        ]
        lines += [f"    {extra}"] if extra else []
    return "\n".join([*lines, "networks: { bench: }", ""])


def flow(mapping):
    return "{ " + ", ".join(f"{key}: {value}" for key, value in mapping.items()) + " }"


def variables(tags):
    """The values of the variables in `compose_file`."""
    return {"S1": tags[NAMES[0]], "REST": tags[NAMES[1]]}


def push_images(registry):
    """Pushes the image with each of its tags; they differ in one small layer."""
    # The builder of scripts/images.
    import images

    store = images.Registry(f"http://{registry}")
    base = images.base_layer()
    for tag in TAGS:
        # Kamal takes only images that carry the name of its service.
        layers, config = images.server("app", tag, Labels={"service": PROJECT})
        store.push(f"{IMAGE}:{tag}", [base, *layers], config)
