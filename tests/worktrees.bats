#!/usr/bin/env bats
# Worktrees for lanes: made whole or not at all (lib/git/worktreeadd.h).

load helper
load moments

setup() {
	sk_setup
	git init -q repo
	cd repo || return 1
	echo one >file
	git add file
	git commit -q -m start
	GITWRITE=$BUILD/tests/tool/gitwrite
	LANE=refs/heads/kitty/mission-x-lane-a
	MISSION=refs/heads/kitty/mission-x
	TREE=$PWD/.worktrees/x-lane-a
}

teardown() {
	sk_teardown
}

add() {
	"$GITWRITE" add "$TREE" "$LANE" "$MISSION" main "$@"
}

# everything: the refs, the worktrees, what is in the folders.
everything() {
	git for-each-ref
	git worktree list --porcelain
	find . -type f ! -path './.git/objects/*' ! -path './.git/logs/*' \
		! -name sk-record.lock | sort
}

# refuses <words>: and nothing has changed.
refuses() {
	local before

	before=$(everything)
	run -128 --separate-stderr add
	[[ $stderr == *"$1"* ]] || {
		echo "$stderr"
		return 1
	}
	[ "$(everything)" = "$before" ]
}

@test "worktree: made with its branch and the one that starts from" {
	run -0 --separate-stderr add
	[ "$output" = made ]
	[ -z "$stderr" ]
	[ "$(git -C "$TREE" symbolic-ref HEAD)" = "$LANE" ]
	[ "$(git rev-parse "$LANE")" = "$(git rev-parse main)" ]
	[ "$(git rev-parse "$MISSION")" = "$(git rev-parse main)" ]
	[ -z "$(git -C "$TREE" status --porcelain)" ]
	run -1 grep locked <(git worktree list --porcelain)
}

@test "worktree: branches that are there are used as they are" {
	git branch kitty/mission-x
	git switch -q -c kitty/mission-x-lane-a
	git commit -q --allow-empty -m lane
	git switch -q main
	git commit -q --allow-empty -m later
	lane=$(git rev-parse "$LANE")
	run -0 add
	[ "$(git -C "$TREE" rev-parse HEAD)" = "$lane" ]
	[ "$(git rev-parse "$MISSION")" = "$(git rev-parse main^)" ]
}

@test "worktree: a branch may start elsewhere than the one it is to go to" {
	git commit -q --allow-empty -m later
	run -128 --separate-stderr add no
	[[ $stderr == *"there is no commit 'no'"* ]]
	[ "$(git for-each-ref --format='%(refname)')" = refs/heads/main ]
	run -0 add main^
	[ "$(git rev-parse "$LANE")" = "$(git rev-parse main^)" ]
	[ "$(git rev-parse "$MISSION")" = "$(git rev-parse main)" ]
}

@test "worktree: one that is there and clean is used again" {
	add
	git -C "$TREE" commit -q --allow-empty -m lane
	before=$(everything)
	run -1 --separate-stderr add
	[ "$output" = there ]
	[ "$(everything)" = "$before" ]
	ln -s . link
	run -1 "$GITWRITE" add "$PWD/link/.worktrees/x-lane-a" "$LANE" \
		"$MISSION" main
}

@test "worktree: what is not committed there is named, and safe" {
	add
	echo work >>"$TREE/file"
	refuses "'file' is not committed in '$TREE'"
	[ "$(cat "$TREE/file")" = $'one\nwork' ]
	echo new >"$TREE/a new one"
	refuses "'file' and more are not committed in"
	git -C "$TREE" checkout -q file
	refuses "'a new one' is not committed in"
	[ -e "$TREE/a new one" ]
}

@test "worktree: on another branch, or in the middle of something, is refused" {
	add
	git -C "$TREE" switch -q -c other
	refuses "'$TREE' is on 'other', not on 'kitty/mission-x-lane-a'"
	[[ $stderr == *"hint: run 'git switch kitty/mission-x-lane-a' there"* ]]
	git -C "$TREE" switch -q kitty/mission-x-lane-a
	git -C "$TREE" bisect start
	refuses "a bisection is under way in '$TREE'"
}

