#!/usr/bin/env bats
# Clones that have not everything: what they lack is noted, and looked at when
# it has come.

load helper

setup() {
	sk_setup
	git config --global sk.projectUuid 11111111-2222-4333-8444-555555555555
	git config --global protocol.file.allow always
	git config --global uploadpack.allowFilter true
	git config --global uploadpack.allowAnySHA1InWant true
	git init -q up
	cd up || return 1
	mission 001-a
	for i in 1 2 3; do
		event 001-a "WP0$i" null planned
		git commit -qam "$i"
	done
}

teardown() {
	sk_teardown
}

# upstream <WP>...: a commit for each, made by somebody else.
upstream() {
	local wp

	for wp; do
		event 001-a "$wp" null planned
		GIT_SK=0 git commit -qam "$wp"
	done
}

# filtered <filter>: a clone of it that leaves out what the filter says.
filtered() {
	git clone -q --filter="$1" "file://$PWD" ../clone
	cd ../clone || return 1
}

# stepped_over: a clone that was set up, in which a shallow fetch has left out two
# of three commits.
stepped_over() {
	git clone -q . ../clone
	cd ../clone || return 1
	git sk-setup >/dev/null
	cd ../up || return 1
	upstream WP04 WP05 WP06
	cd ../clone || return 1
	git fetch -q --depth 1 "file://$PWD/../up" main
	git reset -q --hard FETCH_HEAD
}

# lacks: how many objects of its history are not here.
lacks() {
	git rev-list --objects --all --missing=print | grep -c '^?'
}

# all_queued <count>: transitions, by now
all_queued() {
	[ "$(transitions)" = "$1" ]
}

@test "partial: setup fetches what the missions of a blobless clone lack" {
	filtered blob:none
	[ "$(lacks)" -ge 3 ]
	run -0 --separate-stderr git sk-setup
	[ -z "$stderr" ]
	[ "$(lacks)" = 0 ]
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
	run -0 git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 3 ]
}

@test "partial: backfill fetches for a treeless clone, too" {
	filtered tree:0
	run -0 git sk-sync backfill --json
	[ "$(jq .transitions <<<"$output")" = 3 ]
}

@test "partial: what a shallow fetch stepped over comes when it is deepened" {
	stepped_over
	git commit -q --allow-empty -m mine
	git merge -q 2>/dev/null || true
	event 001-a WP07 null planned
	git commit -qam mine
	grep '^cut ' .git/sk-unseen
	all_queued 1
	git fetch -q --unshallow
	event 001-a WP08 null planned
	git commit -qam more
	all_queued 5
	[ ! -e .git/sk-unseen ]
}

@test "partial: history before the setup of a shallow clone stays before" {
	git clone -q --depth 1 "file://$PWD" ../clone
	cd ../clone
	git sk-setup >/dev/null
	event 001-a WP04 null planned
	git commit -qam mine
	git fetch -q --unshallow
	event 001-a WP05 null planned
	git commit -qam more
	all_queued 2
}

@test "partial: what a shallow clone began with is no news when it comes back" {
	git clone -q --depth 1 "file://$PWD" ../clone
	cd ../clone
	git sk-setup >/dev/null
	git rm -rqf kitty-specs
	git commit -qm 'take it out'
	git revert --no-edit HEAD >/dev/null
	[ "$(query 'SELECT count(*) FROM queue')" = 0 ]
	git fetch -q --unshallow
	git mv kitty-specs/001-a kitty-specs/002-b
	git commit -qm 'move it'
	all_queued 0
}

