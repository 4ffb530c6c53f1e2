#!/usr/bin/env bats
# pre-merge-commit: a merge loses nothing that a mission has said.

load helper
load gate

setup() {
	sk_setup
	only_files
	enter_repo
	git commit -q --allow-empty -m start
	gates
}

teardown() {
	chmod -R u+w "$HOME" 2>/dev/null
	sk_teardown
}

# quietly <command>...: it must succeed, and no hook may print anything; git
# itself says on the other stream which files it merges.
quietly() {
	run -0 --separate-stderr "$@"
	[ -z "$stderr" ]
}

# review <mission> <folder> <number> <verdict> [<line>...]: a review's file.
review() {
	local dir=kitty-specs/$1/tasks/$2 number=$3 verdict=$4

	shift 4
	mkdir -p "$dir"
	printf '%s\n' --- "cycle_number: $number" "verdict: $verdict" "$@" \
		--- '' Feedback >"$dir/review-cycle-$number.md"
}

@test "gate: a merge that keeps one side's log is refused, and says what is lost" {
	parted
	before=$(git rev-parse HEAD)
	run -1 --separate-stderr git merge -q -s ours -m merged side
	refused "error: mission '001-a': the merge loses 1 event that side has:" \
		"$(id 2)" "hint: git show $(git rev-parse side):$(log 001-a) >>" \
		"git merge --no-verify" "GIT_SK_SKIP=pre-merge-commit"
	[ "$(git rev-parse HEAD)" = "$before" ]
}

