#!/usr/bin/env bats
# git sk-task mark: what is marked, what is committed, and what is said.

# shellcheck disable=SC2086 # no path here has a space
load helper
load board
load mark

setup() {
	mark_setup
}

teardown() {
	sk_teardown
}

@test "mark: a checkbox is ticked, committed and told" {
	mark 0 T001 --status 'done'
	[ "$output" = "Marked T001 as done (checkbox row updated).
Committed on main: $(git rev-parse --short=10 HEAD)." ]
	[ -z "$stderr" ]
	[ "$(git diff --unified=0 "$START" HEAD | sed -n '6,$p')" = \
		$'-- [ ] T001 One\n+- [x] T001 One' ]
	[ "$(git log -1 --format=%s)" = 'chore: Mark T001 as done on spec m' ]
	[ -z "$(git status --porcelain)" ]
	mark 0 T001 --status pending
	[ "$(git log -1 --format=%s)" = 'chore: Mark T001 as pending on spec m' ]
	git diff --quiet "$START" HEAD
}

@test "mark: JSON is one document of spec-kitty's keys, in their order" {
	mark 0 T001 T009 --status 'done' --json
	[ "${#lines[@]}" = 1 ]
	[ -z "$stderr" ]
	[ "$(jq -c . <<<"$output")" = '{"results":[{"id":"T001","outcome":"updated","format":"checkbox","message":"Marked T001 as done (checkbox row updated)."},{"id":"T009","outcome":"not_found","format":null,"message":"T009 was not found in any supported task format."}],"summary":{"updated":1,"already_satisfied":0,"not_found":1},"schema_version":1}' ]
}

@test "mark: a batch of every form is one commit" {
	approved WP01
	mark 0 T001 m/t002 T003 T005 WP01 T009 WP02 --status 'done' --json
	[ "$(outcomes)" = "T001 updated checkbox
T002 updated checkbox
T003 updated pipe_table
T005 updated inline_subtasks
WP01 updated wp_id
T009 not_found null
WP02 not_found wp_id" ]
	[ "$(jq -c .summary <<<"$output")" = \
		'{"updated":5,"already_satisfied":0,"not_found":2}' ]
	[ "$(git log -1 --format=%s)" = \
		'chore: Mark 5 subtasks as done on spec m' ]
	[ "$(git rev-list --count "$START"..)" = 2 ]
	[ "$(changed)" = "$MISSION/status.events.jsonl
$MISSION/status.json
$TASKS" ]
	grep -qx '| T003 | \[D\] | Three |' $TASKS
	grep -A 1 Subtasks $TASKS | grep -qx -- '- \[x\] T005'
	[ -z "$(git status --porcelain)" ]
}

@test "mark: what is so already is satisfied, and makes no commit" {
	git sk-task mark T001 T003 T005 --status 'done'
	START=$(git rev-parse HEAD)
	mark 0 T001 T003 T005 --status 'done' --json
	[ "$(outcomes)" = "T001 already_satisfied checkbox
T003 already_satisfied pipe_table
T005 already_satisfied checkbox" ]
	[ "$(git rev-parse HEAD)" = "$START" ]
	mark 0 T002 T002 --status 'done' --json
	[ "$(outcomes)" = "T002 updated checkbox
T002 already_satisfied checkbox" ]
}

@test "mark: when nothing is found the answer is no" {
	mark 1 T008 T009 --status 'done'
	[ "${#lines[@]}" = 2 ]
	[ "${lines[0]}" = 'T008 was not found in any supported task format.' ]
	[ "$stderr" = "hint: look into '$TASKS' for the ids of tasks" ]
	mark 1 T008 --status 'done' --json
	[ "$(jq -c .summary <<<"$output")" = \
		'{"updated":0,"already_satisfied":0,"not_found":1}' ]
	[ "$(git rev-parse HEAD)" = "$START" ]
	[ -z "$(git status --porcelain)" ]
}

@test "mark: an id cannot write to the terminal, or end a line" {
	mark 1 $'T\x1b[31m\nfatal' --status 'done'
	[ "${#lines[@]}" = 1 ]
	[[ $output != *$'\x1b'* ]]
}

@test "mark: a row without its last pipe keeps its last cell (D9)" {
	printf '  | ID | Text\r\n  |---|---\r\n  | T001 | foo\r\n' >$TASKS
	commit
	mark 0 T001 --status 'done'
	[ "$(git show HEAD:$TASKS | tail -n 1)" = $'  | T001 | foo | [D] |\r' ]
	cmp $TASKS <(git show HEAD:$TASKS)
}

@test "mark: other edits of tasks.md stay out of the commit (D11)" {
	sed -i 's/^# Tasks/# Tasks of mine/; s/Two/Two, edited/' $TASKS
	echo staged >other
	git add other
	mark 0 T001 --status 'done'
	[ -z "$stderr" ]
	[ "$(git show --numstat --format= HEAD)" = $'1\t1\t'"$TASKS" ]
	[ "$(git status --porcelain)" = " M $TASKS
A  other" ]
	[ "$(git diff --unified=0 | grep '^+' | tail -n +2)" = \
		"+# Tasks of mine
+- [ ] T002 Two, edited" ]
}

@test "mark: what is staged of tasks.md stays staged (D11)" {
	sed -i 's/The end/The end, staged/' $TASKS
	git add $TASKS
	sed -i 's/Four/Four, edited/' $TASKS
	mark 0 T001 --status 'done'
	[ "$(git show --numstat --format= HEAD)" = $'1\t1\t'"$TASKS" ]
	[ "$(git diff --cached | grep '^+[^+]')" = '+The end, staged' ]
	[ "$(git diff | grep '^+[^+]')" = '+| T004 | [ ] | Four, edited |' ]
}

@test "mark: a line that is not committed is told with its mark" {
	sed -i 's/^- \[ \] T002 Two/&\n- [ ] T007 New/' $TASKS
	mark 0 T001 T007 --status 'done' --json
	[ "$(outcomes)" = "T001 updated checkbox
T007 updated checkbox" ]
	[ "$stderr" = "warning: the line of T007 is not committed, and so its mark is not; commit '$TASKS' when it is ready" ]
	[ "$(git show --numstat --format= HEAD)" = $'1\t1\t'"$TASKS" ]
	[ "$(git diff | grep '^+[^+]')" = '+- [x] T007 New' ]
}

@test "mark: a tasks.md that nobody has committed is not committed" {
	git rm -q --cached $TASKS
	git commit -q -m 'not yet'
	START=$(git rev-parse HEAD)
	mark 0 T001 --status 'done'
	[[ $stderr == "warning: the line of T001 is not committed"* ]]
	grep -q '\[x\] T001' $TASKS
	[ "$(git rev-parse HEAD)" = "$START" ]
	[ "$(git status --porcelain)" = "?? $TASKS" ]
}

@test "mark: --no-commit leaves it, and the next mark takes it along" {
	mark 0 T001 T005 --status 'done' --no-commit
	[ "$(git rev-parse HEAD)" = "$START" ]
	[ "$(git status --porcelain)" = " M $TASKS" ]
	sed -i 's/The end/The end, edited/' $TASKS
	mark 0 T003 --status 'done'
	[ "$(git show HEAD | grep '^+[^+]')" = "+- [x] T001 One
+| T003 | [D] | Three |
+- [x] T005" ]
	[ "$(git diff | grep '^+[^+]')" = '+The end, edited' ]
	# and so does one that finds it done
	git sk-task mark T002 --status 'done' --no-commit
	mark 0 T002 --status 'done'
	[ "$(git show HEAD | grep '^+[^+]')" = '+- [x] T002 Two' ]
	[ "$(git log -1 --format=%s)" = 'chore: Mark T002 as done on spec m' ]
}

@test "mark: a work package is no row that mentions it (W1)" {
	printf '%s\n' '| ID | WP | Needs |' '|---|---|---|' \
		'| T001 | WP01 | - |' '| WP01 | x | - |' '| WP04 | x | WP01 |' \
		>$TASKS
	commit
	approved WP01
	cp $TASKS before
	mark 0 WP01 --status 'done' --json
	[ "$(outcomes)" = 'WP01 updated wp_id' ]
	cmp before $TASKS
	[ "$(changed)" = "$MISSION/status.events.jsonl
$MISSION/status.json" ]
}

@test "mark: the header is that of the table, in each row (W2)" {
	printf '%s\n' '| ID | Status | Parallel |' '|---|---|---|' \
		'| T001 | [ ] | [P] |' '| T002 | [ ] | [P] |' >$TASKS
	commit
	git sk-task mark T001 T002 --status 'done'
	[ "$(git show HEAD:$TASKS | tail -n 2)" = \
		$'| T001 | [D] | [P] |\n| T002 | [D] | [P] |' ]
}

@test "mark: a capital X is a tick (W3)" {
	sed -i 's/\[ \] T001/[X] T001/' $TASKS
	commit
	mark 0 T001 --status 'done' --json
	[ "$(outcomes)" = 'T001 already_satisfied checkbox' ]
	mark 0 T001 --status pending --json
	[ "$(outcomes)" = 'T001 updated checkbox' ]
	grep -q '\[ \] T001' $TASKS
}

@test "mark: the generated line of subtasks is read (W4)" {
	mark 0 T006 --status pending --json
	[ "$(outcomes)" = 'T006 updated inline_subtasks' ]
	grep -A 1 Subtasks $TASKS | grep -qx -- '- \[ \] T006'
	mark 0 T006 --status 'done' --json
	[[ $(outcomes) == 'T006 updated '* ]]
	[ "$(grep -c T006 $TASKS)" = 2 ]
}

@test "mark: of two boxes on a line only its own is ticked (W6)" {
	printf '%s\n' '- [ ] T001 - [ ] T002' >$TASKS
	commit
	git sk-task mark T002 --status 'done'
	[ "$(git show HEAD:$TASKS)" = '- [ ] T001 - [x] T002' ]
}

@test "mark: no way to done is forced (W5)" {
	local lane

	for lane in planned claimed in_progress for_review in_review blocked \
		canceled; do
		event m WP01 planned "$lane"
		commit "$lane"
		START=$(git rev-parse HEAD)
		mark 1 WP01 --status 'done' --json
		[ "$(outcomes)" = 'WP01 not_found wp_id' ]
		[[ $(jq -r '.results[0].message' <<<"$output") == \
			"WP01: transition failed - "*"$lane -> done"* ]]
		[ "$(git rev-parse HEAD)" = "$START" ]
		[ -z "$(git status --porcelain)" ]
	done
	# one without any line of the log is planned
	mark 1 WP02 --status 'done'
	[ "$output" = 'WP02: transition failed - illegal transition: planned -> done' ]
	[ "$stderr" = "hint: run 'git sk-task move WP02 <lane>' to move it lane by lane" ]
}

@test "mark: an approved work package is done, by its approval" {
	approved WP01
	SPEC_KITTY_AGENT=claude mark 0 WP01 --status 'done'
	[ "$output" = "Emitted status transition for WP01 to lane 'done'.
Committed on main: $(git rev-parse --short=10 HEAD)." ]
	[ "$(in_log '"\(.from_lane) \(.to_lane) \(.force) \(.actor) \(.execution_mode)"')" = \
		'approved done false claude direct_repo' ]
	[ "$(in_log '.evidence | tojson')" = \
		'{"review":{"reference":"pr-1","reviewer":"bob","verdict":"approved"}}' ]
	[ "$(git log -1 --format=%s)" = 'chore: Mark WP01 as done on spec m' ]
	[ -z "$(git status --porcelain)" ]
	[ "$(jq -r .work_packages.WP01.lane $MISSION/status.json)" = 'done' ]
	[ "$(of_package WP01 .lane)" = 'done' ]
	mark 0 WP01 wp01 --status 'done'
	[ "${lines[0]}" = "WP01 is already in lane 'done'." ]
	[ "$(git rev-list --count "$START"..)" = 2 ]
}

@test "mark: a result of a review is evidence, too" {
	event m WP01 in_review approved
	sed -i 's/"to_lane"/"review_result": {"reviewer": "eve", "reference": "r-2", "verdict": "approved", "feedback_path": null}, &/' \
		$MISSION/status.events.jsonl
	commit
	mark 0 WP01 --status 'done'
	[ "$(in_log '.evidence | tojson')" = \
		'{"review":{"reference":"r-2","reviewer":"eve","verdict":"approved"}}' ]
}

@test "mark: an approval by nobody is none" {
	local evidence

	for evidence in null '{"review": {"reviewer": "bob", "reference": " "}}' \
		'{"review": {"reviewer": "bob", "reference": "r", "verdict": "rejected"}}'; do
		approved WP01 "$evidence"
		mark 1 WP01 --status 'done'
		[ "$output" = 'WP01: transition failed - transition approved -> done requires evidence of a review' ]
	done
}

@test "mark: pending is no lane" {
	approved WP01
	mark 1 WP01 --status pending
	[ "$output" = 'WP01: transition failed - Unknown lane: pending' ]
	mark 1 WP01 --status pending --json
	[ "$(outcomes)" = 'WP01 not_found wp_id' ]
}

@test "mark: tasks never touch the log, work packages never tasks.md" {
	local log=$MISSION/status.events.jsonl

	approved WP01
	event m WP02 planned claimed
	echo '{"stale": true}' >$MISSION/status.json
	cp $log log
	mark 0 T001 --status 'done'
	cmp log $log
	grep -q stale $MISSION/status.json
	[ "$(changed)" = $TASKS ]
	sed -i 's/\[ \] T002/[x] T002/' $TASKS
	mark 0 WP01 --status 'done'
	[ "$(changed)" = "$log
$MISSION/status.json" ]
	git diff --quiet "HEAD^" HEAD -- $TASKS
}

@test "mark: what the log has done needs no box" {
	sed -i 's/^## WP02/## WP01/' $TASKS
	commit
	approved WP01
	cp $TASKS before
	mark 0 WP01 T005 --status 'done' --json
	[ "$(outcomes)" = "WP01 updated wp_id
T005 already_satisfied inline_subtasks" ]
	cmp before $TASKS
}

@test "mark: who does it is --agent, the environment, git, or user" {
	local wp=0 by

	for by in '--agent=me' SPEC_KITTY_AGENT=you Tester user; do
		approved "WP0$((wp += 1))"
		case $by in
		--*) SPEC_KITTY_AGENT=you mark 0 "$by" WP0$wp -s 'done' ;;
		*=*) SPEC_KITTY_AGENT=you mark 0 WP0$wp -s 'done' ;;
		Tester) SPEC_KITTY_AGENT='' mark 0 WP0$wp -s 'done' ;;
		*)
			GIT_AUTHOR_NAME=a GIT_COMMITTER_NAME=a mark 0 \
				WP0$wp -s 'done' --no-commit
			;;
		esac
		[ "$(in_log .actor)" = "${by#*=}" ] || [ "$by" = user ]
		[ "$by" != Tester ] || git config --global --unset user.name
	done
	[ "$(in_log .actor)" = user ]
}

@test "mark: its mission is that of the branch, else the one under way" {
	plan n
	printf -- '- [ ] T001 Of n\n' >kitty-specs/n/tasks.md
	commit
	mark 129 T001 --status 'done'
	[[ $stderr == *'error: which mission is meant?'*"hint: add '--mission <name>', of 'm', 'n'" ]]
	git switch -q -c kitty/mission-n-lane-a
	mark 0 T001 --status 'done'
	git show main:kitty-specs/n/tasks.md | grep -q '\[x\] T001'
	git switch -q main
	event n WP01 planned 'done'
	commit
	mark 0 T001 --status 'done'
	[ "$(changed)" = $TASKS ]
	event m WP01 planned 'done'
	event m WP02 planned canceled
	commit
	mark 129 T001 --status 'done'
	[[ $stderr == *"'git sk-mission list' has them" ]]
	mark 0 T001 --feature n --status 'done'
	mark 128 T001 --mission x --status 'done' --json
	[ "$(jq -r .error <<<"$output")" = "there is no mission 'x'" ]
}

@test "mark: a mission's branch with its mid8 is its own (W14)" {
	plan n-01ABCDEF
	plan n
	printf -- '- [ ] T001 Of n\n' | tee kitty-specs/n/tasks.md \
		>kitty-specs/n-01ABCDEF/tasks.md
	commit
	git switch -q -c kitty/mission-n-01ABCDEF-lane-b
	mark 0 T001 --status 'done'
	[ "$(git log -1 --format=%s main)" = \
		'chore: Mark T001 as done on spec n-01ABCDEF' ]
}

@test "mark: a command line that makes no sense is told" {
	mark 129 T001
	[ "${stderr_lines[0]}" = \
		'git sk-task mark: error: say --status done or pending' ]
	mark 129 T001 --status Done
	[ "${stderr_lines[0]}" = \
		"git sk-task mark: error: invalid status 'Done', must be 'done' or 'pending'" ]
	mark 129 --status 'done'
	mark 129 T001 --status 'done' --mission m --feature n
	mark 129 T001 --frob
	mark 129 T001 --status x --json
	[[ $(jq -r .error <<<"$output") == "invalid status 'x'"* ]]
	cd ..
	mark 128 T001 --status 'done'
	[[ $stderr == *'not a git repository'* || $stderr == *'no git repository'* ]]
}

@test "mark: output that cannot be written is an error, and it is done" {
	run -128 --separate-stderr sh -c \
		'git sk-task mark T001 --status done >/dev/full'
	[[ $stderr == *'cannot write standard output'* ]]
	git show HEAD:$TASKS | grep -q '\[x\] T001'
}
