# shellcheck shell=bash
# Docker engines: what runs on a host, and its doors.
#
# Docker cannot serve plain and TLS ports at once, and Podman serves neither well. So the engine itself serves one port,
# and a proxy the other: FLEET_API says which.

# Opens the engine's own door and hands it over as systemd would. A client can so wait in the queue until the engine
# serves, and dockerd does not sleep a second at start as it does before it opens a plain port by itself.
# shellcheck disable=SC2016 # Perl's variables
listen_and_run='
    use Socket; use POSIX qw(dup2 setsid);
    $^F = 3;
    my ($s, $door) = (undef, shift @ARGV);
    if ($door =~ m{^/}) {
        unlink $door;
        umask 0117;
        socket($s, PF_UNIX, SOCK_STREAM, 0) && bind($s, sockaddr_un($door)) or die "$door: $!\n";
        chown 0, scalar getgrnam("docker"), $door or die "$door: $!\n";
        umask 0022;
    } else {
        socket($s, PF_INET, SOCK_STREAM, 0) && setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1)
            && bind($s, sockaddr_in($door, INADDR_ANY)) or die "port $door: $!\n";
    }
    listen($s, 128) or die "$door: $!\n";
    exit if fork;
    setsid; dup2(fileno($s), 3);
    if ($door =~ m{^/}) { open my $f, ">", "/run/docker.pid" or die "$!\n"; print $f $$; }
    @ENV{"LISTEN_PID", "LISTEN_FDS"} = ($$, 1);
    exec @ARGV or die "$ARGV[0]: $!\n"'

# choose_engine HOST PROGRAM: what the host is to run, kept for its next starts.
choose_engine() {
    local kept
    kept=$(engine_of "$1")
    [[ ! $kept || ! $2 || $kept == "$2" ]] || die "$1 has $kept, and its disk may not suit another engine: take the fleet down first"
    [[ ! $kept ]] || return 0
    printf '%s\n' "${2:-${FLEET_DOCKERD:-dockerd}}" >"$FLEET_DIR/$1/engine"
}

engine_of() {
    [[ ! -e $FLEET_DIR/$1/engine ]] || printf '%s' "$(<"$FLEET_DIR/$1/engine")"
}

# program_of VERSION: prints the path of the engine.
program_of() {
    [[ $1 != 20.10 || $(dockerd --version 2>/dev/null) != *' 20.10.'* ]] || { printf 'dockerd\n'; return; }
    [[ -x $here/engine ]] || die "--engine $1: there is no scripts/engine to get it"
    "$here/engine" "$1" || die "--engine $1: scripts/engine could not get it"
}

# api_of HOST: tls, plain or podman: who serves what.
api_of() {
    printf '%s' "$(<"$FLEET_DIR/$1/api")"
}

start_engine() {
    local dir=$FLEET_DIR/$1 api=${FLEET_API:-tls}
    prepare_engine "$1"
    [[ $(engine_of "$1") != *podman ]] || api=podman
    printf '%s\n' "$api" >"$dir/api"
    if [[ $api == podman ]]; then start_podman "$1"; else start_docker "$1" "$api"; fi
}

# What a host has in /etc/docker.
prepare_engine() {
    local dir=$FLEET_DIR/$1 port
    ln -sfn run/docker.sock "$dir/docker.sock"
    give_certificate "$1" "$dir/etc/tls"
    mkdir -p "$dir/etc/certs.d/$FLEET_NET.2:"{5443,5444}
    for port in 5443 5444; do ln -sf /etc/docker/tls/ca.pem "$dir/etc/certs.d/$FLEET_NET.2:$port/ca.crt"; done
}

start_docker() {
    local extra port=2375 security=() ca=/etc/docker/tls
    read -ra extra <<<"${FLEET_ENGINE_ARGS:-}"
    if [[ $2 == tls ]]; then
        port=2376
        security=(--tlsverify --tlscacert "$ca/ca.pem" --tlscert "$ca/cert.pem" --tlskey "$ca/key.pem")
    fi
    run_engine "$1" "$port" "$(engine_of "$1")" --host unix:///run/docker.sock --host fd:// "${security[@]}" \
        --insecure-registry "$FLEET_NET.2:5000" --insecure-registry "$FLEET_NET.2:5001" \
        --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$cgroup/$1" "${extra[@]}"
}

start_podman() {
    run_engine "$1" /run/docker.sock "$(engine_of "$1")" system service --time 0
}

# run_engine HOST DOOR PROGRAM ARGUMENT…: a clean environment, as for every daemon.
run_engine() {
    local path=$standard_path
    [[ $3 != */* ]] || path=$(dirname "$(realpath -s "$3")"):$path
    (
        let_go
        enter "$1" env -i PATH="$path" HOME=/root FLEET_REGISTRY="$FLEET_REGISTRY" perl -e "$listen_and_run" "${@:2}" \
            </dev/null >>"$FLEET_DIR/$1/docker.log" 2>&1
    )
}

# The doors that the engine does not serve by itself lead to its socket.
start_proxies() {
    local own=etc/docker/tls
    local api
    api=$(api_of "$1")
    [[ $api == plain ]] || start_proxy "$1" 2375 TCP-LISTEN:2375,reuseaddr,fork,backlog=128
    [[ $api == tls ]] || start_proxy "$1" 2376 \
        "OPENSSL-LISTEN:2376,reuseaddr,fork,backlog=128,cert=/$own/cert.pem,key=/$own/key.pem,cafile=/$own/ca.pem,verify=1"
}

start_proxy() {
    runs "$1" "port-$2" || start_daemon "$1" "port-$2" socat "$3" UNIX-CONNECT:/run/docker.sock
}

# A port of an engine that ended is closed, whoever served it.
end_engine() {
    signal_daemon "$1" docker "$2" || die "the engine of $1 does not run"
    # One that hangs would never take notice.
    signal_daemon "$1" docker CONT || true
    wait_until 60 engine_ended "$1" || die "the engine of $1 does not end"
    end_daemon "$1" port-2375
    end_daemon "$1" port-2376
}

engine_ended() {
    ! signal_daemon "$1" docker 0
}

explain_engine() {
    grep -v level=info "$FLEET_DIR/$1/docker.log" | tail -n 20 >&2 || true
    die "the engine of $1 does not start"
}

# Asks at the door that the engine itself serves: it can wait in its queue, and it ends at once when the engine does.
wait_for_engine() {
    local address
    address=$(address_of "$1")
    case $(api_of "$1") in
        tls) ask_tls "$1" 60 ;;
        plain) curl -fs --noproxy '*' -m 60 -o /dev/null "http://$address:2375/_ping" ;;
        podman) ask_socket "$1" 60 ;;
    esac
}

# ask_tls HOST SECONDS
ask_tls() {
    curl -fs --noproxy '*' -m "$2" -o /dev/null --cacert "$tls/ca.pem" --cert "$tls/cert.pem" --key "$tls/key.pem" \
        "https://$(address_of "$1"):2376/_ping"
}

# ask_socket HOST SECONDS
ask_socket() {
    curl -fs -m "$2" -o /dev/null --unix-socket "$FLEET_DIR/$1/docker.sock" http://docker/_ping
}
