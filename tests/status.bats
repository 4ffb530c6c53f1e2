#!/usr/bin/env bats
# git sk-sync status: what is in the queue, and with --check what is around it.

load helper
load fault

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

# probe: the line of status --check that says what the server says.
probe() {
	git sk-sync status --check | sed -n 's/^Server probe  *//p'
}

@test "status: retries in three classes, ready, held and parked" {
	start_fault ok
	seed 6
	query "UPDATE queue SET retry_count = 2 WHERE id IN (2, 3);
		UPDATE queue SET retry_count = 4 WHERE id = 4;
		UPDATE queue SET retry_count = 9 WHERE id = 5"
	git sk-sync retry "$(id 0)" || true
	query "INSERT INTO sk_parked(event_id, event_type, data, size_bytes)
		VALUES('P', 't', 'x', 1)"
	run -0 --separate-stderr git sk-sync status
	[[ $output == *'Depth:          6  (5 ready, 1 held), and 1 parked'* ]]
	[[ $output == *$'\n  0 retries:                   2\n'* ]]
	[[ $output == *$'\n  1-3 retries:                 2\n'* ]]
	[[ $output == *$'\n  4+ retries:                  2\n'* ]]
	[[ $output != *'#'* ]]
}

@test "status: the next attempt, and what it waits for" {
	seed 1
	run -0 git sk-sync status
	[[ $output == *"Next attempt:   after a login: run 'git sk-auth login'"* ]]
	start_fault 'header Retry-After: 120' 'status 503'
	run -0 git sk-sync status
	[[ $output != *'Next attempt:'* ]]
	seed 1 7
	git sk-sync migrate --adopt
	git config --global sk.flush background
	run -0 git sk-sync status
	[[ $output == *"Next attempt:   with the next commit"* ]]
	run -1 git sk-sync now
	run -0 git sk-sync status
	[[ $output == *'Failures:       1 in a row, the last: server_error:'* ]]
	[[ $output == *'Next attempt:   in '* ]]
}

@test "status: on a terminal counts have bars" {
	start_fault ok
	seed 4
	query 'UPDATE queue SET retry_count = 1 WHERE id = 1'
	run -0 script -qec 'git sk-sync status' /dev/null
	[[ $output == *'0 retries:'*'3  ########################################'* ]]
	[[ $output == *'1-3 retries:'*'1  ##############'* ]]
}

# on_terminal <columns> <command>: what it writes to a terminal.
on_terminal() {
	script -qec "stty cols $1; $2" /dev/null | tr -d '\r'
}

@test "status: bars end where the terminal does" {
	local columns

	start_fault ok
	seed 4
	query 'UPDATE queue SET retry_count = 1 WHERE id = 1'
	for columns in 40 80 100; do
		on_terminal "$columns" 'git sk-sync status' | grep '#' >bars
		[ "$(wc -L <bars)" = $((columns - 1)) ]
	done
	on_terminal 500 'git sk-sync status' | grep '#' >bars
	[ "$(wc -L <bars)" = 114 ]
	on_terminal 500 'COLUMNS=50 git sk-sync status' | grep '#' >bars
	[ "$(wc -L <bars)" = 49 ]
	on_terminal 20 'git sk-sync status' >text
	run -1 grep '#' text
}

@test "status: colours are for terminals that want them" {
	local green=$'\e[32m' yellow=$'\e[33m' red=$'\e[1;31m' end=$'\e[m'
	local prefix

	export TERM=xterm
	start_fault ok
	seed 2
	git sk-sync retry "$(id 0)" || true # makes the tables of ours
	query "UPDATE queue SET retry_count = 9 WHERE id = 1;
		INSERT INTO sk_parked(event_id, event_type, data, size_bytes)
		VALUES('P', 't', 'x', 1)"
	run -0 on_terminal 80 'git sk-sync status --check'
	[[ $output == *"2  (${green}1 ready$end, ${yellow}1 held$end), and ${red}1 parked$end"* ]]
	[[ $output == *"Server probe            ${green}Connected$end "* ]]
	for prefix in 'NO_COLOR=1' 'TERM=dumb' 'env -u TERM'; do
		run -0 on_terminal 80 "$prefix git sk-sync status --check"
		[[ $output == *'(1 ready, 1 held), and 1 parked'* ]]
		[[ $output != *$'\e'* ]]
	done
	for prefix in never false ''; do
		git config --global color.ui "$prefix"
		run -0 on_terminal 80 'git sk-sync status'
		[[ $output != *$'\e'* ]]
	done
	git config --global color.ui auto
	run -0 on_terminal 80 'git sk-sync status'
	[[ $output == *$'\e'* ]]
	run -0 git sk-sync status --check
	[[ $output != *$'\e'* ]]
	git config --global color.ui always
	run -0 git sk-sync status
	[[ $output == *$'\e'* ]]
	run -0 git sk-sync status --porcelain
	[[ $output != *$'\e'* ]]
}

