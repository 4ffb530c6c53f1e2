#!/usr/bin/env bats
# git sk-mission finalize: the work packages of a mission, checked and committed.

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

# wp <id> <line>...: the file of a work package, with these lines of front
# matter besides.
wp() {
	{
		printf -- '---\nwork_package_id: %s  # ours\n' "$1"
		printf 'title: "Do %s"\n' "$1"
		printf '%s\n' "${@:2}" ---
		printf '\n# What is to be done\n\nshell_pid: ""\n'
	} >"$DIR/tasks/$1-do.md"
}

# tasks <section>...: tasks.md, with what it depends on behind a colon.
tasks() {
	local each

	echo '# Tasks' >"$DIR/tasks.md"
	for each; do
		printf '\n## %s\n\n- [ ] T0%s do it\n\nDependencies: %s\n' \
			"${each%%:*}" "${each:2:2}" "${each#*:}" \
			>>"$DIR/tasks.md"
	done
}

# spec <FR>...: spec.md, committed.
spec() {
	printf '# Spec\n\n' >"$DIR/spec.md"
	printf -- '- **%s**: it works\n' "$@" >>"$DIR/spec.md"
	git commit -qm spec -- "$DIR/spec.md"
}

# sound: three work packages without a fault, the spec committed.
sound() {
	spec FR-001 FR-002
	wp WP01 'requirement_refs: [FR-001]' 'owned_files: ["src/a/**"]'
	wp WP02 'requirement_refs: [FR-002]' 'owned_files: ["src/b/**"]'
	wp WP03 'requirement_refs: [FR-002]' 'owned_files: ["src/c/**"]'
	tasks WP01:none WP02:WP01 WP03:WP01
}

# lane_rows: wp and lanes of each transition in the committed log.
lane_rows() {
	git show "HEAD:$DIR/status.events.jsonl" | jq -rs '.[] |
		select(.wp_id) | "\(.wp_id) \(.from_lane) \(.to_lane)"'
}

@test "finalize: front matters, lanes, log and status are one commit" {
	sound
	run -0 --separate-stderr git sk-mission finalize "$MISSION"
	[ -z "$stderr" ]
	[ "$output" = "3 work packages of $MISSION finalized: 3 files below tasks/ changed, committed on main: $(git rev-parse --short=10 HEAD)." ]
	[ "$(git log -1 --format=%s)" = "Add tasks for feature $MISSION" ]
	[ -z "$(git status --porcelain)" ]
	[ "$(git log -1 --format= --name-only | sed "s,^$DIR/,," | xargs)" = \
		'lanes.json status.events.jsonl status.json tasks.md tasks/WP01-do.md tasks/WP02-do.md tasks/WP03-do.md' ]
	[ "$(lane_rows)" = "$(printf '%s planned planned\n' WP01 WP02 WP03)" ]
	jq -es 'map(select(.wp_id)) | all(.actor == "finalize-tasks" and
		.force and .reason == "canonical bootstrap" and
		.execution_mode == "worktree")' "$DIR/status.events.jsonl"
	[ "$(rows TasksStarted) $(rows WPCreated) $(rows TasksCompleted)" = \
		'1 3 1' ]
	[ "$(git sk-eventlog reduce "$DIR/status.events.jsonl")" = \
		"$(cat "$DIR/status.json")" ]
	jq -e --arg m "$MISSION" '.mission_slug == $m and
		.target_branch == "main" and
		[.lanes[].lane_id] == ["lane-a", "lane-b", "lane-c"] and
		.lanes[1].depends_on_lanes == ["lane-a"]' "$DIR/lanes.json"
	run -0 git sk-eventlog check "$DIR/status.events.jsonl"
}

@test "finalize: of a work package's file nothing changes but its keys" {
	sound
	cp "$DIR/tasks/WP02-do.md" before
	git sk-mission finalize "$MISSION"
	diff before "$DIR/tasks/WP02-do.md" | grep '^[<>]' >changed || true
	run -1 grep '^<' changed # comments, quotes, the rest: all is there
	grep -q '^> dependencies:' changed
	grep -q '^> execution_mode: ' changed
	grep -q 'work_package_id: WP02  # ours' "$DIR/tasks/WP02-do.md"
}