@test "gate: what it says to run brings the lines back" {
	parted
	run -1 --separate-stderr git merge -q -s ours -m merged side
	hint=${stderr#*hint: }
	eval "${hint%%$'\n'*}"
	git commit -q -m merged
	grep -q "$(id 2)" "$(log 001-a)"
	grep -q "$(id 3)" "$(log 001-a)"
	git sk-eventlog check "$(log 001-a)"
}

@test "gate: a driver that takes one side is found out" {
	parted
	git config merge.ours.driver true
	echo '*.jsonl merge=ours' >.git/info/attributes
	run -1 --separate-stderr git merge -q -m merged side
	refused "the merge loses 1 event that side has: $(id 2)"
}

@test "gate: a union has all lines, and passes in silence" {
	parted
	echo '*.jsonl merge=union' >.git/info/attributes
	quietly git merge -q -m merged side
	grep -q "$(id 2)" "$(log 001-a)"
}

@test "gate: what our own driver merges passes in silence" {
	parted
	quietly git merge -q -m merged side
	grep -q "$(id 2)" "$(log 001-a)"
	grep -q "$(id 3)" "$(log 001-a)"
}

@test "gate: an octopus is held against each of its parents" {
	parted
	git checkout -q -b third HEAD~1
	event 001-a WP03 null planned
	saved third
	git checkout -q main
	run -1 --separate-stderr git merge -q -s ours -m merged side third
	refused "that side has: $(id 2)" "that third has: $(id 4)"
}

@test "gate: --no-verify, GIT_SK_SKIP, GIT_SK=0 and sk.preflight.mission pass it" {
	parted
	before=$(git rev-parse HEAD)
	for how in '' 'GIT_SK=0' 'GIT_SK_SKIP=pre-merge-commit,post-merge'; do
		flag=
		[ -n "$how" ] || flag=--no-verify
		quietly env $how git merge -q $flag -s ours -m merged side
		git reset -q --hard "$before"
	done
	git config sk.preflight.mission off
	quietly git merge -q -s ours -m merged side
	git reset -q --hard "$before"
	git config sk.preflight.mission warn
	run -0 --separate-stderr git merge -q -s ours -m merged side
	said "warning: pre-merge-commit hook: mission '001-a': the merge loses 1 event"
	unsaid error:
}

@test "gate: a mode that is none is named, and blocks" {
	parted
	git config sk.preflight.mission maybe
	run -1 --separate-stderr git merge -q -s ours -m merged side
	refused "sk.preflight.mission is 'maybe'" 'block, warn or off' error:
}

@test "gate: branches that have nothing to do with missions merge in silence" {
	mission 001-a
	git checkout -q -b side
	echo a >a
	saved side
	git checkout -q main
	echo b >b
	saved main
	quietly git merge -q -m merged side
	rm -r kitty-specs
	saved none
	git checkout -q -b other
	echo c >c
	saved other
	git checkout -q main
	echo d >d
	saved main
	quietly git merge -q -m merged other
}

@test "gate: a clone that was not set up is left alone" {
	parted
	git config --unset sk.clone
	quietly git merge -q -s ours -m merged side
}

@test "gate: a mission that has moved to another folder is not lost" {
	mission 001-a
	event 001-a WP01 null planned
	saved first
	git checkout -q -b side
	git mv kitty-specs/001-a kitty-specs/002-b
	saved moved
	git checkout -q main
	echo b >b
	saved main
	quietly git merge -q -m merged side
}

@test "gate: a folder that is gone whole is a warning" {
	parted
	git checkout -q side
	git checkout -q -B side HEAD~1
	git rm -qr kitty-specs/001-a
	saved gone
	git checkout -q main
	git checkout -q -B main HEAD~1
	echo b >b
	saved main
	run -0 --separate-stderr git merge -q -m merged side
	said "warning: pre-merge-commit hook: mission '001-a': the merge takes out its folder, with 1 event" \
		"hint: git checkout $(git rev-parse HEAD^1) -- kitty-specs/001-a"
	unsaid error:
}

@test "gate: a conflict marker that a merge brings is refused with file and line" {
	parted
	git config merge.both.driver 'git merge-file -p %A %O %B >%A.out; mv %A.out %A; true'
	echo '*.jsonl merge=both' >.git/info/attributes
	run -1 --separate-stderr git merge -q -m merged side
	refused "error: the merge: $(log 001-a):2: no event: '<<<<<<<" \
		'and 2 more lines' "hint: git sk-eventlog check $(log 001-a)"
}

@test "gate: a broken line that a parent had already stops nobody" {
	mission 001-a
	event 001-a WP01 null planned
	printf '<<<<<<< torn\n{"torn": ' >>"$(log 001-a)"
	saved torn
	git checkout -q -b side
	printf '\n' >>"$(log 001-a)"
	event 001-a WP01 planned claimed
	saved side
	git checkout -q main
	echo b >b
	saved main
	quietly git merge -q -m merged side
}

@test "gate: an approved work package whose newest review rejects it is refused" {
	mission 001-a
	git checkout -q -b side
	event 001-a WP01 in_review approved
	event 001-a WP02 in_review approved
	review 001-a WP01-part 9 approved
	review 001-a WP01-part 10 rejected
	review 001-a WP02 1 rejected
	review 001-a WP02 2 approved
	saved side
	git checkout -q main
	echo b >b
	saved main
	run -1 --separate-stderr git merge -q -m merged side
	refused "error: mission '001-a': WP01 is approved, and its newest review rejects it:" \
		kitty-specs/001-a/tasks/WP01-part/review-cycle-10.md \
		'hint: git sk-task move --mission 001-a --review-ref'
	unsaid WP02
}

@test "gate: what an arbiter has overridden is not rejected" {
	mission 001-a
	git checkout -q -b side
	event 001-a WP01 in_review approved
	event 001-a WP02 in_review approved
	review 001-a WP01 1 rejected 'review_artifact_override_at: "2026-05-01"' \
		'review_artifact_override_actor: lead'
	review 001-a WP02 1 arbiter_override
	saved side
	git checkout -q main
	echo b >b
	saved main
	quietly git merge -q -m merged side
}

@test "gate: lanes without the branch of their mission are refused, and it can be made" {
	mission 001-a
	sed -i 's/"mission_slug"/"target_branch": "main", &/' \
		kitty-specs/001-a/meta.json
	event 001-a WP01 null planned
	saved planned
	git branch kitty/mission-001-a-lane-a
	git checkout -q -b side
	event 001-a WP01 planned claimed
	saved side
	git checkout -q main
	echo b >b
	saved main
	run -1 --separate-stderr git merge -q -m merged side
	refused "its own branch 'kitty/mission-001-a' is missing" \
		"hint: git branch kitty/mission-001-a $(git rev-parse main)"
	hint=${stderr#*hint: }
	eval "${hint%%$'\n'*}"
	git merge --abort
	quietly git merge -q -m merged side
}

@test "gate: a clone without a lane's branch needs no branch of the mission" {
	mission 001-a
	git checkout -q -b side
	event 001-a WP01 null planned
	saved side
	git checkout -q main
	echo b >b
	saved main
	quietly git merge -q -m merged side
}

@test "gate: nothing that was found hides another" {
	parted
	git checkout -q side
	event 001-a WP02 in_review approved
	review 001-a WP02 1 rejected
	mkdir -p kitty-specs/002-b
	event 002-b WP01 null planned
	saved more
	git branch kitty/mission-001-a-lane-a
	git checkout -q main
	event 001-a WP02 in_review approved
	review 001-a WP02 1 rejected
	saved approved
	cat >"$BATS_TEST_TMPDIR/driver" <<-'SH'
		#!/bin/sh
		printf '=======\n' >>"$1"
	SH
	chmod +x "$BATS_TEST_TMPDIR/driver"
	git config merge.one.driver "$BATS_TEST_TMPDIR/driver %A"
	echo '*.jsonl merge=one' >.git/info/attributes
	run -1 --separate-stderr git merge -q -m merged side
	refused 'loses 2 events' 'no event' 'its newest review rejects it' \
		"its own branch 'kitty/mission-001-a' is missing"
}

@test "gate: names that a shell would read are quoted in what it says to run" {
	for slug in "a b" "it's" '$(touch X)'; do
		git checkout -q main
		mkdir -p "kitty-specs/$slug"
		event "$slug" WP01 null planned
		saved "$slug"
	done
	git checkout -q -b side
	for slug in "a b" "it's" '$(touch X)'; do
		event "$slug" WP01 planned claimed
	done
	saved side
	git checkout -q main
	echo b >b
	saved main
	run -1 --separate-stderr git merge -q -s ours -m merged side
	while read -r hint; do
		eval "$hint"
	done < <(printf '%s\n' "$stderr" | sed -n 's/^hint: \(git show .*\)/\1/p')
	[ ! -e X ]
	git commit -q -m merged
	for slug in "a b" "it's" '$(touch X)'; do
		[ "$(grep -c 'event_id' "kitty-specs/$slug/status.events.jsonl")" -ge 2 ]
	done
}

@test "gate: a merge in a linked worktree has its own index looked at" {
	parted
	git worktree add -q ../linked -b linked
	cd ../linked
	run -1 --separate-stderr git merge -q -s ours -m merged side
	refused "loses 1 event that side has: $(id 2)"
}

@test "gate: the program that looks is gone: a warning, and the merge is made" {
	parted
	mkdir "$BATS_TEST_TMPDIR/alone"
	cp "$HOOKS/pre-merge-commit" "$BATS_TEST_TMPDIR/alone"
	sed -i "s|$HOOKS/pre-merge-commit|$BATS_TEST_TMPDIR/alone/pre-merge-commit|" \
		.git/hooks/pre-merge-commit
	run -0 --separate-stderr git merge -q -s ours -m merged side
	said 'warning: pre-merge-commit hook: missions are not looked at'
}

@test "gate: one that is killed leaves no index behind" {
	parted
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR" "$BATS_TEST_TMPDIR/killing"
	# ends who asks for the tree, as a machine that goes down does
	printf '#!/bin/sh\ncase " $* " in *" write-tree "*) %s ;; esac\nexec %q "$@"\n' \
		'>"$GIT_INDEX_FILE.lock"; kill -9 $PPID; exit 1' \
		"$(command -v git)" >"$BATS_TEST_TMPDIR/killing/git"
	chmod +x "$BATS_TEST_TMPDIR/killing/git"
	hook=.git/hooks/pre-merge-commit
	cp "$hook" "$BATS_TEST_TMPDIR/hook"
	sed -i "2i PATH=$BATS_TEST_TMPDIR/killing:\$PATH" "$hook"
	git merge -q -m merged side
	[ -e .git/sk-index.copy.lock ]
	git reset -q --hard HEAD^
	cp "$BATS_TEST_TMPDIR/hook" "$hook"
	run -1 --separate-stderr git merge -q -s ours -m merged side
	refused 'loses 1 event'
	[ "$(cd .git && echo sk-index*)" = sk-index.lock ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "gate: what cannot be read is named, and stops nothing" {
	parted
	blob=$(git rev-parse "side:$(log 001-a)")
	file=.git/objects/${blob:0:2}/${blob:2}
	chmod u+w "$file"
	: >"$file"
	run -0 --separate-stderr git merge -q -s ours -m merged side
	said 'warning: pre-merge-commit hook: not looked at: 001-a:'
	unsaid error:
}

@test "gate: sha256 repositories are looked at" {
	cd ..
	rm -rf repo
	git init -q --object-format=sha256 repo
	cd repo
	git commit -q --allow-empty -m start
	gates
	parted
	run -1 --separate-stderr git merge -q -s ours -m merged side
	refused "loses 1 event that side has: $(id 2)"
}

@test "gate: packed objects are looked at" {
	parted
	git gc -q
	run -1 --separate-stderr git merge -q -s ours -m merged side
	refused "loses 1 event that side has: $(id 2)"
}

@test "gate: an owner of another program is refused, and nobody has to log in" {
	parted
	echo '*.jsonl merge=union' >.git/info/attributes
	mkdir -p "$GIT_SK_HOME/sync/daemon"
	chmod -R 700 "$GIT_SK_HOME"
	echo '{"pid": "torn' >"$GIT_SK_HOME/sync/daemon/owner.json"
	chmod 600 "$GIT_SK_HOME/sync/daemon/owner.json"
	run -1 --separate-stderr git merge -q -m merged side
	refused 'error: refused by the sync boundary' \
		'git config sk.preflight.owner warn'
	git merge --abort
	SPEC_KITTY_ENABLE_SAAS_SYNC=0 quietly git merge -q -m merged side
	git reset -q --hard HEAD~1
	git config sk.preflight.owner off
	quietly git merge -q -m merged side
}

@test "gate: post-merge says what a fast-forward has lost, and the way back" {
	parted
	git checkout -q side
	GIT_SK=0 git merge -q -s ours -m lossy main
	git checkout -q main
	before=$(git rev-parse HEAD)
	run -0 --separate-stderr git merge -q --ff-only side
	said "warning: post-merge hook: mission '001-a': commit" \
		"loses 1 event" "$(id 3)" "hint: to go back: git reset --keep $before"
	[ "$(grep -c warning: <<<"$stderr")" = 1 ]
	git reset -q --keep "$before"
	git config sk.preflight.mission off
	quietly git merge -q --ff-only side
}

@test "gate: a merge that was concluded by hand is looked at by post-commit" {
	parted
	rm .git/info/attributes # our driver would leave nothing to do
	before=$(git rev-parse HEAD)
	run -1 git merge -q -m merged side
	git checkout -q --ours -- "$(log 001-a)"
	git add -A
	run -0 --separate-stderr git commit -q --no-edit
	said "warning: post-commit hook: mission '001-a': commit" \
		"loses 1 event that commit $(git rev-parse --short=12 side) has: $(id 2)" \
		"hint: to go back: git reset --keep $before"
	[ "$(grep -c warning: <<<"$stderr")" = 1 ]
	git reset -q --hard "$before"
	run -1 git merge -q -m merged side
	git merge-file --union "$(log 001-a)" /dev/null /dev/null
	sed -i '/^[<=>]\{7\}/d' "$(log 001-a)"
	git add -A
	quietly git commit -q --no-edit
}

@test "gate: post-merge is silent for a fast-forward that loses nothing" {
	parted
	git checkout -q -b ahead
	event 001-a WP02 planned claimed
	saved ahead
	git checkout -q main
	quietly git merge -q --ff-only ahead
}
