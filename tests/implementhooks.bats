#!/usr/bin/env bats
# git sk-task implement: with the first lane of a clone comes its pre-commit.

load helper
load implement

setup() {
	sk_setup
	only_files
	implement_setup
	planned
}

teardown() {
	sk_teardown
}

# told <file or folder>: of the hook that is in place now, and nothing else.
told() {
	[ "$stderr" = "note: hook pre-commit looks at commits on lanes from now on: it is in place in '$1'" ]
}

# missed [<option>]: of the last command, with what to run, and nothing else.
missed() {
	[ "$stderr" = "warning: hook pre-commit is missing: commits on lanes are not looked at; run 'git sk-setup${1:+ $1}'" ]
}

# looked_at: a commit in the lane's worktree that does not belong there is named.
looked_at() {
	echo more >"$TREE/kitty-specs/001-a/spec.md"
	git -C "$TREE" add .
	run -0 --separate-stderr git -C "$TREE" commit -q -m astray
	[[ $stderr == "warning: pre-commit hook: 'kitty-specs/001-a/spec.md': "* ]]
}

# newer_git: it says that it runs hooks by configuration.
newer_git() {
	mkdir ../says
	cat >../says/git <<-SH
		#!/bin/sh
		[ "\$1" != --version ] || { echo 'git version 2.54.0'; exit; }
		exec '$(command -v git)' "\$@"
	SH
	chmod +x ../says/git
	PATH=$(cd .. && pwd)/says:$PATH
}

@test "implement: the first lane of a clone brings pre-commit, and says so" {
	git sk-setup -q
	[ ! -e .git/hooks/pre-commit ]
	run -0 --separate-stderr implement WP01
	told "$PWD/.git/hooks"
	run -0 git sk-setup --check
	looked_at
	# once: a lane that is there already makes nothing anew
	rm .git/hooks/pre-commit
	run -0 --separate-stderr implement WP01
	missed
	[ ! -e .git/hooks/pre-commit ]
}

@test "implement: where pre-commit is in place already, nothing is said" {
	git branch kitty/mission-002-b-lane-a
	git sk-setup -q
	before=$(sha256sum .git/hooks/* .git/config)
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	[ "$(sha256sum .git/hooks/* .git/config)" = "$before" ]
}

@test "implement: what only plans has no lane, and what is not set up no hook" {
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	[ ! -e .git/hooks/pre-commit ]
	git worktree remove "$TREE"
	git branch -q -D "$LANE"
	git sk-setup -q
	run -0 --separate-stderr implement WP04
	[ -z "$stderr" ]
	[ ! -e .git/hooks/pre-commit ]
}

@test "implement: another program's pre-commit is kept, and runs first" {
	printf '#!/bin/sh\necho mine >&2\n' >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	git sk-setup -q
	rm .git/hooks/post-merge
	run -0 --separate-stderr implement WP01
	[[ ${stderr_lines[0]} == *"it is in place in '$PWD/.git/hooks'" ]]
	echo x >"$TREE/kitty-specs/001-a/spec.md"
	git -C "$TREE" add .
	run -0 --separate-stderr git -C "$TREE" commit -q -m astray
	[ "${stderr_lines[0]}" = mine ]
	[[ ${stderr_lines[1]} == "warning: pre-commit hook: "* ]]
	# nothing else is repaired behind anybody's back
	[ ! -e .git/hooks/post-merge ]
	[ "$(git config sk.hooks)" = "$(has_config_hooks && echo files)" ]
}

@test "implement: a pre-commit that cannot be installed is a warning" {
	git sk-setup -q
	git config core.hooksPath hooks
	mkdir hooks && touch hooks/x && git add hooks && git commit -q -m hooks
	run -0 --separate-stderr implement WP01 --json
	[ "$(jq -r .status <<<"$output")" = created ]
	[[ $stderr == "warning: hook pre-commit cannot be put in place: git tracks the files in '$PWD/hooks'; run 'git sk-setup --manual' "* ]]
	[ "$(jq -s length <<<"$output")" = 1 ]
	[ "$(lane_of WP01)" = 'in_progress claude' ]
}

@test "implement: lines by hand are not written for anybody" {
	git-sk-setup -q --manual
	run -0 --separate-stderr implement WP01
	[[ ${stderr_lines[0]} == "warning: hook post-commit is missing (and 6 more): "*"; run 'git sk-setup --manual'" ]]
	[ "${#stderr_lines[@]}" = 1 ]
	[ ! -e .git/hooks/pre-commit ]
	for event in post-commit post-merge post-rewrite post-checkout pre-commit \
		pre-merge-commit pre-push; do
		printf '#!/bin/sh\ngit-sk hook %s "$@" || exit\n' "$event" \
			>".git/hooks/$event"
		chmod +x ".git/hooks/$event"
	done
	run -0 --separate-stderr implement WP01
	[ -z "$stderr" ]
	looked_at
}

@test "implement: where git runs hooks by configuration it comes there" {
	newer_git
	"$BUILD/bin/git-sk-setup" -q
	run -0 --separate-stderr git-sk-task implement WP01
	told "$PWD/.git/config"
	[ ! -e .git/hooks/pre-commit ]
	[ "$(git config hook.sk-pre-commit.event)" = pre-commit ]
	run -0 git-sk-setup --check
}

@test "implement: a clone that hooks of all repositories registered gets its own" {
	newer_git
	"$BUILD/bin/git-sk-setup" --global >/dev/null
	run -1 git config --get-regexp '^hook.sk-pre-commit'
	GIT_SK_SCOPE=global "$BUILD/hooks/post-commit" 2>/dev/null
	[ -n "$(git config sk.clone)" ]
	run -0 git-sk-setup --check
	run -0 --separate-stderr git-sk-task implement WP01
	told "$PWD/.git/config"
	[ "$(git config --local --get-regexp '^hook\.' | wc -l)" = 2 ]
	run -1 git config diff.sk-eventlog.textconv
	run -0 git-sk-setup --check
	run -0 git-sk-setup --remove
	run -1 git config --get-regexp '^hook.sk-pre-commit'
}

@test "implement: hooks of one worktree alone stay there" {
	newer_git
	git config extensions.worktreeConfig true
	git-sk-setup -q --worktree
	run -0 --separate-stderr git-sk-task implement WP01
	missed
	run -1 git config --get-regexp '^hook.sk-pre-commit'
}
