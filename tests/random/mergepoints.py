# SPDX-License-Identifier: MIT
"""Merge points of a real history, in the object database, by tests/tool/mergetree.

Its history has one line. Of three points of it the first is the base, the second
ours; theirs has the third's files, with the rows of event logs but those that ours
brought: what both would have had, had they worked apart. Both ways round, and by
git with our driver, each log has to be the same bytes, and no id may be lost.

    mergepoints.py <tool> <how many> <seed>

runs in a clone of the history.
"""

import os
import random
import re
import subprocess
import sys

LOG = re.compile(rb"kitty-specs/[^/]*/status\.events\.jsonl$")
ID = re.compile(rb'"event_id": *"([^"]*)"')
LABEL = re.compile(rb"^([<>]{7}) .*$", re.M)


def run(*args, data=None, ok=(0,)):
    """What it prints."""
    done = subprocess.run(args, input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    if done.returncode not in ok:
        sys.exit(f"{args}: {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def git(*args, **more):
    """What git prints."""
    return run("git", *args, **more)


def logs(tree):
    """The id of each log that it has."""
    found = {}
    for entry in git("ls-tree", "-rz", tree, "kitty-specs/").split(b"\0"):
        words, _, path = entry.partition(b"\t")
        if LOG.match(path):
            found[path] = words.split()[2].decode()
    return found


def blobs(names):
    """The bytes of blobs, by id."""
    names = sorted(set(names))
    said = git("cat-file", "--batch", data="\n".join(names + [""]).encode())
    out, at = {}, 0
    for name in names:
        end = said.index(b"\n", at)
        size = int(said[at:end].split()[2])
        out[name] = said[end + 1:end + 1 + size]
        at = end + size + 2
    return out


def add_commit(out, name, parent, tree, files):
    """One more for git fast-import."""
    out.append(b"commit refs/heads/%s\ncommitter a <a@b> 0 +0000\ndata 0\n"
               b"from %s\nM 040000 %s \n" % (name, parent, tree))
    for path, text in files.items():
        out.append(b'M 100644 inline "%s"\ndata %d\n%s\n'
                   % (path, len(text), text))


def work_apart(base, ours, later):
    """The later log without the rows of ours, changed ones as the base has them."""
    lines = base.splitlines(True)
    had = {ID.search(line)[1]: line for line in lines if ID.search(line)}
    brought = set(ours.splitlines(True)) - set(lines)
    out = []
    for line in later.splitlines(True):
        if line in brought:
            found = ID.search(line)
            line = had.get(found[1], b"") if found else b""
        out.append(line)
    return b"".join(out)


def diverge(base, ours, later):
    """Two branches, ours and theirs."""
    trees = [git("rev-parse", f"{one}^{{tree}}").strip()
             for one in (base, ours, later)]
    have = [logs(tree.decode()) for tree in trees]
    text = blobs(name for one in have for name in one.values())
    files = {}
    for path, name in have[2].items():
        theirs = work_apart(text.get(have[0].get(path), b""),
                            text.get(have[1].get(path), b""), text[name])
        if theirs != text[name]:
            files[path] = theirs
    out = []
    add_commit(out, b"ours", base.encode(), trees[1], {})
    add_commit(out, b"theirs", base.encode(), trees[2], files)
    git("fast-import", "--quiet", "--force", data=b"".join(out))


def ids(text):
    """Those of the rows of all logs."""
    return set(ID.findall(b"\n".join(text)))


def merged(command, ours, theirs):
    """The log at each path, without the names in its marks; what it printed."""
    said = run(*command, ours, theirs, ok=(0, 1)).decode()
    have = logs(said.split("\n", maxsplit=1)[0].replace("tree ", ""))
    text = blobs(have.values())
    return {path: LABEL.sub(rb"\1", text[name])
            for path, name in have.items()}, said


def check(tool, points):
    """Merge them. Returns how many logs were merged in the tool's process."""
    diverge(*points)
    one, said = merged([tool, "merge"], "ours", "theirs")
    other, _ = merged([tool, "merge"], "theirs", "ours")
    driven, _ = merged(["git", "-c", "core.attributesFile=" +
                        os.path.abspath(".git/driver"), "-c",
                        "merge.sk-eventlog.driver=git-sk-eventlog merge --"
                        " %O %A %B %P %L", "merge-tree", "--write-tree"],
                       "ours", "theirs")
    want = set()
    for side in ("ours", "theirs"):
        want |= ids(blobs(logs(side).values()).values())
    lost = want - ids(one.values())
    made = said.count("\nmade log")
    if lost or one != other or one != driven:
        differ = [path.decode() for path in one
                  if one[path] != other.get(path) or
                  one[path] != driven.get(path)]
        sys.exit(f"{points}: lost {len(lost)} {sorted(lost)[:3]},"
                 f" {len(differ)} differ {differ[:3]}")
    return made


def main():
    """Merge some."""
    with open(".git/driver", "w", encoding="utf-8") as file:
        file.write("kitty-specs/**/status.events.jsonl merge=sk-eventlog\n")
    commits = git("rev-list", "--reverse", "--first-parent",
                  "main").decode().split()
    chance = random.Random(int(sys.argv[3]))
    made = 0
    for _ in range(int(sys.argv[2])):
        # most lie near one another, as what is merged does
        first = chance.randrange(len(commits) - 2)
        reach = min(len(commits), first + 3 + 2 ** chance.randrange(12))
        second, third = sorted(chance.sample(range(first + 1, reach), 2))
        made += check(sys.argv[1], [commits[first], commits[second],
                                    commits[third]])
    print(f"# merged {sys.argv[2]} pairs of points both ways, {made} logs of"
          f" theirs in the process, seed {sys.argv[3]}")
    if not made:
        sys.exit("none had a log that both had changed")


main()
