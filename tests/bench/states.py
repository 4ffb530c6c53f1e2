# SPDX-License-Identifier: MIT
"""Repositories and queues in states that have made a commit slow."""

import os
import sqlite3
import time

from events import event_line, queue_of
from harness import sh, write

ROWS, LINES, REFS, ENTRIES = 100_000, 50_000, 3_000, 300_000


def long_log(path):
    """A log that has grown for years."""
    write(f"{path}/kitty-specs/007-mission/status.events.jsonl",
          "".join(event_line("007-mission") for _ in range(LINES)), "a")
    sh(["git", "commit", "-q", "-a", "-m", "long log"], path)


def many_refs(path):
    """A branch for each of so many commits beside the history."""
    sh(["git", "fast-import", "--quiet"], path, input="".join(
        f"commit refs/heads/side-{i}\ncommitter A <a@example.com>"
        f" {1777000000 + i} +0000\ndata 0\nfrom refs/heads/main\n\n"
        for i in range(REFS)))
    sh(["git", "pack-refs", "--all"], path)


def large_index(path):
    """A monorepo's, of files that are not checked out."""
    names = [f"mono/d{i // 1000}/f{i}" for i in range(ENTRIES)]
    blob = sh(["git", "hash-object", "-w", "--stdin"], path, input="x").strip()
    sh(["git", "update-index", "--index-info"], path,
       input="".join(f"100644 {blob}\t{name}\n" for name in names))
    sh(["git", "update-index", "--skip-worktree", "--stdin"], path,
       input="\n".join(names) + "\n")
    sh(["git", "commit", "-q", "-m", "large index"], path)
    sh(["git", "gc", "-q"], path)


def rows_waiting(home):
    """As many as a server that was away for a month has to come."""
    write(home + "/.spec-kitty/config.toml", "[sync]\nmax_queue_size = 1000000\n")
    with sqlite3.connect(queue_of(home)) as db:
        db.executemany(
            "INSERT INTO queue(event_id, event_type, data, timestamp)"
            " VALUES(?, 'WPStatusChanged', ?, ?)",
            (("01KF%022d" % i, '{"payload": "%s"}' % ("x" * 500), int(time.time()))
             for i in range(ROWS)))


# name: (what makes the repository, what makes the queue)
STATES = {
    f"{ROWS:,} rows waiting": (None, rows_waiting),
    f"{LINES:,}-line log": (long_log, None),
    f"{REFS:,} refs": (many_refs, None),
    f"{ENTRIES:,}-entry index": (large_index, None),
}


def prepare(base, path, state):
    """Turn the copy of `base` at `path` into that of the state."""
    os.makedirs(path)
    sh(["cp", "-r", base + "/.", path])
    if STATES[state][0]:
        STATES[state][0](path)
