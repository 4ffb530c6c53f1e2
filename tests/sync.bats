#!/usr/bin/env bats
# git sk-sync: what a person types and reads.

load helper
load fault

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

@test "sync: an unknown option is named, with usage, on stderr" {
	run -129 --separate-stderr git sk-sync now --frob
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = \
		"git sk-sync now: error: unknown option '--frob'" ]
	[ "${stderr_lines[1]}" = 'usage: git sk-sync now [<options>]' ]
}

@test "sync: a subcommand is needed, and flush is not for people" {
	run -129 --separate-stderr git sk-sync
	[[ $stderr == *'a subcommand is needed'* ]]
	[[ $stderr != *flush* ]]
	run -0 --separate-stderr git sk-sync -h
	[[ $output != *flush* ]]
}

@test "sync: nothing queued is said, and is no failure" {
	run -0 --separate-stderr git sk-sync now
	[ "$output" = 'Queue is empty, nothing to sync.' ]
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-sync status
	[[ $output == *'nobody is logged in'*'Nothing has been queued yet.' ]]
}

# times <pattern>: it is in what strace has written.
times() {
	grep -cE "$1" ../calls
}

@test "sync: a run asks for the login, the settings and the queue once" {
	start_ingestd
	log_in
	git init -q repo
	cd repo
	mission 001-a
	git sk-setup
	event 001-a WP01 null planned
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -s 200 -o ../calls \
		-e trace=execve,openat git commit -qam captured
	[ "$(times '/credentials", O_RDONLY.* = [0-9]')" = 1 ]
	[ "$(times '"config", .*sk.* = 0$')" = 1 ]
	[ "$(times '/queue-[0-9a-f]{16}.db", .* = [0-9]')" = 1 ]
	event 001-a WP02 null planned
	GIT_SK=0 git commit -qam 'not yet'
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -s 200 -o ../calls \
		-e trace=execve,openat git-sk-sync now
	[ "$(server_query "SELECT count(*) FROM events WHERE event_type = 'WPStatusChanged'")" = 2 ]
	[ "$(times '/credentials", O_RDONLY.* = [0-9]')" = 1 ]
	[ "$(times '"config", .*sk.* = 0$')" = 1 ]
	[ "$(times '/queue-[0-9a-f]{16}.db", .* = [0-9]')" = 1 ]
	# before the lease is had, with it, and when it is given back
	[ "$(times '/owner.json", O_RDONLY')" = 3 ]
}

@test "sync: looking makes no files" {
	git sk-sync now
	git sk-sync status
	git sk-sync status --json
	[ ! -e "$GIT_SK_HOME" ]
}

@test "sync: without a login events wait, which is said" {
	seed 3
	run -1 --separate-stderr git sk-sync now
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = \
		'warning: 3 events wait in the queue: nobody is logged in' ]
	[ "${stderr_lines[1]}" = "hint: run 'git sk-auth login'" ]
	run -1 --separate-stderr git sk-sync now --json
	[ "$(jq -r .queued.category <<<"$output")" = unauthenticated ]
	[ "$(jq -r .queued.count <<<"$output")" = 3 ]
	run -0 --separate-stderr git sk-sync flush
	[ -z "$output$stderr" ]
}

@test "sync: what was switched off stays off" {
	start_fault ok
	seed 3
	SPEC_KITTY_ENABLE_SAAS_SYNC=0 run -1 --separate-stderr git sk-sync now
	[[ $stderr == *'sending is switched off'* ]]
	git config --global sk.sync false
	run -1 --separate-stderr git sk-sync now
	git sk-sync flush
	[ -z "$(batches)" ]
	SPEC_KITTY_ENABLE_SAAS_SYNC=1 git sk-sync now
	[ "$(batches)" = 3 ]
}

@test "sync: sk.sync is read as git reads a boolean" {
	local value

	start_fault ok
	seed 1
	for value in false no OFF 0 00 0k ''; do
		git config --global sk.sync "$value"
		[ "$(git config --type=bool sk.sync)" = false ]
		run -1 --separate-stderr git sk-sync now
		[[ $stderr == *'sending is switched off'* ]]
	done
	for value in true Yes on 1 -1 2k; do
		git config --global sk.sync "$value"
		[ "$(git config --type=bool sk.sync)" = true ]
		run -0 git sk-sync now
	done
}

@test "sync: sk.sync that is no boolean is an error, and sends nothing" {
	local command

	start_fault ok
	seed 1
	git config --global sk.sync never
	for command in now 'status --check'; do
		# shellcheck disable=SC2086 # two words
		run -128 --separate-stderr git sk-sync $command
		[[ ${stderr_lines[0]} == *": error: sk.sync is 'never', which is no boolean" ]]
		[ "${stderr_lines[1]}" = 'hint: set it to true or false' ]
	done
	run -0 --separate-stderr git sk-sync flush --foreground
	[[ $stderr == "sync_diagnostic "*"sk.sync is 'never'"* ]]
	[ -z "$(batches)" ]
	SPEC_KITTY_ENABLE_SAAS_SYNC=1 git sk-sync now
	[ "$(batches)" = 1 ]
}

@test "sync: a real server gets what real commits said" {
	start_ingestd
	log_in
	git init -q
	git sk-setup
	mission m-1
	event m-1 WP01 null planned
	event m-1 WP01 planned claimed
	git commit -qam 'two transitions'
	run -0 --separate-stderr git sk-sync now
	[[ $output == 'Synced: '*', Duplicates: 0, Failed: 0' ]]
	[ "$(server_query "SELECT count(*) FROM events
		WHERE event_id IN ('01KE0000000000000000000001',
		'01KE0000000000000000000002')")" = 2 ]
	run -0 --separate-stderr git sk-sync now
	[ "$output" = 'Queue is empty, nothing to sync.' ]
}

@test "sync: --json is one document in every case" {
	local way

	start_fault ok
	run -0 --separate-stderr git sk-sync now --json
	[ "$(jq -s length <<<"$output")" = 1 ]
	seed 4
	for way in 'status 500' 'status 401' reset 'results mixed' \
		'results reject:no' ok; do
		echo "# $way"
		restart_fault "$way"
		run --separate-stderr git sk-sync now --json
		[ "$status" -le 1 ]
		[ "$(jq -s length <<<"$output")" = 1 ]
		[ "$(jq .schema_version <<<"$output")" = 1 ]
		jq -e '.summary | .total_events == .synced + .duplicates +
			.pending + .failed + .queued' <<<"$output"
		run -0 --separate-stderr git sk-sync status --json
		[ "$(jq -s length <<<"$output")" = 1 ]
	done
	printf 'not a database, and longer than its header is: %0100d' 0 \
		>"$(queue_file)"
	run -128 --separate-stderr git sk-sync now --json
	[ "$(jq -s length <<<"$output")" = 1 ]
	[ -n "$(jq -r .error <<<"$output")" ]
}

@test "sync: a broken queue is an error, not an empty queue" {
	start_fault ok
	seed 2
	printf 'not a database, and longer than its header is: %0100d' 0 \
		>"$(queue_file)"
	run -128 --separate-stderr git sk-sync now
	[[ $stderr == 'git sk-sync now: error: '*"$(queue_file)"* ]]
	run -128 --separate-stderr git sk-sync status
	[[ $stderr == 'git sk-sync status: error: '*"$(queue_file)"* ]]
}

@test "sync: a full disk is an error, not silence" {
	start_fault ok
	seed 2
	run -128 --separate-stderr sh -c 'git sk-sync status >/dev/full'
	[[ $stderr == *'cannot write standard output'* ]]
	run -128 --separate-stderr sh -c 'git sk-sync now --json >/dev/full'
	[[ $stderr == *'cannot write standard output'* ]]
}

@test "sync: the report has every failure, and only failures make one" {
	start_fault 'results mixed'
	seed 8
	run -1 --separate-stderr git sk-sync now --report failures.json
	[ "$(jq -r '.failures | length' failures.json)" = 2 ]
	[ "$(jq -r '.failures[0].event_id' failures.json)" = "$(id 3)" ]
	[ "$(jq -r '.failures[0].error' failures.json)" = \
		"lane: unknown lane 'x'" ]
	[ "$(jq -r '.failures[0].category' failures.json)" = schema_mismatch ]
	jq -e '.summary.failed == 2 and .summary.synced == 4 and
		.summary.categories.schema_mismatch == 2 and
		(.generated_at | startswith("20"))' failures.json
	restart_fault ok
	rm failures.json
	run -0 --separate-stderr git sk-sync now --report failures.json
	[ ! -e failures.json ]
}

@test "sync: a report on standard output has it for itself" {
	start_fault 'results reject:no'
	seed 2
	run -1 --separate-stderr git sk-sync now --report -
	[ "$(jq -r '.failures | length' <<<"$output")" = 2 ]
	[[ $stderr == 'Synced: 0, Duplicates: 0, Failed: 2'* ]]
	run -129 --separate-stderr git sk-sync now --json --report=-
	[[ $stderr == *'both want standard output'* ]]
}

@test "sync: a report that cannot be written is an error" {
	start_fault 'results reject:no'
	seed 2
	run -128 --separate-stderr git sk-sync now --report no/such/folder
	[[ $stderr == *"'no/such/folder"* ]]
}

@test "sync: status shows age, types, delivery and whose it is" {
	start_fault ok
	seed 3
	git sk-sync now
	seed 2 10
	query "UPDATE queue SET timestamp = strftime('%s', 'now') - 200000"
	run -0 --separate-stderr git sk-sync status
	[ "${lines[0]}" = "Server:         $SERVER" ]
	[[ ${lines[1]} == 'Account:        dev'* ]]
	[[ ${lines[2]} == 'Queue:          '*'/queue-'*.db ]]
	[ "${lines[3]}" = 'Depth:          2  (2 ready, 0 held)' ]
	[ "${lines[4]}" = 'Types:' ]
	[ "${lines[5]}" = '  WPStatusChanged:             2' ]
	[ "${lines[6]}" = 'Retries:' ]
	[ "${lines[7]}" = '  0 retries:                   2' ]
	[ "${lines[10]}" = 'Oldest:         2 d 7 h ago' ]
	[[ ${lines[11]} == 'Last delivery:  '*' s ago' ]]
	[ "${lines[12]}" = 'Delivered:      3' ]
}

@test "sync: status changes nothing in the queue" {
	start_fault ok
	seed 3
	git sk-sync now
	seed 3 10
	sha256sum "$(queue_file)" >before
	git sk-sync status >/dev/null
	git sk-sync status --json >/dev/null
	sha256sum -c before
}

@test "sync: status lists ten stuck events, the document all" {
	start_fault 'results reject:no'
	seed 14
	query 'UPDATE queue SET retry_count = 5'
	run -0 --separate-stderr git sk-sync status
	[ "$(grep -c '^  01KE' <<<"$output")" -eq 10 ]
	[[ $output == *'and 4 more'* ]]
	[ "$(member 'stuck | length')" = 14 ]
}

@test "sync: retry wants names, and says what it does not know" {
	start_fault 'results reject:no'
	seed 3
	query 'UPDATE queue SET retry_count = 5'
	run -129 --separate-stderr git sk-sync retry
	run -129 --separate-stderr git sk-sync retry --all "$(id 1)"
	run -1 --separate-stderr git sk-sync retry "$(id 1)" nobody
	[ "$output" = 'Freed 1 event.' ]
	[[ $stderr == *"event 'nobody' is neither held nor parked"* ]]
	run -0 --separate-stderr git sk-sync retry --all
	[ "$output" = 'Freed 2 events.' ]
	[ "$(member held)" = 0 ]
}

@test "sync: the queue of another account is not sent in this one's name" {
	start_fault ok
	seed 3
	sed -i 's/^username = .*/username = "somebody"/' \
		"$GIT_SK_HOME/credentials"
	run -0 --separate-stderr git sk-sync now
	[ "$output" = 'Queue is empty, nothing to sync.' ]
	[ -z "$(batches)" ]
}