@test "worktree: another folder in its place is not touched" {
	mkdir -p "$TREE"
	echo mine >"$TREE/mine"
	refuses "'$TREE' exists and is no worktree of this repository"
	rm "$TREE/mine"
	run -0 add
	git worktree remove "$TREE"
	git init -q "$TREE"
	refuses "exists and is no worktree"
	rm -rf "$TREE"
	echo file >"$TREE"
	refuses "exists and is no worktree"
	rm "$TREE"
	TREE=$PWD/notes/x
	echo file >notes
	refuses "cannot use '$TREE': Not a directory"
	rm notes
}

@test "worktree: one that is gone may have been moved, and is not replaced" {
	add
	mv "$TREE" ../moved
	echo work >../moved/work
	refuses "the worktree in '$TREE' is gone"
	[[ $stderr == *"git worktree repair <folder>"*"git worktree prune"* ]]
	git worktree lock "$TREE"
	refuses "the worktree in '$TREE' is gone"
	[[ $stderr == *"it is locked"* ]]
	git worktree unlock "$TREE"
	git worktree repair ../moved
	refuses "'kitty/mission-x-lane-a' is checked out in "
	rm -rf ../moved
	git worktree prune
	run -0 add
}

@test "worktree: a branch that is rebased elsewhere is refused" {
	git worktree add -q ../other -b kitty/mission-x-lane-a
	git -C ../other commit -q --allow-empty -m two
	GIT_SEQUENCE_EDITOR='echo break >' git -C ../other rebase -q -i HEAD^
	refuses "'kitty/mission-x-lane-a' is being rebased or bisected"
}

@test "worktree: without a start there is none" {
	run -128 --separate-stderr "$GITWRITE" add "$TREE" "$LANE" "$MISSION" -
	[[ $stderr == *"there is no commit 'kitty/mission-x'"* ]]
	run -128 --separate-stderr "$GITWRITE" add "$TREE" "$LANE" "$MISSION" no
	[[ $stderr == *"there is no commit 'no'"* ]]
	[ "$(git for-each-ref --format='%(refname)')" = refs/heads/main ]
	git branch kitty
	refuses "'refs/heads/kitty' exists"
}

@test "worktree: what fails in the middle leaves neither tree nor branch" {
	echo 'file filter=bad' >.gitattributes
	git add .gitattributes
	git commit -q -m attributes
	git config filter.bad.smudge false
	git config filter.bad.required true
	refuses "external filter 'false' failed"
	git config --unset filter.bad.required
	printf '#!/bin/sh\nexit 3\n' >.git/hooks/post-checkout
	chmod +x .git/hooks/post-checkout
	refuses "git worktree failed"
}

@test "worktree: a later step takes back what was made, and no more" {
	before=$(everything)
	run -0 "$GITWRITE" add-back "$TREE" "$LANE" "$MISSION" main </dev/null
	[ "$(everything)" = "$before" ]
	git branch kitty/mission-x
	mkfifo fifo
	"$GITWRITE" add-back "$TREE" "$LANE" "$MISSION" main <fifo \
		>out 2>error 3>&- &
	exec 4>fifo
	wait_for test -e "$TREE/file"
	wait_for eval '! git worktree list --porcelain | grep -q locked'
	git -C "$TREE" commit -q --allow-empty -m work
	exec 4>&-
	status=0
	wait "$!" || status=$?
	[ "$status" = 128 ]
	[ ! -e "$TREE" ]
	[ "$(git log -1 --format=%s "$LANE")" = work ]
	git rev-parse -q --verify "$MISSION"
}