@test "finalize: a second run finds nothing to do" {
	sound
	git sk-mission finalize "$MISSION"
	local head

	head=$(git rev-parse HEAD)
	run -0 --separate-stderr git sk-mission finalize "$MISSION" --json
	jq -e '.result == "success" and .commit_created == false and
		.commit_hash == null and .modified_wps == [] and
		.files_committed == [] and
		.unchanged_wps == ["WP01", "WP02", "WP03"] and
		.preserved_wps == ["WP02", "WP03"] and
		.bootstrap == {total_wps: 3, newly_seeded: 0,
			already_initialized: 3}' <<<"$output"
	run -0 git sk-mission finalize "$MISSION"
	[[ $output == *'nothing to do.' ]]
	[ "$(git rev-parse HEAD)" = "$head" ]
	# one more is added to what there is
	wp WP04 'requirement_refs: [FR-001]' 'owned_files: ["doc/**"]'
	tasks WP01:none WP02:WP01 WP03:WP01 WP04:none
	run -0 git sk-mission finalize "$MISSION" --json
	jq -e '.modified_wps == ["WP04"] and .bootstrap.newly_seeded == 1' \
		<<<"$output"
	[ "$(rows WPCreated) $(rows TasksCompleted)" = '4 1' ]
	[ "$(lane_rows | wc -l)" = 4 ]
}

@test "finalize: the document has what spec-kitty's has" {
	sound
	run -0 --separate-stderr git sk-mission finalize "$MISSION" --json
	jq -e --arg m "$MISSION" --arg head "$(git rev-parse HEAD)" '
		.schema_version == 1 and .result == "success" and
		.wp_count == 3 and .updated_wp_count == 3 and
		.modified_wps == ["WP01", "WP02", "WP03"] and
		.preserved_wps == [] and .commit_created and
		.commit_hash == $head and
		.files_committed == ["lanes.json", "status.events.jsonl",
			"status.json", "tasks.md", "tasks/WP01-do.md",
			"tasks/WP02-do.md", "tasks/WP03-do.md"] and
		(.tasks_dir | endswith("/tasks")) and
		.dependencies_parsed.WP02 == ["WP01"] and
		.requirement_refs_parsed.WP01 == ["FR-001"] and
		.bootstrap.newly_seeded == 3 and .lanes.computed and
		.lanes.count == 3 and .lanes.lane_ids[0] == "lane-a" and
		.lanes.planning_artifact_wps == [] and
		.ownership_warnings == [] and .mission_slug == $m' \
		<<<"$output"
}

@test "finalize: --validate-only says the same and writes nothing" {
	local before

	sound
	before=$(git status --porcelain; listing kitty-specs)
	run -0 --separate-stderr git sk-mission finalize "$MISSION" \
		--validate-only --json
	jq -e '.result == "validation_passed" and .validate_only and
		.wp_count == 3 and .updated_wp_count == 3 and
		(.would_modify[0].changes | index("dependencies")) and
		.unchanged == [] and .would_preserve == [] and
		.validation.bootstrap_preview.newly_seeded == 3 and
		.validation.lanes_preview.count == 3' <<<"$output"
	run -0 git sk-mission finalize "$MISSION" --validate-only
	[ "$output" = "3 work packages of $MISSION can be finalized: 3 files below tasks/ would change." ]
	[ "$(git status --porcelain; listing kitty-specs)" = "$before" ]
	wp WP05
	run -1 git sk-mission finalize "$MISSION" --validate-only
	[[ $output == *WP05* ]]
}

@test "finalize: all that is wrong is told at once, and nothing is written" {
	local before

	spec FR-001 FR-009
	wp WP01 'requirement_refs: [FR-001, FR-077]' 'dependencies: [WP02]' \
		'owned_files: ["src/a/**"]'
	wp WP02 'requirement_refs: [FR-001]' 'dependencies: [WP01]' \
		'owned_files: ["src/a/b.c", "kitty-specs/x"]'
	wp WP03 'owned_files: ["src/c/**"]' 'dependencies: [WP02]'
	wp WP04 'requirement_refs: [FR-001]' 'owned_files: ["src/ab/**"]'
	tasks WP01:WP02 WP02:WP01 WP03:WP01 WP06:none
	before=$(git status --porcelain; listing kitty-specs)
	run -1 --separate-stderr git sk-mission finalize "$MISSION" --json
	jq -e '.schema_version == 1 and .error and
		.missing_wp_sections == ["WP04"] and
		.extra_wp_sections == ["WP06"] and
		.dependency_conflicts == ["WP03"] and
		.missing_requirement_refs_wps == ["WP03"] and
		.unknown_requirement_refs == ["WP01"] and
		.unmapped_functional_requirements == ["FR-009"] and
		(.invalid_owned_files | length == 1) and
		(.ownership_errors | length == 1) and (.cycles | length > 0) and
		.dependencies_parsed and .requirement_refs_parsed' \
		<<<"$output"
	run -1 --separate-stderr git sk-mission finalize "$MISSION"
	[ "${#lines[@]}" -ge 9 ]
	[ "${#stderr_lines[@]}" = 1 ]
	[ "$(git status --porcelain; listing kitty-specs)" = "$before" ]
	[ "$(rows TasksStarted)" = 0 ]
}

