#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every fuzz target survives its corpus; prints TAP.
# BUILD names the build folder (default: build).

set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
count=0
failed=0

for source in tests/fuzz/fuzz-*.c; do
	target=$(basename "$source" .c)
	name=${target#fuzz-}
	count=$((count + 1))
	if said=$("$build/tests/fuzz/$target" "tests/fuzz/corpus/$name"/* 2>&1)
	then
		echo "ok $count - fuzz: $name survives its corpus"
		continue
	fi
	echo "not ok $count - fuzz: $name survives its corpus"
	echo "$said" | tail -n 20 | sed 's/^/# /'
	for input in "tests/fuzz/corpus/$name"/*; do
		"$build/tests/fuzz/$target" "$input" >/dev/null 2>&1 ||
			echo "# fails on $input"
	done
	failed=1
done
echo "1..$count"
exit "$failed"
