# shellcheck shell=bash
# SSH: a server on port 22 of every host, keys for its users, and the files that a client needs to reach it.
#
# FLEET_DIR/ssh has id_ed25519, id_ecdsa, id_rsa and id_encrypted (passphrase: fleet), all of them welcome as root, deploy
# and guest; known_hosts and config for `ssh -F`; hostkeys/h1 … with a key of every type, of which sshd offers ed25519.

ssh=$FLEET_DIR/ssh

make_user_keys() {
    [[ ! -e $ssh/authorized_keys ]] || return 0
    mkdir -p "$ssh/hostkeys"
    make_key ed25519 "$ssh/id_ed25519"
    make_key ecdsa "$ssh/id_ecdsa"
    make_key ed25519 "$ssh/id_encrypted" fleet
    make_rsa_key "$ssh/id_rsa"
    cat "$ssh"/id_*.pub >"$ssh/authorized_keys.new"
    mv "$ssh/authorized_keys.new" "$ssh/authorized_keys"
}

# make_key TYPE FILE [PASSPHRASE]
make_key() {
    rm -f "$2"
    # Few rounds: a passphrase that everybody knows needs no protection against guessing.
    quietly ssh-keygen -q -t "$1" -N "${3:-}" -a 1 -C "${2##*/}" -f "$2"
}

# An RSA key takes up to a second of work, so the same ones serve every fleet of this machine.
make_rsa_key() {
    local name=${1#"$FLEET_DIR"/} kept
    kept=$FLEET_CACHE/keys/${name//\//-}
    if [[ ! -e $kept.pub ]]; then
        mkdir -p "$FLEET_CACHE/keys"
        make_key rsa "$1"
        cp -p "$1" "$kept.$BASHPID"
        mv "$kept.$BASHPID" "$kept"
        cp -p "$1.pub" "$kept.pub.$BASHPID"
        mv "$kept.pub.$BASHPID" "$kept.pub"
    fi
    cp -p "$kept" "$1"
    cp -p "$kept.pub" "$1.pub"
}

# prepare_sshd HOST: what a host has in /etc/ssh.
prepare_sshd() {
    local dir=$FLEET_DIR/$1/ssh
    mkdir -p "$dir"
    [[ -s $dir/ssh_host_ed25519_key.pub ]] || make_key ed25519 "$dir/ssh_host_ed25519_key"
    cp "$ssh/authorized_keys" "$dir/authorized_keys"
    chmod 644 "$dir/authorized_keys"
    cat >"$dir/sshd_config" <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PidFile none
LogLevel VERBOSE
# Many clients of a test at once are no attack.
MaxStartups 200
END
    ln -sfn "../../$1/ssh" "$ssh/hostkeys/$1"
}

# Keys that sshd does not offer; tests start a server of their own with them.
make_more_host_keys() {
    local dir=$FLEET_DIR/$1/ssh
    [[ -s $dir/ssh_host_ecdsa_key.pub ]] || make_key ecdsa "$dir/ssh_host_ecdsa_key"
    [[ -s $dir/ssh_host_rsa_key.pub ]] || make_rsa_key "$dir/ssh_host_rsa_key"
}

start_sshd() {
    ! runs "$1" ssh || return 0
    mkdir -p "$FLEET_DIR/$1/run/sshd"
    start_daemon "$1" ssh "$(command -v sshd)" -D -e
}

# Prints how the server of a host is: ready, silent or down.
ssh_state_of() {
    local code=0
    # shellcheck disable=SC2016 # the variables of the inner shell
    timeout 1 "$BASH" -c 'read -r banner <"/dev/tcp/$0/22"; [[ $banner == SSH-2.0-* ]]' \
        "$(address_of "$1")" 2>/dev/null || code=$?
    case $code in
        0) printf 'ready' ;;
        124) printf 'silent' ;;
        *) printf 'down' ;;
    esac
}

is_ssh_ready() {
    [[ $(ssh_state_of "$1") == ready ]]
}

# Writes what a client of the hosts needs, all at once.
write_ssh_files() {
    local host address
    for host in $(hosts); do
        address=$(address_of "$host")
        printf '%s,%s %s\n' "$host" "$address" "$(cut -d' ' -f1,2 "$FLEET_DIR/$host/ssh/ssh_host_ed25519_key.pub")" >&3
        printf 'Host %s %s\n    HostName %s\n\n' "$host" "$address" "$address"
    done >"$ssh/config.new" 3>"$ssh/known_hosts.new"
    cat >>"$ssh/config.new" <<END
Host *
    User root
    IdentityFile "$ssh/id_ed25519"
    IdentitiesOnly yes
    IdentityAgent none
    UserKnownHostsFile "$ssh/known_hosts"
    GlobalKnownHostsFile /dev/null
    StrictHostKeyChecking yes
END
    mv "$ssh/known_hosts.new" "$ssh/known_hosts"
    mv "$ssh/config.new" "$ssh/config"
}
