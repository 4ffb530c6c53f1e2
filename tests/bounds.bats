#!/usr/bin/env bats
# What one commit may cost, and what becomes of what cannot be read: it is left
# out, named once, and the rest goes on.

load helper

setup() {
	sk_setup
	enter_repo
}

teardown() {
	sk_teardown
}

# tree <line>...: make a tree of "<mode> <type> <id> <name>"; its id.
tree() {
	printf '%s\n' "$@" | tr '@' '\t' | git mktree --missing
}

# commit_tree <tasks tree> [<parent>]: a commit in which mission x has that
# tasks/ beside the missions of HEAD; its id.
commit_tree() {
	local x missions root

	x=$(tree "040000 tree $1@tasks")
	missions=$({ git ls-tree HEAD:kitty-specs &&
		printf '040000 tree %s\tx\n' "$x"; } | git mktree)
	root=$(tree "040000 tree $missions@kitty-specs")
	git commit-tree -p HEAD -m nested "$root"
}

# nested <levels>: a tree whose entries are ten times the one below it.
nested() {
	local blob below i j lines

	blob=$(printf -- '---\nlane: done\n---\n' | git hash-object -w --stdin)
	below=$(tree "100644 blob $blob@WP01.md")
	for ((i = 0; i < $1; i++)); do
		lines=()
		for ((j = 0; j < 10; j++)); do
			lines+=("040000 tree $below@d$j")
		done
		below=$(tree "${lines[@]}")
	done
	echo "$below"
}

# lost <object>: take it out of the repository.
lost() {
	rm -f ".git/objects/${1:0:2}/${1:2}"
}

@test "bounds: nested trees of 10^12 paths stop neither a pull nor what follows" {
	mission 001-a
	git clone -q . ../clone
	nested=$(commit_tree "$(nested 12)")
	git update-ref refs/heads/main "$nested"
	git read-tree HEAD~
	event 001-a WP01 null planned
	git add kitty-specs
	GIT_SK=0 git commit -qm after
	cd ../clone
	git sk-setup >/dev/null
	run -0 --separate-stderr timeout 60 git pull -q
	[ "$(transitions)" = 1 ]
	[ "${#stderr_lines[@]}" = 3 ]
	[[ ${stderr_lines[0]} == "warning: post-merge hook: mission 'x': commit "*" takes out its folder" ]]
	[[ ${stderr_lines[1]} == 'hint: to go back: git reset --keep '* ]]
	[[ ${stderr_lines[2]} == "warning: post-merge hook: commit ${nested:0:12}: kitty-specs/x cannot be read: more than 1000000 paths in tasks/"* ]]
	event 001-a WP02 null planned
	run -0 --separate-stderr timeout 60 git commit -qam mine
	[ -z "$stderr" ]
	[ "$(transitions)" = 2 ]
}

@test "bounds: folders that repeat are read, as long as the paths are few" {
	mission 001-a
	git sk-setup >/dev/null
	git update-ref refs/heads/main "$(commit_tree "$(nested 5)")"
	run -0 --separate-stderr timeout 60 git sk-sync backfill
	[ -z "$stderr" ]
	[ "$(query "SELECT json_extract(data, '$.aggregate_id') FROM queue
		WHERE event_type = 'WPStatusChanged'")" = x/WP01 ]
}

@test "bounds: a folder too deep below tasks/ is left out, and named once" {
	git sk-setup >/dev/null
	mission 001-a
	deep=kitty-specs/001-a/tasks/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16
	mkdir -p $deep/17
	printf -- '---\nlane: planned\n---\n' | tee $deep/WP01.md >$deep/17/WP02.md
	git add -A
	run -0 --separate-stderr git commit -qm deep
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *": $deep/17 cannot be read: a folder so deep below tasks/ is left out"* ]]
	[ "$(transitions)" = 1 ]
	printf -- '---\nlane: done\n---\n' >$deep/WP01.md
	run -0 --separate-stderr git commit -qam more
	[ -z "$stderr" ]
	[ "$(transitions)" = 2 ]
}

