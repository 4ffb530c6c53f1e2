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

queue_is_empty() {
	[ "$(git sk-sync status --json | jq .depth)" = 0 ]
}

@test "readme: five minutes, word by word, in an empty folder" {
	[ -z "$(ls -A)" ]
	[ -f "$BATS_TEST_TMPDIR/lines.8" ]
	[ ! -f "$BATS_TEST_TMPDIR/lines.9" ]

	type_lines 1
	SK_SERVERS+=("$!")
	wait_for grep -qx "$SERVER" "$BATS_TEST_TMPDIR/said.1"

	type_lines 2
	[[ $(said 2) == *"Hooks are in place in "* ]]
	[[ $(said 2) == *"Logged in as dev at $SERVER" ]]

	type_lines 3
	[[ $(said 3) == *"The plan of login-"*" is committed on main." ]]
	type_lines 4
	[[ $(said 4) == *"1 work package of login-"*" finalized: "* ]]
	type_lines 5
	[[ $PWD == */.worktrees/login-*-lane-a ]]
	[[ $(said 5) == *"WP01: in_progress -> for_review, committed on main"* ]]
	type_lines 6
	[[ $(said 6) == *"WP01: "*" -> approved, committed on main"* ]]
	[ -z "$(git status --porcelain)$(git -C ../.. status --porcelain)" ]
	type_lines 7
	[[ $(said 7) == *"1 of 1 done, 100%, on main"* ]]
	run -1 grep -e warning -e error -e hint "$BATS_TEST_TMPDIR"/said.[3-7]
	[ -z "$(git status --porcelain)" ]
	[ "$(cat form/login.html)" = '<form>' ]
	[ "$(git branch --format='%(refname:short)')" = main ]
	[ -z "$(ls .worktrees)" ]
	# without a further command
	wait_for sent 7
	[ "$(server_query "SELECT data FROM events
		WHERE event_type = 'WPStatusChanged' ORDER BY seq" |
		jq -r '.payload | "\(.wp_id) \(.actor) \(.to_lane)"')" = \
		"WP01 finalize-tasks planned
WP01 ada doing
WP01 ada doing
WP01 ada for_review
WP01 bob for_review
WP01 bob done
WP01 merge done" ] # as the server calls claimed, in_review, approved

	type_lines 8
	[[ $(said 8) == *"Server:         $SERVER
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
	[ "$(transitions)" = 1 ]
	# the way without an event log
	mkdir -p kitty-specs/001-old/tasks
	printf -- '---\nwork_package_id: WP01\nlane: planned\n---\n' \
		>kitty-specs/001-old/tasks/WP01.md
	git add . && git commit -q -m old
	[ "$(transitions)" = 2 ]
	run -0 git sk-setup --remove
	[ "$(cd .git/hooks && ls -l --time-style=+)" = "$before" ]
}
