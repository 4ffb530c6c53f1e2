#!/usr/bin/env bats
# pre-push: what is pushed has lost nothing, and drops nothing there.

load helper
load gate

setup() {
	sk_setup
	only_files
	enter_repo
	git commit -q --allow-empty -m start
	gates
	remote
}

teardown() {
	chmod -R u+w "$HOME" 2>/dev/null
	sk_teardown
}

# quietly <command>...: it must succeed and print nothing at all.
quietly() {
	run -0 --separate-stderr "$@"
	[ -z "$output" ]
	[ -z "$stderr" ]
}

# pre_push <line>...: the hook itself, fed with these lines.
pre_push() {
	local text

	printf -v text '%s\n' "$@"
	run --separate-stderr "$HOOKS/pre-push" origin "$PWD" <<<"${text%$'\n'}"
}

# lossy: main with a merge that lost the second event; origin has what was
# before.
lossy() {
	parted
	publish main
	GIT_SK=0 git merge -q -s ours -m lossy side
}

@test "push: a merge that lost events is refused, with the commit and the side" {
	lossy
	run -1 --separate-stderr git push -q origin main
	refused "error: mission '001-a': commit $(git rev-parse --short=12 HEAD)" \
		"loses 1 event that commit $(git rev-parse --short=12 side) has: $(id 2)" \
		'git push --no-verify' 'GIT_SK_SKIP=pre-push git push'
	[ "$(git -C "$BATS_TEST_TMPDIR/origin.git" rev-parse main)" != \
		"$(git rev-parse main)" ]
}

