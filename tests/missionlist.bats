#!/usr/bin/env bats
# git sk-mission: the missions, and one of them.

load helper
load board

setup() {
	sk_setup
	git init -q
}

teardown() {
	sk_teardown
}

@test "mission list: a line for each, with how far it is" {
	plan 001-a
	event 001-a WP01 planned 'done'
	event 001-a WP02 planned in_progress
	event 001-a WP03 planned claimed
	plan b
	commit
	run -0 --separate-stderr git sk-mission list
	[ -z "$stderr" ]
	[ "${#lines[@]}" = 2 ]
	[[ ${lines[0]} =~ ^'001-a'\ +45%\ +1/3\ +main$ ]]
	[[ ${lines[1]} =~ ^b\ +0%\ +0/0\ +main$ ]]
}

@test "mission list: no mission, no commit and a stray file are no failure" {
	run -0 git sk-mission list
	[ "$output" = 'There is no mission on any branch.' ]
	mkdir -p kitty-specs/drafts
	echo x >kitty-specs/README.md
	echo x >kitty-specs/.first
	echo x >kitty-specs/drafts/x.md
	commit
	run -0 git sk-mission list
	[ "$output" = 'There is no mission on any branch.' ]
	run -0 git sk-mission list --json
	[ "$(jq -c .missions <<<"$output")" = '[]' ]
	plan m
	commit
	run -0 git sk-mission list
	[ "$(wc -l <<<"$output")" = 1 ]
	git rm -q kitty-specs/m/meta.json
	commit 'the log is all it has'
	run -0 git sk-mission list
	[[ $output == 'm '* ]]
}

@test "mission list: a branch that does not fit the terminal is below the rest" {
	plan 001-a
	plan 002-export-of-what-was-asked-for
	commit
	git checkout -qb kitty/mission-001-a
	moved 001-a WP01 claimed
	run -0 on_terminal 40 git sk-mission list
	[[ ${lines[0]} =~ ^001-a\ +5%\ +0/1$ ]]
	[ "${lines[1]}" = '  kitty/mission-001-a (coordination)' ]
	[ "${lines[2]}" = '002-export-of-what-…   0%  0/0      main' ]
	[ "${#lines[@]}" = 3 ]
	run -0 on_terminal 30 git sk-mission list
	[ "${lines[1]}" = '  kitty/mission-001-a (coordi…' ]
	run -0 on_terminal 90 git sk-mission list
	[[ ${lines[0]} =~ ^001-a\ +5%\ +0/1\ +'kitty/mission-001-a (coordination)'$ ]]
}

@test "mission list: a folder named to deceive is shown as it is" {
	plan $'m\e[31m\nx'
	commit
	run -0 --separate-stderr git sk-mission list
	[ "${#lines[@]}" = 1 ]
	[[ $output == 'm\x1b[31m\nx '* ]]
	[ "$(git sk-mission list --json | jq -r '.missions[0].mission_slug')" = \
		$'m\e[31m\nx' ]
}

@test "mission list: a line nobody can read is counted, the others tell" {
	plan m
	event m WP01 planned claimed
	printf '{"wp_id": "WP01", "event_id"\n\0\0\n' \
		>>kitty-specs/m/status.events.jsonl
	event m WP02 planned claimed
	printf '{"torn' >>kitty-specs/m/status.events.jsonl
	commit
	run -0 --separate-stderr git sk-mission list
	[[ $output == 'm '*' 0/2 '* ]]
	[ "$stderr" = "warning: mission 'm': 3 lines of its event log cannot be read" ]
	[ "$(of_mission .unreadable_lines)" = 3 ]
}

@test "mission list: lines may end in CRLF, and the last one not at all" {
	plan m
	event m WP01 planned claimed
	sed -i 's/$/\r/' kitty-specs/m/status.events.jsonl
	event m WP02 planned claimed
	truncate -s -1 kitty-specs/m/status.events.jsonl
	commit
	[ "$(of_mission '"\(.event_count) \(.unreadable_lines)"')" = '2 0' ]
}

