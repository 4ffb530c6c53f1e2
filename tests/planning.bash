# What missioncreate.bats, setupplan.bats and finalize.bats share. Loaded behind
# helper.

# planning_setup: a repository with one commit, and in it.
planning_setup() {
	sk_setup
	enter_repo
	git commit -q --allow-empty -m root
}

# begin <slug> [<option>...]: a mission made by create; sets MISSION, its name,
# and DIR, its folder.
begin() {
	MISSION=$(git sk-mission create "$@" --json | jq -r .mission_slug)
	DIR=kitty-specs/$MISSION
}

# rows <event type>: how many of that type the log in the work tree has.
rows() {
	jq -s --arg type "$1" 'map(select(.event_type == $type)) | length' \
		"$DIR/status.events.jsonl"
}

# stranger: an owner record of somebody else's live sender; log in first.
stranger() {
	other sleep 600
	mkdir -p "$GIT_SK_HOME/sync/daemon"
	(umask 077 && jq -n --argjson pid "$OTHER" \
		--argjson start "$(start_of "$OTHER")" \
		'{pid: $pid, pid_start: $start, port: 9400, token: "t",
		started_at: "2026-11-20T08:00:00+00:00",
		package_version: "9.9", executable_path: "/bin/sleep",
		source_checkout_path: "/elsewhere", queue_db_path: "/x.db",
		server_url: "https://elsewhere", auth_principal: "someone",
		auth_team: "team"}' >"$GIT_SK_HOME/sync/daemon/owner.json")
}
