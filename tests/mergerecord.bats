#!/usr/bin/env bats
# What the mission's own files say of its merge (lib/merge/planrecord*.c), in the
# commits of the plan.

load helper
load mergetree
load implement
load mergeplan
load mergerecord

setup() {
	record_setup
}

teardown() {
	sk_teardown
}

@test "record: who is approved is done in the commit of a squash" {
	local base

	base=$(git rev-parse main)
	landed
	[ "$(git rev-list --count "$base..$COMMIT")" = 1 ]
	[ "$(changed main)" = "a.c b.c $BOOKS" ]
	[ "$(rows '.wp_id + "=" + .from_lane + ">" + .to_lane')" = \
		'WP01=approved>done WP02=approved>done WP03=approved>done WP04=approved>done' ]
	[ "$(rows .actor)" = 'merge merge merge merge' ]
	[ "$(rows '.reason' | cut -d' ' -f1-4)" = 'Merged WP01 into main' ]
	[ "$(rows .execution_mode)" = 'worktree worktree worktree direct_repo' ]
	[ "$(rows .force | tr ' ' '\n' | sort -u)" = false ]
	[ "$(rows '.mission_slug + .mission_id' | cut -d' ' -f1)" = \
		001-a01KQ4ARB0000000000000000AA ]
	cmp <(in_commit status.events.jsonl | head -n 8) \
		<(git show "main:$LOG")
	[ "$(rows .event_id | tr ' ' '\n' | sort -u | wc -l)" = 4 ]
	[ "$(jq -r '.at' <<<"$ROWS" | sort -c && echo sorted)" = sorted ]
	[ "$(in_commit meta.json | jq -r '.mission_number, .baseline_merge_commit' |
		xargs)" = "1 $base" ]
}

@test "record: merge_tree is what comes before it, whatever the strategy" {
	local how tree

	commit_on main m.c
	git reset -q --hard
	for how in squash merge rebase; do
		ready --strategy "$how"
		tree=$(get .merge_tree)
		landed "$how"
		[ "$(changed "$tree")" = "$BOOKS" ]
		[ "$(rows .wp_id)" = 'WP01 WP02 WP03 WP04' ]
	done
	[ "$(git log -1 --format=%s "$COMMIT")" = \
		'chore(001-a): record done transitions for merged WPs' ]
	[ "$(git rev-parse "$COMMIT^{tree}" "$COMMIT~^{tree}" | tail -n 1)" = \
		"$tree" ]
	landed merge
	[ "$(git log -1 --format='%s %P' "$COMMIT")" = \
		"Merge $BRANCH into main $(git rev-parse main) $(sed -n \
			"s,^ref refs/heads/$BRANCH [^ ]* ,,p" <<<"$output")" ]
}

@test "record: a merge that was carried out has nothing more to record" {
	local how again START

	START=$(git rev-parse main)
	for how in squash merge rebase; do
		git reset -q --hard "$START"
		git branch -f "$BRANCH" "$START"
		landed "$how"
		carried_out
		for again in squash merge rebase; do
			ready --strategy "$again"
			[ "$(get '.commits, (.files | length)' | xargs)" = \
				'0 0' ]
		done
	done
}

@test "record: what the target has already is one commit more, once" {
	git merge -q --no-ff -m by-hand "$BRANCH-lane-a" "$BRANCH-lane-b"
	landed
	[ "$(git log --format=%s "main..$COMMIT")" = \
		'chore(001-a): record done transitions for merged WPs' ]
	[ "$(changed main)" = "$BOOKS" ]
	carried_out
	ready
	[ "$(get .commits)" = 0 ]
	git branch -q -D "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"
	ready
	[ "$(get .commits)" = 0 ]
}

@test "record: done or canceled before gets no row" {
	event 001-a WP01 approved done
	event 001-a WP02 approved canceled
	git commit -q -am moved
	landed
	[ "$(rows .wp_id)" = 'WP03 WP04' ]
	event 001-a WP03 approved done
	event 001-a WP04 approved done
	git commit -q -am moved
	landed
	[ -z "$ROWS" ]
	[ "$(changed main)" = "a.c b.c kitty-specs/001-a/meta.json \
kitty-specs/001-a/status.json" ]
}

