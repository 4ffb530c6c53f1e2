# SPDX-License-Identifier: MIT
"""Repositories that report something, and the queue of a home."""

import glob
import json

from harness import sh, write

EVENT = {
    "actor": "bench", "at": "", "event_id": "", "evidence": None,
    "execution_mode": "worktree", "force": False, "from_lane": "planned",
    "mission_slug": "", "reason": None, "review_ref": None,
    "to_lane": "claimed", "wp_id": "WP01",
}
LANES = ["planned", "claimed", "in_progress", "for_review", "done"]
counter = 0


def event_line(mission):
    """A line of an event log, a new id each time."""
    global counter
    step = counter % 4
    event = dict(
        EVENT, mission_slug=mission, event_id="01KE%022d" % counter,
        at="2026-05-%02dT10:%02d:%02d+00:00"
        % (counter // 3600 % 28 + 1, counter // 60 % 60, counter % 60),
        wp_id="WP%02d" % (counter // 4 % 20 + 1),
        from_lane=LANES[step], to_lane=LANES[step + 1])
    counter += 1
    return json.dumps(event) + "\n"


def plain_repository(path):
    """600 files, 40 missions, packed."""
    for i in range(600):
        write(f"{path}/src/d{i % 20}/f{i}.txt", f"{i}\n" * 20)
    for i in range(40):
        mission = f"{path}/kitty-specs/{i:03}-mission"
        write(f"{mission}/meta.json", json.dumps({
            "mission_slug": f"{i:03}-mission", "mission_type": "software-dev",
            "created_at": "2026-05-01T10:00:00+00:00"}))
        write(f"{mission}/status.events.jsonl",
              "".join(event_line(f"{i:03}-mission") for _ in range(40)))
    sh("git init -q && git add . && git commit -q -m base && git gc -q", path)


def history(path, commits, lines):
    """Commits that append `lines` events each, to missions in turn."""
    logs, stream = {}, []
    for i in range(commits):
        mission = f"{i % 100:03}-mission"
        log = logs[mission] = logs.get(mission, "") + "".join(
            event_line(mission) for _ in range(lines))
        stream.append(
            f"commit refs/heads/main\ncommitter A <a@example.com> {1777000000 + i}"
            f" +0000\ndata 0\nM 644 inline kitty-specs/{mission}/"
            f"status.events.jsonl\ndata {len(log)}\n{log}\n")
    sh(["git", "init", "-q", path])
    sh(["git", "fast-import", "--quiet"], path, input="".join(stream))
    sh(["git", "checkout", "-q", "-f", "main"], path)


def queue_of(home):
    found = sorted(glob.glob(home + "/.spec-kitty/queues/*.db")
                   or glob.glob(home + "/.spec-kitty/queue.db"))
    return found[-1]
