#!/usr/bin/env bats
# git sk-daemon: found, told what to do, killed; never in anybody's way.

load helper
load daemon

state_file() {
	mkdir -p "$GIT_SK_HOME"
	printf '%s\n' "$@" >"$STATE"
	chmod 600 "$STATE"
}

@test "daemon: starts once, says so, and ends when asked" {
	run -1 --separate-stderr git sk-daemon status
	[ "$output" = "No daemon is running." ]
	run -0 --separate-stderr git sk-daemon start
	[[ $output == "Started: process $(daemon_pid), port "* ]]
	[ -z "$stderr" ]
	pid=$(daemon_pid)
	run -0 --separate-stderr git sk-daemon start
	[[ $output == "Already running: process $pid, port "* ]]
	run -0 --separate-stderr git sk-daemon run
	[ "$output" = "Already running: another daemon." ]
	run -0 git sk-daemon status
	[[ ${lines[0]} == "Running:    process $pid, http://127.0.0.1:"* ]]
	run -0 --separate-stderr git sk-daemon stop
	[ "$output" = "Stopped: process $pid" ]
	[ ! -e "$STATE" ]
	wait_for is_gone "$pid"
	run -0 git sk-daemon stop
	[ "$output" = "No daemon is running." ]
	run -1 git sk-daemon status
}

@test "daemon: of twenty starts at once one makes a daemon" {
	local i

	for ((i = 0; i < 20; i++)); do
		git sk-daemon start >"out$i" 2>&1 3>&- &
	done
	wait
	[ "$(cat out* | grep -o 'process [0-9]*' | sort -u | wc -l)" -eq 1 ]
	[ "$(cat out* | wc -l)" -eq 20 ]
	# those that found it taken wait a while for it to be free
	is_alone() {
		[ "$(grep -lzsx "GIT_SK_HOME=$GIT_SK_HOME" /proc/*/environ |
			xargs -r dirname | xargs -I {} readlink {}/exe |
			grep -c '/git-sk-daemon$')" -eq 1 ]
	}
	wait_for is_alone
	[ "$(grep -c started: "$LOG")" -eq 1 ]
}

@test "daemon: its file is private and has five lines" {
	git sk-daemon start
	[ "$(stat -c %a "$STATE")" = 600 ]
	[ "$(wc -l <"$STATE")" -eq 5 ]
	[[ $(url) == "http://127.0.0.1:$(sed -n 2p "$STATE")" ]]
	[[ $(token) =~ ^[0-9a-f]{32}$ ]]
	[ "$(sed -n 5p "$STATE")" = "$(start_of "$(daemon_pid)")" ]
	[ "$(stat -c %a "$LOG")" = 600 ]
}

@test "daemon: health is open to all and never shows the token" {
	git sk-daemon start
	run -0 ask /api/health
	[[ $output == "200 "* ]]
	[[ $output != *$(token)* ]]
	[[ $output != *token* ]]
	[ "$(jq -r '.status, .protocol_version, .package_version' \
		<<<"${output#200 }" | tr '\n' ' ')" = "ok 1 $(git-sk --version | cut -d " " -f 3) " ]
	run -0 git sk-daemon status --json
	[[ $output != *$(token)* ]]
	[ "$(jq .running <<<"$output")" = true ]
	[[ $(<"$LOG") != *$(token)* ]]
	[[ $(tr '\0' ' ' <"/proc/$(daemon_pid)/cmdline") != *$(token)* ]]
}

@test "daemon: listens on the loopback interface alone" {
	git sk-daemon start
	port=$(printf %04X "$(sed -n 2p "$STATE")")
	run -0 grep -h ":$port 00000000:0000 0A\| [0-9A-F]*:$port 0*:0000 0A" \
		/proc/net/tcp /proc/net/tcp6
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == *" 0100007F:$port "* ]]
}