@test "partial: a clone deepened by one commit at a time has them all" {
	stepped_over
	for i in 1 2 3 4; do
		event 001-a "WP1$i" null planned
		git commit -qam "$i"
		git fetch -q --deepen 1 origin
	done
	event 001-a WP20 null planned
	git commit -qam last
	all_queued 8
}
@test "partial: what others left out is fetched from nobody by a hook" {
	filtered blob:none
	git sk-setup >/dev/null
	cd ../up
	upstream WP04 WP05 WP06
	cd ../clone
	# whoever connects leaves a trace
	git config remote.origin.uploadpack "touch '$PWD/../asked'; git-upload-pack"
	git fetch -q
	rm ../asked
	[ "$(lacks)" = 3 ]
	git update-ref refs/heads/main origin/main
	git read-tree -m HEAD 2>/dev/null || true
	rm -f ../asked
	before=$(lacks)
	[ "$before" -ge 2 ]
	run -0 --separate-stderr .git/hooks/post-merge 0
	[ ! -e ../asked ]
	[ "$(lacks)" = "$before" ]
	grep '^lacks ' .git/sk-unseen
	cursor=$(query "SELECT tip FROM sk_cursor WHERE ref = 'refs/heads/main'")
	[ "$cursor" = "$(git rev-parse HEAD)" ]
	# what the sender is started for
	git-sk-sync complete "$PWD"
	[ -e ../asked ]
	[ "$(transitions)" = 3 ]
	[ ! -e .git/sk-unseen ]
}

@test "partial: a pull into a blobless clone is captured behind its back" {
	filtered blob:none
	git sk-setup >/dev/null
	git config sk.flush background
	cd ../up
	upstream WP04 WP05 WP06
	cd ../clone
	git pull -q
	wait_for all_queued 3
	event 001-a WP07 null planned
	git commit -qam mine
	all_queued 4
}

@test "partial: a remote that is gone keeps the note, and stops nothing" {
	filtered blob:none
	git sk-setup >/dev/null
	cd ../up
	upstream WP04 WP05
	cd ../clone
	git fetch -q
	git reset -q --hard origin/main
	GIT_SK_TRACE=$PWD/../trace .git/hooks/post-merge 0 2>/dev/null
	mv ../up ../away
	run -128 --separate-stderr git-sk-sync complete "$PWD"
	[[ $stderr == *"git cannot fetch 1 object from 'origin'"* ]]
	event 001-a WP07 null planned
	git commit -qam mine 2>/dev/null
	grep '^lacks ' .git/sk-unseen
	mv ../away ../up
	git-sk-sync complete "$PWD"
	all_queued 3
}

# told: what the command in the hint of `list` is
told() {
	run -0 --separate-stderr git sk-task list
	[[ $stderr =~ hint:\ run\ \'(git\ [^\']*)\',\ which ]]
	echo "${BASH_REMATCH[1]}"
}

@test "partial: list says how to get the branch that it cannot read" {
	git checkout -qb other
	event 001-a WP04 null planned
	git commit -qam other
	git checkout -q main
	filtered tree:0
	run -0 --separate-stderr git sk-task list
	[[ $output != *WP04* ]]
	[[ $stderr == *"1 branch cannot be read: 'origin/other': tree "* ]]
	[ "$(grep -c '^hint:' <<<"$stderr")" = 1 ]
	command=$(told)
	mkdir below
	cd below
	$command >/dev/null
	run -0 --separate-stderr git sk-task list
	[ -z "$stderr" ]
	[[ $output == *WP04* ]]
}

@test "partial: list says how to get the log that it cannot read" {
	git checkout -qb other
	event 001-a WP04 null planned
	git commit -qam other
	git checkout -q main
	filtered blob:none
	for command in 'sk-task list' 'sk-mission list' 'sk-mission show 001-a'; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr git $command
		[[ $stderr == *"warning: mission '001-a': status.events.jsonl:"* ]]
		[[ $stderr == *'hint: run '*'refs/remotes/origin/other '* ]]
	done
	command=$(told)
	$command >/dev/null
	run -0 --separate-stderr git sk-task list
	[ -z "$stderr" ]
	[[ $output == *WP04* ]]
}

@test "partial: taken out, git-sk leaves no note behind" {
	filtered blob:none
	git sk-setup >/dev/null
	cd ../up
	upstream WP04 WP05
	cd ../clone
	git fetch -q
	git reset -q --hard origin/main
	.git/hooks/post-merge 0 2>/dev/null
	[ -e .git/sk-unseen ]
	git sk-setup --remove >/dev/null
	run -0 find .git -name 'sk-*'
	[ -z "$output" ]
}
