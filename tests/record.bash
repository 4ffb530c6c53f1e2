# What record.bats and recordcrash.bats share. Loaded behind helper.

# record_setup: a repository with one commit, of log, notes and other.
record_setup() {
	sk_setup
	git init -q repo
	cd repo || return 1
	mkdir d
	printf '1\n' >d/log
	printf 'a\nb\nc\nd\ne\n' >notes
	printf 'x\n' >other
	git add .
	git commit -q -m start
	OURS=$BATS_TEST_TMPDIR/ours
}

# record <path>=<file>...: commit them to main, which is checked out here.
record() {
	"$BUILD/tests/tool/gitwrite" commit refs/heads/main "$PWD" - message "$@"
}

# record_to <branch> <path>=<file>...: to one that is not checked out.
record_to() {
	"$BUILD/tests/tool/gitwrite" commit "refs/heads/$1" - - message "${@:2}"
}

# is_left_clean [<git folder>]: nothing of ours is there, but the lock's file.
is_left_clean() {
	[ -z "$(cd "${1:-.git}" && ls -d index.lock sk-index-* 2>/dev/null)" ]
}
