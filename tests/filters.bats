#!/usr/bin/env bats
# What git sk-setup has git do with the files of missions: show them in words
# (tests/eventlog.bats), and merge them by our programs.

load helper
load logmerge

STATUS=kitty-specs/001-a/status.json
MERGE='kitty-specs/**/status.events.jsonl merge=sk-eventlog
kitty-specs/**/status.json merge=sk-status'

setup() {
	sk_setup
	enter_repo
}

teardown() {
	sk_teardown
}

# diverged: main and side have a row each, and a status.json, by setup's driver.
diverged() {
	git sk-setup -q "$@"
	mission 001-a
	state 1
	git checkout -q -b side
	state 3
	git checkout -q main
	state 4
}

# state <n>: a commit of that row, with its status.json.
state() {
	row "$1"
	git sk-eventlog reduce "$LOG" >"$STATUS"
	git add kitty-specs
	git commit -qm "row $1"
}

# unconfigured: no command of ours is in the configuration.
unconfigured() {
	run -1 git config --get-regexp '^(diff|merge)\.'
}

@test "filters: after setup git merges row by row" {
	diverged
	run -0 --separate-stderr git merge -q side
	[ -z "$stderr" ]
	[ "$(rows)" = "1 3 4" ]
	git sk-eventlog reduce "$LOG" | cmp - "$STATUS"
	git worktree add -q -b third ../linked HEAD^
	cd ../linked
	PATH=${PATH//$BUILD/\/gone} run -0 --separate-stderr git merge -q side
	[ "$(rows)" = "1 3 4" ]
}

@test "filters: where the program is gone both sides are there" {
	diverged
	for name in eventlog status; do
		git config "merge.sk-$name.driver" "$(git config \
			"merge.sk-$name.driver" | sed "s,$BUILD,/gone,")"
	done
	run -0 --separate-stderr git merge -q side # found in PATH
	[ "$(rows)" = "1 3 4" ]
	git reset -q --hard HEAD^
	PATH=${PATH//$BUILD/\/gone} run -1 --separate-stderr git merge -q side
	[ "$(git status --porcelain)" = "M  $LOG
UU $STATUS" ]
	[ "$(sort <(log_rows | xargs -n 1) | xargs)" = "1 3 4" ]
	[ "$(grep -c '^[<=>]\{7\}' "$STATUS")" -ge 3 ]
	git sk-setup -q # and repairs what leads nowhere
	[[ $(git config merge.sk-status.driver) == *"'$BUILD/bin/git-sk-eventlog'"* ]]
}

@test "filters: where the program fails there is a conflict, with both sides" {
	local bin=$BATS_TEST_TMPDIR/bin

	diverged
	mkdir "$bin"
	printf '#!/bin/sh\nkill -SEGV $$\n' >"$bin/git-sk-eventlog"
	chmod +x "$bin/git-sk-eventlog"
	for name in eventlog status; do
		git config "merge.sk-$name.driver" "$(git config \
			"merge.sk-$name.driver" | sed "s,$BUILD/bin,$bin,")"
	done
	run -1 git merge -q side
	[ "$(git status --porcelain)" = "UU $LOG
UU $STATUS" ]
	[ "$(sort <(log_rows | xargs -n 1) | xargs)" = "1 3 4" ]
	[ "$(grep -c '^[<=>]\{7\}' "$STATUS")" -ge 3 ]
}

@test "filters: the program may lie in a folder of any name" {
	local bin="$BATS_TEST_TMPDIR/it's \$here, 100%O"

	mkdir -p "$bin/bin" "$bin/libexec/git-sk"
	cp "$BUILD"/bin/* "$bin/bin"
	cp "$BUILD"/hooks/* "$bin/libexec/git-sk" 2>/dev/null || true
	PATH=$bin/bin:$PATH
	diverged
	PATH=${PATH//"it's"/gone}
	PATH=${PATH//$BUILD/\/gone}
	run -0 --separate-stderr git merge -q side
	[ -z "$stderr" ]
	[ "$(rows)" = "1 3 4" ]
}

@test "filters: a mission of any name is merged" {
	diverged
	git checkout -q --orphan begin
	git rm -q -rf .
	mkdir -p "kitty-specs/it's \$a"
	LOG="kitty-specs/it's \$a/status.events.jsonl"
	printf '{"event_id": "01KE1", "at": "2026-05-01T10:00:01Z"}\n' >"$LOG"
	git add .
	git commit -qm 1
	git checkout -q -b one
	printf '{"event_id": "01KE3", "at": "2026-05-01T10:00:03Z"}\n' >>"$LOG"
	git commit -qam 3
	git checkout -q -b two HEAD^
	printf '{"event_id": "01KE2", "at": "2026-05-01T10:00:02Z"}\n' >>"$LOG"
	git commit -qam 2
	run -0 --separate-stderr git merge -q one
	[ -z "$stderr" ]
	[ "$(rows)" = "1 2 3" ]
}

@test "filters: spec-kitty's own driver and attributes are not touched" {
	git config merge.spec-kitty-event-log.driver 'spec-kitty merge %O %A %B'
	echo 'kitty-specs/**/status.events.jsonl merge=spec-kitty-event-log' \
		>.gitattributes
	git sk-setup -q
	[ "$(git config merge.spec-kitty-event-log.driver)" = \
		'spec-kitty merge %O %A %B' ]
	[ "$(git check-attr merge "$LOG")" = "$LOG: merge: sk-eventlog" ]
	[ "$(git check-attr merge "$STATUS")" = "$STATUS: merge: sk-status" ]
	git sk-setup --remove -q
	[ "$(git check-attr merge "$LOG")" = \
		"$LOG: merge: spec-kitty-event-log" ]
	[ "$(git config merge.spec-kitty-event-log.driver)" = \
		'spec-kitty merge %O %A %B' ]
}

@test "filters: a merge driver of the user's own says more" {
	mkdir -p .git/info
	echo 'kitty-specs/** merge=mine' >.git/info/attributes
	git sk-setup -q
	[ "$(git check-attr merge "$LOG")" = "$LOG: merge: mine" ]
}

@test "filters: setup completes what an older one left, --remove takes it all" {
	mkdir -p .git/info
	printf '%s\n' '# mine' '*.c diff=cpp' >.git/info/attributes
	cp .git/info/attributes .git/config ..
	git sk-setup -q
	cp .git/info/attributes ../all
	# as git-sk was before it merged
	grep -v 'merge' ../all >.git/info/attributes
	git config --remove-section merge.sk-eventlog
	git config --remove-section merge.sk-status
	run -0 git sk-setup --dry-run
	[ "$output" = "have git merge event logs row by row" ]
	git sk-setup -q
	cmp .git/info/attributes ../all
	[ "$(grep -v '^#' .git/info/attributes | tail -n +2 | head -n 2)" = "$MERGE" ]
	run -0 git sk-setup --dry-run
	[ "$output" = "nothing: all is as it would be" ]
	git sk-setup --remove -q
	cmp .git/info/attributes ../attributes
	diff .git/config ../config
}

@test "filters: --no-filters leaves them out, and takes them out" {
	mkdir -p .git/info
	echo '# mine' >.git/info/attributes
	cp .git/info/attributes .git/config ..
	run -0 git sk-setup --no-filters --dry-run
	[[ $output != *"event logs"* ]]
	git sk-setup -q --no-filters
	unconfigured
	cmp .git/info/attributes ../attributes
	git sk-setup -q
	run -0 git sk-setup --no-filters --dry-run
	[ "$output" = "have git show event logs as they are
have git merge event logs line by line" ]
	git sk-setup -q --no-filters
	unconfigured
	cmp .git/info/attributes ../attributes
	run -0 git sk-setup --check
	[[ $output == *"Git shows event logs as they are, as it was set up.
Git merges event logs line by line, as it was set up."* ]]
	git sk-setup --remove -q
	diff .git/config ../config
	run -129 --separate-stderr git sk-setup --global --no-filters
	[[ $stderr == *"--global is for hooks by configuration alone"* ]]
}

@test "filters: what is to be run keeps to --no-filters" {
	only_files
	git sk-setup -q --no-filters
	rm .git/hooks/post-commit
	run -1 git sk-setup --check
	[[ $output == *"Run 'git sk-setup --files --no-filters' to put"* ]] ||
		[[ $output == *"Run 'git sk-setup --no-filters' to put"* ]]
}

@test "filters: --check, --json, --manual and doctor tell of them" {
	run -1 git sk-setup --check
	[[ $output == *"Git merges event logs line by line; 'git sk-setup' changes that."* ]]
	git sk-setup --manual >/dev/null
	run git sk-setup --check
	[[ $output == *"Git merges event logs row by row."* ]]
	run git sk-setup --check --json
	[ "$(jq .merge_by_row <<<"$output")" = true ]
	git sk-setup -q
	run git sk-doctor --json
	[ "$(jq .repository.merge_by_row <<<"$output")" = true ]
	run -0 jq -e '[.findings[].code] | index("filters_missing") | not' \
		<<<"$output"
	git config merge.sk-eventlog.driver false
	run -1 git sk-doctor
	[[ $output == *"git shows them in words, and merges line by line"* ]]
	[[ $output == *"git does not merge event logs by git-sk"* ]]
	git sk-setup -q --no-filters
	run git sk-doctor --json
	run -0 jq -e '[.findings[].code] | index("filters_missing") | not' \
		<<<"$output"
}
