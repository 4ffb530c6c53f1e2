#!/usr/bin/env bats
# A mission as a team works on it, from its first line to its last approval:
# the real programs, the real hooks, and a server that comes and goes.

load helper
load planning

setup() {
	sk_setup
	start_ingestd
	enter_repo
	git commit -q --allow-empty -m start
	git sk-setup >/dev/null
	log_in >/dev/null
	# what the user has in the index all the way is nobody else's
	echo staged >mine
	git add mine
	echo edited >>mine
	SAID=$BATS_TEST_TMPDIR/said
}

teardown() {
	sk_teardown
	# shown when the test has failed
	tail -n 40 "$SAID" 2>/dev/null || true
}

# without_note: of what was said on stderr, the hook that came with a first lane.
without_note() {
	stderr=$(grep -v '^note: hook pre-commit looks at ' <<<"$stderr" || true)
}

# noted: that hook, once in all that was said.
noted() {
	[ "$(grep -c '^note: hook pre-commit looks at ' "$SAID")" = 1 ]
}

# says <words> <program>...: it is done, says that, and warns of nothing.
says() {
	run -0 --separate-stderr "${@:2}"
	printf '%s\n' "\$ ${*:2}" "$output" "$stderr" >>"$SAID"
	without_note
	[ -z "$stderr" ]
	[[ $output == *"$1"* ]] || {
		echo "not said: $1"
		return 1
	}
	holds
}

# log: of MISSION, as main has it.
log() {
	git -C "$ROOT" show "main:$DIR/status.events.jsonl"
}

# holds: what is true after each step, whatever has been done. The index of the
# user and his edit are as they were, and all else is committed, in each
# worktree; the log is sound and written as spec-kitty writes it, and
# status.json is that of the log.
holds() {
	local tree

	[ "$(git -C "$ROOT" status --porcelain)" = 'AM mine' ]
	[ "$(git -C "$ROOT" show :mine)" = staged ]
	for tree in "$ROOT"/.worktrees/*; do
		[ ! -e "$tree" ] || [ -z "$(git -C "$tree" status --porcelain)" ]
	done
	(
		cd "$ROOT/$DIR" || exit 1
		git sk-eventlog check status.events.jsonl || exit 1
		python3 - status.events.jsonl <<-'PY' || exit 1
			import json, sys
			for line in open(sys.argv[1], encoding="ascii", newline=""):
			    row = json.loads(line)
			    assert json.dumps(row, sort_keys=True) + "\n" == line
		PY
		[ ! -e status.json ] ||
			git sk-eventlog reduce status.events.jsonl |
			cmp - status.json
	)
}

# lanes_of <WP>: those it came through, by the log.
lanes_of() {
	log | jq -rs --arg wp "$1" \
		'map(select(.wp_id == $wp).to_lane) | join(" ")'
}

# write_spec, write_plan, write_tasks: what a person writes, in DIR.
write_spec() {
	sed -i 's/\[What it must do\]/People log in by a password/' \
		"$DIR/spec.md"
	git commit -q -m 'Specify the login' -- "$DIR/spec.md"
}
write_plan() {
	sed -i -e 's/^\(\*\*Language.*:\) .*/\1 C11/' \
		-e 's/^\(\*\*Testing.*:\) .*/\1 bats/' "$DIR/plan.md"
}
write_tasks() {
	printf '# Tasks\n\n## WP01 The form\n\n- [ ] T001 Draw it\n- [ ] T002 Check it\n\n## WP02 The session\n\nDependencies: WP01\n\n- [ ] T003 Keep it\n' \
		>"$DIR/tasks.md"
	printf -- '---\nwork_package_id: %s\ntitle: %s\nrequirement_refs: [FR-001]\nowned_files: ["src/%s/**"]\n---\n\n# %s\n' \
		WP01 'The form' form 'The form' >"$DIR/tasks/WP01-form.md"
	printf -- '---\nwork_package_id: %s\ntitle: %s\nrequirement_refs: [FR-001]\nowned_files: ["src/%s/**"]\n---\n\n# %s\n' \
		WP02 'The session' session 'The session' \
		>"$DIR/tasks/WP02-session.md"
}

