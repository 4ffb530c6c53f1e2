# What the tests of 'git sk-task mark' share. Loaded behind helper and board.

MISSION=kitty-specs/m
TASKS=$MISSION/tasks.md

# mark_setup: mission m on main, with a task of each form and two work packages.
mark_setup() {
	sk_setup
	prepared all_forms
	START=$(git rev-parse HEAD)
}

all_forms() {
	echo .worktrees >.git/info/exclude
	plan m
	package m WP01 'The form'
	package m WP02 'The rest'
	printf '%s\n' '# Tasks' '- [ ] T001 One' '- [ ] T002 Two' '' \
		'| ID | Status | Text |' '|---|---|---|' \
		'| T003 | [ ] | Three |' '| T004 | [ ] | Four |' '' \
		'## WP02' '**Subtasks**: T005, T006' '' 'The end' >$TASKS
	commit plan
}

# approved <WP> [<evidence>]: it was approved, which the log has; committed.
approved() {
	local review='{"review": {"reference": "pr-1", "reviewer": "bob", "verdict": "approved"}}'

	event m "$1" in_review approved
	sed -i '$s|"evidence": null|"evidence": '"${2:-$review}|" \
		$MISSION/status.events.jsonl
	commit "$1: approved"
}

# mark <status> <argument>...: run it, expecting that exit status.
mark() {
	run "-$1" --separate-stderr git sk-task mark "${@:2}"
}

# outcomes: "<id> <outcome> <format>" of each result in $output, one a line.
outcomes() {
	jq -r '.results[] | "\(.id) \(.outcome) \(.format)"' <<<"$output"
}

# changed: paths that the newest commit changed, one a line.
changed() {
	git show --format= --name-only "${1:-HEAD}"
}

# in_log <jq filter>: of the last line of the event log.
in_log() {
	tail -n 1 $MISSION/status.events.jsonl | jq -r "$1"
}