@test "status: plain ASCII where the locale has nothing else" {
	start_fault ok
	[ "$(LC_ALL=C probe)" = 'Connected - the server knows this login' ]
	[ "$(LC_ALL=C.UTF-8 probe)" = 'Connected — the server knows this login' ]
}

# next: what the status says of the next attempt.
next() {
	git sk-sync status 2>/dev/null | sed -n 's/^Next attempt:  *//p'
}

@test "status: nothing is promised that a setting forbids" {
	start_fault ok
	seed 1
	git config --global sk.flush background
	[[ $(next) == 'with the next commit'* ]]
	git config --global sk.flush off
	[ "$(next)" = \
		"not after a commit: sk.flush is off; run 'git sk-sync now'" ]
	git config --global sk.sync no
	[ "$(next)" = \
		"none: sk.sync is 'no'; run 'git config --global sk.sync true'" ]
	[ "$(member sync)" = false ]
	git init -q
	[ "$(next)" = "none: sk.sync is 'no'; run 'git config sk.sync true'" ]
	git config sk.sync true
	[[ $(next) == 'not after a commit'* ]]
	export SPEC_KITTY_ENABLE_SAAS_SYNC=0
	[ "$(next)" = "none: SPEC_KITTY_ENABLE_SAAS_SYNC is '0'; run 'unset SPEC_KITTY_ENABLE_SAAS_SYNC'" ]
}

@test "status: sk.flush that makes no sense is an error" {
	git config --global sk.flush sometimes
	run -128 --separate-stderr git sk-sync status
	[ -z "$output" ]
	[[ $stderr == *"sk.flush is 'sometimes'"*'hint: set it to '* ]]
}

@test "status: a repository that was never set up is told so" {
	local line="warning: this repository is not set up: run 'git sk-setup'"

	start_fault ok
	run -0 --separate-stderr git sk-sync status
	[ -z "$stderr" ]
	[ "$(member repository)" = null ]
	git init -q
	run -0 --separate-stderr git sk-sync status
	[ "$stderr" = "$line" ]
	[[ $output == 'Server: '* ]]
	run -0 --separate-stderr git sk-sync status --json
	[ -z "$stderr" ]
	[ "$(jq -r .repository <<<"$output")" = not-set-up ]
	run -0 --separate-stderr git sk-sync now
	[ -z "$output" ]
	[ "$stderr" = "$line" ]
	# what others queued is sent all the same
	seed 1
	run -0 --separate-stderr git sk-sync now
	[[ $output == 'Synced: 1,'* ]]
	[ "$stderr" = "$line" ]
	git sk-setup >/dev/null
	run -0 --separate-stderr git sk-sync now
	[ "$output" = 'Queue is empty, nothing to sync.' ]
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-sync status
	[ -z "$stderr" ]
	[ "$(member repository)" = set-up ]
}

# lines_of <document>: what --porcelain has to print for it.
lines_of() {
	jq -r 'paths(type != "object" and type != "array" and . != null) as $p |
		($p | map(if type == "number" then . + 1 else . end) |
		map(tostring) | join(".")) + " " + (getpath($p) | tostring)' \
		<<<"$1"
}

