#!/usr/bin/env bats
# 'git sk-merge', the merge itself, in all kinds of repositories and places, and
# beside hooks that have something against it.

load helper
load mergetree
load implement
load mergeplan
load mergenever

setup() {
	plan_setup
}

teardown() {
	sk_teardown
}

# hook <name> <line>...: a hook of somebody, which does this.
hook() {
	printf '%s\n' '#!/bin/sh' "${@:2}" >".git/hooks/$1"
	chmod +x ".git/hooks/$1"
}

# fails: the merge does, in words, and has changed nothing.
fails() {
	local before

	before=$(everything)
	run -1 --separate-stderr git sk-merge
	echo "$output$stderr"
	[ "$(everything)" = "$before" ]
	[ -z "$output" ]
	[[ $stderr = *error:* ]]
}

@test "mergeland: a repository of sha256 ids" {
	mkdir ../sha256
	cd ../sha256
	git init -q --object-format=sha256 .
	unset SK_EVENTS
	approved
	merges
	[[ $MADE =~ ^[0-9a-f]{64}$ ]]
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
	git fsck --strict >/dev/null
}

@test "mergeland: a bare repository has no work tree to bring along" {
	git clone -q --bare . ../bare.git
	cd ../bare.git
	run -0 --separate-stderr git sk-merge --json
	[ "$(get .commit)" = "$(git rev-parse main)" ]
	all_done main
	[ "$(git for-each-ref --format='%(refname)')" = refs/heads/main ]
}

@test "mergeland: a clone that left blobs out" {
	git config uploadpack.allowFilter true
	git config uploadpack.allowAnySHA1InWant true
	git clone -q --filter=blob:none "file://$PWD" ../partial
	cd ../partial
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	run -0 --separate-stderr git sk-merge --json
	all_done main
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
	[ -z "$(git status --porcelain)" ]
}

@test "mergeland: a shallow clone that has what is merged" {
	git commit -q --allow-empty -m more
	git clone -q --no-single-branch --depth 3 "file://$PWD" ../shallow
	cd ../shallow
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	git rev-parse -q --verify main~1
	run -0 --separate-stderr git sk-merge --json
	all_done main
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
}

@test "mergeland: said in the worktree of a lane" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	cd "$TREE"
	run -0 --separate-stderr git sk-merge --json
	cd "$BATS_TEST_TMPDIR/work/repo"
	[ "$(get .commit)" = "$(git rev-parse main)" ]
	all_done main
	[ -z "$(git status --porcelain -uno)" ]
	[ "$(cat a.c)" = lane-a ]
	# nobody's shell is left without a folder
	[ -e "$TREE/a.c" ]
}

@test "mergeland: said by a hook or an alias, whose git has an index of its own" {
	git checkout -q -b elsewhere
	git worktree add -q ../main main
	cp .git/index ../index
	GIT_DIR=$PWD/.git GIT_WORK_TREE=$PWD GIT_INDEX_FILE=$PWD/.git/index \
		GIT_PREFIX='' GIT_LITERAL_PATHSPECS=1 GIT_REFLOG_ACTION=commit \
		run -0 --separate-stderr git sk-merge --json
	all_done main
	cmp .git/index ../index
	[ "$(git symbolic-ref HEAD)" = refs/heads/elsewhere ]
	[ -z "$(git status --porcelain)$(git -C ../main status --porcelain)" ]
	[ "$(cat ../main/a.c)" = lane-a ]
}

@test "mergeland: with hooks switched off, and with none that were set up" {
	GIT_SK=0 run -0 --separate-stderr git sk-merge
	[ -z "$stderr" ]
	all_done main
	[ ! -e "$GIT_SK_HOME" ]
}

@test "mergeland: transitions reach the queue, wherever the target is" {
	git sk-setup >/dev/null
	git checkout -q -b elsewhere
	[ "$(transitions)" = 0 ]
	merges
	[ "$(queued)" = 'WP01 WP02 WP03 WP04' ]
	# and once only
	git checkout -q main
	[ "$(queued)" = 'WP01 WP02 WP03 WP04' ]
}

@test "mergeland: hooks of commits do not run, as nothing is committed there" {
	local name

	for name in pre-commit prepare-commit-msg commit-msg post-commit \
		pre-merge-commit; do
		hook "$name" "echo $name >>'$PWD/../ran'" 'exit 1'
	done
	hook post-merge "echo post-merge \$* >>'$PWD/../ran'" 'exit 1'
	merges
	[ "$(cat ../ran)" = 'post-merge 0' ]
}

@test "mergeland: a hook that refuses to move refs has nothing moved" {
	hook reference-transaction '[ "$1" != prepared ]'
	fails
	rm .git/hooks/reference-transaction
	merges
}

@test "mergeland: a branch that moves after the plan has nothing moved" {
	# as somebody who commits while the merge is made
	hook reference-transaction \
		'[ "$1" != prepared ] && exit' \
		'grep -q refs/heads/main || exit 0' \
		"[ ! -e '$PWD/../moved' ] || exit 0" \
		": >'$PWD/../moved'" \
		"git update-ref refs/heads/$BRANCH-lane-b main"
	run --separate-stderr git sk-merge
	rm .git/hooks/reference-transaction
	if [ "$status" = 0 ]; then
		# it came too late for that: locked
		all_done main
		[ "$(cat b.c)" = lane-b ]
	else
		[ "$(git log -1 --format=%s main)" = plan ]
		[ ! -e a.c ]
		[ -z "$(git status --porcelain)" ]
	fi
}

