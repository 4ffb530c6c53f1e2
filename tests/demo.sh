#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The whole way of a mission, from 'git sk-mission create' to what the team's
# server has of it, with the real programs, in a scratch folder that is gone
# afterwards. Each step is printed as a user would type it. Fails when an event
# did not arrive.
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

# work_package <WP> <title> <folder>
work_package() {
	cat >"tasks/$1.md" <<END
---
work_package_id: $1
title: $2
requirement_refs: [FR-001]
owned_files: ["$3/**"]
---
END
}

# The person who fills in what create and setup-plan have begun; in the folder
# of the mission.
write_spec() {
	sed -i 's/\[What it must do\]/People log in by a password/' spec.md
}
write_plan() {
	sed -i -e 's/^\(\*\*Language.*:\) .*/\1 HTML/' \
		-e 's/^\(\*\*Testing.*:\) .*/\1 by hand/' plan.md
}
write_tasks() {
	printf '## %s\n\n- [ ] %s\n\n' 'WP01 The form' 'T001 Draw it' \
		'WP02 The session' 'T002 Keep it' >tasks.md
	work_package WP01 'The form' form
	work_package WP02 'The session' session
}

mkdir "$scratch/shop"
cd "$scratch/shop"
echo secret >../password

say 'The server of the team: one program, one file.'
run 'sk-ingestd user add --db ../server.db --password-stdin dev <../password'
serve 0

say 'A repository, set up once, and a login.'
run 'git init -q . && git sk-setup'
run "git sk-auth login --server $url --username dev --password-stdin <../password"

say 'A mission: its spec, its plan, its work packages. What a person writes' \
	'meanwhile is not shown.'
run 'git sk-mission create login'
run 'cd kitty-specs/login-*'
write_spec
run 'git commit -q -a -m "Specify the login"'
run 'git sk-mission setup-plan || echo "(exit status $?)"'
write_plan
run 'git sk-mission setup-plan'
write_tasks
run 'cat tasks.md tasks/WP01.md'
run 'git sk-mission finalize'
run 'cd ../..'

say 'The first one, in a worktree of its own. Each step is a commit, whose' \
	'transitions the hook queues and a sender in the background delivers.'
run 'git sk-task implement WP01 --agent ada'
run 'cd .worktrees/login-*-lane-a'
run 'mkdir form && echo "<form>" >form/login.html && git add form'
run 'git commit -q -m "Draw the form"'
run 'git sk-task mark T001 --status done'
run 'git sk-task move WP01 for_review --agent ada'
run 'git sk-task review WP01 --agent bob'
run 'git sk-task move WP01 approved --agent bob --reference pull/1'
run 'git sk-task mark WP01 --status done --agent bob'
run 'cd ../..'
until_true queue_is_empty
run 'git sk-sync status'

say 'The server goes away. The work goes on, and nothing is lost.'
run "kill $server"
wait "$server" || :
server=
run 'git sk-task implement WP02 --agent ada'
run 'git sk-task list --board'
run 'git sk-sync status'

sleep 0.5
until_true no_sender
say 'The server is back.'
serve "$port"
run 'git sk-sync now'

say 'What the server has.'
printf '{"username": "dev", "password": "secret"}' |
	curl -sS --fail --json @- "$url/api/v1/token/" |
	jq -r '"Authorization: Bearer " + .access' >../token
run "curl -s -H @../token $url/api/v1/events/ >../events.json"
run "jq -r '.events[] | [.seq, .event.event_type] + (.event.payload |
    [.wp_id // .phase, .from_lane, .to_lane]) | @tsv' ../events.json"

# each once: those of the log, as the branch has it
git cat-file blob "$(git ls-tree -r main | sed -n \
	's/^[0-9]* blob \([0-9a-f]*\).*status\.events\.jsonl$/\1/p')" |
	jq -r 'select(.to_lane) | .event_id' | sort >../log
jq -r '.events[].event | select(.event_type == "WPStatusChanged") | .event_id' \
	../events.json | sort >../arrived
if [ ! -s ../log ] || ! diff ../log ../arrived >&2; then
	echo 'demo: error: these are not the transitions of the log' >&2
	exit 1
fi
say "All $(wc -l <../log) transitions of the log arrived, each once." \
	'The scratch folder goes now.'
