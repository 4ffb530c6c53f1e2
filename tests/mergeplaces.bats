#!/usr/bin/env bats
# Merges of trees with event logs wherever a repository may be, and as whatever
# ends them early (lib/merge/merge.h).

load helper
load logmerge
load mergetree
load mergelogs

setup() {
	merge_setup
}

teardown() {
	sk_teardown
}

# tells <tree>: the merge here is that one.
tells() {
	run -0 --separate-stderr "$TOOL" merge "${2:-main}" "${3:-side}"
	echo "$output"
	[ "${lines[0]}" = "tree $1" ]
	[ -z "$stderr" ]
}

@test "mergeplaces: a worktree, a folder in one and a bare clone are alike" {
	diverge 3:claimed 4:blocked
	merges
	git worktree add -q ../linked -b third
	cd ../linked/kitty-specs
	tells "$TREE"
	cd /
	GIT_DIR=$BATS_TEST_TMPDIR/work/repo/.git tells "$TREE"
	cd "$BATS_TEST_TMPDIR/work"
	git clone -q --bare repo bare
	cd bare
	tells "$TREE"
	git clone -q --no-checkout ../repo ../sparse
	cd ../sparse
	git sparse-checkout set nowhere
	git checkout -q main
	tells "$TREE" main origin/side
}

@test "mergeplaces: attributes are those of the worktree it is run in" {
	diverge 3:claimed 4:blocked
	echo "$LOG merge=mine" >.gitattributes
	git config merge.mine.driver 'echo mine >%A'
	run -0 --separate-stderr "$TOOL" merge main side
	is_made driver status
	git worktree add -q ../linked -b third HEAD~1
	cd ../linked
	run -0 --separate-stderr "$TOOL" merge main side
	is_made log status
}

@test "mergeplaces: what git tells its hooks is of no account" {
	diverge 3:claimed 4:blocked
	merges
	cat >.git/hooks/pre-commit <<-EOF
		#!/bin/sh
		"$TOOL" merge main side >"$PWD/.git/said" 2>&1
	EOF
	chmod +x .git/hooks/pre-commit
	echo x >x
	git add x
	GIT_AUTHOR_NAME=else git commit -qm x x
	[ "$(head -n1 .git/said)" = "tree $TREE" ]
	git reset -q --hard HEAD~1
	GIT_INDEX_FILE=/nonexistent GIT_PREFIX=kitty-specs/ GIT_LITERAL_PATHSPECS=1 \
		tells "$TREE"
}

@test "mergeplaces: line ends of the work tree are of no account" {
	diverge 3:claimed 4:blocked
	merges
	git config core.autocrlf true
	tells "$TREE"
	echo '* text eol=crlf' >.gitattributes
	tells "$TREE"
}

@test "mergeplaces: it merges in a repository of SHA-256" {
	rm -rf .git kitty-specs
	git init -q --object-format=sha256 .
	mission 001-a
	states 1 2
	git branch side
	diverge 3:claimed 4:blocked
	merges
	[ "${#TREE}" = 64 ]
	[ "$(rows "$TREE")" = '1 2 3 4' ]
	is_right "$TREE"
}

@test "mergeplaces: a shallow clone merges where it has the common commit" {
	diverge 3:claimed 4:blocked
	merges
	git clone -q --depth 2 --no-single-branch "file://$PWD" ../shallow
	cd ../shallow
	tells "$TREE" main origin/side
}

@test "mergeplaces: a partial clone fetches, and is an error where it cannot" {
	diverge 3:claimed 4:blocked
	merges
	git config uploadpack.allowFilter true
	git clone -q --filter=tree:0 --no-checkout "file://$PWD" ../partial
	cd ../partial
	mv ../repo ../away
	run -128 --separate-stderr timeout 20 "$TOOL" merge main origin/side
	[[ $stderr == *'error: git '*' failed: '* ]]
	mv ../away ../repo
	run -0 --separate-stderr "$TOOL" merge main origin/side
	[[ $output == *"tree $TREE"* ]]
}

@test "mergeplaces: logs of 100,000 lines merge in little memory" {
	[[ $BUILD != *-san ]] || skip 'sanitizers want more room than that'
	many() {
		python3 - "$@" <<-'EOF' >"$LOG"
			import sys
			for i in range(int(sys.argv[1]), 100000 + int(sys.argv[1])):
			    print('{"actor": "a", "at": "2026-05-01T10:00:00.%06d+00:00",'
			          ' "event_id": "01KE%022d", "from_lane": null,'
			          ' "to_lane": "planned", "wp_id": "WP%02d"}'
			          % (i, i, i % 50))
		EOF
	}
	on main many 10
	git branch -f side
	on side many 20
	on main many 0
	run -0 --separate-stderr bash -c 'ulimit -v 1000000; "$@"' - \
		"$TOOL" merge main side
	TREE=${lines[0]#tree }
	[ "$(git show "$TREE:$LOG" | wc -l)" = 100020 ]
	is_right "$TREE"
}

@test "mergeplaces: where no object can be written is an error" {
	diverge 3:claimed 4:blocked
	GIT_OBJECT_DIRECTORY=/proc/sys \
		GIT_ALTERNATE_OBJECT_DIRECTORIES=$PWD/.git/objects \
		run -128 --separate-stderr "$TOOL" merge main side
	[[ $stderr == *'error: git merge-tree failed'* ]]
	# what git wrote itself is there, what is ours is not
	merges
	rm -f ".git/objects/$(git rev-parse "$TREE:$LOG" | sed 's,..,&/,')"
	chmod -R a-w .git/objects
	if [ "$(id -u)" != 0 ]; then
		run -128 --separate-stderr "$TOOL" merge main side
		[[ $stderr == *'error: git hash-object failed'* ]]
	fi
	chmod -R u+w .git/objects
}

@test "mergeplaces: killed at any moment it has changed nothing that is seen" {
	local before i

	diverge 3:claimed 4:blocked
	merges
	before=$(state)
	for i in 0.002 0.006 0.01 0.015 0.02 0.03; do
		timeout -s KILL "$i" "$TOOL" merge main side >/dev/null 2>&1 || :
		[ "$(state)" = "$before" ]
	done
	git fsck --strict --no-dangling
	tells "$TREE"
}
