#!/usr/bin/env bats
# The identity boundary: who may send, and what is said to who may not.

load helper
load fault

setup() {
	sk_setup
	OWNER=$GIT_SK_HOME/sync/daemon/owner.json
}

teardown() {
	[ -z "$SLEEPER" ] || kill "$SLEEPER"
	sk_teardown
}

# owner [<jq filter>]: a record of a live process that is like us in all
# fields, changed by the filter.
owner() {
	if [ -z "$SLEEPER" ]; then
		sleep 60 3>&- &
		SLEEPER=$!
	fi
	(umask 077 && mkdir -p "${OWNER%/*}")
	git sk-sync status --check --json >check.json || true
	jq --argjson pid "$SLEEPER" --argjson start "$(start_of "$SLEEPER")" \
		'.foreground | {auth_principal: (.team_or_user // "" |
			split("/")[0]), auth_team: (.team_or_user // "" |
			split("/")[1]), auth_scope: null,
			executable_path, package_version, pid: $pid,
			pid_start: $start, port: 9400, queue_db_path,
			server_url: (.server_url // ""),
			source_checkout_path: .source_path,
			started_at: "2026-05-25T07:16:00+00:00",
			token: "hush-hush"}' check.json |
		jq -S "${1:-.}" >"$OWNER"
}

# check [<filter>]: of the document of status --check.
check() {
	git sk-sync status --check --json | jq -c "${1:-.}"
}

# as_golden: what is printed, without what differs from machine to machine.
as_golden() {
	sed -E -e 's/(here   ).*/\1<ours>/' -e "s/process [0-9]+/process <pid>/" \
		-e "s/'kill [0-9]+'/'kill <pid>'/" -e 's/^  \.\.\..*: /  ...: /'
}

@test "boundary: an owner like us is no obstacle" {
	start_fault ok
	owner
	run -0 --separate-stderr git sk-sync status --check
	[[ $output == *'Connected'* ]]
	[ "$(check '[.ok, .exit_code, .daemon_owner_record.status]')" = \
		'[true,0,"present"]' ]
	seed 2
	git sk-sync now
	[ "$(arrived)" = 2 ]
}

@test "boundary: each field alone is refused, by its name" {
	local field key value shown

	start_fault ok
	seed 1
	while read -r field key value shown; do
		owner ".$key = \"$value\""
		run -2 --separate-stderr git sk-sync now
		[ -z "$output" ]
		[ "${stderr_lines[0]}" = \
			'Sync boundary refused: 1 field differs.' ]
		run -2 git sk-sync status --check --json
		jq -e --arg field "$field" --arg value "${shown:-$value}" \
			'(.mismatches | length) == 1 and
			(.mismatches[0] | .field == $field and
			.daemon_value == $value and
			.foreground_value != $value and
			(.remediation_hint | contains("git sk-"))) and
			.ok == false and .exit_code == 2' <<<"$output"
		run -2 git sk-sync status --check
		[[ $output == *"Mismatches              1"* ]]
		[[ $output == *"Mismatched fields       $field"* ]]
		git sk-sync flush
	done <<-END
		daemon_package_version package_version 9.9
		daemon_executable_path executable_path $(readlink -f /bin/sh)
		daemon_source_path source_checkout_path /elsewhere
		daemon_server_url server_url https://elsewhere
		daemon_team_or_user auth_principal someone someone/team
		daemon_queue_db_path queue_db_path /elsewhere.db
	END
	[ -z "$(batches)" ]
	grep -q 'sync.identity_boundary_refused' \
		"$GIT_SK_HOME/sync/flush.log"
}

@test "boundary: everything at once, as it is in the golden file" {
	start_fault ok
	owner '.package_version = "9.9" | .executable_path = "/bin/sleep" |
		.source_checkout_path = "/elsewhere" |
		.server_url = "https://elsewhere" |
		.auth_principal = "someone" | .queue_db_path = "/elsewhere.db"'
	run -2 --separate-stderr git sk-sync now
	as_golden <<<"$stderr" | sed 's,/usr/bin/sleep,/bin/sleep,' >all
	diff -u "$TOP/tests/data/boundary-all.txt" all
	owner 'del(.pid_start) | .started_at = (now | todate) |
		.package_version = "3.2.0"'
	run -2 --separate-stderr git sk-sync now
	as_golden <<<"$stderr" >foreign
	diff -u "$TOP/tests/data/boundary-foreign.txt" foreign
}

@test "boundary: a sender that is not a daemon is waited for, not restarted" {
	start_fault ok
	owner '.port = 0 | .auth_principal = "someone"'
	run -2 --separate-stderr git sk-sync now
	[[ $stderr == *"try again when process $SLEEPER has finished"* ]]
	[[ $stderr != *restart-daemon* ]]
}