# work <folder>: a change in the worktree at hand, committed.
work() {
	mkdir -p "src/$1"
	echo 'int x;' >"src/$1/x.c"
	git add src
	run -0 --separate-stderr git commit -q -m "Make the $1"
	[ -z "$output$stderr" ]
}

# begun: from nothing to a finalized mission.
begun() {
	ROOT=$PWD
	run -0 --separate-stderr git sk-mission create login
	[ -z "$stderr" ]
	MISSION=$(ls kitty-specs)
	DIR=kitty-specs/$MISSION
	[[ $output == *"Mission $MISSION created on main."*"/$DIR/spec.md"* ]]
	holds
	jq -e --arg m "$MISSION" '.mission_slug == $m and
		.target_branch == "main" and .mission_number == null' \
		"$DIR/meta.json"
	write_spec

	run -1 --separate-stderr git sk-mission setup-plan
	[[ $output == "The plan of $MISSION is begun, in "*"/$DIR/plan.md." ]]
	[[ $stderr == 'hint: fill in'* ]]
	grep -q '^## Technical Context' "$DIR/plan.md"
	write_plan
	says 'is committed on main' git sk-mission setup-plan
	[ "$(git show "main:$DIR/plan.md")" = "$(cat "$DIR/plan.md")" ]

	write_tasks
	says '2 work packages' git sk-mission finalize
	[ "$(jq -c '[.lanes[] | [.lane_id, .wp_ids[0], .depends_on_lanes[0]]]' \
		"$DIR/lanes.json")" = \
		'[["lane-a","WP01",null],["lane-b","WP02","lane-a"]]' ]
	grep -qx 'execution_mode: "code_change"' "$DIR/tasks/WP01-form.md"
	[ "$(sed -n '/^dependencies:/,/^- /p' "$DIR/tasks/WP02-session.md" |
		xargs)" = 'dependencies: - WP01' ]
	[ "$(lanes_of WP01) $(lanes_of WP02)" = 'planned planned' ]
}

# through <WP> <lane> <folder> <task>...: it is implemented by claude, and
# reviewed and approved by ada, who marks it done.
through() {
	local wp=$1 lane=$2 folder=$3 file tree=$ROOT/.worktrees/$MISSION-$2
	local branch=kitty/mission-$MISSION-$2 note task

	says "$wp is in progress by 'claude'" \
		git sk-task implement "$wp" --agent claude
	[ "${lines[-1]}" = "$tree" ]
	[ "$(git -C "$tree" symbolic-ref --short HEAD)" = "$branch" ]
	git rev-parse -q --verify "refs/heads/kitty/mission-$MISSION"
	note=.kittify/workspaces/$MISSION-$lane.json
	[ "$(jq -r '"\(.current_wp) \(.branch_name) \(.worktree_path)"' "$note")" = \
		"$wp $branch .worktrees/$MISSION-$lane" ]
	file=$(echo "$DIR/tasks/$wp"-*.md)
	grep -qx 'agent: "claude"' "$file"
	grep -qx "base_branch: \"kitty/mission-$MISSION\"" "$file"
	# the same again says where to go on, and changes nothing
	says 'as before' git sk-task implement "$wp" --agent claude

	cd "$tree" || return 1
	work "$folder"
	run -1 --separate-stderr git sk-task move "$wp" for_review
	[[ $stderr == *"open task"* ]]
	says 'as done' git sk-task mark "${@:4}" --status 'done'
	for task in "${@:4}"; do
		grep -q -- "- \[x\] $task" "$ROOT/$DIR/tasks.md"
	done
	says "$wp: in_progress -> for_review" \
		git sk-task move "$wp" for_review --agent claude
	says "$wp: for_review -> in_review" \
		git sk-task review "$wp" --agent ada
	run -1 --separate-stderr git sk-task review "$wp" --agent bob
	[[ $stderr == *"'ada'"* ]]
	says "$wp: in_review -> approved" git sk-task move "$wp" approved \
		--agent ada --reference https://example.com/pr/1
	says 'done' git sk-task mark "$wp" --status 'done' --agent ada
	cd "$ROOT" || return 1

	[ "$(lanes_of "$wp")" = \
		'planned claimed in_progress for_review in_review approved done' ]
	[ "$(jq -r ".work_packages.$wp.lane" "$DIR/status.json")" = 'done' ]
	[ "$(grep -c '^- 20.*Z – ' "$file")" -ge 4 ]
	[ "$(git log --format=%s "main..$branch")" = "Make the $folder" ]
	# no commit of a lane has what is the mission's
	run -0 git diff --name-only "main...$branch"
	[ "$output" = "src/$folder/x.c" ]
}

