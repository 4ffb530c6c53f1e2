#!/usr/bin/env bats
# The same of logs, missions and repositories that are not as they should be, or
# not as most are.

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

@test "recordodd: a log that ends without an end" {
	truncate -s -1 "$LOG"
	git commit -q -am open
	landed
	[ "$(in_commit status.events.jsonl | wc -l)" = 12 ]
	printf '\n{"torn' >>"$LOG"
	git commit -q -am torn
	landed
	[ "$(in_commit status.events.jsonl | wc -l)" = 12 ]
	[ "$(git cat-file blob "$(git ls-tree "$COMMIT" "$FOLDER/" |
		awk '/torn-/ { print $3 }')")" = '{"torn' ]
	ready
	[ "$(get '.warnings[].code')" = torn_event_log ]
	carried_out
	ready
	[ "$(get '.warnings | length')" = 0 ]
}

@test "recordodd: other ends of lines, NULs, and rows without id or time" {
	local IS_FAULTY=1 third

	sed -i 's/$/\r/' "$LOG"
	third=$(sed -n 3p "$LOG")
	{
		printf 'a\0b\n{"event_id": "x", "kind": "what"}\n'
		echo "$third"
		echo '{"wp_id": "WP01", "to_lane": "planned"}'
		echo '{"wp_id": "WP01", "to_lane": "planned", "event_id": "01KE9900000000000000000009"}'
	} >>"$LOG"
	git commit -q -am odd
	landed
	[ "$(rows .wp_id)" = 'WP01 WP02 WP03 WP04' ]
	cmp <(in_commit status.events.jsonl | head -n 13) "$LOG"
}

@test "recordodd: rows of a clock that is ahead come first" {
	sed -i 's/2026-05-01T/2126-05-01T/' "$LOG"
	git commit -q -am ahead
	landed
	[ "$(rows .at | cut -c1-10)" = 2126-05-01 ]
}

@test "recordodd: behind the end of time there is nothing" {
	event 001-a WP04 approved approved
	sed -i '$s/"at": "[^"]*"/"at": "9999-12-31T23:59:59.999999+00:00"/' "$LOG"
	git commit -q -am end
	refused 'no time is later'
	sed -i '$s/999999+/999997+/' "$LOG"
	git commit -q -am end
	refused 'behind it'
}

