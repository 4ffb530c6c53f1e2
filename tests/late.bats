#!/usr/bin/env bats
# Event logs that take longer to read than a hook has: it leaves them to the
# background, and nothing is lost on the way there.

load helper
load moments

setup() {
	sk_setup
	enter_repo
	mission 001-a
	mission 002-b
}

teardown() {
	unblock
	sk_teardown
}

# grow <mission> <lines>: its log is 300 bytes a line longer.
grow() {
	SK_GROWN=$((${SK_GROWN:-0} + 1))
	awk -v mission="$1" -v lines="$2" -v id="$SK_GROWN" 'BEGIN {
		for (i = 0; i < lines; i++)
			printf "{\"actor\": \"agent\", \"at\": \"2026-04-01T10:00:00+00:00\", \"event_id\": \"01KD%02d%020d\", \"evidence\": null, \"execution_mode\": \"worktree\", \"force\": false, \"from_lane\": null, \"mission_slug\": \"%s\", \"reason\": null, \"review_ref\": null, \"to_lane\": \"planned\", \"wp_id\": \"WP%02d\"}\n", id, i, mission, i
	}' >>"kitty-specs/$1/status.events.jsonl"
}

# large: a log of 5 MB, in a clone that is set up on it.
large() {
	grow 001-a 18000
	git commit -qam large
	git sk-setup >/dev/null
}

# work <WP>: a commit of its transition in that mission.
work() {
	event 001-a "$1" null planned
	git commit -qam "$1"
}

# is_quiet: nothing that a hook has started runs.
is_quiet() {
	! grep -qzxF -e "$BATS_TEST_TMPDIR/work/repo" \
		-e "$BATS_TEST_TMPDIR/work/tree" /proc/[0-9]*/cmdline 2>/dev/null
}

# block, unblock: what the hook starts finds another one at it, and leaves.
block() {
	exec 5>"$(git rev-parse --git-common-dir)/sk-complete.lock"
	flock 5
}
unblock() {
	wait_for is_quiet
	exec 5>&-
}

# notes: how many commits are noted as late.
notes() {
	grep -cs '^late ' .git/sk-unseen
}

# none_left: no commit is, and nobody is at it.
none_left() {
	[ ! -e .git/sk-unseen ] && is_quiet
}

# complete: what was blocked is made good.
complete() {
	unblock
	git-sk-sync complete "$PWD"
	wait_for none_left # what a hook has started may have been faster
}

# all_queued <count>: transitions, by now, and each once
all_queued() {
	[ "$(transitions)" = "$1" ] &&
		[ "$(query 'SELECT count(DISTINCT event_id) FROM queue')" = \
			"$(query 'SELECT count(*) FROM queue')" ]
}

@test "late: a commit on a large log is queued behind the hook's back, once" {
	large
	event 001-a WP01 null planned
	run -0 --separate-stderr git commit -qam work
	[ -z "$output$stderr" ]
	wait_for all_queued 1
	wait_for none_left
	[ "$(query "SELECT json_extract(data, '$.aggregate_id') FROM queue
		WHERE event_type = 'WPStatusChanged'")" = 001-a/WP01 ]
	git sk-sync backfill HEAD >/dev/null
	all_queued 18001
}