# arrived: the server has each transition of the log, once, and no other; of
# lanes it knows four.
arrived() {
	diff <(log | jq -r 'select(.to_lane) | "\(.event_id) \(.mission_slug) \(
			.wp_id) \({planned: "planned", claimed: "doing",
			in_progress: "doing", for_review: "for_review",
			in_review: "for_review", approved: "done",
			done: "done"}[.to_lane])"' | sort) \
		<(server_query "SELECT data FROM events
			WHERE event_type = 'WPStatusChanged'" |
			jq -r '.event_id as $id | .payload | "\($id) \(
			.feature_slug) \(.wp_id) \(.to_lane)"' | sort) \
		>"$BATS_TEST_TMPDIR/missing"
}

# waiting <n>: so many transitions are in the queue.
waiting() {
	[ "$(transitions)" = "$1" ]
}

@test "workflow: from create to done, with a server, and then without one" {
	# what hooks start in the background delivers by itself
	git config --global --unset sk.flush
	begun
	through WP01 lane-a form T001 T002
	wait_for arrived
	wait_for waiting 0
	says '1 of 2 done' git sk-task list

	git config --global sk.flush off
	port=${SERVER##*:}
	stop_ingestd
	through WP02 lane-b session T003
	waiting 6
	says '2 of 2 done' git sk-task list --mission "$MISSION"
	noted
	run -1 --separate-stderr git sk-sync now
	[[ $output == *'Still queued: '* ]]
	waiting 6

	start_ingestd --port "$port"
	says 'Failed: 0' git sk-sync now
	waiting 0
	arrived
	[ "$(server_query "SELECT count(*) FROM events
		WHERE event_type = 'MissionStarted'")" = 1 ]
	# and nothing is sent twice
	says 'nothing to sync' git sk-sync now
}

# doc <program>...: it is done, and answers by one document.
doc() {
	run -0 --separate-stderr "$@" --json
	printf '%s\n' "\$ $*" "$output" "$stderr" >>"$SAID"
	jq -es 'length == 1 and .[0].schema_version == 1' <<<"$output" >/dev/null
	holds
}

# sent_by <program>...: the same, and all that there was to send is sent.
sent_by() {
	doc "$@"
	without_note
	[ -z "$stderr" ]
	arrived
	waiting 0
}

# kept_by <program>...: the same, and one line says that it could not be.
kept_by() {
	doc "$@"
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == 'sync_diagnostic '*' fatal=false '* ]]
}

# documents <step> <WP> <folder> <task>...: from a claim to its end, by
# documents that <step> looks at.
documents() {
	local step=$1 wp=$2 head

	"$step" git sk-task implement "$wp" --agent claude
	[ "$(jq -r '"\(.status) \(.wp_id) \(.workspace)"' <<<"$output")" = \
		"created $wp .worktrees/$(jq -r .branch <<<"$output" |
			sed 's,^kitty/mission-,,')" ]
	cd "$(jq -r .folder <<<"$output")" || return 1
	work "$3"
	"$step" git sk-task mark "${@:4}" --status 'done'
	[ "$(jq -c .summary <<<"$output")" = \
		"{\"updated\":$(($# - 3)),\"already_satisfied\":0,\"not_found\":0}" ]
	"$step" git sk-task move "$wp" for_review --agent claude
	[ "$(jq -r '"\(.result) \(.old_lane) \(.new_lane)"' <<<"$output")" = \
		'success in_progress for_review' ]
	[ "$(jq -r .event_id <<<"$output")" = \
		"$(log | tail -n 1 | jq -r .event_id)" ]
	"$step" git sk-task review "$wp" --agent ada
	"$step" git sk-task move "$wp" approved --agent ada --reference pr-1
	"$step" git sk-task mark "$wp" --status 'done' --agent ada
	[ "$(jq -r .results[0].outcome <<<"$output")" = updated ]
	head=$(git rev-parse main)
	doc git sk-task mark "$wp" --status 'done' --agent ada
	[ "$(jq -r .results[0].outcome <<<"$output")" = already_satisfied ]
	[ "$(git rev-parse main)" = "$head" ]
	cd "$ROOT" || return 1
	[ "$(lanes_of "$wp")" = \
		'planned claimed in_progress for_review in_review approved done' ]
}

