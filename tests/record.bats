#!/usr/bin/env bats
# Commits beside whatever else is going on (lib/git/record.h).

load helper
load record

setup() {
	record_setup
}

teardown() {
	sk_teardown
}

# hook <name>: one that does what standard input says.
hook() {
	{
		echo '#!/bin/sh'
		cat
	} >".git/hooks/$1"
	chmod +x ".git/hooks/$1"
}

# refuses <status> <words>...: nothing is committed, and nothing left.
refuses() {
	local status=$1 head staged

	head=$(git rev-parse -q --verify HEAD)
	staged=$(git ls-files -s)
	printf 'new\n' >"$OURS"
	run -"$status" --separate-stderr record d/log="$OURS"
	[[ $stderr == *"$2"* ]]
	[ "$(git rev-parse -q --verify HEAD)" = "$head" ]
	[ "$(git ls-files -s)" = "$staged" ]
}

@test "record: it commits its paths alone, and what else there is stays" {
	printf 'staged\n' >>other
	printf 'new\n' >new
	git add other new
	printf 'edited\n' >>notes
	git rm -q --cached notes
	before=$(git diff --cached --raw)
	printf '1\n2\n' >d/log
	run -0 --separate-stderr record d/log=d/log
	[ "$output" = "$(git rev-parse HEAD)" ]
	[ -z "$stderr" ]
	[ "$(git log --format=%s -1)" = message ]
	[ "$(git show --name-only --format= HEAD)" = d/log ]
	[ "$(git diff --cached --raw)" = "$before" ]
	[ -z "$(git status --porcelain d)" ]
	[ -z "$(git stash list)" ]
	is_left_clean
}

@test "record: plumbing that does not look twice finds the path clean" {
	printf '1\n2\n' >d/log
	record d/log=d/log
	run -0 git diff-files
	[ -z "$output" ]
}

@test "record: an edit as old as the index is seen still" {
	# of the same size, and no clock told it from what is staged
	git config core.trustctime false
	touch -d 2020-01-01T00:00:00 other
	git update-index other
	printf 'y\n' >other
	touch -d 2020-01-01T00:00:00 other .git/index
	[ "$(git diff --name-only)" = other ]
	touch -d 2020-01-01T00:00:00 .git/index
	printf '1\n2\n' >d/log
	run -0 record d/log=d/log
	[ "$(git diff --name-only)" = other ]
}

@test "record: what is committed may differ from the work tree" {
	printf '1\nuncommitted\n2\n' >d/log
	printf '1\n2\n' >"$OURS"
	run -0 record d/log="$OURS"
	[ "$(git show HEAD:d/log)" = $'1\n2' ]
	[ "$(git diff --name-only)" = d/log ]
	[ -z "$(git diff --cached --name-only)" ]
	[ "$(cat d/log)" = $'1\nuncommitted\n2' ]
}

@test "record: what is staged of the same file stays so, with our lines in it" {
	sed -i 's/^e$/user/' notes
	git add notes
	printf 'ours\nb\nc\nd\ne\n' >"$OURS"
	run -0 record notes="$OURS"
	[ "$(git show HEAD:notes)" = $'ours\nb\nc\nd\ne' ]
	[ "$(git show :notes)" = $'ours\nb\nc\nd\nuser' ]
	[ "$(git diff --cached --numstat)" = $'1\t1\tnotes' ]
}

@test "record: where both changed the same lines, staging takes none of ours back" {
	printf '1\ntheirs\n' >d/log
	git add d/log
	printf '1\n2\n3\n' >"$OURS"
	run -0 record d/log="$OURS"
	git commit -q -m user --allow-empty
	[ "$(git show HEAD:d/log)" = $'1\n2\n3' ]
}

@test "record: a removal that is staged stays one" {
	git rm -q --cached d/log
	printf '1\n2\n' >"$OURS"
	run -0 record d/log="$OURS"
	[ "$(git show HEAD:d/log)" = $'1\n2' ]
	[ "$(git diff --cached --name-status)" = $'D\td/log' ]
}

