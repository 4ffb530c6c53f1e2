#!/usr/bin/env bats
# The remedies that the plan of a merge names (lib/merge/plan.h): each is pasted
# into a shell, and what it was for is gone, or it leads on as its message says.

load helper
load logmerge
load mergetree
load implement
load mergeplan

setup() {
	plan_setup
}

teardown() {
	sk_teardown
}

# lanes_with <filter of jq>: lanes.json changed by it, committed.
lanes_with() {
	jq "$1" kitty-specs/001-a/lanes.json >lanes.json
	mv lanes.json kitty-specs/001-a/lanes.json
	git commit -q -am lanes
}

# odd <name>: a folder beside us whose name a shell minds.
odd() {
	echo "$BATS_TEST_TMPDIR/-a b'c\"d\$(touch hacked)"$'\n'"$1"
}

@test "mergeplanremedies: a mission that is not known: the list of them" {
	dry 002-b
	[ "$(get .blocker)" = unresolved_mission ]
	run -0 --separate-stderr remedy 0
	[[ $output = *001-a* ]]
}

@test "mergeplanremedies: a mission that cannot be read" {
	git checkout -q "$BRANCH"
	echo '{' >kitty-specs/001-a/meta.json
	git commit -q -am broken
	git checkout -q main
	echo '{' >kitty-specs/001-a/meta.json
	git commit -q -am broken
	dry
	[ "$(get .blocker)" = unreadable_mission ]
	remedy 0
}

# finalizable: what finalize wants of a mission, committed.
finalizable() {
	local dir=kitty-specs/001-a n

	printf '# Spec\n\n- **FR-001**: it works\n' >$dir/spec.md
	echo '# Tasks' >$dir/tasks.md
	for n in 1 2 3 4; do
		printf '\n## WP0%s\n\n- [ ] T00%s do it\n' $n $n \
			>>$dir/tasks.md
		sed -i "2i requirement_refs: [FR-001]\nowned_files: [\"$n/**\"]" \
			$dir/tasks/WP0$n-x.md
	done
	git add -A
	git commit -q -m finalizable
}

@test "mergeplanremedies: lanes that are missing or broken are computed again" {
	local code broken

	finalizable
	for broken in '{' '{"version": 1}' gone "$(jq '.mission_branch = "a b"' \
		kitty-specs/001-a/lanes.json)"; do
		code=unreadable_lanes
		echo "$broken" >kitty-specs/001-a/lanes.json
		if [ "$broken" = gone ]; then
			code=missing_lanes
			rm kitty-specs/001-a/lanes.json
		fi
		git commit -q -am "$code"
		for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
			git branch -q -f "$name" main
		done
		dry
		[ "$(get .blocker)" = "$code" ]
		remedy 0
		dry
		[[ " $(get '.blockers[].code' | xargs) " != *_lanes* ]]
	done
}

@test "mergeplanremedies: lanes of names that no branch can have" {
	local id

	for id in 'a b' 'a..b' '-' 'x.lock' 'a~1' $'a\nb' ''; do
		lanes_with ".lanes[1].lane_id = $(jq -n --arg id "$id" '$id')"
		dry
		[ "$(get .ready)" = false ]
		[ "$id" = - ] || [ "$(get .blocker)" = unreadable_lanes ]
		pastable
	done
}

@test "mergeplanremedies: changes are put aside, of a lane committed" {
	local folder

	folder=$(odd lane)
	git worktree add -q "$folder" "$BRANCH-lane-a"
	echo mine >code.c
	git rm -q --cached kitty-specs/001-a/meta.json
	echo mine >"$folder/a.c"
	git -C "$folder" rm -q code.c
	dry
	[ "$(get '.blockers[].code' | xargs)" = 'dirty_worktree dirty_worktree' ]
	remedy 1
	dry
	[ "$(get '.blockers[].code' | xargs)" = dirty_worktree ]
	remedy 0
	ready
	[ "$(git show "$BRANCH-lane-a:a.c")" = mine ]
	[ "$(git show 'stash@{0}:code.c')" = mine ]
	[ ! -e hacked ]
}