@test "workflow: the same by documents, sent at once or told why not" {
	ROOT=$PWD
	git sk-mission create login --json >created 2>said
	[ ! -s said ]
	MISSION=$(jq -r .mission_slug created)
	DIR=kitty-specs/$MISSION
	[ "$(jq -s length created)" = 1 ]
	rm created said
	holds
	write_spec
	run -1 --separate-stderr git sk-mission setup-plan --json
	[ "$(jq -rs '"\(length) \(.[0].result)"' <<<"$output")" = '1 blocked' ]
	write_plan
	sent_by git sk-mission setup-plan
	[ "$(jq -r .result <<<"$output")" = success ]
	write_tasks
	run -0 --separate-stderr git sk-mission finalize --validate-only --json
	[ "$(jq -rs '"\(length) \(.[0].result)"' <<<"$output")" = \
		'1 validation_passed' ]
	sent_by git sk-mission finalize
	[ "$(jq -r .wp_count <<<"$output")" = 2 ]

	documents sent_by WP01 form T001 T002
	port=${SERVER##*:}
	stop_ingestd
	documents kept_by WP02 session T003
	waiting 6
	start_ingestd --port "$port"
	sent_by git sk-sync now
	doc git sk-task list
	[ "$(jq -r '.missions[0].work_packages | map(.lane) | join(" ")' \
		<<<"$output")" = 'done done' ]
	doc git sk-mission show "$MISSION"
	noted
}

# at <clone>: into it, on its own machine; ROOT is its main checkout.
at() {
	ROOT=$BATS_TEST_TMPDIR/$1
	GIT_SK_HOME=$BATS_TEST_TMPDIR/$1.home
	cd "$ROOT" || return 1
}

# sees <words>: git sk-task list shows them in a line, and merges nothing.
sees() {
	local head

	head=$(git rev-parse main)
	says "$MISSION" git sk-task list
	grep -q "^ $1 " < <(tr -s ' ' <<<"$output")
	[ "$(git rev-parse main)" = "$head" ]
}

@test "workflow: a teammate sees the work before it is merged" {
	git clone -q --bare . "$BATS_TEST_TMPDIR/hub"
	git remote add origin "$BATS_TEST_TMPDIR/hub"
	mv "$PWD" "$BATS_TEST_TMPDIR/claude"
	mv "$GIT_SK_HOME" "$BATS_TEST_TMPDIR/claude.home"
	at claude
	begun
	git push -q origin main
	git clone -q "$BATS_TEST_TMPDIR/hub" "$BATS_TEST_TMPDIR/bob"
	at bob
	git sk-setup >/dev/null
	log_in >/dev/null
	echo staged >mine
	git add mine
	echo edited >>mine
	sees 'WP01 planned'

	at claude
	git sk-task implement WP01 --agent claude >/dev/null
	git push -q origin main
	at bob
	sees 'WP01 planned' # nothing is fetched
	git fetch -q
	sees 'WP01 in_progress claude'
	run -0 git sk-mission list
	[[ $output == *'origin/main'*'not here yet'* ]]
	run -1 --separate-stderr git sk-task implement WP01 --agent bob
	[[ $stderr == *"in progress by 'claude'"* ]]
	holds

	at claude
	cd ".worktrees/$MISSION-lane-a"
	work form
	git sk-task mark T001 T002 --status 'done' >/dev/null
	git sk-task move WP01 for_review --agent claude >/dev/null
	git push -q origin main HEAD
	at bob
	git pull -q --ff-only
	says 'WP01: for_review -> in_review' git sk-task review WP01 --agent bob
	git push -q origin main
	at claude
	git fetch -q
	sees 'WP01 in_review bob'
	run -1 --separate-stderr git sk-task review WP01 --agent ada
	[[ $stderr == *"'bob' is reviewing WP01"* ]]
	holds

	# what both have captured is on the server once
	at bob
	says 'Failed: 0' git sk-sync now
	at claude
	git pull -q --ff-only origin main
	says 'Failed: 0' git sk-sync now
	arrived
}