@test "mergeland: a target that nobody has checked out, and a HEAD on no branch" {
	local head

	git checkout -q --detach
	head=$(git rev-parse HEAD)
	merges
	[ "$(git rev-parse HEAD)" = "$head" ]
	[ ! -e a.c ]
	[ -z "$(git status --porcelain)" ]
}

@test "mergeland: the mission's branch is checked out, and goes along" {
	git checkout -q "$BRANCH"
	merges
	[ "$(git symbolic-ref HEAD)" = "refs/heads/$BRANCH" ]
	[ "$(cat a.c b.c | xargs)" = 'lane-a lane-b' ]
	[ -z "$(git status --porcelain)" ]
	git rev-parse -q --verify "refs/heads/$BRANCH"
	[ "$(jq --arg name "$BRANCH" '[.cleanup[] |
		select(.name == $name and .removed)] | length' \
		<<<"$ANSWER")" = 0 ]
}

@test "mergeland: a worktree that is locked stays" {
	git worktree add -q --lock --reason mine "$TREE" "$BRANCH-lane-a"
	merges
	[ -e "$TREE/a.c" ]
	git rev-parse -q --verify "refs/heads/$BRANCH-lane-a"
	all_done main
}

@test "mergeland: ignored files keep their worktree, and go nowhere else" {
	echo '*.o' >.gitignore
	git add .gitignore
	git commit -q -m ignore
	echo mine >main.o
	git branch -f "$BRANCH" main
	lane_commit lane-a .gitignore '*.o'
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	echo theirs >"$TREE/lane.o"
	run -0 --separate-stderr git sk-merge --dry-run
	[[ $output == *"worktree '$TREE', which stays: git does not track"* ]]
	merges
	[ "$(cat "$TREE/lane.o")" = theirs ]
	[[ $(jq -r '.cleanup[0].reason' <<<"$ANSWER") == \
		"git ignores files in it, as 'lane.o', and 'git worktree remove'"* ]]
	git rev-parse -q --verify "refs/heads/$BRANCH-lane-a"
	git worktree remove "$TREE"
	run -0 git sk-merge
	run -1 git rev-parse -q --verify "refs/heads/$BRANCH-lane-a"
	[ "$(cat main.o)" = mine ]
	[ ! -e lane.o ]
}

@test "mergeland: many files that git is told not to look at, all as committed" {
	local n

	echo '*.txt text eol=crlf' >.gitattributes
	mkdir many
	for n in {1..600}; do
		echo "$n" >"many/$n.txt"
	done
	echo odd | tee -- '-dash' 'a b' $'new\nline' >'$(touch hacked)'
	ln -s code.c link
	git add -A
	git commit -q -m many
	git branch -f "$BRANCH" main
	git branch -q -D "$BRANCH-lane-a"
	lane_commit lane-a a.c
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	git -C "$TREE" ls-files -z | grep -zvx link |
		git -C "$TREE" update-index -z --assume-unchanged --stdin
	run -0 --separate-stderr git sk-merge --dry-run
	for n in many/7.txt many/599.txt -dash $'new\nline'; do
		echo mine >"$TREE/$n"
		run -1 --separate-stderr git sk-merge --dry-run --json
		[ "$(get '.blockers | length')" = 1 ]
		git -C "$TREE" update-index --no-assume-unchanged -- "$n"
		git -C "$TREE" checkout -q -- "$n"
	done
	merges
	[ ! -e "$TREE" ]
	[ ! -e hacked ]
}

@test "mergeland: the answer cannot be written, and the merge is made" {
	run -128 --separate-stderr sh -c 'git sk-merge >/dev/full'
	all_done main
	[ ! -e .git/sk-merge.json ]
	run -0 --separate-stderr git sk-merge
}

@test "mergeland: a log with odd ends of lines, NULs and a torn end" {
	sed -i 's/$/\r/' "$LOG"
	printf 'a\0b\n{"event_id": "x"}\n{"kind": "note"}\n{"torn' >>"$LOG"
	export LC_ALL=C
	git commit -q -am odd
	git branch -f "$BRANCH" main
	commit_on "$BRANCH" side.c
	cp "$LOG" ../log
	run -0 --separate-stderr git sk-merge --json
	[ "$(lanes_on main 2>/dev/null)" = \
		'WP01=done WP02=done WP03=done WP04=done' ]
	# what nobody can read stays byte for byte, what is torn beside the log
	head -n -1 ../log >../whole
	[ -z "$(comm -23 <(sort ../whole) <(at main "$LOG" | sort))" ]
	[ "$(cat "$LOG".torn-*)" = '{"torn' ]
	[ -z "$(git status --porcelain)" ]
	[[ $stderr = *warning:*torn-* ]]
}

@test "mergeland: a log of 100,000 lines" {
	git checkout -q "$BRANCH"
	seq 100000 | awk '{ printf "{\"at\": \"2026-05-02T10:00:00+00:00\", \"event_id\": \"01KF%022d\", \"kind\": \"note\"}\n", $1 }' >>"$LOG"
	git commit -q -am many
	git checkout -q main
	event 001-a WP02 approved approved
	git commit -q -am here
	merges
	[ "$(at main "$LOG" | wc -l)" = 100013 ]
}