@test "bounds: too many entries in one commit end that commit, not the clone" {
	mission 001-a
	git sk-setup >/dev/null
	blob=$(printf x | git hash-object -w --stdin)
	# eleven missions of 100,000 other files each
	x=$(seq -f '%06.0f' 100000 | sed "s/^/100644 blob $blob\tf/" |
		git mktree --missing)
	wide=$({ git ls-tree HEAD:kitty-specs &&
		printf "040000 tree $x\tx%02d\n" $(seq 11); } | git mktree)
	wide=$(git commit-tree -p HEAD -m wide "$(tree "040000 tree $wide@kitty-specs")")
	git update-ref refs/heads/main "$wide"
	run -0 --separate-stderr git sk-sync now
	[[ $stderr == *"commit ${wide:0:12}: kitty-specs/x10 cannot be read: more than 1000000 entries in one commit; so is what follows"* ]]
	[ "$(grep -c 'cannot be read' <<<"$stderr")" = 1 ]
	event 001-a WP01 null planned
	git add kitty-specs/001-a
	next=$(git commit-tree -p "$wide" -m next "$(git write-tree)")
	git update-ref refs/heads/main "$next"
	run -1 --separate-stderr git sk-sync now
	[[ $stderr != *"cannot be read"* ]]
	[ "$(transitions)" = 1 ]
}

@test "bounds: a log over its limit stops its mission alone" {
	git sk-setup >/dev/null
	mission 001-a
	mission 002-b
	event 001-a WP01 null planned
	head -c 269000000 /dev/zero | tr '\0' '\n' \
		>kitty-specs/002-b/status.events.jsonl
	git config core.compression 0
	run -0 --separate-stderr git commit -qam large
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *": kitty-specs/002-b cannot be read: blob $(git rev-parse HEAD:kitty-specs/002-b/status.events.jsonl) is larger than 268435456 bytes"* ]]
	[ "$(transitions)" = 1 ]
	run -0 git sk-sync status
	[[ $output == *"Unreadable:     1 "*"kitty-specs/002-b: blob "* ]]
	# smaller again, it is read; the large one beside it no more in the way
	: >kitty-specs/002-b/status.events.jsonl
	event 002-b WP01 null planned
	event 001-a WP01 planned claimed
	git commit -qam small
	[ "$(transitions)" = 2 ]
	[ "$(query 'SELECT count(*) FROM sk_unreadable')" = 0 ]
	event 002-b WP01 planned claimed
	run -0 --separate-stderr git commit -qam grown
	[ -z "$stderr" ]
	[ "$(transitions)" = 3 ]
}