@test "daemon: wants its token in the header for all that does something" {
	local auth

	git sk-daemon start
	auth="Authorization: Bearer $(token)"
	[[ $(ask -X POST /api/sync/trigger) == 403* ]]
	[[ $(ask -X POST /api/shutdown) == 403* ]]
	[[ $(ask -X POST -H "${auth}0" /api/sync/trigger) == 403* ]]
	[[ $(ask -X POST -H "${auth%?}" /api/sync/trigger) == 403* ]]
	[[ $(ask -X POST -H "${auth%?}x" /api/sync/trigger) == 403* ]]
	[[ $(ask -X POST -H 'Authorization: Bearer ' /api/shutdown) == 403* ]]
	[[ $(ask -X POST "/api/sync/trigger?token=$(token)") == 403* ]]
	[[ $(ask -X POST -d "{\"token\": \"$(token)\"}" /api/shutdown) == 403* ]]
	[[ $(ask -H "$auth" /api/sync/trigger) == "404 " ]]
	[[ $(ask -H "$auth" /api/shutdown) == "404 " ]]
	[[ $(ask -X POST -H "$auth" /api/sync/publish) == "404 " ]]
	[[ $(ask -X POST -H "$auth" /) == "404 " ]]
	[ "$(ask -X POST -H "$auth" -d '[' /api/sync/trigger)" = \
		'400 {"error": "invalid_payload"}' ]
	[ "$(ask -X POST -H "$auth" -d '[]' /api/shutdown)" = \
		'400 {"error": "invalid_payload"}' ]
	head -c 100000 /dev/zero | tr '\0' ' ' >big
	[ "$(ask -X POST -H "$auth" --data-binary @big /api/shutdown)" = \
		'400 {"error": "invalid_payload"}' ]
	[ "$(ask -X POST -H "$auth" -d '{}' /api/sync/trigger)" = \
		'202 {"status": "scheduled"}' ]
	pid=$(daemon_pid)
	[ "$(ask -X POST -H "$auth" /api/shutdown)" = \
		'200 {"status": "stopping"}' ]
	wait_for is_gone "$pid"
	[ ! -e "$STATE" ]
}

@test "daemon: stop clears away what a killed one left" {
	git sk-daemon start
	kill -9 "$(daemon_pid)"
	wait_for is_gone "$(daemon_pid)"
	run -0 git sk-daemon stop
	[ "$output" = "No daemon is running." ]
	[ ! -e "$STATE" ]
}

@test "daemon: started in a folder that goes away, it goes on" {
	events_waiting 2
	mkdir gone
	(cd gone && git sk-daemon start)
	rmdir gone
	[ "$(readlink "/proc/$(daemon_pid)/cwd")" = / ]
	[[ $(trigger) == 202* ]]
	wait_for server_has 2
}

@test "daemon: holds nothing of the repository it was started in" {
	git init -q repo
	cd repo
	GIT_DIR=$PWD/.git GIT_INDEX_FILE=$PWD/.git/index SECRET=x \
		git sk-daemon start
	pid=$(daemon_pid)
	run -1 grep -azc '^GIT_DIR\|^GIT_INDEX\|^SECRET\|^PWD' "/proc/$pid/environ"
	run -1 grep repo <(ls -l "/proc/$pid/fd" "/proc/$pid/cwd")
	[ "$(readlink "/proc/$pid/fd/0")" = /dev/null ]
}

@test "daemon: HOME is all it needs" {
	unset GIT_SK_HOME
	STATE=$HOME/.spec-kitty/sync-daemon
	env -i HOME="$HOME" "$BUILD/bin/git-sk-daemon" start
	[[ $(ask /api/health) == 200* ]]
	env -i HOME="$HOME" "$BUILD/bin/git-sk-daemon" stop
}

# starter <line>: the program beside one that is no daemon, but a script with
# this line, as $HOME/starter
starter() {
	cp "$BUILD/bin/git-sk-daemon" "$HOME/starter"
	printf '#!/bin/sh\n%s\n' "$1" >"$HOME/git-sk-daemon"
	chmod +x "$HOME/git-sk-daemon"
}

@test "daemon: without a home it says what to set, and starts nothing" {
	starter ": >'$HOME/started'"
	run -128 --separate-stderr env -i "$HOME/starter" start
	[[ ${stderr_lines[0]} == *": error: no home folder: "* ]]
	[[ ${stderr_lines[1]} == "hint: set HOME, or "* ]]
	[ ! -e "$HOME/started" ]
}

@test "daemon: one that ends as it starts is not waited for" {
	starter 'exit 3'
	run -128 --separate-stderr "$HOME/starter" start
	[[ ${stderr_lines[0]} == *": error: the daemon did not start" ]]
	[ "${stderr_lines[1]}" = "hint: run 'git sk-daemon run' to see why" ]
}

@test "daemon: one that was killed as it starts is not waited for" {
	# shellcheck disable=SC2016 # it is the script's
	starter 'kill -9 $$'
	run -128 --separate-stderr "$HOME/starter" start
	[[ ${stderr_lines[0]} == *": error: the daemon did not start" ]]
	[ "${stderr_lines[1]}" = "hint: run 'git sk-daemon run' to see why" ]
}

