# SPDX-License-Identifier: MIT
"""Whether the plan of a merge tells the truth: of a case, by its dry run."""

import json
import os
from collections import namedtuple

from mergelook import Oracle, Repository, difference, snapshot
from mergestore import is_log

Problem = namedtuple("Problem", "kind text")

# What the mission's own files are that say what came of it.
BOOKS = ("status.events.jsonl", "status.json", "meta.json")

# As they are told, in this order.
CODES = """unresolved_mission unreadable_mission missing_lanes unreadable_lanes merge_under_way
merge_interrupted dirty_worktree untracked_file hidden_change under_way checked_out_twice
missing_worktree missing_target_branch wrong_target_branch fetch_failed target_behind
target_diverged missing_remote missing_mission_branch missing_lane_branch unapproved_work_package
unmet_dependency rejected_review sparse_checkout merge_conflict merge_failed rebase_differs
unrecordable unreadable_event_log lost_events owner_mismatch owner_record legacy_rows""".split()


class Dry:
    """The dry run of a case, and what is to be said of it."""

    def __init__(self, case, tool, fault):
        self.case, self.tool, self.fault = case, tool, fault
        self.repository = Repository(case)
        self.problems = []

    def problem(self, kind, text):
        self.problems.append(Problem(kind, str(text)))

    def ask(self, *options):
        """The document, after some checks that hold for each."""
        case = self.case
        env = dict(case.env, PWD=case.where)
        done = case.run([*self.tool, *options, "--json", *case.options, *case.handle],
                        case.where, env=env)
        said = done.stderr.decode()
        if done.returncode not in (0, 1):
            self.problem("status", f"{options}: {done.returncode} {said}")
            return None
        for line in said.splitlines():
            if not line.startswith(("warning: ", "hint: ")):
                self.problem("stderr", line)
        try:
            doc = json.loads(done.stdout)
        except ValueError:
            self.problem("document", done.stdout)
            return None
        if doc["ready"] != (done.returncode == 0):
            self.problem("status", f"ready {doc['ready']}, exit {done.returncode}")
        return doc

    def run(self):
        """Returns the document; None: nothing more can be said."""
        case = self.case
        before = snapshot(case.folder)
        doc = self.ask("--dry-run")
        self.fault.spoil_dry(self)
        changed = difference(before, snapshot(case.folder))
        if changed:
            self.problem("changed", f"by the dry run: {changed[:5]}")
        if doc:
            self.fault.spoil_document(self, doc)
            self.before = snapshot(case.folder)
            self.look_at_document(doc)
            self.look_at_blockers(doc)
        return doc

    def codes(self, doc):
        return [one["code"] for one in doc["blockers"]]

    def look_at_document(self, doc):
        """Whether it fits together."""
        codes = self.codes(doc)
        if doc["ready"] == bool(codes):
            self.problem("ready", f"{doc['ready']}: {codes}")
        ranks = [CODES.index(code) if code in CODES else -1 for code in codes]
        if ranks != sorted(ranks) or -1 in ranks:
            self.problem("order", codes)
        first = doc["blockers"][0] if codes else {}
        for key, name in (("blocker", "code"), ("remediation", "remediation")):
            if doc.get(key) != first.get(name):
                self.problem("first", f"{key} is {doc.get(key)}, not {first.get(name)}")
        if ("expected_branch" in doc) != ("missing_mission_branch" in codes):
            self.problem("expected", codes)
        # without lanes.json nobody knows of another name
        names = (None, self.case.mission.branch, self.case.is_loose and
                 f"kitty/mission-{self.case.mission.slug}")
        if doc.get("expected_branch") not in names:
            self.problem("expected", doc["expected_branch"])
        targets = (self.case.target, "no-such", None if "unresolved_mission" in codes else "")
        if doc["target_branch"] not in targets:
            self.problem("target", doc["target_branch"])

    def look_at_blockers(self, doc):
        """Beside what the case knows to be in the way, and what git makes of it."""
        case, codes = self.case, set(self.codes(doc))
        certain, maybe = set(case.certain), set(case.maybe) | case.by_lane
        if case.is_loose:
            if certain - codes:
                self.problem("hidden", f"{sorted(certain - codes)} not in {sorted(codes)}")
            return
        certain |= case.by_lane
        oracle = Oracle(case)
        made = oracle.plan()
        if oracle.is_broken:  # git 2.39, writing out some conflicts of renames
            maybe |= {"merge_failed", "lost_events"}
        if oracle.conflicts or oracle.is_broken:
            certain.add("merge_conflict")
            maybe |= {"lost_events"}
        have, get = self.repository.files(case.refs[case.target]), oracle.files(made)
        for folder, path in case.in_the_way:
            maybe.add("untracked_file")
            if oracle.is_clean and path in get and path not in have and case.strategy != "rebase":
                certain.add("untracked_file")
        if certain - codes:
            self.problem("hidden", f"{sorted(certain - codes)} not in {sorted(codes)}")
        if codes - certain - maybe:
            self.problem("invented", [one for one in doc["blockers"]
                                      if one["code"] not in certain | maybe])
        self.look_at_conflicts(doc, oracle)
        self.look_at_lanes(doc)
        if doc["ready"]:
            self.look_at_tree(doc, get)
            self.look_at_rests(doc)

    def look_at_conflicts(self, doc, oracle):
        told = {one["subject"] for one in doc["blockers"] if one["code"] == "merge_conflict"}
        told = {path for path in told if not is_log(path)}
        # git merge calls a side HEAD where merge-tree says what it was given
        short = {path.split("~")[0] for path in told}
        want = {path.split("~")[0] for path in oracle.conflicts}
        if self.case.strategy == "rebase" or oracle.is_broken:
            short &= want
        if short != want:
            self.problem("conflicts", f"told {sorted(told)}, git has {sorted(oracle.conflicts)}")

    def look_at_lanes(self, doc):
        case = self.case
        order = [lane["lane_id"] for lane in doc["lanes"]]
        if order != case.mission.order():
            self.problem("lanes", f"{order}, not {case.mission.order()}")
        for lane in doc["lanes"]:
            tip = case.refs.get(case.mission.lane_branch(lane["lane_id"]))
            if lane["commit"] != tip:
                self.problem("lanes", f"{lane} is at {tip}")
            if lane["lane_id"] in case.included and lane["state"] != "included":
                self.problem("lanes", f"{lane} is included")

    def look_at_tree(self, doc, want):
        """What the merge makes: as git does, with every event."""
        case, made = self.case, doc["merge_tree"]
        have = {path: entry for path, entry in self.repository.files(made).items()
                if not is_log(path)}
        wrong = [path for path in sorted(set(have) | set(want))
                 if have.get(path) != want.get(path)]
        if wrong:
            self.problem("tree", f"not as git has it: {wrong[:5]}")
        old = self.repository.files(case.refs[case.target])
        now = self.repository.files(made)
        changed = sorted(path for path in set(old) | set(now) if old.get(path) != now.get(path))
        books = {f"kitty-specs/{case.mission.slug}/{name}" for name in BOOKS}
        if (set(doc["files"]) ^ set(changed)) - books or sorted(set(doc["files"])) != doc["files"]:
            self.problem("files", f"{doc['files']}, not {changed}")
        self.look_at_events(doc, made)

    def parents(self):
        """All that the target is to have."""
        case = self.case
        names = (case.target, case.mission.branch, *case.lane_branches())
        no = [case.mission.lane_branch(lane) for lane in case.mission.code_lanes()
              if case.is_canceled(lane)]
        return [case.refs[name] for name in names if name in case.refs and name not in no]

    def look_at_events(self, doc, made):
        """All are there, but for those of missions that somebody has taken out whole, of
        which it is warned."""
        want = set()
        gone = {one["subject"] for one in doc["warnings"] if one["code"] == "removed_mission"}
        for parent in self.parents():
            want |= self.repository.ids(parent, gone - {self.case.mission.slug})
        lost = want - self.repository.ids(made)
        if lost:
            self.problem("lost", f"{len(lost)} events: {sorted(lost)[:3]}")

    def look_at_rests(self, doc):
        """What is to be cleaned up: lanes and mission, and where they are checked out."""
        case = self.case
        lanes = [lane for lane in case.mission.order() if not case.is_canceled(lane)]
        names = [*(case.mission.lane_branch(lane) for lane in lanes), case.mission.branch]
        names = [name for name in names if name in case.refs and name != case.places[case.main]]
        places = {os.path.realpath(place): branch for place, branch in case.places.items()
                  if branch in names}
        if "--keep-worktree" in case.options:
            places = {}
        if "--keep-branch" in case.options:
            names = []
        told = [one["name"] for one in doc["cleanup"] if one["kind"] == "branch"]
        if told != names:
            self.problem("cleanup", f"branches {told}, not {names}")
        rests = {os.path.realpath(one["name"]): one for one in doc["cleanup"]
                 if one["kind"] == "worktree"}
        if set(rests) != set(places):
            self.problem("cleanup", f"worktrees {sorted(rests)}, not {sorted(places)}")
        for place in set(places) & set(rests):
            said = case.git("status", "--porcelain", "-unormal", "--ignored", where=place)
            has = "?? " in said or "!! " in said
            if rests[place]["has_untracked"] != has:
                self.problem("cleanup", f"untracked in {place}: {rests[place]['has_untracked']}")
