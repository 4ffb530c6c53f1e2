# SPDX-License-Identifier: MIT
"""peer.py <queue> <url> <token> <events> <bytes> <level>: a drain as one would
write it in Python, with nothing but its own library: every verdict is read,
what the server has is deleted."""

import gzip
import http.client
import json
import sqlite3
import sys
import urllib.parse


def next_batch(db, max_events, max_bytes):
    size, ids, events = 14, {}, []
    rows = db.execute(
        "SELECT id, event_id, data FROM queue ORDER BY timestamp, id LIMIT ?",
        (max_events,),
    )
    for row, event_id, data in rows:
        size += len(data) + 2
        if events and size > max_bytes:
            break
        ids[event_id] = row
        events.append(json.loads(data))
    return ids, events


def main():
    path, url, token, max_events, max_bytes, level = sys.argv[1:]
    server = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)
    headers = {
        "Authorization": "Bearer " + token,
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous = NORMAL")
    while True:
        ids, events = next_batch(db, int(max_events), int(max_bytes))
        if not events:
            break
        body = gzip.compress(json.dumps({"events": events}).encode(), int(level))
        server.request("POST", "/api/v1/events/batch/", body, headers)
        response = server.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            sys.exit(f"peer.py: {response.status}: {answer}")
        taken = [
            (ids[result["event_id"]],)
            for result in answer["results"]
            if result["status"] in ("success", "duplicate")
        ]
        with db:
            db.executemany("DELETE FROM queue WHERE id = ?", taken)
        if not taken:
            sys.exit("peer.py: the server took nothing")
    db.close()


main()
