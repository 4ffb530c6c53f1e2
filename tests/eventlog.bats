#!/usr/bin/env bats
# git sk-eventlog: status.json of a log, its faults, and what it says in words.

load helper

setup() {
	sk_setup
	mkdir -p m
	LOG=m/status.events.jsonl
	printf '{"mission_number": 7, "mission_type": "research"}\n' \
		>m/meta.json
}

teardown() {
	sk_teardown
}

# row <id> <WP> <from> <to> <at> [<member>...]: append a row to $LOG.
row() {
	local from="\"$3\"" id more

	[ "$3" != null ] || from=null
	printf -v id '01KE%022d' "$1"
	printf -v more ', %s' "${@:6}"
	[ $# -gt 5 ] || more=
	printf '{"event_id": "%s", "wp_id": "%s", "from_lane": %s, "to_lane": "%s", "at": "%s", "mission_slug": "m", "actor": "agent"%s}\n' \
		"$id" "$2" "$from" "$4" "$5" "$more" >>"$LOG"
}

@test "eventlog: reduce prints the status.json of a log" {
	row 2 WP01 planned claimed 2026-05-01T10:00:01+00:00
	row 1 WP01 null planned 2026-05-01T10:00:00Z '"force": true'
	row 3 WP02 null planned 2026-05-01T09:00:00Z
	run -0 --separate-stderr git sk-eventlog reduce "$LOG"
	[ -z "$stderr" ]
	[ "$(jq -c '[.event_count, .last_event_id, .materialized_at,
		.mission_number, .mission_slug, .mission_type]' <<<"$output")" = \
		'[3,"01KE0000000000000000000002","2026-05-01T10:00:01+00:00","7","m","research"]' ]
	[ "$(jq -c '.summary | [.planned, .claimed, .done]' <<<"$output")" = \
		'[1,1,0]' ]
	[ "$(jq -c '.work_packages.WP01 | [.lane, .force_count]' <<<"$output")" = \
		'["claimed",1]' ]
	# as Python's json.dumps() has it
	python3 -c 'import json, sys
text = sys.stdin.read()
again = json.dumps(json.loads(text), indent=2, sort_keys=True)
sys.exit(text != again + "\n")' < <(git sk-eventlog reduce "$LOG")
}

@test "eventlog: reduce reads standard input, and a meta.json that is named" {
	row 1 WP01 null planned 2026-05-01T10:00:00Z
	run -0 --separate-stderr git sk-eventlog reduce - <"$LOG"
	[ "$(jq -r .mission_number <<<"$output")" = "" ]
	run -0 --separate-stderr git sk-eventlog reduce --meta m/meta.json - \
		<"$LOG"
	[ "$(jq -r .mission_number <<<"$output")" = 7 ]
	run -128 --separate-stderr git sk-eventlog reduce --meta no - <"$LOG"
	[[ $stderr == *"there is no 'no'"* ]]
	[ -z "$output" ]
}

@test "eventlog: reduce works from within the folder, and without a meta.json" {
	row 1 WP01 null planned 2026-05-01T10:00:00Z
	cd m
	run -0 git sk-eventlog reduce status.events.jsonl
	[ "$(jq -r .mission_number <<<"$output")" = 7 ]
	rm meta.json
	run -0 git sk-eventlog reduce status.events.jsonl
	[ "$(jq -r .mission_type <<<"$output")" = software-dev ]
	echo '{' >meta.json
	run -128 --separate-stderr git sk-eventlog reduce status.events.jsonl
	[[ $stderr == *"'meta.json'"* ]]
}

@test "eventlog: reduce names what it leaves out, and says so by its status" {
	row 1 WP01 null planned 2026-05-01T10:00:00Z
	printf 'torn' >>"$LOG"
	run -1 --separate-stderr git sk-eventlog reduce "$LOG"
	[ "$(jq .event_count <<<"$output")" = 1 ]
	[[ $stderr == "warning: $LOG:2: "* ]]
	: >"$LOG"
	run -0 --separate-stderr git sk-eventlog reduce "$LOG"
	[ "$(jq .last_event_id <<<"$output")" = null ]
}

@test "eventlog: check names every fault by line" {
	row 1 WP01 null planned 2026-05-01T10:00:00Z
	echo '[1]' >>"$LOG"
	row 2 WP01 planned nowhere 2026-05-01T10:00:00Z
	echo >>"$LOG"
	row 3 WP01 planned claimed yesterday
	echo '{"type": "RetrospectiveCaptured", "wp_id": null}' >>"$LOG"
	row 1 WP02 null planned 2026-05-01T10:00:00Z
	printf '{"event_id"' >>"$LOG"
	run -1 --separate-stderr git sk-eventlog check "$LOG"
	[ -z "$stderr" ]
	[ "${#lines[@]}" = 5 ]
	[ "${lines[0]}" = "$LOG:2: not a JSON object" ]
	[ "${lines[1]}" = "$LOG:3: unknown lane 'nowhere' in to_lane" ]
	[ "${lines[2]}" = "$LOG:5: 'at' is not a time" ]
	[[ ${lines[3]} == "$LOG:7: event_id is that of another transition, on line 1,"* ]]
	[[ ${lines[4]} == "$LOG:8: "* ]]
	run -1 --separate-stderr git sk-eventlog check --json m/../"$LOG" "$LOG"
	[ "$(jq -c '[.schema_version, .ok, (.faults | length)]' <<<"$output")" = \
		'[1,false,10]' ]
	[ "$(jq -c '.faults[1] | [.file, .line]' <<<"$output")" = \
		"[\"m/../$LOG\",3]" ]
}

@test "eventlog: check has nothing to say of what merges and others leave" {
	row 1 WP01 planned done 2026-05-01T10:00:00Z # as it was recorded
	row 1 WP01 planned done 2026-05-01T10:00:00+00:00
	echo '{"event_type": "MissionCreated", "payload": {}}' >>"$LOG"
	printf '\r\n\n' >>"$LOG"
	run -0 --separate-stderr git sk-eventlog check "$LOG" m/../"$LOG"
	[ -z "$output$stderr" ]
	run -0 git sk-eventlog check --json "$LOG"
	[ "$(jq -c '[.ok, .faults]' <<<"$output")" = '[true,[]]' ]
}

@test "eventlog: textconv says it in words, a line each, in the file's order" {
	row 1 WP01 null planned 2026-05-01T12:00:00.5+02:00
	printf 'br\033ken\n' >>"$LOG"
	echo '{"event_type": "PlanStarted", "timestamp": "2026-05-01T10:00:01Z", "payload": {"wp_id": "WP02"}}' >>"$LOG"
	row 2 WP01 for_review in_progress never '"force": true' \
		'"actor": {"tool": "claude", "model": "unknown", "role": "reviewer"}' \
		'"reason": "two\nlines"' '"review_ref": "feedback://x"'
	row 3 WP01 approved done 2026-05-01T10:00:02Z \
		'"evidence": {"review": {"reviewer": "bob", "reference": "PR 7"}}'
	echo '{}' >>"$LOG"
	git sk-eventlog textconv "$LOG" >got
	cat >want <<-'EOF'
		2026-05-01 10:00:00  WP01  - -> planned  agent
		unreadable: br\x1bken
		2026-05-01 10:00:01  WP02  PlanStarted
		(no time)            WP01  for_review -> in_progress  claude:reviewer  (forced)  reason: two\nlines  review: feedback://x
		2026-05-01 10:00:02  WP01  approved -> done  agent  reviewer: bob  reference: PR 7
		(no time)            (a row of no known kind)
	EOF
	diff want got
	diff want <(git sk-eventlog textconv - <"$LOG")
}

@test "eventlog: textconv has a line for each row of a long log" {
	for _ in $(seq 50); do
		row 1 WP01 null planned 2026-05-01T10:00:00Z
		echo '{"event_type": "PlanStarted"}' >>"$LOG"
		echo oops >>"$LOG"
	done
	for _ in $(seq 50); do
		cat "$LOG"
	done >long
	git sk-eventlog textconv long >got
	[ "$(wc -l <got)" = 7500 ]
	[ "$(sort got | uniq -c | awk '{ print $1 }' | sort -u)" = 2500 ]
}

@test "eventlog: what cannot be read is said, with status 128" {
	for sub in reduce check textconv; do
		run -128 --separate-stderr git sk-eventlog "$sub" nothing
		[ "$stderr" = "git sk-eventlog $sub: error: cannot open 'nothing': No such file or directory" ]
		run -128 --separate-stderr git sk-eventlog "$sub" m
		[[ $stderr == *"cannot read 'm': Is a directory" ]]
		[ -z "$output" ]
		run -129 --separate-stderr git sk-eventlog "$sub"
		[[ $stderr == *"usage: git sk-eventlog $sub "* ]]
		run -129 --separate-stderr git sk-eventlog "$sub" --frob
	done
	run -128 --separate-stderr git sk-eventlog check --json nothing
	[ "$(jq -r .error <<<"$output")" = \
		"cannot open 'nothing': No such file or directory" ]
}

@test "eventlog: a full standard output is an error, not silence" {
	row 1 WP01 null planned 2026-05-01T10:00:00Z
	echo oops >>"$LOG"
	for sub in reduce check textconv; do
		run -128 bash -c "git sk-eventlog $sub '$LOG' >/dev/full"
		[[ $output == *"No space left on device"* ]]
	done
}

# repository: one that is set up, with a mission of which WP01 is planned; in it.
repository() {
	git init -q repo
	cd repo || return 1
	mission 001-a
	event 001-a WP01 null planned
	git commit -qam planned
	git sk-setup >/dev/null
}

@test "eventlog: after setup git diff and git log -p speak in words" {
	repository
	event 001-a WP01 planned claimed
	run -0 --separate-stderr git diff
	[ -z "$stderr" ]
	[[ $output == *"+2026-05-01 10:00:02  WP01  planned -> claimed  agent"* ]]
	[[ $output != *'"event_id"'* ]]
	run -0 git diff --no-textconv
	[[ $output == *'+{"actor"'* ]]
	git commit -qam claimed
	run -0 git log -p -1
	[[ $output == *"+2026-05-01 10:00:02  WP01  planned -> claimed  agent"* ]]
	git worktree add -q ../tree -b tree
	run -0 git -C ../tree show --format= HEAD~
	[ "$(grep '^+2' <<<"$output")" = \
		"+2026-05-01 10:00:01  WP01  - -> planned  agent" ]
	run -0 git status --porcelain # nothing that could be committed
	[ -z "$output" ]
}

@test "eventlog: a log that is too broken for words is shown all the same" {
	repository
	printf '\0\xff{"x' >>kitty-specs/001-a/status.events.jsonl
	run -0 --separate-stderr git diff
	[ -z "$stderr" ]
	[[ $output == *'+unreadable: \x00\xff{"x' ]]
}

@test "eventlog: where the program is gone git diff shows JSON, and works" {
	repository
	event 001-a WP01 planned claimed
	git config diff.sk-eventlog.textconv "$(git config \
		diff.sk-eventlog.textconv | sed "s,$BUILD,/gone,")"
	run -0 --separate-stderr git diff
	[[ $output == *"+2026-05-01 10:00:02  WP01"* ]] # found in PATH
	PATH=${PATH//$BUILD/\/gone} run -0 --separate-stderr git diff
	[ -z "$stderr" ]
	[[ $output == *'+{"actor"'* ]]
	# and repairs what leads nowhere
	git sk-setup >/dev/null
	[[ $(git config diff.sk-eventlog.textconv) == *"'$BUILD/bin/git-sk-eventlog'"* ]]
}

@test "eventlog: the program may lie in a folder of any name" {
	mkdir -p "it's \$here/bin" "it's \$here/libexec/git-sk"
	cp "$BUILD"/bin/* "it's \$here/bin"
	cp "$BUILD"/hooks/* "it's \$here/libexec/git-sk" 2>/dev/null || true
	PATH=$PWD/"it's \$here/bin":$PATH
	repository
	event 001-a WP01 planned claimed
	[[ $(git config diff.sk-eventlog.textconv) == *'$here/bin/'* ]]
	PATH=${PATH//"it's"/gone}
	PATH=${PATH//$BUILD/\/gone}
	run -0 --separate-stderr git diff
	[[ $output == *"+2026-05-01 10:00:02  WP01"* ]]
}

@test "eventlog: setup keeps the user's attributes, and --remove leaves them" {
	git init -q repo
	cd repo
	mkdir -p .git/info
	printf '\xef\xbb\xbf*.c diff=cpp\r\n# last' >.git/info/attributes
	cp .git/info/attributes .git/config ..
	chmod 640 .git/info/attributes
	git sk-setup >/dev/null
	[ "$(git check-attr diff x.c)" = "x.c: diff: cpp"$'\r' ] ||
		[ "$(git check-attr diff x.c)" = "x.c: diff: cpp" ]
	[ "$(git check-attr diff kitty-specs/a/status.events.jsonl)" = \
		"kitty-specs/a/status.events.jsonl: diff: sk-eventlog" ]
	[ "$(stat -c %a .git/info/attributes)" = 640 ]
	before=$(cat .git/info/attributes .git/config)
	run -0 git sk-setup
	[ "$before" = "$(cat .git/info/attributes .git/config)" ]
	git sk-setup --remove >/dev/null
	cmp .git/info/attributes ../attributes
	diff .git/config ../config
}

@test "eventlog: --remove takes the file away that setup made" {
	git init -q repo
	cd repo
	rm -rf .git/info
	git sk-setup >/dev/null
	[ -s .git/info/attributes ]
	git sk-setup --remove >/dev/null
	[ ! -e .git/info/attributes ]
	[ -z "$(git config --get-regexp '^diff')" ]
}

@test "eventlog: a diff driver of the user's own says more" {
	git init -q repo
	cd repo
	mkdir -p .git/info
	echo 'kitty-specs/** diff=mine' >.git/info/attributes
	git sk-setup >/dev/null
	[ "$(git check-attr diff kitty-specs/a/status.events.jsonl)" = \
		"kitty-specs/a/status.events.jsonl: diff: mine" ]
}

@test "eventlog: --check and --dry-run of setup tell of it" {
	git init -q repo
	cd repo
	run -0 git sk-setup --dry-run
	[[ $output == *"have git show event logs in words"* ]]
	[ -z "$(git config --get-regexp '^diff')" ]
	run -1 git sk-setup --check
	[[ $output == *"Git shows event logs as they are; 'git sk-setup' changes that."* ]]
	git sk-setup >/dev/null
	run -0 git sk-setup --check
	[[ $output == *"Git shows event logs in words."* ]]
	run -0 git sk-setup --check --json
	[ "$(jq .diff_in_words <<<"$output")" = true ]
	run -0 git sk-setup --dry-run
	[[ $output != *"event logs"* ]]
	run -0 git sk-setup --remove --dry-run
	[[ $output == *"have git show event logs as they are"* ]]
	run -0 git diff --no-index /dev/null /dev/null
	[ -n "$(git config diff.sk-eventlog.textconv)" ]
}
