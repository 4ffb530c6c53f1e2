#!/usr/bin/env bats
# git sk-task list: work packages, in lines and on a board.

load helper
load board

setup() {
	sk_setup
	git init -q
	plan m
}

teardown() {
	sk_teardown
}

# seven: mission m with a work package in each of seven lanes.
seven() {
	local lane number=0

	for lane in planned claimed in_progress for_review in_review approved \
		'done'; do
		number=$((number + 1))
		package m "WP0$number" "Title of number $number"
		event m "WP0$number" planned "$lane"
	done
	commit
}

# widest: the columns of the longest line of standard input.
widest() {
	plain | wc -L
}

@test "task list: lane, who has it, for how long, and what it is" {
	package m WP01 'The form'
	package m WP02 'Nobody has moved it'
	event m WP01 planned in_progress
	commit
	run -0 --separate-stderr git sk-task list
	[ -z "$stderr" ]
	[ "${lines[0]}" = 'm  0 of 2 done, 15%, on main' ]
	[[ ${lines[1]} =~ ^'  WP01  in_progress  agent  '[0-9]+' d'.*'  The form'$ ]]
	[[ ${lines[2]} =~ ^'  WP02  planned      -'\ +'Nobody has moved it'$ ]]
}

@test "task list: an actor that is an object is called by its name" {
	printf '{"actor": {"actor_type": "llm", "tool": "claude"}, "at": "2026-05-01T10:00:00Z", "event_id": "01KE0000000000000000000001", "to_lane": "claimed", "wp_id": "WP01"}\n' \
		>kitty-specs/m/status.events.jsonl
	commit
	[ "$(of_package WP01 .actor)" = claude ]
	sed -i 's/{"actor_type[^}]*}/[1]/' kitty-specs/m/status.events.jsonl
	commit
	[ "$(git sk-task list --json | jq '[.missions[].work_packages[].actor]' -c)" = \
		'[null]' ]
}

@test "task list: of several logs the one that has the line says who" {
	event m WP01 planned claimed
	commit
	git switch -q -c other
	event m WP02 planned claimed
	sed -i '$s/"agent"/"eve"/' kitty-specs/m/status.events.jsonl
	commit
	git switch -q -
	event m WP03 planned claimed
	event m WP03 claimed in_progress
	commit
	[ "$(git sk-task list --json | jq -c '[.missions[].work_packages[].actor]')" = \
		'["agent","eve","agent"]' ]
}

@test "task list: times are compared as times" {
	local at row='"actor": "a", "to_lane": "%s", "wp_id": "WP01"}\n'

	for at in 'claimed 00Z 2' 'planned 00.5+00:00 1'; do
		# shellcheck disable=SC2086
		set -- $at
		# shellcheck disable=SC2059
		printf '{"at": "2026-05-01T10:00:%s", "event_id": "01KE%022d", '"$row" \
			"$2" "$3" "$1" >>kitty-specs/m/status.events.jsonl
	done
	commit
	[ "$(of_package WP01 .lane)" = planned ]
}

@test "task list: what is finished has one line, unless it is asked for" {
	event m WP01 planned 'done'
	event m WP02 planned canceled
	plan n
	event n WP01 planned claimed
	commit
	run -0 git sk-task list
	[ "${lines[0]}" = 'n  0 of 1 done, 5%, on main' ]
	[ "${lines[2]}" = 'm  1 of 2 done, 50%, on main' ]
	[ "${#lines[@]}" = 3 ]
	run -0 git sk-task list --mission m
	[ "${#lines[@]}" = 3 ]
	run -0 git sk-task list --feature m
	[ "${#lines[@]}" = 3 ]
}

@test "task list: no work package, no mission" {
	commit
	run -0 git sk-task list
	[ "$output" = 'm  on main' ]
	run -0 git sk-task list --board
	[ "$output" = 'm  on main' ]
	git switch -q --orphan empty
	git branch -qD main
	run -0 git sk-task list
	[ "$output" = 'There is no mission on any branch.' ]
}