@test "bounds: a missing blob stops its mission in that commit alone" {
	mission 001-a
	mission 002-b
	git sk-setup >/dev/null
	event 001-a WP01 null planned
	event 002-b WP01 null planned
	GIT_SK=0 git commit -qam lost
	lost=$(git rev-parse HEAD:kitty-specs/002-b/status.events.jsonl)
	event 002-b WP01 planned claimed
	event 001-a WP01 planned claimed
	GIT_SK=0 git commit -qam next
	event 002-b WP01 claimed in_progress
	GIT_SK=0 git commit -qam last
	lost "$lost"
	run -0 --separate-stderr git commit -q --allow-empty -m wake
	[[ $stderr == *"kitty-specs/002-b cannot be read: blob $lost is missing"* ]]
	# of 001-a both; of 002-b what the last one added to a log that is there
	[ "$(query "SELECT json_extract(data, '$.aggregate_id') FROM queue
		WHERE event_type = 'WPStatusChanged' ORDER BY id")" = "001-a/WP01
001-a/WP01
002-b/WP01" ]
	run -0 --separate-stderr git commit -q --allow-empty -m wake
	[ -z "$stderr" ]
}

@test "bounds: a missing tree stops its mission, a damaged one too" {
	mission 001-a
	git sk-setup >/dev/null
	for mission in 002-b 003-c; do
		mkdir -p kitty-specs/$mission/tasks
		printf -- '---\nlane: done\n---\n' \
			>kitty-specs/$mission/tasks/WP01-$mission.md
	done
	event 001-a WP01 null planned
	git add -A
	GIT_SK=0 git commit -qm work
	lost "$(git rev-parse HEAD:kitty-specs/002-b/tasks)"
	damaged=$(git rev-parse HEAD:kitty-specs/003-c)
	lost "$damaged"
	echo damaged >".git/objects/${damaged:0:2}/${damaged:2}"
	run -0 --separate-stderr git sk-sync backfill
	[[ $stderr == *"kitty-specs/002-b cannot be read: tree "*" is missing"* ]]
	[[ $stderr == *"kitty-specs/003-c cannot be read: "* ]]
	[ "$(query "SELECT json_extract(data, '$.aggregate_id') FROM queue
		WHERE event_type = 'WPStatusChanged'")" = 001-a/WP01 ]
}

@test "bounds: what is missing is counted as long as HEAD lacks it" {
	mission 001-a
	git sk-setup >/dev/null
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam lost
	lost=$(git rev-parse HEAD:kitty-specs/001-a/status.events.jsonl)
	lost "$lost"
	git commit -q --allow-empty -m wake
	git commit -q --allow-empty -m wake
	run -0 git sk-sync status --json
	[ "$(jq .unreadable <<<"$output")" = 1 ]
	git hash-object -w kitty-specs/001-a/status.events.jsonl >/dev/null
	event 001-a WP01 planned claimed
	git commit -qam next
	run -0 git sk-sync status --json
	[ "$(jq .unreadable <<<"$output")" = 0 ]
}

@test "bounds: what cannot be read is looked for in any worktree at no cost" {
	local i

	mission 001-a
	git sk-setup >/dev/null
	git worktree add -q ../tree
	for i in 1 2 3; do
		git worktree add -q --detach "../tree$i"
	done
	(cd ../tree && echo 'no json' >>kitty-specs/001-a/status.events.jsonl &&
		git commit -qam broken 2>../said)
	mkdir ../path
	cat >../path/git <<-'EOF'
		#!/bin/sh
		echo "$@" >>../asked
		exec env PATH="${PATH#*:}" git "$@"
	EOF
	chmod +x ../path/git
	GIT_SK=0 git commit -q --allow-empty -m wake
	rm -f .git/sk-stamp
	PATH=$PWD/../path:$PATH run -0 --separate-stderr \
		"$BUILD/hooks/post-commit"
	[ -z "$stderr" ]
	[ "$(query 'SELECT count(*) FROM sk_unreadable')" = 1 ]
	run -1 grep rev-parse ../asked
	(cd ../tree && git revert --no-edit HEAD)
	[ "$(query 'SELECT count(*) FROM sk_unreadable')" = 0 ]
}

@test "bounds: a missing tree of all missions stops its commit alone" {
	mission 001-a
	git sk-setup >/dev/null
	event 001-a WP01 null planned
	GIT_SK=0 git commit -qam lost
	lost=$(git rev-parse HEAD:kitty-specs)
	git ls-tree "$lost" >../lost
	event 001-a WP01 planned claimed
	GIT_SK=0 git commit -qam next
	event 001-a WP01 claimed in_progress
	GIT_SK=0 git commit -qam last
	lost "$lost"
	run -0 --separate-stderr git commit -q --allow-empty -m wake
	[[ $stderr == *": kitty-specs cannot be read: tree $lost is missing"* ]]
	[ "$(transitions)" = 1 ]
	# it is waited for, as the newer of two trees and as the older one
	[ "$(grep -c "^lacks .* $lost$" .git/sk-unseen)" = 2 ]
	git mktree <../lost
	event 001-a WP01 in_progress for_review
	git commit -qam more
	[ "$(transitions)" = 4 ]
	[ ! -e .git/sk-unseen ]
}

@test "bounds: a commit without an author or an end of its header is read" {
	mission 001-a
	git sk-setup >/dev/null
	event 001-a WP01 null planned
	git add -A
	id=$(printf 'tree %s\nparent %s\n' "$(git write-tree)" \
		"$(git rev-parse HEAD)" |
		git hash-object -t commit -w --literally --stdin)
	echo "$id" >.git/refs/heads/main
	run -0 --separate-stderr timeout 30 git-sk-sync backfill
	[ "$(transitions)" = 1 ]
}

@test "bounds: an author time outside of the years 1970 to 9999 has an end" {
	mission 001-a
	git sk-setup >/dev/null
	mkdir -p kitty-specs/002-b/tasks
	printf -- '---\nlane: planned\n---\n' >kitty-specs/002-b/tasks/WP01.md
	git add -A
	tree=$(git write-tree)
	commit=$(printf 'tree %s\nparent %s\nauthor A <a@x> 99999999999999 +0000\ncommitter A <a@x> 1700000000 +0000\n\nx\n' \
		"$tree" "$(git rev-parse HEAD)" |
		git hash-object -t commit -w --stdin)
	git update-ref refs/heads/main "$commit"
	run -0 --separate-stderr git commit -q --allow-empty -m wake
	[ "$(query "SELECT substr(json_extract(data, '$.timestamp'), 1, 4) FROM queue
		WHERE event_type = 'WPStatusChanged'")" = 9999 ]
}
