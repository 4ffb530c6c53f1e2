#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The whole way of a lane transition, from 'git commit' to the team's server,
# with the real programs, in a scratch folder that is gone afterwards. Each step
# is printed as a user would type it. Fails when an event did not arrive.
# BUILD names the build folder (default: build).

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-build}
case $build in
/*) ;;
*) build=$top/$build ;;
esac
PATH=$build/bin:$PATH

scratch=$(mktemp -d)
server=

# Every process of ours has the scratch home in its environment: the server, and
# senders that hooks left in the background.
clean_up() {
	status=$?
	trap - EXIT
	cd /
	for env in /proc/[0-9]*/environ; do
		pid=${env#/proc/}
		pid=${pid%/environ}
		[ "$pid" != $$ ] || continue
		# a process may be gone by now, or be someone else's
		if { tr '\0' '\n' <"$env" | grep -qx "HOME=$HOME"; } 2>/dev/null
		then
			kill "$pid" 2>/dev/null || :
		fi
	done
	[ -z "$server" ] || wait "$server" || :
	rm -rf "$scratch"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 141' PIPE
trap 'exit 143' TERM HUP

export HOME="$scratch/home" PATH TZ=UTC LC_ALL=C.UTF-8
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$HOME/.gitconfig"
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_SK GIT_SK_HOME GIT_SK_SKIP \
	GIT_SK_TRACE SPEC_KITTY_ENABLE_SAAS_SYNC XDG_CONFIG_HOME \
	http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
mkdir "$HOME"
git config --global user.name Ada
git config --global user.email ada@example.com
git config --global init.defaultBranch main

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$(printf '\033[1m') dim=$(printf '\033[36m')
	plain=$(printf '\033[0m')
fi

# say <line>...
say() {
	echo
	printf "$dim# %s$plain\\n" "$@"
}

# run <command line>: show it, then do it.
run() {
	printf '%s$ %s%s\n' "$bold" "$1" "$plain"
	eval "$1"
}

# until_true <command>...: at most ten seconds.
until_true() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ "$tries" -ge 100 ]; then
			echo "demo: error: gave up waiting: $*" >&2
			exit 1
		fi
		sleep 0.1
	done
}

serve() {
	rm -f "$scratch/port"
	run "sk-ingestd serve --db ../server.db --port $1 --port-file ../port \\
    2>../server.log &"
	server=$!
	until_true test -s "$scratch/port"
	port=$(cat "$scratch/port")
	url=http://127.0.0.1:$port
}

# What 'git sk-sync status' calls the number of waiting events.
depth() {
	git sk-sync status --json | jq .depth
}
queue_is_empty() {
	[ "$(depth)" -eq 0 ]
}

# A sender that a hook left behind tries a few times before it gives up; while
# it does, another one would leave the queue to it.
no_sender() {
	for lease in "$HOME"/.spec-kitty/queues/*.lease; do
		flock -n "$lease" true || return 1
	done
}

work_package() {
	cat >"kitty-specs/001-login/tasks/$1.md" <<END
---
work_package_id: $1
title: $2
lane: planned
---
END
}

# move <WP> <from> <to>
move() {
	file=kitty-specs/001-login/tasks/$1.md
	run "sed -i 's/^lane: $2/lane: $3/' $file"
	run "git commit -q -a -m '$1: $3'"
}

mkdir -p "$scratch/shop/kitty-specs/001-login/tasks"
cd "$scratch/shop"
echo secret >../password

say 'The server of the team: one program, one file.'
run 'sk-ingestd user add --db ../server.db --password-stdin dev <../password'
serve 0

say 'A repository whose plan is a mission of two work packages.'
echo '{"mission_slug": "001-login", "mission_type": "software-dev",' \
	'"created_at": "2026-05-01T10:00:00+00:00"}' \
	>kitty-specs/001-login/meta.json
work_package WP01 'The form'
work_package WP02 'The session'
run 'git init -q . && git add . && git commit -q -m "Plan the login"'
run 'cat kitty-specs/001-login/tasks/WP01.md'

say 'Set it up once, and log in.'
run 'git sk-setup'
run "git sk-auth login --server $url --username dev --password-stdin <../password"

say 'From now on a commit is enough: the hook sees the lane change and queues' \
	'it, and a sender in the background delivers it.'
move WP01 planned claimed
until_true queue_is_empty
run 'git sk-sync status'

say 'The server goes away. Commits go on, and nothing is lost.'
run "kill $server"
wait "$server" || :
server=
move WP01 claimed in_progress
move WP01 in_progress for_review
move WP02 planned claimed
run 'git sk-sync status'

sleep 0.5
until_true no_sender
say 'The server is back.'
serve "$port"
run 'git sk-sync now'

say 'What was committed before the setup can be published too.'
run 'git sk-sync backfill'
run 'git sk-sync now'
run 'git sk-sync status'

say 'What the server has.'
printf '{"username": "dev", "password": "secret"}' |
	curl -sS --fail --json @- "$url/api/v1/token/" |
	jq -r '"Authorization: Bearer " + .access' >../token
run "curl -s -H @../token $url/api/v1/events/ >../events.json"
run "jq -r '.events[] | [.seq, .event.event_type, .event.payload.wp_id,
    .event.payload.from_lane, .event.payload.to_lane] | @tsv' ../events.json"

# two new work packages, and the four moves above
arrived=$(jq '[.events[].event | select(.event_type == "WPStatusChanged")]
	| length' ../events.json)
if [ "$arrived" -ne 6 ]; then
	echo "demo: error: $arrived of 6 transitions arrived" >&2
	exit 1
fi
say "All $arrived transitions arrived, each once. The scratch folder goes now."