@test "task list: options that make no sense together are refused" {
	commit
	for wrong in '--json --board' '--json --watch' '--mission m --feature n'; do
		# shellcheck disable=SC2086
		run -129 --separate-stderr git sk-task list $wrong
		[ -n "$stderr" ]
	done
	run -129 git sk-task list --frob
	run -129 git sk-task list operand
	run -0 git sk-task list --mission m --feature m
	run -128 git sk-task list --mission n
	run -128 git sk-task list --watch --mission n
}

@test "task list: lines fit the terminal" {
	seven
	[ "$(on_terminal 80 git sk-task list | widest)" -le 80 ]
	[ "$(on_terminal 40 git sk-task list | widest)" -le 40 ]
	on_terminal 40 git sk-task list | plain | grep -q '^  WP03  in_progress  agent  [0-9]*d$'
	sed -i 's/"agent"/"an agent of a long name"/' kitty-specs/m/status.events.jsonl
	commit
	[ "$(on_terminal 40 git sk-task list | widest)" -le 40 ]
	on_terminal 40 git sk-task list | plain | grep -q '^  WP03  in_progress  an agent of .*…  [0-9]*d$'
}

@test "task list: a title is what its YAML means" {
	local number=1 id line

	while read -r line; do
		printf -v id 'WP%02d' $number
		printf -- '---\nwork_package_id: %s\ntitle: %b\n---\n' \
			"$id" "$line" >"kitty-specs/m/tasks/$id-x.md"
		number=$((number + 1))
	done <<-'END'
		"The form"  # in a word
		The form # said twice
		'It''s the form'
		"a \\"form\\" \\u00fc"
		>-\n  The\n  form
		Form: it is no YAML
		C# and 'quotes'
		"The 'form': #1"
		'The "form" \\u00fc'
		"The" form "it is"
		"f\\u00fcr"
	END
	commit
	[ "$(git sk-task list --json |
		jq -c '[.missions[].work_packages[].title]')" = \
		'["The form","The form","It'"'"'s the form","a \"form\" ü","The form","Form: it is no YAML","C# and '"'quotes'"'","The '"'form'"': #1","The \"form\" \\u00fc","The\" form \"it is","für"]' ]
}

@test "task list: the board has a column for each lane that is not empty" {
	seven
	run -0 git sk-task list --board
	[[ ${lines[1]} =~ ^'planned '\ +'claimed '\ +'in_progress '\ +'for_review'$ ]]
	[[ ${lines[2]} =~ ^'1 -'-+'  1 -' ]]
	[[ ${lines[3]} =~ ^'WP01 '[0-9]+'d '\ +'WP02 '[0-9]+'d ' ]]
	[[ $output == *$'\n\nin_review '* ]]
	[[ $output != *blocked* ]]
	[ "$(widest <<<"$output")" -le 80 ]
}

@test "task list: the board fits the terminal, however narrow" {
	seven
	for columns in 200 80 40 20 10 3; do
		run -0 on_terminal "$columns" git sk-task list --board
		[ "$(widest <<<"$output")" -le "$columns" ]
	done
	run -0 on_terminal 40 git sk-task list --board
	[[ $(plain <<<"$output") == *$'\nplanned       claimed       in_progress\n1 ----------  1 ----------  1 ----------\n'* ]]
}

@test "task list: wide characters take two columns, hostile ones none" {
	package m WP01 '国際化の文字列と翻訳ファイルを整える'
	package m WP02 $'a\e[2Jb\u202ec'
	event m WP01 planned claimed
	event m WP02 planned claimed
	commit
	run -0 on_terminal 24 git sk-task list --board
	[[ $output == *'国際化の文字列と翻訳フ…'* ]]
	[ "$(widest <<<"$output")" -le 24 ]
	run -0 git sk-task list
	[[ $output == *'a\x1b[2Jb\u{202e}c' ]]
}

