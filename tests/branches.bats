#!/usr/bin/env bats
# Whatever a clone's branches and worktrees come to hold is captured, wherever
# it was made and by which command; and what git ends without a hook, too.

load helper

setup() {
	sk_setup
	enter_repo
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam before
	git sk-setup -q
}

teardown() {
	sk_teardown
}

# unseen <WP>: the same, and no hook of ours runs.
unseen() {
	GIT_SK=0 news "$1"
}

# cursors: the names of what is remembered as captured.
cursors() {
	query "SELECT ref FROM sk_cursor WHERE ref <> 'setup' ORDER BY ref" |
		xargs
}

# walked <command>...: how many commits its hooks walk, in all.
walked() {
	: >../trace
	GIT_SK_TRACE=$PWD/../trace "$@"
	sed -n 's/.* walk: \([0-9]*\) commits.*/\1/p' ../trace |
		awk '{ n += $1 } END { print n + 0 }'
}

@test "branches: a commit of any branch and worktree is found by the next one" {
	git branch lane
	git worktree add -q ../tree lane
	git worktree add -q --detach ../other
	(cd ../tree && unseen WP02)
	(cd ../other && unseen WP03)
	news WP04
	[ "$(queued | xargs -n 1 | sort | xargs)" = 'WP02 WP03 WP04' ]
	# and by a command
	(cd ../tree && unseen WP05)
	run -1 git sk-sync now
	[ "$(transitions)" = 4 ]
}

@test "branches: a linked worktree sees what the main one did, detached or not" {
	git worktree add -q -b lane ../tree
	unseen WP02
	(cd ../tree && news WP03)
	git checkout -q --detach
	unseen WP04
	(cd ../tree && news WP05)
	[ "$(queued | xargs -n 1 | sort | xargs)" = 'WP02 WP03 WP04 WP05' ]
	[ "$(cursors)" = 'HEAD refs/heads/lane refs/heads/main' ]
}

@test "branches: what a locked queue kept out of a lane comes with the switch" {
	git switch -q -c lane
	other sqlite3 "$(queue_file)" '.timeout 0' 'BEGIN IMMEDIATE' \
		'.shell touch ../locked' '.shell while [ ! -e ../free ]; do sleep 0.05; done'
	wait_for test -e ../locked
	news WP02 2>../said
	grep -q 'post-commit hook: ' ../said
	touch ../free
	wait "$OTHER"
	[ -z "$(queued)" ]
	git switch -q main
	[ "$(queued)" = WP02 ]
}

@test "branches: what no hook could capture is not hidden by the glance" {
	git switch -q -c lane
	news WP02
	other sqlite3 "$(queue_file)" '.timeout 0' 'BEGIN IMMEDIATE' \
		'.shell touch ../locked' '.shell while [ ! -e ../free ]; do sleep 0.05; done'
	wait_for test -e ../locked
	news WP03 2>../said
	git switch -q --detach HEAD~ 2>../said
	touch ../free
	wait "$OTHER"
	# the commit that the stamp of the worktree names
	git commit -q --allow-empty -m nothing
	[ "$(queued)" = 'WP02 WP03' ]
}

@test "branches: a range that was cherry-picked is captured" {
	git switch -q -c picked
	unseen WP02
	unseen WP03
	git branch -q --force main
	git switch -q main
	git branch -q -D picked
	query 'DELETE FROM queue; DELETE FROM sk_ledger WHERE state <> '\''before'\'
	git reset -q --hard HEAD~2
	git commit -q --allow-empty -m base
	git cherry-pick ORIG_HEAD~2..ORIG_HEAD >../said
	[ -z "$(queued)" ]
	git switch -q -c on
	[ "$(queued)" = 'WP02 WP03' ]
}