@test "record: a file added with intent alone is as new as any other" {
	printf 'new\n' >new
	git add -N new
	run -0 record new=new
	[ -z "$(git status --porcelain)" ]
}

@test "record: files come, go, change and are made executable, in one commit" {
	printf 'new\n' >"$OURS"
	run -0 record d/log- other+"$OURS" a/b/c="$OURS" notes/x="$OURS" notes-
	[ "$(git ls-tree -r --format='%(objectmode) %(path)' HEAD)" = \
		$'100644 a/b/c\n100644 notes/x\n100755 other' ]
	[ -z "$(git diff --cached --name-only)" ]
}

@test "record: nothing to commit is told apart, and runs nothing" {
	hook pre-commit <<<'touch "$HOME/ran"'
	head=$(git rev-parse HEAD)
	run -1 --separate-stderr record d/log=d/log none-
	[ "$output" = nothing ]
	[ -z "$stderr" ]
	[ "$(git rev-parse HEAD)" = "$head" ]
	[ ! -e "$HOME/ran" ]
	is_left_clean
}

@test "record: the first commit of a repository is one like others" {
	git init -q ../empty
	cd ../empty
	printf 'staged\n' >staged
	git add staged
	printf 'x\n' >f
	run -0 record d/f=f
	[ "$(git ls-tree -r --name-only HEAD)" = d/f ]
	[ "$(git diff --cached --name-only)" = staged ]
	[ "$(git rev-list --count HEAD)" = 1 ]
}

@test "record: the user's hooks run, and see this commit" {
	hook pre-commit <<<'git diff --cached --name-only >"$HOME/pre"'
	hook commit-msg <<<'printf "\nTrailer: yes\n" >>"$1"'
	hook post-commit <<<'git log -1 --format=%s%b >"$HOME/post"'
	printf 'staged\n' >>other
	git add other
	printf '2\n' >d/log
	run -0 record d/log=d/log
	[ "$(cat "$HOME/pre")" = d/log ]
	[ "$(cat "$HOME/post")" = "messageTrailer: yes" ]
}

@test "record: what a hook adds is in the commit, and nowhere taken back" {
	hook pre-commit <<<'echo formatted >d/log; echo more >>notes
		git add d/log notes'
	printf '2\n' >d/log
	run -0 record d/log=d/log
	[ "$(git show HEAD:d/log)" = formatted ]
	[ -z "$(git status --porcelain)" ]
}

@test "record: a hook that refuses is heard, and nothing has changed" {
	hook pre-commit <<<'echo "error: no such thing today" >&2; exit 1'
	printf 'staged\n' >>other
	git add other
	refuses 128 "error: git made no commit: no such thing today"
	is_left_clean
	hook pre-commit <<<'exit 1'
	refuses 128 "one refused, and did not say why"
	is_left_clean
}

@test "record: refused as late as can be, what was staged is as it was" {
	hook commit-msg <<<'git diff --cached --name-only >"$HOME/ours"
		GIT_INDEX_FILE=.git/index git diff --cached --name-only \
			>"$HOME/theirs"
		exit 1'
	# of the same lines, where ours would be taken
	printf 'user\n' >d/log
	printf 'staged\n' >>other
	git add d/log other
	refuses 128 "one refused, and did not say why"
	[ "$(cat "$HOME/ours")" = d/log ]
	[ "$(cat "$HOME/theirs")" = $'d/log\nother' ]
	is_left_clean
	git init -q ../empty
	cp .git/hooks/commit-msg ../empty/.git/hooks
	cd ../empty
	run -128 --separate-stderr record d/log="$OURS"
	[ "$(cat "$HOME/theirs")" = d/log ]
	[ -z "$(git ls-files)" ]
	is_left_clean
}

@test "record: a branch that is not where HEAD is, or no branch, is refused" {
	git switch -q -c side
	refuses 128 "is on 'refs/heads/side', not on 'refs/heads/main'"
	git switch -q --detach
	refuses 128 "HEAD is detached in '$PWD'"
	[[ $stderr == *"hint: run 'git switch main' there" ]]
}