@test "mergeplanremedies: a file in the way is moved, over no other" {
	local name

	for name in 'a b.c' '$(touch hacked)' "q'\"q" -dash 'end ' $'l\nf' 'ä'; do
		lane_commit lane-a "./$name"
		echo mine >"./$name"
		echo "older of $name" >"./$name.orig"
	done
	dry
	[ "$(get '.blockers | length')" = 7 ]
	for i in 0 1 2 3 4 5 6; do
		remedy "$i"
	done
	ready
	for name in 'a b.c' '$(touch hacked)' "q'\"q" -dash 'end ' $'l\nf' 'ä'; do
		[ "$(cat "./$name.orig")" = "older of $name" ]
	done
	[ "$(grep -lxZ mine ./*.orig1 | tr -dc '\0' | wc -c)" = 7 ]
	[ ! -e hacked ]
	mkdir -p b.c/sub
	echo one >b.c/file
	echo two >b.c/sub/file
	git init -q a.c
	dry
	[ "$(get '[.blockers[].subject] | join(" ")')" = \
		'a.c b.c/file b.c/sub/file' ]
	remedy 0
	remedy 1
	remedy 2
	ready
	[ "$(cat b.c-file.orig b.c-sub-file.orig | xargs)" = 'one two' ]
	[ -d a.c.orig/.git ]
}

@test "mergeplanremedies: what is under way ends, conflicts and all" {
	git checkout -q -b side
	echo side >code.c
	git commit -q -am side
	git checkout -q main
	echo main >code.c
	git commit -q -am main
	for way in merge rebase cherry-pick revert; do
		case $way in
		revert)
			echo more >code.c
			git commit -q -am more
			run -1 git revert --no-edit HEAD~
			;;
		*) run -1 git "$way" side ;;
		esac
		dry
		[ "$(get '.blockers[].code' | xargs)" = \
			'dirty_worktree under_way' ]
		[ "$(get '[.blockers[].remediation] | unique[]')" = \
			"git $way --abort" ]
		remedy 0
		ready
	done
	git bisect start -q HEAD HEAD~2
	dry
	[[ $(get '.blockers[].code' | xargs) = *under_way* ]]
	remedy 0
	ready
}

@test "mergeplanremedies: a conflict of a lane is not committed with markers" {
	git worktree add -q "$TREE" "$BRANCH-lane-a"
	lane_commit lane-a code.c
	git -C "$TREE" reset -q --hard
	commit_on main code.c
	git reset -q --hard
	run -1 git -C "$TREE" merge main
	dry
	remedy 0
	blocked merge_conflict
	[ "$(git show "$BRANCH-lane-a:code.c")" = lane-a ]
}

@test "mergeplanremedies: a branch that is rebased elsewhere is let go" {
	git checkout -q "$BRANCH-lane-a"
	git checkout -q main
	git worktree add -q "$(odd there)" "$BRANCH-lane-a"
	lane_commit lane-a code.c
	git -C "$(odd there)" reset -q --hard
	commit_on main code.c
	git reset -q --hard
	run -1 git -C "$(odd there)" rebase main
	dry
	[ "$(get .blocker)" = under_way ]
	remedy 0
	blocked merge_conflict
	[ ! -e hacked ]
}

@test "mergeplanremedies: a target that is missing, or none at all" {
	dry --into 'a b'
	[ "$(get .blocker)" = missing_target_branch ]
	remedy 0
	for name in there '$(touch${IFS}hacked)' "it's" -dash HEAD; do
		git update-ref "refs/remotes/origin/$name" main
		dry --into "$name"
		[ "$(get .blocker)" = missing_target_branch ]
		remedy 0
		ready --into "$name"
	done
	dry --into "$BRANCH"
	[ "$(get .blocker)" = wrong_target_branch ]
	[ "$(get .remediation)" = 'git sk-merge --into main 001-a' ]
	[ ! -e hacked ]
}

