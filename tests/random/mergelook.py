# SPDX-License-Identifier: MIT
"""What a merge has left behind, read without the programs that made it: every
file and ref, and what a plain 'git merge' makes of the same branches.
"""

import hashlib
import os
import re
import stat

from mergestore import is_log

ID = re.compile(rb'"event_id": *"([^"]*)"')
ASIDE = "kitty-specs/*/status.events.jsonl merge=aside\nkitty-specs/*/status.json merge=aside\n"
NOT_OURS = ("home", "oracle", "gitconfig")  # at the top of a case


def look_at(path):
    """One file: kind and mode, time, and what it holds."""
    said = os.lstat(path)
    if stat.S_ISLNK(said.st_mode):
        return said.st_mode, said.st_mtime_ns, os.readlink(path)
    if stat.S_ISDIR(said.st_mode):
        return said.st_mode, 0, ""
    with open(path, "rb") as file:
        return said.st_mode, said.st_mtime_ns, hashlib.sha1(file.read()).hexdigest()


def snapshot(top):
    """All that is there, but for objects."""
    out = {}
    for folder, names, files in os.walk(top):
        if folder == top:
            names[:] = [name for name in names if name not in NOT_OURS]
            files = [name for name in files if name not in NOT_OURS]
        if "objects" in names and "HEAD" in files:
            names.remove("objects")
        for name in names + files:
            path = os.path.join(folder, name)
            out[os.path.relpath(path, top)] = look_at(path)
    return out


def difference(before, after):
    """In words, for people."""
    out = []
    for path in sorted(set(before) | set(after)):
        if before.get(path) != after.get(path):
            how = "gone" if path not in after else "new" if path not in before else "changed"
            out.append(f"{path} is {how}")
    return out


class Repository:
    """What commits of it have."""

    def __init__(self, case):
        self.case = case
        self.known = {}

    def files(self, tree):
        """Of a tree or commit: mode and id of each path."""
        if tree not in self.known:
            said = self.case.git("ls-tree", "-rz", "--full-tree", tree)
            self.known[tree] = {
                path: tuple(words.split()[::2])
                for words, _, path in (one.partition("\t") for one in said.split("\0")[:-1])
            }
        return self.known[tree]

    def read(self, tree, path):
        """The bytes; None: there are none."""
        entry = self.files(tree).get(path)
        if not entry:
            return None
        done = self.case.run(["git", "cat-file", "blob", entry[1]])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ids(self, tree, without=()):
        """Of the events in all logs, but for those of some missions."""
        return {found for path in self.files(tree)
                if is_log(path) and path.endswith(".jsonl") and path.split("/")[1] not in without
                for found in ID.findall(self.read(tree, path))}

    def refs(self):
        """Every one."""
        said = self.case.git("for-each-ref", "--format=%(objectname) %(symref) %(refname)")
        return {line.split(" ", 2)[2]: line.split(" ", 2)[0] + line.split(" ", 2)[1]
                for line in said.splitlines()}


class Oracle:
    """Merges by 'git merge', in a work tree of its own; of the files that events
    make it takes those of either side."""

    def __init__(self, case):
        self.case = case
        self.folder = os.path.join(case.folder, "oracle")
        os.mkdir(self.folder)
        self.git("init", "-q", f"--object-format={case.algorithm}", ".")
        info = os.path.join(self.folder, ".git", "objects", "info")
        os.makedirs(info, exist_ok=True)
        with open(os.path.join(info, "alternates"), "w", encoding="utf-8") as file:
            file.write(os.path.join(case.main, ".git", "objects") + "\n")
        with open(os.path.join(self.folder, ".git", "info", "attributes"), "w",
                  encoding="utf-8") as file:
            file.write(ASIDE)
        self.git("config", "merge.aside.driver", "true")
        self.conflicts = set()
        self.is_clean = True  # the last one, of the mission
        self.is_broken = False

    def git(self, *args, ok=(0,)):
        return self.case.git(*args, where=self.folder, ok=ok)

    def merge(self, tip):
        """Into what is checked out. Returns whether it was."""
        done = self.case.run(["git", "merge", "-q", "--no-ff", "-m", "merged", tip], self.folder)
        if done.returncode == 0:
            return True
        if done.returncode < 0 or done.returncode > 128:  # it breaks off itself
            self.is_broken = True
            os.unlink(os.path.join(self.folder, ".git", "index.lock"))
            self.git("reset", "-q", "--hard")
            self.git("clean", "-qfdx")
            return False
        found = self.git("diff", "--name-only", "--diff-filter=U", "-z").split("\0")[:-1]
        self.conflicts |= {path for path in found if not is_log(path)}
        if [path for path in found if not is_log(path)]:
            self.git("reset", "-q", "--hard")
            self.git("clean", "-qfdx")
            return False
        # one side has taken away what is put aside
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "merged")
        return True

    def plan(self):
        """The tree that the target gets."""
        case, refs = self.case, self.case.refs
        target = refs[case.target]
        if case.is_landed:
            return target
        self.git("checkout", "-q", "-f", "--detach", refs.get(case.mission.branch, target))
        for lane in case.mission.order():
            branch = case.mission.lane_branch(lane)
            if branch in refs and not case.is_canceled(lane):
                self.merge(refs[branch])
        merged = self.git("rev-parse", "HEAD").strip()
        self.git("checkout", "-q", "-f", "--detach", target)
        self.is_clean = self.merge(merged)
        return self.git("rev-parse", "HEAD").strip()

    def files(self, commit):
        """Mode and id of each path that is not put aside."""
        said = self.git("ls-tree", "-rz", "--full-tree", commit)
        return {
            path: tuple(words.split()[::2])
            for words, _, path in (one.partition("\t") for one in said.split("\0")[:-1])
            if not is_log(path)
        }
