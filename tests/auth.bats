load helper

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

# start_fault [<script line>...]: a fault server; sets SERVER.
start_fault() {
	local dir=$BATS_TEST_TMPDIR/fault

	mkdir -p "$dir"
	rm -f "$dir/port"
	printf '%s\n' "$@" >"$dir/script"
	"$BUILD/tests/fault-server" --port-file "$dir/port" \
		--script "$dir/script" --log "$dir/log" 3>&- &
	SK_SERVERS+=("$!")
	wait_for test -s "$dir/port"
	SERVER=http://127.0.0.1:$(cat "$dir/port")
}

# unscoped_queue: a queue.db with one event, captured while nobody was logged in.
unscoped_queue() {
	mkdir -m 700 "$GIT_SK_HOME"
	sqlite3 "$GIT_SK_HOME/queue.db" "CREATE TABLE queue(
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		event_id TEXT UNIQUE NOT NULL, event_type TEXT NOT NULL,
		data TEXT NOT NULL, timestamp INTEGER NOT NULL,
		retry_count INTEGER DEFAULT 0);
		INSERT INTO queue(event_id, event_type, data, timestamp)
		VALUES('E1', 'WPStatusChanged', '{}', 5);
		CREATE TABLE sk_ledger(event_id TEXT PRIMARY KEY,
		state TEXT NOT NULL, commit_id TEXT, captured_at INTEGER,
		settled_at INTEGER, account TEXT) WITHOUT ROWID;
		INSERT INTO sk_ledger(event_id, state, captured_at)
		VALUES('E1', 'queued', 5)"
	chmod 600 "$GIT_SK_HOME/queue.db"
}

@test "auth: without a subcommand usage goes to stderr" {
	run -129 --separate-stderr git sk-auth
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == "git sk-auth: error: "* ]]
	run -129 --separate-stderr git sk-auth frob
	[ "${stderr_lines[0]}" = "git sk-auth: error: unknown subcommand 'frob'" ]
	run -0 --separate-stderr git sk-auth login -h
	[[ $output == *"--password-stdin"* ]]
}

@test "auth: nobody logged in is the answer no" {
	run -1 --separate-stderr git sk-auth status
	[ "$output" = "nobody is logged in: run 'git sk-auth login'" ]
	[ -z "$stderr" ]
	run -1 --separate-stderr git sk-auth status --json
	[ "$(jq -c '[.logged_in, .schema_version]' <<<"$output")" = "[false,1]" ]
}

@test "auth: login, status and logout" {
	start_fault
	run -0 --separate-stderr log_in
	[ "$output" = "Logged in as dev at $SERVER (team team)" ]
	[ -z "$stderr" ]
	[ "$(stat -c %a "$GIT_SK_HOME")" = 700 ]
	[ "$(stat -c %a "$GIT_SK_HOME/credentials")" = 600 ]
	run -0 --separate-stderr git sk-auth status --json
	[ "$(jq -r '[.logged_in, .username, .server, .team] | join(" ")' \
		<<<"$output")" = "true dev $SERVER team" ]
	[ "$(jq '.refresh_seconds_left > 600000 and .access_seconds_left > 800' \
		<<<"$output")" = true ]
	[[ $(jq -r .queue <<<"$output") == "$GIT_SK_HOME/queues/queue-"*.db ]]
	run -0 git sk-auth status
	[ "${lines[0]}" = "dev at $SERVER (team team)" ]
	run -0 git sk-auth logout
	[ "$output" = "Logged out" ]
	[ ! -e "$GIT_SK_HOME/credentials" ]
	run -0 git sk-auth logout
	[ "$output" = "Nobody was logged in" ]
}

@test "auth: the password is nowhere but in the request" {
	start_fault
	export GIT_SK_TRACE=$BATS_TEST_TMPDIR/trace
	# a leak check cannot run under strace
	printf 'hush-hush\n' | ASAN_OPTIONS=detect_leaks=0 strace -f -s 4096 -e trace=execve,write \
		-o "$BATS_TEST_TMPDIR/strace" git sk-auth login \
		--server "$SERVER" --username dev --password-stdin
	grep -q execve "$BATS_TEST_TMPDIR/strace"
	grep -q login "$GIT_SK_TRACE"
	run -1 grep hush-hush "$BATS_TEST_TMPDIR/strace" "$GIT_SK_TRACE"
	run -1 grep access-1 "$GIT_SK_TRACE"
	run -1 grep -r hush-hush "$GIT_SK_HOME"
}

@test "auth: a wrong password is refused and changes nothing" {
	start_fault 'token: ok' 'token: status 401 {}'
	log_in
	before=$(cat "$GIT_SK_HOME/credentials")
	run -128 --separate-stderr log_in
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "git sk-auth login: error: '$SERVER' refuses this user name or password" ]
	[ "$(cat "$GIT_SK_HOME/credentials")" = "$before" ]
}

