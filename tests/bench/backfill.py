# SPDX-License-Identifier: MIT
"""The first walk of a history."""

import os
import sqlite3
import statistics

from events import history, queue_of
from harness import TOP, free_copy, heading, play, row, scratch, sh, timed

BUNDLE = os.path.join(TOP, "..", "shared", "data", "history.bundle")


def bench_backfill():
    repo, home = os.path.join(scratch, "history"), os.path.join(scratch, "history-home")
    os.makedirs(home)
    if os.path.exists(BUNDLE):
        sh(["git", "clone", "-q", "-b", "main", BUNDLE, repo])
    else:
        history(repo, 2000, 2)
    sh(["git", "sk-setup"], repo, home)
    fresh = home + "-now"

    def publish(*options):
        free_copy(home, fresh)
        return timed(["git-sk-sync", "backfill", *options], repo, fresh)

    commits = sh(["git", "rev-list", "--count", "HEAD"], repo).strip()
    rows = {
        "git log --raw --no-renames -- kitty-specs": lambda: timed(
            ["git", "log", "--raw", "--no-renames", "--", "kitty-specs"], repo),
        "git sk-sync backfill --dry-run": lambda: publish("--dry-run"),
        "git sk-sync backfill": lambda: publish(),
    }
    samples = play(rows, 9)
    publish()
    with sqlite3.connect(queue_of(fresh)) as db:
        events = db.execute("SELECT count(*) FROM queue").fetchone()[0]
    heading(f"backfill: {events} events of {commits} commits, 9 rounds; ms",
            "times log", "MiB")
    peer = samples["git log --raw --no-renames -- kitty-specs"]
    for name, list_ in samples.items():
        ratio = statistics.median(a.wall / b.wall for a, b in zip(list_, peer))
        row(name, [s.wall for s in list_], 1e3, f"{ratio:.2f}",
            f"{max(s.rss for s in list_) / 2**20:.1f}")