@test "task list: colour is for terminals, and may be refused" {
	seven
	[[ $(git sk-task list --board) != *$'\e'* ]]
	[[ $(on_terminal 80 git sk-task list --board) == *$'\e[36mclaimed'* ]]
	[[ $(NO_COLOR=1 on_terminal 80 git sk-task list) != *$'\e'* ]]
	[[ $(git -c color.sk=always sk-task list) == *$'\e'* ]]
	git config color.ui false
	[[ $(on_terminal 80 git sk-task list) != *$'\e'* ]]
}

@test "task list: --json has the work packages of every mission" {
	seven
	run -0 --separate-stderr git sk-task list --json
	[ "$(jq -c '[.schema_version, (.missions[0].work_packages | length)]' \
		<<<"$output")" = '[1,7]' ]
	[ "$(jq -c '.missions[0].work_packages[1] | [.wp_id, .lane, .actor,
		.title, .last_event_id, .last_transition_at]' <<<"$output")" = \
		'["WP02","claimed","agent","Title of number 2","01KE0000000000000000000002","2026-05-01T10:00:02+00:00"]' ]
	[ "$(jq '.missions[0].work_packages[1].age_seconds > 0' <<<"$output")" = true ]
}

@test "task list: a hundred thousand lines are read" {
	awk 'BEGIN { for (i = 1; i <= 100000; i++)
		printf "{\"at\": \"2026-05-01T10:00:00Z\", \"event_id\": \"01KE%022d\", \"to_lane\": \"%s\", \"wp_id\": \"WP01\"}\n",
			i, i % 2 ? "claimed" : "blocked" }' \
		>kitty-specs/m/status.events.jsonl
	commit
	[ "$(of_package WP01 .lane)" = blocked ]
	[ "$(of_mission .event_count)" = 100000 ]
}

@test "task list: --watch tells what has changed, and ends with its reader" {
	local said=$BATS_TEST_TMPDIR/said

	event m WP01 planned claimed
	commit
	other sh -c "git sk-task list --watch >'$said'"
	wait_for grep -q claimed "$said"
	git branch other # a tip that tells nothing new is no news
	moved m WP01 approved
	wait_for grep -q approved "$said"
	[ "$(grep -c '^m ' "$said")" = 2 ]
	kill "$OTHER"
	run -0 timeout 20 sh -c 'git sk-task list --watch | head -n 1'
	[ "$output" = 'm  0 of 1 done, 80%, on main' ]
}

@test "task list: --watch gives the terminal back" {
	event m WP01 planned claimed
	commit
	# the terminal's own Ctrl-C, which what bash runs beside it ignores
	mkfifo "$BATS_TEST_TMPDIR/keys"
	other env --default-signal=INT TERM=xterm sh -c \
		"script -qefc 'git sk-task list --watch' \
		'$BATS_TEST_TMPDIR/shown' <'$BATS_TEST_TMPDIR/keys'"
	exec 5>"$BATS_TEST_TMPDIR/keys"
	wait_for grep -q claimed "$BATS_TEST_TMPDIR/shown"
	printf '\003' >&5
	wait_for is_gone "$OTHER"
	exec 5>&-
	grep -q $'\e\\[?25h\e\\[?1049l' "$BATS_TEST_TMPDIR/shown"
}

@test "task list: outside a repository, and on a full disk, it fails" {
	commit
	run -128 --separate-stderr sh -c 'git sk-task list >/dev/full'
	[[ $stderr == *'cannot write standard output'* ]]
	cd ..
	run -128 --separate-stderr git sk-task list --json
	[ "$(jq -r '.error | length > 0' <<<"$output")" = true ]
}

@test "task: --mission and its old name, and an operand, name one mission" {
	local command

	for command in 'task list' 'task implement WP01' 'task review WP01' \
		'task move WP01 claimed' 'task mark T001 --status done' \
		'mission setup-plan' 'mission finalize' 'mission show'; do
		# shellcheck disable=SC2086 # words
		run -129 --separate-stderr git sk-$command \
			--mission one --feature two
		[[ $stderr == *"'one' and 'two': which mission?"* ]]
	done
	run -129 --separate-stderr git sk-mission show one --feature two
	plan m
	package m WP01 x
	commit
	run -0 git sk-task list --mission m --feature m
}