# is_whole: it is, or another call makes it so; removed behind it.
is_whole() {
	# a git of ours may be the one that is dead
	rm -f .git/refs/heads/kitty/*.lock
	run "$GITWRITE" add "$TREE" "$LANE" "$MISSION" main
	echo "$output"
	[[ $status = [01] ]]
	[ -z "$(git -C "$TREE" status --porcelain)" ]
	# what a git that was killed had not begun to write is git's to sweep
	find .git/worktrees -name locked -empty -delete
	git worktree prune
	[ "$(ls .git/worktrees)" = "$(basename "$(git -C "$TREE" \
		rev-parse --absolute-git-dir)")" ]
	run -1 grep locked <(git worktree list --porcelain)
	git worktree remove "$TREE"
	git branch -q -D kitty/mission-x kitty/mission-x-lane-a
}

@test "worktree: killed at each write, the next call makes it whole" {
	killed_at is_whole mkdir openat link rename write clone3 -- \
		"$GITWRITE" add "$TREE" "$LANE" "$MISSION" main
	[ "$KILLS" -ge 8 ]
}

@test "worktree: a git of it that is killed is made good by the next call" {
	add # the first makes folders that stay
	is_whole
	killed_at is_whole -g 'worktree add' mkdir openat link rename write -- \
		"$GITWRITE" add "$TREE" "$LANE" "$MISSION" main
	[ "$KILLS" -ge 8 ]
}

@test "worktree: a git that outlives us is waited for, then all is there" {
	cat >.git/hooks/post-checkout <<-'SH'
		#!/bin/sh
		kill -KILL $(cat "$HOME/pid")
		sleep 0.3
	SH
	chmod +x .git/hooks/post-checkout
	run sh -c 'echo $$ >"$HOME/pid"; exec "$@"' sh \
		"$GITWRITE" add "$TREE" "$LANE" "$MISSION" main
	[ "$status" = 137 ]
	run -1 add
	[ "$output" = there ]
	run -1 grep locked <(git worktree list --porcelain)
}

@test "worktree: one that bears our mark but is whole is not taken away" {
	add
	git worktree lock --reason 'git-sk is making this worktree' "$TREE"
	echo work >"$TREE/work"
	run -128 --separate-stderr add
	[[ $stderr == *"'work' is not committed"* ]]
	[ -e "$TREE/work" ]
	rm "$TREE/work"
	run -1 add
}

@test "worktree: two who want the same get one" {
	add >out1 3>&- &
	first=$!
	add >out2 3>&- &
	second=$!
	wait "$first" || true
	wait "$second" || true
	[ "$(sort out1 out2)" = $'made\nthere' ]
}

@test "worktree: what a hook was told of its own repository is not ours" {
	run -0 env GIT_DIR="$PWD/.git" GIT_WORK_TREE="$PWD" \
		GIT_INDEX_FILE="$PWD/.git/index" GIT_PREFIX=x/ \
		"$GITWRITE" add "$TREE" "$LANE" "$MISSION" main
	[ -z "$(git status --porcelain file)" ]
	[ -z "$(git -C "$TREE" status --porcelain)" ]
	cd "$TREE"
	run -0 "$GITWRITE" add "$TREE-b" "$LANE-b" "$MISSION" -
	[ "$(git -C "$TREE-b" branch --show-current)" = kitty/mission-x-lane-a-b ]
}

@test "exclude: a line is added once, and the user's stay" {
	add
	[ -n "$(git status --porcelain)" ]
	printf '# mine\r\n/build' >.git/info/exclude
	run -0 "$GITWRITE" exclude /.worktrees/
	run -0 "$GITWRITE" exclude /.worktrees/
	[ "$(cat .git/info/exclude)" = $'# mine\r\n/build\n/.worktrees/' ]
	[ -z "$(git status --porcelain)" ]
	rm -r .git/info
	cd "$TREE"
	run -0 "$GITWRITE" exclude /.worktrees/
	[ -z "$(git -C ../.. status --porcelain)" ]
}
