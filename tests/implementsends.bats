#!/usr/bin/env bats
# git sk-task implement: its transitions are captured, and sent or waiting.

load helper
load fault
load implement

setup() {
	sk_setup
	implement_setup
	planned
	# with a lane from the beginning, implement has no hook to tell of
	git branch kitty/mission-001-a-lane-z
}

teardown() {
	sk_teardown
}

# answers <WP> [<option>]...: one document, whatever became of the events.
answers() {
	run -0 --separate-stderr git sk-task implement "$@" --agent claude --json
	[ "$(jq -s length <<<"$output")" = 1 ]
	[ "$(jq -r .status <<<"$output")" = created ]
	[ "$(lane_of "$1")" = 'in_progress claude' ]
}

@test "implement: without a setup it works, and captures nothing" {
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	[ ! -e "$(queue_file)" ]
	GIT_SK=0 run -0 --separate-stderr implement WP02 --force --reason x
	[ "$(lane_of WP02)" = 'in_progress claude' ]
}

@test "implement: claim and start are captured, without a login they wait" {
	git sk-setup >/dev/null
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	[ "$(queued)" = 'WP01 WP01' ]
	GIT_SK=0 implement WP04
	git commit -q --allow-empty -m later
	[ "$(queued)" = 'WP01 WP01 WP04 WP04' ]
}

@test "implement: on a branch that is not checked out they are captured, too" {
	git sk-setup >/dev/null
	git switch -q --detach
	implement WP01
	[ "$(queued)" = 'WP01 WP01' ]
}

@test "implement: with --json they are sent at once" {
	start_ingestd
	log_in >/dev/null
	git sk-setup >/dev/null
	answers WP01
	[ -z "$stderr" ]
	sent 2
}

@test "implement: a server that is down is one line, and the worktree is there" {
	start_fault 'status 500'
	git sk-setup >/dev/null
	answers WP01
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == 'sync_diagnostic '*'=sync.server_error '* ]]
	[ -e "$TREE/code.c" ]
}
