#!/usr/bin/env bats
# git sk-mission setup-plan: the plan of a mission, begun and committed.

load helper
load moments
load fault
load planning

setup() {
	planning_setup
	begin login
}

teardown() {
	sk_teardown
}

# write_spec: one that says something, committed.
write_spec() {
	printf '# Spec\n\n- **FR-001**: people can log in\n' >"$DIR/spec.md"
	git commit -qm spec -- "$DIR/spec.md"
}

# write_plan: one that says something.
write_plan() {
	printf '# Plan\n\n## Technical Context\n\n%s\n%s\n' \
		'**Language/Version**: C11' '**Testing**: bats' >"$DIR/plan.md"
}

@test "setup-plan: a spec that says nothing, or is not committed, is blocked" {
	local before

	before=$(git rev-parse HEAD)
	run -1 --separate-stderr git sk-mission setup-plan "$MISSION"
	[[ $output == *'spec.md says nothing yet'* ]]
	[[ $stderr == 'hint: fill in a requirement'* ]]
	run -1 --separate-stderr git sk-mission setup-plan "$MISSION" --json
	[ -z "$stderr" ]
	jq -e --arg m "$MISSION" '.schema_version == 1 and
		.result == "blocked" and .phase_complete == false and
		.error_code == "SPEC_NOT_SUBSTANTIVE_OR_UNCOMMITTED" and
		.blocked_reason and .spec_committed and
		.spec_substantive == false and .mission_slug == $m and
		(.remediation | length > 0)' <<<"$output"
	echo '- **FR-001**: people can log in' >>"$DIR/spec.md"
	run -1 git sk-mission setup-plan "$MISSION" --json
	jq -e '.spec_committed == false and .spec_substantive' <<<"$output"
	git rm -qf "$DIR/spec.md" && git commit -qm gone
	run -1 git sk-mission setup-plan "$MISSION" --json
	jq -e '.error_code == "SPEC_FILE_MISSING" and .error' <<<"$output"
	[ ! -e "$DIR/plan.md" ]
	[ "$(git rev-parse HEAD~)" = "$before" ]
	[ -z "$(git status --porcelain)" ]
	[ "$(rows PlanStarted)" = 0 ]
}

@test "setup-plan: the template is left for the team to fill in" {
	write_spec
	run -1 --separate-stderr git sk-mission setup-plan "$MISSION" --json
	jq -e '.result == "blocked" and .plan_made and
		.plan_substantive == false and .spec_committed and
		.spec_substantive and .current_branch == "main" and
		.BRANCH_MATCHES_TARGET' <<<"$output"
	git sk-mission template plan-template.md | cmp - "$DIR/plan.md"
	[ "$(git status --porcelain)" = "?? $DIR/plan.md" ]
	[ "$(git log -1 --format=%s)" = "Begin plan for feature $MISSION" ]
	[ "$(rows SpecifyCompleted) $(rows PlanStarted) $(rows PlanCompleted)" = \
		'1 1 0' ]
	# again: nothing to do, and still not done
	run -1 git sk-mission setup-plan "$MISSION"
	[[ $output == *'plan.md says nothing yet'* ]]
	[ "$(rows PlanStarted)" = 1 ]
	[ "$(git rev-list --count HEAD)" = 4 ]
}

@test "setup-plan: a plan that says something is committed, once" {
	write_spec
	write_plan
	run -0 --separate-stderr git sk-mission setup-plan "$MISSION" --json
	jq -e --arg head "$(git rev-parse HEAD)" '.result == "success" and
		.phase_complete and .plan_substantive and
		.plan_made == false and .commit_hash == $head and
		(.plan_file | endswith("/plan.md"))' <<<"$output"
	[ "$(git log -1 --format=%s)" = "Add plan for feature $MISSION" ]
	[ -z "$(git status --porcelain)" ]
	jq -es '[.[].event_type] == ["MissionCreated", "SpecifyStarted",
		"SpecifyCompleted", "PlanStarted", "PlanCompleted"] and
		(.[2].payload.artifact_path | endswith("/spec.md")) and
		(.[4].payload.artifact_path | endswith("/plan.md")) and
		.[4].payload.summary == null' "$DIR/status.events.jsonl"
	[ "$(git sk-eventlog reduce "$DIR/status.events.jsonl")" = \
		"$(cat "$DIR/status.json")" ]
	run -0 --separate-stderr git sk-mission setup-plan "$MISSION"
	[ "$output" = "The plan of $MISSION is committed on main." ]
	[ "$(git rev-list --count HEAD)" = 4 ]
	# an edit of it is committed, without rows
	echo more >>"$DIR/plan.md"
	git sk-mission setup-plan "$MISSION"
	[ "$(git rev-list --count HEAD)" = 5 ]
	[ "$(rows PlanCompleted)" = 1 ]
	[ -z "$(git status --porcelain)" ]
}

