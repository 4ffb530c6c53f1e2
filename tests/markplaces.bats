#!/usr/bin/env bats
# git sk-task mark, wherever it is run, and whatever tasks.md is.

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

# ticked <task> [<revision>]: it is, in tasks.md as it is committed there.
ticked() {
	git show "${2:-main}:$TASKS" | grep -q "\[x\] $1"
}

@test "mark: run in a lane's worktree it is committed to the target" {
	git worktree add -q -b kitty/mission-m-lane-a .worktrees/m-lane-a
	cd .worktrees/m-lane-a
	mark 0 T001 --status 'done'
	ticked T001
	[ -z "$(git status --porcelain)" ]
	[ "$(git rev-parse HEAD)" = "$START" ]
	cd ../..
	grep -q '\[x\] T001' $TASKS
	[ -z "$(git status --porcelain)" ]
}

@test "mark: run in a folder below it is the same" {
	mkdir -p src/deep
	cd src/deep
	mark 0 T001 --status 'done'
	ticked T001
	cd ../..
	[ -z "$(git status --porcelain)" ]
}

@test "mark: a target that is checked out nowhere is committed to by its ref" {
	git switch -q -c work
	approved WP01
	git branch -f main
	git reset -q --hard "$START"
	mark 0 T001 WP01 --status 'done'
	ticked T001
	git show main:$MISSION/status.events.jsonl | tail -n 1 | grep -q '"to_lane": "done"'
	[ "$(git rev-parse HEAD)" = "$START" ]
	[ -z "$(git status --porcelain)" ]
	# there is no file to leave it in
	mark 128 T002 --status 'done' --no-commit
	[ "${stderr_lines[0]}" = \
		"git sk-task mark: error: branch 'main' is not checked out anywhere" ]
	[[ ${stderr_lines[1]} == "hint: leave out '--no-commit'"* ]]
	run -1 ticked T002
}

@test "mark: what no hook has seen is captured all the same" {
	approved WP01
	git sk-setup
	git switch -q -c work
	mark 0 WP01 --status 'done'
	[ "$(transitions)" = 1 ]
	git switch -q main
	[ "$(transitions)" = 1 ]
}

@test "mark: a detached HEAD stays where it is" {
	git checkout -q --detach
	mark 0 T001 --status 'done'
	ticked T001
	[ "$(git rev-parse HEAD)" = "$START" ]
	[ -z "$(git status --porcelain)" ]
}

@test "mark: a bare repository has a target, too" {
	git clone -q --bare . ../bare
	cd ../bare
	mark 0 T001 --status 'done'
	ticked T001
	[ "$(git log -1 --format=%s)" = 'chore: Mark T001 as done on spec m' ]
	mark 128 T002 --status 'done' --no-commit
}

@test "mark: a repository of sha256 is like any other" {
	mkdir ../other
	cd ../other
	git init -q --object-format=sha256
	cp -r ../repo/kitty-specs .
	commit
	approved WP01
	mark 0 T001 WP01 --status 'done'
	ticked T001
	[ -z "$(git status --porcelain)" ]
}

