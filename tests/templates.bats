#!/usr/bin/env bats
# git sk-mission template: which file a name stands for, and why that one.

load helper

setup() {
	sk_setup
	unset SPEC_KITTY_HOME SPEC_KITTY_TEMPLATE_ROOT
	GLOBAL=$HOME/.kittify
	enter_repo
}

teardown() {
	sk_teardown
}

# put <text> <file>: make it, with its folders.
put() {
	mkdir -p "$(dirname "$2")"
	printf '%s\n' "$1" >"$2"
}

# finds <text>: the template of spec-template.md.
finds() {
	run -0 --separate-stderr git sk-mission template spec-template.md
	echo "want '$1', have '${lines[0]}'"
	[ "$output" = "$1" ]
}

@test "templates: without any file the program has some of its own" {
	local name

	for name in spec-template.md plan-template.md tasks-template.md \
		mission.yaml; do
		run -0 --separate-stderr git sk-mission template "$name"
		[ -n "$output" ]
		[ -z "$stderr" ]
	done
	run -0 git sk-mission template templates/spec-template.md
	[[ $output == '# Specification: '* ]]
	cd ..
	run -0 git sk-mission template spec-template.md
	[[ $output == '# Specification: '* ]]
}

@test "templates: each tier wins over those below it" {
	put src templates/spec-template.md
	run -0 git sk-mission template spec-template.md
	[[ $output == '# Specification: '* ]]
	put package "$HOME/pkg/software-dev/templates/spec-template.md"
	export SPEC_KITTY_TEMPLATE_ROOT=$HOME/pkg
	finds package
	put global "$GLOBAL/templates/spec-template.md"
	finds global
	put mission "$GLOBAL/missions/software-dev/templates/spec-template.md"
	finds mission
	put legacy .kittify/templates/spec-template.md
	finds legacy
	put override .kittify/overrides/templates/spec-template.md
	finds override
	[ -z "$stderr" ]
}

@test "templates: a name of no tier is looked for where it once was" {
	export SPEC_KITTY_TEMPLATE_ROOT=$HOME/pkg
	mkdir "$HOME/pkg"
	put src templates/spec-template.md
	finds src
	put project .kittify/missions/software-dev/templates/spec-template.md
	finds project
	put moved \
		.kittify/overrides/missions/software-dev/templates/spec-template.md
	finds moved
}

@test "templates: another mission type has its own, then those of software-dev" {
	put research "$GLOBAL/missions/research/templates/plan-template.md"
	run -0 git sk-mission template --mission-type research plan-template.md
	[ "$output" = research ]
	run -0 git sk-mission template --mission-type research spec-template.md
	[[ $output == '# Specification: '* ]]
	run -128 --separate-stderr git sk-mission template \
		--mission-type research mission.yaml
	[[ $stderr == *"no template 'mission.yaml' for missions of type 'research'"* ]]
}

@test "templates: commands and the file of a type have chains of their own" {
	put a .kittify/command-templates/specify.md
	run -0 --separate-stderr git sk-mission template command-templates/specify.md
	[ "$output" = a ]
	run -128 git sk-mission template specify.md
	put b .kittify/missions/software-dev/mission.yaml
	run -0 --separate-stderr git sk-mission template mission.yaml
	[ "$output" = b ]
	put c .kittify/overrides/missions/software-dev/mission.yaml
	run -0 --separate-stderr git sk-mission template mission.yaml
	[ "$output" = c ]
	put d .kittify/templates/mission.yaml
	run -0 --separate-stderr git sk-mission template templates/mission.yaml
	[ "$output" = d ]
}

@test "templates: SPEC_KITTY_HOME moves the global ones, a root the package" {
	put elsewhere "$HOME/else/templates/spec-template.md"
	SPEC_KITTY_HOME=$HOME/else finds elsewhere
	# the root may be the folder above that of the types
	put package "$HOME/pkg/missions/software-dev/templates/spec-template.md"
	SPEC_KITTY_TEMPLATE_ROOT=$HOME/pkg finds package
	SPEC_KITTY_TEMPLATE_ROOT=$HOME/pkg/missions finds package
	SPEC_KITTY_HOME=else run -128 --separate-stderr \
		git sk-mission template spec-template.md
	[[ $stderr == *'SPEC_KITTY_HOME'*'absolute path'*hint:* ]]
	SPEC_KITTY_TEMPLATE_ROOT=pkg run -128 --separate-stderr \
		git sk-mission template spec-template.md
	[[ $stderr == *'SPEC_KITTY_TEMPLATE_ROOT is no absolute path'* ]]
}

