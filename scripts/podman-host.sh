#!/usr/bin/env bash
# Runs Podman with the libraries, helpers and settings it was unpacked with, in a mount namespace of its own.
#
# Its /usr lies over the system's there, so that every program finds the newer of both libraries. Storage is below
# /var/lib/docker, where the hosts of a fleet keep their disks. FLEET_REGISTRY, if set, is spoken to without TLS.
#
# Usage: podman ARGUMENT…

set -euo pipefail
root=$(dirname "$(dirname "$(realpath "$0")")")/root

if [[ ${1:-} != --inside ]]; then
    exec unshare --mount -- "$BASH" "$(realpath "$0")" --inside "$@"
fi
shift
for part in usr etc; do
    mount -t overlay -o "lowerdir=$root/$part:/$part" overlay "/$part"
done
settings=/run/recast-podman
mkdir -p "$settings/shm" /var/lib/docker/podman
# Podman keeps its locks in shared memory, which hosts of a fleet would otherwise have in common with the machine.
mount --bind "$settings/shm" /dev/shm
cat >"$settings/containers.conf" <<END
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
volume_path = "/var/lib/docker/podman/volumes"
[containers]
log_driver = "k8s-file"
[network]
network_backend = "netavark"
network_config_dir = "/var/lib/docker/podman/networks"
firewall_driver = "nftables"
END
cat >"$settings/storage.conf" <<END
[storage]
driver = "overlay"
graphroot = "/var/lib/docker/podman/storage"
runroot = "/run/containers/storage"
END
printf '' >"$settings/registries.conf"
if [[ ${FLEET_REGISTRY:-} ]]; then
    printf '[[registry]]\nlocation = "%s"\ninsecure = true\n' "$FLEET_REGISTRY" >"$settings/registries.conf"
fi
export CONTAINERS_CONF=$settings/containers.conf CONTAINERS_STORAGE_CONF=$settings/storage.conf
export CONTAINERS_REGISTRIES_CONF=$settings/registries.conf PODMAN_IGNORE_CGROUPSV1_WARNING=1
exec /usr/bin/podman "$@"