@test "boundary: an orphan of another program is refused, and shown whole" {
	start_fault ok
	seed 1
	owner 'del(.pid_start) | .pid = 4194304 + 3'
	run -2 --separate-stderr git sk-sync now
	as_golden <<<"$stderr" >orphan
	diff -u "$TOP/tests/data/boundary-orphan.txt" orphan
	run -2 git sk-sync status --check --json
	jq -e '.orphan_records[0].pid == 4194307 and
		.orphan_records[0].token == "<redacted>" and
		.daemon_owner_record.status == "orphan" and
		.mismatches == []' <<<"$output"
	run -2 git sk-sync status --check
	[[ $output == *$'\nOrphan records          1\n'* ]]
	[ -e "$OWNER" ]
}

@test "boundary: a program that is gone makes an orphan too" {
	start_fault ok
	owner '.executable_path = "/nonexistent/git-sk-daemon"'
	[ "$(check .daemon_owner_record.status)" = '"orphan"' ]
}

@test "boundary: a reused process id is not taken for a live owner" {
	start_fault ok
	seed 1
	owner '.pid_start += 1 | .package_version = "9.9"'
	run -2 git sk-sync status --check
	[[ $output == *"process $SLEEPER is another program's now"* ]]
	# our own kind left it: whoever has the lease replaces it
	git sk-sync now
	[ "$(arrived)" = 1 ]
	[ ! -e "$OWNER" ]
	# without its start time, the time of the record tells
	owner 'del(.pid_start)'
	[ "$(check .daemon_owner_record.status)" = '"orphan"' ]
}

@test "boundary: a damaged record is named, and not called absent" {
	start_fault ok
	seed 1
	mkdir -p "${OWNER%/*}"
	printf '{"pid": 7' >"$OWNER"
	run -2 --separate-stderr git sk-sync now
	[ "${stderr_lines[0]}" = \
		'Sync boundary refused: a damaged owner record.' ]
	[[ $stderr == *"git sk-doctor orphan-daemons"* ]]
	[ "$(check .daemon_owner_record.status)" = '"corrupt"' ]
	[[ $(check .owner_record_error) == *owner.json*damaged* ]]
	owner 'del(.port)'
	[[ $(check .owner_record_error) == *"'port' is missing"* ]]
	[ -z "$(batches)" ]
}

@test "boundary: legacy rows of both classes are counted and refused" {
	start_fault ok
	git sk-auth logout
	seed 2
	sqlite3 "$GIT_SK_HOME/queue.db" "$(<"$TOP/tests/data/bodies.sql")"
	log_in
	seed 1 10
	run -2 --separate-stderr git sk-sync now
	as_golden <<<"$stderr" >legacy
	diff -u "$TOP/tests/data/boundary-legacy.txt" legacy
	[ "$(check '.legacy_queue | [.event_count, .body_upload_count,
		.rows_in_scope]')" = '[2,1,3]' ]
	run -2 git sk-sync status --check
	[[ $output == *'Legacy queue rows       2 event(s), 1 body upload(s)'* ]]
	[[ $output == *'  Rows in scope           3'* ]]
	[ -z "$(batches)" ]
	# the advice works
	git sk-sync migrate --adopt
	git sk-sync now
	[ "$(arrived)" = 3 ]
	run -0 git sk-sync status --check
}

@test "boundary: nobody logged in is said as that" {
	run -1 git sk-sync status --check
	[[ $output == *'Not authenticated — run git sk-auth login'* ]]
	[ "$(check '[.ok, .exit_code, .auth_present, .auth_required]')" = \
		'[false,1,false,true]' ]
	SPEC_KITTY_ENABLE_SAAS_SYNC=0 run -0 git sk-sync status --check --json
	[ "$(jq -c '[.ok, .auth_required]' <<<"$output")" = '[true,false]' ]
	# what waits is no legacy: it is where it belongs
	seed 4
	[ "$(check .legacy_queue.rows_in_scope)" = 0 ]
	run -2 --separate-stderr git sk-sync migrate
	[[ $stderr == *"hint: run 'git sk-auth login'" ]]
}

@test "boundary: looking changes nothing" {
	start_fault ok
	git sk-auth logout
	seed 2
	log_in
	owner '.pid_start += 1'
	find "$GIT_SK_HOME" -type f ! -name '*-shm' ! -name '*-wal' \
		-exec sha256sum {} + | sort >before
	git sk-sync status --check --json || true
	git sk-sync status --check || true
	git sk-sync status
	git sk-sync migrate --dry-run --adopt
	find "$GIT_SK_HOME" -type f ! -name '*-shm' ! -name '*-wal' \
		-exec sha256sum {} + | sort >after
	diff before after
}