@test "mergeplanremedies: a remote that cannot be asked is named" {
	local name='-x'

	git init -q --bare ../remote
	git -C ../remote fetch -q ../repo main:refs/heads/main
	git config "remote.$name.url" ../nowhere
	git config "remote.$name.fetch" '+refs/heads/*:refs/remotes/x/*'
	git config branch.main.remote "$name"
	git config branch.main.merge refs/heads/main
	git update-ref refs/remotes/x/main main
	dry --fetch
	[ "$(get .blocker)" = fetch_failed ]
	run -128 remedy 0
	run -128 sh "$BATS_TEST_TMPDIR/remedy"
	git config "remote.$name.url" ../remote
	sh "$BATS_TEST_TMPDIR/remedy"
	ready --fetch
}

@test "mergeplanremedies: a target that is behind gets what the remote has" {
	local name version

	git clone -q . ../remote
	git remote add origin ../remote
	git fetch -q
	git -C ../remote commit -q --allow-empty -m more
	for version in 0 2; do
		git config protocol.version "$version"
		for name in 'x$(touch${IFS}hacked)' "it's" -dash; do
			git update-ref "refs/heads/$name" main
			git -C ../remote update-ref "refs/heads/$name" HEAD
			git update-ref -d "refs/remotes/origin/$name"
			git config "branch.$name.remote" origin
			git config "branch.$name.merge" "refs/heads/$name"
			git update-ref "refs/remotes/origin/$name" main
			dry --fetch --into "$name"
			[ "$(get .blocker)" = target_behind ]
			remedy 0
			ready --fetch --into "$name"
		done
	done
	[ ! -e hacked ]
	cd kitty-specs
	dry --fetch
	[ "$(get .blocker)" = target_behind ]
	remedy 0
	ready --fetch
	git commit -q --allow-empty -m mine
	git -C ../../remote commit -q --allow-empty -m theirs
	dry --fetch
	[ "$(get .blocker)" = target_diverged ]
	remedy 0
	ready --fetch
}

@test "mergeplanremedies: branches that are missing are made" {
	local name

	for name in 'a$(touch${IFS}hacked)' "it's" -dash HEAD 'a"b;c&d' \
		"$(git rev-parse main)"; do
		lanes_with ".mission_branch = $(jq -n --arg n "$name" '$n')"
		blocked missing_mission_branch
		remedy 0
		ready
	done
	[ ! -e hacked ]
}

@test "mergeplanremedies: a lane that a remote has is fetched, then made" {
	git clone -q . ../remote
	git remote add origin ../remote
	git -C ../remote branch -q "$BRANCH-lane-b" "origin/$BRANCH-lane-b"
	git branch -q -D "$BRANCH-lane-b"
	blocked missing_lane_branch
	[ "$(get .remediation)" = 'git fetch --all' ]
	remedy 0
	blocked missing_lane_branch
	remedy 0
	ready
}

@test "mergeplanremedies: who is not approved is implemented, and reviewed" {
	event 001-a WP01 approved planned
	git commit -q -am planned
	dry
	[ "$(get '.blockers[].code' | xargs)" = \
		'unapproved_work_package unmet_dependency' ]
	remedy 0 </dev/null
	[ "$(lane_of WP01)" = 'in_progress agent' ] ||
		[[ $(lane_of WP01) = in_progress* ]]
	git -C "$TREE" commit -q --allow-empty -m work
	git sk-task move --mission 001-a WP01 for_review
	dry
	[ "$(get .blocker)" = unapproved_work_package ]
	remedy 0
	[[ $(lane_of WP01) = in_review* ]]
}

@test "mergeplanremedies: a mission without work packages is finalized" {
	git rm -q -r kitty-specs/001-a/tasks
	lanes_with '.lanes = []'
	git branch -f "$BRANCH" main
	git branch -q -D "$BRANCH-lane-a" "$BRANCH-lane-b"
	blocked unapproved_work_package
	run -1 remedy 0
	[[ $output = *"there is neither 'tasks.md' nor 'wps.yaml'"* ]]
}