@test "record: the evidence is the log's, else that of the file" {
	local row

	row=$(tail -n 1 "$LOG" | jq -c '.at = "2026-05-01T11:00:00+00:00"')
	jq -c '.wp_id = "WP01" | .event_id = "01KE9900000000000000000001" |
		.evidence = {review: {reviewer: "rob", verdict: "approved",
		reference: "pr/1"}, repos: [1]}' <<<"$row" >>"$LOG"
	jq -c '.wp_id = "WP02" | .event_id = "01KE9900000000000000000002" |
		.review_result = {reviewer: "sue", verdict: "approved",
		reference: "pr/2"}' <<<"$row" >>"$LOG"
	wp WP03 'dependencies:' '- WP01' 'review_status: approved' \
		'reviewed_by: "tom"' 'agent: claude'
	wp WP04 'execution_mode: planning_artifact' 'agent: claude' \
		'review_status: "has_feedback"' 'reviewed_by: tom'
	git commit -q -am evidence
	landed
	[ "$(rows '.evidence.review | .reviewer + "|" + .reference')" = \
		'rob|pr/1 sue|pr/2 tom|frontmatter-migration:WP03 claude|lane-approved:WP04' ]
	[ "$(rows .evidence.review.verdict)" = \
		'approved approved approved approved' ]
	[ "$(rows '.evidence.repos | length')" = '1 0 0 0' ]
	wp WP04 'execution_mode: planning_artifact'
	git commit -q -am nobody
	landed
	[ "$(rows .evidence.review.reviewer)" = 'rob sue tom unknown' ]
}

@test "record: the agent that is named merges" {
	export SPEC_KITTY_AGENT=claude
	landed
	[ "$(rows .actor)" = 'claude claude claude claude' ]
}

@test "record: the number follows those of the target and of the branch" {
	mkdir kitty-specs/old kitty-specs/broken kitty-specs/link
	echo '{"mission_number": "041"}' >kitty-specs/old/meta.json
	echo '{"mission_number": 99' >kitty-specs/broken/meta.json
	ln -s ../old/meta.json kitty-specs/link/meta.json
	git add kitty-specs
	git commit -q -m others
	landed squash 001-a
	[ "$(in_commit meta.json | jq .mission_number)" = 42 ]
	[ "$(in_commit status.json | jq -r .mission_number)" = 42 ]
	commit_on "$BRANCH" kitty-specs/there/meta.json '{"mission_number": 50}'
	landed squash 001-a
	[ "$(in_commit meta.json | jq .mission_number)" = 51 ]
	# the branch takes it out: the target has it yet
	git rm -q -r kitty-specs/old
	echo '{"mission_number": 60}' >kitty-specs/broken/meta.json
	git commit -q -am more
	git branch -f "$BRANCH" main
	git checkout -q "$BRANCH"
	git rm -q -r kitty-specs/broken
	git commit -q -m less
	git checkout -q main
	landed squash 001-a
	[ "$(in_commit meta.json | jq .mission_number)" = 61 ]
}

@test "record: what meta.json says already stays, all else of it too" {
	jq -S '.mission_number = 7 | .baseline_merge_commit = "x" |
		.more = {"b": [1.50, "ü"]}' "$FOLDER/meta.json" >meta
	mv meta "$FOLDER/meta.json"
	git commit -q -am meta
	landed
	cmp <(in_commit meta.json) "$FOLDER/meta.json"
	jq -S '.mission_number = null | .baseline_merge_commit = "" |
		.more = {"b": [1.25, "ü"]}' "$FOLDER/meta.json" >meta
	mv meta "$FOLDER/meta.json"
	git commit -q -am meta
	landed
	cmp <(in_commit meta.json) <(jq -S ".mission_number = 1 |
		.baseline_merge_commit = \"$(git rev-parse main)\"" \
		"$FOLDER/meta.json")
}

@test "record: no meta.json is none, a broken one is told once" {
	git rm -q "$FOLDER/meta.json"
	git commit -q -m none
	run -0 --separate-stderr "$PLAN" --dry-run --into main
	landed squash 001-a main
	[ "$(rows 'has("mission_id")' | xargs -n 1 | sort -u)" = false ]
	run -128 git cat-file -e "$COMMIT:$FOLDER/meta.json"
	echo '{"torn' >"$FOLDER/meta.json"
	git add "$FOLDER"
	git commit -q -m broken
	dry --into main
	[ "$(get '.blockers[].code' | xargs)" = unreadable_mission ]
}

@test "record: a status.json that is new, or somebody's, is made anew" {
	echo mine >"$FOLDER/status.json"
	chmod +x "$FOLDER/status.json" "$LOG"
	git add "$FOLDER"
	git commit -q -m mine
	landed
	[ "$(git ls-tree "$COMMIT" "$FOLDER/" | grep status | cut -d' ' -f1 |
		xargs)" = '100755 100755' ]
}