@test "finalize: neither tasks.md nor a work package is a fault by name" {
	run -1 --separate-stderr git sk-mission finalize "$MISSION"
	[[ $output == *"neither 'tasks.md' nor 'wps.yaml'"* ]]
	[[ $output == *"no work package below 'tasks'"* ]]
}

@test "finalize: wps.yaml decides, and tasks.md gets what it lacks" {
	spec FR-001
	wp WP01 'requirement_refs: [FR-001]' 'owned_files: ["src/a/**"]'
	wp WP02 'requirement_refs: [FR-001]' 'owned_files: ["src/b/**"]'
	cat >"$DIR/wps.yaml" <<-'YAML'
		work_packages:
		  - id: WP01
		    title: First
		    dependencies: []
		    requirement_refs: [FR-001]
		  - id: WP02
		    title: Second
		    dependencies: [WP01]
	YAML
	git sk-mission finalize "$MISSION"
	[ -z "$(git status --porcelain)" ]
	grep -q '^## WP01: First$' "$DIR/tasks.md"
	grep -q '^\*\*Dependencies\*\*: WP01$' "$DIR/tasks.md"
	grep -q 'WP01' <(sed -n '/^dependencies/,/^[a-z]/p' \
		"$DIR/tasks/WP02-do.md")
	# what somebody has ticked there stays
	sed -i 's/^## WP02.*/&\n\n- [x] T001 done/' "$DIR/tasks.md"
	printf '  - {id: WP03, title: Third}\n' >>"$DIR/wps.yaml"
	wp WP03 'requirement_refs: [FR-001]' 'owned_files: ["src/c/**"]'
	git sk-mission finalize "$MISSION"
	grep -q '^- \[x\] T001 done$' "$DIR/tasks.md"
	[ "$(grep -c '^## WP' "$DIR/tasks.md")" = 3 ]
	run -0 git sk-mission finalize "$MISSION"
	[[ $output == *'nothing to do.' ]]
}

@test "finalize: one that nobody says the files of is warned about" {
	sound
	wp WP03 'requirement_refs: [FR-002]' 'scope: codebase-wide'
	run -0 --separate-stderr git sk-mission finalize "$MISSION"
	[[ $stderr == *'warning: nothing says what WP03 owns'* ]]
}

@test "finalize: what is staged and edited elsewhere stays as it is" {
	sound
	echo 1 >staged && git add staged
	echo more >>"$DIR/spec.md"
	git sk-mission finalize "$MISSION"
	[ "$(git status --porcelain | xargs)" = "M $DIR/spec.md A staged" ]
}

@test "finalize: unknown missions, options, places" {
	run -128 --separate-stderr git sk-mission finalize nothing --json
	jq -es --arg m "$MISSION" 'length == 1 and (.[0] |
		.error_code == "FEATURE_CONTEXT_UNRESOLVED" and
		.available_missions == [$m])' <<<"$output"
	run -129 git sk-mission finalize a --feature b
	run -129 git sk-mission finalize a --frob
	sound
	run -0 git sk-mission finalize
	run -0 git sk-mission finalize --feature "$MISSION"
	run -0 git sk-mission finalize-tasks --feature "$MISSION"
	run -128 bash -c "git sk-mission finalize $MISSION >/dev/full"
}

@test "finalize: committed to a target that is checked out elsewhere, or not" {
	sound
	git add . && git commit -qm tasks
	git checkout -q -b elsewhere
	run -0 --separate-stderr git sk-mission finalize "$MISSION" --json
	jq -e '.commit_created and .tasks_dir == null' <<<"$output"
	git cat-file -e "main:$DIR/lanes.json"
	[ -z "$(git status --porcelain)" ]
	run -0 git sk-mission finalize "$MISSION"
	[[ $output == *'nothing to do.' ]]
	git worktree add -q ../tree main
	wp WP03 'requirement_refs: [FR-002]' 'owned_files: ["src/d/**"]'
	git checkout -q . # of no account: main is what counts
	sed -i 's,src/c,src/d,' "../tree/$DIR/tasks/WP03-do.md"
	mkdir sub && cd sub
	git sk-mission finalize "$MISSION"
	cd ../../tree
	[ -z "$(git status --porcelain)" ]
	git clone -q --bare . ../bare
	cd ../bare
	run -0 git sk-mission finalize "$MISSION"
	[[ $output == *'nothing to do.' ]]
}

