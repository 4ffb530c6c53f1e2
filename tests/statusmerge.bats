#!/usr/bin/env bats
# status.json where git merges it: made anew from the merged event log.

load helper
load logmerge

STATUS=kitty-specs/001-a/status.json

setup() {
	sk_setup
	enter_repo
	driver
	mission 001-a
	states 1 2
	git branch side
}

teardown() {
	sk_teardown
}

# states <n>[:<lane>]...: a commit of these rows, with their status.json.
states() {
	local n lane

	for n; do
		lane=${n#*:}
		[ "$lane" != "$n" ] || lane=
		row "${n%:*}" "$lane"
	done
	state "rows $*"
}

# state <message>: a commit of the log as it is, with its status.json.
state() {
	git sk-eventlog reduce "$LOG" >"$STATUS"
	git add kitty-specs
	git commit -qm "$1"
}

# diverge <rows of side> <rows of main>: a commit with these on each branch.
diverge() {
	git checkout -q side
	# shellcheck disable=SC2086
	states $1
	git checkout -q main
	# shellcheck disable=SC2086
	states $2
}

# is_right [<revision>]: its status.json says what its log says.
is_right() {
	git show "${1:-HEAD}:${LOG%/*}/meta.json" >../meta
	git show "${1:-HEAD}:$LOG" |
		git sk-eventlog reduce --meta ../meta - >../want
	git show "${1:-HEAD}:$STATUS" | cmp - ../want
}

@test "statusmerge: a merge says what the merged log says" {
	diverge '3:claimed 6:done' '4:blocked 5:claimed'
	run -0 --separate-stderr git merge -q side
	[ -z "$stderr" ]
	is_right
	[ "$(rows)" = "1 2 3 4 5 6" ]
	[ "$(jq -r '.work_packages.WP01.lane' "$STATUS")" = "done" ]
	[ "$(jq .event_count "$STATUS")" = 6 ]
	[ -z "$(git status --porcelain)" ]
}

@test "statusmerge: so does one of trees alone, both ways round" {
	local one other

	diverge '3:claimed 6:done' '4:blocked 5:claimed'
	git checkout -q --orphan elsewhere
	one=$(git merge-tree --write-tree main side)
	other=$(git merge-tree --write-tree side main)
	[ "$one" = "$other" ]
	is_right "$one"
}

@test "statusmerge: an event that was lost and is kept counts" {
	git checkout -q side
	without 1
	states 3:claimed
	git checkout -q main
	states 4:blocked
	run -0 --separate-stderr git merge -q side
	[ "$(rows)" = "1 2 3 4" ]
	is_right
}

@test "statusmerge: a pick of any commit, a revert and a rebase are right" {
	local tip

	git checkout -q side
	states 3:claimed
	states 5:blocked
	states 7:done
	git checkout -q main
	states 4:for_review
	run -0 --separate-stderr git cherry-pick side~1
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 4 5" ]
	is_right
	run -0 --separate-stderr git revert --no-edit HEAD~1
	[ "$(rows)" = "1 2 5" ]
	is_right
	git checkout -q side
	GIT_SEQUENCE_EDITOR='sed -i 2d' run -0 --separate-stderr \
		git rebase -q -i main
	[ "$(rows)" = "1 2 3 5 7" ]
	is_right
	is_right HEAD^
	git checkout -q --detach side
	git branch -q -D side
	states 8:claimed
	states 9:done
	tip=$(git rev-parse HEAD)
	git checkout -q -b other HEAD~3
	states 6:blocked
	git checkout -q "$tip"
	run -0 git rebase -q other
	[ "$(rows)" = "1 2 3 5 6 7 8 9" ]
	is_right
}

@test "statusmerge: a stash is right" {
	row 4 claimed
	git sk-eventlog reduce "$LOG" >"$STATUS"
	git stash -q
	states 3:blocked
	run -0 --separate-stderr git stash pop -q
	[ -z "$stderr" ]
	[ "$(log_rows)" = "1 2 3 4" ]
	git sk-eventlog reduce "$LOG" | cmp - "$STATUS"
}

@test "statusmerge: a criss-cross is right" {
	diverge 3:claimed 4:blocked
	git checkout -q -b side2 side
	git merge -q -m x main
	git checkout -q main
	git merge -q -m y side
	states 6:done
	git checkout -q side2
	states 5:claimed
	run -0 --separate-stderr git merge -q main
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 3 4 5 6" ]
	is_right
}

@test "statusmerge: a side whose log did not change has no say in it" {
	git checkout -q side
	states 3:claimed
	git checkout -q main
	jq '.mission_number = "9"' "$STATUS" >../status # by hand, and wrong
	mv ../status "$STATUS"
	git commit -qam stale
	run -0 git merge -q side
	is_right
}

@test "statusmerge: meta.json counts as it is merged, or not at all" {
	local meta=${LOG%/*}/meta.json

	git checkout -q side
	jq -c '.mission_number = 7' "$meta" >../meta
	mv ../meta "$meta"
	states 3:claimed
	git checkout -q main
	states 4:blocked
	run -0 git merge -q side
	is_right
	[ "$(jq -r .mission_number "$STATUS")" = 7 ]
	git reset -q --hard HEAD^
	jq -c '.mission_number = 8' "$meta" >../meta
	mv ../meta "$meta"
	state number
	run -1 --separate-stderr git merge -q side
	[[ $stderr == *"'$STATUS' is not made anew: both sides have changed meta.json"* ]]
	[[ $stderr == *"run 'git sk-eventlog reduce $LOG >$STATUS' in the top folder"* ]]
	[ "$(grep -c '^[<=>]\{7\}' "$STATUS")" = 3 ]
}

@test "statusmerge: a log with conflicts leaves no answer, and what to do" {
	local id=01KE0000000000000000000002 hint

	git checkout -q side
	sed -i "/$id/s/planned/claimed/" "$LOG"
	states 3
	git checkout -q main
	sed -i "/$id/s/planned/blocked/" "$LOG"
	states 4
	run -1 --separate-stderr git merge -q side
	[[ $stderr == *"'$STATUS' is not made anew: its event log has conflicts"* ]]
	[ "$(git status --porcelain)" = "UU $LOG
UU $STATUS" ]
	sed -i '/^[<=>]/d; /claimed/d' "$LOG"
	hint=$(sed -n "s/.*run '\(.*\)' in the top.*/\1/p" <<<"$stderr")
	eval "$hint"
	git commit -qam merged
	is_right
}

@test "statusmerge: without the logs there is no answer" {
	diverge 3:claimed 4:blocked
	cp "$STATUS" ours
	git show side:"$STATUS" >theirs
	: >base
	echo >>ours
	run -1 --separate-stderr git sk-eventlog merge base ours theirs "$STATUS" 9
	[[ $stderr == *"is not made anew: our event log is in no commit"* ]]
	[ "$(grep -c '^[<=>]\{9\}' ours)" = 3 ]
	mkdir ../none
	mv base ours theirs ../none
	cd ../none
	export GIT_CEILING_DIRECTORIES=$PWD
	run -1 --separate-stderr git-sk-eventlog merge base ours theirs status.json
	[[ $stderr == *"is not made anew: not a git repository"* ]]
	run -1 --separate-stderr git-sk-eventlog merge base ours theirs \
		"it's \$a/status.json"
	[[ $stderr == *"reduce 'it'\\''s \$a/status.events.jsonl' >'it'\\''s \$a/status.json'"* ]]
}

@test "statusmerge: two branches may have begun it" {
	git checkout -q --orphan other
	git rm -q -f "$LOG" "$STATUS"
	mkdir -p "${LOG%/*}"
	git show main:"${LOG%/*}/meta.json" >"${LOG%/*}/meta.json"
	states 3:claimed
	run -0 git merge -q --allow-unrelated-histories main
	[ "$(rows)" = "1 2 3" ]
	is_right
}

@test "statusmerge: a pick of the commit that made it is right" {
	git checkout -q -b third HEAD^
	states 5:claimed
	states 6:blocked
	git checkout -q main
	run -0 --separate-stderr git cherry-pick third^
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 5" ]
	is_right
}

@test "statusmerge: a clone without trees fetches no history for it" {
	git checkout -q side
	states 3:claimed
	states 5:done
	git checkout -q main
	states 4:blocked
	git clone -q --no-local --filter=tree:0 -c uploadpack.allowFilter=1 \
		"file://$PWD" ../treeless 2>/dev/null || skip "git has no tree:0"
	git config uploadpack.allowFilter true
	git config uploadpack.allowAnySHA1InWant true
	cd ../treeless
	driver
	run -1 --separate-stderr git cherry-pick origin/side
	[[ $stderr == *"is not made anew: their event log is in no commit"* ]]
	[ "$(git diff --name-only --diff-filter=U)" = "$STATUS" ]
	git reset -q --hard
	run -0 git merge -q origin/side
	is_right
}

@test "statusmerge: ids of another length, sparse and partial are right" {
	diverge 3:claimed 4:blocked
	git clone -q --no-local --filter=blob:none -c uploadpack.allowFilter=1 \
		"file://$PWD" ../partial 2>/dev/null
	cd ../partial
	driver
	git sparse-checkout set none
	run -0 git merge -q origin/side
	is_right
	git worktree add -q --detach ../linked HEAD^
	cd ../linked
	run -0 git merge -q origin/side
	is_right
	git init -q --object-format=sha256 ../sha256 || skip "git has no sha256"
	cd ../sha256
	driver
	mission 001-a
	states 1 2
	git branch side
	diverge 3:claimed 4:blocked
	run -0 git merge -q side
	is_right
}