@test "record: it lands on the target, whatever is checked out" {
	git checkout -q -b elsewhere
	git rm -q -r kitty-specs
	git commit -q -m elsewhere
	landed squash 001-a
	[ "$(changed main)" = "a.c b.c $BOOKS" ]
	grep -q '^ref refs/heads/main ' <<<"$output"
	git branch release main
	landed squash 001-a release
	[ "$(rows .reason | cut -d' ' -f1-4)" = 'Merged WP01 into release' ]
	[ "$(tail -n 1 <<<"$output" | cut -d' ' -f2)" = refs/heads/release ]
}

@test "record: a log on the coordination branch comes home with it" {
	git checkout -q "$BRANCH"
	event 001-a WP01 approved in_progress
	event 001-a WP01 in_progress approved
	git sk-eventlog reduce "$LOG" >"$FOLDER/status.json"
	git add "$FOLDER"
	git commit -q -m there
	git checkout -q main
	jq -S '.topology = "coord"' "$FOLDER/meta.json" >meta
	mv meta "$FOLDER/meta.json"
	git commit -q -am topology
	landed
	[ "$(in_commit status.events.jsonl | wc -l)" = 14 ]
	# nothing of its status is on the target
	git rm -q "$LOG"
	git commit -q -m moved
	git checkout -q -b lone "$BRANCH"
	git merge -q -s ours -m both main
	git branch -f "$BRANCH" lone
	git checkout -q main
	git branch -q -D lone
	landed
	[ "$(in_commit status.events.jsonl | wc -l)" = 14 ]
	[ "$(in_commit meta.json | jq .mission_number)" = 1 ]
}

# signing: with a key whose program counts how often it was asked.
signing() {
	cat >../sign <<-'EOS'
		#!/bin/sh
		cat >/dev/null
		echo x >>"${0%/*}/signed"
		echo "[GNUPG:] SIG_CREATED " >&2
		printf -- '-----BEGIN PGP SIGNATURE-----\n\nhere\n-----END PGP SIGNATURE-----\n'
	EOS
	chmod +x ../sign
	git config user.signingKey ME
	git config gpg.program "$PWD/../sign"
	git config commit.gpgSign true
}

# signs <n> <option>...: the plan asks for so many signatures.
signs() {
	: >../signed
	run -0 --separate-stderr "$MADE" "${@:2}"
	COMMIT=$(sed -n 's/^commit //p' <<<"$output")
	[ "$(wc -l <../signed)" = "$1" ]
}

# signed: of the commits that the target gets, how many are.
signed() {
	git rev-list "main..$COMMIT" | while read -r id; do
		git cat-file commit "$id" | grep -m 1 '^gpgsig ' || :
	done | wc -l
}

@test "record: a dry run signs nothing, a merge what stays of it" {
	local how

	git -c user.name=Ann commit -q --allow-empty -m more \
		--date '@5000 +0130'
	commit_on "$BRANCH" n.c
	signing
	for how in squash merge rebase; do
		signs 0 -n "$how"
		[ "$(signed)" = 0 ]
	done
	signs 1 squash
	[ "$(signed)" = 1 ]
	signs 3 merge
	[ "$(signed)" = 3 ]
	signs 4 rebase
	[ "$(signed)" = 4 ]
	signs 3 -k squash
	[ "$(signed)" = 1 ]
	printf '#!/bin/sh\nexit 1\n' >../sign
	run -0 --separate-stderr "$MADE" -n
	run -1 --separate-stderr "$MADE"
	[[ $output = *'blocker merge_failed: git made no commit: '* ]]
}

@test "record: who wrote a commit has written the one that is replayed" {
	local how lane=$BRANCH-lane-a was id=refs/heads/$BRANCH-lane-a

	was=$(printf 'tree %s\nparent %s\nauthor J\366rg <j@x> 5000 +0130\ncommitter a <b> 6000 +0000\nencoding ISO-8859-1\n\nt\344g\n\nbody\n' \
		"$(git rev-parse "$lane^{tree}")" "$(git rev-parse "$lane^")" |
		git hash-object -t commit -w --stdin)
	git update-ref "$id" "$was"
	commit_on main m.c
	git reset -q --hard
	for how in plain signed; do
		[ "$how" = plain ] || signing
		run -0 --separate-stderr "$MADE" rebase
		COMMIT=$(sed -n 's/^commit //p' <<<"$output")
		git cat-file commit "$COMMIT~2" >made
		git cat-file commit "$was" >old
		cmp <(grep -a '^encoding' made) <(grep -a '^encoding' old)
		cmp <(grep -a '^author' made) <(grep -a '^author' old)
		grep -aq '^committer Tester ' made
		cmp <(sed '1,/^$/d' made) <(sed '1,/^$/d' old)
	done
}
