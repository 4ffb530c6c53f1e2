#!/usr/bin/env bats
# git sk-doctor: sees what is wrong, says what to run, changes nothing.

load helper

setup() {
	sk_setup
	only_files
	OWNER=$GIT_SK_HOME/sync/daemon/owner.json
}

teardown() {
	git sk-daemon stop >/dev/null 2>&1
	sk_teardown
}

# doctor [<option>...]: the document in $output, its codes in $codes.
doctor() {
	run --separate-stderr git sk-doctor --json "$@"
	[ -z "$stderr" ]
	# the exit status is the answer, and every finding has something to do
	codes=$(jq -r --argjson status "$status" '
		if $status != (if .ok then 0 else 1 end) then
			error("status \($status)")
		elif .ok != (.findings == []) then
			error("ok and findings differ")
		elif all(.findings[]; .command or .advice) | not then
			error("nothing to do about a finding")
		else
			[.findings[].code] | join(" ")
		end' <<<"$output")
}

# the command of one finding
command_for() {
	jq -r --arg code "$1" \
		'first(.findings[] | select(.code == $code)).command' \
		<<<"$output"
}

# the message of one finding
message_of() {
	jq -r --arg code "$1" \
		'first(.findings[] | select(.code == $code)).message' \
		<<<"$output"
}

repository() {
	enter_repo
	git commit -q --allow-empty -m root
	git sk-setup >/dev/null
}

# owner <pid> <pid_start> <executable>: an owner record.
owner() {
	mkdir -p "${OWNER%/*}"
	chmod 700 "$GIT_SK_HOME"
	cat >"$OWNER" <<END
{
  "auth_principal": null, "auth_scope": null, "auth_team": null,
  "executable_path": "$3", "package_version": "0.1.0",
  "pid": $1, "pid_start": $2, "port": 9400, "queue_db_path": "/q",
  "server_url": "https://example.org", "source_checkout_path": "/s",
  "started_at": "2026-05-25T07:16:00+00:00", "token": "SECRET-TOKEN"
}
END
	chmod 600 "$OWNER"
}

@test "doctor: a fresh home has no problems, and none is made" {
	run -0 --separate-stderr git sk-doctor
	[ -z "$stderr" ]
	[[ $output == *"No problems were found." ]]
	[[ $output == *"git-sk          $(git-sk --version | cut -d " " -f 3)"* ]]
	[ ! -e "$GIT_SK_HOME" ]
	doctor
	[ "$status" -eq 0 ]
	[ "$(jq -r '.versions | keys_unsorted | join(" ")' <<<"$output")" = \
		"git_sk git libgit2 sqlite libcurl zlib cjson" ]
	[ "$(jq '[.versions[] | select(test("^[0-9]+\\.[0-9]"))] | length' \
		<<<"$output")" -eq 7 ]
	[ "$(jq .repository <<<"$output")" = null ]
}

@test "doctor: all well behind a delivery, and the server's clock is ours" {
	start_ingestd
	log_in
	repository
	mission 001-a
	git sk-sync now
	doctor
	[ "$codes" = "" ]
	[ "$(jq .server.status <<<"$output")" = 200 ]
	offset=$(jq .server.clock_offset_s <<<"$output")
	[ "$offset" -ge -2 ] && [ "$offset" -le 2 ]
	[ "$(jq -r '.queues[0] | [.is_active, .ready, .delivered] |
		join(" ")' <<<"$output")" = "true 0 1" ]
	[[ $(jq -r '.queues[0].last_delivery' <<<"$output") == 20* ]]
	run -0 git sk-doctor
	[[ $output == *"Last delivery   "*" ago"* ]]
}

@test "doctor: no secret is in what it says" {
	start_ingestd
	log_in
	repository
	git sk-daemon start
	git config sk.apiToken hidden-1
	git config sk.url https://user:hidden-2@example.org/x
	secrets=$(sed -n 's/^\(access\|refresh\) *= *"\(.*\)"/\2/p' \
		"$GIT_SK_HOME/credentials"; sed -n 3p "$GIT_SK_HOME/sync-daemon")
	[ "$(wc -l <<<"$secrets")" -ge 2 ]
	for form in "" --json; do
		run git sk-doctor $form
		for secret in $secrets hidden-1 hidden-2; do
			[[ $output != *"$secret"* ]]
		done
		[[ $output == *"https://<redacted>@example.org/x"* ]]
	done
}

@test "doctor: hooks are named with their owner, and whether git runs them" {
	repository
	printf '#!/bin/sh\n' >.git/hooks/pre-rebase
	printf '#!/bin/sh\n' >.git/hooks/commit-msg
	chmod 755 .git/hooks/pre-rebase
	doctor
	[ "$codes" = "" ]
	[ "$(jq -r '.repository.hooks[] | [.event, .owner, .is_run] |
		join(" ")' <<<"$output")" = "post-commit git-sk true
post-merge git-sk true
post-rewrite git-sk true
post-checkout git-sk true
pre-merge-commit git-sk true
pre-push git-sk true
commit-msg another program false
pre-rebase another program true" ]
	run -0 git sk-doctor
	[[ $output == *"commit-msg      another program's; git does not run it"* ]]
}

@test "doctor: pre-commit is missed where there is a lane" {
	repository
	printf '#!/bin/sh\n' >.git/hooks/pre-commit
	doctor
	[ "$codes" = "" ]
	[[ $output == *'"event": "pre-commit", "owner": "another program"'* ]]
	git branch kitty/mission-001-a-lane-a
	doctor
	[ "$codes" = hooks_missing ]
	[[ $output == *"1 of 7 hooks of git-sk are not run by git"* ]]
	[ "$(jq '[.repository.hooks[] | select(.event == "pre-commit")] |
		length' <<<"$output")" = 1 ]
}

@test "doctor: hooks that git does not run any more are a finding" {
	repository
	rm .git/hooks/post-merge
	doctor
	[ "$codes" = hooks_missing ]
	[ "$(command_for hooks_missing)" = "git sk-setup" ]
	eval "$(command_for hooks_missing)"
	doctor
	[ "$codes" = "" ]
	# another tool takes the hooks over, in this repository and everywhere
	mkdir .husky
	git config core.hooksPath .husky
	doctor
	[ "$codes" = hooks_missing ]
	[[ $(jq -r .repository.hooks_dir <<<"$output") == */.husky ]]
	git config --unset core.hooksPath
	git config --global core.hooksPath "$HOME/hooks"
	doctor
	[ "$codes" = hooks_missing ]
	[[ $(jq -r .repository.hooks_dir_note <<<"$output") == *"global"* ]]
	[ "$(command_for hooks_missing)" = "$BY_HAND" ]
	[ "$(jq -r '.config[] | select(.key == "core.hookspath") | .scope' \
		<<<"$output")" = global ]
}

@test "doctor: a hook of another git-sk is a finding" {
	repository
	ln -sf /opt/old/libexec/git-sk/post-merge .git/hooks/post-merge
	doctor
	[ "$codes" = "hook_stale hooks_missing" ]
	eval "$(command_for hook_stale)"
	doctor
	[ "$codes" = "" ]
}

@test "doctor: GIT_SK=0 is a finding where hooks are wanted" {
	repository
	GIT_SK=0 doctor
	[ "$codes" = switched_off ]
	[ "$(jq -r '.config[] | select(.key == "GIT_SK") | .scope' \
		<<<"$output")" = environment ]
}

@test "doctor: settings come with where they stand" {
	repository
	git config sk.sync yes
	doctor
	[ "$(jq -r '.config[] | select(.key == "sk.sync") |
		[.value, .scope, .origin] | join(" ")' <<<"$output")" = \
		"yes local file:.git/config" ]
	run -0 git -c sk.flush=foreground sk-doctor
	[[ $output == *"sk.flush        = foreground  (command, command line:)"* ]]
}

@test "doctor: a repository that cannot be read is a finding" {
	git init -q torn
	cd torn
	mkdir .git/shallow
	doctor
	[ "$codes" = repository ]
}

@test "doctor: a merge that was interrupted is a finding, and its command helps" {
	repository
	mission 001-a
	event 001-a WP01 null approved
	jq -n '{version: 1, mission_slug: "001-a", mission_id: null,
		mission_branch: "kitty/mission-001-a", target_branch: "main",
		computed_at: "2026-05-01T10:00:00+00:00", computed_from: "x",
		lanes: [{lane_id: "lane-planning", wp_ids: ["WP01"],
			write_scope: [], depends_on_lanes: [],
			parallel_group: 0}]}' \
		>kitty-specs/001-a/lanes.json
	git add kitty-specs
	git commit -qm plan
	git branch kitty/mission-001-a
	git remote add origin "$BATS_TEST_TMPDIR/gone.git"
	run git sk-merge --push 001-a
	echo "$output"
	[ "$status" = 128 ]
	doctor
	[[ " $codes " == *' merge_interrupted '* ]]
	[ "$(command_for merge_interrupted)" = 'git sk-merge --resume' ]
	git init -q --bare "$BATS_TEST_TMPDIR/gone.git"
	eval "$(command_for merge_interrupted)"
	doctor
	[[ " $codes " != *' merge_interrupted '* ]]
}

@test "doctor: events that wait without a login are a finding" {
	repository
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	doctor
	[ "$codes" = logged_out ]
	[ "$(command_for logged_out)" = "git sk-auth login" ]
	[ "$(jq -r '.queues[] | [.is_active, .ready] | join(" ")' \
		<<<"$output")" = "true 2" ]
}

@test "doctor: counts every queue, and says which is active" {
	repository
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	sqlite3 "$(queue_file)" ".backup $HOME/copy.db"
	start_ingestd
	log_in
	mkdir -p "$GIT_SK_HOME/queues"
	cp "$HOME/copy.db" "$GIT_SK_HOME/queues/queue-0123456789abcdef.db"
	chmod 600 "$GIT_SK_HOME/queues/queue-0123456789abcdef.db"
	doctor
	[ "$(jq '[.queues[] | select(.is_active)] | length' <<<"$output")" -eq 1 ]
	[ "$(jq '.queues | length' <<<"$output")" -ge 2 ]
	[[ " $codes " == *" other_account "* ]]
	[ "$(jq '[.queues[] | select(.path | endswith("cdef.db"))][0].ready' \
		<<<"$output")" -eq 2 ]
}

@test "doctor: rows that nobody knows the account of are a finding" {
	start_ingestd
	repository
	mission 001-a
	log_in
	git sk-sync now
	sqlite3 "$GIT_SK_HOME/queue.db" "INSERT INTO queue
		(event_id, event_type, data, timestamp)
		VALUES ('01KE0000000000000000000009', 'X', '{}', 1)"
	doctor --offline
	[ "$codes" = unknown_events ]
	[ "$(message_of unknown_events)" = "1 event waits in '$GIT_SK_HOME/queue.db', and nobody knows of which account" ]
	[ "$(command_for unknown_events)" = "git sk-sync migrate --adopt" ]
}

@test "doctor: held, parked and unreadable are findings" {
	start_ingestd
	log_in
	repository
	mission 001-a
	git sk-sync now
	event 001-a WP01 null planned
	event 001-a WP01 planned claimed
	echo '{"broken' >>kitty-specs/001-a/status.events.jsonl
	git commit -qam work
	query "UPDATE queue SET retry_count = 5 WHERE id =
		(SELECT max(id) FROM queue);
		INSERT INTO sk_parked(event_id, data) VALUES('P', '{}'), ('Q', '{}')"
	doctor
	[ "$codes" = "events_held events_parked lines_unreadable" ]
	[ "$(command_for events_held)" = "git sk-sync status" ]
	[ "$(message_of events_held)" = "1 event was refused too often and held in '$(queue_file)'" ]
	[ "$(message_of events_parked)" = "2 events cannot be sent as they are, in '$(queue_file)'" ]
	[ "$(message_of lines_unreadable)" = "1 unreadable line of an event log was left out of '$(queue_file)'" ]
}

@test "doctor: an old backlog is a finding, a failing delivery too" {
	start_ingestd
	log_in
	repository
	mission 001-a
	doctor --offline
	[ "$codes" = "" ]
	query 'UPDATE queue SET timestamp = timestamp - 100000'
	doctor --offline
	[ "$codes" = overdue ]
	stop_ingestd
	run -1 git sk-sync now
	doctor --offline
	[ "$codes" = delivery_fails ]
	[ "$(jq .server <<<"$output")" = null ]
	doctor
	[ "$codes" = "delivery_fails unreachable" ]
}

@test "doctor: looking changes nothing" {
	start_ingestd
	log_in
	repository
	listing() {
		find "$GIT_SK_HOME" ! -name '*-shm' ! -name '*-wal' -type f \
			-printf '%p %m ' -exec sha256sum {} + | sort
	}
	before=$(listing)
	doctor
	doctor --offline
	git sk-doctor orphan-daemons
	[ "$before" = "$(listing)" ]
}

@test "doctor: a queue that cannot be read is a finding, the others count" {
	start_ingestd
	log_in
	repository
	echo nonsense nonsense nonsense >"$GIT_SK_HOME/queues/queue-0.db"
	mkfifo "$GIT_SK_HOME/queues/queue-1.db"
	chmod 600 "$GIT_SK_HOME"/queues/queue-[01].db
	doctor --offline
	[ "$codes" = "queue_unreadable queue_unreadable" ]
	[ "$(jq '[.queues[] | select(.is_readable)] | length' \
		<<<"$output")" -eq 1 ]
}

@test "doctor: files and folders open to others are findings" {
	start_ingestd
	log_in
	repository
	chmod 755 "$GIT_SK_HOME"
	doctor --offline
	[[ " $codes " == *" home_open "* ]]
	eval "$(command_for home_open)"
	chmod 644 "$(queue_file)"
	doctor --offline
	[ "$codes" = queue_open ]
	eval "$(command_for queue_open)"
	doctor --offline
	[ "$codes" = "" ]
	chmod 644 "$GIT_SK_HOME/credentials"
	doctor --offline
	[[ $codes == credentials* ]]
	eval "$(command_for credentials)"
	doctor --offline
	[ "$codes" = "" ]
}

@test "doctor: an expired login is a finding" {
	start_ingestd --access-lifetime 1 --refresh-lifetime 1
	log_in
	is_over() {
		[ "$(git sk-doctor --offline --json | jq .ok)" = false ]
	}
	wait_for is_over
	doctor --offline
	[ "$codes" = login_expired ]
	[ "$(jq -r .account.username <<<"$output")" = dev ]
}

@test "doctor: a login that the server refuses is a finding" {
	start_ingestd
	log_in
	printf 'secret2\n' | sk-ingestd user passwd --db "$SERVER_DB" \
		--password-stdin dev
	doctor
	[ "$codes" = login_refused ]
}

@test "doctor: a clock that is off is a finding" {
	command -v faketime >/dev/null || skip "no faketime"
	start_ingestd
	log_in
	# the sanitizers want to be loaded first, and so does faketime
	ASAN_OPTIONS=verify_asan_link_order=0 \
		run faketime -f '+10m' git sk-doctor --json
	[[ $output == *'"code": "clock"'* ]]
	[ "$(jq .server.clock_offset_s <<<"$output")" -ge 590 ]
}

@test "doctor: a killed daemon is a finding, and its command helps" {
	git sk-daemon start
	doctor
	[ "$codes" = "" ]
	[ "$(jq -r .senders.daemon.status <<<"$output")" = running ]
	pid=$(sed -n 4p "$GIT_SK_HOME/sync-daemon")
	kill -9 "$pid"
	wait_for is_gone "$pid"
	doctor
	[ "$codes" = daemon_killed ]
	eval "$(command_for daemon_killed)"
	doctor
	[ "$codes" = "" ]
}

@test "doctor: an orphaned owner record is a finding, and its command helps" {
	owner 999999999 1 /bin/sh
	doctor
	[ "$codes" = orphan_owner ]
	[[ $output != *SECRET-TOKEN* ]]
	eval "$(command_for orphan_owner)"
	[ ! -e "$OWNER" ]
	doctor
	[ "$codes" = "" ]
}

@test "doctor: a corrupt owner record is named, and its command helps" {
	mkdir -p "${OWNER%/*}"
	chmod 700 "$GIT_SK_HOME"
	echo '{"pid": 12' >"$OWNER"
	chmod 600 "$OWNER"
	doctor
	[ "$codes" = corrupt_owner ]
	[ "$(jq -r .senders.owner_record.status <<<"$output")" = corrupt ]
	run -128 --separate-stderr git sk-doctor orphan-daemons
	[[ $stderr == *owner.json* ]]
	run -128 --separate-stderr git sk-doctor orphan-daemons --json
	[ "$(jq .orphan_count <<<"$output")" = null ]
	[[ $(jq -r .error <<<"$output") == *owner.json* ]]
	run -3 --separate-stderr git sk-doctor restart-daemon --json
	[ "$(jq -r .status <<<"$output")" = stop_failed ]
	[ -e "$OWNER" ]
	eval "$(command_for corrupt_owner 2>/dev/null ||
		echo "rm '$OWNER'")"
}

@test "doctor: orphan-daemons has the keys of its contract" {
	run -0 --separate-stderr git sk-doctor orphan-daemons --json
	[ "$(jq -c . <<<"$output")" = \
		"{\"schema_version\":1,\"orphan_count\":0,\"owner_record_path\":\"$OWNER\",\"retirement_command\":null,\"orphans\":[]}" ]
	other sleep 60
	owner "$OTHER" 1 /bin/sh
	run -1 --separate-stderr git sk-doctor orphan-daemons --json
	[ "${#lines[@]}" -eq 1 ]
	[ "$(jq -r '.orphans[0] | keys_unsorted | join(" ")' <<<"$output")" = \
		"pid port package_version executable_path source_checkout_path server_url auth_scope queue_db_path started_at" ]
	[ "$(jq .orphan_count <<<"$output")" -eq 1 ]
	[ "$(jq -r .retirement_command <<<"$output")" = \
		"git sk-doctor restart-daemon" ]
	[[ $output != *SECRET-TOKEN* ]]
	# it only looks
	[ -e "$OWNER" ]
	run -1 --separate-stderr git sk-doctor orphan-daemons
	[[ $output == *"process $OTHER is another program's now"* ]]
	[[ $output == *"git sk-doctor restart-daemon"* ]]
	kill -0 "$OTHER"
}

@test "doctor: a live owner is no orphan" {
	other sleep 60
	owner "$OTHER" "$(start_of "$OTHER")" "$(readlink "/proc/$OTHER/exe")"
	run -0 git sk-doctor orphan-daemons
	[ "$output" = "No orphaned owner record." ]
}

# restart <status>: run it; the document in $output.
restart() {
	run "-$1" --separate-stderr git sk-doctor restart-daemon --json
	[ "${#lines[@]}" -eq 1 ]
	[ "$(jq -r 'keys_unsorted | join(" ")' <<<"$output")" = \
		"error exit_code hint new_pid previous_pid schema_version status" ]
	[ "$(jq .exit_code <<<"$output")" -eq "$1" ]
}

@test "doctor: restart-daemon without a daemon is no_owner, 1" {
	restart 1
	[ "$(jq -r .status <<<"$output")" = no_owner ]
	[ "$(jq -r .error <<<"$output")" = "no daemon is running" ]
	run -1 --separate-stderr git sk-doctor restart-daemon
	[[ $stderr == *"hint: run 'git sk-daemon start'"* ]]
}

@test "doctor: restart-daemon makes another process, 0" {
	git sk-daemon start
	pid=$(sed -n 4p "$GIT_SK_HOME/sync-daemon")
	restart 0
	[ "$(jq -r .status <<<"$output")" = restarted ]
	[ "$(jq .previous_pid <<<"$output")" = "$pid" ]
	[ "$(jq .new_pid <<<"$output")" = \
		"$(sed -n 4p "$GIT_SK_HOME/sync-daemon")" ]
	wait_for is_gone "$pid"
}

@test "doctor: restart-daemon clears away what is stale, 0" {
	other sleep 60
	owner "$OTHER" 1 /bin/sh
	restart 0
	[ "$(jq -r .status <<<"$output")" = stale_owner_cleaned ]
	[ "$(jq .previous_pid <<<"$output")" = "$OTHER" ]
	[ "$(jq .new_pid <<<"$output")" = null ]
	[ ! -e "$OWNER" ]
	kill -0 "$OTHER"
	git sk-daemon start
	pid=$(sed -n 4p "$GIT_SK_HOME/sync-daemon")
	kill -9 "$pid"
	wait_for is_gone "$pid"
	restart 0
	[ "$(jq -r .status <<<"$output")" = stale_owner_cleaned ]
	[ ! -e "$GIT_SK_HOME/sync-daemon" ]
}

@test "doctor: restart-daemon that cannot start again is respawn_failed, 2" {
	mkdir -p "$HOME/prefix/bin" "$HOME/prefix/other"
	cp "$BUILD"/bin/git-sk-d* "$HOME/prefix/bin"
	git sk-daemon start
	rm "$HOME/prefix/bin/git-sk-daemon"
	run -2 --separate-stderr "$HOME/prefix/bin/git-sk-doctor" \
		restart-daemon --json
	[ "$(jq -r .status <<<"$output")" = respawn_failed ]
	[[ $(jq -r .error <<<"$output") == *"'git-sk-daemon' is missing"* ]]
}

@test "doctor: restart-daemon leaves what is not ours alone, 3" {
	other sleep 60
	# spec-kitty's daemon: alive, without a start
	owner "$OTHER" 0 "$(readlink "/proc/$OTHER/exe")"
	sed -i 's/"pid_start": 0, //; s/2026-05-25/2036-05-25/' "$OWNER"
	restart 3
	[ "$(jq -r .status <<<"$output")" = stop_failed ]
	[[ $(jq -r .error <<<"$output") == *"process $OTHER"* ]]
	kill -0 "$OTHER"
	[ -e "$OWNER" ]
}

@test "doctor: without git it says that" {
	run -1 --separate-stderr env PATH=/nonexistent \
		"$BUILD/bin/git-sk-doctor" --json
	[ "$(jq -r '[.findings[].code] | join(" ")' <<<"$output")" = no_git ]
	[ "$(jq .versions.git <<<"$output")" = null ]
}

@test "doctor: a broken home says so instead of failing" {
	GIT_SK_HOME=relative HOME=also-relative run -1 git sk-doctor
	[[ $output == *"no home folder"* ]]
}

@test "doctor: usage and output errors have their statuses" {
	run -129 --separate-stderr git sk-doctor --frob
	[[ $stderr == *"usage: git sk-doctor [<options>]"* ]]
	run -129 --separate-stderr git sk-doctor frob
	run -129 --separate-stderr git sk-doctor ""
	run -129 --separate-stderr git sk-doctor orphan-daemons --offline
	run -0 --separate-stderr git sk-doctor -h
	run -128 --separate-stderr bash -c 'git sk-doctor >/dev/full'
}
