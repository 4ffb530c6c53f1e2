#!/usr/bin/env bats
# git sk-task move and review: who may go where, and what is written of it.

load helper
load board
load move

setup() {
	move_setup
}

teardown() {
	sk_teardown
}

@test "move: forward it goes lane by lane, an event each, one commit" {
	run -0 --separate-stderr git sk-task move WP01 for_review --agent bob \
		--reason 'it is ready'
	[[ $output == 'WP01: planned -> for_review, committed on main: '* ]]
	[ -z "$stderr" ]
	[ "$(rows | tail -n 3)" = "WP01 planned claimed bob
WP01 claimed in_progress bob
WP01 in_progress for_review bob" ]
	[ "$(git log --format=%s start..)" = \
		'chore: Move WP01 to for_review on spec m [bob]' ]
	[ "$(git show --name-only --format= | xargs)" = \
		"$LOG $M/status.json $M/tasks/WP01-x.md" ]
	[ "$(git show "main:$LOG" | tail -n 3 | jq -r .reason | sort -u)" = \
		'it is ready' ]
	[ "$(row '[.force, .execution_mode, .mission_slug, .review_ref]')" = \
		'[false,"direct_repo","m",null]' ]
	[ -z "$(git status --porcelain)" ]
	is_right
}

@test "move: a line is what spec-kitty writes, byte for byte" {
	move WP01 claimed --agent bob
	git show "main:$LOG" | tail -n 1 >line
	grep -qE '^\{"actor": "bob", "at": "20[0-9T:.-]*\+00:00", "event_id": "[0-9A-HJKMNP-TV-Z]{26}", "evidence": null, "execution_mode": "direct_repo", "force": false, "from_lane": "planned", "mission_slug": "m", "policy_metadata": null, "reason": "move-task: planned -> claimed", "review_ref": null, "to_lane": "claimed", "wp_id": "WP01"\}$' line
}

@test "move: lanes are trimmed, of any case, and doing is in_progress" {
	move WP01 ' Doing '
	[ "$(lane WP01)" = in_progress ]
	move ' wp02 ' CLAIMED
	[ "$(lane WP02)" = claimed ]
	run -129 --separate-stderr git sk-task move WP01 genesis
	[[ $stderr == *"there is no lane 'genesis'"*'hint: use planned, '* ]]
	run -129 --separate-stderr git sk-task move WP01
	[[ $stderr == *'a work package and a lane are needed'* ]]
	run -129 git sk-task move WP01 claimed extra
	run -129 git sk-task review
}

@test "move: the actor is the agent named, the variable, git's user, user" {
	SPEC_KITTY_AGENT=eve move WP01 claimed --agent bob
	[ "$(row .actor)" = bob ]
	SPEC_KITTY_AGENT=eve move WP01 doing
	[ "$(row .actor)" = eve ]
	[ "$(git log -1 --format=%s)" = \
		'chore: Move WP01 to in_progress on spec m [eve]' ]
	move WP01 blocked
	[ "$(row .actor)" = Tester ]
	[ "$(git log -1 --format=%s)" = 'chore: Move WP01 to blocked on spec m' ]
	git config --global --unset user.name
	export GIT_AUTHOR_NAME=a GIT_COMMITTER_NAME=a
	move WP01 doing
	[ "$(row .actor)" = user ]
}

@test "move: where it is already nothing is written" {
	move WP01 claimed
	head=$(git rev-parse HEAD)
	run -0 --separate-stderr git sk-task move WP01 claimed --note again
	[ "$output" = 'WP01 is in claimed already' ]
	[ "$(git rev-parse HEAD)" = "$head" ]
	run -0 git sk-task move WP01 claimed --json
	[ "$(jq -c '[.event_ids, .commit, .old_lane, .new_lane]' <<<"$output")" = \
		'[[],null,"claimed","claimed"]' ]
	[ -z "$(git status --porcelain)" ]
}

@test "move: what was written and not committed is, when it is asked again" {
	move WP01 claimed --no-commit --agent bob --shell-pid 7
	[ "$(git rev-parse HEAD)" = "$(git rev-parse start)" ]
	[ "$(git status --porcelain | wc -l)" = 3 ]
	run -0 git sk-task move WP01 claimed --agent bob --shell-pid 7
	[[ $output == 'WP01 is in claimed already, committed on main: '* ]]
	[ -z "$(git status --porcelain)" ]
	[ "$(activity WP01)" = 'bob – shell_pid=7 – Moved to claimed' ]
	is_right
	# by the next move, too
	move WP01 doing --no-commit --agent bob
	move WP02 claimed
	[ "$(lane WP01)" = in_progress ]
	move WP01 doing --agent bob
	[ "$(activity WP01 | tail -n 1)" = 'bob – Moved to in_progress' ]
	[ -z "$(git status --porcelain)" ]
}

@test "move: what a hook refused goes along with the next move of another" {
	printf '#!/bin/sh\nexit 1\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	run -128 git sk-task move WP01 claimed --note first
	run -128 git sk-task move WP01 doing --agent bob --note second
	echo mine >>"$M/tasks/WP03-x.md"
	rm .git/hooks/pre-commit
	move WP02 claimed
	[ "$(activity WP01)" = 'Tester – first
bob – second' ]
	git diff --exit-code "$LOG"
	# the names that go with it when it is asked for again
	[ "$(git diff "$M/tasks/WP01-x.md" | grep '^[+-][^+-]')" = '+agent: "bob"' ]
	move WP01 doing --agent bob
	[ "$(git status --porcelain)" = " M $M/tasks/WP03-x.md" ]
	is_right
}

@test "move: of two moves alike in one second each has its entry" {
	local n

	event m WP01 planned blocked 01KE0000000000000000000901
	event m WP01 blocked in_progress 01KE0000000000000000000902
	printf '\n## Activity Log\n\n' >>"$M/tasks/WP01-x.md"
	printf -- '- 2026-05-01T10:00:03Z – agent – Moved to %s\n' blocked \
		in_progress >>"$M/tasks/WP01-x.md"
	commit
	# as a kill behind the log has left it
	event m WP01 in_progress blocked 01KE0000000000000000000903
	for n in 1 2; do
		move WP01 blocked --agent agent
		[ "$(activity WP01)" = "agent – Moved to blocked
agent – Moved to in_progress
agent – Moved to blocked" ]
	done
	[ "$(rows | wc -l)" = 6 ]
	[ -z "$(git status --porcelain)" ]
}

@test "move: of the activity log its own entries are committed, no others" {
	event m WP01 planned claimed
	event m WP02 planned claimed
	printf -- '\n## Activity Log\n\n- %s – agent – ours\n- %s – agent – theirs\n- mine\n' \
		"$(tail -n 2 "$LOG" | head -n 1 | jq -r '.at[:19] + "Z"')" \
		"$(tail -n 1 "$LOG" | jq -r '.at[:19] + "Z"')" \
		>>"$M/tasks/WP01-x.md"
	move WP01 doing --agent bob
	[ "$(activity WP01)" = 'agent – ours
bob – Moved to in_progress' ]
	[ "$(git diff "$M/tasks/WP01-x.md" | grep -c '^+- .*\(theirs\|mine\)$')" = 2 ]
}

@test "move: open tasks are named, and keep it from review" {
	cat >"$M/tasks.md" <<-'END'
		## WP01 The form
		- [x] T001 done
		- [ ] T002 draw it
		## WP02 Other
		- [ ] T003 not ours
	END
	commit tasks
	run -1 --separate-stderr git sk-task move WP01 for_review
	refused "WP01 has 1 open task in tasks.md: 'T002 draw it'" \
		"git sk-task mark <task>... --status done"
	move WP01 for_review --force --reason 'no boxes today'
	[ "$(rows | tail -n 1)" = 'WP01 planned for_review Tester' ]
	[ "$(row '[.force, .reason]')" = '[true,"no boxes today"]' ]
	sed -i 's/\[ \] T003/[x] T003/' "$M/tasks.md"
	move WP02 for_review
	[ "$(lane WP02)" = for_review ]
	# somebody's edit of tasks.md is not ours
	[ "$(git status --porcelain)" = " M $M/tasks.md" ]
}

@test "move: approved asks for evidence, and done takes it from there" {
	move WP01 for_review
	review WP01 --agent rev
	run -1 --separate-stderr git sk-task move WP01 approved
	refused 'WP01: transition in_review -> approved requires the result' \
		'--reference <text>'
	move WP01 approved --reviewer ann --reference PR-7 --agent rev
	[ "$(row .evidence)" = \
		'{"review":{"reference":"PR-7","reviewer":"ann","verdict":"approved"}}' ]
	[ "$(row .review_result)" = \
		'{"reference":"PR-7","reviewer":"ann","verdict":"approved"}' ]
	move WP01 'done'
	[ "$(row '[.to_lane, .evidence.review.reviewer, has("review_result")]')" = \
		'["done","ann",false]' ]
	# git's user reviews, unless another is named; all the way at once
	move WP02 'done' --reference PR-8
	[ "$(rows | tail -n 6 | cut -d ' ' -f 3 | xargs)" = \
		'claimed in_progress for_review in_review approved done' ]
	[ "$(row .evidence.review.reviewer)" = Tester ]
	is_right
}

@test "move: an approval that was taken back is no evidence any more" {
	move WP01 approved --reference PR-7
	run -1 --separate-stderr git sk-task move WP01 doing
	refused 'approved -> in_progress requires a reference to the review' \
		'--review-ref'
	move WP01 doing --review-ref notes/1
	[ "$(row '[.review_ref, .evidence]')" = '["notes/1",null]' ]
	run -1 --separate-stderr git sk-task move WP01 'done'
	refused requires '--reference'
}

@test "move: an approval is one whichever program has written it down" {
	event m WP01 planned in_review
	event m WP01 in_review approved
	# as spec-kitty does that has the result alone
	sed -i '$s/"to_lane"/"review_result": {"reviewer": "eve", "reference": "r-2", "verdict": "approved", "feedback_path": null}, &/' \
		"$LOG"
	event m WP02 planned approved
	sed -i '$s/"evidence": null/"evidence": {"review": {"reviewer": "eve", "reference": "r-3", "verdict": "rejected"}}/' \
		"$LOG"
	commit
	move WP01 'done'
	[ "$(row .evidence)" = \
		'{"review":{"reference":"r-2","reviewer":"eve","verdict":"approved"}}' ]
	run -1 --separate-stderr git sk-task move WP02 'done'
	refused requires '--reference'
}

@test "move: back it goes with what the table asks for, and no force" {
	move WP01 doing
	run -1 --separate-stderr git sk-task move WP01 planned
	refused 'in_progress -> planned requires a reason' '--reason <text>'
	move WP01 planned --reason 'wrong branch'
	[ "$(row '[.force, .reason]')" = '[false,"wrong branch"]' ]
	move WP01 for_review
	run -1 --separate-stderr git sk-task move WP01 doing --review-ref x
	refused 'illegal transition: for_review -> in_progress' 'may go to in_review'
	review WP01 --agent rev
	move WP01 doing --review-ref notes/1 --agent rev
	[ "$(row '[.review_ref, .review_result]')" = \
		'["notes/1",{"reference":"notes/1","reviewer":"Tester","verdict":"changes_requested"}]' ]
}

@test "move: out of done only force leads, with a reason, by one event" {
	move WP01 'done' --reference PR-7
	before=$(rows | wc -l)
	run -1 --separate-stderr git sk-task move WP01 claimed
	refused 'illegal transition: done -> claimed'
	run -1 --separate-stderr git sk-task move WP01 claimed --force
	refused 'force transitions require actor and reason'
	move WP01 claimed --force --reason reopened
	[ "$(rows | wc -l)" = $((before + 1)) ]
	[ "$(row '[.from_lane, .to_lane, .force]')" = '["done","claimed",true]' ]
}

@test "move: the newest review decides about approved, not the first" {
	mkdir "$M/tasks/WP01-x"
	printf -- '---\nverdict: approved\n---\n' >"$M/tasks/WP01-x/review-cycle-9.md"
	printf -- '---\nverdict: rejected\n---\n\nno\n' \
		>"$M/tasks/WP01-x/review-cycle-10.md"
	commit reviews
	move WP01 for_review
	run -1 --separate-stderr git sk-task move WP01 'done' --reference x
	refused "the newest review of WP01 rejects it: 'tasks/WP01-x/review-cycle-10.md'"
	move WP01 approved --reference x --force --reason 'the arbiter says so'
	[ "$(row '[.force, .evidence.review.reference]')" = '[true,"x"]' ]
	printf 'torn' >"$M/tasks/WP01-x/review-cycle-11.md"
	commit torn
	run -1 --separate-stderr git sk-task move WP01 'done'
	refused "has no verdict: 'tasks/WP01-x/review-cycle-11.md'"
	printf -- '---\nverdict: approved\n---\n' >"$M/tasks/WP01-x/review-cycle-11.md"
	commit mended
	move WP01 'done'
}

@test "move: what the gate takes for the newest review, it takes" {
	mkdir "$M/tasks/WP01" "$M/tasks/WP01-x"
	printf -- '---\nverdict: approved\n---\n' >"$M/tasks/WP01-x/review-cycle-1.md"
	printf -- '---\nverdict: rejected\n---\n' >"$M/tasks/WP01/review-cycle-2.md"
	commit reviews
	move WP01 for_review
	run -1 --separate-stderr git sk-task move WP01 'done' --reference x
	refused "the newest review of WP01 rejects it: 'tasks/WP01/review-cycle-2.md'"
	printf -- '---\nverdict: rejected\nreview_artifact_override_at: "2026-05-01"\n---\n' \
		>"$M/tasks/WP01/review-cycle-2.md"
	commit overridden
	move WP01 approved --reference x
}

@test "move: how it is worked on is what lanes.json says" {
	cat >"$M/lanes.json" <<-'END'
		{"version": 1, "mission_slug": "m", "mission_id": "m",
		"mission_branch": "kitty/mission-m", "target_branch": "main",
		"lanes": [{"lane_id": "lane-a", "wp_ids": ["WP01"],
		"depends_on_lanes": [], "parallel_group": 0},
		{"lane_id": "lane-planning", "wp_ids": ["WP02"],
		"depends_on_lanes": [], "parallel_group": 0}]}
	END
	commit lanes
	move WP01 claimed
	[ "$(row .execution_mode)" = worktree ]
	move WP02 claimed
	[ "$(row .execution_mode)" = direct_repo ]
	move WP03 claimed
	[ "$(row .execution_mode)" = direct_repo ]
	printf torn >"$M/lanes.json"
	commit torn
	run -128 --separate-stderr git sk-task move WP01 doing
	[[ $stderr == *"error: 'lanes.json': "*"hint: run 'git sk-mission finalize --mission m'" ]]
}

@test "move: what is not finalized is told how to be" {
	package m WP09 New
	commit
	run -128 --separate-stderr git sk-task move WP09 claimed
	refused 'WP09 has no transition yet' \
		"run 'git sk-mission finalize --mission m'"
	move WP09 claimed --force --reason late
	[ "$(rows | tail -n 2)" = "WP09 genesis planned Tester
WP09 planned claimed Tester" ]
	[ "$(git show "main:$LOG" | tail -n 2 | jq -c .force | xargs)" = \
		'false true' ]
}

@test "move: an unknown work package is answered with those there are" {
	run -128 --separate-stderr git sk-task move WP1 claimed
	refused "mission 'm' has no work package 'WP1'" "did you mean 'WP01'?"
	run -128 --separate-stderr git sk-task move xyz claimed
	refused 'hint: it has WP01, WP02, WP03'
	cp "$M/tasks/WP01-x.md" "$M/tasks/WP01-y.md"
	commit two
	run -128 --separate-stderr git sk-task move WP01 claimed
	[[ $stderr == *"two files in tasks/ are WP01's"* ]]
}

@test "move: the front matter has what was asked for, and no byte else" {
	printf -- '---\r\nwork_package_id: WP01 # ours\r\nagent: "" # who\r\n---\r\nText\r\n' \
		>"$M/tasks/WP01-x.md"
	commit crlf
	move WP01 claimed --agent bob --note 'on it'
	git show "main:$M/tasks/WP01-x.md" | sed 's/20[0-9TZ:-]*/<time>/' >now
	printf -- '---\r\nwork_package_id: WP01 # ours\r\nagent: "bob" # who\r\n---\r\nText\r\n\r\n## Activity Log\r\n\r\n- <time> – bob – on it\r\n' |
		diff - now
	rm now
	move WP01 doing --assignee ann --shell-pid 42 --agent bob
	git show "main:$M/tasks/WP01-x.md" | tr -d '\r"' >now
	grep -x 'assignee: ann' now
	grep -x 'shell_pid: 42' now
}

@test "move: whatever names and notes are, the entry is committed, one line" {
	move WP01 claimed --note '' --agent bob
	move WP01 in_progress --agent $'a\nb' --note $'x \r\n y  ' --shell-pid $'1\n2'
	[ "$(git log -1 --format=%s)" = \
		'chore: Move WP01 to in_progress on spec m [a\nb]' ]
	[ -z "$(git log -1 --format=%b)" ]
	run -0 --separate-stderr git sk-task move WP01 blocked \
		--agent $'\xff – \xc3' --note $'\xfe' --assignee $'\xff'
	[ -z "$stderr" ]
	git show "main:$M/tasks/WP01-x.md" | grep -x 'agent: "� – �"'
	git show "main:$M/tasks/WP01-x.md" | grep -x 'assignee: "�"'
	[ "$(activity WP01)" = 'bob –
a b – shell_pid=1 2 – x    y
� – � – �' ]
	[ -z "$(git status --porcelain)" ]
	git show "main:$M/tasks/WP01-x.md" | iconv -f UTF-8 >/dev/null
	move WP02 claimed --no-commit --agent $'\xff' --note $'\xff ' 2>/dev/null
	move WP02 claimed --agent $'\xff' --note $'\xff ' 2>/dev/null
	[ "$(activity WP02)" = '� – �' ]
	[ -z "$(git status --porcelain)" ]
	long=$(printf 'x%.0s' {1..5000})
	move WP03 claimed --agent "$long"
	[ "$(row .actor)" = "$long" ]
	[ "$(git log -1 --format=%s)" = \
		"chore: Move WP03 to claimed on spec m [${long:0:57}...]" ]
}

@test "move: an agent that is a mapping, or no front matter, is no obstacle" {
	printf -- '---\nagent:\n  tool: bob\n---\n' >"$M/tasks/WP01-x.md"
	printf 'no front matter\n' >"$M/tasks/WP02-x.md"
	commit
	run -0 --separate-stderr git sk-task move WP01 claimed --agent bob
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-task move WP02 claimed --agent bob
	[ "$stderr" = "warning: 'agent' of 'tasks/WP02-x.md' stays as it is: there is no front matter" ]
	[ "$(lane WP02)" = claimed ]
}

@test "move: the mission is the one of the branch, or the one under way" {
	run -0 git sk-task move WP01 claimed -m m
	plan n
	event n WP01 genesis planned
	package n WP01 Other
	commit second
	run -129 --separate-stderr git sk-task move WP01 doing
	[[ $stderr == *'which mission is meant?'*"hint: add '--mission <name>', of 'm', 'n'" ]]
	move WP01 doing --feature m
	run -129 git sk-task move WP01 doing --feature m --mission n
	git worktree add -q ../lane -b kitty/mission-m-lane-a
	cd ../lane
	move WP01 blocked
	[ "$(lane WP01)" = blocked ]
}

@test "move: a mission that is not committed is told to be" {
	git init -q ../bud
	cp -r kitty-specs ../bud
	cd ../bud
	for what in 'move WP01 claimed' 'review WP01' 'implement WP01' \
		'mark WP01 --status done'; do
		# shellcheck disable=SC2086 # words of a command
		run -128 --separate-stderr git sk-task $what
		[ "${stderr#*error: }" = "there is no mission on any branch
hint: run 'git sk-mission create <name>', or commit the one in kitty-specs" ]
	done
}

@test "move: a branch that a remote alone has is named with the remote" {
	git clone -q -o up . ../two
	cd ../two
	git switch -q -c topic
	git branch -q -D main
	run -128 --separate-stderr git sk-task move WP01 claimed
	[[ $stderr == *"branch 'main' is not in this clone yet"*"hint: run 'git branch main up/main'" ]]
	git branch -q main up/main
	move WP01 claimed
}

@test "move: the JSON answer has spec-kitty's keys, and ours" {
	run -0 --separate-stderr git sk-task move WP01 doing --json
	[ -z "$stderr" ]
	[ "$(jq -s length <<<"$output")" = 1 ]
	[ "$(jq -c '[.schema_version, .result, .task_id, .work_package_id,
		.old_lane, .new_lane, .to_lane, .branch]' <<<"$output")" = \
		'[1,"success","WP01","WP01","planned","in_progress","in_progress","main"]' ]
	[ "$(jq -r .commit <<<"$output")" = "$(git rev-parse HEAD)" ]
	[ "$(jq -c .event_ids <<<"$output")" = \
		"$(git show "main:$LOG" | tail -n 2 | jq -sc 'map(.event_id)')" ]
	[ "$(jq -r .event_id <<<"$output")" = "$(row .event_id)" ]
	[ "$(jq -r .status_events_path <<<"$output")" = "$PWD/$LOG" ]
	[ "$(jq -r .path <<<"$output")" = "$PWD/$M/tasks/WP01-x.md" ]
	run -1 --separate-stderr git sk-task move WP01 planned --json
	[ "$(jq -r .error <<<"$output")" = \
		'WP01: transition in_progress -> planned requires a reason' ]
	run -128 --separate-stderr sh -c \
		'git sk-task move WP01 blocked >/dev/full'
	[[ $stderr == *'No space left on device'* ]]
	[ "$(lane WP01)" = blocked ]
}

@test "review: for_review is claimed, with spec-kitty's words" {
	run -1 --separate-stderr git sk-task review WP01
	refused 'WP01 is in planned, not in for_review' \
		"run 'git sk-task implement WP01' first"
	move WP01 for_review --agent bob
	run -0 --separate-stderr git sk-task review WP01 --agent ann
	[[ $output == 'WP01: for_review -> in_review, committed on main: '* ]]
	[ "$(row '[.actor, .reason, .review_ref]')" = \
		'["ann","Started review via action command","action-review-claim"]' ]
	[ "$(activity WP01 | tail -n 1)" = 'ann – Started review' ]
	grep -q '^agent' "$M/tasks/WP01-x.md" # who works on it is not who reviews
	[ "$(grep '^agent' "$M/tasks/WP01-x.md")" = 'agent: "bob"' ]
	run -0 git sk-task review WP01 --agent ann
	[ "$output" = 'WP01 is in in_review already' ]
	move WP02 doing
	run -1 --separate-stderr git sk-task review WP02
	refused "run 'git sk-task move WP02 for_review' first"
	# where that way is not open the hint is what is
	move WP02 blocked
	run -1 --separate-stderr git sk-task review WP02
	refused "run 'git sk-task move WP02 in_progress' first"
	move WP01 approved --reference x --reviewer ann --agent ann
	run -1 --separate-stderr git sk-task review WP01
	refused 'WP01 is in approved, not in for_review' \
		"'git sk-task move WP01 in_progress --review-ref <text>'"
	move WP01 'done'
	run -1 --separate-stderr git sk-task review WP01
	refused "'git sk-task move WP01 in_progress --force --reason <text>'"
	move WP01 in_progress --force --reason 'not yet'
}

@test "review: a second reviewer is refused by name, and force takes over" {
	move WP01 for_review
	review WP01 --agent ann
	run -1 --separate-stderr git sk-task review WP01 --agent bob
	refused "'ann' is reviewing WP01" 'in_review --force --reason'
	run -1 --separate-stderr git sk-task move WP01 in_review --agent bob
	refused "'ann' is reviewing WP01"
	move WP01 in_review --agent bob --force --reason 'ann is ill'
	[ "$(row '[.from_lane, .to_lane, .actor, .force]')" = \
		'["in_review","in_review","bob",true]' ]
	run -0 git sk-task review WP01 --agent bob
}

@test "review: what was fetched and is not merged counts as well" {
	move WP01 for_review
	git tag offered
	review WP01 --agent ann
	git update-ref refs/remotes/origin/main main
	git reset -q --hard offered
	run -1 --separate-stderr git sk-task review WP01 --agent bob
	refused "'ann' is reviewing WP01" 'in_review --force --reason'
	run -1 --separate-stderr git sk-task review WP01 --agent ann
	refused "'WP01' is in in_review on 'origin/main', of which 'main' knows nothing" \
		"'git merge origin/main'"
	move WP01 in_review --agent bob --force --reason 'ann is ill'
	git reset -q --hard start
	git update-ref refs/remotes/origin/main offered
	run -1 --separate-stderr git sk-task review WP01 --agent bob
	refused "'WP01' is in for_review on 'origin/main'" git\ merge
	git merge -q origin/main
	review WP01 --agent bob
	[ "$(row '[.from_lane, .to_lane, .actor]')" = \
		'["for_review","in_review","bob"]' ]
}

@test "review: an actor that is an object is refused by its name" {
	event m WP01 planned for_review
	event m WP01 for_review in_review
	sed -i '$s/"actor": "agent"/"actor": {"tool": "claude", "x": 1}/' "$LOG"
	commit
	run -1 --separate-stderr git sk-task review WP01 --agent bob
	refused "'claude' is reviewing WP01"
}

@test "review: of two at the same moment one is refused" {
	local i status1 status2

	for i in 1 2 3; do
		move "WP0$i" for_review
		git-sk-task review "WP0$i" --agent ann >/dev/null 2>one &
		first=$!
		git-sk-task review "WP0$i" --agent bob >/dev/null 2>two &
		second=$!
		status1=0
		status2=0
		wait "$first" || status1=$?
		wait "$second" || status2=$?
		[ $((status1 + status2)) = 1 ]
		[ "$(rows | grep -c "WP0$i for_review in_review")" = 1 ]
	done
}
