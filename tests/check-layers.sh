#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Hold the code to lib/LAYERS, and to sizes a reader can take in; prints TAP.

set -eu
cd "$(dirname "$0")/.."
find lib bin hooks server tests -name '*.[ch]' \
	-exec awk -v max_file=500 -v max_function=80 -f tests/state.awk \
	-f tests/headers.awk -f tests/layers.awk lib/LAYERS {} +
