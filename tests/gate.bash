# For the tests of the gates: missions, branches that part, and remotes.

# The folder of the programs that hooks run.
HOOKS=$BUILD/hooks

# log <mission>: the path of its event log.
log() {
	echo "kitty-specs/$1/status.events.jsonl"
}

# saved <message>: commit all there is, whatever hooks say.
saved() {
	git add -A
	GIT_SK=0 git commit -q --no-verify -m "$1"
}

# parted: mission 001-a with one event; 'side' and 'main' each add one more,
# 01KE..02 and 01KE..03. On main at the end.
parted() {
	mission 001-a
	event 001-a WP01 null planned
	saved first
	git checkout -q -b side
	event 001-a WP01 planned claimed
	saved side
	git checkout -q main
	event 001-a WP02 null planned
	saved main
}

# id <n>: the n-th event's.
id() {
	printf '01KE%022d' "$1"
}

# remote: an empty bare one, 'origin'.
remote() {
	git init -q --bare "$BATS_TEST_TMPDIR/origin.git"
	git remote add origin "$BATS_TEST_TMPDIR/origin.git"
}

# publish <ref>...: push without a look.
publish() {
	GIT_SK=0 git push -q origin "$@"
}

# refused <word>...: the last run was, and its stderr has all the words.
refused() {
	[ "$status" -eq 1 ]
	said "$@"
}

# said <word>...: stderr has all of them.
said() {
	local word

	for word in "$@"; do
		[[ $stderr = *"$word"* ]] || {
			echo "'$word' is not said in: $stderr"
			return 1
		}
	done
}

# unsaid <word>...: stderr has none of them.
unsaid() {
	local word

	for word in "$@"; do
		[[ $stderr != *"$word"* ]] || {
			echo "'$word' is said in: $stderr"
			return 1
		}
	done
}

# gates: all hooks, for this repository.
gates() {
	git sk-setup >/dev/null
}