@test "record: what a commit would end is named, and goes on" {
	printf '2\n' >d/log
	git commit -qam two
	git switch -q -c side HEAD^
	printf '3\n' >d/log
	git commit -qam three
	git switch -q main
	git merge -q side || true
	refuses 128 "a merge is under way in '$PWD'"
	[ -e .git/MERGE_HEAD ]
	git merge --abort
	git cherry-pick side || true
	refuses 128 "a cherry-pick is under way"
	git cherry-pick --abort
	git revert --no-commit HEAD
	refuses 128 "a revert is under way"
	git revert --abort
	git rebase -q side || true
	refuses 128 "a rebase is under way"
	git rebase --abort
	git bisect start
	refuses 128 "a bisection is under way"
}

@test "record: a conflict that no merge is behind does not stop it" {
	printf 'one\n' >notes
	git stash -q
	printf 'two\n' >notes
	git commit -qam two
	git stash pop || true
	[ -n "$(git ls-files -u)" ]
	unmerged=$(git ls-files -u)
	printf '2\n' >"$OURS"
	run -0 record d/log="$OURS"
	[ "$(git ls-files -u)" = "$unmerged" ]
	[ "$(git show --name-only --format= HEAD)" = d/log ]
}

@test "record: an index that another git holds is waited for, then named" {
	: >.git/index.lock
	refuses 2 "'$PWD/.git/index.lock' exists: another git is writing"
	[ -e .git/index.lock ]
	[[ $stderr == *"hint: try again; if no git is running there, remove it" ]]
	rm .git/index.lock
	run -0 record d/log="$OURS"
}

@test "record: without a name git says so, and what to do" {
	git config --global --unset user.name
	git config --global --unset user.email
	git config --global user.useConfigOnly true
	refuses 128 "git made no commit: "
	[[ $stderr == *"hint: run 'git config user.name <name>'"* ]]
	is_left_clean
}

@test "record: a signature that fails is no commit, and told" {
	git config commit.gpgSign true
	git config gpg.program false
	refuses 128 "gpg failed to sign"
	[[ $stderr == *"hint: mend signing"* ]]
	git branch side
	printf 'new\n' >"$OURS"
	run -128 --separate-stderr record_to side d/log="$OURS"
	[[ $stderr == *"gpg failed to sign"* ]]
	[ "$(git rev-parse side)" = "$(git rev-parse main)" ]
}

@test "record: a path that changed since its base is refused, others not" {
	local base gitwrite=$BUILD/tests/tool/gitwrite

	base=$(git rev-parse HEAD)
	printf 'theirs\n' >notes
	git commit -qam theirs
	printf '2\n' >d/log
	run -2 --separate-stderr "$gitwrite" commit refs/heads/main "$PWD" \
		"$base" message d/log=d/log notes=d/log
	[[ $stderr == *"'notes' has changed on 'refs/heads/main' meanwhile"* ]]
	run -0 "$gitwrite" commit refs/heads/main "$PWD" "$base" message \
		d/log=d/log
}

@test "record: what is no file in the branch is refused by name" {
	ln -s /etc/passwd link
	git add link
	git commit -q -m link
	run -128 --separate-stderr record link="$OURS" d="$OURS"
	printf 'x\n' >"$OURS"
	run -128 --separate-stderr record link="$OURS"
	[[ $stderr == *"'link' is no file on 'refs/heads/main'"* ]]
	run -128 --separate-stderr record d="$OURS"
	[[ $stderr == *"'d' is no file"* ]]
	run -128 --separate-stderr record ../x="$OURS"
	run -128 --separate-stderr record .git/config="$OURS"
	run -128 --separate-stderr record notes/x="$OURS"
	is_left_clean
	[ -z "$(git status --porcelain)" ]
}

