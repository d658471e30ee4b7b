# shellcheck shell=bash
# Machines: namespaces that live exactly as long as their PID 1.

hosts() {
    local dir
    for dir in "$FLEET_DIR"/h[1-9]*; do [[ ! -d $dir ]] || printf '%s\n' "${dir##*/}"; done | sort -V
}

address_of() {
    case $1 in
        registry) printf '%s.2' "$FLEET_NET" ;;
        *) printf '%s.%d' "$FLEET_NET" $((10 + ${1#h})) ;;
    esac
}

# A host that comes back must have the hardware address that others still have in their tables.
mac_of() {
    local address
    address=$(address_of "$1")
    printf '02:00:00:00:00:%02x' "${address##*.}"
}

# Prints the process id of a machine's PID 1; fails when the machine is off.
init_of() {
    local pid environment
    { read -r pid <"$FLEET_DIR/$1/init" && mapfile -d '' -t environment <"/proc/$pid/environ"; } 2>/dev/null || return 1
    [[ " ${environment[*]} " == *" $mark=$FLEET_DIR/$1 "* ]] || return 1
    printf '%s' "$pid"
}

enter() {
    local pid
    pid=$(init_of "$1") || die "$1 is off"
    nsenter -t "$pid" -m -u -i -n -p -- "${@:2}"
}

power_on() {
    local dir=$FLEET_DIR/$1 answer
    rm -rf "$dir/run" "$dir/faults"
    mkdir -p "$dir"/{run,etc,ssh,srv/root,srv/deploy,srv/guest,log} "$disks/$1" "$disks"/etc/{"$1",".$1"}
    read -r answer < <(
        export "$mark=$dir"
        let_go
        setsid -f unshare --mount --uts --ipc --net --pid --fork "$BASH" "$0" _init "$1" \
            </dev/null 2>"$dir/boot.log"
    ) || true
    [[ ${answer:-} == ready ]] || { cat "$dir/boot.log" >&2; die "$1 does not boot"; }
}

# Closes all that was inherited but the three standard streams: the lock of this script, and whatever the caller has open.
# A caller who waits for the end of such a file would otherwise wait for the end of the fleet.
let_go() {
    local file
    for file in /proc/self/fd/*; do
        file=${file##*/}
        # bash keeps 255 to itself.
        ((file <= 2 || file == 255)) || eval "exec $file>&-"
    done
}

# Runs as PID 1 of a new machine and ends as its reaper of orphans.
init() {
    local dir=$FLEET_DIR/$1 pid
    # /proc is still the one of the whole machine, so this is the process id as seen from outside.
    read -r pid _ </proc/self/stat
    printf '%s\n' "$pid" >"$dir/init"
    printf '%s' "$1" >/proc/sys/kernel/hostname
    release_mounts
    # What is written below /etc stays with this machine, as files on a disk of its own would.
    mount -t overlay -o "lowerdir=/etc,upperdir=$disks/etc/$1,workdir=$disks/etc/.$1" recast-fleet /etc
    mkdir -p /etc/docker /etc/ssh /var/lib/docker
    mount --bind "$disks/$1" /var/lib/docker
    mount --bind "$dir/etc" /etc/docker
    mount --bind "$dir/ssh" /etc/ssh
    mount --bind "$dir/srv" /srv
    mount --bind "$dir/log" /var/log
    mount --bind "$dir/run" /run
    mount -t proc proc /proc
    # As on a booted machine; otherwise containers cannot ask for shared mounts.
    mount --make-rshared /
    name_machine "$1"
    grep -q '^deploy:' /etc/passwd || add_users
    # Only now can everybody see that this is PID 1 of the machine: a process that is just starting has no environment.
    exec tini -- "$BASH" -c 'printf "ready\n"; exec sleep infinity >/dev/null 2>&1'
}

name_machine() {
    printf '%s\n' "$1" >/etc/hostname
    printf '127.0.0.1 localhost\n%s %s\n%s registry\n' "$(address_of "$1")" "$1" "$(address_of registry)" >/etc/hosts
}

# deploy may use Docker because of its group, guest may not. Nobody has a password. Homes are the machine's own, so that
# no shell of a session runs what a person has in the home of root.
add_users() {
    local group
    group=$(sed -n 's/^docker:[^:]*:\([0-9]*\):.*/\1/p' /etc/group)
    sed -i 's#^\(root:.*\):/root:#\1:/srv/root:#' /etc/passwd
    printf '%s\n' deploy:x:2001:2001::/srv/deploy:/bin/bash guest:x:2002:2002::/srv/guest:/bin/bash >>/etc/passwd
    sed -i '/^docker:/d' /etc/group
    printf '%s\n' deploy:x:2001: guest:x:2002: "docker:x:${group:-2000}:deploy" >>/etc/group
    printf '%s:*:20000:0:99999:7:::\n' deploy guest >>/etc/shadow
    chown 2001:2001 /srv/deploy
    chown 2002:2002 /srv/guest
}

# A new mount namespace copies all mounts, and would keep other fleets' memory disks and named networks alive.
release_mounts() {
    local source target type
    while read -r source target type _; do
        [[ $type == nsfs || ($source == recast-fleet && $target != "$disks") ]] || continue
        umount -l "$target"
    done </proc/mounts
}

power_off() {
    local pid
    pid=$(init_of "$1") || return 0
    # Deleting the link here is immediate; the kernel would do it some time after the end of the namespace.
    enter registry ip link delete "$1" 2>/dev/null || true
    kill -KILL "$pid"
    wait_until 30 test ! -e "/proc/$pid" || die "$1 does not end"
    remove_cgroups "$1"
}

# wait_until SECONDS COMMAND…
wait_until() {
    local tries=$(($1 * 20))
    until "${@:2}"; do
        ((tries-- > 0)) || return 1
        sleep 0.05
    done
}

# ---- Daemons of a machine: each has its process id in /run/NAME.pid ----

# start_daemon MACHINE NAME COMMAND…: its output goes to NAME.log. The environment is clean but for HOME and PATH:
# proxies and the like of the caller are no business of the machine.
# shellcheck disable=SC2016 # the variables of the inner shell
start_daemon() {
    local log=$FLEET_DIR/$1/$2.log
    (
        let_go
        enter "$1" setsid -f env -i PATH="$standard_path" HOME=/root \
            "$BASH" -c 'echo $$ >"/run/$0.pid"; exec "$@"' "${@:2}" </dev/null >>"$log" 2>&1
    )
}

pid_of() {
    { printf '%s' "$(<"$FLEET_DIR/$1/run/$2.pid")"; } 2>/dev/null
}

# signal_daemon MACHINE NAME SIGNAL: fails when it does not run.
signal_daemon() {
    local pid
    init_of "$1" >/dev/null || return 1
    pid=$(pid_of "$1" "$2")
    [[ $pid ]] || return 1
    enter "$1" "$BASH" -c "kill -$3 $pid" 2>/dev/null
}

# Asks the machine's own list of processes, without a process for it.
runs() {
    local init pid
    init=$(init_of "$1") && pid=$(pid_of "$1" "$2") && [[ $pid && -e /proc/$init/root/proc/$pid ]]
}

# end_daemon MACHINE NAME: it and all it has started and not let go, such as the open sessions of sshd.
# shellcheck disable=SC2016 # the variables of the inner shell
end_daemon() {
    runs "$1" "$2" || return 0
    enter "$1" "$BASH" -c '
        tree() {
            local child
            kill -STOP "$1" && printf "%s " "$1"
            for child in $(cat "/proc/$1/task/$1/children"); do tree "$child"; done
        }
        kill -KILL $(tree "$(cat "/run/$0.pid")")
        rm -f "/run/$0.pid"' "$2" 2>/dev/null || true
    wait_until 5 test ! -e "$FLEET_DIR/$1/run/$2.pid" || die "$2 of $1 does not end"
}
