"""A service of bineural in a process of its own, and requests to it by Python's own library."""

import contextlib
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request


@contextlib.contextmanager
def serving(path, *arguments):
    """Run `bineural serve` on a free port; yields its address."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bineural",
        "serve",
        str(path),
        "--port",
        "0",
        *arguments,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    try:
        line = process.stdout.readline()
        found = re.search(r"http://[\d.:]+", line)
        assert found, line + process.stderr.read()
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()
        process.stderr.close()


def ask(url, content=None, form="application/json", method=None, **headers):
    """Send a request; returns (status, content type, body)."""
    if content is not None and not isinstance(content, bytes):
        content = json.dumps(content).encode()
    given = {"Content-Type": form, **headers} if content is not None else headers
    request = urllib.request.Request(url, content, given, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()
