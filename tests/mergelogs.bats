#!/usr/bin/env bats
# Event logs and status.json in merges of trees (lib/merge/merge.h): where no
# driver is configured as 'git merge' has them in a clone with ours.

load helper
load logmerge
load mergetree
load mergelogs

setup() {
	merge_setup
}

teardown() {
	sk_teardown
}

@test "mergelogs: what both appended is there, and status.json says so" {
	diverge '3:claimed 6:done' '4:blocked 5:claimed'
	run -1 git merge-tree --write-tree main side
	merges
	[ "$(rows "$TREE")" = '1 2 3 4 5 6' ]
	is_right "$TREE"
	is_made log status
	[[ $output != *note* && $output != *CONFLICT* ]]
	[ "$(git ls-tree "$TREE" "$LOG" | cut -c1-6)" = 100644 ]
}

@test "mergelogs: a merge of lines that git calls clean is made anew" {
	echo "$LOG merge=union" >.gitattributes
	on main true
	git branch -f side
	diverge 3:claimed 4:blocked
	merges
	[ "$(rows "$TREE")" = '1 2 3 4' ]
	[ "$(rows "$(git merge-tree --write-tree main side | head -n1)")" = \
		'1 2 4 3' ]
	is_right "$TREE"
}

@test "mergelogs: where one side alone has rows git's answer stands" {
	on side states 3:claimed
	on main touch other
	merges
	[ "$(rows "$TREE")" = '1 2 3' ]
	is_made
}

@test "mergelogs: with our driver configured the tree is the same" {
	diverge '3:claimed 6:done' '4:blocked 5:claimed'
	merges
	driver
	run -0 --separate-stderr "$TOOL" merge main side
	[ "${lines[0]}" = "tree $TREE" ]
	is_made driver
}