@test "recordodd: a mission that has its lanes in its files" {
	: >"$LOG"
	wp WP01 'lane: "approved"'
	wp WP02 'lane: done'
	wp WP03 'lane: approved' 'agent: claude'
	wp WP04 'lane: canceled'
	git commit -q -am files
	git branch -f "$BRANCH" main
	git branch -f "$BRANCH-lane-a" main
	git branch -f "$BRANCH-lane-b" main
	commit_on "$BRANCH-lane-a" a.c
	commit_on "$BRANCH-lane-b" b.c
	landed
	[ "$(rows '.wp_id + "=" + .from_lane + ">" + .to_lane')" = \
		'WP01=approved>done WP02=done>done WP03=approved>done WP04=canceled>canceled' ]
	[ "$(rows .force)" = 'false true false true' ]
	git rm -q "$LOG"
	git commit -q -m none
	landed
	[ "$(rows .wp_id)" = 'WP01 WP02 WP03 WP04' ]
	sed -i 's/lane: .*/lane: done/' "$FOLDER"/tasks/*.md
	git commit -q -am done
	run -0 --separate-stderr "$MADE"
	COMMIT=$(sed -n 's/^commit //p' <<<"$output")
	[ "$(changed main)" = 'a.c b.c kitty-specs/001-a/meta.json' ]
}

@test "recordodd: a log that is no file, or on no branch that is merged" {
	mv "$LOG" log
	ln -s ../../log "$LOG"
	git add -A
	git commit -q -m link
	dry
	[[ " $(get '.blockers[].code' | xargs) " = *' unrecordable_mission '* ]]
	[[ $(get '.blockers[] | select(.code == "unrecordable_mission").message') = \
		*"'$LOG' is no file"* ]]
	git reset -q --hard HEAD~1
	git checkout -q --orphan empty
	git rm -q -r -f --cached .
	git clean -q -f -d
	git commit -q --allow-empty -m empty
	git update-ref "refs/heads/$BRANCH" empty
	git branch -f "$BRANCH-lane-a" empty
	git branch -f "$BRANCH-lane-b" empty
	dry --into empty 001-a
	[ "$(get '.blockers[].code' | xargs)" = unrecordable_mission ]
	[[ $(get '.blockers[0].message') = *'does not have its folder' ]]
	mkdir -p kitty-specs/001-a/tasks
	echo text >kitty-specs/001-a/spec.md
	git add -A
	git commit -q -m folder
	dry --into empty 001-a
	[[ $(get '.blockers[0].message') = *'does not have its event log' ]]
	remedy 0
}

@test "recordodd: a number behind the last one there can be" {
	mkdir kitty-specs/old
	echo '{"mission_number": 9223372036854775807}' >kitty-specs/old/meta.json
	git add kitty-specs
	git commit -q -m last
	dry 001-a
	[ "$(get '.blockers[].code' | xargs)" = unrecordable_mission ]
	[[ $(get '.blockers[0].message') = *'no mission number'* ]]
	remedy 0
}

@test "recordodd: a log of 100,000 lines" {
	seq 100000 | awk '{ printf "{\"at\": \"2026-05-02T10:00:00+00:00\", \"event_id\": \"01KF%022d\", \"kind\": \"note\"}\n", $1 }' >>"$LOG"
	git commit -q -am many
	landed
	[ "$(in_commit status.events.jsonl | wc -l)" = 100012 ]
}

@test "recordodd: sha256, worktrees, and a shallow clone" {
	git clone -q --no-local --depth 1 --no-single-branch . ../shallow
	cd ../shallow
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	git fetch -q --unshallow origin "$BRANCH-lane-a" "$BRANCH-lane-b"
	landed
	[ "$(rows .wp_id)" = 'WP01 WP02 WP03 WP04' ]
	cd ../repo
	git worktree add -q ../linked -b linked
	cd ../linked
	landed squash 001-a
	mkdir ../sha256
	cd ../sha256
	git init -q --object-format=sha256 .
	SK_EVENTS=0
	approved
	landed
	[ "$(in_commit meta.json | jq -r .baseline_merge_commit | wc -c)" = 65 ]
}

@test "recordodd: a partial clone fetches what numbers are in" {
	mkdir kitty-specs/old
	echo '{"mission_number": 12}' >kitty-specs/old/meta.json
	git add kitty-specs
	git commit -q -m old
	git rm -q -r kitty-specs/old
	git commit -q -m gone
	commit_on "$BRANCH" kitty-specs/there/meta.json '{"mission_number": 30}'
	git config uploadpack.allowFilter true
	git config uploadpack.allowAnySHA1InWant true
	git clone -q --no-local --filter=blob:none . ../partial
	cd ../partial
	for name in "$BRANCH" "$BRANCH-lane-a" "$BRANCH-lane-b"; do
		git branch -q "$name" "origin/$name"
	done
	landed squash 001-a
	[ "$(in_commit meta.json | jq .mission_number)" = 31 ]
}

@test "recordodd: what a hook is told of its own commit is of no account" {
	export GIT_DIR=$PWD/.git GIT_INDEX_FILE=$PWD/.git/index.other
	export GIT_AUTHOR_NAME=Somebody GIT_SK=0
	run -0 --separate-stderr "$MADE"
	unset GIT_DIR GIT_INDEX_FILE GIT_AUTHOR_NAME GIT_SK
	COMMIT=$(sed -n 's/^commit //p' <<<"$output")
	[ "$(changed main)" = "a.c b.c $BOOKS" ]
	[ "$(git log -1 --format=%an "$COMMIT")" = Tester ]
	[ ! -e .git/index.other ]
}

@test "recordodd: what git cannot write is in the way, and not half written" {
	local git word

	git=$(command -v git)
	mkdir ../bin
	for word in mktree hash-object; do
		cat >../bin/git <<-EOS
			#!/bin/sh
			case " \$* " in *' $word '*)
				echo 'fatal: No space left on device' >&2
				exit 128 ;;
			esac
			exec $git "\$@"
		EOS
		chmod +x ../bin/git
		PATH=$PWD/../bin:$PATH refused \
			"git $word failed: No space left on device"
	done
	landed
}