@test "status: --porcelain has the members of --json, line by line" {
	start_fault 'header Retry-After: 120' 'status 503'
	diff <(lines_of "$(git sk-sync status --json)") \
		<(git sk-sync status --porcelain)
	seed 8
	git sk-sync now || true
	query "UPDATE queue SET retry_count = 9 WHERE id > 5;
		UPDATE sk_state SET value = 4000000000000
			WHERE key = 'next_attempt_ms'"
	query "INSERT INTO sk_parked(event_id, event_type, data, size_bytes)
		VALUES('P', 't', 'x', 1)"
	# the age may be another a second later
	diff <(lines_of "$(git sk-sync status --json)" | grep -v '^oldest_') \
		<(git sk-sync status --porcelain | grep -v '^oldest_')
	run -0 --separate-stderr git sk-sync status --porcelain
	[ "${lines[0]}" = 'schema_version 1' ]
	[[ $output == *$'\ndepth 8\nready 5\nheld 3\nparked 1\n'* ]]
	[[ $output == *$'\nretries.4+ 3\n'* ]]
	[[ $output == *$'\nstuck.4.event_id P\n'* ]]
}

@test "status: --porcelain is one line a member, and -z is as it is" {
	start_fault ok
	seed 1
	query "UPDATE queue SET event_type = 'a b' || char(10) || 'depth 9',
		retry_count = 9"
	run -0 --separate-stderr git sk-sync status --porcelain
	[ "$(grep -c '^depth ' <<<"$output")" = 1 ]
	[[ $output == *$'\ntypes.a b\\ndepth 9 1\n'* ]]
	git sk-sync status -z >raw
	[ "$(tr '\0\n' '\n.' <raw | grep -cx 'types.a b.depth 9 1')" = 1 ]
	[ "$(head -c 17 raw | tr '\0' .)" = 'schema_version 1.' ]
	# the age may be another a second later
	cmp <(grep -azv '^oldest_' raw) \
		<(git sk-sync status --porcelain -z | grep -azv '^oldest_')
}

@test "status: forms exclude each other" {
	local options

	while read -r options; do
		# shellcheck disable=SC2086 # words
		run -129 --separate-stderr git sk-sync status $options
		[[ -z $output || $options == *--json* ]]
		[[ $stderr == *'exclude each other'* ]]
	done <<-END
		--json --porcelain
		--json -z
		--check --porcelain
		--check -z
	END
}

@test "status: lines that cannot be written are an error" {
	run -128 --separate-stderr sh -c 'git sk-sync status -z >/dev/full'
	[[ $stderr == *'cannot write standard output'* ]]
}

@test "status: the identity block has its lines in their order" {
	start_fault ok
	git sk-sync status --check | sed -n '/^Identity Boundary$/,$p' >block
	cut -c -26 block | sed 's/ *$//' >keys
	diff -u - keys <<-END
		Identity Boundary
		Foreground:
		  Package version
		  Executable path
		  Source path
		  Server URL
		  Team/User
		  Queue DB path
		Daemon owner record:
		  Status
		  PID
		  Port
		  Package version
		  Executable path
		  Source path
		  Server URL
		  Team/User
		  Queue DB path
		Active queue:
		  Path
		  Event count
		  Body upload cnt
		Legacy queue:
		  Path
		  Event count
		  Body upload cnt
		  Rows in scope
		Mismatches              0
		Orphan records          0
		Legacy queue rows       0
		Mismatched fields       no
		Orphan daemon records   0
		Server probe            Co
	END
	grep -qx "  Server URL              $SERVER" block
	grep -qx "  Team/User               dev/team" block
	grep -qx "  Queue DB path           $(member queue)" block
	grep -qx '  Status                  absent' block
}

@test "status: what the server says of this login" {
	local script want

	start_fault ok
	[[ $(probe) == Connected* ]]
	run -0 git sk-sync status --check
	while IFS='|' read -r script want; do
		restart_fault "health: $script"
		run -1 git sk-sync status --check
		[[ $(probe) == "$want"* ]]
	done <<-END
		status 401|Expired — run git sk-auth login
		status 403|No permission
		status 502|Unavailable — queued events are safe (HTTP 502)
		status 503|Unavailable — queued events are safe (HTTP 503)
		status 504|Unavailable — queued events are safe (HTTP 504)
		status 500|Unexpected
		status 200 <html>|Unexpected
		redirect 302 http://127.0.0.1:1/|Unexpected
		reset|Unreachable — queued events are safe
	END
	kill "$FAULT_PID" && wait "$FAULT_PID" || true
	[[ $(probe) == 'Unreachable — queued events are safe'* ]]
	git sk-auth logout
	run -1 git sk-sync status --check
	[ "$(probe)" = 'Not authenticated — run git sk-auth login' ]
}