@test "record: odd names and bytes are committed as they are" {
	printf 'a\0b\r\n\xff' >"$OURS"
	run -0 record "a*[b]=$OURS" $'line\nfeed\t"='"$OURS" ":(top)x=$OURS"
	[ "$(git show --name-only -z --format= HEAD | tr '\0\n' '|/')" = \
		':(top)x|a*[b]|line/feed	"|' ]
	git show 'HEAD:a*[b]' | cmp - "$OURS"
	: >"$OURS"
	run -0 record "a*[b]=$OURS"
	[ "$(git cat-file -s 'HEAD:a*[b]')" = 0 ]
	seq 100000 >"$OURS"
	run -0 record "big=$OURS"
	git show HEAD:big | cmp - "$OURS"
}

@test "record: the repository's filters run, as 'git add' has them" {
	printf '*.f filter=f\n*.txt text\n' >.gitattributes
	git config filter.f.clean 'tr a-z A-Z'
	git add .gitattributes
	git commit -q -m attributes
	printf 'abc\r\n' >"$OURS"
	run -0 record x.f="$OURS" y.txt="$OURS"
	[ "$(git cat-file blob HEAD:x.f)" = $'ABC\r' ]
	[ "$(git cat-file blob HEAD:y.txt)" = abc ]
}

@test "record: line ends are the repository's where git would leave them" {
	printf 'a\r\nb\r\n' >crlf
	git add crlf
	git commit -q -m crlf
	git config core.autocrlf true
	printf 'a\r\nb\r\nc\r\n' >"$OURS"
	run -0 record crlf="$OURS" new="$OURS"
	git cat-file blob HEAD:crlf | cmp - "$OURS"
	[ "$(git cat-file blob HEAD:new)" = $'a\nb\nc' ]
}

@test "record: what a hook was told of its own repository is not ours" {
	git init -q ../elsewhere
	printf '2\n' >d/log
	hook post-commit <<-SH
		[ -z "\$AGAIN" ] || exit 0
		AGAIN=1 "$BUILD/tests/tool/gitwrite" commit refs/heads/main \
			"$PWD" - second d/log=d/log
	SH
	printf 'x\n' >>other
	git commit -q --author 'Someone <else@example.com>' \
		--date 2001-01-01T00:00:00Z -m first other
	[ "$(git log --format='%s %an' -2)" = $'second Tester\nfirst Someone' ]
	[ "$(git show --name-only --format= HEAD)" = d/log ]
	[ -z "$(git status --porcelain)" ]
	printf '3\n' >d/log
	# else its hook would wait for us
	run -0 env AGAIN=1 GIT_DIR="$PWD/.git" GIT_WORK_TREE="$HOME" \
		GIT_INDEX_FILE=/nowhere GIT_PREFIX=d/ GIT_LITERAL_PATHSPECS=1 \
		"$BUILD/tests/tool/gitwrite" commit refs/heads/main "$PWD" - \
		third d/log=d/log
	[ "$(git log -1 --format=%s)" = third ]
	[ -z "$(git status --porcelain)" ]
}

@test "record: a work tree that only the environment knows is one" {
	git init -q --bare ../dots.git
	git -C ../dots.git config core.bare false
	export GIT_DIR=$BATS_TEST_TMPDIR/work/dots.git GIT_WORK_TREE=$PWD
	printf '2\n' >d/log
	run -0 record d/log=d/log
	[ "$(git ls-tree -r --name-only main)" = d/log ]
	[ -z "$(git status --porcelain d/log)" ]
}

@test "record: a linked worktree has an index of its own" {
	git worktree add -q ../linked -b side
	printf 'staged\n' >>other
	git add other
	cd ../linked
	printf '2\n' >d/log
	run -0 "$BUILD/tests/tool/gitwrite" commit refs/heads/side "$PWD" - m \
		d/log=d/log
	[ -z "$(git status --porcelain)" ]
	[ "$(git -C ../repo status --porcelain)" = 'M  other' ]
	[ "$(git rev-parse main)" = "$(git rev-parse side^)" ]
	# and from another worktree
	printf '3\n' >d/log
	cd ../repo
	run -0 "$BUILD/tests/tool/gitwrite" commit refs/heads/side \
		"$PWD/../linked" - m d/log=../linked/d/log
	[ -z "$(git -C ../linked status --porcelain)" ]
	is_left_clean .git/worktrees/linked
}