@test "setup-plan: the mission is named in any way, or the others are" {
	write_spec
	write_plan
	run -128 --separate-stderr git sk-mission setup-plan nothing --json
	jq -es --arg m "$MISSION" 'length == 1 and (.[0] |
		.error_code == "PLAN_CONTEXT_UNRESOLVED" and .error and
		.mission_flag == "nothing" and
		.available_missions == [$m])' <<<"$output"
	run -129 git sk-mission setup-plan a --mission b
	run -129 git sk-mission setup-plan a --frob
	run -0 git sk-mission setup-plan
	run -0 git sk-mission setup-plan --mission "$MISSION"
	run -0 git sk-mission setup-plan --feature "${MISSION##*-}"
	run -128 bash -c "git sk-mission setup-plan $MISSION >/dev/full"
	git sk-mission create second
	run -129 --separate-stderr git sk-mission setup-plan --json
	jq -es 'length == 1 and (.[0].available_missions | length == 2)' \
		<<<"$output"
	cd "$BATS_TEST_TMPDIR"
	run -128 --separate-stderr git sk-mission setup-plan a --json
	jq -e .error <<<"$output"
}

@test "setup-plan: a target that is not checked out is committed to" {
	write_spec
	git checkout -q -b elsewhere
	run -1 --separate-stderr git sk-mission setup-plan "$MISSION" --json
	jq -e '.plan_made and .branch_matches_target == false' <<<"$output"
	# where else could anyone find it
	git cat-file -e "main:$DIR/plan.md"
	[ "$(git rev-parse elsewhere)" = "$(git rev-parse main~)" ]
	[ -z "$(git status --porcelain)" ]
	git clone -q --bare . ../bare
	cd ../bare
	run -1 git sk-mission setup-plan "$MISSION"
	[[ $output == *"plan.md says nothing yet, in $DIR on main, which is not checked out."* ]]
}

@test "setup-plan: what else is staged and edited stays as it is" {
	write_spec
	write_plan
	echo 1 >staged && git add staged
	echo more >>"$DIR/spec.md"
	git sk-mission setup-plan "$MISSION"
	[ "$(git status --porcelain | xargs)" = "M $DIR/spec.md A staged" ]
	[ "$(git log -1 --format= --name-only | wc -l)" = 3 ]
}

@test "setup-plan: a hook that refuses leaves what the next run commits" {
	write_spec
	write_plan
	printf '#!/bin/sh\necho no >&2\nexit 1\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	run -128 --separate-stderr git sk-mission setup-plan "$MISSION"
	[[ $stderr == *'written, but not committed'*no* ]]
	rm .git/hooks/pre-commit
	run -0 git sk-mission setup-plan "$MISSION"
	[ -z "$(git status --porcelain)" ]
	[ "$(rows PlanCompleted)" = 1 ]
}

# is_planned: a run to the end makes it so, once; undone behind it.
is_planned() {
	run -0 git sk-mission setup-plan "$MISSION"
	[ -z "$(git status --porcelain)" ]
	[ "$(git rev-list --count base..)" = 1 ]
	[ "$(rows PlanCompleted) $(rows PlanStarted)" = '1 1' ]
	git reset -q --hard base
	write_plan
}

@test "setup-plan: killed at each write, the next run finishes it" {
	write_spec
	write_plan
	git tag base
	git config core.fsync none
	killed_at is_planned openat write rename unlink sendto -- \
		git-sk-mission setup-plan "$MISSION"
	[ "$KILLS" -ge 12 ]
}

@test "setup-plan: the identity boundary refuses before anything is written" {
	git sk-setup >/dev/null
	start_fault ok
	write_spec
	write_plan
	stranger
	run -2 --separate-stderr git sk-mission setup-plan "$MISSION"
	[ -z "$output" ]
	[[ $stderr == *'Sync boundary refused'* ]]
	[ "$(git status --porcelain)" = "?? $DIR/plan.md" ]
	[ "$(rows PlanStarted)" = 0 ]
}
