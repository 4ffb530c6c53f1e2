#!/usr/bin/env bats
# post-commit, post-merge, post-rewrite: they see everything, and never hurt.

load helper

setup() {
	sk_setup
	only_files
	enter_repo
	git commit -q --allow-empty -m start
	git sk-setup >/dev/null
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

@test "hooks: a commit is queued in silence" {
	mission 001-a
	event 001-a WP01 null planned
	quietly git commit -qam work
	[ "$(transitions)" = 1 ]
	[ "$(query "SELECT commit_id FROM sk_ledger WHERE event_id LIKE '01KE%'")" = \
		"$(git rev-parse HEAD)" ]
}

@test "hooks: merges that commit, and those that only move on, are seen" {
	mission 001-a
	git checkout -qb side
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam side
	git checkout -q main
	quietly git merge -q --ff-only side
	[ "$(transitions)" = 1 ]
	git checkout -qb other
	event 001-a WP02 null planned
	GIT_SK=0 git commit -qam other
	git checkout -q main
	GIT_SK=0 git commit -q --allow-empty -m main
	quietly git merge -q other -m merged
	[ "$(transitions)" = 2 ]
}

@test "hooks: what git did without a hook is found by the next one" {
	mission 001-a
	event 001-a WP01 null planned
	git add -A
	tree=$(git write-tree)
	git update-ref HEAD "$(git commit-tree -p HEAD -m raw "$tree")"
	[ "$(transitions)" = 0 ]
	quietly git commit -q --allow-empty -m next
	[ "$(transitions)" = 1 ]
}

@test "hooks: an amended commit makes no second event" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	quietly git commit -q --amend -m amended
	[ "$(transitions)" = 1 ]
	[ "$(query "SELECT tip FROM sk_cursor WHERE ref = 'refs/heads/main'")" = "$(git rev-parse HEAD)" ]
}

@test "hooks: a rebase is walked once, at its end" {
	mission 001-a
	git checkout -qb side
	for i in 1 2 3; do
		event 001-a "WP0$i" null planned
		GIT_SK=0 git commit -qam "$i"
	done
	git checkout -q main
	echo x >file
	git add file
	git commit -qm main
	git checkout -q side
	GIT_SK_TRACE=$PWD/../trace quietly git rebase -q main
	[ "$(grep -c ' walk: ' ../trace)" = 1 ]
	[ "$(transitions)" = 3 ]
}

@test "hooks: rebase --apply and am are caught up with" {
	mission 001-a
	git checkout -qb side
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam one
	git format-patch -q -1 -o ..
	git checkout -q main
	git commit -q --allow-empty -m main
	git checkout -q side
	quietly git rebase -q --apply main
	[ "$(transitions)" = 1 ]
	git checkout -q main
	git am -q ../0001-one.patch
	quietly git commit -q --allow-empty -m next
	[ "$(transitions)" = 1 ]
}

@test "hooks: a cherry-pick sequence is caught up with after its end" {
	mission 001-a
	git checkout -qb side
	for i in 1 2 3; do
		event 001-a "WP0$i" null planned
		GIT_SK=0 git commit -qam "$i"
	done
	git checkout -q main
	git cherry-pick main..side >/dev/null
	quietly git commit -q --allow-empty -m next
	[ "$(transitions)" = 3 ]
}

@test "hooks: one cherry-pick, one revert are captured by their own hook" {
	mission 001-a
	git checkout -qb side
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam one
	git checkout -q main
	run -0 --separate-stderr git cherry-pick side
	[ -z "$stderr" ]
	[ "$(transitions)" = 1 ]
	git revert --no-edit HEAD >/dev/null
	[ "$(query "SELECT tip FROM sk_cursor WHERE ref = 'refs/heads/main'")" = \
		"$(git rev-parse HEAD)" ]
}

@test "hooks: what an abandoned sequence leaves behind stops no capture" {
	mission 001-a
	git checkout -qb side
	for i in 1 2; do
		echo "$i" >file
		git add file
		quietly git commit -qm "$i"
	done
	git checkout -q main
	echo other >file
	git add file
	quietly git commit -qm other
	run -1 git cherry-pick main..side
	git reset -q --hard
	[ -d .git/sequencer ] || skip "this git takes its sequence back"
	event 001-a WP01 null planned
	quietly git commit -qam work
	[ "$(transitions)" = 1 ]
}

@test "hooks: a detached HEAD has a cursor of its own" {
	mission 001-a
	git checkout -q --detach
	event 001-a WP01 null planned
	quietly git commit -qam work
	[ "$(transitions)" = 1 ]
	[ "$(query "SELECT tip FROM sk_cursor WHERE ref = 'HEAD'")" = \
		"$(git rev-parse HEAD)" ]
}

@test "hooks: a linked worktree is served, and has its own detached HEAD" {
	mission 001-a
	git worktree add -q --detach ../tree
	cd ../tree
	event 001-a WP01 null planned
	quietly git commit -qam work
	[ "$(transitions)" = 1 ]
	[ "$(query "SELECT count(*) FROM sk_cursor WHERE ref = 'worktrees/tree/HEAD'")" = 1 ]
}