@test "auth: a server that is away is named, with what to do" {
	SERVER=http://127.0.0.1:1
	run -128 --separate-stderr log_in
	[ "${stderr_lines[0]}" = "git sk-auth login: error: cannot reach 'http://127.0.0.1:1': Connection refused" ]
	[[ ${stderr_lines[1]} == "hint: "* ]]
}

@test "auth: plain http over a network is refused" {
	SERVER=http://sk.example.com
	run -129 --separate-stderr log_in
	[[ $stderr == *"'http://sk.example.com' cannot be a server's URL"* ]]
	SERVER=https://dev:secret@sk.example.com
	run -129 --separate-stderr log_in
}

@test "auth: without a terminal it says which option is missing" {
	run -129 --separate-stderr setsid -w git sk-auth login
	[[ ${stderr_lines[0]} == *"--server <url> is missing" ]]
	run -129 --separate-stderr setsid -w git sk-auth login \
		--server http://127.0.0.1:1
	[[ ${stderr_lines[0]} == *"--username <name> is missing" ]]
	run -129 --separate-stderr setsid -w git sk-auth login \
		--server http://127.0.0.1:1 --username dev
	[[ ${stderr_lines[0]} == *"--password-stdin is missing" ]]
}

@test "auth: an empty password is not sent" {
	start_fault
	run -128 --separate-stderr bash -c "echo | git sk-auth login \
		--server $SERVER --username dev --password-stdin"
	[[ $stderr == *"the password is empty"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/fault/log" ]
}

@test "auth: the terminal asks without echo and is as before after Ctrl-C" {
	start_fault
	run -0 python3 - "$SERVER" <<'PY'
import os, pty, signal, sys, termios, time

def start():
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp("git", ["git", "sk-auth", "login", "--server", sys.argv[1]])
    return pid, fd

def read_until(fd, text):
    seen = b""
    while text not in seen:
        seen += os.read(fd, 1000)
    return seen

def echoes(fd):
    return bool(termios.tcgetattr(fd)[3] & termios.ECHO)

def wait_echo(fd, want):
    for _ in range(200):
        if echoes(fd) == want:
            return
        time.sleep(0.02)
    sys.exit("echo is not %s" % want)

pid, fd = start()
read_until(fd, b"Username: ")
os.write(fd, b"dev\n")
read_until(fd, b"Password of 'dev'")
wait_echo(fd, False)
os.write(fd, b"hush-hush\n")
rest = read_until(fd, b"Logged in as dev")
assert b"hush" not in rest, rest
assert os.waitpid(pid, 0)[1] == 0

pid, fd = start()
read_until(fd, b"Username: ")
os.write(fd, b"dev\n")
read_until(fd, b"Password of 'dev'")
wait_echo(fd, False)
os.write(fd, b"\x03")
wait_echo(fd, True)
PY
}

@test "auth: what waited without an account goes along" {
	start_fault
	unscoped_queue
	run -0 --separate-stderr log_in
	[ "${lines[1]}" = "1 queued event will be sent by the next 'git sk-sync now'" ]
	[ "$(sqlite3 "$GIT_SK_HOME"/queues/*.db 'SELECT event_id FROM queue')" = E1 ]
	[ "$(sqlite3 "$GIT_SK_HOME/queue.db" 'SELECT count(*) FROM queue')" = 0 ]
	run -0 git sk-auth logout
	[[ ${lines[1]} == "still queued in '$GIT_SK_HOME/queues/queue-"*"': 1 event, sent after the next login of this account" ]]
}

@test "auth: a queue that cannot be moved leaves a login that works" {
	start_fault
	mkdir -m 700 "$GIT_SK_HOME"
	printf 'this is no database, and long enough to be seen as none' \
		>"$GIT_SK_HOME/queue.db"
	chmod 600 "$GIT_SK_HOME/queue.db"
	run -0 --separate-stderr log_in
	[[ $stderr == "warning: events queued before the login stay"* ]]
	git sk-auth status
}

@test "auth: another account's events stay, and that is said" {
	start_fault
	unscoped_queue
	log_in
	run -2 --separate-stderr bash -c "echo x | git sk-auth login \
		--server $SERVER --username other --password-stdin"
	[[ ${stderr_lines[0]} == *": error: 1 event of 'dev' at "*' has not been sent' ]]
	[[ $stderr == *--force* ]]
	[ "$(git sk-auth whoami)" = dev ]
	run -0 --separate-stderr bash -c "echo x | git sk-auth login --force \
		--server $SERVER --username other --password-stdin"
	[[ $stderr == "warning: 1 event of 'dev' at "* ]]
	[ "$(git sk-auth whoami)" = other ]
	# the other way round nothing is left behind
	log_in
	[ "$(git sk-sync status --json | jq .depth)" = 1 ]
}

@test "auth: a marker that cannot go does not make a logout a failure" {
	start_fault
	log_in
	rm -f "$GIT_SK_HOME/sync/backlog"
	mkdir -p "$GIT_SK_HOME/sync/backlog"
	run -0 --separate-stderr git sk-auth logout
	[ "$output" = 'Logged out' ]
	[[ $stderr == 'warning: '*"sync/backlog'"* ]]
	run -1 git sk-auth whoami
}

@test "auth: another team of the same user is another account" {
	start_fault
	unscoped_queue
	log_in
	# as if the user had been in another team then
	sed -i 's/^team_slug = .*/team_slug = "green"/' "$GIT_SK_HOME/credentials"
	mv "$GIT_SK_HOME"/queues/queue-*.db \
		"$(git sk-auth status --json | jq -r .queue)"
	run -2 --separate-stderr log_in
	[[ $stderr == *"1 event of 'dev'"*'has not been sent'* ]]
}

@test "auth: whoami is one word, or the answer no" {
	run -1 --separate-stderr git sk-auth whoami
	[ -z "$output$stderr" ]
	start_fault
	log_in
	run -0 --separate-stderr git sk-auth whoami
	[ "$output" = dev ]
	sed -i 's/"20[0-9-]*T/"2020-01-01T/' "$GIT_SK_HOME/credentials"
	run -1 --separate-stderr git sk-auth whoami
	[ -z "$output$stderr" ]
}

@test "auth: status says who, server, queue, contract and times" {
	start_fault
	log_in
	run -0 --separate-stderr git sk-auth status
	[ "${lines[0]}" = "dev at $SERVER (team team)" ]
	[[ ${lines[1]} == 'queue: '*/queues/queue-*.db ]]
	[ "${lines[2]}" = 'contract: 1.0.0' ]
	[[ ${lines[3]} == 'access token: '*' min'* ]]
	[[ ${lines[4]} == 'the login renews itself for: '*d* ]]
	[ "$(git sk-auth status --json | jq -r .contract)" = 1.0.0 ]
	printf '[sync\nbroken' >"$GIT_SK_HOME/config.toml"
	run -0 --separate-stderr git sk-auth status
	[ "${lines[2]}" = 'contract: unknown' ]
	[[ $stderr == 'warning: '*config.toml* ]]
}

# helper: a credential helper that keeps one password in ./stored and says in
# ./asked what git wanted of it.
helper() {
	cat >helper <<-SH
		#!/bin/sh
		echo "\$1" >>"$PWD/asked"
		case \$1 in
		get) cat "$PWD/stored" 2>/dev/null ;;
		store) sed -n '/^password=/p;/^username=/p' >"$PWD/stored" ;;
		erase) rm -f "$PWD/stored" ;;
		esac
	SH
	chmod +x helper
	git config --global credential.helper "$PWD/helper"
}

