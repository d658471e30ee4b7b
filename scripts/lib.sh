# shellcheck shell=bash
# Shared by the scripts in this folder: where the fleet lives, and how missing packages get installed.

FLEET_DIR=$(realpath -m "${FLEET_DIR:-/var/lib/recast-fleet}")
FLEET_ID=${FLEET_ID:-rf}
FLEET_NET=${FLEET_NET:-10.77.40}
FLEET_CACHE=$(realpath -m "${FLEET_CACHE:-/var/cache/recast-fleet}")
FLEET_REGISTRY=$FLEET_NET.2:5000
export FLEET_DIR FLEET_ID FLEET_NET FLEET_CACHE FLEET_REGISTRY

# What a fleet is made of. Whoever has a dockerd keeps it: Debian's would want to take its place.
fleet_packages=(docker-registry iproute2 iptables tini curl openssl openssh-client openssh-server socat)
command -v dockerd >/dev/null || fleet_packages+=(docker.io)

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

need_root() {
    [[ $EUID == 0 ]] || die "needs root: run it with sudo"
}

# Prints the leading comment of a script as its help.
print_help() {
    sed -n '2,/^[^#]/{/^#/!q; s/^# \{0,1\}//p}' "$1"
}

now_ms() {
    printf '%s' "$((${EPOCHREALTIME/[.,]/} / 1000))"
}

# seconds_since MS: prints the time since then, like "1.2 s".
seconds_since() {
    local ms=$(($(now_ms) - $1))
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# need_packages NAME…: installs the Debian packages that are missing. Nothing is printed when all are there.
need_packages() {
    local missing
    missing=$(missing_packages "$@")
    [[ $missing ]] || return 0
    [[ $EUID == 0 ]] || die "these packages are missing, and only root can install them: $missing"
    command -v apt-get >/dev/null || die "these Debian packages are missing, and there is no apt-get here: $missing"
    printf 'installing with apt-get: %s\n' "$missing"
    install_packages "$@"
}

missing_packages() {
    local installed name missing=()
    # shellcheck disable=SC2016 # dpkg-query's own fields, not the shell's
    installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null) || true
    for name; do
        [[ $'\n'$installed$'\n' == *$'\n'"installed $name"$'\n'* ]] || missing+=("$name")
    done
    printf '%s' "${missing[*]}"
}

# One installer at a time, so that none removes the policy file under another.
install_packages() (
    local missing policy=/usr/sbin/policy-rc.d log
    flock 8
    read -ra missing <<<"$(missing_packages "$@")"
    ((${#missing[@]})) || return 0
    log=$(mktemp)
    trap 'rm -f "$log"; ! grep -qs "recast" "$policy" || rm -f "$policy"' EXIT
    # Debian's way to say that installed services must not start by themselves. A file of someone else's stays as it is.
    [[ -e $policy ]] || printf '#!/bin/sh\n# made by recast for one installation\nexit 101\n' >"$policy"
    chmod +x "$policy"
    apt_install "${missing[@]}" >"$log" 2>&1 && return
    # The package lists may be absent or older than the mirror.
    { apt-get -qq update && apt_install "${missing[@]}"; } >>"$log" 2>&1 && return
    tail -n 30 "$log" >&2
    die "apt-get could not install: ${missing[*]}"
) 8<"${BASH_SOURCE[0]}"

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-remove --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"
}
