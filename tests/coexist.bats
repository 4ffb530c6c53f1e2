#!/usr/bin/env bats
# git-sk beside the hook managers that people use, each of them for real, in
# every order; pre-commit is in coexist-precommit.bats. 'play' says what is done,
# and what holds afterwards; see coexist.bash.

load helper
load coexist

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

@test "husky: first, then git-sk, and installed again" {
	have husky
	play install setup works seen install works-or-tells setup works \
		install works-or-tells remove same uninstall same
}

@test "husky: after git-sk, and installed again" {
	have husky
	play setup install works-or-tells install works-or-tells \
		setup works remove same uninstall same
}

@test "husky: goes while git-sk stays" {
	have husky
	play install setup works uninstall works-or-tells setup works \
		remove same
}

@test "husky: goes after it came to git-sk" {
	have husky
	play setup install uninstall works-or-tells setup works remove same
}

@test "lefthook: first, then git-sk, and installed again" {
	have lefthook
	play install setup works seen install works-or-tells setup works \
		install works-or-tells remove same uninstall same
}

@test "lefthook: after git-sk, and installed again" {
	have lefthook
	play setup install works-or-tells install works-or-tells \
		setup works remove same uninstall same
}

@test "lefthook: goes while git-sk stays" {
	have lefthook
	play install setup works uninstall works-or-tells setup works \
		remove same
}

@test "lefthook: goes after it came to git-sk" {
	have lefthook
	play setup install uninstall works-or-tells setup works remove same
}

@test "lefthook: with a hook of the user's own" {
	have lefthook
	play mine install setup works install works-or-tells setup works \
		install remove same uninstall same
}

@test "lefthook: after git-sk and a hook of the user's own" {
	have lefthook
	play mine setup install works-or-tells setup works install \
		works-or-tells remove same uninstall same
}

@test "lefthook: goes, and a hook of the user's own comes back" {
	have lefthook
	play mine install setup works uninstall works-or-tells setup works \
		remove same
}

@test "prek: first, then git-sk, and installed again" {
	have prek
	play install setup works seen install works-or-tells setup works \
		install works-or-tells remove same uninstall same
}

@test "prek: after git-sk, and installed again" {
	have prek
	play setup install works-or-tells install works-or-tells \
		setup works remove same uninstall same
}

@test "prek: goes while git-sk stays" {
	have prek
	play install setup works uninstall works-or-tells setup works \
		remove same
}

@test "prek: goes after it came to git-sk" {
	have prek
	play setup install uninstall works-or-tells setup works remove same
}

@test "prek: with a hook of the user's own" {
	have prek
	play mine install setup works install works-or-tells setup works \
		install remove same uninstall same
}

@test "prek: after git-sk and a hook of the user's own" {
	have prek
	play mine setup install works-or-tells setup works install \
		works-or-tells remove same uninstall same
}

@test "prek: goes, and a hook of the user's own comes back" {
	have prek
	play mine install setup works uninstall works-or-tells setup works \
		remove same
}

@test "git-lfs: first, then git-sk, and installed again" {
	have git-lfs
	play install setup works seen install force works-or-tells setup works \
		install force works-or-tells remove same uninstall same
}

@test "git-lfs: after git-sk, and installed again" {
	have git-lfs
	play setup install force works-or-tells install force works-or-tells \
		setup works remove same uninstall same
}

@test "simple-git-hooks: first, then git-sk, and installed again" {
	have simple-git-hooks
	play install setup works seen install works-or-tells setup works \
		install works-or-tells remove same uninstall same
}

@test "simple-git-hooks: after git-sk, and installed again" {
	have simple-git-hooks
	play setup install works-or-tells install works-or-tells \
		setup works remove same uninstall same
}

@test "simple-git-hooks: goes while git-sk stays" {
	have simple-git-hooks
	play install setup works uninstall works-or-tells setup works \
		remove same
}

@test "simple-git-hooks: goes after it came to git-sk" {
	have simple-git-hooks
	play setup install uninstall works-or-tells setup works remove same
}

@test "lefthook: installs itself when its configuration has changed" {
	have lefthook
	play install setup edit works-or-tells setup works remove same
}

@test "simple-git-hooks: a hook it would have destroyed is kept and named" {
	have simple-git-hooks
	play mine setup install works-or-tells
	run -0 git -C ours sk-setup --remove
	[[ $output == *"/post-commit.sk-orig' was kept, and another "* ]]
	grep -q 'job mine post-commit' ours/.git/hooks/post-commit.sk-orig
	rm ours/.git/hooks/*.sk-orig
	step_same
}

@test "git-lfs: goes while git-sk stays, and is not brought back" {
	have git-lfs
	play install setup works uninstall remove same
}

@test "husky: lines that were added to its configuration capture" {
	have husky
	play_by_hand
}

@test "husky: lines go beside what it runs for the same event" {
	have husky
	play_beside
}

@test "lefthook: lines that were added to its configuration capture" {
	have lefthook
	play_by_hand
}

@test "lefthook: lines go beside what it runs for the same event" {
	have lefthook
	play_beside
}

@test "prek: lines that were added to its configuration capture" {
	have prek
	play_by_hand
}

@test "prek: lines go beside what it runs for the same event" {
	have prek
	play_beside
}

@test "simple-git-hooks: lines that were added to its configuration capture" {
	have simple-git-hooks
	play_by_hand
}

@test "simple-git-hooks: lines go beside what it runs for the same event" {
	have simple-git-hooks
	play_beside
}
