#!/usr/bin/env bats
# Random histories of git, with the hooks and without them, beside an oracle that
# reads git's objects by itself: what fits into some seconds, with SK_LONG 1,000,
# or as many as SK_HISTORIES says. What failed is named by its number, and
# tests/random/histories.py --seed <number> -v plays it again.

load helper

HISTORIES=$TOP/tests/random/histories.py

setup() {
	sk_setup
}

teardown() {
	sk_teardown
}

@test "random: git does what it did, and the queue has what the oracle wants" {
	local how=(--count 20 --seconds 40)

	if [ -n "$SK_HISTORIES$SK_LONG" ]; then
		how=(--count "${SK_HISTORIES:-1000}" --jobs "$(nproc)")
	fi
	TMPDIR=$BATS_TEST_TMPDIR run "$HISTORIES" "${how[@]}"
	echo "# ${lines[-1]}" >&3
	echo "$output"
	[ "$status" = 0 ]
}

@test "random: of a real history the oracle finds what is known of it" {
	local data=$TOP/../shared/data

	[ -e "$data/history.bundle" ] || skip "no ../shared/data here"
	git clone -q -b main "$data/history.bundle" repo
	run -0 --separate-stderr "$HISTORIES" --repository repo
	[ "$output" = "4029 in event logs, 1100 in front matter" ]
}
