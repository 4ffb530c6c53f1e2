# SPDX-License-Identifier: MIT
"""What a commit says of lanes, read from git's objects by the rules of the
project and by nothing of its code: a second reader that must come to the same.
"""

import hashlib
import json
import re
import subprocess
from collections import namedtuple

LANES = (
    "planned claimed in_progress for_review in_review approved done blocked canceled"
).split()
OLD_FOLDERS = {
    "planned": "planned",
    "doing": "in_progress",
    "for_review": "for_review",
    "done": "done",
}
WIRE = dict(
    genesis="planned",
    planned="planned",
    claimed="doing",
    in_progress="doing",
    for_review="for_review",
    in_review="for_review",
    approved="done",
    done="done",
    blocked="doing",
    canceled="done",
)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LAST_SECOND = 253402300799  # of the year 9999, the last that has a text
LAST_ULID_MS = 2**48 - 1
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}$")
UUID = re.compile(r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}(\1[0-9a-fA-F]{4}){2}\1[0-9a-fA-F]{12}$")
WP_NAME = re.compile(rb"(WP[0-9]{2,})(?:[-_.].*)?\.md$", re.S)
WP_ID = re.compile(r"WP[0-9]{2,}$")

# `id` is that of a line of a log, None where it has to be derived
Transition = namedtuple("Transition", "id mission wp source target author_time")
Commit = namedtuple("Commit", "id tree parents author_time time")


def ulid(ms, bits):
    number = min(max(ms, 0), LAST_ULID_MS) << 80 | int.from_bytes(bits[:10], "big")
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def derived_id(ms, *parts):
    text = "".join(f"{len(part.encode())}:{part}\n" for part in parts)
    return ulid(ms, hashlib.sha256(text.encode()).digest())


def event_id(transition, project):
    """The one id of a transition in a project."""
    if transition.id:
        return transition.id
    ms = transition.author_time * 1000
    return derived_id(
        ms,
        "WPStatusChanged",
        project,
        transition.mission,
        transition.wp,
        transition.source or "-",
        transition.target,
        str(ms),
    )


def project_of_root(root):
    """The uuid of a project that nobody gave one: made of its first commit."""
    hashed = bytearray(hashlib.sha256(f"git-sk project {root}".encode()).digest()[:16])
    hashed[6] = hashed[6] & 0x0F | 0x40
    hashed[8] = hashed[8] & 0x3F | 0x80
    text = hashed.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def is_id(text):
    return isinstance(text, str) and bool(ULID.match(text) or UUID.match(text))


def lane_of_log(value):
    if value == "doing":
        return "in_progress"
    return value if value in LANES or value == "genesis" else None


def read_row(line):
    """(event id, row) of a lane transition; None for a row of another kind.
    Raises ValueError when it cannot be read.
    """
    row = json.loads(line.decode("utf-8"))
    if not isinstance(row, dict):
        raise ValueError("no object")
    if row.get("wp_id") is None or "to_lane" not in row or "event_id" not in row:
        return None
    source = row.get("from_lane")
    if not isinstance(row["wp_id"], str) or not row["wp_id"] or not is_id(row["event_id"]):
        raise ValueError("ids")
    if not lane_of_log(row["to_lane"]) or (source is not None and not lane_of_log(source)):
        raise ValueError("lanes")
    return row["event_id"], row


def read_log(data):
    """(rows by id, numbers of lines that cannot be read, has it any line)."""
    rows, faults, has_line = {}, set(), False
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip(b" \t\r"):
            continue
        has_line = True
        try:
            row = read_row(line)
        except ValueError:
            faults.add(number)
            continue
        if row:
            rows.setdefault(*row)
    return rows, faults, has_line


def scalar(text):
    """Of a front matter, without quotes and what is remarked behind it."""
    text = text.strip()
    quoted = re.match(r"""(["'])(.*?)\1""", text)
    if quoted:
        return quoted.group(2).strip()
    return re.sub(r"(^|\s)#.*", "", text).strip()


def read_front_matter(data):
    """(work package, lane) as it has them, each may be None."""
    lines = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")
    ends = [i for i, line in enumerate(lines) if i and line.strip() == "---"]
    if not lines[0].startswith("---") or not ends:
        return None, None
    found = {}
    for line in lines[1 : ends[0]]:
        key, colon, value = line.partition(":")
        if colon:
            found.setdefault(key, scalar(value))
    lane = found.get("lane", "").lower()
    lane = "in_progress" if lane == "doing" else lane
    wp = found.get("work_package_id", "")
    return wp if WP_ID.match(wp) else None, lane if lane in LANES else None


class Mission:
    """One mission in one tree."""

    def __init__(self, rows, has_log, wps):
        self.rows = rows  # event id -> row
        self.has_log = has_log  # with a line in it
        self.wps = wps  # work package -> lane or None


EMPTY = Mission({}, False, {})


