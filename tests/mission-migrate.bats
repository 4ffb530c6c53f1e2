#!/usr/bin/env bats
# git sk-mission migrate: the global runtime in place, a project freed of old
# copies, and nothing lost that somebody changed.

load helper
load moments

setup() {
	sk_setup
	unset SPEC_KITTY_HOME SPEC_KITTY_TEMPLATE_ROOT
	GLOBAL=$HOME/.kittify
	enter_repo
	git commit -q --allow-empty -m start
}

teardown() {
	sk_teardown
}

# put <text> <file>: make it, with its folders.
put() {
	mkdir -p "$(dirname "$2")"
	printf '%s\n' "$1" >"$2"
}

# copy <name> [<file>]: of what the program has, into the project.
copy() {
	local to=.kittify/${2:-templates/$1}

	mkdir -p "$(dirname "$to")"
	SPEC_KITTY_HOME=/nowhere git -C / sk-mission template "$1" >"$to"
}

# old_project: some of everything.
old_project() {
	copy spec-template.md
	copy mission.yaml missions/software-dev/mission.yaml
	copy spec-template.md missions/software-dev/templates/spec-template.md
	copy plan-template.md
	echo 'Ask the team.' >>.kittify/templates/plan-template.md
	put mine .kittify/templates/mine.md
	put new .kittify/overrides/templates/twice.md
	put old .kittify/templates/twice.md
	put command .kittify/command-templates/specify.md
	put agents .kittify/AGENTS.md
	put 'project: {}' .kittify/config.yaml
	put law .kittify/memory/constitution.md
	put what .kittify/derived/what.json
	mkdir .kittify/scripts
}

# did <jq expression>: it holds for the document in $output.
did() {
	jq -e "$1" <<<"$output" >/dev/null || {
		jq . <<<"$output"
		return 1
	}
}

@test "mission migrate: the global runtime is put in place, version last" {
	run -0 --separate-stderr git sk-mission migrate
	[ -z "$stderr" ]
	[[ ${lines[0]} == "Runtime '$GLOBAL': put in place" ]]
	[ "$(cat "$GLOBAL/cache/version.lock")" = \
		"git-sk $(git sk-mission --version | sed 's/.* //')" ]
	SPEC_KITTY_HOME=/nowhere git sk-mission template plan-template.md |
		cmp - "$GLOBAL/missions/software-dev/templates/plan-template.md"
	listing "$GLOBAL" >before
	run -1 grep kittify_update before
	run -0 git sk-mission migrate
	[[ ${lines[0]} == *': in place' ]]
	listing "$GLOBAL" | diff before -
	run -0 --separate-stderr git sk-mission template --json spec-template.md
	did '.tier == "global mission"'
}

@test "mission migrate: a runtime of spec-kitty is left to it" {
	put 3.2.0 "$GLOBAL/cache/version.lock"
	put theirs "$GLOBAL/missions/software-dev/templates/spec-template.md"
	listing "$GLOBAL" >before
	run -0 git sk-mission migrate
	[[ ${lines[0]} == *": of spec-kitty '3.2.0', which is left to it" ]]
	listing "$GLOBAL" | diff before -
}

@test "mission migrate: of the runtime only what is as we left it is replaced" {
	local at=$GLOBAL/missions/software-dev

	put mine "$at/templates/plan-template.md"
	put custom "$GLOBAL/missions/custom/templates/x.md"
	git sk-mission migrate
	[ "$(cat "$at/templates/plan-template.md")" = mine ]
	# another version of ours, with another text, and one the user changed
	put 'git-sk 0.0.1' "$GLOBAL/cache/version.lock"
	put older "$at/templates/tasks-template.md"
	printf '%s  %s\n' "$(sha256sum <"$at/templates/tasks-template.md" |
		cut -d ' ' -f 1)" missions/software-dev/templates/tasks-template.md \
		>>"$GLOBAL/cache/git-sk.sums"
	put mine "$at/templates/spec-template.md"
	rm "$at/mission.yaml"
	run -0 --separate-stderr git sk-mission migrate --json
	did '.runtime.was == "outdated" and ([.runtime.files[] |
		(.path / "/" | last) + " " + .action] | sort == [
		"mission.yaml put", "plan-template.md keep",
		"spec-template.md keep", "tasks-template.md replace"])'
	[ "$(cat "$at/templates/spec-template.md")" = mine ]
	[ "$(cat "$GLOBAL/missions/custom/templates/x.md")" = custom ]
	[[ $(cat "$at/templates/tasks-template.md") == '# Work packages'* ]]
	[ -s "$at/mission.yaml" ]
}

