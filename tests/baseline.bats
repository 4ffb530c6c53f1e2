#!/usr/bin/env bats
# What was there before the setup is never queued by itself, and always by who
# asks for it.

load helper

setup() {
	sk_setup
	enter_repo
	mission 001-a
	event 001-a WP01 null planned
	event 001-a WP01 planned claimed
	git commit -qam before
	git branch lane
	git switch -q lane
	event 001-a WP02 null planned
	git commit -qam lane
	git switch -q main
}

teardown() {
	sk_teardown
}

@test "baseline: branches and worktrees that are there at setup are history" {
	git worktree add -q --detach ../tree lane
	(cd ../tree && news WP03)
	git sk-setup -q
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 5 ]
	cd ../tree
	git commit -q --allow-empty -m nothing
	[ -z "$(queued)" ]
	git switch -q lane
	git commit -q --allow-empty -m nothing
	[ -z "$(queued)" ]
	news WP04
	[ "$(queued)" = WP04 ]
}

@test "baseline: a copied repository tells of its own commits alone" {
	git sk-setup -q
	cp -r ../repo ../copy
	(cd ../copy && news WP05)
	news WP06
	[ "$(queued)" = 'WP05 WP06' ]
}

@test "baseline: a wrong clock that was put right brings no history" {
	git sk-setup -q
	event 001-a WP07 null planned
	GIT_COMMITTER_DATE='2001-01-01 00:00:00 +0000' git commit -qam wrong
	git commit -q --amend -m right
	[ "$(queued)" = WP07 ]
}

@test "baseline: going back beside another branch brings no history" {
	git sk-setup -q
	git branch feature
	git reset -q --hard HEAD~
	git commit -q --allow-empty -m other
	git switch -q feature
	git commit -q --allow-empty -m on
	[ -z "$(queued)" ]
}

@test "baseline: a cursor whose commit is gone brings no history" {
	git sk-setup -q
	git commit -q --allow-empty -m gone
	git reset -q --hard HEAD~
	git reflog expire --expire=now --all
	git gc -q --prune=now
	git commit -q --allow-empty -m next
	[ -z "$(queued)" ]
}

@test "baseline: setup again, when no cursor's commit is there, hides no news" {
	git sk-setup -q
	git commit -q --allow-empty -m gone
	git reset -q --hard HEAD~
	git reflog expire --expire=now --all
	git gc -q --prune=now
	event 001-a WP13 null planned
	GIT_SK=0 git commit -qam missed
	git sk-setup -q
	git commit -q --allow-empty -m next
	[ "$(queued)" = WP13 ]
}

@test "baseline: a branch that cannot be read is hidden by its tip" {
	local blob

	blob=$(git rev-parse lane:kitty-specs/001-a/status.events.jsonl)
	rm -f ".git/objects/${blob:0:2}/${blob:2}"
	git sk-setup -q
	[ "$(query "SELECT count(*) FROM sk_cursor WHERE ref LIKE 'baseline/%'")" = 2 ]
	git commit -q --allow-empty -m next
	[ -z "$(queued)" ]
	event 001-a WP14 null planned
	git commit -qam news
	[ "$(queued)" = WP14 ]
}

@test "baseline: rewritten history is the same history" {
	git sk-setup -q
	FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --msg-filter \
		'sed s/^/x/' >../said 2>&1
	git commit -q --allow-empty -m next
	[ -z "$(queued)" ]
}

@test "baseline: backfill publishes it, once, and only what is asked for" {
	git sk-setup -q
	news WP08
	run -0 git sk-sync backfill --dry-run
	[[ $output == "Would queue 3 events "* ]]
	git sk-sync backfill
	[ "$(queued)" = 'WP08 WP01 WP01' ]
	run -0 git sk-sync backfill
	[[ $output == "Queued 0 events "* ]]
	git sk-sync backfill lane
	[ "$(queued)" = 'WP08 WP01 WP01 WP02' ]
	git sk-setup -q
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 0 ]
}

@test "baseline: setup says how much there is, until it was published" {
	run -0 git sk-setup
	[[ $output == *"The history holds 2 that were made before"* ]]
	run -0 git sk-setup
	[[ $output == *"The history holds 2 that were made before"* ]]
	git sk-sync backfill
	run -0 git sk-setup
	[[ $output != *"The history holds"* ]]
	run -0 git sk-sync status --porcelain
	[[ $output == *"delivered 0"* ]]
}

@test "baseline: what was missed since the setup is news to the next one" {
	git sk-setup -q
	event 001-a WP09 null planned
	GIT_SK=0 git commit -qam missed
	git sk-setup -q
	git commit -q --allow-empty -m next
	[ "$(queued)" = WP09 ]
}

@test "baseline: a clone of 0.1.0, which had none, gets it with the next setup" {
	git sk-setup -q
	query "DELETE FROM sk_ledger WHERE state = 'before';
		DELETE FROM sk_cursor WHERE ref <> 'refs/heads/main'"
	git sk-setup -q
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 4 ]
}

