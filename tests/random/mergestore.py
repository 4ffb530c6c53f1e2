# SPDX-License-Identifier: MIT
"""Histories that are written as objects, without git: what each commit has is
known here by the time that git sees it.

A tree is a dictionary of paths, each with a mode and bytes.
"""

import hashlib
import os
import zlib
from collections import namedtuple

START = 1777600000  # May 2026

Commit = namedtuple("Commit", "files parents subject")


def is_log(path):
    """Whether it is a file that events make, which are merged row by row."""
    parts = path.split("/")
    return (
        len(parts) == 3
        and parts[0] == "kitty-specs"
        and parts[2] in ("status.events.jsonl", "status.json")
    )


def lines_of(data):
    """The lines of a log, each with its end."""
    lines = data.splitlines(True) if data else []
    if lines and not lines[-1].endswith(b"\n"):
        lines[-1] += b"\n"
    return lines


def united(ours, theirs):
    """What two versions of a log have, each line once."""
    known = set(lines_of(ours))
    return b"".join(
        lines_of(ours) + [line for line in lines_of(theirs) if line not in known]
    )


def put(files, path, mode, data):
    """Have it in the tree, whatever was in its way."""
    parts = path.split("/")
    for i in range(1, len(parts)):
        files.pop("/".join(parts[:i]), None)
    for other in [one for one in files if one.startswith(path + "/")]:
        del files[other]
    files[path] = (mode, data)


class Store:
    """Objects in a folder of git's, and the commits among them."""

    def __init__(self, objects, algorithm):
        self.objects, self.algorithm = objects, algorithm
        self.commits = {}  # in the order they were made

    def write(self, kind, data, where=None):
        """An object. Returns its id."""
        data = b"%s %d\0%s" % (kind, len(data), data)
        name = hashlib.new(self.algorithm, data).hexdigest()
        path = os.path.join(where or self.objects, name[:2], name[2:])
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(zlib.compress(data, 1))
            os.chmod(path, 0o444)
        return name

    def tree(self, files, where=None):
        """The tree that has them."""
        entries, folders = [], {}
        for path, (mode, data) in files.items():
            name, _, rest = path.partition("/")
            if rest:
                folders.setdefault(name, {})[rest] = (mode, data)
            else:
                entries.append((name, mode, self.write(b"blob", data, where)))
        for name, inner in folders.items():
            entries.append((name, "40000", self.tree(inner, where)))
        entries.sort(key=lambda one: (one[0] + ("/" if one[1] == "40000" else "")).encode())
        return self.write(
            b"tree",
            b"".join(
                b"%s %s\0%s" % (mode.encode(), name.encode(), bytes.fromhex(oid))
                for name, mode, oid in entries
            ),
            where,
        )

    def commit(self, files, parents, subject, where=None):
        """One with these files. Returns its id."""
        who = b"Tester <tester@example.com> %d +0000" % (START + 60 * len(self.commits))
        text = b"tree %s\n" % self.tree(files, where).encode()
        for parent in parents:
            text += b"parent %s\n" % parent.encode()
        text += b"author %s\ncommitter %s\n\n%s\n" % (who, who, subject.encode())
        name = self.write(b"commit", text, where)
        self.commits[name] = Commit(dict(files), tuple(parents), subject)
        return name

    def ancestors(self, name):
        """Those of a commit, and it."""
        found, todo = set(), [name]
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += self.commits[one].parents
        return found

    def base(self, one, other):
        """The newest commit that both have."""
        common = self.ancestors(one) & self.ancestors(other)
        return [name for name in self.commits if name in common][-1]

    def merged(self, rng, ours, theirs):
        """The files of a merge that somebody has made: all rows of both; of what
        both have changed otherwise what one has."""
        a, b = self.commits[ours].files, self.commits[theirs].files
        base = self.commits[self.base(ours, theirs)].files
        out = {}
        for path in sorted(set(a) | set(b)):
            x, y, was = a.get(path), b.get(path), base.get(path)
            if x != y and path.endswith(".events.jsonl") and x and y:
                one = (x[0], united(x[1], y[1]))
            elif x == y or y == was:
                one = x
            elif x == was:
                one = y
            else:
                one = rng.choice((x, y))
            if one:
                put(out, path, *one)
        return out
