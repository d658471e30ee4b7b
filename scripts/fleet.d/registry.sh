# shellcheck shell=bash
# Registry: four doors to one store, each a process of its own.

registry_user=fleet
registry_password=secret

start_switch() {
    init_of registry >/dev/null || power_on registry
    is_plugged registry || plug_switch
}

start_registry() {
    prepare_registry
    serve_door 5000
    serve_door 5001 auth
    serve_door 5443 '' tls
    serve_door 5444 auth tls
}

prepare_registry() {
    local dir=$FLEET_DIR/registry
    # shellcheck disable=SC2016 # the mark of bcrypt, not a variable
    [[ -s $dir/users ]] || printf '%s:%s\n' "$registry_user" \
        "$(perl -e 'print crypt($ARGV[0], q($2b$05$fleetfleetfleetfleetfO))' "$registry_password")" >"$dir/users"
    give_certificate registry "$dir/tls"
}

# serve_door PORT [auth] [tls]
serve_door() {
    local dir=$FLEET_DIR/registry config=$FLEET_DIR/registry/$1.yml
    ! runs registry "registry-$1" || return 0
    cat >"$config" <<END
version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: $disks/registry}
  delete: {enabled: true}
${2:+auth: {htpasswd: {realm: fleet, path: $dir/users\}\}}
http:
  addr: ":$1"
  secret: shared-by-all-doors
${3:+  tls: {certificate: $dir/tls/cert.pem, key: $dir/tls/key.pem\}}
END
    start_daemon registry "registry-$1" docker-registry serve "$config"
}

registry_doors() {
    printf '%s\n' "http://$FLEET_NET.2:5000" "http://$FLEET_NET.2:5001" "https://$FLEET_NET.2:5443" "https://$FLEET_NET.2:5444"
}

registry_answers() {
    local doors
    mapfile -t doors < <(registry_doors | sed 's#$#/v2/#')
    curl -fs --fail-early --noproxy '*' -m 2 --cacert "$tls/ca.pem" -u "$registry_user:$registry_password" \
        "${doors[@]}" >/dev/null
}

wait_for_registry() {
    if ! wait_until 20 registry_answers; then
        tail -qn 20 "$FLEET_DIR"/registry/registry-*.log >&2
        die "the registry does not start"
    fi
    printf 'registry ready  %s\n' "$(registry_doors | paste -sd' ')"
}