@test "late: the files that a team shares have the modes of git's own" {
	large
	chmod -R g+w .git
	umask 077
	work WP01
	wait_for none_left
	block
	work WP02
	[ "$(stat -c '%n %a' .git/HEAD .git/sk-*)" = '.git/HEAD 664
.git/sk-complete.lock 664
.git/sk-stamp 664
.git/sk-unseen 664
.git/sk-unseen.lock 664' ]
	complete
	# nor do others see what git does not show them
	chmod -R go= .git
	work WP03
	[ "$(stat -c %a .git/sk-* | sort -u)" = 600 ]
}

@test "late: the hook itself reads no more of a large log than its header" {
	local log

	large
	block
	# one that is known, and looked for in what is there now
	echo 'no json' >>kitty-specs/001-a/status.events.jsonl
	git commit -qam broken
	complete
	[ "$(query 'SELECT count(*) FROM sk_unreadable')" = 1 ]
	block
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam work
	log=$(git rev-parse HEAD:kitty-specs/001-a/status.events.jsonl)
	# a leak check cannot run under strace
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -y -o ../trace -e trace=read \
		"$BUILD/hooks/capture" post-commit 0
	[ "$(notes)" = 1 ]
	run -0 awk -v at="/${log:2}>" 'index($0, at) { bytes += $NF }
		END { print bytes + 0 }' ../trace
	echo "# $output bytes of $(stat -c %s ".git/objects/${log:0:2}/${log:2}")"
	[ "$output" -gt 0 ]
	[ "$output" -lt 1000 ]
}

@test "late: the other missions of the commit are queued at once" {
	large
	block
	event 001-a WP01 null planned
	event 002-b WP01 null planned
	run -0 --separate-stderr git commit -qam both
	[ -z "$output$stderr" ]
	[ "$(query "SELECT json_extract(data, '$.aggregate_id') FROM queue
		WHERE event_type = 'WPStatusChanged'")" = 002-b/WP01 ]
	[ "$(notes)" = 1 ]
	complete
	all_queued 2
}

@test "late: two commits in a row are two notes, and both are queued" {
	large
	block
	work WP01
	work WP02
	[ "$(notes)" = 2 ]
	[ "$(transitions)" = 0 ]
	complete
	all_queued 2
}

@test "late: notes in another order than their commits hide no transition" {
	large
	block
	work WP01
	work WP02
	work WP03
	tac .git/sk-unseen >../turned
	cp ../turned .git/sk-unseen
	complete
	all_queued 3
}

@test "late: commits in a row, in any race with the background, are all queued" {
	local i

	large
	for i in $(seq 8); do
		work "WP0$i"
	done
	wait_for none_left
	all_queued 8
}

@test "late: one that was noted while another was read is read, too" {
	large
	block
	work WP01
	unblock
	# it stops at the end, when it forgets what it has seen
	exec 6>.git/sk-unseen.lock
	flock 6
	other git-sk-sync complete "$PWD" 6>&-
	wait_for all_queued 1
	printf 'late %s\n' "$(git rev-parse HEAD~)" >>.git/sk-unseen
	exec 6>&-
	wait_for none_left
}

@test "late: 'now' right after the commit finds it" {
	start_ingestd
	log_in >/dev/null
	large
	work WP01
	run -0 git sk-sync now
	sent 1
	wait_for none_left
	all_queued 0
}

@test "late: backfill looks at it, too" {
	large
	block
	event 002-b WP01 null planned
	work WP01
	git branch side
	git reset -q --hard HEAD~
	run -0 --separate-stderr git sk-sync backfill --json HEAD
	[ -z "$stderr" ]
	[ "$(jq .transitions <<<"$output")" = 18001 ]
	[ "$(jq .types.WPStatusChanged <<<"$output")" = 18001 ]
	[ ! -e .git/sk-unseen ]
	all_queued 18002
}

@test "late: a background that is killed leaves it to the next command" {
	local i kills=0

	large
	for i in $(seq 10); do
		block
		work "WP$i"
		unblock
		! injected signal=KILL pwrite64,write,rename,unlink "$i" \
			git-sk-sync complete "$PWD" || kills=$((kills + 1))
	done
	[ "$kills" -gt 5 ] # it does not always write as often
	complete
	all_queued 10
}

@test "late: the next commit starts what was killed again" {
	large
	block
	work WP01
	unblock
	event 002-b WP01 null planned
	git commit -qam other
	wait_for all_queued 2
	wait_for none_left
}

@test "late: what is found behind the hook's back is sent" {
	start_ingestd
	log_in >/dev/null
	large
	git config sk.flush background
	work WP01
	wait_for sent 1
	wait_for none_left
}

@test "late: with sk.flush = off it is queued, and not sent" {
	start_ingestd
	log_in >/dev/null
	large
	[ "$(git config sk.flush)" = off ]
	work WP01
	wait_for none_left
	all_queued 1
	[ ! -e "$GIT_SK_HOME/sync/backlog" ]
	sent 0
}

@test "late: with sk.flush = foreground the hook takes the time" {
	start_ingestd
	log_in >/dev/null
	large
	git config sk.flush foreground
	block
	work WP01
	sent 1
	[ ! -e .git/sk-unseen ]
}

@test "late: a commit in a linked worktree is noted beside all others" {
	large
	git worktree add -q -b lane ../tree
	cd ../tree
	work WP01
	cd ../repo
	wait_for all_queued 1
	wait_for none_left
	block
	cd ../tree
	work WP02
	cd ../repo
	[ "$(notes)" = 1 ]
	git worktree remove --force ../tree
	complete
	all_queued 2
}

@test "late: a log that outgrows the hook, and shrinks again, loses nothing" {
	git sk-setup >/dev/null
	grow 001-a 5000
	GIT_SK=0 git commit -qam short
	block
	work WP01
	all_queued 5001
	grow 001-a 5000
	work WP02
	[ "$(notes)" = 1 ]
	all_queued 5001
	tail -n 3 kitty-specs/001-a/status.events.jsonl >../tail
	mv ../tail kitty-specs/001-a/status.events.jsonl
	work WP03
	[ "$(notes)" = 2 ]
	work WP04
	[ "$(notes)" = 2 ]
	all_queued 5002
	complete
	all_queued 10004
}

@test "late: a line moved from a large log that was there before is not new" {
	large
	# a queue that does not know yet what was there before
	rm -r "$GIT_SK_HOME"
	block
	tail -n 2 kitty-specs/001-a/status.events.jsonl \
		>>kitty-specs/002-b/status.events.jsonl
	event 002-b WP01 null planned
	git commit -qam moved 2>/dev/null
	[ "$(notes)" = 1 ]
	all_queued 0
	complete
	all_queued 1
}

@test "late: a line that cannot be read is named by who reads the log" {
	large
	block
	echo 'no json' >>kitty-specs/001-a/status.events.jsonl
	run -0 --separate-stderr git commit -qam broken
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-sync now
	[[ $stderr == *"kitty-specs/001-a/status.events.jsonl:18001 cannot be read: "* ]]
	# and stays known as long as it is there, though a hook does not look
	work WP01
	[ "$(query 'SELECT count(*) FROM sk_unreadable')" = 1 ]
	sed -i '/no json/d' kitty-specs/001-a/status.events.jsonl
	work WP02
	complete
	[ "$(query 'SELECT count(*) FROM sk_unreadable')" = 0 ]
}

@test "late: status and doctor say what waits, and what to type" {
	large
	run -0 git sk-sync status
	[[ $output != *Unseen* ]]
	block
	work WP01
	work WP02
	run -0 git sk-sync status
	[[ $output == *"Unseen commits: 2  with a large log: run 'git sk-sync now'"* ]]
	run -0 git sk-sync status --json
	[ "$(jq -c '[.unseen, .unseen_late, .unseen_lacking, .unseen_cut]' \
		<<<"$output")" = '[2,2,0,0]' ]
	run -0 git sk-sync status --porcelain
	grep -x 'unseen 2' <<<"$output"
	run -1 git sk-doctor --offline --json
	[ "$(jq -r '.findings[] | select(.code == "commits_unseen") | .command' \
		<<<"$output")" = 'git sk-sync now' ]
	git sk-sync now >/dev/null 2>&1 || true
	run -0 git sk-sync status --json
	[ "$(jq .unseen <<<"$output")" = 0 ]
}

@test "late: status says what a clone lacks, or was cut off, too" {
	git sk-setup >/dev/null
	head=$(git rev-parse HEAD)
	printf 'cut %s\nlacks %s %s\n' "$head" "$head" "$head" >.git/sk-unseen
	run -0 git sk-sync status
	[[ $output == *"Unseen commits: 1  lacking objects: run 'git sk-setup'; 1  cut off: run 'git fetch --unshallow'"* ]]
}

@test "late: taken out, git-sk leaves no note behind" {
	large
	block
	work WP01
	[ "$(notes)" = 1 ]
	unblock
	git sk-setup --remove >/dev/null
	run -0 find .git -name 'sk-*'
	[ -z "$output" ]
}
