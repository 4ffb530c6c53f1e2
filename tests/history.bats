#!/usr/bin/env bats
# A real history of 2,313 commits, with known answers. It is larger than the
# project and lies beside it; without it these tests are skipped, and say so.

load helper

DATA=$TOP/../shared/data

setup() {
	sk_setup
	git config --global advice.detachedHead false
}

teardown() {
	sk_teardown
}

# real_history: a clone of it as repo, or the test is skipped.
real_history() {
	local made=$BATS_FILE_TMPDIR/history

	[ -e "$DATA/history.bundle" ] || skip "no ../shared/data here"
	[ -e "$made" ] || git clone -q -b main "$DATA/history.bundle" "$made"
	cp -a "$made" repo
	cd repo || return 1
}

# ids <sql condition>: of the queue, sorted.
ids() {
	query "SELECT event_id FROM queue WHERE $1 ORDER BY event_id"
}

@test "history: backfill queues exactly the known ids and transitions" {
	real_history
	run -0 --separate-stderr git sk-sync backfill --json
	[ -z "$stderr" ]
	[ "$(jq .transitions <<<"$output")" = 5129 ]
	sort "$DATA/history.log-ids.txt" >../want
	ids "event_type = 'WPStatusChanged'" >../all
	# every id of the logs is there; what is left comes from front matter
	comm -12 ../want ../all >../found
	cmp ../want ../found
	[ "$(comm -13 ../want ../all | wc -l)" = 1100 ]
	run -0 git sk-sync backfill --json
	[ "$(jq .queued <<<"$output")" = 0 ]
}

# published <folder>: the ids that a backfill of it finds, in a queue apart.
published() {
	export GIT_SK_HOME=$HOME/$1
	(cd "../$1" && git sk-sync backfill --json) >"../$1.json" || return 1
	[ "$(jq .transitions <"../$1.json")" = 5129 ] || return 1
	ids 1
}

@test "history: it has the same ids in sha256" {
	real_history
	git init -q --object-format=sha256 ../sha256 || skip "git has no sha256"
	git config --global sk.projectUuid 11111111-2222-4333-8444-555555555555
	git fast-export --all --signed-tags=strip --reencode=no |
		git -C ../sha256 fast-import --quiet
	[ "$(git -C ../sha256 rev-parse HEAD | wc -c)" = 65 ]
	published repo >../want
	published sha256 >../got
	cmp ../want ../got
}

@test "history: a partial clone fetches what it needs of it" {
	real_history
	git config uploadpack.allowFilter true
	git config uploadpack.allowAnySHA1InWant true
	git clone -q --no-checkout --filter=blob:none "file://$PWD" ../partial
	published repo >../want
	published partial >../got
	cmp ../want ../got
	# and no more: what is no mission's stays where it is
	run -0 git -C ../partial rev-list --objects --all --missing=print
	grep -q '^?' <<<"$output"
}

@test "history: each different row of front matter is one transition" {
	real_history
	git sk-sync backfill >/dev/null
	sort "$DATA/history.log-ids.txt" >../logs
	# author time, mission, work package, lanes as on the wire
	query "SELECT strftime('%s', substr(json_extract(data, '$.timestamp'), 1, 19)),
		json_extract(data, '$.payload.feature_slug'),
		json_extract(data, '$.payload.wp_id'),
		coalesce(json_extract(data, '$.payload.from_lane'), '-'),
		json_extract(data, '$.payload.to_lane'), event_id
		FROM queue WHERE event_type = 'WPStatusChanged'" |
		awk -F '|' 'NR == FNR { log_id[$1]; next }
			!($6 in log_id) { print $1, $2, $3, $4, $5 }' \
			../logs - | sort >../got
	awk -F '\t' '
		function wire(lane) {
			if (lane == "in_progress" || lane == "claimed" ||
			    lane == "blocked")
				return "doing"
			if (lane == "in_review")
				return "for_review"
			if (lane == "approved" || lane == "canceled")
				return "done"
			return lane
		}
		NR > 1 && !seen[$2, $3, $4, $5, $6]++ {
			print $2, $3, $4, wire($5), wire($6)
		}' "$DATA/history.lane-transitions.tsv" | sort >../want
	[ "$(wc -l <../want)" = 1100 ]
	diff ../want ../got
}

@test "history: delivered once, a second machine adds nothing" {
	real_history
	start_ingestd
	git sk-sync backfill >/dev/null
	log_in >/dev/null
	run -0 --separate-stderr git sk-sync now
	[[ $output == "Synced: 6275, Duplicates: 0, Failed: 0"* ]]
	[ "$(server_query "SELECT count(*) FROM events WHERE event_type = 'WPStatusChanged'")" = 5129 ]
	export GIT_SK_HOME=$HOME/elsewhere
	git clone -q . ../second
	cd ../second
	git sk-sync backfill >/dev/null
	log_in >/dev/null
	run -0 --separate-stderr git sk-sync now
	[[ $output == "Synced: 0, Duplicates: 6275, Failed: 0"* ]]
	[ "$(server_query 'SELECT count(*) FROM events')" = 6275 ]
}

# replay <from> <to>: make the commits of a range again, one by one, in a clone
# whose hooks run after each, as HEAD moves over them; in the current folder.
replay() {
	local commit

	for commit in $(git rev-list --reverse --topo-order "$1..$2"); do
		git update-ref --no-deref HEAD "$commit"
		.git/hooks/post-commit </dev/null || return 1
	done
}