class Oracle:
    def __init__(self, repository, env):
        self.repository, self.env = repository, env
        self.process = None
        self.commits, self.trees, self.missions, self.said = {}, {}, {}, {}

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def read(self, oid):
        """(type, bytes) of an object; None when it is gone."""
        if not self.process:
            self.process = subprocess.Popen(
                ["git", "cat-file", "--batch"],
                cwd=self.repository,
                env=self.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        self.process.stdin.write(oid.encode() + b"\n")
        self.process.stdin.flush()
        header = self.process.stdout.readline().split()
        if header[1] == b"missing":
            return None
        data = self.process.stdout.read(int(header[2]) + 1)[:-1]
        return header[1].decode(), data

    def commit(self, oid):
        """None when it is gone, or no commit."""
        if oid in self.commits:
            return self.commits[oid]
        found = self.read(oid)
        while found and found[0] == "tag":
            found = self.read(found[1].split(None, 2)[1].decode())
        if not found or found[0] != "commit":
            return None
        lines = found[1].split(b"\n\n", 1)[0].split(b"\n")
        tree = lines[0].split()[1].decode()
        parents = tuple(line.split()[1].decode() for line in lines if line.startswith(b"parent "))
        times = {line.split()[0]: int(line.split()[-2]) for line in lines if b"> " in line}
        author_time = min(max(times[b"author"], 0), LAST_SECOND)
        commit = Commit(oid, tree, parents, author_time, times[b"committer"])
        self.commits[oid] = commit
        return commit

    def ancestors(self, tips):
        """Every commit these reach, themselves included."""
        found, todo = set(), list(tips)
        while todo:
            oid = todo.pop()
            if oid not in found and self.commit(oid):
                found.add(oid)
                todo.extend(self.commit(oid).parents)
        return found

    def tree(self, oid):
        """[(mode, name, id)] in git's order."""
        if oid not in self.trees:
            data, at, entries = self.read(oid)[1], 0, []
            while at < len(data):
                nul = data.index(b"\0", at)
                mode, name = data[at:nul].split(b" ", 1)
                entries.append((mode, name, data[nul + 1 : nul + 21].hex()))
                at = nul + 21
            self.trees[oid] = entries
        return self.trees[oid]

    def plan(self, oid):
        """The tree of kitty-specs in a commit; None when it has none."""
        for mode, name, entry in self.tree(self.commit(oid).tree):
            if name == b"kitty-specs" and mode == b"40000":
                return entry
        return None

    def in_plan(self, tree):
        """name -> Mission of all missions in that tree."""
        if tree is None:
            return {}
        return {
            name.decode("utf-8", "surrogateescape"): self.mission(oid)
            for mode, name, oid in self.tree(tree)
            if mode == b"40000"
        }

    def mission(self, tree):
        if tree not in self.missions:
            rows, has_log, wps = {}, False, {}
            for mode, name, oid in self.tree(tree):
                if name == b"status.events.jsonl" and mode.startswith(b"100"):
                    rows, _, has_log = read_log(self.read(oid)[1])
                elif name == b"tasks" and mode == b"40000":
                    self.add_wps(wps, oid, None)
            self.missions[tree] = Mission(rows, has_log, wps)
        return self.missions[tree]

    def add_wps(self, wps, tree, folder):
        for mode, name, oid in self.tree(tree):
            if mode == b"40000":
                self.add_wps(wps, oid, folder or name.decode("utf-8", "replace"))
                continue
            named = WP_NAME.match(name)
            if not named or not mode.startswith(b"100"):
                continue
            wp, lane = read_front_matter(self.read(oid)[1])
            wp = wp or named.group(1).decode()
            if wps.get(wp) is None:
                wps[wp] = lane or OLD_FOLDERS.get(folder or "")

    def is_unreadable(self, commit, path, line):
        found = self.read(f"{commit}:{path}")
        return bool(found) and int(line) in read_log(found[1])[1]

    def transitions(self, oid):
        """What a commit says that no parent of it says."""
        if oid not in self.said:
            self.said[oid] = self.find_transitions(self.commit(oid))
        return self.said[oid]

    def ids(self, commits, project):
        """id -> [(commit, transition)] of all that these commits say."""
        found = {}
        for commit in commits:
            for transition in self.transitions(commit):
                found.setdefault(event_id(transition, project), []).append((commit, transition))
        return found

    def find_transitions(self, commit):
        now = self.plan(commit.id)
        before = [self.plan(parent) for parent in commit.parents]
        if now is None or now in before:
            return []
        missions = self.in_plan(now)
        old = [self.in_plan(tree) for tree in before]
        known = {i for plan in old for mission in plan.values() for i in mission.rows}
        found = []
        for name, mission in missions.items():
            for i, row in mission.rows.items():
                if i not in known:
                    known.add(i)
                    found.append(of_row(i, row, name, commit))
            if not mission.has_log and len(old) <= 1:
                parent = old[0].get(name, EMPTY) if old else EMPTY
                found += of_files(name, mission, parent, commit)
        return found

    def moved_rows(self, oid):
        """Ids in a log that had no such line, but another log of a parent had."""
        commit = self.commit(oid)
        old = [self.in_plan(self.plan(parent)) for parent in commit.parents]
        known = {i for plan in old for mission in plan.values() for i in mission.rows}
        return {
            i
            for name, mission in self.in_plan(self.plan(oid)).items()
            for i in mission.rows
            if i in known and not any(i in plan.get(name, EMPTY).rows for plan in old)
        }


def of_row(oid, row, folder, commit):
    mission = row.get("mission_slug") or row.get("feature_slug") or folder
    source = row.get("from_lane")
    return Transition(
        oid,
        mission,
        row["wp_id"],
        lane_of_log(source) if source is not None else None,
        lane_of_log(row["to_lane"]),
        commit.author_time,
    )


def of_files(name, mission, parent, commit):
    return [
        Transition(None, name, wp, parent.wps.get(wp), lane, commit.author_time)
        for wp, lane in mission.wps.items()
        if lane and lane != parent.wps.get(wp)
    ]