@test "mission migrate: another package is put in place of ours" {
	export SPEC_KITTY_TEMPLATE_ROOT=$HOME/pkg
	put theirs "$HOME/pkg/missions/research/templates/spec-template.md"
	put no "$HOME/pkg/missions/my-own/templates/spec-template.md"
	git sk-mission migrate
	[ "$(cat "$GLOBAL/missions/research/templates/spec-template.md")" = theirs ]
	[ ! -e "$GLOBAL/missions/my-own" ]
	[ ! -e "$GLOBAL/missions/software-dev" ]
	rm -r "$GLOBAL" "$HOME/pkg"
	run -128 --separate-stderr git sk-mission migrate
	[[ $stderr == *'SPEC_KITTY_TEMPLATE_ROOT names no folder'* ]]
}

@test "mission migrate: copies go, what was changed moves, the rest stays" {
	old_project
	run -0 --separate-stderr git sk-mission migrate --json
	[ -z "$stderr" ]
	did '.project.counts == {project_specific: 3, identical: 3,
		customized: 4, superseded: 1, unknown: 1}'
	(cd .kittify && find . -type f | sort) | diff - <(printf './%s\n' \
		config.yaml derived/what.json memory/constitution.md \
		overrides/AGENTS.md overrides/command-templates/specify.md \
		overrides/templates/mine.md overrides/templates/plan-template.md \
		overrides/templates/twice.md templates/twice.md)
	[ "$(cat .kittify/overrides/templates/twice.md)" = new ]
	[ "$(cat .kittify/templates/twice.md)" = old ]
	[[ $(cat .kittify/overrides/templates/plan-template.md) == *'Ask the team.' ]]
	[ ! -e .kittify/scripts ]
	[ ! -e .kittify/missions ]
}

@test "mission migrate: a name stands for the same text before and after" {
	local name

	old_project
	put research .kittify/missions/research/templates/only-here.md
	put mine .kittify/missions/software-dev/templates/mine-too.md
	for name in spec-template.md plan-template.md mine.md twice.md \
		mission.yaml command-templates/specify.md mine-too.md; do
		mkdir -p "../before/$(dirname "$name")"
		git sk-mission template "$name" >"../before/$name" 2>/dev/null
	done
	git sk-mission migrate
	for name in $(cd ../before && find . -type f -printf '%P\n'); do
		echo "$name"
		run -0 --separate-stderr git sk-mission template "$name"
		[ -z "$stderr" ]
		git sk-mission template "$name" | cmp - "../before/$name"
	done
	run -0 git sk-mission template --mission-type research only-here.md
	[ "$output" = research ]
}

@test "mission migrate: what a user changed in the global runtime counts" {
	# a copy of ours wins over a changed global one: it is no mere copy
	put changed "$GLOBAL/missions/software-dev/templates/spec-template.md"
	copy spec-template.md
	git sk-mission migrate
	run -0 git sk-mission template spec-template.md
	[[ $output == '# Specification'* ]]
	[ -e .kittify/overrides/templates/spec-template.md ]
}

@test "mission migrate: a second run changes nothing" {
	old_project
	git sk-mission migrate
	listing . >../before
	run -0 --separate-stderr git sk-mission migrate --json
	did '[.project.files[] | select(.action != "keep")] == []'
	listing . | diff ../before -
}

@test "mission migrate: a dry run is the plan of the real run, and does nothing" {
	old_project
	put '{"mission_number": "042"}' kitty-specs/042-old/meta.json
	listing . >../before
	run -0 --separate-stderr git sk-mission migrate -n --identity --json
	did .dry_run
	jq 'del(.dry_run)' <<<"$output" >../plan
	run -0 --separate-stderr git sk-mission migrate --dry-run
	[[ $output == *'would be put in place'*'3 identical to remove'* ]]
	listing . | diff ../before -
	[ ! -e "$GLOBAL" ]
	run -0 --separate-stderr git sk-mission migrate --identity --json
	jq 'del(.dry_run)' <<<"$output" | diff ../plan -
}

@test "mission migrate: files that git tracks are told of" {
	old_project
	git add .kittify/templates && git commit -qm templates
	run -0 --separate-stderr git sk-mission migrate --dry-run
	[ -z "$stderr" ]
	run -0 --separate-stderr git sk-mission migrate
	[ "$stderr" = "hint: git tracks 3 of these files, which 'git status' shows as deleted now; run 'git add -A .kittify' and commit" ]
	[ "$(git status --porcelain | grep -c '^ D')" = 3 ]
	run -0 --separate-stderr git sk-mission migrate -q
	[ -z "$output$stderr" ]
}

