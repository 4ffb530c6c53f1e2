#!/usr/bin/env bats
# What each command that changes a mission does with --json about its events:
# they are sent, and what is in the way of that is one line behind the answer.

load helper
load fault
load planning

setup() {
	sk_setup
	enter_repo
	git commit -q --allow-empty -m root
	# with a lane from the beginning, implement has no hook to tell of
	git branch kitty/mission-001-a-lane-z
}

teardown() {
	sk_teardown
}

# Each of these makes events but 'mark T001', one after the other; what somebody
# has to do in front of one is the function of its name.
COMMANDS=(
	'mission create login'
	'mission setup-plan'
	'mission finalize'
	'task implement WP01 --agent ann'
	'task mark T001 --status done'
	'task move WP01 for_review --agent ann'
	'task review WP01 --agent bob'
	'task move WP01 approved --agent bob --reference pull/1'
	'merge'
)

before_setup_plan() {
	DIR=$(echo kitty-specs/login-*)
	printf '# Spec\n\n- **FR-001**: people can log in\n' >"$DIR/spec.md"
	git commit -qm spec -- "$DIR/spec.md"
	printf '# Plan\n\n## Technical Context\n\n%s\n%s\n' \
		'**Language/Version**: C11' '**Testing**: bats' >"$DIR/plan.md"
}

before_finalize() {
	printf '# Tasks\n\n## WP01\n\n- [ ] T001 Draw it\n' >"$DIR/tasks.md"
	printf -- '---\nwork_package_id: WP01\ntitle: "x"\n%s\n%s\n---\n' \
		'requirement_refs: [FR-001]' 'owned_files: ["src/**"]' \
		>"$DIR/tasks/WP01-x.md"
}

# each <function> [<argument>]...: called for each of them, with its words
# behind. Says whose turn it was when that fails.
each() {
	local command words

	for command in "${COMMANDS[@]}"; do
		read -ra words <<<"$command"
		case ${words[1]} in
		setup-plan) before_setup_plan ;;
		finalize) before_finalize ;;
		esac
		"$@" "git-sk-${words[0]}" "${words[@]:1}" --json || {
			printf '%s\n' "$command" "$output" "$stderr"
			return 1
		}
	done
	# one that was ended while it sent has landed
	[ ! -e .git/sk-merge.json ] || git sk-merge --resume
	# they did their work: it has come to its end
	[ "$(jq -r .work_packages.WP01.lane "$DIR/status.json")" = 'done' ]
	[ -z "$(git status --porcelain)" ]
}

# told <code> <command>...: done, with one document, and that one line.
told() {
	run -0 --separate-stderr "${@:2}"
	jq -es 'length == 1' <<<"$output" >/dev/null &&
		[ "${#stderr_lines[@]}" = 1 ] &&
		[[ $stderr == "sync_diagnostic severity=warning diagnostic_code=sync.$1 fatal=false sync_phase=final_sync message="* ]]
}

@test "final sync: another that is sending is one line behind each answer" {
	git sk-setup >/dev/null
	start_fault ok
	exec 7>>"$(member queue).lease"
	flock 7
	each told final_sync_lock_unavailable
	exec 7>&-
}

@test "final sync: another that logs in anew is one line behind each answer" {
	git sk-setup >/dev/null
	start_fault ok
	sed -i 's/access_expires_at = "20[0-9][0-9]/access_expires_at = "2020/' \
		"$GIT_SK_HOME/credentials"
	exec 7>>"$GIT_SK_HOME/credentials.lock"
	flock 7
	each told auth_refresh_in_progress
	exec 7>&-
}

@test "final sync: a login that expired is one line behind each answer" {
	git sk-setup >/dev/null
	start_fault 'status 401' 'refresh: status 401'
	each told server_auth_failure
}

# sends_unlocked <command>...: nobody waits for the mission while it sends.
sends_unlocked() {
	local lock

	other "$@"
	wait_for is_held "$LEASE" || return 1
	for lock in .git/spec-kitty-locks/*.lock; do
		flock -n "$lock" true || return 1
	done
	kill "$OTHER"
	wait "$OTHER" || true
}
# asked, not tried: whoever finds the lease taken leaves
is_held() {
	[ -e "$1" ] && grep -q ":$(stat -c %i "$1") " /proc/locks
}

@test "final sync: a slow server keeps nobody from changing the mission" {
	git sk-setup >/dev/null
	start_fault 'delay 60000 ok'
	LEASE=$(member queue).lease
	each sends_unlocked
}