@test "mergeplanremedies: a dependency that is none is shown, from anywhere" {
	sed -i 's/- WP01/- WP09/' kitty-specs/001-a/tasks/WP03-x.md
	git commit -q -am nine
	cd kitty-specs
	blocked unmet_dependency
	run -0 --separate-stderr remedy 0
	[[ $output = *'WP03-x.md:'*WP09 ]]
	cd "$OLDPWD"
	git revert --no-edit HEAD >/dev/null
	event 001-a WP01 approved in_progress
	git commit -q -am back
	dry
	[ "$(get '.blockers[1].code')" = unmet_dependency ]
	remedy 1
}

@test "mergeplanremedies: a rejected work package is taken up again" {
	mkdir kitty-specs/001-a/tasks/WP01-x
	printf -- '---\nverdict: rejected\n---\n' \
		>kitty-specs/001-a/tasks/WP01-x/review-cycle-1.md
	git add -A
	git commit -q -m review
	blocked rejected_review
	remedy 0
	dry
	[ "$(get .blocker)" = unapproved_work_package ]
	[[ " $(get '.blockers[].code' | xargs) " != *' rejected_review '* ]]
}

@test "mergeplanremedies: a sparse checkout gets all of its files" {
	local folder

	folder=$(odd sparse)
	git worktree add -q "$folder" "$BRANCH-lane-a"
	git -C "$folder" sparse-checkout set --cone kitty-specs
	blocked sparse_checkout
	remedy 0
	ready
	[ ! -e hacked ]
}

@test "mergeplanremedies: a conflict that only a rebase has" {
	lane_commit lane-a code.c there
	lane_commit lane-a code.c code
	commit_on main code.c here
	git reset -q --hard
	dry --strategy rebase
	[ "$(get .blocker)" = merge_conflict ]
	[ "$(get .remediation)" = 'git sk-merge --strategy squash 001-a' ]
	ready --strategy squash
}

@test "mergeplanremedies: conflicts in odd files, of lanes and the mission" {
	local name='a b $(touch hacked)'

	commit_on main "$name" base
	git reset -q --hard
	lane_commit lane-a "$name" one
	git branch -f "$BRANCH" main
	commit_on "$BRANCH" "$name" two
	dry
	[ "$(get '.blockers[0].subject')" = "$name" ]
	[[ $(get '.blockers[0].message') = *"against '$BRANCH'" ]]
	run -1 remedy 0
	echo both >"$name"
	git commit -q -a --no-edit
	git checkout -q main
	ready
	commit_on main "$name" three
	git reset -q --hard
	dry
	[ "$(get '.blockers | length')" = 1 ]
	run -1 remedy 0
	echo all >"$name"
	git commit -q -a --no-edit
	git checkout -q main
	ready
	[ ! -e hacked ]
}

@test "mergeplanremedies: what a driver loses comes back" {
	git checkout -q "$BRANCH"
	event 001-a WP01 approved approved
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved approved
	git commit -q -am here
	echo "$LOG merge=ours" >.git/info/attributes
	git config merge.ours.driver true
	blocked lost_events
	remedy 0
	ready
}

@test "mergeplanremedies: a log that a driver breaks is named by its line" {
	git checkout -q "$BRANCH"
	event 001-a WP01 approved approved
	git commit -q -am there
	git checkout -q main
	event 001-a WP02 approved approved
	git commit -q -am here
	echo "$LOG merge=bad" >.git/info/attributes
	git config merge.bad.driver 'cat %B >>%A; echo "<<<<" >>%A'
	dry
	[ "$(get .blocker)" = unreadable_event_log ]
	remedy 0
}

@test "mergeplanremedies: a tree that is missing is what git fsck tells" {
	local id

	id=$(git rev-parse "$BRANCH-lane-a^{tree}")
	rm -f ".git/objects/${id:0:2}/${id:2}"
	dry
	[ "$(get '.blockers[0].code')" = merge_failed ]
	[ "$(get '.blockers[0].remediation')" = 'git fsck' ]
	run ! remedy 0
	[[ $output = *"$id"* ]]
}
