# shellcheck shell=bash
# Faults: what `break` does to a host and `heal` undoes.
#
# A process that is gone or stopped shows by itself. The rest is noted in hN/faults before it is done, one "MODE [NUMBER]"
# a line, and lives in the host's own namespaces: it ends with the host.

break_host() {
    local mode=${2:-}
    [[ $mode == off ]] || init_of "$1" >/dev/null || die "$1 is off"
    case $mode in
        daemon) end_engine "$1" KILL ;;
        hang) signal_daemon "$1" docker STOP || die "the engine of $1 does not run" ;;
        ssh) end_daemon "$1" ssh ;;
        off) power_off "$1" ;;
        net | refuse | registry) impose "$1" "$mode" ;;
        loss) need_number "$mode" "${3:-}" 100; impose "$1" "$mode" "$3" ;;
        slow) need_number "$mode" "${3:-}" 10000000; impose "$1" "$mode" "$3" ;;
        *) die "break HOST off|net|daemon|hang|refuse|ssh|registry|loss PERCENT|slow KBIT, not '$mode'" ;;
    esac
    describe "$1" || true
}

# need_number MODE NUMBER MAXIMUM
need_number() {
    [[ $2 =~ ^[1-9][0-9]{0,7}$ && $2 -le $3 ]] || die "break HOST $1 NUMBER: 1 to $3, not '$2'"
}

# impose HOST MODE [NUMBER]: one that is there already is replaced.
impose() {
    local mode number
    while read -r mode number; do
        [[ $mode != "$2" ]] || lift "$1" "$mode" "$number"
    done < <(faults_of "$1")
    printf '%s\n' "$(faults_of "$1" | grep -v "^$2\b")" "$2${3:+ $3}" | sed '/^$/d' >"$FLEET_DIR/$1/faults.new"
    mv "$FLEET_DIR/$1/faults.new" "$FLEET_DIR/$1/faults"
    change_link "$@"
    change_socket "$@"
    change_rules -I "$@"
}

# lift HOST MODE [NUMBER]: also what was done by half.
lift() {
    change_link "$1" "un$2"
    change_socket "$1" "un$2"
    change_rules -D "$@" 2>/dev/null || true
}

lift_all() {
    local mode number
    while read -r mode number; do lift "$1" "$mode" "$number"; done < <(faults_of "$1")
    rm -f "$FLEET_DIR/$1/faults"
}

faults_of() {
    cat "$FLEET_DIR/$1/faults" 2>/dev/null || true
}

# The link of a host has an end in the switch. Each end limits what it sends, so both together limit both directions.
change_link() {
    local limit=(tbf rate "${3:-1}kbit" burst 16kb latency 400ms)
    case $2 in
        net) enter registry ip link set "$1" down ;;
        unnet) enter registry ip link set "$1" up ;;
        slow) enter registry tc qdisc replace dev "$1" root "${limit[@]}"
            enter "$1" tc qdisc replace dev eth0 root "${limit[@]}" ;;
        unslow) enter registry tc qdisc delete dev "$1" root 2>/dev/null || true
            enter "$1" tc qdisc delete dev eth0 root 2>/dev/null || true ;;
    esac
}

# A socket file without a listener refuses like a port without one. It takes the place of the engine's.
change_socket() {
    local run=$FLEET_DIR/$1/run
    case $2 in
        refuse) [[ ! -e $run/docker.sock ]] || mv "$run/docker.sock" "$run/docker.sock.open"
            enter "$1" perl -MSocket -e 'umask 0117; socket(S, PF_UNIX, SOCK_STREAM, 0)
                && bind(S, sockaddr_un("/run/docker.sock")) && chown(0, scalar getgrnam("docker"), "/run/docker.sock") or die $!' ;;
        unrefuse) [[ ! -e $run/docker.sock.open ]] || mv -f "$run/docker.sock.open" "$run/docker.sock" ;;
    esac
}

# change_rules -I|-D HOST MODE [NUMBER]
change_rules() {
    local add=$1 host=$2 number=${4:-0} chance
    printf -v chance '%d.%02d' $((number / 100)) $((number % 100))
    case $3 in
        refuse) rule "$host" filter "$add" INPUT -p tcp -m multiport --dports 2375,2376 -j REJECT --reject-with tcp-reset ;;
        registry) rule "$host" filter "$add" OUTPUT -d "$(address_of registry)" -j DROP ;;
        loss) # The tables before and after all others: for what goes to containers as well.
            rule "$host" mangle "$add" PREROUTING -i eth0 -m statistic --mode random --probability "$chance" -j DROP
            rule "$host" mangle "$add" POSTROUTING -o eth0 -m statistic --mode random --probability "$chance" -j DROP ;;
    esac
}

# rule HOST TABLE ARGUMENT…
rule() {
    enter "$1" iptables -w -t "${@:2}"
}
