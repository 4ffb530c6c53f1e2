#!/usr/bin/env bats
# Commits of trees, in the object database alone (lib/git/committree.h).

load helper
load mergetree

setup() {
	sk_setup
	enter_repo
	echo x >file
	git add .
	git commit -qm base
	git commit -q --allow-empty -m next
	BASE=$(git rev-parse main~1)
	NEXT=$(git rev-parse main)
}

teardown() {
	sk_teardown
}

@test "committree: it is as git commit would make it, and no hook is run" {
	local id

	printf '#!/bin/sh\necho ran >>"%s"\nexit 1\n' "$PWD/../ran" \
		>.git/hooks/commit-msg
	cp .git/hooks/commit-msg .git/hooks/pre-commit
	chmod +x .git/hooks/*
	git config i18n.commitEncoding ISO-8859-1
	run -0 "$TOOL" commit "$(git rev-parse main:)" $'täg\n\nbody' \
		"$BASE" "$NEXT"
	id=$output
	[ ! -e ../ran ]
	[ "$(git cat-file commit "$id")" = "tree $(git rev-parse main:)
parent $BASE
parent $NEXT
author Tester <tester@example.com> $(git log -1 --format=%ad --date=raw "$id")
committer Tester <tester@example.com> $(git log -1 --format=%cd --date=raw "$id")

täg

body" ]
	[ "$(git cat-file commit "$id" | tail -c 5 | od -An -c | tr -d ' ')" = 'body\n' ]
	run -0 "$TOOL" commit "$(git rev-parse main:)" 'no parent'
	[ -z "$(git log -1 --format=%P "$output")" ]
}

@test "committree: it is signed where a commit would be" {
	git config user.signingKey ME
	git config gpg.program "$PWD/../sign"
	cat >../sign <<-'EOS'
		#!/bin/sh
		cat >"${0%/*}/signed"
		echo "[GNUPG:] SIG_CREATED " >&2
		printf -- '-----BEGIN PGP SIGNATURE-----\n\nhere\n-----END PGP SIGNATURE-----\n'
	EOS
	chmod +x ../sign
	run -0 "$TOOL" commit "$(git rev-parse main:)" m "$BASE"
	[ ! -e ../signed ]
	git config commit.gpgSign true
	run -0 "$TOOL" commit "$(git rev-parse main:)" m "$BASE"
	git cat-file commit "$output" | grep -q '^gpgsig -----BEGIN PGP'
	grep -q "^parent $BASE$" ../signed
	printf '#!/bin/sh\nexit 1\n' >../sign
	run -128 --separate-stderr "$TOOL" commit "$(git rev-parse main:)" m "$BASE"
	[[ $stderr == *'error: git made no commit: gpg failed to sign the data'* ]]
	[[ $stderr == *"hint: mend signing (user.signingKey), or run 'git config"* ]]
}

@test "committree: who has no name is told what to set" {
	git config user.useConfigOnly true
	git config --global --unset user.email
	run -128 --separate-stderr "$TOOL" commit "$(git rev-parse main:)" m "$BASE"
	[[ $stderr == *'error: git made no commit: '* ]]
	[[ $stderr == *"hint: run 'git config user.name <name>' and"* ]]
}

@test "committree: a tree that is none, and a parent that is none, are errors" {
	run -128 --separate-stderr "$TOOL" commit "$BASE" m "$BASE"
	[[ $stderr == *'error: git made no commit: '* ]]
	run -128 --separate-stderr "$TOOL" commit "$(git rev-parse main:)" m \
		"$(git rev-parse main:file)"
	[[ $stderr == *'error: git made no commit: '* ]]
}