@test "push: what it says to run brings the lines back, and then it passes" {
	lossy
	run -1 --separate-stderr git push -q origin main
	hint=${stderr#*hint: }
	eval "${hint%%$'\n'*}" >/dev/null
	grep -q "$(id 2)" "$(log 001-a)"
	quietly git push -q origin main
}

@test "push: --no-verify, GIT_SK_SKIP, GIT_SK=0 and sk.preflight.mission pass it" {
	lossy
	quietly git push -q --no-verify origin main:one
	quietly env GIT_SK_SKIP=pre-push git push -q origin main:two
	quietly env GIT_SK=0 git push -q origin main:three
	git -C "$BATS_TEST_TMPDIR/origin.git" update-ref -d refs/heads/one
	git -C "$BATS_TEST_TMPDIR/origin.git" update-ref -d refs/heads/two
	git -C "$BATS_TEST_TMPDIR/origin.git" update-ref -d refs/heads/three
	git fetch -q --prune
	git config sk.preflight.mission off
	quietly git push -q origin main:four
	git push -q --no-verify origin :four
	git config sk.preflight.mission warn
	run -0 --separate-stderr git push -q origin main
	said 'warning: pre-push hook: mission' 'loses 1 event'
	unsaid error:
}

@test "push: lines that a plain commit takes out are a warning" {
	parted
	publish main
	git revert --no-edit HEAD >/dev/null
	run -0 --separate-stderr git push -q origin main
	said "warning: pre-push hook: mission '001-a': commit $(git rev-parse --short=12 HEAD) takes out 1 event: $(id 3)"
	unsaid error:
}

@test "push: lines that were taken out and are back are not told" {
	parted
	publish main
	git revert --no-edit HEAD >/dev/null
	git revert --no-edit HEAD >/dev/null
	quietly git push -q origin main
}

@test "push: a mission that is removed whole is a warning" {
	parted
	publish main
	git rm -qr kitty-specs
	saved gone
	run -0 --separate-stderr git push -q origin main
	said "warning: pre-push hook: mission '001-a': commit" 'takes out its folder, with 2 events'
}

@test "push: a replaced branch that drops events of the remote is refused" {
	parted
	publish main
	git reset -q --hard HEAD~1
	echo a >a
	saved other
	run -1 --separate-stderr git push -q -f origin main
	refused "error: mission '001-a': the push of 'main' loses 1 event that the remote's" \
		"$(id 3)"
}

@test "push: a replaced branch that keeps all events passes" {
	parted
	publish main
	git commit -q --amend --no-verify -m 'said in another way'
	quietly git push -q -f origin main
}

@test "push: events that go along on another branch are not dropped" {
	parted
	publish main
	git branch keeps
	git reset -q --hard HEAD~1
	echo a >a
	saved other
	quietly git push -q -f origin main keeps
}

@test "push: a branch that the remote has and this clone does not know" {
	parted
	publish main
	git clone -q "$BATS_TEST_TMPDIR/origin.git" ../clone
	(
		cd ../clone
		echo x >x
		git add x
		GIT_SK=0 git commit -qm x
		git push -q origin main
	)
	GIT_SK=0 git merge -q -s ours -m lossy side
	run -1 --separate-stderr git push -q -f origin main
	refused 'loses 1 event' "$(id 2)"
}

@test "push: the rejected reviews of missions that are pushed are refused" {
	mission 001-a
	mission 002-b
	publish main
	for slug in 001-a 002-b; do
		event $slug WP01 in_review approved
		mkdir -p kitty-specs/$slug/tasks/WP01
		printf -- '---\nverdict: rejected\n---\n' \
			>kitty-specs/$slug/tasks/WP01/review-cycle-1.md
		saved $slug
		[ $slug = 002-b ] || publish main
	done
	run -1 --separate-stderr git push -q origin main
	refused "mission '002-b': WP01 is approved"
	unsaid 001-a
}

@test "push: lanes without the branch of their mission are refused" {
	mission 001-a
	event 001-a WP01 null planned
	saved planned
	publish main
	git branch kitty/mission-001-a-lane-a
	event 001-a WP01 planned claimed
	saved claimed
	run -1 --separate-stderr git push -q origin main
	refused "its own branch 'kitty/mission-001-a' is missing"
	publish main~1:refs/heads/kitty/mission-001-a
	quietly git push -q origin main
}

@test "push: a finished mission needs no branch" {
	mission 001-a
	publish main
	git branch kitty/mission-001-a-lane-a
	event 001-a WP01 approved done
	event 001-a WP02 planned canceled
	saved finished
	quietly git push -q origin main
}

@test "push: the branch that lanes.json names is the mission's" {
	mission 001-a
	publish main
	git branch kitty/mission-001-a-lane-a
	git branch other/name
	printf '{"version": 1, "mission_slug": "001-a", "mission_branch": "other/name", "target_branch": "main", "lanes": [], "computed_at": "2026-05-01T10:00:00+00:00", "computed_from": "x"}' \
		>kitty-specs/001-a/lanes.json
	event 001-a WP01 null planned
	saved planned
	quietly git push -q origin main
	git branch -D -q other/name
	event 001-a WP01 planned claimed
	saved claimed
	run -1 --separate-stderr git push -q origin main
	refused "hint: git branch other/name $(git rev-parse main)"
}

@test "push: a conflict marker that was committed is refused, until it is gone" {
	parted
	publish main
	printf '=======\n' >>"$(log 001-a)"
	saved marker
	run -1 --separate-stderr git push -q origin main
	refused "$(log 001-a):3: no event: '======='"
	sed -i '/^=====/d' "$(log 001-a)"
	saved cleaned
	quietly git push -q origin main
}

@test "push: deletions, tags and other objects are no matter" {
	lossy
	publish main
	git branch gone
	publish gone
	git tag -a -m v1 v1
	git update-ref refs/blobs/one "$(git rev-parse "HEAD:$(log 001-a)")"
	quietly git push -q origin :gone
	quietly git push -q origin v1
	run -0 --separate-stderr git push -q origin refs/blobs/one
	unsaid error:
}

@test "push: a local ref with spaces is read" {
	lossy
	git commit -q --amend --no-verify -m 'fix bug'
	run -1 --separate-stderr git push -q origin 'HEAD^{/fix bug}:refs/heads/x'
	refused 'loses 1 event'
}

@test "push: no input, a closed one, and lines that are none" {
	lossy
	run -0 --separate-stderr "$HOOKS/pre-push" origin url </dev/null
	[ -z "$stderr" ]
	# closed within: what 'run' opens would take its place
	run -0 --separate-stderr bash -c '"$0" origin url <&-' "$HOOKS/pre-push"
	[ -z "$stderr" ]
	pre_push 'what is this'
	[ "$status" -eq 0 ]
	said 'warning: pre-push hook: not looked at: missions:'
	pre_push "refs/heads/main $(git rev-parse HEAD) refs/heads/main $(git rev-parse HEAD^)"
	refused 'loses 1 event'
}

@test "push: a password in the address is told nobody" {
	lossy
	line="main $(git rev-parse HEAD) refs/heads/main $(git rev-parse HEAD^)"
	url=https://me:geheim@localhost/x
	run -1 --separate-stderr strace -f -qq -e trace=execve -s 200 -o trace \
		"$HOOKS/pre-push" "$url" "$url" <<<"$line" || skip 'no strace'
	refused 'loses 1 event'
	unsaid geheim
	[ "$(grep -c geheim trace)" = 1 ] # our own start
}

@test "push: thousands of branches are looked at in one walk" {
	lossy
	for i in $(seq 3000); do
		echo "refs/heads/b$i $(git rev-parse HEAD) refs/heads/b$i 0000000000000000000000000000000000000000"
	done >lines 2>/dev/null &
	wait
	run -1 --separate-stderr "$HOOKS/pre-push" origin url <lines
	refused 'loses 1 event'
	[ "$(grep -c error: <<<"$stderr")" = 1 ]
}

@test "push: a repository without missions is left alone, whatever it merges" {
	echo a >a
	saved a
	publish main
	git checkout -q -b side
	echo b >b
	saved b
	git checkout -q main
	echo c >c
	saved c
	GIT_SK=0 git merge -q -m merged side
	quietly git push -q origin main side
	run -0 --separate-stderr strace -f -qq -e trace=execve -o trace \
		"$HOOKS/pre-push" origin url \
		<<<"main $(git rev-parse HEAD) refs/heads/new $(git rev-parse HEAD~1)" ||
		skip 'no strace'
	[ "$(grep -c execve trace)" = 1 ]
}

@test "push: a shallow clone is no reason to refuse" {
	parted
	publish main side
	git clone -q --depth 1 "file://$BATS_TEST_TMPDIR/origin.git" ../shallow
	cd ../shallow
	git config sk.projectUuid 11111111-1111-4111-8111-111111111111
	gates
	event 001-a WP02 planned claimed
	saved more
	quietly git push -q origin main
}

@test "push: what a partial clone left out is named, and not fetched" {
	parted
	publish main side
	git -C "$BATS_TEST_TMPDIR/origin.git" config uploadpack.allowFilter true
	git clone -q --no-checkout --filter=blob:none \
		"file://$BATS_TEST_TMPDIR/origin.git" ../partial
	cd ../partial
	gates # fetches what there is, but not what comes later
	(cd ../repo && git checkout -q side && event 001-a WP01 claimed in_progress &&
		saved later && publish side)
	git fetch -q
	git -c core.hooksPath=/dev/null update-ref refs/heads/lossy "$(git commit-tree -m lossy \
		-p origin/main -p origin/side 'origin/main^{tree}')"
	before=$(git count-objects -v)
	run -0 --separate-stderr "$HOOKS/pre-push" origin url \
		<<<"lossy $(git rev-parse lossy) refs/heads/lossy 0000000000000000000000000000000000000000"
	said 'warning: pre-push hook: not looked at: 001-a:' 'missing'
	[ "$(git count-objects -v)" = "$before" ]
}
