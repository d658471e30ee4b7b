# shellcheck shell=bash
# Network: a bridge inside the registry's machine, so the root namespace sees one link and no rules.

# The address comes last in the two functions below, so a machine that has it is plugged in completely.
is_plugged() {
    enter "$1" ip -o -4 address | grep -qF " $(address_of "$1")/24 "
}

plug_switch() {
    local pid
    pid=$(init_of registry)
    unplug_switch
    wait_until 5 is_unplugged || die "the link $link is in use here: choose another FLEET_ID"
    [[ -z $(ip route show "$FLEET_NET.0/24") ]] || die "$FLEET_NET.0/24 is in use here: choose another FLEET_NET"
    ip link add "$link" type veth peer name root netns "$pid"
    ip addr add "$FLEET_NET.1/24" dev "$link"
    ip link set "$link" up
    nsenter -t "$pid" -n ip -batch - <<END
link set lo up
link add lan address $(mac_of registry) type bridge
link set lan up
link set root master lan up
addr add $(address_of registry)/24 dev lan
END
}

# From inside, so that it never takes the link of another fleet that has the same FLEET_ID.
unplug_switch() {
    enter registry ip link delete root 2>/dev/null || true
    enter registry ip link delete lan 2>/dev/null || true
}

is_unplugged() {
    ! ip link show "$link" >/dev/null 2>&1
}

plug() {
    local pid switch
    pid=$(init_of "$1")
    switch=$(init_of registry)
    nsenter -t "$switch" -n ip link delete "$1" 2>/dev/null || true
    ip link add "$1" netns "$switch" type veth peer name eth0 address "$(mac_of "$1")" netns "$pid"
    nsenter -t "$switch" -n ip link set "$1" master lan up
    nsenter -t "$pid" -n ip -batch - <<END
link set lo up
link set eth0 up
addr add $(address_of "$1")/24 dev eth0
END
}
