#!/usr/bin/env bats
# Merges in the object database (lib/git/mergetree.h): as 'git merge' has them.

load helper
load mergetree

setup() {
	sk_setup
	enter_repo
	seq 20 >file
	seq 30 50 >other
	mkdir d
	echo x >d/x
	git add .
	git commit -qm base
	git branch side
}

teardown() {
	sk_teardown
}

# on <branch> <command>: a commit there of what the command does.
on() {
	git checkout -q "$1"
	eval "$2"
	git add -A
	git commit -qm "$2"
	git checkout -q main
}

# both <command on main> <command on side>
both() {
	on main "$1"
	on side "$2"
}

# conflicts <kind>: the two do, and this is what git calls it.
conflicts() {
	git_merge trees main side
	[ "$IS_CLEAN" = 0 ]
	[[ $output == *"said CONFLICT ($1):"* ]]
	git_merge trees side main
	[ "$IS_CLEAN" = 0 ]
}

@test "mergetree: changes that have nothing to do with one another merge" {
	both 'sed -i s/^2$/two/ file' 'sed -i s/^19$/x/ file; git mv d e; echo n >n'
	git_merge trees main side
	[ "$IS_CLEAN" = 1 ]
	[[ $output == *'said Auto-merging: file'* ]]
	git_merge trees side main
	[ "$IS_CLEAN" = 1 ]
}

@test "mergetree: a commit that is behind, and one that is ahead, merge" {
	on side 'echo n >n'
	run -0 "$TOOL" trees main side
	[ "$output" = "tree $(git rev-parse 'side^{tree}')" ]
	run -0 "$TOOL" trees side main
	[ "$output" = "tree $(git rev-parse 'side^{tree}')" ]
}

@test "mergetree: two changes of the same lines conflict" {
	both 'sed -i s/^5$/five/ file' 'sed -i s/^5$/FIVE/ file'
	conflicts contents
	run -1 "$TOOL" trees main side
	git show "${lines[0]#tree }:file" | grep -q '^<<<<<<< main$'
}

@test "mergetree: a change of what the other removed conflicts" {
	both 'git rm -q file' 'echo more >>file'
	conflicts modify/delete
}

@test "mergetree: two files of one name conflict" {
	both 'seq 5 >new' 'seq 60 90 >new'
	conflicts contents
}

@test "mergetree: a file that moved to where the other added one conflicts" {
	both 'git mv file new' 'seq 60 99 >new; echo more >>file'
	conflicts contents
}

@test "mergetree: a file that moved to two places conflicts" {
	both 'git mv file one' 'git mv file two'
	conflicts rename/rename
}

@test "mergetree: two files that moved to one place conflict" {
	both 'git mv file one' 'git mv other one'
	conflicts contents
}

@test "mergetree: a file that moved and that the other removed conflicts" {
	both 'git mv file one; echo more >>one' 'git rm -q file'
	conflicts rename/delete
}

@test "mergetree: a mode is merged, and a link where a file was conflicts" {
	both 'chmod +x file' 'echo more >>file'
	git_merge trees main side
	[ "$IS_CLEAN" = 1 ]
	git ls-tree "${lines[0]#tree }" file | grep -q ^100755
	both 'ln -sf d other' 'echo more >>other'
	conflicts 'distinct modes'
}

@test "mergetree: two changes of a binary file conflict" {
	both 'printf "a\0b" >file' 'printf "c\0d" >file'
	conflicts binary
}

@test "mergetree: a folder in the place of a file conflicts" {
	both 'rm file; mkdir file; echo x >file/x' 'echo more >>file'
	conflicts file/directory
}

@test "mergetree: two commits of a submodule conflict, one is taken" {
	local one two

	one=$(git rev-parse main)
	two=$(git commit-tree -m two "$one^{tree}")
	add() {
		git update-index --add --cacheinfo "160000,$1,sub"
		git commit -qm "sub $1"
	}
	mkdir sub
	add "$one"
	git branch -f side
	add "$two"
	run -0 "$TOOL" trees main side
	git ls-tree "${lines[0]#tree }" sub | grep -q "160000 commit $two"
	git checkout -q side
	add "$(git commit-tree -m three "$one^{tree}")"
	git checkout -q main
	run -1 "$TOOL" trees main side
	[[ $output == *"conflict sub 160000:$one 160000:$two 160000:"* ]]
	[[ $output == *'said CONFLICT (contents): sub'* ]]
}

@test "mergetree: histories that cross merge as git merges them" {
	local main

	both 'sed -i s/^2$/two/ file' 'sed -i s/^19$/x/ file'
	main=$(git rev-parse main)
	git merge -q side -m one
	git checkout -q side
	git merge -q "$main" -m other
	git checkout -q main
	both 'sed -i s/^5$/five/ file' 'sed -i s/^15$/y/ file'
	[ "$(git merge-base --all main side | wc -l)" = 2 ]
	git_merge trees main side
	[ "$IS_CLEAN" = 1 ]
}

@test "mergetree: attributes are those of the work tree, and of info" {
	both 'sed -i s/^5$/five/ file' 'sed -i s/^5$/FIVE/ file'
	conflicts contents
	echo 'file merge=union' >.git/info/attributes
	git_merge trees main side
	[ "$IS_CLEAN" = 1 ]
	rm .git/info/attributes
	echo 'file merge=union' >.gitattributes
	run -0 "$TOOL" trees main side
	(cd d && "$TOOL" trees main side)
	git add .gitattributes
	git commit -qm attributes
	rm .gitattributes
	run -1 "$TOOL" trees main side
	git clone -q --bare . ../bare
	cd ../bare
	run -1 "$TOOL" trees main side
	echo 'file merge=union' >info/attributes
	run -0 "$TOOL" trees main side
}

