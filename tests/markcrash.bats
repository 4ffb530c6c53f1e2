#!/usr/bin/env bats
# git sk-task mark when others are at it, when it is killed, when the disk is
# full, and how its events are sent.

# shellcheck disable=SC2086 # no path here has a space
load helper
load board
load moments
load fault
load mark

setup() {
	mark_setup
}

teardown() {
	sk_teardown
}

# undo: to where everything began, also what a git that was killed has left.
undo() {
	git reset -q --hard "$BASE"
	rm -f "$MISSION"/*.sk-??????
}

# is_half <status of T001>: what is committed is before or after.
is_half() {
	local text

	git diff --quiet "$BASE" main ||
		[ "$(git diff --name-only "$BASE" main)" = "$1" ]
	text=$(cat $TASKS)
	[ "$text" = "$BEFORE" ] || [ "$text" = "$AFTER" ]
}

# finished: a run to the end; all is committed once, nothing else is.
finished() {
	mark 0 "${IDS[@]}" --status 'done' --json
	[ "$(cat $TASKS)" = "$AFTER" ]
	[ "$(git rev-list --count "$BASE"..)" = 1 ]
	[ "$(git diff --name-only "$BASE" HEAD)" = "$PATHS" ]
	[ "$(git status --porcelain)" = 'A  other' ]
	[ "$(grep -c '"to_lane": "done"' $MISSION/status.events.jsonl)" = "$LINES" ]
	[ -z "$(ls -d .git/index.lock .git/sk-index-* 2>/dev/null)" ]
}

# cut_at <what> <call>...: mark gets that signal or error at moments of these
# calls, one after the other, and finishes when it is run again. Sets CUTS.
cut_at() {
	local moment

	git config core.fsync none
	BASE=$(git rev-parse HEAD) BEFORE=$(cat $TASKS)
	undo
	find_moments "${@:2}" -- git-sk-task mark "${IDS[@]}" --status 'done'
	CUTS=0
	for moment in "${MOMENTS[@]}"; do
		undo
		echo staged >other
		git add other
		! injected "$1" "${moment% *}" "${moment#* }" git-sk-task mark \
			"${IDS[@]}" --status 'done' || CUTS=$((CUTS + 1))
		is_half "$PATHS"
		finished
	done
	echo "# cut $CUTS times" >&3
	[ "$CUTS" = "${#MOMENTS[@]}" ]
}

@test "mark: killed at any write of tasks.md, the next run finishes" {
	IDS=(T001 T003) PATHS=$TASKS LINES=0
	AFTER=$(sed 's/\[ \] T001/[x] T001/; s/T003 | \[ \]/T003 | [D]/' $TASKS)
	cut_at signal=KILL write rename link unlink fsync
	[ "$CUTS" -ge 6 ]
}

# approved_with_task: to mark are a work package, and a task.
approved_with_task() {
	approved WP01
	IDS=(WP01 T001) LINES=1
	PATHS="$MISSION/status.events.jsonl
$MISSION/status.json
$TASKS"
	AFTER=$(sed 's/\[ \] T001/[x] T001/' $TASKS)
}

@test "mark: killed at any write of the log, the next run finishes" {
	approved_with_task
	cut_at signal=KILL write rename link unlink fsync
	[ "$CUTS" -ge 8 ]
}

@test "mark: a disk that is full at any write is an error, and mended" {
	approved_with_task
	cut_at error=ENOSPC write rename fsync
	[ "$CUTS" -ge 5 ]
}

@test "mark: Ctrl-C leaves nothing that the next run does not finish" {
	printf '#!/bin/sh\ntouch "$HOME/waits"\nsleep 5\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	# a group of its own, as a terminal has it
	setsid sh -c 'trap - INT; exec "$@"' sh env --default-signal=INT \
		git-sk-task mark T001 --status 'done' >/dev/null 2>&1 3>&- &
	pid=$!
	wait_for test -e "$HOME/waits"
	kill -INT -- "-$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -gt 128 ]
	[ "$(git rev-parse HEAD)" = "$START" ]
	[ -z "$(ls -d .git/index.lock .git/sk-index-* 2>/dev/null)" ]
	rm .git/hooks/pre-commit
	mark 0 T001 --status 'done'
	[ -z "$(git status --porcelain)" ]
	git show HEAD:$TASKS | grep -q '\[x\] T001'
}

# marks <first> <last>: each of these tasks by itself.
marks() {
	local n

	for ((n = $1; n <= $2; n++)); do
		git sk-task mark "T$n" --status 'done' >/dev/null || return 1
	done
}

@test "mark: two at once lose no mark, and mix none" {
	local n

	seq -f '- [ ] T%g A task' 100 139 >$TASKS
	commit many
	git tag start
	marks 100 119 2>../errors1 &
	first=$!
	marks 120 139 2>../errors2 &
	second=$!
	wait "$first"
	wait "$second"
	[ ! -s ../errors1 ]
	[ ! -s ../errors2 ]
	[ "$(grep -c '\[x\]' $TASKS)" = 40 ]
	cmp $TASKS <(git show HEAD:$TASKS)
	[ "$(git log --format=%s start.. | sort -u | wc -l)" = 40 ]
	[ "$(git log --format= --numstat start.. | sort -u)" = $'1\t1\t'"$TASKS" ]
	[ -z "$(git status --porcelain)" ]
}

@test "mark: somebody who commits tasks.md meanwhile is not undone" {
	local real

	real=$(command -v git)
	mkdir "$HOME/bin"
	git worktree add -q ../between -b between
	# just before the first commit is made, main moves on
	cat >"$HOME/bin/git" <<-SH
		#!/bin/sh
		case " \$* " in
		*" --cleanup="*)
			[ -e "$HOME/was" ] || (unset GIT_INDEX_FILE
			touch "$HOME/was"
			cd "$PWD/../between" &&
			sed -i 's/The end/The end of theirs/' $TASKS &&
			"$real" commit -q -am between &&
			"$real" update-ref refs/heads/main HEAD) >&2 ;;
		esac
		exec "$real" "\$@"
	SH
	chmod +x "$HOME/bin/git"
	# itself: git would put its own folder in front
	PATH=$HOME/bin:$PATH run -0 --separate-stderr git-sk-task mark \
		T001 T005 --status 'done' --json
	[ -e "$HOME/was" ]
	# done once, and by us
	[ "$(outcomes)" = "T001 updated checkbox
T005 updated inline_subtasks" ]
	[ "$(git log --format=%s "$START"..)" = "chore: Mark 2 subtasks as done on spec m
between" ]
	[ "$(git show --numstat --format= HEAD)" = $'2\t1\t'"$TASKS" ]
	git show HEAD:$TASKS | grep -q 'The end of theirs'
	git show HEAD:$TASKS | grep -q '\[x\] T005'
}

@test "mark: with --json what waits is sent, else by the background" {
	approved WP02
	start_fault ok
	git sk-setup
	mark 0 WP02 --mission m --status 'done'
	[ -z "$stderr" ]
	[ "$(transitions)" = 1 ]
	mark 0 T003 --mission m --status 'done' --json
	[ -z "$stderr" ]
	[ "$(transitions)" = 0 ]
}