@test "boundary: a legacy queue that cannot be read is not an empty one" {
	start_fault ok
	printf 'not a database, and longer than its header is: %0100d' 0 \
		>"$GIT_SK_HOME/queue.db"
	run -128 --separate-stderr git sk-sync status --check --json
	[[ $(jq -r .error <<<"$output") == *"is not a readable database"* ]]
	[[ $stderr == *"queue.db' is not a readable database"* ]]
	run -128 --separate-stderr git sk-sync now
}

@test "boundary: a sender is in the record while it sends, not after" {
	start_fault 'delay 1500 ok' ok
	seed 1
	git-sk-sync now 3>&- &
	wait_for test -e "$OWNER"
	[ "$(jq .pid "$OWNER")" = $! ]
	[ "$(jq .pid_start "$OWNER")" = "$(start_of $!)" ]
	[ "$(stat -c %a "$OWNER")" = 600 ]
	[ "$(jq -S . "$OWNER" | sed 's/^ *//')" = "$(sed 's/^ *//' "$OWNER")" ]
	# the same kind of process finds nothing wrong with it
	[ "$(check '[.ok, .daemon_owner_record.status]')" = '[true,"present"]' ]
	run -0 git sk-sync now
	kill -TERM $!
	wait $! || true
	[ ! -e "$OWNER" ]
}

@test "boundary: a sender that was killed leaves no obstacle" {
	start_fault 'delay 1500 ok' ok
	seed 1
	git-sk-sync now 3>&- &
	wait_for test -e "$OWNER"
	kill -KILL $!
	wait $! || true
	[ -e "$OWNER" ]
	run -2 git sk-sync status --check
	[[ $output == *"run 'git sk-sync now', which replaces the record"* ]]
	git sk-sync now
	[ "$(arrived)" = 1 ]
	[ ! -e "$OWNER" ]
	run -0 git sk-sync status --check
}

@test "boundary: no token is shown anywhere" {
	start_fault ok
	owner '.package_version = "9.9"'
	run -2 git sk-sync now
	[[ $output != *hush-hush* ]]
	run git sk-sync status --check
	[[ $output != *hush-hush* ]]
	run git sk-sync status --check --json
	[[ $output != *hush-hush* ]]
	owner 'del(.pid_start) | .pid = 4194307'
	run git sk-sync status --check --json
	[[ $output == *redacted* ]]
	[[ $output != *hush-hush* ]]
}

@test "boundary: every path that moves rows or sends is told in the docs" {
	local file

	cd "$TOP"
	diff -u - <(grep -rlE 'sk_(clearance_take[a-z_]*|adopt_run)\(' \
		--include='*.c' lib bin server | grep -v '^lib/guard/' |
		LC_ALL=C sort) <<-END
		lib/command/authlogin.c
		lib/command/syncmigrate.c
		lib/deliver/sender.c
		lib/outbox/adopt.c
	END
	for file in 'sync now' 'sync flush' sk-daemon 'sync migrate' \
		'auth login' 'sync retry' 'sync backfill'; do
		grep -q "^| .*git sk-.*${file#sk-}" docs/boundary.md
	done
}

# changers: the files of the commands that call sk_after_change(), themselves or
# by a function of a part that they share.
changers() {
	local file after='sk_after_(change|edit)' called=sk_after_change

	for file in lib/command/*.c; do
		grep -qE "$after\(" "$file" || continue
		grep -q '^.\.name = ' "$file" && continue
		called+=$(sed -n 's/^[a-z].* \**\(sk_[a-z_]*\)(.*/|\1/p' \
			"$file" | tr -d '\n')
	done
	for file in lib/command/*.c; do
		grep -q '^.\.name = ' "$file" || continue
		! grep -qE "($called)\(" "$file" || echo "$file"
	done
}

@test "boundary: every command that changes a mission is told, with its gate" {
	local file row name

	cd "$TOP"
	for file in $(changers); do
		name=$(sed -n 's/^.\.name = "\(.*\)",$/\1/p' "$file")
		case ${file##*/} in
		mission*) name="git sk-mission $name" ;;
		task*) name="git sk-task $name" ;;
		esac
		echo "$name" | tee -a "$BATS_TEST_TMPDIR/changers"
		row=$(grep -F "| \`$name\` |" docs/boundary.md)
		[[ $row == *'`sk_after_change()`'* ]]
		# to begin planning is to ask
		if grep -qE 'sk_(gate_change|planning_begin)\(' "$file"; then
			[[ $row == *'`sk_gate_change()`'* ]]
		else
			[[ $row != *'`sk_gate_change()`'* ]]
		fi
	done
	grep -q 'sk_gate_change(err)' lib/command/planning.c
	# and none is told of that does not
	diff -u <(sort "$BATS_TEST_TMPDIR/changers") \
		<(grep -F '`sk_after_change()` |' docs/boundary.md |
			sed 's/^| `\([^`]*\)`.*/\1/' | sort)
}