@test "status: an older server is asked by an empty batch" {
	start_fault 'status 400 {"error": "No events provided"}'
	restart_fault 'health: status 404' \
		'status 400 {"error": "No events provided"}'
	[[ $(probe) == Connected* ]]
	restart_fault 'health: status 405' 'status 401' 'refresh: status 401'
	[[ $(probe) == Expired* ]]
}

@test "status: the token is renewed before the server is asked" {
	start_ingestd
	log_in
	sed -i 's/access_expires_at = "20[0-9][0-9]/access_expires_at = "2020/' \
		"$GIT_SK_HOME/credentials"
	[[ $(probe) == Connected* ]]
	# one that the server has forgotten is renewed as well
	sed -i 's/^access = .*/access = "forgotten"/' "$GIT_SK_HOME/credentials"
	run -0 git sk-sync status --check
}

@test "status: the document of --check is as its schema says" {
	start_fault ok
	run -0 git sk-sync status --check --json
	[ "${#lines[@]}" = 1 ]
	has_shape check "$output"
	git sk-auth logout
	run -1 git sk-sync status --check --json
	has_shape check "$output"
	log_in
	mkdir -p "$GIT_SK_HOME/sync/daemon"
	echo '{"pid": 3}' >"$GIT_SK_HOME/sync/daemon/owner.json"
	run -2 git sk-sync status --check --json
	has_shape check "$output"
	jq '.foreground | {auth_principal: "x", auth_team: null, auth_scope: null,
		executable_path, package_version, pid: 1, port: 9400,
		queue_db_path, server_url, source_checkout_path: .source_path,
		started_at: (now | todate), token: "t"}' <<<"$output" \
		>"$GIT_SK_HOME/sync/daemon/owner.json"
	run -2 git sk-sync status --check --json
	has_shape check "$output"
	[ "$(jq '.mismatches + .orphan_records | length' <<<"$output")" -gt 0 ]
	sed -i 's/"pid": 1,/"pid": 4194309,/' \
		"$GIT_SK_HOME/sync/daemon/owner.json"
	run -2 git sk-sync status --check --json
	has_shape check "$output"
	[ "$(jq '.orphan_records | length' <<<"$output")" = 1 ]
}

@test "status: a run that was refused prints the preflight, of the same shape" {
	start_fault ok
	seed 1
	run -0 --separate-stderr git sk-sync now --json
	[ "$(jq -c '[.error, .preflight]' <<<"$output")" = '[null,null]' ]
	mkdir -p "$GIT_SK_HOME/sync/daemon"
	echo '{' >"$GIT_SK_HOME/sync/daemon/owner.json"
	run -2 --separate-stderr git sk-sync now --json
	[[ $(jq -r .error <<<"$output") == *'a damaged owner record'* ]]
	has_shape preflight "$(jq .preflight <<<"$output")"
	[[ $(jq -r '.preflight | [.ok, .owner_record_error] | @text' \
		<<<"$output") == *false*owner.json*damaged* ]]
}

# has_shape <definition> <document>: that the document is what the definition
# of docs/preflight.schema.json says: the members required, no others, and the
# types of them all.
has_shape() {
	jq -en --argjson doc "$2" --arg name "$1" \
		--slurpfile root "$TOP/docs/preflight.schema.json" '
		def named: if has("$ref") then
			$root[0]["$defs"][.["$ref"] | split("/")[-1]] | named
			else . end;
		def types: .type | if type == "array" then . else [.] end;
		def kind: if type == "number" and . == floor then "integer"
			else type end;
		def check($s; $at): . as $v | ($s | named) as $s |
			if ($s | has("type")) and
				($s | types | index($v | kind) | not)
			then "\($at): is \($v | kind)" else empty end,
			if ($s | has("enum")) and ($s.enum | index([$v]) | not)
			then "\($at): is \($v)" else empty end,
			if ($v | type) == "object" then
				($s.required // [] | .[] | . as $k |
				select($v | has($k) | not) |
				"\($at).\($k): is missing"),
				($v | keys[] | . as $k |
				if $s.properties | has($k) then
				$v[$k] | check($s.properties[$k]; "\($at).\($k)")
				else "\($at).\($k): is not in the schema" end)
			elif ($v | type) == "array" then
				$v[] | check($s.items; "\($at)[]")
			else empty end;
		[$doc | check($root[0]["$defs"][$name]; $name)] |
		if . == [] then true else error(join("; ")) end'
}
