# SPDX-License-Identifier: MIT
"""Faults that are planted into what a dry run or a merge has done, for each of
which whoever looks at it has to find something wrong. One returns False where
there is nothing to spoil.
"""

import os

from mergemission import log_of


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def in_git(case, name):
    return os.path.join(case.main, ".git", name)


# -- into what a dry run leaves ------------------------------------------------


def dry_touched(dry):
    os.utime(os.path.join(dry.case.main, ".gitignore"), (1, 1))


def dry_refreshed(dry):
    path = in_git(dry.case, "index")
    said = os.stat(path)
    os.utime(path, ns=(said.st_atime_ns, said.st_mtime_ns + 1))


def dry_ref(dry):
    dry.case.git("update-ref", "refs/heads/new", "HEAD")


def dry_config(dry):
    append(in_git(dry.case, "config"), "# more\n")


def dry_file(dry):
    append(in_git(dry.case, "FETCH_HEAD"), "")


# -- into what it says ---------------------------------------------------------


def says_ready(_dry, doc):
    if doc["ready"]:
        return False
    doc.update(ready=True, blockers=[])
    doc.pop("blocker")
    doc.pop("remediation")
    doc.pop("expected_branch", None)
    return True


def says_blocked(_dry, doc):
    if not doc["ready"]:
        return False
    first = dict(code="target_behind", subject="x", message="x", remediation="git x")
    doc.update(ready=False, blockers=[first], blocker=first["code"], remediation="git x")
    return True


def hides_one(dry, doc):
    codes, certain = dry.codes(doc), dry.case.certain | dry.case.by_lane
    if len(set(codes)) < 2 or dry.case.is_loose or codes[-1] not in certain:
        return False
    doc["blockers"] = [one for one in doc["blockers"] if one["code"] != codes[-1]]
    if codes[-1] == "missing_mission_branch":
        del doc["expected_branch"]
    return True


def other_order(dry, doc):
    if len(set(dry.codes(doc))) < 2:
        return False
    doc["blockers"].reverse()
    doc["blocker"] = doc["blockers"][0]["code"]
    doc["remediation"] = doc["blockers"][0]["remediation"]
    return True


def one_conflict(dry, doc):
    if dry.codes(doc).count("merge_conflict") < 2 or dry.case.is_loose:
        return False
    doc["blockers"].remove([one for one in doc["blockers"]
                            if one["code"] == "merge_conflict"][-1])
    return dry.case.strategy != "rebase"


def old_tree(dry, doc):
    if not doc["ready"] or not doc["files"]:
        return False
    doc["merge_tree"] = dry.case.git("rev-parse", dry.case.refs[dry.case.target]
                                     + "^{tree}").strip()
    return True


def theirs_wins(dry, doc):
    """What the target alone has changed is taken back."""
    case, files = dry.case, dry.repository.files
    if not doc["ready"] or case.mission.branch not in case.refs or case.is_landed:
        return False
    base = case.store.base(case.refs[case.target], case.refs[case.mission.branch])
    made, ours, was = files(doc["merge_tree"]), files(case.refs[case.target]), files(base)
    for path, entry in ours.items():
        if path in was and was[path] != entry == made.get(path) and "kitty-specs" not in path:
            doc["merge_tree"] = changed_tree(case, doc["merge_tree"], path, was[path])
            return True
    return False


def lost_event(dry, doc):
    path = log_of(dry.case.mission.slug)
    text = dry.repository.read(doc["merge_tree"], path) if doc["ready"] else b""
    if not text:
        return False
    lines = [line for line in text.splitlines(True) if b'"event_id"' in line]
    text = text.replace(lines[0], b"")
    doc["merge_tree"] = changed_tree(dry.case, doc["merge_tree"], path, ("100644", blob(
        dry.case, text)))
    return True


def fewer_files(_dry, doc):
    return bool(doc["ready"] and doc["files"] and doc["files"].pop())


def other_lanes(_dry, doc):
    doc["lanes"].reverse()
    return len(doc["lanes"]) > 1


def forgets_rest(_dry, doc):
    return bool(doc["ready"] and doc["cleanup"] and doc["cleanup"].pop())


def blob(case, data):
    return case.store.write(b"blob", data)


def changed_tree(case, tree, path, entry):
    """The tree with another file at the path; entry None: with none."""
    env = dict(case.env, GIT_INDEX_FILE=os.path.join(case.env["HOME"], "index"))
    zero = ("0", "0" * 40)
    mode, oid = entry or zero
    for args, data in ((["read-tree", tree], None),
                       (["update-index", "-z", "--index-info"],
                        f"{mode} {oid}\t{path}\0".encode())):
        assert case.run(["git", *args], data=data, env=env).returncode == 0
    return case.run(["git", "write-tree"], env=env).stdout.decode().strip()


# -- into what a merge leaves --------------------------------------------------


def landed(landing, doc):
    return bool(doc and doc["ready"] and landing.planned["ready"])


