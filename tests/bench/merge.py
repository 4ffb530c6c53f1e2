# SPDX-License-Identifier: MIT
"""What the dry run of a mission with ten lanes costs in a repository of ten
thousand files, beside git's own merges of the same branches."""

import json
import os
from functools import partial

from harness import heading, play, row, scratch, sh, timed

FILES, LANES = 10000, 10
SLUG = "007-mission"
BRANCH = "kitty/mission-" + SLUG
COMMITTER = "committer Bench <bench@example.com> %d +0000\n"


def lane(number):
    return "lane-" + chr(ord("a") + number)


def data(text):
    return f"data {len(text)}\n{text}\n"


def file(path, text):
    return f"M 100644 inline {path}\n" + data(text)


def approved(number):
    """Rows of a work package that went all the way to its approval."""
    steps = ["planned", "claimed", "in_progress", "for_review", "approved"]
    for i, (old, new) in enumerate(zip(steps, steps[1:])):
        yield json.dumps({
            "actor": "bench", "at": f"2026-05-01T10:{number:02}:{i:02}+00:00",
            "event_id": f"01KE{number * 10 + i:022}", "evidence": None,
            "execution_mode": "worktree", "force": False, "from_lane": old,
            "mission_slug": SLUG, "reason": None, "review_ref": None,
            "to_lane": new, "wp_id": f"WP{number + 1:02}"}) + "\n"


def mission():
    """Its files, with a work package for each lane."""
    folder = f"kitty-specs/{SLUG}/"
    wps = [f"WP{i + 1:02}" for i in range(LANES)]
    yield file(folder + "meta.json", json.dumps({
        "mission_slug": SLUG, "slug": SLUG, "mission_type": "software-dev",
        "target_branch": "main", "mission_number": None,
        "created_at": "2026-05-01T10:00:00+00:00",
        "mission_id": "01KQ4ARB0000000000000000AA"}))
    yield file(folder + "lanes.json", json.dumps({
        "version": 1, "mission_slug": SLUG, "mission_branch": BRANCH,
        "target_branch": "main", "lanes": [
            {"lane_id": lane(i), "wp_ids": [wp], "write_scope": [],
             "predicted_surfaces": [], "depends_on_lanes": [],
             "parallel_group": 0} for i, wp in enumerate(wps)]}))
    yield file(folder + "status.events.jsonl", "".join(
        line for i in range(LANES) for line in approved(i)))
    for wp in wps:
        yield file(f"{folder}tasks/{wp}-do.md",
                   f"---\nwork_package_id: {wp}\n---\n")


def history():
    """What 'git fast-import' makes the repository of: each lane has five commits
    of four files, and main has moved on meanwhile."""
    yield "commit refs/heads/main\n" + COMMITTER % 1700000000 + data("start")
    for i in range(FILES):
        yield file(f"src/d{i % 100}/f{i}.txt", f"line {i}\n" * 20)
    yield from mission()
    yield f"reset refs/heads/{BRANCH}\nfrom refs/heads/main\n\n"
    for number in range(LANES):
        for i in range(5):
            yield (f"commit refs/heads/{BRANCH}-{lane(number)}\n"
                   + COMMITTER % (1700000100 + i) + data(f"work {i}")
                   + ("from refs/heads/main\n" if i == 0 else ""))
            for k in range(number * 100 + i * 4, number * 100 + i * 4 + 4):
                yield file(f"src/d{k % 100}/f{k}.txt", f"work {k}\n" * 20)
    yield ("commit refs/heads/main\n" + COMMITTER % 1700000200 + data("moved")
           + file("other.txt", "other\n"))


def bench_merge():
    path = os.path.join(scratch, "merge")
    sh(["git", "init", "-q", path])
    sh(["git", "fast-import", "--quiet"], path, input="".join(history()))
    sh("git reset -q --hard main && git tag start && git repack -q -a -d", path)
    branches = [f"{BRANCH}-{lane(i)}" for i in range(LANES)]
    trees = " && ".join(f"git merge-tree --write-tree {BRANCH} {name}"
                        for name in branches)
    merges = " && ".join(f"git merge -q --no-edit {name}" for name in branches)
    commands = {
        "git sk-merge --dry-run": ["git", "sk-merge", "--dry-run"],
        "git merge-tree, each lane": ["sh", "-c", trees],
        "git merge, each lane, and reset --hard": [
            "sh", "-c", f"{merges} && git reset -q --hard start"],
    }
    samples = play({name: partial(timed, command, path)
                    for name, command in commands.items()}, 20)
    heading(f"merge of {LANES} lanes, {FILES:,} files, 20 rounds; ms")
    for name in commands:
        row(name, [sample.wall for sample in samples[name]], 1e3)
