# shellcheck shell=bash
# Cgroups: containers of a fleet are below one group of its own.

cgroup_dirs() {
    local dir type
    while read -r _ dir type _; do
        [[ $type != cgroup* || ! -d $dir/$cgroup ]] || printf '%s\n' "$dir/$cgroup"
    done </proc/mounts
}

prepare_cgroups() {
    local dir type top=/sys/fs/cgroup
    # Version 1: a group competes as one task with every other process of the machine, so give it more weight.
    while read -r _ dir type _; do
        [[ $type == cgroup && -w $dir/cpu.shares ]] || continue
        mkdir -p "$dir/$cgroup"
        echo 16384 >"$dir/$cgroup/cpu.shares"
    done </proc/mounts
    # Version 2 inside a container: a group that holds processes cannot give controllers to its children. Only the
    # topmost group of a machine may, and that one has no type. Do as Docker in Docker does: move them one level down.
    [[ -w $top/cgroup.type && $(<"$top/cgroup.procs") ]] || return 0
    mkdir -p "$top/init"
    wait_until 2 move_processes "$top" "$top/init" || true
    sed 's/\(^\| \)/ +/g' "$top/cgroup.controllers" >"$top/cgroup.subtree_control"
}

# move_processes FROM TO: one round; those it moves may have had children meanwhile.
move_processes() {
    local pid
    for pid in $(<"$1/cgroup.procs"); do
        { echo "$pid" >"$2/cgroup.procs"; } 2>/dev/null || true
    done
    [[ -z $(<"$1/cgroup.procs") ]]
}

# remove_cgroups [HOST]: waits, because a group is in use until the last of its processes is gone.
remove_cgroups() {
    wait_until 5 remove_empty_cgroups "$@" || true
}

remove_empty_cgroups() {
    local dir all=0
    for dir in $(cgroup_dirs); do
        dir=$dir${1:+/$1}
        [[ ! -d $dir ]] || find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null || all=1
    done
    return "$all"
}
