#!/usr/bin/env bats
# The lines of README.md under "Five minutes", typed by somebody who has never
# seen git-sk: they are taken from the file, and only the port is another one.

load helper

setup() {
	sk_setup
	# a newcomer has not switched the senders off
	git config --global --unset sk.flush
	take_lines
}

teardown() {
	sk_teardown
	# shown when the test has failed
	tail -n +1 "$BATS_TEST_TMPDIR"/said.* 2>/dev/null || true
}

# take_lines: the n-th block of commands into $BATS_TEST_TMPDIR/lines.<n>.
take_lines() {
	local port

	port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	SERVER=http://127.0.0.1:$port
	SERVER_DB=$PWD/team.db
	awk -v to="$BATS_TEST_TMPDIR/lines." -v port="$port" '
		/^## / { here = $0 == "## Five minutes" }
		!here { next }
		/^    / { sub(/^    /, ""); gsub(/8765/, port)
			if (!inside) n++
			inside = 1; print >(to n); next }
		/./ { inside = 0 }' "$TOP/README.md"
}

# type_lines <n>: as in a shell that goes on; its output is in said.<n>. Not to
# be called where a failure has consequences: each line must succeed.
type_lines() {
	# shellcheck disable=SC1090
	. "$BATS_TEST_TMPDIR/lines.$1" >"$BATS_TEST_TMPDIR/said.$1" 2>&1 3>&-
}

# said <n>: what it printed.
said() {
	cat "$BATS_TEST_TMPDIR/said.$1"
}

# arrived <n>: are there n events on the server?
arrived() {
	[ "$(server_query 'SELECT count(*) FROM events')" = "$1" ]
}

queue_is_empty() {
	[ "$(git sk-sync status --json | jq .depth)" = 0 ]
}

@test "readme: five minutes, word by word, in an empty folder" {
	[ -z "$(ls -A)" ]
	[ -f "$BATS_TEST_TMPDIR/lines.5" ]
	[ ! -f "$BATS_TEST_TMPDIR/lines.6" ]

	type_lines 1
	SK_SERVERS+=("$!")
	wait_for grep -qx "$SERVER" "$BATS_TEST_TMPDIR/said.1"

	type_lines 2
	[[ $(said 2) == *"Hooks are in place in "* ]]
	[[ $(said 2) == *"Logged in as dev at $SERVER" ]]

	type_lines 3
	[ "$(sed -n 's/^lane: //p' kitty-specs/001-login/tasks/WP01.md)" = \
		planned ]
	run -1 grep -e warning -e error "$BATS_TEST_TMPDIR/said.3"

	type_lines 4
	run -1 grep -e warning -e error "$BATS_TEST_TMPDIR/said.4"
	# without a further command
	wait_for arrived 2
	[ "$(server_query 'SELECT data FROM events ORDER BY seq' |
		jq -r '.payload | "\(.wp_id) \(.from_lane) \(.to_lane)"')" = \
		"WP01 null planned
WP01 planned doing" ] # as the server calls claimed

	type_lines 5
	[[ $(said 5) == *"Server:         $SERVER
Account:        dev
"* ]]
	wait_for queue_is_empty
}

@test "readme: what is said below the five minutes is true as well" {
	type_lines 1
	SK_SERVERS+=("$!")
	wait_for grep -qx "$SERVER" "$BATS_TEST_TMPDIR/said.1"
	before=$(git init -q twin && cd twin/.git/hooks && ls -l --time-style=+)
	type_lines 2
	kill "${SK_SERVERS[0]}" && wait "${SK_SERVERS[0]}"
	git config sk.flush off # no sender that still tries
	type_lines 3
	type_lines 4
	# they wait
	[ "$(git sk-sync status --json | jq .depth)" = 2 ]
	run -0 git sk-setup --remove
	[ "$(cd .git/hooks && ls -l --time-style=+)" = "$before" ]
}