@test "record: a folder below the top is not taken for it" {
	run -128 --separate-stderr "$BUILD/tests/tool/gitwrite" commit \
		refs/heads/main "$PWD/d" - m log=d/log
	[[ $stderr == *"'$PWD/d' is not the top of a worktree"* ]]
}

@test "record: a sparse checkout stays sparse, index and all" {
	local sparse

	for sparse in --no-sparse-index --sparse-index; do
		git sparse-checkout set --cone "$sparse" e
		[ ! -e d ]
		date +%N >"$OURS"
		run -0 record d/log="$OURS" e/f="$OURS"
		[ "$(git show HEAD:d/log)" = "$(cat "$OURS")" ]
		[ ! -e d ]
		[ "$(git status --porcelain)" = ' D e/f' ]
		git restore e/f
		[ -z "$(git status --porcelain)" ]
		git rm -q e/f
		git commit -q -m away
	done
}

@test "record: a split index is one" {
	git config core.splitIndex true
	git update-index --split-index
	printf 'staged\n' >>other
	git add other
	printf '2\n' >d/log
	run -0 record d/log=d/log
	[ "$(git status --porcelain)" = 'M  other' ]
	git fsck --strict
}

@test "record: ids may be longer" {
	git init -q --object-format=sha256 ../long
	cd ../long
	printf 'x\n' >f
	run -0 record f=f
	run -0 record f- g=f
	[ "${#output}" = 64 ]
	[ -z "$(git diff --cached)" ]
	git branch side
	run -0 record_to side h=f g-
	[ "$(git ls-tree --name-only side)" = h ]
}

@test "record: the message is UTF-8, whatever commits are said to be in" {
	git config i18n.commitEncoding ISO-8859-1
	printf '2\n' >d/log
	run -0 "$BUILD/tests/tool/gitwrite" commit refs/heads/main "$PWD" - \
		$'# süß\n\nbody' d/log=d/log
	[ "$(git -c i18n.logOutputEncoding=UTF-8 log -1 --format=%B)" = $'# süß\n\nbody' ]
	[ -z "$(git cat-file commit HEAD | sed -n 's/^encoding //p')" ]
}

@test "record: a branch that nobody has checked out moves by itself" {
	hook pre-commit <<<'exit 1'
	git branch side
	printf 'staged\n' >>other
	git add other
	printf '2\n' >"$OURS"
	run -0 --separate-stderr record_to side d/log="$OURS" new="$OURS"
	[ "$output" = "$(git rev-parse side)" ]
	[ "$(git diff --name-only main side)" = $'d/log\nnew' ]
	[ "$(git reflog side -1 --format=%gs)" = 'commit: message' ]
	[ "$(git status --porcelain)" = 'M  other' ]
	run -1 record_to side d/log="$OURS"
	run -128 --separate-stderr record_to none d/log="$OURS"
	[[ $stderr == *"there is no branch 'none'"* ]]
	is_left_clean
}

@test "record: one that somebody has checked out, or rebases, stays" {
	printf '2\n' >"$OURS"
	run -128 --separate-stderr record_to main d/log="$OURS"
	[[ $stderr == *"branch 'main' is checked out in '$PWD'"* ]]
	git worktree add -q ../linked -b side
	run -128 --separate-stderr record_to side d/log="$OURS"
	[[ $stderr == *"branch 'side' is checked out in "*/linked* ]]
	git -C ../linked commit -q --allow-empty -m two
	GIT_SEQUENCE_EDITOR='echo break >' git -C ../linked rebase -q -i main
	[ -z "$(git -C ../linked branch --show-current)" ]
	run -128 --separate-stderr record_to side d/log="$OURS"
	[[ $stderr == *"branch 'side' is being rebased or bisected"* ]]
}

@test "record: a bare repository has branches too" {
	git clone -q --bare . ../bare.git
	cd ../bare.git
	printf '2\n' >"$OURS"
	git update-ref refs/heads/side main
	run -0 record_to side d/log="$OURS"
	[ "$(git show side:d/log)" = 2 ]
	is_left_clean .
}