@test "daemon: a file without sense is no obstacle to a start" {
	state_file nonsense
	run -0 --separate-stderr git sk-daemon start
	[[ $output == "Started: process $(daemon_pid), "* ]]
}

@test "daemon: a port that is taken is no obstacle" {
	git sk-daemon start
	port=$(sed -n 2p "$STATE")
	GIT_SK_HOME=$HOME/second git sk-daemon start
	[ "$(sed -n 2p "$HOME/second/sync-daemon")" != "$port" ]
	GIT_SK_HOME=$HOME/second git sk-daemon stop
	[[ $(ask /api/health) == 200* ]]
}

@test "daemon: notices that its program was replaced, and ends" {
	mkdir -p "$HOME/prefix/bin"
	cp "$BUILD/bin/git-sk-daemon" "$HOME/prefix/bin"
	"$HOME/prefix/bin/git-sk-daemon" start
	pid=$(daemon_pid)
	cp "$BUILD/bin/git-sk-daemon" "$HOME/new"
	mv "$HOME/new" "$HOME/prefix/bin/git-sk-daemon"
	wait_for is_gone "$pid"
	grep -q 'ended: its program was replaced' "$LOG"
	[ ! -e "$STATE" ]
}

@test "daemon: run says by its status that it is to be started again" {
	mkdir -p "$HOME/prefix/bin"
	cp "$BUILD/bin/git-sk-daemon" "$HOME/prefix/bin"
	(wait_for test -e "$STATE" && rm "$HOME/prefix/bin/git-sk-daemon") 3>&- &
	run -1 "$HOME/prefix/bin/git-sk-daemon" run
	[ "${lines[1]}" = "Ended: the program was replaced." ]
}

@test "daemon: a lost or damaged file is written again" {
	git sk-daemon start
	pid=$(daemon_pid)
	rm "$STATE"
	wait_for test -e "$STATE"
	[ "$(daemon_pid)" = "$pid" ]
	echo nonsense >"$STATE"
	run -1 --separate-stderr git sk-daemon status
	[[ $stderr == *"the second line is no port"* ]]
	is_whole() {
		[ "$(daemon_pid)" = "$pid" ]
	}
	wait_for is_whole
	git sk-daemon status
}

@test "daemon: ends when its home is gone" {
	git sk-daemon start
	pid=$(daemon_pid)
	rm -r "$GIT_SK_HOME"
	wait_for is_gone "$pid"
	[ ! -e "$GIT_SK_HOME" ]
}

@test "daemon: a process that has a dead one's id is not signalled" {
	# even if it runs a program of the same name
	cp "$(command -v sleep)" "$HOME/git-sk-daemon"
	other "$HOME/git-sk-daemon" 60
	state_file http://127.0.0.1:9 9 "$(printf '%032d' 1)" "$OTHER" 1
	run -1 git sk-daemon status
	run -0 git sk-daemon stop
	[ "$output" = "No daemon is running." ]
	kill -0 "$OTHER"
}

@test "daemon: a process that is no daemon is not signalled" {
	other sleep 60
	state_file http://127.0.0.1:9 9 "$(printf '%032d' 1)" "$OTHER" \
		"$(start_of "$OTHER")"
	run -0 git sk-daemon stop
	kill -0 "$OTHER"
}

@test "daemon: another program's daemon is named and left alone" {
	other sleep 60
	# without a token, as spec-kitty may write it
	state_file http://127.0.0.1:9400 9400 "$OTHER"
	run -1 git sk-daemon status
	[[ $output == "Another program's daemon is running"* ]]
	run -2 --separate-stderr git sk-daemon start
	[[ $stderr == *"another program's daemon is running as process $OTHER"* ]]
	[[ $stderr == *"hint: "* ]]
	run -2 git sk-daemon run
	run -2 git sk-daemon stop
	kill -0 "$OTHER"
	[ "$(sed -n 3p "$STATE")" = "$OTHER" ]
	# once it has ended, nothing is in the way
	kill "$OTHER"
	wait_for is_gone "$OTHER"
	git sk-daemon start
}