# only_at <commit>: HEAD is there, and no branch leads to what comes after it,
# which would be history at setup.
only_at() {
	git checkout -q --detach "$1"
	git for-each-ref --format='delete %(refname)' refs/heads refs/remotes |
		git update-ref --stdin
}

@test "history: walked commit by commit it gives what one walk gives" {
	real_history
	from=$(git rev-parse main~1250)
	to=$(git rev-parse main~950) # merges, logs and front matter in between
	[ "$(git rev-list --count "$from..$to")" -ge 300 ]
	only_at "$from"
	git sk-setup >/dev/null
	replay "$from" "$to"
	ids 1 >../replayed
	query "SELECT event_id, json_remove(data, '$.lamport_clock',
		'$.timestamp', '$.payload.entered_at',
		'$.payload.started_by') FROM queue ORDER BY event_id" \
		>../replayed.data

	export GIT_SK_HOME=$HOME/second
	git clone -q -b main "$DATA/history.bundle" ../second
	cd ../second
	only_at "$from"
	git sk-setup >/dev/null
	git update-ref --no-deref HEAD "$to"
	git sk-sync now >/dev/null 2>&1 || true # captures, and is not logged in
	ids 1 >../walked
	[ "$(wc -l <../walked)" -ge 300 ]
	diff ../walked ../replayed
	query "SELECT event_id, json_remove(data, '$.lamport_clock',
		'$.timestamp', '$.payload.entered_at',
		'$.payload.started_by') FROM queue ORDER BY event_id" \
		>../walked.data
	diff ../walked.data ../replayed.data
}

# pairs: "<commit> <mission> <log> <status.json>" where a commit changed both,
# one a line; main alone, merges against their first parent.
pairs() {
	git log --first-parent -m --raw --no-abbrev --no-renames \
		--diff-filter=AM --format='commit %H' "$@" -- \
		'kitty-specs/*/status.json' \
		'kitty-specs/*/status.events.jsonl' |
		awk '
			$1 == "commit" { commit = $2; next }
			{ split($6, part, "/"); what[commit " " part[2], part[3]] = $4
				seen[commit " " part[2]] }
			END { for (one in seen) {
				log_id = what[one, "status.events.jsonl"]
				status = what[one, "status.json"]
				if (log_id && status) print one, log_id, status } }' |
		sort
}

# why <want> <meta>: in what a status.json differs from the one in ../got that
# git-sk makes, in words.
why() {
	jq -rn --slurpfile want "$1" --slurpfile got ../got \
		--slurpfile meta "$2" '
		def drift: [.event_count, .last_event_id, .work_packages];
		$want[0] as $w | $got[0] as $g | ($meta[0] // {}) as $m |
		[$w, $g | keys[] as $k | select($w[$k] != $g[$k]) | $k] |
		unique as $keys |
		if ($w | drift) != ($g | drift) then "not of this log"
		elif ($w | has("mission_number") | not) or
			($w.summary | length) < 9 then "of an earlier shape"
		elif $keys != ["mission_number"] then "other"
		elif $w.mission_number == "" then "from before it had its number"
		elif ($w.mission_number | tonumber) ==
			($g.mission_number | tonumber)
		then "with a number as it stood in meta.json"
		else "other" end'
}

@test "history: status.json is rebuilt from each log, byte for byte" {
	real_history
	local commit mission log status meta

	while read -r commit mission log status; do
		meta=../meta
		git cat-file blob "$commit:kitty-specs/$mission/meta.json" \
			>"$meta" 2>/dev/null || meta=/dev/null
		git cat-file blob "$log" >../log
		git cat-file blob "$status" >../want
		if [ "$meta" = ../meta ]; then
			git-sk-eventlog reduce --meta "$meta" ../log >../got
		else
			git-sk-eventlog reduce - <../log >../got
		fi
		if cmp -s ../want ../got; then
			echo same
		else
			why ../want "$meta"
		fi
	done < <(pairs --all) | sort | uniq -c | sed 's/^/# /' >../counts
	cat ../counts >&3
	sed 's/^#  *//' ../counts >../found
	diff - ../found <<-'EOF'
		17 from before it had its number
		1 not of this log
		164 of an earlier shape
		167 same
		17 with a number as it stood in meta.json
	EOF
}

@test "history: status.json of each mission at the tip" {
	real_history
	local log folder same=0

	for log in kitty-specs/*/status.events.jsonl; do
		folder=${log%/*}
		git-sk-eventlog check "$log"
		git-sk-eventlog reduce "$log" >../got
		if cmp -s "$folder/status.json" ../got; then
			same=$((same + 1))
		else
			why "$folder/status.json" "$folder/meta.json"
		fi
	done >../others
	echo "# $same missions the same, others $(sort ../others | uniq -c)" >&3
	[ "$same" = 115 ]
	[ "$(sort ../others | uniq -c | tr -s ' ')" = \
		" 5 from before it had its number" ]
}

@test "history: each line of each log is written as it was read" {
	real_history
	git rev-list --objects --all |
		awk '$2 ~ "^kitty-specs/[^/]*/status[.]events[.]jsonl$" { print $1 }' |
		sort -u >../blobs
	[ "$(wc -l <../blobs)" -gt 400 ]
	git cat-file --batch='' <../blobs >../want
	"$BUILD/tests/unit/t-logline" ../want >../got
	cmp ../want ../got
}