@test "mission list: meta.json that is none is told, and the mission shown" {
	plan m
	event m WP01 planned claimed
	echo '[1]' >kitty-specs/m/meta.json
	commit
	run -0 --separate-stderr git sk-mission list
	[ "$stderr" = "warning: mission 'm': meta.json: not a JSON object" ]
	[[ $output == 'm '*' 0/1 '* ]]
	: >kitty-specs/m/meta.json
	commit
	run -0 --separate-stderr git sk-mission list
	[[ $stderr == "warning: mission 'm': meta.json: "* ]]
}

@test "mission list: a log that is missing is told, and the others shown" {
	plan m
	event m WP01 planned claimed
	plan n
	event n WP01 planned claimed
	commit
	local id

	id=$(git rev-parse HEAD:kitty-specs/m/status.events.jsonl)
	rm -f ".git/objects/${id:0:2}/${id:2}"
	run -0 --separate-stderr git sk-mission list
	[ "${#lines[@]}" = 2 ]
	[ "$stderr" = "warning: mission 'm': status.events.jsonl: blob $id is missing" ]
}

@test "mission list: a branch that cannot be read is told, and the others count" {
	plan m
	commit
	git switch -q -c broken
	plan n
	commit
	local id

	id=$(git rev-parse HEAD:kitty-specs)
	git switch -q main
	rm -f ".git/objects/${id:0:2}/${id:2}"
	run -0 --separate-stderr git sk-mission list
	[[ $stderr == "warning: 1 branch cannot be read: 'broken': "* ]]
	[[ $output == 'm '* ]]
}

@test "mission list: --json has what it says of each" {
	plan m friendly_name 'The "M"'
	event m WP01 planned approved
	commit
	run -0 --separate-stderr git sk-mission list --json
	[ -z "$stderr" ]
	[ "$(jq -c '[.schema_version, (.missions | length)]' <<<"$output")" = \
		'[1,1]' ]
	[ "$(jq -c '.missions[0] | [.mission_slug, .mission_id,
		.mission_number, .mission_type, .friendly_name, .target_branch,
		.branch, .where, .event_count, .wp_count, .progress_percent,
		.summary.approved, .summary.planned, .fault]' <<<"$output")" = \
		'["m",null,null,"software-dev","The \"M\"","main","main","here",1,1,80,1,0,null]' ]
	[ "$(jq -c '.missions[0].summary | keys | length' <<<"$output")" = 9 ]
}

@test "mission list: meta.json of an older release is read as it is meant" {
	mkdir -p kitty-specs/042-m kitty-specs/043-n
	echo '{"feature_slug": "042-m", "mission": "research",
		"mission_number": "042"}' >kitty-specs/042-m/meta.json
	echo '{"mission_number": " 7"}' >kitty-specs/043-n/meta.json
	commit
	run -0 --separate-stderr git sk-mission list --json
	[ "$(jq -c '[.missions[] | [.mission_number, .mission_type]] | sort' \
		<<<"$output")" = '[[null,null],[42,"research"]]' ]
}

@test "mission: a mission has several names" {
	plan 012-login mission_id 01KXAAAABBBBBBBBBBBBBBBBBB
	commit
	for name in 012-login 01KXAAAABBBBBBBBBBBBBBBBBB 01KXAAAA login 012; do
		run -0 git sk-mission show "$name"
		[[ $output == 'Mission:        012-login'* ]]
	done
}

@test "mission: one that is not there, or may be several, is refused" {
	plan 001-a mission_id 01KXAAAABBBBBBBBBBBBBBBBBB
	plan 001-b mission_id 01KXAAAACCCCCCCCCCCCCCCCCC
	commit
	run -128 --separate-stderr git sk-mission show c
	[ "${stderr_lines[0]}" = \
		"git sk-mission show: error: there is no mission 'c'" ]
	run -128 --separate-stderr git sk-mission show 01KXAAAA
	[ "${stderr_lines[0]}" = "git sk-mission show: error: '01KXAAAA' may be '001-a', '001-b'" ]
	run -128 git sk-mission show 001
	for name in c d e; do
		plan "001-$name"
	done
	commit
	run -128 --separate-stderr git sk-mission show 001
	[[ ${stderr_lines[0]} == *"'001' may be '001-a', '001-b', '001-c', '001-d', '001-e'" ]]
	plan 001-f
	commit
	run -128 --separate-stderr git sk-mission show 001
	[[ ${stderr_lines[0]} == *"'001-e' and 1 more" ]]
	run -128 --separate-stderr git sk-mission show --json ''
	[ "$(jq -r .error <<<"$output")" = "there is no mission ''" ]
	run -129 --separate-stderr git sk-mission show
	[[ $stderr == *"'001-a', '001-b'"* ]]
	run -129 git sk-mission show 001-a --mission 001-b
}