@test "templates: explain names each place, and why it did not win" {
	local here=$PWD

	mkdir -p .kittify/overrides/templates/spec-template.md "$GLOBAL/templates"
	: >"$GLOBAL/templates/spec-template.md"
	put legacy .kittify/templates/spec-template.md
	put mission "$GLOBAL/missions/software-dev/templates/spec-template.md"
	run -0 --separate-stderr git sk-mission template --explain \
		spec-template.md
	[ -z "$stderr" ]
	[ "${#lines[@]}" = 8 ]
	[[ ${lines[0]} == "unreadable  override        $here/.kittify/overrides/templates/spec-template.md ("*'not a regular file)' ]]
	[ "${lines[1]}" = "wins        legacy          $here/.kittify/templates/spec-template.md" ]
	[ "${lines[2]}" = "shadowed    global mission  $GLOBAL/missions/software-dev/templates/spec-template.md (by the legacy one)" ]
	[ "${lines[3]}" = "empty       global          $GLOBAL/templates/spec-template.md" ]
	[ "${lines[4]}" = "shadowed    package         built in: software-dev/templates/spec-template.md (by the legacy one)" ]
	[ "${lines[5]}" = "absent      fallback        $here/.kittify/overrides/missions/software-dev/templates/spec-template.md" ]
	[ "${lines[6]}" = "absent      fallback        $here/.kittify/missions/software-dev/templates/spec-template.md" ]
	[ "${lines[7]}" = "absent      fallback        $here/templates/spec-template.md" ]
	run -0 --separate-stderr git sk-mission template --json spec-template.md
	jq -e --arg legacy "$here/.kittify/templates/spec-template.md" '
		.tier == "legacy" and .path == $legacy and .text == "legacy\n"
		and (.places | length) == 8
		and .places[2].shadowed_by == $legacy
		and .places[4].is_builtin
		and (.places[0].problem | endswith("not a regular file"))' \
		<<<"$output"
	run -1 git sk-mission template --explain no.md
	[ "$(grep -c ^absent <<<"$output")" = 8 ]
	run -1 git sk-mission template --json no.md
	jq -e '.path == null and .text == null' <<<"$output"
}

@test "templates: one that cannot be read is passed by with a warning" {
	mkdir -p .kittify/overrides/templates
	mkfifo .kittify/overrides/templates/spec-template.md
	put global "$GLOBAL/templates/spec-template.md"
	finds global
	[[ $stderr == 'warning: a template is passed by: '*'not a regular file' ]]
	rm .kittify/overrides/templates/spec-template.md
	ln -s spec-template.md .kittify/overrides/templates/spec-template.md
	finds global
	[[ $stderr == *'Too many levels of symbolic links' ]]
	rm .kittify/overrides/templates/spec-template.md
	head -c 2000000 /dev/zero >.kittify/overrides/templates/spec-template.md
	finds global
	[[ $stderr == *'larger than 1048576 bytes' ]]
}

@test "templates: what a file holds is printed byte for byte" {
	mkdir -p .kittify/overrides/templates
	printf '\xef\xbb\xbfa\r\n\0b\xff' >.kittify/overrides/templates/x.md
	git sk-mission template x.md >out
	cmp out .kittify/overrides/templates/x.md
}

@test "templates: a name that leads out of the folders is refused" {
	local name

	put secret .kittify/secret
	put secret secret
	for name in '' . .. ../secret ../../secret "$PWD/secret" a/../../secret \
		templates/../../secret templates/ command-templates/.. a//b a/ \
		$'a\nb' "$(printf 'x%.0s' {1..300})"; do
		echo "$name"
		run -129 --separate-stderr git sk-mission template -- "$name"
		[[ $stderr == *'is no name of a template'* ]]
	done
	for name in '' .. a/b ../.. $'\e[31m'; do
		run -129 --separate-stderr git sk-mission template \
			--mission-type "$name" spec-template.md
		[[ $stderr == *'is no name of a mission type'* ]]
		[[ $stderr != *$'\e'* ]]
	done
	run -129 --separate-stderr git sk-mission template
	[[ $stderr == *'which template?'* ]]
	run -129 git sk-mission template a b
	run -129 git sk-mission template --frob a
}

@test "templates: a full disk is told" {
	run -128 --separate-stderr bash -c \
		'git sk-mission template spec-template.md >/dev/full'
	[[ $stderr == *'No space left on device'* ]]
}

@test "templates: a legacy place is told once, and how to leave it" {
	put legacy .kittify/templates/spec-template.md
	finds legacy
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == "hint: run 'git sk-mission migrate': '"*"' is where older releases had it" ]]
	run -0 --separate-stderr git sk-mission template --explain \
		spec-template.md
	[ -z "$stderr" ]
}