# freeze <pid>: stop it, and wait until each of its threads has stopped.
freeze() {
	kill -STOP "$1"
	is_frozen() {
		! sed 's/.*) //' /proc/"$1"/task/*/stat | grep -qv '^T'
	}
	wait_for is_frozen "$1"
}

@test "daemon: a file that others can read is not believed" {
	git sk-daemon start
	freeze "$(daemon_pid)"
	chmod 644 "$STATE"
	run -1 --separate-stderr git sk-daemon status
	[[ $stderr == *"can be read by others"*"chmod 600"* ]]
	chmod 600 "$STATE"
	kill -CONT "$(daemon_pid)"
}

@test "daemon: one that hangs is running, and does not answer" {
	git sk-daemon start
	pid=$(daemon_pid)
	freeze "$pid"
	run -0 --separate-stderr git sk-daemon status --json
	[ "$(jq -c '[.running, .answers]' <<<"$output")" = '[true,false]' ]
	[[ $stderr == "warning: "* ]]
	kill -CONT "$pid"
}

@test "daemon: SIGTERM, SIGINT and SIGHUP end it properly" {
	local signal

	for signal in TERM INT HUP; do
		git sk-daemon start
		pid=$(daemon_pid)
		kill -s "$signal" "$pid"
		wait_for is_gone "$pid"
		[ ! -e "$STATE" ]
	done
	[ "$(grep -c 'ended: asked to' "$LOG")" -eq 3 ]
}

@test "daemon: the log is rotated" {
	mkdir -p "$GIT_SK_HOME"
	head -c 300000 /dev/zero | tr '\0' x >"$LOG"
	git sk-daemon start
	[ "$(stat -c %s "$LOG.1")" -eq 300000 ]
	[ "$(stat -c %s "$LOG")" -lt 1000 ]
}

@test "daemon: slow and many connections keep nobody else out for long" {
	local i

	git sk-daemon start
	port=$(sed -n 2p "$STATE")
	for ((i = 0; i < 20; i++)); do
		(
			exec 4<>"/dev/tcp/127.0.0.1/$port"
			printf 'GET /api/health HTTP/1.1\r\nHost' >&4
			exec sleep 60
		) 3>&- &
		SK_OTHERS+=("$!")
	done
	all_are_connected() { # 01: established
		[ "$(grep -c "$(printf '[^:]*: 0100007F:%04X [^ ]* 01 ' "$port")" \
			/proc/net/tcp)" -eq 20 ]
	}
	wait_for all_are_connected
	answers() {
		[[ $(curl -s -m 2 "$(url)/api/health") == *'"ok"'* ]]
	}
	wait_for answers
}

@test "daemon: install-unit writes a unit and says what to run" {
	UNIT=$HOME/.config/systemd/user/git-sk-daemon.service
	run -0 --separate-stderr git sk-daemon install-unit
	[[ $output == "Wrote $UNIT."*"systemctl --user enable --now"* ]]
	grep -qx "ExecStart=\"$BUILD/bin/git-sk-daemon\" run" "$UNIT"
	grep -qx "Environment=\"GIT_SK_HOME=$GIT_SK_HOME\"" "$UNIT"
	if command -v systemd-analyze >/dev/null; then
		run systemd-analyze --user verify "$UNIT"
		[[ $output != *git-sk-daemon.service:* ]]
	fi
	git sk-daemon install-unit
	mkdir -p "${UNIT%/*}/default.target.wants"
	ln -s "$UNIT" "${UNIT%/*}/default.target.wants/"
	run -0 git sk-daemon install-unit --remove
	[ ! -e "$UNIT" ]
	[ ! -L "${UNIT%/*}/default.target.wants/${UNIT##*/}" ]
	run -0 git sk-daemon install-unit --remove
	[ "$output" = "Nothing to remove." ]
}

@test "daemon: install-unit quotes what systemd would read as its own" {
	export GIT_SK_HOME="$HOME/a %h \$b \"c\" \\d"
	git sk-daemon install-unit
	grep -qxF "Environment=\"GIT_SK_HOME=$HOME/a %%h \$\$b \\\"c\\\" \\\\d\"" \
		"$HOME/.config/systemd/user/git-sk-daemon.service"
}

@test "daemon: a unit of somebody else is not touched" {
	UNIT=$HOME/.config/systemd/user/git-sk-daemon.service
	mkdir -p "${UNIT%/*}"
	echo '# mine' >"$UNIT"
	run -128 --separate-stderr git sk-daemon install-unit
	[[ $stderr == *"was written by somebody else"* ]]
	run -128 git sk-daemon install-unit --remove
	[ "$(<"$UNIT")" = '# mine' ]
}

@test "daemon: usage and output errors have their statuses" {
	run -129 --separate-stderr git sk-daemon
	run -129 --separate-stderr git sk-daemon frob
	run -129 --separate-stderr git sk-daemon start --frob
	run -129 --separate-stderr git sk-daemon start now
	run -0 --separate-stderr git sk-daemon -h
	git sk-daemon start
	run -128 --separate-stderr bash -c 'git sk-daemon status >/dev/full'
}