# everything: what is here, and in the global runtime.
everything() {
	listing .kittify
	listing kitty-specs
	listing "$GLOBAL"
}

@test "mission migrate: killed at any write, it is finished by the next run" {
	local moment kills=0

	old_project
	put '{"slug": "old", "mission_number": "042"}' kitty-specs/042-old/meta.json
	cp -a . ../fresh
	find_moments write mkdir rename renameat2 unlink rmdir unlinkat -- \
		git-sk-mission migrate --identity
	everything >../want
	for moment in "${MOMENTS[@]}"; do
		rm -rf "$GLOBAL" .kittify kitty-specs
		cp -a ../fresh/.kittify ../fresh/kitty-specs .
		! injected signal=KILL "${moment% *}" "${moment#* }" \
			git-sk-mission migrate --identity || kills=$((kills + 1))
		# what anybody changed is there at every moment
		[ "$(cat .kittify/templates/mine.md \
			.kittify/overrides/templates/mine.md \
			2>/dev/null)" = mine ]
		git sk-mission migrate --identity >/dev/null
		echo "$moment"
		# but for the temporary file that was being written
		find "$GLOBAL" kitty-specs -name '*.sk-??????' -delete
		everything | diff ../want -
	done
	echo "# killed $kills times" >&3
	[ "$kills" = "${#MOMENTS[@]}" ]
	[ "$kills" -ge 15 ]
}

@test "mission migrate: two at once do it once" {
	local n pid

	old_project
	cp -a . ../fresh
	git sk-mission migrate
	listing .kittify >../want
	listing "$GLOBAL" >>../want
	for ((n = 0; n < 10; n++)); do
		rm -rf "$GLOBAL" .kittify
		cp -a ../fresh/.kittify .
		git sk-mission migrate >../one 2>&1 3>&- &
		pid=$!
		run -0 git sk-mission migrate
		wait "$pid"
		{
			listing .kittify
			listing "$GLOBAL"
		} | diff ../want -
	done
}

@test "mission migrate: what a killed run left beside the runtime is swept" {
	put half "$GLOBAL/.kittify_update_abc/missions/half.md"
	ln -s "$HOME" "$GLOBAL/.kittify_update_link"
	git sk-mission migrate
	[ -z "$(find "$GLOBAL" -name '.kittify_update_*')" ]
	[ -d "$HOME" ]
	[ -d "$GLOBAL/missions/software-dev" ]
}

@test "mission migrate: no link is followed, moved or removed" {
	mkdir -p "$HOME/shared/templates" .kittify/templates
	copy spec-template.md
	mv .kittify/templates/spec-template.md "$HOME/shared/templates/"
	put precious "$HOME/shared/templates/precious.md"
	ln -s "$HOME/shared/templates/spec-template.md" .kittify/templates/
	ln -s "$HOME/shared/templates" .kittify/command-templates
	ln -s "$HOME/shared" .kittify/scripts
	listing .kittify >../before
	listing "$HOME/shared" >>../before
	run -0 --separate-stderr git sk-mission migrate --json
	did '.project.counts.unknown == 3'
	{
		listing .kittify
		listing "$HOME/shared"
	} | diff ../before -
	# nor does anything move through one
	put mine .kittify/templates/mine.md
	ln -s "$HOME/shared" .kittify/overrides
	run -0 git sk-mission migrate
	[[ $output == *'keep    templates/mine.md (what is no folder is in its way in overrides/)'* ]]
	[ -e .kittify/templates/mine.md ]
	rm .kittify/overrides
	put file .kittify/overrides/templates
	run -0 git sk-mission migrate
	[ "$(cat .kittify/templates/mine.md)" = mine ]
	mv .kittify ../kittify && ln -s ../kittify .kittify
	run -128 --separate-stderr git sk-mission migrate
	[[ $stderr == *'is no folder of this project'*hint:* ]]
}

@test "mission migrate: odd files stay what they are" {
	local long

	long=$(printf 'x%.0s' {1..240})
	put a $'.kittify/templates/a\nb.md'
	put b $'.kittify/templates/\xff.md'
	put c ".kittify/templates/$long/$long/c.md"
	: >.kittify/templates/empty.md
	head -c 2000000 /dev/urandom >.kittify/templates/large.md
	printf 'a\r\n\0\xff' >.kittify/templates/bytes.md
	mkfifo .kittify/templates/pipe
	cp .kittify/templates/large.md .kittify/templates/bytes.md ..
	run -0 --separate-stderr git sk-mission migrate --json
	did '.project.counts.customized == 6 and .project.counts.unknown == 1'
	cmp ../large.md .kittify/overrides/templates/large.md
	cmp ../bytes.md .kittify/overrides/templates/bytes.md
	[ -e $'.kittify/overrides/templates/a\nb.md' ]
	[ -e ".kittify/overrides/templates/$long/$long/c.md" ]
	[ -p .kittify/templates/pipe ]
}

