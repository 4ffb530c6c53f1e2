# SPDX-License-Identifier: MIT
"""Looking at the missions of a repository."""

import json
import os

from harness import heading, play, row, scratch, sh, timed, write

LANES = ("claimed", "in_progress", "for_review", "in_review", "approved", "done")

# What spec-kitty 3.2 took for the like, on a machine of two cores, without a
# repository of this size: its figures are no rows of the table.
UPSTREAM = """
  spec-kitty 3.2, measured elsewhere: any command 1,700 to 1,900 ms, most of it
  the start of Python; its reducer compares every two events of one timestamp.
"""


def event(mission, number, package, source, lane, at):
    return json.dumps({
        "actor": "agent", "at": at, "event_id": "01KE%022d" % number,
        "evidence": None, "execution_mode": "worktree", "force": False,
        "from_lane": source, "mission_slug": mission, "reason": None,
        "review_ref": None, "to_lane": lane, "wp_id": f"WP{package:02d}",
    }, sort_keys=True)


def mission(repo, number, packages, lanes):
    """A mission of which every third package is on its way."""
    name = f"{number:03d}-mission"
    folder = os.path.join(repo, "kitty-specs", name)
    lines = []
    for package in range(1, packages + 1):
        write(os.path.join(folder, "tasks", f"WP{package:02d}-x.md"),
              f"---\nwork_package_id: WP{package:02d}\n"
              f'title: "Package {package} of {name}"\n---\n' + "text\n" * 200)
        source = "planned"
        for step, lane in enumerate(lanes[:1 + (number + package) % len(lanes)]):
            ident = number * 10000 + package * 100 + step
            lines.append(event(name, ident, package, source, lane,
                               f"2026-05-01T10:{package:02d}:{step:02d}+00:00"))
            source = lane
    write(os.path.join(folder, "status.events.jsonl"), "\n".join(lines) + "\n")
    write(os.path.join(folder, "meta.json"), json.dumps({
        "mission_slug": name, "mission_id": "01KE%022d" % number,
        "target_branch": "main"}))


def commit(repo, text):
    sh("git add -A && git commit -q -m '%s'" % text, repo)


def team(repo):
    """200 missions of 8 packages, 50 of them under way on branches."""
    sh(["git", "init", "-q", repo])
    for number in range(200):
        mission(repo, number, 8, LANES)
    commit(repo, "missions")
    for number in range(50):
        name = f"{number:03d}-mission"
        sh(f"git switch -q -c kitty/mission-{name} main", repo)
        log = os.path.join(repo, "kitty-specs", name, "status.events.jsonl")
        write(log, event(name, 5000000 + number, 1, "done", "planned",
                         "2026-05-02T10:00:00+00:00") + "\n", "a")
        commit(repo, name)
    sh("git switch -q main && git repack -qad", repo)


def one_time(repo, events):
    """One mission whose events all have the same time."""
    sh(["git", "init", "-q", repo])
    write(os.path.join(repo, "kitty-specs", "m", "status.events.jsonl"),
          "".join(event("m", number, number % 90 + 1, "planned",
                        LANES[number % len(LANES)],
                        "2026-05-01T10:00:00+00:00") + "\n"
                  for number in range(events)))
    commit(repo, "events")
    sh("git repack -qad", repo)


def show(title, repo, commands):
    samples = play({" ".join(command): lambda command=command: timed(command, repo)
                    for command in commands}, 15)
    heading(title, "MiB")
    for name, list_ in samples.items():
        row(name, [s.wall for s in list_], 1e3,
            f"{max(s.rss for s in list_) / 2**20:.1f}")


def bench_task():
    repo, log = os.path.join(scratch, "team"), os.path.join(scratch, "one-time")
    team(repo)
    one_time(log, 10000)
    show("task: 200 missions of 8 packages, 50 under way on branches; ms", repo, [
        ["git", "log", "-1"], ["git", "status"],
        ["git-sk-mission", "list"], ["git-sk-task", "list"],
        ["git-sk-task", "list", "--board"], ["git-sk-task", "list", "--json"],
    ])
    show("task: a log of 10,000 events at one time; ms", log, [
        ["git", "log", "-1"], ["git-sk-task", "list"],
    ])
    print(UPSTREAM, end="")