@test "hooks: a repository with a separate git folder is served" {
	git init -q --separate-git-dir ../apart.git ../far
	cd ../far
	git commit -q --allow-empty -m start
	git sk-setup >/dev/null
	mission 001-a
	event 001-a WP01 null planned
	quietly git commit -qam work
	[ "$(transitions)" = 1 ]
}

@test "hooks: run in a folder of the work tree they see the same" {
	mission 001-a
	event 001-a WP01 null planned
	cd kitty-specs/001-a
	quietly git commit -qam work
	[ "$(transitions)" = 1 ]
}

@test "hooks: commits that touch no mission don't start the library" {
	git commit -q --allow-empty -m one
	echo x >file
	git add file
	GIT_SK_TRACE=$PWD/../trace git commit -qm two
	[ ! -e ../trace ]
	mkdir folder
	echo x >folder/file
	git add folder
	GIT_SK_TRACE=$PWD/../trace git commit -qm three
	[ ! -e ../trace ]
	# and it is not fooled when one does
	GIT_SK_TRACE=$PWD/../trace mission 001-a
	grep -q ' walk: ' ../trace
}

@test "hooks: a commit without a stamp, or behind one missed, is looked at" {
	mission 001-a
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam missed
	git commit -q --allow-empty -m next
	[ "$(transitions)" = 1 ]
	event 001-a WP02 null planned
	GIT_SK=0 git commit -qam missed
	rm .git/sk-stamp
	git commit -q --allow-empty -m next
	[ "$(transitions)" = 2 ]
	event 001-a WP03 null planned
	GIT_SK=0 git commit -qam missed
	echo garbage >.git/sk-stamp
	git commit -q --allow-empty -m next
	[ "$(transitions)" = 3 ]
}

@test "hooks: GIT_SK=0 and GIT_SK_SKIP switch them off" {
	mission 001-a
	for off in GIT_SK=0 GIT_SK=False GIT_SK=off GIT_SK=no \
		GIT_SK_SKIP=post-commit \
		GIT_SK_SKIP=pre-push,post-commit; do
		event 001-a WP01 null planned
		env "$off" git commit -qam work
		[ "$(transitions)" = 0 ]
	done
	GIT_SK_SKIP=post-merge git commit -q --allow-empty -m next
	[ "$(transitions)" = 6 ]
}

@test "hooks: after --remove they capture nothing, even called by hand" {
	git sk-setup --remove >/dev/null
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam work
	quietly "$BUILD/hooks/post-commit"
	[ "$(transitions)" = 0 ]
}

@test "hooks: a queue that never saw this clone begins here, and says so" {
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	rm -r "$GIT_SK_HOME"
	event 001-a WP02 null planned
	run -0 --separate-stderr git commit -qam two
	[ "$stderr" = "warning: post-commit hook: this queue begins with this commit; run 'git sk-sync backfill' to publish what was before" ]
	[ "$(transitions)" = 1 ]
	event 001-a WP02 planned claimed
	quietly git commit -qam three
	[ "$(transitions)" = 2 ]
}

# bad_queue <pattern>: a commit succeeds with one warning that matches, and the
# event is not queued; next_queue: the next good commit queues it.
bad_queue() {
	event 001-a WP01 null planned
	run -0 --separate-stderr git commit -qam work
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == "warning: post-commit hook: "$1 ]]
	git rev-parse --verify -q HEAD
}
next_queue() {
	quietly git commit -q --allow-empty -m next
	[ "$(transitions)" = "$1" ]
}

@test "hooks: a queue that cannot be written never stops a commit" {
	mission 001-a
	mv "$GIT_SK_HOME" ../aside
	echo 'not a folder' >"$GIT_SK_HOME"
	bad_queue '*Not a directory*'
	rm "$GIT_SK_HOME"
	mv ../aside "$GIT_SK_HOME"
	next_queue 1
}

# failing_hook <pattern> <strace option>...: a commit whose hook meets failing
# system calls succeeds with one warning that matches; the next one catches up.
# Root may write where the mode says no: here the system says it.
failing_hook() {
	local pattern=$1

	shift
	mission 001-a
	event 001-a WP01 null planned
	git add -A
	mv .git/hooks/post-commit ../hook
	# a leak check cannot run under strace
	cat >.git/hooks/post-commit <<-SH
		#!/bin/sh
		export ASAN_OPTIONS=detect_leaks=0
		exec strace -f -qq -o /dev/null $* "$PWD/../hook" "\$@"
	SH
	chmod +x .git/hooks/post-commit
	run -0 --separate-stderr git commit -qm work
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == "warning: post-commit hook: "$pattern ]]
	mv ../hook .git/hooks/post-commit
	next_queue 1
}

@test "hooks: a read-only home never stops a commit" {
	failing_hook '*Read-only file system*' \
		-P "$GIT_SK_HOME/queue.db" -P "$GIT_SK_HOME/queue.db-wal" \
		-P "$GIT_SK_HOME/queue.db-shm" -e trace=openat,mkdir,rename \
		-e inject=openat,mkdir,rename:error=EROFS
}