@test "mergetree: a driver counts, and one that is killed makes a conflict" {
	both 'sed -i s/^5$/five/ file' 'sed -i s/^5$/FIVE/ file'
	echo 'file merge=mine' >.git/info/attributes
	git config merge.mine.driver 'echo %P >%A; echo driver >&2'
	git_merge trees main side
	[ "$IS_CLEAN" = 1 ]
	[ "$(git show "${lines[0]#tree }:file")" = file ]
	[ "$stderr" = driver ]
	git config merge.mine.driver 'kill -9 $$'
	git_merge trees main side
	[ "$IS_CLEAN" = 0 ]
}

@test "mergetree: it merges a name of any bytes" {
	local name=$'a\tb\nc "q" \\ \xff'

	echo 1 >"$name"
	on main ':'
	git branch -f side
	both 'echo 2 >a*' 'echo 3 >a*'
	run -1 "$TOOL" trees main side
	[[ $output == *"conflict $name 100644:"* ]]
	[[ $output == *"said CONFLICT (contents): $name"* ]]
}

@test "mergetree: git's environment of a hook is of no account" {
	both 'echo n >n' 'echo m >m'
	cat >.git/hooks/pre-commit <<-EOF
		#!/bin/sh
		cd /
		"$TOOL" trees main side >"$PWD/.git/said" 2>&1
	EOF
	chmod +x .git/hooks/pre-commit
	git worktree add -q ../linked -b third
	cd ../linked
	echo s >s
	git add s
	git commit -qm third
	[ "$(cat ../repo/.git/said)" = "$("$TOOL" trees main side)" ]
	GIT_INDEX_FILE=/nonexistent/index GIT_PREFIX=d/ \
		run -0 "$TOOL" trees main side
}

@test "mergetree: it merges in a repository of SHA-256" {
	rm -rf .git
	git init -q --object-format=sha256 .
	git add .
	git commit -qm base
	git branch side
	both 'sed -i s/^5$/five/ file' 'sed -i s/^5$/FIVE/ file; echo m >m'
	conflicts contents
	[ "${#lines[0]}" = 69 ]
}

@test "mergetree: a bare repository merges" {
	both 'echo n >n' 'echo m >m'
	git clone -q --bare . ../bare
	run -0 "$TOOL" trees main side
	one=$output
	cd ../bare
	run -0 "$TOOL" trees main side
	[ "$output" = "$one" ]
}

@test "mergetree: a shallow clone without the common commit says so" {
	both 'echo n >n' 'echo m >m'
	git clone -q --depth 1 --no-single-branch "file://$PWD" ../shallow
	cd ../shallow
	run -128 --separate-stderr "$TOOL" trees main origin/side
	[[ $stderr == *'refusing to merge unrelated histories'* ]]
	[[ $stderr == *"hint: "*"'git fetch --unshallow'"* ]]
	git fetch -q --unshallow
	run -0 "$TOOL" trees main origin/side
}

@test "mergetree: a partial clone fetches, and is an error where it cannot" {
	both 'sed -i s/^2$/two/ file' 'sed -i s/^19$/x/ file'
	git config uploadpack.allowFilter true
	git clone -q --filter=blob:none --no-checkout "file://$PWD" ../partial
	cd ../partial
	mv ../repo ../away
	run -128 --separate-stderr timeout 20 "$TOOL" trees main origin/side
	[[ $stderr == *'error: git merge-tree failed: '* ]]
	mv ../away ../repo
	run -0 "$TOOL" trees main origin/side
}

@test "mergetree: a revision that is none, and a missing tree, are errors" {
	run -128 --separate-stderr "$TOOL" trees main nope
	[[ $stderr == *'git merge-tree failed: '*nope* ]]
	on side 'echo m >m; mkdir e; echo x >e/x'
	on main 'echo n >n'
	rm -f ".git/objects/$(git rev-parse side: | sed 's,..,&/,')"
	run -128 --separate-stderr "$TOOL" trees main side
	[[ $stderr == *'error: git ls-tree failed: '* ]]
}

@test "mergetree: an older git is named, with the one to install" {
	mkdir ../old
	cat >../old/git <<-EOF
		#!/bin/sh
		[ "\$1" != --version ] || { echo git version 2.37.4; exit; }
		case "\$*" in *merge-tree*) echo usage >&2; exit 129 ;; esac
		exec $(command -v git) "\$@"
	EOF
	chmod +x ../old/git
	PATH=$PWD/../old:$PATH run -128 --separate-stderr \
		"$TOOL" trees main side
	[[ $stderr == *'error: git 2.37 cannot merge beside a work tree'* ]]
	[[ $stderr == *'hint: install git 2.38 or later'* ]]
}

@test "mergetree: where no object can be written is an error" {
	both 'echo n >n' 'echo m >m'
	GIT_OBJECT_DIRECTORY=/proc/sys \
		GIT_ALTERNATE_OBJECT_DIRECTORIES=$PWD/.git/objects \
		run -128 --separate-stderr "$TOOL" trees main side
	[[ $stderr == *'error: git merge-tree failed'* ]]
}