@test "finalize: the status goes to the coordination branch, if there is one" {
	sound
	git branch "kitty/mission-$MISSION"
	git worktree add -q ".worktrees/$MISSION-coord" "kitty/mission-$MISSION"
	echo .worktrees >.git/info/exclude
	run -0 git sk-mission show "$MISSION"
	[[ $output == *"kitty/mission-$MISSION (coordination)"* ]]
	git sk-mission finalize "$MISSION"
	git show "kitty/mission-$MISSION:$DIR/status.events.jsonl" |
		jq -es 'map(select(.to_lane)) | length == 3'
	run -128 git cat-file -e "main:$DIR/status.json"
	git cat-file -e "main:$DIR/lanes.json"
	[ -z "$(git status --porcelain)" ]
	[ -z "$(git -C ".worktrees/$MISSION-coord" status --porcelain)" ]
	run -0 git sk-mission finalize "$MISSION"
	[[ $output == *'nothing to do.' ]]
}

@test "finalize: in a repository of sha256" {
	git init -q --object-format=sha256 ../wide
	cd ../wide
	begin login
	sound
	run -0 git sk-mission finalize "$MISSION"
	[ -z "$(git status --porcelain)" ]
}

@test "finalize: a hook that refuses leaves what the next run commits" {
	sound
	printf '#!/bin/sh\necho no >&2\nexit 1\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	run -128 --separate-stderr git sk-mission finalize "$MISSION"
	[[ $stderr == *'written, but not committed'*no* ]]
	rm .git/hooks/pre-commit
	git sk-mission finalize "$MISSION"
	[ -z "$(git status --porcelain)" ]
	[ "$(rows WPCreated)" = 3 ]
	[ "$(lane_rows | wc -l)" = 3 ]
}

# is_finished: a run to the end makes it so, once; undone behind it.
is_finished() {
	run -0 git sk-mission finalize "$MISSION"
	[ -z "$(git status --porcelain)" ]
	[ "$(git rev-list --count base..)" = 1 ]
	[ "$(lane_rows | wc -l) $(rows WPCreated)" = '3 3' ]
	git reset -q --hard base
	cp -r ../sound/. "$DIR"
}

@test "finalize: killed at each write, the next run finishes it" {
	sound
	cp -r "$DIR" ../sound
	git tag base
	git config core.fsync none
	killed_at is_finished openat write rename unlink sendto -- \
		git-sk-mission finalize "$MISSION"
	[ "$KILLS" -ge 12 ]
}

@test "finalize: two at once are one change" {
	local pids=() each

	sound
	for each in 1 2 3; do
		git sk-mission finalize "$MISSION" >/dev/null &
		pids+=("$!")
	done
	for each in "${pids[@]}"; do
		wait "$each"
	done
	[ "$(lane_rows | wc -l) $(rows WPCreated)" = '3 3' ]
	[ "$(git log --format=%s | grep -c '^Add tasks')" = 1 ]
	[ -z "$(git status --porcelain)" ]
}

@test "finalize: the identity boundary refuses before anything is written" {
	local before

	git sk-setup >/dev/null
	start_fault ok
	sound
	stranger
	before=$(git status --porcelain; listing kitty-specs)
	run -2 --separate-stderr git sk-mission finalize "$MISSION"
	[ -z "$output" ]
	[[ $stderr == *'Sync boundary refused'* ]]
	[ "$(git status --porcelain; listing kitty-specs)" = "$before" ]
}

@test "finalize: its transitions are sent, once, as those of others are" {
	git sk-setup >/dev/null
	start_ingestd
	log_in
	sound
	run -0 --separate-stderr git sk-mission finalize "$MISSION" --json
	[ -z "$stderr" ]
	sent 3
	git sk-mission finalize "$MISSION" --json
	sent 3
}

@test "finalize: what nobody can read of the log is told" {
	sound
	printf '%s\ntorn' '<<<<<<< HEAD' >>"$DIR/status.events.jsonl"
	run -0 --separate-stderr git sk-mission finalize "$MISSION"
	[ "$stderr" = "warning: a line of the event log was torn, and is in '$(echo "$PWD/$DIR/"*.torn-*)' now
warning: 1 line of the event log cannot be read; run 'git sk-eventlog check $PWD/$DIR/status.events.jsonl'" ]
	git show "HEAD:$DIR/status.events.jsonl" | grep -q '^<<<<<<<'
}
