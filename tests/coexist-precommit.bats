#!/usr/bin/env bats
# git-sk beside pre-commit, which takes longer than all other hook managers do
# together; as tests/coexist.bats.

load helper
load coexist

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

@test "pre-commit: first, then git-sk, and installed again" {
	have pre-commit
	play install setup works seen install works-or-tells setup works \
		install works-or-tells remove same uninstall same
}

@test "pre-commit: after git-sk, and installed again" {
	have pre-commit
	play setup install works-or-tells install works-or-tells \
		setup works remove same uninstall same
}

@test "pre-commit: goes while git-sk stays" {
	have pre-commit
	play install setup works uninstall works-or-tells setup works \
		remove same
}

@test "pre-commit: goes after it came to git-sk" {
	have pre-commit
	play setup install uninstall works-or-tells setup works remove same
}

@test "pre-commit: with a hook of the user's own" {
	have pre-commit
	play mine install setup works install works-or-tells setup works \
		install remove same uninstall same
}

@test "pre-commit: after git-sk and a hook of the user's own" {
	have pre-commit
	play mine setup install works-or-tells setup works install \
		works-or-tells remove same uninstall same
}

@test "pre-commit: goes, and a hook of the user's own comes back" {
	have pre-commit
	play mine install setup works uninstall works-or-tells setup works \
		remove same
}

@test "pre-commit: lines that were added to its configuration capture" {
	have pre-commit
	play_by_hand
}

@test "pre-commit: lines go beside what it runs for the same event" {
	have pre-commit
	play_beside
}