@test "mark: tasks go to the target, lanes to the coordination branch" {
	git branch kitty/mission-m
	git worktree add -q .worktrees/m-coord kitty/mission-m
	(cd .worktrees/m-coord && approved WP01 && approved WP02)
	mark 0 T001 WP01 --status 'done' --json
	[ "$(outcomes)" = "T001 updated checkbox
WP01 updated wp_id" ]
	[ "$(changed main)" = $TASKS ]
	[ "$(changed kitty/mission-m)" = "$MISSION/status.events.jsonl
$MISSION/status.json" ]
	[ "$(git log -1 --format=%s kitty/mission-m)" = \
		'chore: Mark 2 subtasks as done on spec m' ]
	[ -z "$(git status --porcelain)" ]
	[ -z "$(git -C .worktrees/m-coord status --porcelain)" ]
	mark 0 WP01 --status 'done' --json
	[ "$(outcomes)" = 'WP01 already_satisfied wp_id' ]
	mark 0 T002 WP02 --status 'done'
	[ "${lines[-1]}" = "Committed on kitty/mission-m: $(git rev-parse \
		--short=10 kitty/mission-m), on main: $(git rev-parse \
		--short=10 main)." ]
}

@test "mark: without setup, with GIT_SK=0, logged out: it is marked" {
	GIT_SK=0 mark 0 T001 --status 'done'
	[ -z "$stderr" ]
	ticked T001
	git sk-setup
	GIT_SK=0 mark 0 T002 --status 'done' --json
	[ -z "$stderr" ]
	ticked T002
}

@test "mark: a hook that refuses is told, and the next mark commits it" {
	printf '#!/bin/sh\necho not today >&2\nexit 1\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	mark 128 T001 --status 'done'
	[[ ${stderr_lines[0]} == 'git sk-task mark: error: written, but not committed: '*'not today'* ]]
	[ -z "$output" ]
	[ "$(git rev-parse HEAD)" = "$START" ]
	[ "$(git status --porcelain)" = " M $TASKS" ]
	rm .git/hooks/pre-commit
	mark 0 T001 --status 'done' --json
	[ "$(outcomes)" = 'T001 already_satisfied checkbox' ]
	ticked T001
	[ -z "$(git status --porcelain)" ]
}

@test "mark: CRLF stays, with and without a conversion by git" {
	sed -i 's/$/\r/' $TASKS
	commit crlf
	git sk-task mark T001 T005 T003 --status 'done'
	[ "$(grep -c $'\r$' $TASKS)" = "$(wc -l <$TASKS)" ]
	cmp $TASKS <(git show HEAD:$TASKS)
	git reset -q --hard "$START"
	git config core.autocrlf true
	rm $TASKS
	git checkout -q $TASKS
	grep -q $'\r' $TASKS
	git sk-task mark T001 T005 T003 --status 'done'
	[ "$(grep -c $'\r$' $TASKS)" = "$(wc -l <$TASKS)" ]
	run -1 grep -q $'\r' <(git show HEAD:$TASKS)
	[ "$(git show --numstat --format= HEAD)" = $'3\t2\t'"$TASKS" ]
	[ -z "$(git status --porcelain)" ]
}

@test "mark: every byte that is not meant stays, and the mode" {
	printf '\xef\xbb\xbf# T\xe9st\0\r\n\t- [ ]  T001  x  \n\n\n- [ ] T002' >$TASKS
	chmod 750 $TASKS
	commit bytes
	cp $TASKS before
	git sk-task mark T001 T002 --status 'done'
	cmp $TASKS <(sed 's/\[ \]/[x]/' before)
	[ "$(stat -c %a $TASKS)" = 750 ]
	[ "$(git ls-tree HEAD $TASKS | cut -d ' ' -f 1)" = 100755 ]
	git sk-task mark T001 T002 --status pending
	cmp $TASKS before
	chmod 444 $TASKS
	git sk-task mark T001 --status 'done'
	[ "$(stat -c %a $TASKS)" = 444 ]
}

@test "mark: a link is not replaced by a file, nor followed" {
	mv $TASKS tasks.md
	ln -s ../../tasks.md $TASKS
	commit link
	mark 128 T001 --status 'done' --json
	[[ ${stderr_lines[0]} == *"$TASKS' is a symbolic link" ]]
	[[ $(jq -r .error <<<"$output") == *'is a symbolic link' ]]
	[ -L $TASKS ]
	[ -z "$(git status --porcelain)" ]
}

@test "mark: without a tasks.md no task is marked, but a work package is" {
	git rm -q $TASKS
	commit gone
	approved WP01
	mark 128 T001 WP01 --status 'done'
	[ "${stderr_lines[0]}" = \
		"git sk-task mark: error: there is no '$TASKS'" ]
	[ "$(in_log .to_lane)" = approved ]
	mark 0 WP01 --status 'done'
	[ "$(in_log .to_lane)" = 'done' ]
	[ ! -e $TASKS ]
	mkdir $TASKS
	mark 128 T001 --status 'done'
	[[ $stderr == *"$TASKS"* ]]
	[ -d $TASKS ]
}

@test "mark: ten megabytes are marked in their place" {
	{
		seq -f '- [ ] T%06.0f The text of a task with this number' 200000
		printf '\n'
	} >$TASKS
	commit large
	mark 0 T000001 T123456 T200000 --status 'done' --json
	[ "$(jq -c .summary <<<"$output")" = \
		'{"updated":3,"already_satisfied":0,"not_found":0}' ]
	[ "$(git show --numstat --format= HEAD)" = $'3\t3\t'"$TASKS" ]
	ticked T123456
}

@test "mark: a work package with two files is moved all the same" {
	cp $MISSION/tasks/WP01-x.md $MISSION/tasks/WP01-y.md
	approved WP01
	mark 0 WP01 --status 'done'
	# one that is in no log is told so, not that there is none
	cp $MISSION/tasks/WP01-x.md $MISSION/tasks/WP08-x.md
	cp $MISSION/tasks/WP01-x.md $MISSION/tasks/WP08-y.md
	mark 1 WP08 --status 'done'
	[[ $output == *'WP08: transition failed - illegal transition: '* ]]
	# and one that has none is not
	sed -i 's/The end/Behind WP07/' $TASKS
	commit
	mark 1 WP07 --status 'done'
	[ "$output" = 'WP07: transition failed - there is no file of it in tasks/, and no line in the event log' ]
	[ "$stderr" = "hint: run 'git sk-task list --mission m' to see the work packages" ]
}

@test "mark: a torn line of the log is set aside, and named" {
	approved WP01
	printf '{"event_id": "01KE' >>$MISSION/status.events.jsonl
	mark 0 WP01 --status 'done'
	[[ $stderr == 'warning: a line of the event log was torn, and is in '* ]]
	[ "$(in_log .to_lane)" = 'done' ]
	git sk-eventlog check $MISSION/status.events.jsonl
}

@test "mark: one without a log has the lanes of its files" {
	git rm -q $MISSION/status.events.jsonl
	sed -i 's/^title/lane: done\n&/' $MISSION/tasks/WP01-x.md
	commit
	mark 0 WP01 --status 'done' --json
	[ "$(outcomes)" = 'WP01 already_satisfied wp_id' ]
	mark 1 WP02 --status 'done' --json
	[ ! -e $MISSION/status.events.jsonl ]
}