@test "baseline: a login takes it along" {
	start_ingestd
	git sk-setup -q
	log_in
	git switch -q lane
	git commit -q --allow-empty -m nothing
	[ -z "$(queued)" ]
}

@test "baseline: one clone's history is another one's news, also at login" {
	start_ingestd
	git sk-setup -q
	event 001-a WP10 null planned
	GIT_SK=0 git commit -qam unseen
	git clone -q . ../other
	log_in
	(cd ../other && git sk-setup -q)
	git sk-auth logout
	rm "$GIT_SK_HOME/queue.db"
	# whoever committed it captures it, without an account at first
	git config --unset sk.clone
	GIT_SK_SCOPE=global "$BUILD/hooks/post-commit" 2>../said
	[ "$(query 'SELECT count(*) FROM queue' "$GIT_SK_HOME/queue.db")" = 1 ]
	log_in
	git sk-sync now
	[ "$(server_query "SELECT count(*) FROM events")" = 1 ]
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'delivered'")" = 1 ]
}

@test "baseline: hooks of the global scope have it filled in the background" {
	event 001-a WP11 null planned
	git commit -qam first
	GIT_SK_SCOPE=global "$BUILD/hooks/post-commit" 2>../said
	[ "$(queued)" = WP11 ]
	wait_for eval '[ "$(query "SELECT count(*) FROM sk_cursor
		WHERE ref LIKE '\''baseline/%'\''")" = 0 ]'
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 4 ]
	git switch -q lane
	git commit -q --allow-empty -m nothing
	GIT_SK_SCOPE=global "$BUILD/hooks/post-commit"
	[ "$(queued)" = WP11 ]
	git sk-sync backfill
	[ "$(queued)" = 'WP11 WP01 WP01 WP02' ]
}

@test "baseline: what is taken out of it while it is filled stays news" {
	git sk-setup -q
	query "DELETE FROM sk_ledger;
		INSERT INTO sk_cursor SELECT clone, 'baseline/1',
			'$(git rev-parse main)' FROM sk_cursor LIMIT 1;
		INSERT INTO sk_cursor SELECT clone, 'baseline/2',
			'$(git rev-parse lane)' FROM sk_cursor LIMIT 1"
	hold "$(queue_file)" 'BEGIN IMMEDIATE'
	GIT_SK_TRACE=$BATS_TEST_TMPDIR/trace git sk-sync baseline . 4>&- &
	SK_OTHERS+=("$!")
	wait_for grep -qs 'baseline: 3 commits' "$BATS_TEST_TMPDIR/trace"
	echo "DELETE FROM sk_cursor WHERE ref = 'baseline/2'; COMMIT;" >&4
	let_go
	wait "${SK_OTHERS[-1]}"
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 3 ]
	[ "$(query "SELECT count(*) FROM sk_cursor
		WHERE ref LIKE 'baseline/%'")" = 0 ]
}

@test "baseline: so are they where nobody reads what the hook says" {
	event 001-a WP11 null planned
	git commit -qam first
	mkfifo ../said
	exec 5<>../said # or opening the other end waits for a reader
	exec 6>../said 5>&-
	GIT_SK_SCOPE=global "$BUILD/hooks/post-commit" 2>&6 3>&- || true
	[ "$(queued)" = WP11 ]
	wait_for eval '[ "$(query "SELECT count(*) FROM sk_cursor
		WHERE ref LIKE '\''baseline/%'\''")" = 0 ]'
}

@test "baseline: until it is filled the tips hide what was there" {
	event 001-a WP12 null planned
	git commit -qam first
	# the process that would fill it cannot start
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o ../calls -e trace=chdir \
		-e inject=chdir:error=EACCES env GIT_SK_SCOPE=global \
		"$BUILD/hooks/post-commit" 2>../said
	[ "$(query "SELECT count(*) FROM sk_cursor WHERE ref LIKE 'baseline/%'")" = 2 ]
	git switch -q lane
	git commit -q --allow-empty -m nothing
	GIT_SK_SCOPE=global "$BUILD/hooks/post-commit"
	[ "$(queued)" = WP12 ]
	run -1 git sk-sync now
	[ "$(query "SELECT count(*) FROM sk_cursor WHERE ref LIKE 'baseline/%'")" = 0 ]
	[ "$(query "SELECT count(*) FROM sk_ledger WHERE state = 'before'")" = 4 ]
	git sk-setup -q
	git commit -q --allow-empty -m more
	[ "$(queued)" = WP12 ]
}

@test "baseline: a tip of it that is gone hides nothing, and stops nothing" {
	git sk-setup -q
	query "INSERT INTO sk_cursor (clone, ref, tip) SELECT clone, 'baseline/x',
		'1111111111111111111111111111111111111111' FROM sk_cursor LIMIT 1"
	run -0 --separate-stderr git sk-setup -q
	[ -z "$stderr" ]
	[ "$(query "SELECT count(*) FROM sk_cursor WHERE ref = 'baseline/x'")" = 0 ]
	news WP05
	[ "$(queued)" = WP05 ]
}
