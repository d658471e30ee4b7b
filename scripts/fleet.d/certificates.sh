# shellcheck shell=bash
# Certificates: an authority for the fleet, and bad certificates of every kind for tests.
#
# FLEET_DIR/tls has ca.pem, cert.pem and key.pem as Docker's clients name them, and more pairs NAME-cert.pem, NAME-key.pem:
#   foreign         a client of the authority foreign-ca.pem, which no host knows
#   expired         a client of the fleet's authority whose time was in January 2020
#   expired-server  a server of all names, whose time was in January 2020
#   wrong-name      a server that is called elsewhere.example
#   h1, h2 …        the servers; registry as well

tls=$FLEET_DIR/tls

# All but those of the servers: these wait for the authority alone.
make_certificates() {
    [[ ! -e $tls/complete ]] || return 0
    make_authority foreign-ca 'not the fleet'
    # Docker's names for the client.
    make_certificate client ca clientAuth
    mv "$tls/client-cert.pem" "$tls/cert.pem"
    mv "$tls/client-key.pem" "$tls/key.pem"
    make_certificate foreign foreign-ca clientAuth
    make_certificate wrong-name ca serverAuth DNS:elsewhere.example
    make_expired expired clientAuth
    make_expired expired-server serverAuth "$(names_of registry),DNS:h1,DNS:h2,DNS:h3,$(printf "IP:$FLEET_NET.%d," 1{1..9})IP:$FLEET_NET.1"
    : >"$tls/complete"
}

make_own_authority() {
    [[ ! -s $tls/ca.pem ]] || return 0
    mkdir -p "$tls"
    make_authority ca 'recast fleet'
}

# names_of MACHINE: its names in a certificate.
names_of() {
    printf 'DNS:%s,DNS:localhost,IP:127.0.0.1,IP:%s' "$1" "$(address_of "$1")"
}

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
# The system's own settings would add to what is asked for.
plain_settings=$'[req]\ndistinguished_name=name\n[name]\n'

# make_authority NAME TITLE
make_authority() {
    quietly openssl req -x509 "${new_key[@]}" -config <(printf '%s' "$plain_settings") -days 3650 -subj "/CN=$2" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
        -addext subjectKeyIdentifier=hash -keyout "$tls/$1-key.pem" -out "$tls/$1.new"
    mv "$tls/$1.new" "$tls/$1.pem"
}

# make_certificate NAME AUTHORITY clientAuth|serverAuth [NAMES]
make_certificate() {
    quietly openssl req -x509 -CA "$tls/$2.pem" -CAkey "$tls/$2-key.pem" "${new_key[@]}" \
        -config <(printf '%s' "$plain_settings") -days 3650 -subj "/CN=$1" \
        -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature \
        -addext "extendedKeyUsage=$3" ${4:+-addext "subjectAltName=$4"} \
        -keyout "$tls/$1-key.pem" -out "$tls/$1-cert.pem"
}

# make_expired NAME clientAuth|serverAuth [NAMES]: only the command for whole authorities takes a date in the past.
make_expired() {
    local work
    work=$(mktemp -d -p "$tls")
    : >"$work/index"
    cat >"$work/settings" <<END
[ca]
default_ca = fleet
[fleet]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = $2
${3:+subjectAltName = $3}
END
    quietly openssl req -new "${new_key[@]}" -config <(printf '%s' "$plain_settings") -subj "/CN=$1" \
        -keyout "$tls/$1-key.pem" -out "$work/request"
    quietly openssl ca -batch -notext -config "$work/settings" -cert "$tls/ca.pem" -keyfile "$tls/ca-key.pem" \
        -extensions extensions -startdate 20200101000000Z -enddate 20200201000000Z \
        -in "$work/request" -out "$tls/$1-cert.pem"
    rm -rf "$work"
}

# give_certificate MACHINE FOLDER: puts the machine's certificate there, and the authority of its clients. The key comes
# last and at once, so that what was interrupted is done again.
give_certificate() {
    [[ ! -e $2/key.pem ]] || return 0
    make_certificate "$1" ca serverAuth "$(names_of "$1")"
    mkdir -p "$2"
    cp "$tls/ca.pem" "$tls/$1-cert.pem" "$tls/$1-key.pem" "$2"
    mv "$2/$1-cert.pem" "$2/cert.pem"
    mv "$2/$1-key.pem" "$2/key.pem"
}

# quietly COMMAND…: shows what it printed only if it fails.
quietly() {
    local said
    said=$("$@" 2>&1) || die "$1 $2 failed: $said"
}