@test "hooks: a full disk never stops a commit" {
	failing_hook '*No space left on device*' \
		-e trace=pwrite64 -e inject=pwrite64:error=ENOSPC
}

@test "hooks: a damaged queue never stops a commit" {
	mission 001-a
	cp "$(queue_file)" ../good
	echo 'this is no database, far from it' >"$GIT_SK_HOME/queue.db"
	bad_queue '*'
	rm "$GIT_SK_HOME"/queue.db*
	cp ../good "$GIT_SK_HOME/queue.db"
	next_queue 1
}

@test "hooks: a locked queue never stops a commit for long" {
	mission 001-a
	hold "$(queue_file)" 'BEGIN IMMEDIATE'
	start=$(date +%s%N)
	bad_queue '*is in use by process *(sqlite3)*'
	[ $((($(date +%s%N) - start) / 1000000)) -lt 5000 ]
	let_go
	next_queue 1
}

@test "hooks: without HOME a commit succeeds with one warning" {
	mission 001-a
	event 001-a WP01 null planned
	run -0 --separate-stderr env -u HOME -u GIT_SK_HOME git commit -qam work
	[[ $stderr == "warning: post-commit hook: no home folder: "* ]]
	next_queue 1
}

@test "hooks: git commit | cat returns while the server hangs" {
	start_ingestd
	log_in >/dev/null
	git config --global sk.flush background
	kill -STOP "$SERVER_PID"
	mission 001-a
	event 001-a WP01 null planned
	start=$(date +%s%N)
	git commit -qam work 2>&1 | cat
	[ $((($(date +%s%N) - start) / 1000000)) -lt 2000 ]
	kill -CONT "$SERVER_PID"
	wait_for test "$(server_query 'SELECT count(*) FROM events' 2>/dev/null)"
	wait_for eval '[ "$(server_query "SELECT count(*) FROM events")" = 2 ]'
}

@test "hooks: what is queued goes out by itself" {
	start_ingestd
	log_in >/dev/null
	git config --global sk.flush background
	mission 001-a
	event 001-a WP01 null planned
	quietly git commit -qam work
	wait_for eval '[ "$(server_query "SELECT count(*) FROM events")" = 2 ]'
	wait_for eval '[ "$(query "SELECT count(*) FROM queue")" = 0 ]'
}

@test "hooks: sk.flush = foreground sends before git returns" {
	start_ingestd
	log_in >/dev/null
	git config --global sk.flush foreground
	mission 001-a
	event 001-a WP01 null planned
	quietly git commit -qam work
	[ "$(server_query 'SELECT count(*) FROM events')" = 2 ]
	kill "$SERVER_PID"
	wait "$SERVER_PID"
	event 001-a WP01 planned claimed
	run -0 --separate-stderr git commit -qam work
	[[ $stderr == "sync_diagnostic severity=warning diagnostic_code="* ]]
	[ "${#stderr_lines[@]}" = 1 ]
}

@test "hooks: sync switched off captures, and does not send" {
	start_ingestd
	log_in >/dev/null
	git config --global sk.flush foreground
	git config sk.sync false
	mission 001-a
	[ "$(query 'SELECT count(*) FROM queue')" = 1 ]
	[ "$(server_query 'SELECT count(*) FROM events')" = 0 ]
	SPEC_KITTY_ENABLE_SAAS_SYNC=1 git commit -q --allow-empty -m next
	event 001-a WP01 null planned
	SPEC_KITTY_ENABLE_SAAS_SYNC=1 git commit -qam work
	[ "$(server_query 'SELECT count(*) FROM events')" = 2 ]
}

@test "hooks: a commit made while logging in loses nothing" {
	start_ingestd
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam one
	log_in >/dev/null
	event 001-a WP01 planned claimed
	quietly git commit -qam two
	git sk-sync now >/dev/null
	[ "$(server_query "SELECT count(*) FROM events WHERE event_type = 'WPStatusChanged'")" = 2 ]
}

@test "hooks: a day without delivery is said once, in one line" {
	mission 001-a
	query "UPDATE queue SET timestamp = timestamp - 100000"
	event 001-a WP01 null planned
	run -0 --separate-stderr git commit -qam work
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == "warning: post-commit hook: 2 events have not been delivered, the oldest for 1 d"* ]]
	event 001-a WP01 planned claimed
	quietly git commit -qam more
}

@test "hooks: a commit made while another is captured is not passed over" {
	mission 001-a
	event 001-a WP01 null planned
	git add -A
	GIT_SK=0 git commit -qm one
	# the capture of the first commit is held up between its transaction,
	# whose end closes the queue, and its stamp; the second comes meanwhile
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o ../held \
		-P "$(queue_file)-wal" -e trace=close \
		-e inject=close:delay_exit=1500000 \
		"$BUILD/hooks/capture" post-commit 0 &
	SK_OTHERS+=("$!")
	sleep 0.7
	event 001-a WP02 null planned
	GIT_SK=0 git commit -qam two
	wait "$!"
	grep -q DELAYED ../held
	.git/hooks/post-commit
	[ "$(transitions)" = 2 ]
}