@test "mergelogs: a driver of somebody else's is what counts" {
	diverge 3:claimed 4:blocked
	echo "$LOG merge=ours" >.gitattributes
	git config merge.ours.driver true
	run -0 --separate-stderr "$TOOL" merge main side
	TREE=${lines[0]#tree }
	[ "$(rows "$TREE")" = '1 2 4' ]
	is_right "$TREE"
	is_made driver status
	git config merge.ours.driver false
	run -1 --separate-stderr "$TOOL" merge main side
	[[ $output == *"conflict $LOG 100644:"* ]]
	is_made driver unmade
	git config --unset merge.ours.driver
	merges
	[ "$(rows "$TREE")" = '1 2 3 4' ]
}

@test "mergelogs: a driver for all that has no attribute counts, too" {
	diverge 3:claimed 4:blocked
	git config merge.all.driver 'echo all >%A'
	git config merge.default all
	run -0 --separate-stderr "$TOOL" merge main side
	[ "$(git show "${lines[0]#tree }:$LOG")" = all ]
	is_made driver
	echo "* merge" >.git/info/attributes
	run -0 --separate-stderr "$TOOL" merge main side
	[ "$(rows "${lines[0]#tree }")" = '1 2 3 4' ]
}

@test "mergelogs: of attributes the index and commits are of no account" {
	echo "$LOG merge=mine" >.gitattributes
	on main true
	git branch -f side
	git config merge.mine.driver true
	diverge 3:claimed 4:blocked
	run -0 --separate-stderr "$TOOL" merge main side
	is_made driver status
	rm .gitattributes
	run -0 --separate-stderr "$TOOL" merge main side
	is_made log status
	[ "$(rows "${lines[0]#tree }")" = '1 2 3 4' ]
}

@test "mergelogs: an event that one side lost is kept, and told" {
	local id=01KE0000000000000000000001

	lose() {
		without 1
		states 3:claimed
	}
	on side lose
	states 4:blocked
	merges
	[ "$(rows "$TREE")" = '1 2 3 4' ]
	is_right "$TREE"
	[[ $output == *"note kept theirs 1 $id"* ]]
	run -0 --separate-stderr "$TOOL" merge side main
	[[ $output == *"note kept ours 1 $id"* ]]
}

@test "mergelogs: two changes of one event conflict, and both are shown" {
	local tree

	change() {
		sed -i "/$1\"/s/planned/$2/" "$LOG"
		states "$3"
	}
	on side change 2 claimed 3
	change 2 blocked 4
	run -1 --separate-stderr "$TOOL" merge main side
	tree=${lines[0]#tree }
	[[ $output == *"note conflict "*" 2 01KE0000000000000000000002"* ]]
	[[ $output == *"conflict $LOG 100644:"* ]]
	is_made log-conflict unmade
	[ "$(rows "$tree")" = '1 <<<<<<< ours 2 ======= 2 >>>>>>> theirs 3 4' ]
	driver
	run -1 git merge -q side
	[ "$(git show "$tree:$LOG")" = "$(cat "$LOG")" ]
}

@test "mergelogs: such a conflict is one where git merges the lines, too" {
	on main states 3 4 5 6 7 8
	git branch -f side
	front() {
		{ SK_EVENTS=50 row 90 claimed && tail -n1 "$LOG" && sed '$d' "$LOG"; } >new
		mv new "$LOG"
	}
	on side front
	back() {
		row 90 blocked
	}
	on main back
	run -0 git merge-tree --write-tree main side
	run -1 --separate-stderr "$TOOL" merge main side
	[[ $output == *"conflict $LOG 100644:"* ]]
	[[ $output == *'note conflict '* ]]
}

@test "mergelogs: a log that both added is merged" {
	git checkout -q --orphan lone
	git rm -rfq .
	git commit -q --allow-empty -m root
	git branch -f side
	git branch -f main
	git checkout -q main
	add() {
		mkdir -p "${LOG%/*}"
		echo '{"mission_slug": "001-a"}' >"${LOG%/*}/meta.json"
		states "$@"
	}
	on side add 1 3:claimed
	add 1 2
	merges
	[ "$(rows "$TREE")" = '1 2 3' ]
	is_right "$TREE"
	git reset -q --hard lone
	hollow() {
		mkdir -p "${LOG%/*}"
		: >"$LOG"
	}
	on main hollow
	git branch -f side lone
	backwards() {
		mkdir -p "${LOG%/*}"
		row 2
		row 1
	}
	on side backwards
	merges
	[ "$(rows "$TREE")" = '2 1' ]
}

@test "mergelogs: a log whose mission moved meanwhile is merged there" {
	local to=kitty-specs/002-b

	diverge 3:claimed 4:blocked
	on main moves 001-a 002-b
	# the driver looks for a status.json's log where that is now
	ALONE=1 merges
	LOG=$to/status.events.jsonl
	STATUS=$to/status.json
	[ "$(rows "$TREE")" = '1 2 3 4' ]
	is_right "$TREE"
	[ -z "$(git ls-tree "$TREE" kitty-specs/001-a)" ]
	on side moves 001-a 002-b
	ALONE=1 merges
	[ "$(rows "$TREE")" = '1 2 3 4' ]
}

@test "mergelogs: a log that moved to two places is left as git has it" {
	diverge 3:claimed 4:blocked
	on main moves 001-a 002-b
	on side moves 001-a 003-c
	run -1 --separate-stderr "$TOOL" merge main side
	[[ $output == *'CONFLICT (rename/rename)'* ]]
	is_made
}

@test "mergelogs: a log that moved to another's place is left as git has it" {
	other() {
		mkdir -p kitty-specs/002-b
		row 7
		tail -n1 "$LOG" >kitty-specs/002-b/status.events.jsonl
		git checkout -q "$LOG"
	}
	diverge 3:claimed 4:blocked
	on main moves 001-a 002-b
	on side other
	run -1 --separate-stderr "$TOOL" merge main side
	[[ $output == *'conflict kitty-specs/002-b/status.events.jsonl '* ]]
	[[ $output == *'made left kitty-specs/002-b/status.events.jsonl'* ]]
	[[ $output != *'made log'* ]]
	[ "${lines[0]}" = "tree $(git merge-tree --write-tree main side | head -n1)" ]
}

@test "mergelogs: a log that one side removed is a conflict, as git has it" {
	on side states 3:claimed
	on main git rm -q "$LOG"
	run -1 --separate-stderr "$TOOL" merge main side
	[[ $output == *"said CONFLICT (modify/delete): $LOG"* ]]
	is_made
}

@test "mergelogs: histories that cross have the rows of all as their base" {
	local before

	diverge 3:claimed 4:blocked
	before=$(git rev-parse main)
	cross() {
		git merge -q "$1" -m cross
	}
	driver
	cross side
	on side cross "$before"
	rm .git/info/attributes
	git config --unset merge.sk-eventlog.driver
	[ "$(git merge-base --all main side | wc -l)" = 2 ]
	diverge '5:done' '6:for_review'
	merges
	[ "$(rows "$TREE")" = '1 2 3 4 5 6' ]
	is_right "$TREE"
	[[ $output != *note* ]]
	drop() {
		without 3 4
		reduce drop
	}
	on side drop
	merges
	[ "$(rows "$TREE")" = '1 2 3 4 5 6' ]
	[ "$(grep -c '^note kept theirs' <<<"$output")" = 2 ]
}

@test "mergelogs: an octopus by hand is the same in any order" {
	local one other

	git branch third
	git branch fourth
	diverge '3:claimed 7' '4:blocked'
	on third states 5:done 6
	on fourth states 8:claimed
	octopus() {
		local at=$1 tree

		for other in "${@:2}"; do
			tree=$("$TOOL" merge "$at" "$other" | sed -n 's/^tree //p')
			at=$("$TOOL" commit "$tree" octopus "$at" "$other")
		done
		git rev-parse "$at:"
	}
	one=$(octopus main side third fourth)
	[ "$one" = "$(octopus fourth third main side)" ]
	[ "$(rows "$one")" = '1 2 3 4 5 6 7 8' ]
	is_right "$one"
}

@test "mergelogs: an executable log and one of each mode keep theirs" {
	diverge 3:claimed 4:blocked
	on side chmod +x "$LOG"
	merges
	[ "$(git ls-tree "$TREE" "$LOG" | cut -c1-6)" = 100755 ]
}

@test "mergelogs: what lies beside stays, and other conflicts do" {
	local before

	git sk-eventlog reduce "$LOG" >../x
	seq 5 >file
	mkdir -p kitty-specs/001-a/tasks kitty-specs/zz $'kitty-specs/\xff\n'
	echo "wp" >kitty-specs/001-a/tasks/WP01.md
	echo z >kitty-specs/zz/status.json
	ln -s file link
	chmod +x file
	cp file $'kitty-specs/\xff\n/f'
	on main true
	git branch -f side
	diverge 3:claimed 4:blocked
	on main sed -i s/3/three/ file
	on side sed -i s/3/THREE/ file
	run -1 --separate-stderr "$TOOL" merge main side
	TREE=${lines[0]#tree }
	[ "$(grep -c ^conflict <<<"$output")" = 1 ]
	[[ $output == *'conflict file '* && $output == *'CONFLICT (contents): file'* ]]
	[[ $output != *"CONFLICT (contents): $LOG"* ]]
	before=$(git diff-tree -r --name-only main "$TREE" | xargs)
	[ "$before" = "file $LOG $STATUS" ]
	git fsck --strict --no-dangling
}

@test "mergelogs: what is odd in a log is kept, in one piece" {
	tear() {
		row 3
		row 5
		printf '{"torn": ' >>"$LOG"
	}
	odd() {
		row 4
		sed -i '$s/$/\r/' "$LOG"
		printf 'a\0b\n{"event_type": "New", "x": 1}\n' >>"$LOG"
		row 4
	}
	on side tear
	on main odd
	ALONE=1 merges
	[ "$(git show "$TREE:$LOG")" = "$(git -C ../driven show ":$LOG")" ]
	[ "$(git show "$TREE:$LOG" | tr -d '\0' | grep -c -e '^ab$' -e torn -e New)" = 3 ]
	[[ $output == *'note unreadable '* ]]
}

@test "mergelogs: meta.json that both changed alike for it is no hindrance" {
	meta() {
		sed -i "s/\"created_at\"/\"$1\": 1, &/" kitty-specs/001-a/meta.json
	}
	diverge 3:claimed 4:blocked
	on main meta one
	on side meta other
	run -1 --separate-stderr "$TOOL" merge main side
	is_made log status
	[[ $output != *"conflict $STATUS"* ]]
	on main sed -i s/software-dev/research/ kitty-specs/001-a/meta.json
	run -1 --separate-stderr "$TOOL" merge main side
	is_made log unmade
	[[ $output == *"conflict $STATUS"* ]]
}

@test "mergelogs: status.json that one removed, or none has, is not made" {
	diverge 3:claimed 4:blocked
	on main git rm -q "$STATUS"
	run -1 --separate-stderr "$TOOL" merge main side
	is_made log
	[[ $output == *"said CONFLICT (modify/delete): $STATUS"* ]]
	on side git rm -q "$STATUS"
	merges
	is_made log
}
