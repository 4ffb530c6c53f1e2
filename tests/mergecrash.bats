#!/usr/bin/env bats
# git sk-merge: killed at any moment, it is as before or as after, or says how to
# get there.

load helper
load mergetree
load implement
load mergeplan
load moments

setup() {
	plan_setup
	git config core.fsync none
	git worktree add -q .worktrees/001-a-coord "$BRANCH"
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	mkdir .kittify
	git clone -q --bare . "$BATS_TEST_TMPDIR/remote.git"
	git remote add origin "$BATS_TEST_TMPDIR/remote.git"
	for n in $(seq 20); do
		echo "$n" >"many-$n"
	done
	git add many-*
	git commit -q -m many
	git -C "$TREE" merge -q main
	git -C "$TREE" rm -q many-1 many-2
	echo changed >"$TREE/many-3"
	git -C "$TREE" commit -qam 'of many'
	BEFORE=$(refs)
	git sk-merge --dry-run --json >"$BATS_TEST_TMPDIR/plan"
	PLANNED=$(jq -r .merge_tree "$BATS_TEST_TMPDIR/plan")
	cp -a "$PWD" "$BATS_TEST_TMPDIR/kept"
	cp -a "$BATS_TEST_TMPDIR/remote.git" "$BATS_TEST_TMPDIR/kept.git"
	ROUND=0
}

teardown() {
	sk_teardown
}

refs() {
	git for-each-ref --format='%(refname) %(objectname)' refs/heads
}

# code <tree>: all but what says how far a mission is.
code() {
	git ls-tree -r "$1" | grep -v -e '/status\.' -e /meta.json
}

# again: all of it as it was before the first merge.
again() {
	cd "$BATS_TEST_TMPDIR" || return 1
	rm -rf work/repo remote.git
	cp -a kept work/repo
	cp -a kept.git remote.git
	cd work/repo || return 1
	git update-index -q --refresh
	git -C .worktrees/001-a-coord update-index -q --refresh
	git -C "$TREE" update-index -q --refresh
}

# is_clean <folder>: index and files are HEAD's, and nothing of ours is left.
is_clean() {
	[ "$(git -C "$1" status --porcelain -uno)" = '' ]
	[ "$(git -C "$1" write-tree)" = "$(git -C "$1" rev-parse 'HEAD^{tree}')" ]
}

is_before() {
	diff <(refs) <(echo "$BEFORE")
	is_clean .
	is_clean .worktrees/001-a-coord
	is_clean "$TREE"
}

is_after() {
	[ "$(code main)" = "$(code "$PLANNED")" ]
	[ "$(git branch --format='%(refname:short)')" = main ]
	[ "$(git worktree list | wc -l)" = 1 ]
	[ "$(git -C "$BATS_TEST_TMPDIR/remote.git" rev-parse main)" = \
		"$(git rev-parse main)" ]
	is_clean .
}

# tidy <git sk-merge ...>: done. What locks of refs a git that was killed has left
# is a person's to remove, as git says.
tidy() {
	rm -f .git/HEAD.lock
	find .git/refs -name '*.lock' -delete
	run --separate-stderr "$@"
	echo "$* $status: $output $stderr"
	[ "$status" = 0 ]
}

# ended: what became of the merge that was killed, which is then ended by one way
# or the other, in turn.
ended() {
	local before after

	echo "round $((ROUND += 1))"
	if [ ! -e .git/sk-merge.json ]; then
		# nothing is to be ended: it has not begun, or it is over
		if [ "$(refs)" = "$BEFORE" ]; then
			is_before
			tidy git sk-merge --push
		fi
		is_after
		again
		return
	fi
	before=$(git rev-parse main)
	run -1 --separate-stderr git sk-merge --dry-run --json
	jq -e '.blockers | map(.code) | index("merge_interrupted")' <<<"$output"
	if [ $((ROUND % 2)) = 0 ]; then
		tidy git sk-merge --resume 001-a
		is_after
	else
		tidy git sk-merge --abort
		after=$(git rev-parse main)
		if [[ $output == *'taken back'* ]]; then
			is_before
		else
			[ "$before" = "$after" ]
			[ "$(code main)" = "$(code "$PLANNED")" ]
			is_clean .
		fi
	fi
	[ ! -e .git/sk-merge.json ]
	[ ! -e .git/index.lock ]
	[ -z "$(find .git -name 'sk-index*')" ]
	again
}

# each_killed [-g <words>] <call>...: a merge, or that git of it, is killed at
# moments of these calls, and ended each time. Sets KILLS.
each_killed() {
	local moment option=()

	[ "$1" != -g ] || option=(-g "$2")
	find_moments "$@" -- git-sk-merge --push
	ended
	KILLS=0
	for moment in "${MOMENTS[@]}"; do
		# the last ones may not come: there are objects that git has
		if injected "${option[@]}" signal=KILL "${moment% *}" \
			"${moment#* }" git-sk-merge --push; then
			KILLS=$((KILLS + 1))
		else
			echo "not reached:"
		fi
		echo "killed at $moment"
		ended
	done
	echo "# killed $KILLS times" >&3
}

@test "sk-merge: killed at each of its own steps" {
	each_killed openat rename renameat2 link unlink write pwrite64 sendto rmdir
	[ "$KILLS" -ge 15 ]
}

@test "sk-merge: the git that moves the files is killed" {
	each_killed -g "read-tree -m -u --no-recurse-submodules $(git rev-parse main)" \
		openat write rename unlink
	[ "$KILLS" -ge 6 ]
}

@test "sk-merge: the git that moves the refs is killed" {
	each_killed -g 'update-ref -m sk-merge: mission' openat write rename unlink
	[ "$KILLS" -ge 6 ]
}

@test "sk-merge: what cannot be written leaves all as it was" {
	local call

	for call in 'write 1' 'rename '{1..5} 'openat 60' 'link '{1,2}; do
		injected error=ENOSPC "${call% *}" "${call#* }" git-sk-merge || :
		# shellcheck disable=SC2153 # of traced()
		echo "$call: $STATUS"
		cat "$SAID"
		if [ -e .git/sk-merge.json ]; then
			tidy git sk-merge --abort
		fi
		[ "$STATUS" = 0 ] || is_before
		again
	done
}