@test "mission migrate: where the runtime cannot be, nothing is touched" {
	old_project
	listing .kittify >../before
	put file "$HOME/file"
	SPEC_KITTY_HOME=$HOME/file/home run -128 --separate-stderr \
		git sk-mission migrate
	[[ $stderr == *"cannot create '$HOME/file/home"* ]]
	SPEC_KITTY_HOME=/proc/home run -128 --separate-stderr \
		git sk-mission migrate --json
	jq -e .error <<<"$output"
	listing .kittify | diff ../before -
	git sk-mission migrate
	[ -e .kittify/overrides/templates/mine.md ]
	# a file in the place of its folder is named
	rm -r "$GLOBAL"
	put file "$GLOBAL/missions"
	run -128 --separate-stderr git sk-mission migrate
	[[ $stderr == *"cannot put '$GLOBAL/missions/software-dev' in place: Not a directory"* ]]
	[ ! -e "$GLOBAL/cache/version.lock" ]
	[ -z "$(find "$GLOBAL" -name '.kittify_update_*')" ]
}

@test "mission migrate: missions without an id get one, always the same" {
	local id

	put '{"slug": "b", "created_at": "2026-05-01T10:00:00+00:00", "mission_number": "042", "more": [1.50]}' \
		kitty-specs/042-b/meta.json
	put '{"mission_id": "01KE0000000000000000000001", "mission_number": 7}' \
		kitty-specs/c/meta.json
	put '{"mission_id": null, "mission_number": ""}' kitty-specs/d/meta.json
	put '{"mission_number": "pending"}' kitty-specs/e/meta.json
	put '{"mission_id": 5}' kitty-specs/f/meta.json
	put '{"mission_id": "short"}' kitty-specs/g/meta.json
	put '{"mission_number": 1.5}' kitty-specs/h/meta.json
	put '{' kitty-specs/i/meta.json
	mkdir kitty-specs/j kitty-specs/l
	ln -s ../d/meta.json kitty-specs/l/meta.json
	put x kitty-specs/README.md
	chmod 600 kitty-specs/042-b/meta.json
	cp -a kitty-specs ../again
	run -0 --separate-stderr git sk-mission migrate --json
	did '.identity == null'
	diff -r kitty-specs ../again
	run -1 --separate-stderr git sk-mission migrate --identity --json
	did '.identity | .wrote == 2 and .skip == 2 and .error == 6'
	did '[.identity.missions[] | .outcome] == ["wrote", "skip", "wrote",
		"error", "error", "error", "error", "error", "skip", "error"]'
	id=$(jq -r .identity.missions[0].mission_id <<<"$output")
	[[ $id =~ ^[0-7][0-9A-HJKMNP-TV-Z]{25}$ ]]
	[ "${id:0:10}" = 01KQHFP680 ]
	printf '{\n  "created_at": "2026-05-01T10:00:00+00:00",\n  "mission_id": "%s",\n  "mission_number": 42,\n  "more": [\n    1.5\n  ],\n  "slug": "b"\n}\n' \
		"$id" | diff - kitty-specs/042-b/meta.json
	[ "$(stat -c %a kitty-specs/042-b/meta.json)" = 600 ]
	jq -e '.mission_number == null' kitty-specs/d/meta.json
	for name in c e f g h i; do
		cmp "kitty-specs/$name/meta.json" "../again/$name/meta.json"
	done
	# a clone that does it, too, does the same; twice is once
	cp -a kitty-specs ../done
	run -1 git sk-mission migrate --identity
	diff -r kitty-specs ../done
	rm -r kitty-specs && cp -a ../again kitty-specs
	run -1 git sk-mission migrate --identity
	diff -r kitty-specs ../done
}

@test "mission migrate: a project without anything, none, and a wrong option" {
	run -0 --separate-stderr git sk-mission migrate --identity
	[[ $output == *'0 identical removed'*'Mission ids: 0 wrote'* ]]
	git init -q --bare ../bare
	run -128 --separate-stderr git -C ../bare sk-mission migrate
	[[ $stderr == *'a bare repository has no .kittify'* ]]
	run -128 --separate-stderr git -C .. sk-mission migrate
	[[ $stderr == *'git repository'* ]]
	run -129 git sk-mission migrate --frob
	run -129 git sk-mission migrate more
	run -128 --separate-stderr bash -c 'git sk-mission migrate >/dev/full'
	[[ $stderr == *'No space left on device'* ]]
}
