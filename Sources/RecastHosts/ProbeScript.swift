/// Scripts for `/bin/sh` that ask a port of the container from inside, with whatever the image has.
///
/// They use builtins alone beside the tool that asks, for an image may have no other.
enum ProbeScript {
    /// The exit code when the image has nothing to ask with.
    static let noTools = 97

    /// Arguments: port, path; it succeeds with a status of 200 to 399, and else says what came.
    ///
    /// 127.0.0.1 is asked, then ::1. Every tool writes the first line of the answer, `HTTP/1.1 200 OK`, or more; of
    /// a tool that follows redirects (wget of busybox) it is the first answer that counts.
    static let http = """
        set -f
        port=$1 path=$2
        unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
        request="GET $path HTTP/1.0\\r\\nHost: localhost:$port\\r\\nConnection: close\\r\\n\\r\\n"
        has() { command -v "$1" >/dev/null 2>&1; }
        \(tools)
        ask() {
            host=$1
            case $host in *:*) url="http://[$host]:$port$path" ;; *) url="http://$host:$port$path" ;; esac
            case $tool in
                curl) curl -g -sS -m 5 -o /dev/null -w 'HTTP/ %{http_code}' "$url" ;;
                wget) ask_wget ;;
                bash) bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf %b "$2" >&3 && IFS= read -r -t 5 line <&3 && printf %s "$line"' \
            "$host" "$port" "$request" ;;
                python3) python3 -c "$python" "$host" "$port" "$path" ;;
                perl) perl -e "$perl" "$host" "$port" "$request" ;;
                nc) printf %b "$request" | nc -w 5 "$host" "$port" ;;
                busybox) printf %b "$request" | busybox nc -w 5 "$host" "$port" ;;
                node) node -e "$node" "$host" "$port" "$path" ;;
                php) php -r "$php" "$host" "$port" "$request" ;;
                ruby) ruby -e "$ruby" "$host" "$port" "$request" ;;
            esac
        }
        ask_wget() {
            case $(wget --help 2>&1) in
                *max-redirect*) wget -S -O /dev/null -T 5 -t 1 --max-redirect=0 "$url" ;;
                *) wget -q -S -O /dev/null "$url" ;;
            esac
        }
        for host in 127.0.0.1 ::1; do
            answer=$(ask "$host" 2>&1) code='' next=''
            for word in $answer; do
                case $word in
                    HTTP/*) next=yes ;;
                    *) if [ "$next" ]; then code=$word; break; fi ;;
                esac
            done
            case $code in
                [23][0-9][0-9]*) exit 0 ;;
                [1-5][0-9][0-9]*) echo "status $code"; exit 1 ;;
            esac
            [ "$words" ] || words=$answer
        done
        echo "no answer from port $port ($tool: $words)"
        exit 1
        """

    /// Which tool asks; without any the script ends.
    private static let tools = """
        tool=''
        for name in curl wget bash python3 perl nc busybox node php ruby; do
            if has "$name"; then tool=$name; break; fi
        done
        [ "$tool" ] || exit \(noTools)
        python='import http.client, sys
        host, port, path = sys.argv[1:]
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        try:
            connection.request("GET", path)
            print("HTTP/ %d" % connection.getresponse().status)
        except Exception as error:
            print(error)'
        perl='use Socket qw(:all); my ($host, $port, $request) = @ARGV; $request =~ s/\\\\r\\\\n/\\r\\n/g; alarm 5;
        my ($family, $address) = $host =~ /:/ ? (AF_INET6, pack_sockaddr_in6($port, inet_pton(AF_INET6, $host)))
            : (AF_INET, pack_sockaddr_in($port, inet_aton($host)));
        socket(my $socket, $family, SOCK_STREAM, 0) or die "$!\\n"; connect($socket, $address) or die "$!\\n";
        syswrite($socket, $request); print scalar <$socket>;'
        node='const [host, port, path] = process.argv.slice(1);
        require("http").get({ host, port, path, timeout: 5000 }, (answer) => {
            console.log("HTTP/ " + answer.statusCode); process.exit(0);
        }).on("timeout", () => process.exit(1)).on("error", (error) => { console.log(error.message); process.exit(1); });'
        php='[$_, $host, $port, $request] = $argv; if (strpos($host, ":") !== false) $host = "[$host]";
        $socket = @fsockopen($host, (int) $port, $code, $words, 5) or die($words); stream_set_timeout($socket, 5);
        fwrite($socket, stripcslashes($request)); echo fgets($socket);'
        ruby='require "socket"; require "timeout"; host, port, request = ARGV
        Timeout.timeout(5) { socket = TCPSocket.new(host, port)
        socket.write(request.gsub("\\\\r\\\\n", "\\r\\n")); print socket.gets }'
        """

    /// Argument: port; it succeeds when something listens there.
    ///
    /// The kernel's own list of the container's network namespace needs no tool; state 0A is "listening".
    static let tcp = """
        set -f
        port=$1 known=''
        hexadecimal=$(printf %04X "$port")
        for list in /proc/net/tcp /proc/net/tcp6; do
            [ -r "$list" ] || continue
            known=yes
            while read -r _ place _ state _; do
                case $state:$place in 0A:*:$hexadecimal) exit 0 ;; esac
            done <"$list"
        done
        if [ "$known" ]; then echo "nothing listens on port $port"; exit 1; fi
        for host in 127.0.0.1 ::1; do
            if command -v nc >/dev/null 2>&1; then
                known=yes
                nc -z -w 5 "$host" "$port" && exit 0
            elif command -v bash >/dev/null 2>&1; then
                known=yes
                bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$host" "$port" && exit 0
            fi
        done
        [ "$known" ] || exit \(noTools)
        exit 1
        """
}