def amend(landing, doc, path, entry):
    """Have the target have something else there, wherever it is checked out."""
    case = landing.case
    tree = changed_tree(case, doc["commit"], path, entry)
    parents = case.git("log", "-1", "--format=%P", doc["commit"]).split()
    made = case.git("commit-tree", "-m", "x", *(word for one in parents for word in ("-p", one)),
                    tree).strip()
    case.git("update-ref", f"refs/heads/{case.target}", made)
    doc["commit"] = made
    for place, branch in case.places.items():
        if branch == case.target:
            case.git("reset", "-q", "--hard", where=place)
    return True


def landed_less(landing, doc):
    case = landing.case
    if not landed(landing, doc) or not doc["commits"]:
        return False
    old = landing.repository.files(case.refs[case.target])
    paths = [path for path in doc["files"] if "kitty-specs" not in path]
    return bool(paths) and amend(landing, doc, paths[0], old.get(paths[0]))


def landed_event(landing, doc):
    if not landed(landing, doc) or not doc["commits"]:
        return False
    path = log_of(landing.case.mission.slug)
    text = landing.repository.read(doc["commit"], path)
    lines = [line for line in text.splitlines(True) if b'"event_id"' in line]
    return amend(landing, doc, path, ("100644", blob(landing.case, text.replace(lines[0], b""))))


def not_done(landing, doc):
    """Without the last line, which is the news."""
    if not landed(landing, doc) or "approved" not in landing.case.state_now.values():
        return False
    path = log_of(landing.case.mission.slug)
    lines = landing.repository.read(doc["commit"], path).splitlines(True)
    text = b"".join(line for line in lines if b'"to_lane": "done"' not in line)
    return amend(landing, doc, path, ("100644", blob(landing.case, text)))


def old_status(landing, doc):
    path = f"kitty-specs/{landing.case.mission.slug}/status.json"
    return landed(landing, doc) and amend(landing, doc, path,
                                          ("100644", blob(landing.case, b"{}\n")))


def nothing_delivered(landing, doc):
    case = landing.case
    if not landed(landing, doc) or not doc["commits"]:
        return False
    case.git("update-ref", f"refs/heads/{case.target}", case.refs[case.target])
    return True


def other_ref(landing, doc):
    landing.case.git("update-ref", "refs/tags/x", "HEAD")
    return bool(doc)


def clobbered(landing, doc):
    """A file that git does not know is gone, or is another."""
    for place, (_, others, _, _) in landing.tracked.items():
        for name in others:
            path = os.path.join(place, name)
            if doc and os.path.isfile(path) and not os.path.islink(path):
                append(path, "more\n")
                return True
    return False


def other_file(landing, doc):
    case = landing.case
    for name, (mode, _) in landing.repository.files("HEAD").items():
        path = os.path.join(case.main, name)
        if doc and mode == "100644" and (case.main, name) not in case.hidden \
                and os.path.isfile(path):
            append(path, "more\n")
            return True
    return False


def stale_index(landing, doc):
    case = landing.case
    if not landed(landing, doc) or case.places[case.main] != case.target or not doc["commits"]:
        return False
    case.git("read-tree", case.refs[case.target])
    return True


def other_log(landing, doc):
    case = landing.case
    case.git("update-ref", "--create-reflog", "-m", "x", "refs/heads/elsewhere", "HEAD")
    return bool(landed(landing, doc) and "elsewhere" in case.refs)


def other_setting(landing, doc):
    landing.case.git("config", "branch.other.remote", ".")
    return landed(landing, doc)


def left_state(landing, doc):
    append(in_git(landing.case, "sk-merge.json"), "{}\n")
    return bool(doc)


def left_lock(landing, doc):
    append(in_git(landing.case, "index.lock"), "")
    return bool(doc)


def forgotten_branch(landing, doc):
    """One that could go, and nobody says why it did not."""
    gone = [one for one in doc["cleanup"] if one["kind"] == "branch" and one.get("removed")] \
        if landed(landing, doc) else []
    if not gone:
        return False
    tip = landing.case.refs[gone[0]["name"]]
    landing.case.git("update-ref", f"refs/heads/{gone[0]['name']}", tip)
    gone[0].update(removed=False, reason="x")
    return True


def again_changes(landing):
    landing.case.git("update-ref", "refs/tags/x", "HEAD")


DRY = (dry_touched, dry_refreshed, dry_ref, dry_config, dry_file)
DOCUMENT = (says_ready, says_blocked, hides_one, other_order, one_conflict, old_tree, theirs_wins,
            lost_event, fewer_files, other_lanes, forgets_rest)
LANDING = (landed_less, landed_event, not_done, old_status, nothing_delivered, other_ref,
           clobbered, other_file, stale_index, other_log, other_setting, left_state,
           left_lock, forgotten_branch)
AGAIN = (again_changes,)
FAULTS = {one.__name__: one for one in DRY + DOCUMENT + LANDING + AGAIN}


class Fault:
    """One of them, or none."""

    def __init__(self, name):
        self.one = FAULTS.get(name)
        self.is_planted = False

    def spoil(self, among, *args):
        if self.one in among:
            self.is_planted |= self.one(*args) is not False

    def spoil_dry(self, dry):
        self.spoil(DRY, dry)

    def spoil_document(self, dry, doc):
        self.spoil(DOCUMENT, dry, doc)

    def spoil_landing(self, landing, doc):
        self.spoil(LANDING, landing, doc)

    def spoil_again(self, landing):
        self.spoil(AGAIN, landing)
