load helper

# What git is told about HTTP holds for us too. The peer is a server with a
# certificate of its own, made for this test, or a proxy that writes down what
# it is asked.

setup() {
	sk_setup
	unset GIT_SSL_CAINFO GIT_SSL_NO_VERIFY
}

teardown() {
	sk_teardown
}

# start_tls [<option>...]: a TLS server with a self-signed certificate for
# 127.0.0.1 that answers every request with a login; sets SERVER.
start_tls() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 2 -subj /CN=127.0.0.1 \
		-addext subjectAltName="${SAN_NAME:-IP:127.0.0.1}" \
		-keyout key.pem -out cert.pem 2>/dev/null
	cat >tls.py <<'PY'
import http.server, ssl, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def reply(self):
        n = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(n)
        open("asked", "a").write(self.requestline + "\n" + str(self.headers))
        body = b'{"access": "a1", "refresh": "r1"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_GET = do_POST = do_CONNECT = reply
    def log_message(self, *args):
        pass

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
if "plain" not in sys.argv:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain("cert.pem", "key.pem")
    if "old" in sys.argv:
        tls.minimum_version = ssl.TLSVersion.TLSv1
        tls.maximum_version = ssl.TLSVersion.TLSv1_1
        tls.set_ciphers("ALL:@SECLEVEL=0")
    server.socket = tls.wrap_socket(server.socket, server_side=True)
open("port.tmp", "w").write(str(server.server_port))
__import__("os").rename("port.tmp", "port")
server.serve_forever()
PY
	python3 tls.py "$@" >/dev/null 2>&1 3>&- &
	SK_SERVERS+=("$!")
	wait_for test -s port
	SERVER=https://127.0.0.1:$(cat port)
}

@test "http: an unknown certificate is refused, with the setting that helps" {
	start_tls
	run -128 --separate-stderr log_in
	[[ ${stderr_lines[0]} == *"error: cannot trust '$SERVER': "* ]]
	[[ ${stderr_lines[1]} == "hint: "*"http.$SERVER/.sslCAInfo"* ]]
	[ ! -e asked ]
}

@test "http: http.sslCAInfo and GIT_SSL_CAINFO name a CA to trust" {
	start_tls
	git config --global "http.$SERVER/.sslCAInfo" "$PWD/cert.pem"
	run -0 --separate-stderr log_in
	[ -z "$stderr" ]
	git config --global --unset "http.$SERVER/.sslCAInfo"
	run -128 log_in
	GIT_SSL_CAINFO=$PWD/cert.pem run -0 log_in
}

@test "http: a certificate for another host is refused" {
	SAN_NAME=DNS:elsewhere.example.com start_tls
	GIT_SSL_CAINFO=$PWD/cert.pem run -128 --separate-stderr log_in
	[[ $stderr == *"cannot trust"* ]]
	[ ! -e asked ]
}

@test "http: TLS before 1.2 is refused" {
	start_tls old
	GIT_SSL_CAINFO=$PWD/cert.pem run -128 --separate-stderr log_in
	[[ $stderr == *"cannot trust"* ]]
	[ ! -e asked ]
}

@test "http: a blanket sslVerify=false and GIT_SSL_NO_VERIFY are ignored" {
	start_tls
	git config --global http.sslVerify false
	GIT_SSL_NO_VERIFY=1 run -128 --separate-stderr log_in
	[[ $stderr == *"warning: http.sslVerify=false is ignored"* ]]
	[[ $stderr == *"warning: GIT_SSL_NO_VERIFY is ignored"* ]]
	[[ $stderr == *"cannot trust"* ]]
}

@test "http: sslVerify=false for this very server holds, loudly" {
	start_tls
	git config --global "http.$SERVER.sslVerify" false
	run -0 --separate-stderr log_in
	[[ $stderr == "warning: certificates of '$SERVER' are NOT verified"* ]]
	git config --global --unset "http.$SERVER.sslVerify"
	git config --global http.https://127.0.0.1.sslVerify false
	run -128 log_in
}

@test "http: every http.extraHeader is sent, an empty one drops those before" {
	start_tls
	git config --global --add http.extraHeader 'X-Dropped: 0'
	git config --global --add http.extraHeader ''
	git config --global --add http.extraHeader 'X-One: 1'
	git config --global --add "http.$SERVER/.extraHeader" 'X-Two: 2'
	git config --global --add http.https://elsewhere/.extraHeader 'X-No: 3'
	GIT_SSL_CAINFO=$PWD/cert.pem run -0 log_in
	grep -q '^X-One: 1' asked
	grep -q '^X-Two: 2' asked
	run -1 grep -e X-Dropped -e X-No asked
}

@test "http: http.proxy is used for https, and never sees the token" {
	start_tls plain
	proxy=http://127.0.0.1:$(cat port)
	git config --global http.proxy "$proxy"
	SERVER=https://sk.example.com
	run -128 log_in
	grep -q '^CONNECT sk.example.com:443 ' asked
	run -1 grep -i -e authorization -e secret asked
}

@test "http: plain http to this machine uses no proxy" {
	start_tls plain
	proxy=http://127.0.0.1:$(cat port)
	SERVER=http://127.0.0.1:1
	git config --global http.proxy "$proxy"
	http_proxy=$proxy all_proxy=$proxy run -128 --separate-stderr log_in
	[[ $stderr == *"Connection refused"* ]]
	[ ! -e asked ]
}

@test "http: a .netrc is not read" {
	start_tls plain
	printf 'machine 127.0.0.1 login x password y\n' >"$HOME/.netrc"
	chmod 600 "$HOME/.netrc"
	SERVER=http://127.0.0.1:$(cat port)
	run -0 log_in
	[ -s asked ]
	run -1 grep -i '^authorization: basic' asked
}
