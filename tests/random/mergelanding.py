# SPDX-License-Identifier: MIT
"""Whether a merge did what its dry run had said, and nothing else."""

import hashlib
import json
import os

from mergelook import difference, look_at, snapshot
from mergeverdict import BOOKS

HEADS = "refs/heads/"

# Empty, or of nobody else's business, and there for good.
LOCKS = ("sk-merge.lock", "sk-record.lock", "spec-kitty-locks", ".status.lock", "sk-stamp")


class Landing:
    """The merge itself, behind the dry run of a case."""

    def __init__(self, case, dry, planned):
        self.case, self.dry, self.planned = case, dry, planned
        self.problem, self.fault = dry.problem, dry.fault
        self.repository = dry.repository

    def run(self):
        case = self.case
        self.before, self.refs = snapshot(case.folder), self.repository.refs()
        self.config = self.settings()
        self.tracked = {place: self.look_into(place) for place in case.places}
        self.untracked = {place: case.git("ls-files", "-zo", where=place)
                          for place in case.places}
        doc = self.dry.ask()
        self.fault.spoil_landing(self, doc)
        if not doc:
            return
        if doc["ready"] != self.planned["ready"]:
            self.problem("not as planned", f"{doc['blockers']}, {self.planned['blockers']}")
        elif not doc["ready"]:
            self.look_at_nothing(doc)
        else:
            self.look_at_document(doc)
            self.look_at_target(doc)
            self.look_at_refs(doc)
            self.look_at_places(doc)
            self.look_at_leftovers()
            self.look_again()

    def look_at_nothing(self, doc):
        """It was blocked: nothing is changed."""
        changed = difference(self.before, snapshot(self.case.folder))
        if changed:
            self.problem("changed", f"though it was blocked: {changed[:5]}")
        for key in ("blockers", "merge_tree", "lanes"):
            if doc[key] != self.planned[key]:
                self.problem("not as planned", f"{key}: {doc[key]}, not {self.planned[key]}")

    def look_at_document(self, doc):
        for key, value in self.planned.items():
            if key != "cleanup" and doc.get(key) != value:
                self.problem("not as planned", f"{key}: {doc.get(key)}, not {value}")
        if not doc["merged"]:
            self.problem("document", "not merged")
        said = [(one["kind"], one["name"]) for one in doc["cleanup"]]
        if said != [(one["kind"], one["name"]) for one in self.planned["cleanup"]]:
            self.problem("not as planned", f"cleanup: {said}")
        for one in doc["cleanup"]:
            if one["removed"] == bool(one["reason"]):
                self.problem("document", one)
        remote = self.case.remote_name if "--push" in self.case.options else None
        if doc["pushed"] != remote:
            self.problem("pushed", f"{doc['pushed']}, not {remote}")

    # -- what the target has -----------------------------------------------

    def look_at_target(self, doc):
        case, git = self.case, self.case.git
        old, now = case.refs[case.target], doc["commit"]
        mission = case.mission.slug
        books = {f"kitty-specs/{mission}/{name}" for name in BOOKS}
        have, want = self.repository.files(now), self.repository.files(doc["merge_tree"])
        wrong = [path for path in sorted(set(have) | set(want))
                 if have.get(path) != want.get(path) and path not in books]
        if wrong:
            self.problem("tree", f"not as merge_tree has it: {wrong[:5]}")
        changed = sorted(path for path in set(have) | set(self.repository.files(old))
                         if have.get(path) != self.repository.files(old).get(path))
        if set(doc["files"]) != set(changed):
            self.problem("files", f"{doc['files']}, not {changed}")
        count = int(git("rev-list", "--count", f"{old}..{now}"))
        merges = int(git("rev-list", "--count", "--merges", f"{old}..{now}"))
        if count != doc["commits"]:
            self.problem("commits", f"{doc['commits']}, not {count}")
        if merges and case.strategy != "merge":
            self.problem("commits", f"{merges} merges")
        parents = [old]
        if case.strategy == "merge" and want != self.repository.files(old):
            parents += self.dry.parents()  # of nothing no merge is made
        for one in parents:
            if case.run(["git", "merge-base", "--is-ancestor", one, now]).returncode:
                self.problem("commits", f"{one} is not in {now}")
        self.dry.look_at_events(doc, now)
        self.look_at_books(now)

    def look_at_books(self, now):
        """What the mission's own files say of it."""
        case = self.case
        top = f"kitty-specs/{case.mission.slug}"
        folder = os.path.join(case.env["HOME"], "books")
        os.makedirs(folder, exist_ok=True)
        text = {name: self.repository.read(now, f"{top}/{name}") for name in BOOKS}
        for name in ("status.events.jsonl", "meta.json"):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(text[name])
        status = case.git("sk-eventlog", "reduce", os.path.join(folder, "status.events.jsonl"))
        packages = json.loads(status)["work_packages"]
        for wp in case.mission.wps:
            lane = packages.get(wp, {}).get("lane")
            was = case.state_now[wp]
            if lane != ("canceled" if was == "canceled" else "done"):
                self.problem("books", f"{wp} was {was} and is {lane}")
        is_new = int(case.git("rev-list", "--count", f"{case.refs[case.target]}..{now}"))
        if is_new and (text["status.json"] or b"").decode() != status:
            self.problem("books", f"status.json is {text['status.json']}, not {status}")
        old = json.loads(self.repository.read(case.refs[case.target], f"{top}/meta.json"))
        meta = json.loads(text["meta.json"])
        lost = {key for key, value in old.items()
                if meta.get(key) != value and key != "mission_number"}
        if lost:
            self.problem("books", f"meta.json has lost {lost}")

    # -- refs and places ---------------------------------------------------

    def removed(self, doc, kind):
        return [one["name"] for one in doc["cleanup"] if one["kind"] == kind and one["removed"]]

    def look_at_refs(self, doc):
        case, now = self.case, self.repository.refs()
        want, mission = dict(self.refs), HEADS + case.mission.branch
        want[HEADS + case.target] = doc["commit"]
        if mission in now:
            want[mission] = self.look_at_mission(now[mission])
        for name in self.removed(doc, "branch"):
            want.pop(HEADS + name)
        if doc["pushed"]:
            want[f"refs/remotes/{case.remote_name}/{case.target}"] = doc["commit"]
            there = case.git("rev-parse", HEADS + case.target, where=case.remote).strip()
            if there != doc["commit"]:
                self.problem("pushed", f"{there}, not {doc['commit']}")
        if now != want:
            wrong = [name for name in sorted(set(now) | set(want))
                     if now.get(name) != want.get(name)]
            self.problem("refs", [(name, now.get(name), want.get(name)) for name in wrong])
        self.look_at_cleanup(doc)
        self.look_at_logs(doc)

    def look_at_logs(self, doc):
        """Of refs that are as they were nothing is told, nor of branches that are there in
        the configuration. Of a branch that HEAD is on, and that is only locked, git tells."""
        case = self.case
        top = os.path.relpath(os.path.join(case.main, ".git"), case.folder)
        moved = {HEADS + case.target, HEADS + case.mission.branch,
                 f"refs/remotes/{case.remote_name}/{case.target}",
                 *(HEADS + name for name in self.removed(doc, "branch"))}
        after = snapshot(os.path.join(case.main, ".git"))
        for path, said in self.before.items():
            ref = os.path.relpath(path, os.path.join(top, "logs"))
            if ref.startswith("refs/") and path.startswith(top + "/logs/") and ref not in moved \
                    and said[2] and after.get(f"logs/{ref}") != said:
                self.problem("refs", f"the log of {ref} was written")
        gone = tuple(f"branch.{name}." for name in self.removed(doc, "branch"))
        # what is captured for the first time settles whose project it is of
        want, now = [{one for one in said if not one.startswith((*gone, "sk.settled"))}
                     for said in (self.config, self.settings())]
        if want ^ now:
            self.problem("config", f"{sorted(want - now)} {sorted(now - want)}")

    def settings(self):
        return set(self.case.git("config", "--local", "-l", "-z").split("\0"))

    def look_at_mission(self, tip):
        """It has what it had, and the lanes."""
        case = self.case
        if tip == case.refs[case.mission.branch]:
            return tip
        for one in self.dry.parents():
            if one != case.refs[case.target] and case.run(
                    ["git", "merge-base", "--is-ancestor", one, tip]).returncode:
                self.problem("refs", f"{one} is not in the mission branch")
        return tip

    def look_at_cleanup(self, doc):
        """What can go goes."""
        case = self.case
        kept = set()
        for place, branch in case.places.items():
            name = os.path.realpath(place)
            goes = {os.path.realpath(one) for one in self.removed(doc, "worktree")}
            if name in goes:
                self.look_at_removed(place)
            else:
                kept.add(branch)
        for one in doc["cleanup"]:
            if one["kind"] == "branch":
                can = one["name"] not in kept
            else:
                can = not self.stays(os.path.realpath(one["name"]))
            if can and not one["removed"]:
                self.problem("cleanup", f"{one} could go")
            if one["removed"] and not can:
                self.problem("cleanup", f"{one} is not to go")

    def stays(self, name):
        """Whether something of the worktree would be lost, be git told to ignore it."""
        case = self.case
        place = [one for one in case.places if os.path.realpath(one) == name][0]
        return bool("--keep-worktree" in case.options or self.untracked[place]
                    or self.tracked[place][3]
                    or (os.path.realpath(case.where) + "/").startswith(name + "/"))

    def look_at_removed(self, place):
        if os.path.lexists(place):
            self.problem("cleanup", f"{place} is still there")
        if self.untracked[place]:
            self.problem("lost", f"{place}: {self.untracked[place]}")

    def look_into(self, place):
        """What git knows there with what it looks like, what it does not, HEAD, and
        whether it is locked."""
        git = self.case.git
        said = git("ls-files", "-z", where=place)
        known = {name: look_at(os.path.join(place, name)) for name in said.split("\0")[:-1]
                 if os.path.lexists(os.path.join(place, name))}
        said = git("ls-files", "-zo", where=place)
        # of a repository that is linked there the name alone is told
        others = {name: look_at(os.path.join(place, name)) for name in said.split("\0")[:-1]
                  if not name.startswith(".worktrees/")}
        git_dir = git("rev-parse", "--absolute-git-dir", where=place).strip()
        head = git("rev-parse", "HEAD", "--symbolic-full-name", "HEAD", where=place).split()
        return known, others, head, os.path.exists(os.path.join(git_dir, "locked"))

    def look_at_places(self, doc):
        """Of those that stay: that nothing was lost, and that what was moved is clean."""
        case = self.case
        for place, branch in case.places.items():
            if not os.path.lexists(place):
                continue
            known, others, head, _ = self.tracked[place]
            now_known, now_others, now_head, _ = self.look_into(place)
            lost = [name for name in others if now_others.get(name) != others[name]]
            if lost or set(now_others) - set(others):
                self.problem("lost", f"{place}: {lost}, {sorted(set(now_others) - set(others))}")
            moves = branch in (case.target, case.mission.branch)
            if now_head != head and not moves:
                self.problem("places", f"{place}: {head} is {now_head}")
            if now_head[0] == head[0]:
                if now_known != known:
                    changed = [name for name in known if now_known.get(name) != known[name]]
                    self.problem("places", f"{place}: {changed} changed")
                continue
            self.look_at_moved(place, known, now_known, head[0], now_head[0])

    def look_at_moved(self, place, known, now, old, new):
        case = self.case
        dirty = case.git("--no-optional-locks", "status", "--porcelain", "-uno", where=place)
        if dirty:
            self.problem("places", f"{place} is not clean: {dirty}")
        have, had = self.repository.files(new), self.repository.files(old)
        if set(have) != set(now):
            self.problem("places", f"{place}: {sorted(set(have) ^ set(now))[:5]}")
        for name, (mode, oid) in have.items():
            if (place, name) in case.hidden:
                if now.get(name) != known.get(name):
                    self.problem("lost", f"{place}: {name} had a hidden change")
                continue
            if name in now and self.hashed(os.path.join(place, name), mode) != oid:
                self.problem("places", f"{place}: {name} is not as committed")
            if had.get(name) == (mode, oid) and known.get(name) != now.get(name):
                self.problem("places", f"{place}: {name} was written for nothing")

    def hashed(self, path, mode):
        """The id of the blob that a file is."""
        if mode == "120000":
            data = os.readlink(path).encode()
        else:
            with open(path, "rb") as file:
                data = file.read()
        return hashlib.new(self.case.algorithm, b"blob %d\0%s" % (len(data), data)).hexdigest()

    # -- the rest ----------------------------------------------------------

    def look_at_leftovers(self):
        """Nothing stays that is of no use to anybody, and the objects are whole."""
        case = self.case
        after = snapshot(case.folder)
        git_dir = os.path.relpath(os.path.join(case.main, ".git"), case.folder) + "/"
        fine = tuple(git_dir + name for name in ("refs/", "logs/", "worktrees/"))
        left = [path for path in after if path.startswith(git_dir) and path not in self.before
                and not path.endswith(LOCKS)
                and (path.endswith(".lock") or not path.startswith(fine))]
        left += [path for path in difference(self.before, after)
                 if path.startswith((git_dir + "hooks", git_dir + "info"))]
        if left:
            self.problem("left", left)
        done = case.run(["git", "fsck", "--no-dangling", "--no-progress"])
        if done.returncode:
            self.problem("fsck", done.stdout + done.stderr)

    def look_again(self):
        """Done once more it is in already, and nothing changes."""
        case = self.case
        if not os.path.exists(case.where):
            case.where = case.main
        case.options = [one for one in case.options if one != "--fetch"]
        before = snapshot(case.folder)
        doc = self.dry.ask()
        self.fault.spoil_again(self)
        if not doc:
            return
        if doc["commits"] if doc["ready"] else not self.is_squashed():
            self.problem("again", f"{doc['commits']} commits, {doc['blockers']}")
        changed = difference(before, snapshot(case.folder))
        if changed:
            self.problem("again", f"{changed[:5]}")

    def is_squashed(self):
        """Whether nobody can tell by what has stayed that it is in: a squash of several
        lanes is not what one of them was, and may clash with what it was made of."""
        case, now = self.case, self.repository.refs()
        if HEADS + case.mission.branch in now:
            return not self.merges(case.mission.branch)
        return any(self.merges(lane) != case.git("rev-parse", HEADS + case.target + "^{tree}")
                   for lane in case.lane_branches() if HEADS + lane in now)

    def merges(self, branch):
        """The tree of a merge into the target; None: it clashes."""
        done = self.case.run(["git", "merge-tree", "--write-tree", HEADS + self.case.target,
                              HEADS + branch])
        return done.stdout.decode() if done.returncode == 0 else None