@test "auth: git's credential helpers are asked for the password" {
	start_fault
	git sk-auth logout
	helper
	printf 'username=dev\npassword=secret\n' >stored
	run -0 --separate-stderr setsid -w git sk-auth login --server "$SERVER" \
		--username dev
	[ -z "$stderr" ]
	[ "$(xargs <asked)" = 'get store' ]
	# what comes by standard input is not given to them
	rm stored asked
	log_in
	[ ! -e stored ]
	[ ! -e asked ]
}

@test "auth: a password the server does not take is dropped by the helper" {
	start_fault 'token: status 401'
	git sk-auth logout
	helper
	printf 'username=dev\npassword=wrong\n' >stored
	run -128 --separate-stderr setsid -w git sk-auth login \
		--server "$SERVER" --username dev </dev/null
	[ "$(xargs <asked)" = 'get erase' ]
	[ ! -e stored ]
	[[ $output$stderr != *wrong\'* ]]
	# nothing is left to try, and nobody to ask
	run -129 --separate-stderr setsid -w git sk-auth login \
		--server "$SERVER" --username dev </dev/null
	[[ $stderr == *'--password-stdin is missing'* ]]
}

@test "auth: the contract the server speaks is kept in config.toml" {
	mkdir -m 700 "$GIT_SK_HOME"
	printf '# mine\n[sync]\nserver_url = "https://x" # keep\n' \
		>"$GIT_SK_HOME/config.toml"
	start_fault
	log_in
	grep -qx '# mine' "$GIT_SK_HOME/config.toml"
	grep -qx 'server_url = "https://x" # keep' "$GIT_SK_HOME/config.toml"
	grep -qx 'contract = "1.0.0"' "$GIT_SK_HOME/config.toml"
}

@test "auth: a config.toml that cannot be read is left alone" {
	mkdir -m 700 "$GIT_SK_HOME"
	printf '[sync\nbroken' >"$GIT_SK_HOME/config.toml"
	start_fault
	run -0 --separate-stderr log_in
	[[ $stderr == "warning: "*config.toml* ]]
	[ "$(cat "$GIT_SK_HOME/config.toml")" = "$(printf '[sync\nbroken')" ]
}

@test "auth: a server of another contract is said" {
	start_fault 'health: status 200 {"contracts": ["9.0.0"]}'
	run -0 --separate-stderr log_in
	[[ $stderr == "warning: '$SERVER' speaks no contract of this git-sk"* ]]
	[ ! -e "$GIT_SK_HOME/config.toml" ]
}

@test "auth: an expired login is the answer no" {
	start_fault
	log_in
	sed -i 's/"20[0-9-]*T/"2020-01-01T/' "$GIT_SK_HOME/credentials"
	run -1 git sk-auth status
	[[ $output == *"the login has expired: run 'git sk-auth login'" ]]
	run -1 git sk-auth status --json
	[ "$(jq .expired <<<"$output")" = true ]
}

@test "auth: credentials others can read are refused, logout removes them" {
	start_fault
	log_in
	chmod 644 "$GIT_SK_HOME/credentials"
	run -128 --separate-stderr git sk-auth status
	[[ $stderr == *"chmod 600"* ]]
	run -0 git sk-auth logout
	[ ! -e "$GIT_SK_HOME/credentials" ]
}

@test "auth: a full disk is an error, not silence" {
	run -128 --separate-stderr bash -c 'git sk-auth logout >/dev/full'
	[[ $stderr == *"cannot write standard output"* ]]
}

@test "auth: a renewed login outlives a power cut, its name in the folder too" {
	start_ingestd --access-lifetime 1
	log_in >/dev/null
	git init -q repo
	cd repo
	git commit -q --allow-empty -m start
	git sk-setup >/dev/null
	mission 001-a
	ASAN_OPTIONS=detect_leaks=0 strace -qq -y -e trace=fsync,rename \
		-o ../calls git-sk-sync now
	# what comes behind the name in place, up to the next file
	sed -n '\|^rename(.*/credentials")|,$p' ../calls | head -n 2 >../behind
	[[ $(tail -n 1 ../behind) == "fsync("*"<$GIT_SK_HOME>)"*"= 0" ]]
	# a folder that says it was not written is a renewal that failed
	event 001-a WP01 null planned
	git commit -qam x
	n=$(grep -n "fsync(.*<$GIT_SK_HOME>)" ../calls | head -n 1)
	n=$(head -n "${n%%:*}" ../calls | grep -c '^fsync')
	run -128 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -qq \
		-o /dev/null -e trace=fsync -e inject=fsync:error=EIO:when="$n" \
		git-sk-sync now
	[[ $stderr == *"cannot sync the folder of '$GIT_SK_HOME/credentials': Input/output error"* ]]
}

@test "auth: a renewal killed half-way leaves a login that works" {
	local call n count=0 status killed=0

	# tokens so short that each run renews them
	start_ingestd --access-lifetime 1
	log_in >/dev/null
	git init -q repo
	cd repo
	mkdir -p kitty-specs/001-a
	git commit -q --allow-empty -m start
	git sk-setup >/dev/null
	for call in write fsync rename sendto; do
		for n in 1 2 3; do
			count=$((count + 1))
			event 001-a WP01 null planned
			git add -A
			git commit -qm "$count"
			status=0
			ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null \
				-e trace="$call" \
				-e inject="$call:signal=KILL:when=$n" \
				git-sk-sync now >/dev/null 2>&1 || status=$?
			[ "$status" != 137 ] || killed=$((killed + 1))
			run -0 git sk-auth whoami
			[ "$output" = dev ]
		done
	done
	[ "$killed" -ge 6 ]
	git sk-sync now >/dev/null
	[ "$(server_query "SELECT count(*) FROM events WHERE event_type = 'WPStatusChanged'")" = "$count" ]
}

@test "auth: a new login does not wait for what the last one was told" {
	start_ingestd
	log_in
	git init -q repo && cd repo
	git config sk.flush off
	git sk-setup
	mkdir -p kitty-specs/001-a
	event 001-a WP01 null planned
	git add . && git commit -qm plan
	printf 'secret\n' | sk-ingestd user passwd --db "$SERVER_DB" \
		--password-stdin dev
	git sk-sync flush --foreground 2>said
	grep -q sync.server_auth_failure said
	log_in
	# the sender of a hook, which respects the backoff
	git sk-sync flush --foreground 2>said
	[ ! -s said ]
	[ "$(sqlite3 "$SERVER_DB" 'SELECT count(*) FROM events')" = 1 ]
}
