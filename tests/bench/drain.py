# SPDX-License-Identifier: MIT
"""From a full queue to the server."""

import os
import shutil
import sqlite3
import statistics
import sys

from events import history, queue_of
from harness import TOOLS, TOP, free_copy, heading, play, row, scratch, sh, timed, write
from server import Server

GZIP_LEVEL = "6"


class Drain:
    """`count` events in the queue of somebody logged in, kept to be copied."""

    def __init__(self, count):
        self.count = count
        self.kept = os.path.join(scratch, f"drain-{count}")
        self.now = os.path.join(scratch, "drain-now")
        home, repo = self.kept + "/home", self.kept + "/repo"
        os.makedirs(home)
        server = Server(Server.new_db(self.kept + "/server.db"))
        server.login(home)
        self.token = server.ask(
            "/api/v1/token/", body=b'{"username": "dev", "password": "secret"}'
        )["access"]
        limits = server.ask("/api/v1/sync/health/", self.token)["sync_ingress"]["limits"]
        self.max_events = limits["max_events_per_batch"]
        self.max_bytes = min(
            limits["max_decompressed_bytes_per_batch"] * 9 // 10, 512 << 10)
        server.stop()
        write(home + "/.spec-kitty/config.toml", "[sync]\nmax_queue_size = 1000000\n")
        history(repo, 100, count // 100)
        sh(["git", "sk-setup"], repo, home)
        sh(["git", "sk-sync", "backfill"], repo, home)
        db = sqlite3.connect(queue_of(home))
        db.execute("DELETE FROM queue WHERE id NOT IN"
                   " (SELECT id FROM queue ORDER BY timestamp, id LIMIT ?)", (count,))
        db.commit()
        self.bytes = db.execute("SELECT avg(length(data)) FROM queue").fetchone()[0]
        db.close()
        shutil.rmtree(repo)

    def run(self, *command):
        free_copy(self.kept, self.now)
        server = Server(self.now + "/server.db")
        home = self.now + "/home"
        values = {
            "QUEUE": queue_of(home), "URL": server.url, "TOKEN": self.token,
            "EVENTS": str(self.max_events), "BYTES": str(self.max_bytes),
            "LEVEL": GZIP_LEVEL,
        }
        sample = timed([values.get(word, word) for word in command],
                       self.now, home)
        server.stop()
        for path, table, want in (("/server.db", "events", self.count),
                                  (queue_of(home)[len(self.now):], "queue", 0)):
            with sqlite3.connect(self.now + path) as db:
                got = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            if got != want:
                sys.exit(f"bench: {command[0]}: {got} rows in {table}, not {want}")
        return sample


def bench_drain():
    arguments = ["QUEUE", "URL", "TOKEN", "EVENTS", "BYTES", "LEVEL"]
    for count, rounds in ((1000, 7), (10000, 5), (100000, 3)):
        drain = Drain(count)
        rows = {
            "the least in C": [os.path.join(TOOLS, "floor"), *arguments],
            "git sk-sync now": ["git-sk-sync", "now"],
            "Python's own library": [
                sys.executable, os.path.join(TOP, "tests/bench/peer.py"), *arguments],
        }
        samples = play({name: lambda command=command: drain.run(*command)
                        for name, command in rows.items()}, rounds)
        heading(f"drain: {count} events of {drain.bytes:.0f} bytes, at most"
                f" {drain.max_events} or {drain.max_bytes} bytes at once,"
                f" {rounds} rounds; s", "times C", "CPU", "MiB")
        floor = samples["the least in C"]
        for name, list_ in samples.items():
            ratio = statistics.median(
                a.wall / b.wall for a, b in zip(list_, floor))
            row(name, [s.wall for s in list_], 1, f"{ratio:.2f}",
                f"{statistics.median(s.cpu for s in list_):.3f}",
                f"{max(s.rss for s in list_) / 2**20:.1f}")
        shutil.rmtree(drain.kept)
