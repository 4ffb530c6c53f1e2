#!/bin/sh
# SPDX-License-Identifier: MIT
#
# farewell.sh <bin folder>: what a person should know whose git-sk there is
# about to be removed. Says nothing where none is; never fails.

program=$1/git-sk-setup
[ -x "$program" ] || exit 0

# by sudo it is still the repositories of the person who typed it
set -- "$program" --list
if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER-}" ]; then
	set -- sudo -u "$SUDO_USER" -H "$@"
fi
if ! list=$("$@" </dev/null 2>/dev/null); then
	echo 'Which repositories of yours git-sk is set up in cannot be told.'
elif [ -n "$list" ]; then
	echo 'git-sk is set up in these repositories of yours:'
	printf '%s\n' "$list" | sed 's/^/  /'
else
	exit 0
fi
cat <<'END'
Without git-sk they work on: the hooks that were there run as before, and
nothing is captured until git-sk is installed again. To take its files out, run
'git sk-setup --remove' in each, before git-sk is uninstalled.
END
