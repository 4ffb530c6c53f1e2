# What the tests of bookkeeping in a merge share. Loaded behind mergeplan.

MADE=$BUILD/tests/tool/mergeplan
BOOKS="kitty-specs/001-a/meta.json kitty-specs/001-a/status.events.jsonl \
kitty-specs/001-a/status.json"

# record_setup: mission 001-a, approved, and into its repository.
record_setup() {
	plan_setup
	unset SPEC_KITTY_AGENT
	FOLDER=kitty-specs/001-a
}

# in_commit <file>: of the mission, as the plan's commit has it.
in_commit() {
	git cat-file blob "$COMMIT:$FOLDER/$1"
}

# landed [<strategy> [<mission> [<into>]]]: the plan is ready; sets COMMIT, and
# the lines that it puts behind the log, ROWS. What it records can be read, and
# is all that it does beside the merge.
landed() {
	local files=$BATS_TEST_TMPDIR/made before

	before=$(state)
	run -0 --separate-stderr "$MADE" "$@"
	echo "$output"
	[ "$(state)" = "$before" ]
	PLANNED=$output
	COMMIT=$(sed -n 's/^commit //p' <<<"$output")
	[ "$(tail -n 1 <<<"$output" | cut -d' ' -f4)" = "$COMMIT" ]
	rm -rf "$files"
	mkdir "$files"
	in_commit status.events.jsonl >"$files/status.events.jsonl"
	in_commit status.json >"$files/status.json"
	in_commit meta.json >"$files/meta.json" 2>/dev/null ||
		rm "$files/meta.json"
	git sk-eventlog check "$files/status.events.jsonl" ||
		[ -n "$IS_FAULTY" ]
	git sk-eventlog reduce "$files/status.events.jsonl" >"$files/reduced" ||
		[ -n "$IS_FAULTY" ]
	cmp "$files/reduced" "$files/status.json"
	[ "$(jq '.work_packages[].lane' "$files/status.json" | sort -u |
		grep -vxE '"(done|canceled)"')" = '' ]
	ROWS=$(grep -aE '"reason": "(Merged|canonical bootstrap)' \
		"$files/status.events.jsonl" || :)
}

# rows <filter>: of each line, in one.
rows() {
	jq -r "$1" <<<"$ROWS" | xargs
}

# changed <from>: which files the commit changes.
changed() {
	git diff-tree -r --name-only "$1" "$COMMIT" | xargs
}

# refused: bookkeeping alone is in the way; the words are in the message.
refused() {
	blocked unrecordable_mission
	[[ $(get '.blockers[0].message') = \
		"mission '001-a': its merge cannot be recorded: "*$1* ]]
	remedy 0
}

# carried_out: all is where the plan that landed would put it.
carried_out() {
	local ref from to

	while read -r _ ref from to; do
		git update-ref "$ref" "$to" "$from"
	done < <(grep '^ref ' <<<"$PLANNED")
	git reset -q --hard
}