@test "branches: reverted ranges, mailed patches, a pull that rebased" {
	git clone -q . ../theirs
	(cd ../theirs && news WP02 && git format-patch -q -1 -o ..)
	git am -q ../*.patch
	[ -z "$(queued)" ]
	git switch -q -c am
	[ "$(queued)" = WP02 ]
	git switch -q main
	(cd ../theirs && news WP03)
	git commit -q --allow-empty -m ours
	git pull -q --rebase ../theirs main
	git switch -q am
	[ "$(queued)" = 'WP02 WP03' ]
	printf -- '---\nwork_package_id: WP04\nlane: planned\n---\n' \
		>kitty-specs/001-a/tasks/WP04-x.md
	rm kitty-specs/001-a/status.events.jsonl
	git add -A
	git commit -q -m file
	sed -i s/planned/doing/ kitty-specs/001-a/tasks/WP04-x.md
	git commit -qam doing
	[ "$(transitions)" = 4 ]
	git revert --no-edit HEAD~..HEAD >../said
	git revert --no-edit HEAD~2..HEAD >>../said
	git switch -q -c reverted
	[ "$(transitions)" -gt 4 ]
}

@test "branches: a sequence that was abandoned stops no later commit" {
	local onto

	onto=$(git rev-parse HEAD)
	echo a >file
	git add file
	git commit -q -m a
	echo b >file
	git commit -qam b
	git switch -q -c other "$onto"
	echo c >file
	git add file
	git commit -q -m c
	run -1 git cherry-pick main~ main
	git reset -q --hard
	[ -d .git/sequencer ]
	news WP02
	[ "$(queued)" = WP02 ]
}

@test "branches: set up while unborn, all that is made later is new" {
	git init -q ../new
	cd ../new
	git sk-setup -q
	GIT_SK=0 mission 002-b
	event 002-b WP02 null planned
	GIT_SK=0 git commit -qam first
	event 002-b WP03 null planned
	git commit -qam second 2>../said
	[ ! -s ../said ]
	[ "$(queued)" = 'WP02 WP03' ]
	[ "$(query "SELECT count(*) FROM queue WHERE event_type = 'MissionStarted'")" = 1 ]
}

@test "branches: set up while unborn, a pull and a mailed patch are new" {
	git init -q ../new
	git format-patch -q --root -o ../mail HEAD
	cd ../new
	git sk-setup -q
	query 'DELETE FROM sk_ledger'
	git am -q ../mail/*
	git switch -q -c on
	[ "$(queued)" = WP01 ]
	git init -q ../newer
	cd ../newer
	git sk-setup -q
	query 'DELETE FROM queue; DELETE FROM sk_ledger'
	git pull -q ../repo main
	git switch -q -c on
	[ "$(queued)" = WP01 ]
}

@test "branches: set up while unborn, what was fetched is history" {
	git init -q ../new
	cd ../new
	git fetch -q ../repo main:refs/remotes/origin/main
	git sk-setup -q
	query 'DELETE FROM sk_ledger'
	git switch -q -c main --no-track origin/main
	git commit -q --allow-empty -m nothing
	[ -z "$(queued)" ]
	news WP02
	[ "$(queued)" = WP02 ]
}

@test "branches: what only a tag named at setup is history" {
	git switch -q -c gone
	unseen WP02
	git tag -a -m v1 v1
	git switch -q main
	git branch -q -D gone
	git config --unset sk.clone
	rm "$GIT_SK_HOME/queue.db"
	git sk-setup -q
	git switch -q -c back v1
	git commit -q --allow-empty -m nothing
	[ -z "$(queued)" ]
	git sk-sync backfill v1
	[ "$(queued)" = 'WP01 WP02' ]
}

@test "branches: what is stashed at setup is news when it is committed" {
	event 001-a WP02 null planned
	git stash -q
	git config --unset sk.clone
	rm "$GIT_SK_HOME/queue.db"
	git sk-setup -q
	git stash pop -q
	git commit -qam popped
	[ "$(queued)" = WP02 ]
}

@test "branches: a cursor goes with its ref, but not the last one" {
	git branch lane
	git branch -m main trunk
	[ "$(walked git commit -q --allow-empty -m nothing)" = 1 ]
	[ "$(cursors)" = 'refs/heads/lane refs/heads/trunk' ]
	git branch -q -D lane
	news WP02
	[ "$(cursors)" = refs/heads/trunk ]
	# a branch without a commit is no ref
	git symbolic-ref HEAD refs/heads/unborn
	git update-ref -d refs/heads/trunk
	git sk-sync now || :
	[ "$(cursors)" = refs/heads/trunk ]
}

@test "branches: only what moved is walked, of thousands" {
	local tree commit

	tree=$(git rev-parse 'HEAD^{tree}')
	seq -f "create refs/heads/b/%.0f $(git rev-parse HEAD)" 0 2999 |
		git update-ref --stdin
	git pack-refs --all
	news WP02
	[ "$(query 'SELECT count(*) FROM sk_cursor')" = 3002 ]
	GIT_SK=0 git branch -q -f b/7 main
	commit=$(git commit-tree -p b/8 -m lane "$tree")
	git update-ref refs/heads/b/8 "$commit"
	[ "$(walked news WP03)" = 2 ]
	[ "$(queued)" = 'WP02 WP03' ]
}

@test "branches: a worktree in the middle of a rebase waits" {
	git worktree add -q -b lane ../tree
	(cd ../tree && news WP02 && echo x >f && git add f && git commit -q -m f)
	(cd ../tree && GIT_SEQUENCE_EDITOR='sed -i 1s/pick/edit/' \
		git rebase -q -i --no-ff main 2>../said)
	[ -d .git/worktrees/tree/rebase-merge ]
	(cd ../tree && GIT_SK=0 git commit -q --amend -m "$(printf 'x')" \
		--date '2001-01-01 00:00:00 +0000')
	news WP03
	run -1 git sk-sync now
	cd ../tree
	run -1 git sk-sync now
	[ "$(query "SELECT count(*) FROM sk_cursor WHERE ref LIKE '%HEAD'")" = 0 ]
	git rebase --continue 2>../said
	[ "$(queued)" = 'WP02 WP03' ]
}

@test "branches: one that is broken stops no other" {
	local commit

	git switch -q -c lane
	git commit -q --allow-empty -m lost
	git commit -q --allow-empty -m tip
	git switch -q main
	commit=$(git rev-parse lane~)
	query "DELETE FROM sk_cursor WHERE ref = 'refs/heads/lane'"
	rm -f ".git/objects/${commit:0:2}/${commit:2}"
	news WP02 2>../said
	[ "$(queued)" = WP02 ]
	[ "$(cursors)" = refs/heads/main ]
	commit=$(git rev-parse lane)
	rm -f ".git/objects/${commit:0:2}/${commit:2}"
	news WP03 2>../said
	[ "$(queued)" = 'WP02 WP03' ]
}

@test "branches: a FIFO in the place of a ref is not waited for" {
	mkfifo .git/refs/heads/pipe
	event 001-a WP02 null planned
	GIT_SK=0 git commit -qam WP02
	run -0 --separate-stderr timeout 20 "$BUILD/hooks/post-commit"
	[ -z "$stderr" ]
	[ "$(queued)" = WP02 ]
}

@test "branches: two copies of a repository do not walk it all at each commit" {
	local i

	for ((i = 0; i < 20; i++)); do
		git commit -q --allow-empty -m "$i"
	done
	cp -r ../repo ../copy
	for i in 2 4 6; do
		(cd ../copy && news "WP0$i")
		news "WP0$((i + 1))"
	done
	[ "$(queued)" = 'WP02 WP03 WP04 WP05 WP06 WP07' ]
	[ "$(walked news WP08)" -lt 5 ]
	cd ../copy
	[ "$(walked news WP09)" -lt 5 ]
}

@test "branches: who meets a clone later begins with the commit just made" {
	start_ingestd
	git switch -q -c lane
	unseen WP02
	git switch -q main
	rm -rf "$GIT_SK_HOME"
	log_in
	event 001-a WP03 null planned
	run -0 --separate-stderr git commit -qam news
	[[ $stderr == *'this queue begins with this commit; run '* ]]
	[ "$(queued)" = WP03 ]
	wait_for eval '[ "$(query "SELECT count(*) FROM sk_cursor
		WHERE ref LIKE '\''baseline/%'\''")" = 0 ]'
	git switch -q lane
	git commit -q --allow-empty -m nothing
	[ "$(queued)" = WP03 ]
	git sk-sync backfill --all
	[ "$(queued)" = 'WP03 WP01 WP02' ]
}

@test "branches: a command or a checkout that meets a clone makes nothing news" {
	rm -rf "$GIT_SK_HOME"
	run -0 --separate-stderr git sk-sync now
	[ "$stderr" = "hint: this queue begins here; run 'git sk-sync backfill' to publish what was before" ]
	[ -z "$(queued)" ]
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 2 ]
	rm -rf "$GIT_SK_HOME"
	git switch -q -c lane 2>../said
	grep -q 'this queue begins with the next commit; run ' ../said
	[ -z "$(queued)" ]
	news WP02
	[ "$(queued)" = WP02 ]
}

# earlier: the queue is what the last release left of this clone.
earlier() {
	query "DELETE FROM sk_cursor WHERE ref <> 'refs/heads/main'"
}

@test "branches: what a clone of an earlier git-sk commits next is news" {
	earlier
	news WP02
	[ "$(queued)" = WP02 ]
	# for a command, too
	earlier
	unseen WP03
	unseen WP04
	git sk-sync now || true
	[ "$(queued)" = "WP02 WP03 WP04" ]
	# and while another branch is checked out
	earlier
	unseen WP05
	git switch -q --detach HEAD~3
	[ "$(queued)" = "WP02 WP03 WP04 WP05" ]
}

@test "branches: a clone of an earlier git-sk keeps its lanes for itself" {
	git switch -q -c lane
	unseen WP02
	git switch -q main
	unseen WP03
	# it knew of HEAD alone
	query "DELETE FROM sk_cursor WHERE ref <> 'refs/heads/main';
		DELETE FROM sk_ledger; DELETE FROM queue"
	query "UPDATE sk_cursor SET tip = '$(git rev-parse main~)'"
	git switch -q lane
	git commit -q --allow-empty -m nothing
	[ "$(queued)" = WP03 ]
	wait_for eval '[ "$(query "SELECT count(*) FROM sk_cursor
		WHERE ref LIKE '\''baseline/%'\''")" = 0 ]'
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 3 ]
}


@test "branches: a checkout is what it was, and so is the hook that was there" {
	git sk-setup --remove -q
	printf '#!/bin/sh\necho "$@" >>../seen\ncat >>../seen\necho out\nexit 3\n' \
		>.git/hooks/post-checkout
	chmod +x .git/hooks/post-checkout
	cp -r ../repo ../twin
	git sk-setup -q
	for repo in repo twin; do
		cd "../$repo"
		rm -f ../seen
		{
			run --separate-stderr git switch -c lane
			echo "$status $output $stderr"
			unseen WP02
			echo x >>kitty-specs/001-a/status.events.jsonl
			run --separate-stderr git checkout -- kitty-specs
			echo "$status $output $stderr"
			run --separate-stderr git worktree add -q "../t-$repo"
			echo "$status ${output//"$repo"/} ${stderr//"$repo"/}"
			git commit -q --allow-empty -m onto
			run --separate-stderr git rebase -q --no-ff HEAD~2
			echo "$status $output $stderr"
			run --separate-stderr git rebase -q --apply --no-ff HEAD~2
			echo "$status $output $stderr"
		} >"../said.$repo"
		sed 's/[0-9a-f]\{40\}/id/g' ../seen >"../seen.$repo"
	done
	cat ../said.repo ../seen.repo
	diff ../said.repo ../said.twin
	diff ../seen.repo ../seen.twin
	[ "$(queued)" = WP02 ]
	# alone, it says nothing, and a clone has nothing to do with us
	cd ../repo
	[ ! -e .git/rebase-apply ] || git rebase --quit # newer ones stop
	rm .git/hooks/post-checkout.sk-orig
	git sk-setup -q
	run -0 --separate-stderr git switch -q main
	[ -z "$output$stderr" ]
	mkdir -p ../template/hooks
	cp .git/hooks/* ../template/hooks
	run -0 --separate-stderr git clone -q --template ../template . ../clone
	[ -z "$output$stderr" ]
}

@test "branches: a checkout of files, or in a sequence, looks at nothing" {
	git switch -q -c lane
	unseen WP02
	echo x >>kitty-specs/001-a/status.events.jsonl
	[ "$(walked git checkout -q -- kitty-specs)" = 0 ]
	[ -z "$(queued)" ]
	mkdir .git/rebase-merge
	git checkout -q main
	rmdir .git/rebase-merge
	[ -z "$(queued)" ]
	git checkout -q --detach
	[ "$(queued)" = WP02 ]
}

@test "branches: a repository that was set up without the hook is told" {
	git sk-setup --remove -q
	git sk-setup -q --files
	rm .git/hooks/post-checkout
	run -0 --separate-stderr git sk-sync status
	[ "$stderr" = "warning: hook post-checkout is missing: commits here are not seen at once; run 'git sk-setup --files'" ]
	run -1 git sk-setup --check
	[[ $output == *"post-checkout    missing"* ]]
	git sk-setup -q --files
	run -0 --separate-stderr git sk-sync status
	[ -z "$stderr" ]
	[ -x .git/hooks/post-checkout ]
}

@test "branches: backfill publishes one, several, or all of them" {
	git switch -q -c kitty/mission-a
	unseen WP02
	git switch -q --detach main
	unseen WP03
	git update-ref refs/remotes/origin/theirs HEAD
	git switch -q main
	git config --unset sk.clone
	rm "$GIT_SK_HOME/queue.db"
	git sk-setup -q
	run -0 git sk-sync backfill --dry-run --all
	[[ $output == "Would queue 4 events from 4 commits: "* ]]
	run -0 git sk-sync backfill -n main origin/theirs
	[[ $output == "Would queue 3 events from 3 commits: "* ]]
	run -0 git sk-sync backfill kitty/mission-a main
	[[ $output == "Queued 3 events from 3 commits: "* ]]
	[ "$(queued)" = 'WP01 WP02' ]
	run -0 git sk-sync backfill --all
	[[ $output == "Queued 1 event from 4 commits: "* ]]
	[ "$(queued)" = 'WP01 WP02 WP03' ]
	run -129 --separate-stderr git sk-sync backfill --all main
	[[ $stderr == *"--all"* ]]
}
