# SPDX-License-Identifier: MIT
"""The server that the senders talk to."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

from harness import environment, scratch, sh


class Server:
    """sk-ingestd on a port it keeps: the port is part of a queue's name."""

    port = 0
    running = None

    def __init__(self, db):
        port_file = os.path.join(scratch, "port")
        if os.path.exists(port_file):
            os.remove(port_file)
        self.process = subprocess.Popen(
            ["sk-ingestd", "serve", "--db", db, "--port", str(Server.port),
             "--port-file", port_file], env=environment(scratch), cwd=scratch,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(port_file) or not os.path.getsize(port_file):
            time.sleep(0.01)
            if self.process.poll() is not None:
                sys.exit("bench: sk-ingestd does not start")
        Server.running = self
        Server.port = int(open(port_file).read())
        self.url = f"http://127.0.0.1:{Server.port}"

    @staticmethod
    def new_db(path):
        sh(["sk-ingestd", "user", "add", "--db", path, "--password-stdin", "dev"],
           input="secret\n")
        return path

    def login(self, home):
        sh(["git", "sk-auth", "login", "--server", self.url, "--username", "dev",
            "--password-stdin"], home=home, input="secret\n")

    def ask(self, path, token=None, body=None):
        request = urllib.request.Request(self.url + path, data=body)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", "Bearer " + token)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                request) as response:
            return json.load(response)

    def stop(self):
        Server.running = None
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