@test "mission show: the mission here needs no name, and has old names" {
	plan m
	plan n
	commit
	for name in '--mission m' '-m m' '--feature m' '--feature m m'; do
		# shellcheck disable=SC2086
		run -0 git sk-mission show $name
		[ "${lines[0]}" = 'Mission:        m' ]
	done
	git checkout -q -b kitty/mission-n-lane-a
	run -0 git sk-mission show
	[ "${lines[0]}" = 'Mission:        n' ]
}

@test "mission show: identity, places, work packages and lanes" {
	plan m mission_id 01KXAAAABBBBBBBBBBBBBBBBBB
	package m WP01 'First things'
	event m WP01 planned claimed
	jq -n '{version: 1, lanes: [
		{lane_id: "lane-a", wp_ids: ["WP01"], depends_on_lanes: []},
		{lane_id: "lane-b", wp_ids: ["WP02", "WP03"],
		depends_on_lanes: ["lane-a"]}]}' >kitty-specs/m/lanes.json
	commit
	git branch other
	run -0 --separate-stderr git sk-mission show m
	[ -z "$stderr" ]
	[[ $output == *$'\nId:             01KXAAAABBBBBBBBBBBBBBBBBB\n'* ]]
	[[ $output == *$'\nFound on:       main (here)\n                other\n'* ]]
	[[ $output == *$'\nProgress:       0 of 1 done, 5%\n'* ]]
	[[ $output == *$'\n  WP01  claimed      agent  '*'  First things'$'\n'* ]]
	[[ $output == *$'\n  lane-b  WP02 WP03  after lane-a' ]]
	run -0 git sk-mission show m --json
	[ "$(jq -c '[.mission_slug, .branches, .work_packages[0].title,
		.lanes[1].depends_on_lanes, .status_home.branch]' <<<"$output")" = \
		'["m",["main","other"],"First things",["lane-a"],"main"]' ]
}

@test "mission show: of many branches ten are named" {
	local i

	plan m
	commit
	for i in 1 2 3 4 5 6 7 8 9 10 11; do
		git branch "b$i"
	done
	run -0 git sk-mission show m
	[[ $output == *$'\n                b7\n                and 2 more; --json lists them all'* ]]
	[ "$(of_mission '.branches | length')" = 12 ]
}

@test "mission show: lanes.json that cannot be read is told" {
	plan m
	echo '{"lanes": [' >kitty-specs/m/lanes.json
	commit
	run -0 --separate-stderr git sk-mission show m
	[[ $stderr == 'warning: lanes.json: '* ]]
	echo '{"lanes": [1, {"wp_ids": "x"}, {"lane_id": 2}]}' \
		>kitty-specs/m/lanes.json
	commit
	run -0 --separate-stderr git sk-mission show m --json
	[ "$(jq -c '.lanes | length' <<<"$output")" = 3 ]
}

@test "mission: outside a repository, and on a full disk, it fails" {
	cd ..
	run -128 --separate-stderr git sk-mission list --json
	[ "$(jq -r '.error | length > 0' <<<"$output")" = true ]
	cd work
	run -128 --separate-stderr sh -c 'git sk-mission list >/dev/full'
	[[ $stderr == *'cannot write standard output'* ]]
}

@test "mission: a repository of sha256 is read as well" {
	git init -q --object-format=sha256 ../sha256
	cd ../sha256
	plan m
	event m WP01 planned claimed
	commit
	git repack -qad
	[ "$(of_package WP01 .lane)" = claimed ]
	[ "$(of_mission .where)" = here ]
}

@test "mission: refs that are no files are read as well" {
	git init -q --ref-format=reftable ../reftable 2>/dev/null ||
		skip 'this git has no reftable'
	cd ../reftable
	plan m
	event m WP01 planned claimed
	commit
	[ "$(of_mission .where)" = here ]
	[ "$(home_of .worktree)" = "$PWD" ]
}
