#!/usr/bin/env bats
# What a change to a mission promises, shown by moves: where it is written, and
# what of other people's it leaves alone.

load helper
load board
load fault
load move

setup() {
	move_setup
}

teardown() {
	[ -z "$SLEEPER" ] || kill "$SLEEPER"
	sk_teardown
}

# captured_by <command>...: it puts that into the queue of the set-up clone.
captured_by() {
	local before after

	before=$(transitions)
	"$@" >/dev/null
	after=$(transitions)
	[ "$after" = $((before + 1)) ]
}

# move_json <argument>...: of git sk-task; it is done, with one document.
move_json() {
	run -0 --separate-stderr git sk-task "$@" --json
	[ "$(jq -s length <<<"$output")" = 1 ]
	[ "$(jq -r .result <<<"$output")" = success ]
}

@test "edit: staged work and other edits stay what they are" {
	printf 'staged\n' >other
	git add other
	printf 'x\n' >>"$M/meta.json"
	printf 'mine\n' >>"$M/tasks/WP01-x.md"
	printf 'new\n' >untracked
	before=$(git diff --cached)
	move WP01 claimed --agent bob
	[ "$(git diff --cached)" = "$before" ]
	[ "$(git status --porcelain)" = " M $M/meta.json
 M $M/tasks/WP01-x.md
A  other
?? untracked" ]
	[ "$(git show --name-only --format= | xargs)" = \
		"$LOG $M/status.json $M/tasks/WP01-x.md" ]
	[ "$(git diff "$M/tasks/WP01-x.md" | grep '^[-+][^-+]')" = '+mine' ]
	grep -q 'bob – Moved' "$M/tasks/WP01-x.md"
}

@test "edit: what is staged of a file that we write stays staged" {
	sed -i 's/Title 1/Staged title/' "$M/tasks/WP01-x.md"
	git add "$M/tasks/WP01-x.md"
	move WP01 claimed
	[ "$(git diff --cached | grep '^[-+][^-+]')" = '-title: "Title 1"
+title: "Staged title"' ]
	[ -z "$(git diff)" ]
}

@test "edit: a commit that a hook refuses is told, and made by the next try" {
	printf '#!/bin/sh\necho "no: a rule of ours" >&2\nexit 1\n' \
		>.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	run -128 --separate-stderr git sk-task move WP01 claimed
	[[ $stderr == *'written, but not committed: '*'no: a rule of ours'* ]]
	[[ ${stderr_lines[1]} == 'hint: mend that, and run the same command again' ]]
	[ "$(git rev-parse HEAD)" = "$(git rev-parse start)" ]
	rm .git/hooks/pre-commit
	run -0 git sk-task move WP01 claimed
	[[ $output == 'WP01 is in claimed already, committed on main: '* ]]
	[ "$(rows | tail -n 1)" = 'WP01 planned claimed Tester' ]
	[ "$(activity WP01 | wc -l)" = 1 ]
	[ -z "$(git status --porcelain)" ]
	is_right
}

@test "edit: from a folder below, a linked worktree, a lane's worktree" {
	mkdir -p deep/er
	(cd deep/er && move WP01 claimed)
	git worktree add -q ../linked -b topic
	git worktree add -q ../lane -b kitty/mission-m-lane-a
	topic=$(git rev-parse topic)
	(cd ../linked && move WP02 claimed)
	(cd ../lane && move WP03 claimed)
	[ "$(lane WP01)/$(lane WP02)/$(lane WP03)" = claimed/claimed/claimed ]
	[ "$(git rev-parse topic)" = "$topic" ]
	[ -z "$(git status --porcelain)$(git -C ../lane status --porcelain)" ]
	tail -n 1 "$LOG" | grep -q WP03
}

@test "edit: a sparse checkout without the mission is let be, and committed" {
	mkdir src
	echo a >src/a
	commit src
	git sparse-checkout set src 2>/dev/null
	move WP01 claimed
	[ "$(lane WP01)" = claimed ]
	[ "$(activity WP01)" = 'Tester – Moved to claimed' ]
	is_right
	[ -z "$(git status --porcelain)" ]
	[ ! -e kitty-specs ]
	run -128 --separate-stderr git sk-task move WP01 blocked --no-commit
	[[ $stderr == *"the files of mission 'm' are not in '$PWD'"*"run 'git sparse-checkout add $M'"* ]]
	git sparse-checkout disable
	[ -z "$(git status --porcelain)" ]
}

@test "edit: a target that is not checked out is committed to by its ref" {
	git sk-setup >/dev/null
	git switch -q -c topic
	captured_by git sk-task move WP01 claimed
	[ "$(git log --format=%s main~..main)" = \
		'chore: Move WP01 to claimed on spec m' ]
	[ "$(git rev-parse topic)" = "$(git rev-parse start)" ]
	[ "$(lane WP01)" = claimed ]
	[ "$(activity WP01)" = 'Tester – Moved to claimed' ]
	[ -z "$(git status --porcelain)" ]
	is_right
	git switch -q --detach
	captured_by git sk-task move WP01 doing --json
	[ "$(lane WP01)" = in_progress ]
	git switch -q main
	captured_by git sk-task move WP01 blocked
	is_right
	git fsck --strict
}

@test "edit: in a bare repository, and one of sha256" {
	git clone -q --bare . ../bare.git
	(
		cd ../bare.git
		move WP01 claimed
		[ "$(lane WP01)" = claimed ]
		is_right
		run -0 git sk-task move WP01 claimed --json
		[ "$(jq -r .path <<<"$output")" = "$M/tasks/WP01-x.md" ]
	)
	git init -q --object-format=sha256 ../long
	cp -r kitty-specs ../long
	cd ../long
	commit start
	move WP01 claimed
	[ "$(lane WP01)" = claimed ]
	is_right
	git switch -q --detach
	move WP01 doing
	[ "$(lane WP01)" = in_progress ]
	git fsck --strict
}

@test "edit: with a coordination branch it is two commits on two branches" {
	git switch -q -c kitty/mission-m
	event m WP01 planned claimed
	commit 'under way'
	git switch -q main
	move WP01 doing --agent bob
	[ "$(rows kitty/mission-m | tail -n 1)" = 'WP01 claimed in_progress bob' ]
	[ "$(git show --name-only --format= kitty/mission-m | xargs)" = \
		"$LOG $M/status.json" ]
	[ "$(git show --name-only --format= main | xargs)" = "$M/tasks/WP01-x.md" ]
	[ "$(git log -1 --format=%s main)" = "$(git log -1 --format=%s kitty/mission-m)" ]
	is_right kitty/mission-m
	git worktree add -q .worktrees/m-coord kitty/mission-m
	move WP01 blocked
	[ -z "$(git -C .worktrees/m-coord status --porcelain)" ]
	[ "$(lane WP01 kitty/mission-m)" = blocked ]
	run -0 git sk-task move WP02 claimed --json
	[ "$(jq -r '.branch, .commit, .plan_commit' <<<"$output")" = \
		"kitty/mission-m
$(git rev-parse kitty/mission-m main)" ]
}

@test "edit: a coordination branch that is not checked out needs a commit" {
	git switch -q -c kitty/mission-m
	event m WP01 planned claimed
	commit 'under way'
	git switch -q main
	run -128 --separate-stderr git sk-task move WP01 doing --no-commit
	[[ ${stderr_lines[0]} == *"branch 'kitty/mission-m' is not checked out anywhere" ]]
	[ -z "$(git status --porcelain)" ]
	git worktree add -q .worktrees/m-coord kitty/mission-m
	run -0 git sk-task move WP01 doing --no-commit
	[ "$(git -C .worktrees/m-coord status --porcelain)" = " M $LOG
 M $M/status.json" ]
	[ "$(git status --porcelain)" = " M $M/tasks/WP01-x.md
?? .worktrees/" ]
}

@test "edit: from a copy of a repository nothing is written to the original" {
	git switch -q -c kitty/mission-m
	event m WP01 planned claimed
	commit 'under way'
	git switch -q main
	git worktree add -q .worktrees/m-coord kitty/mission-m
	cp -r "$PWD" ../copy
	refs=$(git for-each-ref)
	cd ../copy
	copied=$(git for-each-ref)
	run -128 --separate-stderr git sk-task move WP01 doing
	[ "${stderr_lines[0]}" = "git sk-task move: error: branch 'kitty/mission-m' is checked out in '$OLDPWD/.worktrees/m-coord'" ]
	[ "${stderr_lines[1]}" = "hint: this is a copy of that repository: work there, or move '$PWD/.git/worktrees' and .worktrees away" ]
	[ "$(git for-each-ref)" = "$copied" ]
	[ "$(git -C "$OLDPWD" for-each-ref)" = "$refs" ]
	[ "$(git -C "$OLDPWD/.worktrees/m-coord" status --porcelain)" = '' ]
	# what it says helps
	mv .git/worktrees .worktrees ..
	move WP01 doing
	[ "$(lane WP01 kitty/mission-m)" = in_progress ]
}

@test "edit: a branch that was moved beside its work tree loses nothing" {
	git worktree add -q --detach ../aside
	(
		cd ../aside
		event m WP02 planned claimed 01KE0000000000000000000900
		commit aside
		git update-ref refs/heads/main HEAD
	)
	move WP01 claimed
	[ "$(rows | tail -n 2 | cut -d ' ' -f 1-3 | sort)" = "WP01 planned claimed
WP02 planned claimed" ]
	grep -q 01KE0000000000000000000900 "$LOG"
	is_right
}

@test "edit: a line that another writer has torn is set aside, and told" {
	printf '{"actor": "x", "to_l' >>"$LOG"
	run -0 --separate-stderr git sk-task move WP01 claimed
	[[ $stderr == "warning: a line of the event log was torn, and is in '$PWD/$LOG.torn-"*"' now" ]]
	[ "$(cat "$LOG".torn-*)" = '{"actor": "x", "to_l' ]
	is_right
	rm "$LOG".torn-*
	[ -z "$(git status --porcelain)" ]
}

@test "edit: a torn line that is committed is told of, and ours follow none" {
	printf '{"actor": "x", "to_l' >>"$LOG"
	commit torn
	git switch -q --detach
	torn=$(git rev-parse HEAD)
	run -0 --separate-stderr git sk-task move WP01 planned
	[ "$(git rev-parse main)" = "$torn" ]
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-task move WP01 claimed
	[ "$stderr" = "warning: a line of the event log was torn, and is in '$torn:$LOG' now" ]
	is_right
}

@test "edit: lines that nobody can read are kept, and told" {
	printf '%s\n' '<<<<<<< HEAD' '=======' '>>>>>>> topic' >>"$LOG"
	run -0 --separate-stderr git sk-task move WP01 claimed
	[ "$stderr" = "warning: 3 lines of the event log cannot be read; run 'git sk-eventlog check $PWD/$LOG'" ]
	git switch -q --detach
	run -0 --separate-stderr git sk-task move WP01 doing
	[ "$stderr" = 'warning: 3 lines of the event log cannot be read' ]
	[ "$(git show "main:$LOG" | grep -c '^[<=>]')" = 3 ]
	[ "$(lane WP01)" = in_progress ]
}

@test "edit: nothing to do leaves a log without a last line end alone" {
	truncate -s -1 "$LOG"
	commit cut
	head=$(git rev-parse HEAD)
	run -0 git sk-task move WP01 planned
	[ "$output" = 'WP01 is in planned already' ]
	[ "$(git rev-parse HEAD)" = "$head" ]
	move WP01 claimed
	is_right
	[ -z "$(git status --porcelain)" ]
}

@test "edit: a merge under way is not ended by it" {
	git switch -q -c topic
	printf 'a\n' >file
	commit one
	git switch -q main
	printf 'b\n' >file
	commit two
	run -1 git merge topic
	run -128 --separate-stderr git sk-task move WP01 claimed
	[[ $stderr == *'a merge is under way'* ]]
	git merge --abort
	run -0 git sk-task move WP01 claimed
	[[ $output == *committed* ]]
	is_right
}

@test "edit: another git that holds the index is told of, and not for long" {
	printf 'DIRC' >.git/index.lock
	run -128 --separate-stderr timeout 60 git-sk-task move WP01 claimed
	[[ $stderr == *"written, but not committed: "*"index.lock' exists"* ]]
	rm .git/index.lock
	move WP01 claimed
	[ -z "$(git status --porcelain)" ]
}

# failing <call> <error> [<strace option>...]: a move of WP01 to claimed of which
# the first such call fails.
failing() {
	# LeakSanitizer cannot work in what is traced
	ASAN_OPTIONS=detect_leaks=0 run -128 --separate-stderr strace -qq -o /dev/null -e trace="$1" \
		-e inject="$1:error=$2:when=1" "${@:3}" \
		git-sk-task move WP01 claimed
}

@test "edit: a work tree that may not be written to is left as it is" {
	failing openat EROFS -P "$PWD/$LOG" -e inject=openat:error=EROFS:when=2
	[[ $stderr == *"$LOG': Read-only file system"* ]]
	[ -z "$(git status --porcelain)" ]
	[ "$(git rev-parse HEAD)" = "$(git rev-parse start)" ]
}

@test "edit: without the lock nothing is changed" {
	: >.git/spec-kitty-locks
	run -128 --separate-stderr git sk-task move WP01 claimed
	[[ $stderr == *"/spec-kitty-locks/m.status.lock'"* ]]
	[ -z "$(git status --porcelain)" ]
	[ -z "$(git log --oneline start..)" ]
	rm .git/spec-kitty-locks
	move WP01 claimed
	[ "$(lane WP01)" = claimed ]
}

@test "edit: a full disk is told, and a later try finishes" {
	local call

	for call in write fsync; do
		failing "$call" ENOSPC -P "$PWD/$LOG"
		[[ $stderr == *"$LOG': No space left on device"* ]]
		[ -z "$(git status --porcelain)" ]
	done
	# the log is written, status.json is not
	failing rename ENOSPC
	[[ $stderr == *"No space left on device"* ]]
	[ "$(git status --porcelain)" = " M $LOG" ]
	run -0 git sk-task move WP01 claimed
	[[ $output == 'WP01 is in claimed already, committed on main: '* ]]
	[ "$(rows | tail -n 1)" = 'WP01 planned claimed Tester' ]
	[ "$(activity WP01)" = 'Tester – Moved to claimed' ]
	[ -z "$(git status --porcelain)" ]
	is_right
}

@test "edit: a limit of file sizes is an error as a full disk is" {
	run -128 bash -c 'ulimit -f 0; exec git sk-task move WP01 claimed'
	[[ $output == *': File too large'* ]]
	[ -z "$(git status --porcelain)" ]
	[ -z "$(git log --oneline start..)" ]
	run -0 git sk-task move WP01 claimed
	[ "$(rows | tail -n 1)" = 'WP01 planned claimed Tester' ]
	is_right
}

@test "edit: switched off, it is still written and committed" {
	GIT_SK=0 move WP01 claimed
	[ "$(lane WP01)" = claimed ]
	git sk-setup >/dev/null
	before=$(transitions)
	GIT_SK=0 move WP02 claimed
	GIT_SK=0 git switch -q -c topic
	GIT_SK=0 move WP03 claimed
	GIT_SK_SKIP=post-commit move WP03 doing
	[ "$(lane WP02)/$(lane WP03)" = claimed/in_progress ]
	[ "$(transitions)" = "$before" ]
	move WP03 blocked
	[ "$(transitions)" = "$((before + 4))" ]
}

@test "edit: without a setup or a login it says no word more" {
	run -0 --separate-stderr git sk-task move WP01 claimed --json
	[ -z "$stderr" ]
	git sk-setup >/dev/null
	run -0 --separate-stderr git sk-task move WP01 doing --json
	[ -z "$stderr" ]
	[ "$(queued)" = WP01 ]
}

@test "edit: what is moved arrives, with --json at once" {
	start_ingestd
	log_in >/dev/null
	git sk-setup >/dev/null
	move_json move WP01 for_review
	[ -z "$stderr" ]
	sent 3
	move_json review WP01
	sent 4
}

@test "edit: behind an identity boundary it is committed, and waits" {
	start_fault ok
	git sk-setup >/dev/null
	(umask 077 && mkdir -p "$GIT_SK_HOME/sync/daemon")
	sleep 60 3>&- &
	SLEEPER=$!
	git sk-sync status --check --json >../check || true
	jq --argjson pid "$SLEEPER" --argjson start "$(start_of "$SLEEPER")" \
		'.foreground | {auth_principal: "somebody", auth_team: "",
			executable_path, package_version, pid: $pid,
			pid_start: $start, queue_db_path, server_url,
			source_checkout_path: .source_path,
			started_at: "2026-05-25T07:16:00+00:00"}' ../check \
		>"$GIT_SK_HOME/sync/daemon/owner.json"
	run -0 --separate-stderr git sk-task move WP01 for_review
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == 'warning: its events wait in the queue: '* ]]
	move_json review WP01
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == 'sync_diagnostic '*'=sync.identity_boundary_refused '* ]]
	[ "$(lane WP01)" = in_review ]
	[ "$(transitions)" = 4 ]
	[ -z "$(batches)" ]
}

@test "edit: what a killed write has left goes, and nothing that looks like it" {
	local folder=${LOG%/*} wp

	wp=$(cd "$folder" && ls tasks/WP01*)
	touch "$folder/status.json.sk-aB3xYz" "$folder/$wp.sk-aB3xYz" \
		"$folder/notes.sk-polish" "$folder/tasks/x.sk-aB3xYz"
	run -0 git sk-task move WP01 claimed
	[ "$(git status --porcelain -uall)" = "?? $folder/notes.sk-polish
?? $folder/tasks/x.sk-aB3xYz" ]
}
