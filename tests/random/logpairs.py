# SPDX-License-Identifier: MIT
"""Merge versions of one event log that its history has, by git and its driver.

Of each two versions of a log one is ours. Theirs is the later one without what
ours brought, so that both have something new over a base: an earlier version,
or none. Both ways round the answer has to be the same, and no id may be lost.

    logpairs.py <how many, 0: all> <seed>

runs in a clone of the history that has the driver.
"""

import random
import re
import subprocess
import sys

LOG = "kitty-specs/*/status.events.jsonl"
PATH = "kitty-specs/a/status.events.jsonl"
ID = re.compile(rb'"event_id": *"([^"]*)"')
LABEL = re.compile(rb"^([<>]{7}) .*$", re.M)


def git(*args, data=None, ok=(0,)):
    """What it prints."""
    done = subprocess.run(["git", *args], input=data, capture_output=True,
                          check=False)
    if done.returncode not in ok:
        sys.exit(f"git {args[0]}: {done.returncode} {done.stderr.decode()}")
    return done.stdout


def blob(name):
    """Its bytes."""
    return git("cat-file", "blob", name)


def histories():
    """The ids of the versions of each log, oldest first."""
    logs = {}
    said = git("log", "--reverse", "--format=", "--raw", "--no-abbrev",
               "--no-renames", "--diff-filter=AM", "HEAD", "--", LOG)
    for line in said.decode().splitlines():
        words, path = line.split("\t")
        versions = logs.setdefault(path, [])
        if words.split()[3] not in versions:
            versions.append(words.split()[3])
    return logs


def choose(count, seed):
    """Triples of ids: base or None, ours, later."""
    pairs = []
    for versions in histories().values():
        for j, later in enumerate(versions):
            for i, ours in enumerate(versions[:j]):
                bases = [None, versions[0] if i else None,
                         versions[i - 1] if i else None]
                pairs.append((bases[(i + j) % 3], ours, later))
    if count and count < len(pairs):
        pairs = random.Random(seed).sample(pairs, count)
    return pairs


def texts(triple):
    """The bytes of base, ours and theirs."""
    base, ours, later = [blob(name).splitlines(True) if name else []
                         for name in triple]
    brought = set(ours) - set(base)
    theirs = [line for line in later if line not in brought]
    return [b"".join(lines) for lines in (base, ours, theirs)]


def add_commit(out, name, parent, text):
    """One more for git fast-import."""
    out.append(b"commit refs/heads/%s\ncommitter a <a@b> 0 +0000\ndata 0\n"
               % name)
    if parent:
        out.append(b"from refs/heads/%s\n" % parent)
    out.append(b"M 100644 inline %s\ndata %d\n%s\n"
               % (PATH.encode(), len(text), text))


def prepare(number, versions):
    """The commits of one merge, for git fast-import."""
    out = []
    base, ours, theirs = [b"%d/%s" % (number, side)
                          for side in (b"base", b"ours", b"theirs")]
    add_commit(out, base, None, versions[0])
    add_commit(out, ours, base, versions[1])
    add_commit(out, theirs, base, versions[2])
    return b"".join(out)


def merged(ours, theirs):
    """The log, without the names in its marks, and whether it conflicts."""
    said = git("merge-tree", "--write-tree", ours, theirs, ok=(0, 1))
    tree = said.decode().split("\n")[0]
    text = blob(f"{tree}:{PATH}")
    return LABEL.sub(rb"\1", text), LABEL.search(text) is not None


def main():
    """Merge them all."""
    triples = choose(int(sys.argv[1]), int(sys.argv[2]))
    everything = [texts(triple) for triple in triples]
    git("fast-import", "--quiet", "--force", data=b"".join(
        prepare(i, versions) for i, versions in enumerate(everything)))
    conflicts = [0, 0]
    for i, versions in enumerate(everything):
        one, is_conflict = merged(f"{i}/ours", f"{i}/theirs")
        other, _ = merged(f"{i}/theirs", f"{i}/ours")
        want = set(ID.findall(versions[1])) | set(ID.findall(versions[2]))
        lost = want - set(ID.findall(one))
        conflicts[triples[i][0] is not None] += is_conflict
        if one != other or lost:
            sys.exit(f"{triples[i]}: {'lost ' + str(lost) if lost else ''}"
                     f"{' differs' if one != other else ''}")
    print(f"# merged {len(triples)} pairs both ways, {conflicts[1]} conflict,"
          f" {conflicts[0]} more for want of a base, seed {sys.argv[2]}")
    if not triples:
        sys.exit("there are no two versions")


main()
