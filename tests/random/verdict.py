# SPDX-License-Identifier: MIT
"""The queue beside what git's objects say: each difference is a problem with a
kind, by which those of one cause are found together.
"""

import json
import os
import sqlite3
from collections import namedtuple

from oracle import WIRE, project_of_root

Problem = namedtuple("Problem", "kind text")

STATUS_CHANGED = "WPStatusChanged"


class Book:
    """Queue and ledger as they are now."""

    def __init__(self, path):
        self.events, self.types, self.ledger = {}, {}, {}
        if not os.path.exists(path):
            return
        db = sqlite3.connect(path, timeout=10)
        for oid, kind, data in db.execute("SELECT event_id, event_type, data FROM queue"):
            self.events[oid], self.types[oid] = json.loads(data), kind
        self.ledger = dict(db.execute("SELECT event_id, state FROM sk_ledger"))
        db.close()

    def transitions(self):
        return {oid for oid, kind in self.types.items() if kind == STATUS_CHANGED}


class Verdict:
    def __init__(self, history):
        self.history = history
        self.oracle = history.oracle
        self.world = history.world
        self.book = Book(self.world.queue_path())
        self.problems = []
        self.project = self.find_project()

    def problem(self, kind, text):
        self.problems.append(Problem(kind, text))

    def find_project(self):
        """The uuid that all events must have, and the one slug."""
        events = self.book.events.values()
        uuids = {event["project_uuid"] for event in events}
        slugs = {event["project_slug"] for event in events}
        want = self.history.project
        if not want:  # set up before there was anything to make it of
            roots = [c for c in self.oracle.commits.values() if not c.parents]
            made = {project_of_root(commit.id) for commit in roots}
            want = min(uuids & made or uuids or made or {""})
        self.has_other_project = bool(uuids - {want})
        if self.has_other_project:
            self.problem("project", f"uuids {sorted(uuids)}, want {want}")
        if len(slugs) > 1:
            self.problem("slug", f"slugs {sorted(slugs)}")
        return want

    def ids(self, commits):
        return self.oracle.ids(commits, self.project)

    # -- after the last wake-up --------------------------------------------

    def compare(self):
        history, queued = self.history, self.book.transitions()
        before = self.ids(history.before)
        wanted = self.ids(history.wanted)
        possible = self.ids(history.possible | history.wanted)
        for oid in sorted(set(wanted) - set(before) - queued):
            self.problem("lost " + self.where(wanted[oid]), self.show(oid, wanted[oid]))
        moved = set()
        if queued - set(possible):
            for commit in history.possible:
                moved |= self.oracle.moved_rows(commit)
        for oid in sorted(queued):
            if oid in before:
                kind = "before, row of another log" if oid in moved else "before"
                self.problem(kind, self.show(oid, before[oid]))
            elif oid not in possible:
                kind = "row of another log" if oid in moved else "unexplained"
                self.problem(kind, f"{oid} {self.book.events[oid]['payload']}")
            else:
                self.compare_event(oid, [one for _, one in possible[oid]])
        for oid in sorted(set(before) - set(self.book.ledger)):
            self.problem("ledger", f"{oid} was there before and is not in it")
        for oid in sorted(self.book.events):
            if self.book.ledger.get(oid) != "queued":
                self.problem("ledger", f"{oid} is {self.book.ledger.get(oid)}, and in the queue")
        self.compare_rollbacks(queued, possible)

    def where(self, said):
        """From where the commits that say it are reached now."""
        commits = {commit for commit, _ in said}
        if commits & self.history.at_head:
            return "at HEAD"
        if commits & self.history.at_tips:
            return "on another branch"
        return "and gone"

    def show(self, oid, said):
        commits = ", ".join(sorted({commit[:12] for commit, _ in said}))
        return f"{oid} {said[0][1][1:]} of {commits}"

    def compare_event(self, oid, said):
        """Its payload must be what one of the commits says."""
        event = self.book.events[oid]
        payload = event["payload"]
        old = event["schema_version"] == "1.0.0"
        got = (
            payload.get("feature_slug", payload.get("mission_slug")),
            payload["wp_id"],
            payload["from_lane"],
            payload["to_lane"],
        )
        wants = {
            (one.mission, one.wp, *[WIRE.get(x) if old else x for x in (one.source, one.target)])
            for one in said
        }
        if got not in wants:
            self.problem("payload", f"{oid} is {got}, want one of {sorted(map(str, wants))}")

    def compare_rollbacks(self, queued, possible):
        """In contract 1.0.0 work that comes back from review is told twice."""
        if any(event["schema_version"] != "1.0.0" for event in self.book.events.values()):
            return
        back = {
            oid
            for oid in queued & set(possible)
            for _, one in possible[oid][:1]
            if one.source in ("for_review", "in_review") and one.target == "in_progress"
        }
        causes = {
            self.book.events[oid]["causation_id"]
            for oid, kind in self.book.types.items()
            if kind == "ReviewRollback"
        }
        for oid in sorted(back ^ (causes & set(possible))):
            self.problem("rollback", oid)

    # -- the rest ----------------------------------------------------------

    def backfill(self):
        """Who asks for the history of all branches gets the rest of it, no more."""
        words = ["sk-sync", "backfill", "--all"]
        queued = Book(self.world.queue_path()).transitions()
        refs = self.world.refs().items()
        tips = [tip for name, tip in refs if name.startswith(("refs/heads/", "refs/remotes/"))]
        branches = self.oracle.ancestors(tips)
        rest = set(self.ids(branches)) - queued
        plan = self.world.sk("repo", *words, "--dry-run", "--json")
        done = self.world.sk("repo", *words)
        if plan.status or done.status:
            return self.problem("backfill", f"--dry-run: {plan}, without: {done}")
        self.book = Book(self.world.queue_path())
        added = self.book.transitions() - queued
        count = json.loads(plan.out)["transitions"]
        if count != len(added):
            self.problem("backfill", f"--dry-run finds {count}, then {len(added)} are queued")
        for oid in sorted(rest - added):
            self.problem("backfill", f"{oid} is still not queued")
        # detached heads are no branches; their commits may come along
        for oid in sorted(added - set(self.ids(branches | self.history.at_tips))):
            self.problem("backfill", f"{oid} {self.book.events[oid]['payload']} for no reason")
        return None

    def second_clone(self):
        """One walk of a clone in a new home tells the same as many walks did."""
        home = self.world.path("home", "second")
        self.world.now += 1000
        self.world.sk(".", "clone", "-q", "--bare", "repo", "second")
        self.world.sk("second", "config", "sk.projectUuid", self.project)
        tips = {}
        for name, tip in sorted(self.world.refs().items()):
            if name.startswith("refs/heads/"):
                tips[name] = tip
                said = self.world.sk("second", "sk-sync", "backfill", name, home=home)
                if said.status:
                    return self.problem("second clone", f"backfill {name}: {said}")
        book = Book(self.world.queue_path(home))
        want = self.ids(self.oracle.ancestors(tips.values()))
        for oid in sorted(set(want) ^ book.transitions()):
            self.problem("second clone", f"{oid}: oracle {oid in want}")
        for oid in sorted(set(book.events) & set(self.book.events)):
            one, two = comparable(book, oid), comparable(self.book, oid)
            if one != two:
                self.problem("second clone", f"one walk: {one}, many: {two}")
        return None


def comparable(book, oid):
    """An event without what each queue counts or dates for itself."""
    event = dict(book.events[oid])
    for key in ("lamport_clock", "node_id", "project_slug"):
        event.pop(key, None)
    if book.types[oid] != STATUS_CHANGED:
        # the first commit seen dates it, and names who began
        event.pop("timestamp")
        event["payload"] = {
            key: value
            for key, value in event["payload"].items()
            if key not in ("entered_at", "started_by")
        }
    return event
