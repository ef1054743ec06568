"""Holds the description of the API against a running server with schemathesis: no answer of its own fault, none with a
status, content type or document that is not described. Called by `make test-api` as `run.py PROGRAM`."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)
# The same requests in every run; more of them are worth a look now and then.
SEED = "1"
EXAMPLES = os.environ.get("EXAMPLES", "15")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(what, holds):
    end = time.monotonic() + 90
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.1)
    sys.exit(f"gave up waiting: {what}")


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


class Server:
    """A collector with state and ports of its own."""

    def __init__(self, program, scratch):
        self.program = program
        public, ops = free_port(), free_port()
        self.url = f"http://127.0.0.1:{public}"
        self.ready = f"http://127.0.0.1:{ops}/readyz"
        own = {name: value for name, value in os.environ.items() if not name.startswith("HEADCOUNT_")}
        self.environment = own | {
            "HEADCOUNT_STATE_DIR": str(scratch / "state"),
            "HEADCOUNT_LISTEN__PUBLIC": f"127.0.0.1:{public}",
            "HEADCOUNT_LISTEN__OPS": f"127.0.0.1:{ops}",
            "HEADCOUNT_DELIVER__CROSSINGS_INTERVAL_MS": "500",
        }
        # The engine's library may be named by the machine.
        if library := os.environ.get("HEADCOUNT_ENGINE__LIBRARY"):
            self.environment["HEADCOUNT_ENGINE__LIBRARY"] = library
        self.scratch = scratch
        self.log = open(scratch / "server.log", "wb")
        self.child = subprocess.Popen(
            [program, "serve"], env=self.environment, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL
        )

    def command(self, *arguments):
        done = subprocess.run([self.program, *arguments], env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"headcount {' '.join(arguments)}: {done.stderr}")
        return done.stdout.strip()

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(timeout=60)


def walk(server):
    """Visitors enough for pairs to be shown, on pages that nobody else looks at: a rare way would fold theirs, too."""
    events = []
    for number in range(12):
        page = {"url": "https://demo.test/walk/begin", "visitor": f"v{number}"}
        report = {"name": "vitals", "vitals": {"LCP": 1200, "CLS": 0.05}}
        cohort = {"first_week": time.strftime("%Y-%m-%d", time.gmtime()), "first_this_week": True}
        events += [page | {"cohort": cohort}, page | report, page | {"url": "https://demo.test/walk/end"}]
        events += [page | {"name": "load", "props": {"load_ms": 100 + number}}]
    body = json.dumps({"site": "demo", "events": events}).encode()
    request = urllib.request.Request(f"{server.url}/v1/events", body, {"Content-Type": "application/json"})
    if json.load(urllib.request.urlopen(request))["accepted"] != len(events):
        sys.exit("events of the walk are not counted")


def has_pairs(server, key):
    url = f"{server.url}/api/v1/journeys?site=demo&date_range=day&from_page=/walk/begin"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})
    return any(row["to"] != "(other)" for row in json.load(urllib.request.urlopen(request))["next"])


def fill(server):
    """A site with numbers, goals and a funnel, and a key for each scope that reads."""
    server.command("site", "add", "demo", "--filter-property", "plan", "--number", "load_ms")
    server.command("goal", "add", "Pricing", "--site", "demo", "--page", "/pricing")
    server.command("goal", "add", "Signup", "--site", "demo", "--event", "signup")
    server.command("funnel", "add", "Way", "--site", "demo", "--step", "Pricing", "--step", "Signup")
    keys = [server.command("key", "create", "--site", "demo", "--scope", scope) for scope in ("read", "admin")]
    wait_until("the collector is ready", lambda: answers(server.ready))
    walk(server)
    server.command("demo", "--hits", "300")
    wait_until("pairs of pages are shown", lambda: has_pairs(server, keys[0]))
    return keys


def owner(server):
    """The cookie of an owner who is signed in, with what a page of this server sends beside it."""
    link = server.command("user", "add", "tester", "--role", "owner")
    token = link.partition("token=")[2].split()[0]
    body = json.dumps({"token": token, "password": "correct horse battery"}).encode()
    here = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    claimed = []

    def claim():
        try:
            claimed.append(urllib.request.urlopen(urllib.request.Request(f"{server.url}/api/v1/claim", body, here)))
        except urllib.error.HTTPError:
            return False
        return True

    wait_until("the link is known", claim)
    cookie = claimed[0].headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}


def reader(server):
    """What the reader of a shared link sends."""
    token = server.command("share", "add", "Press", "--site", "demo").partition("share=")[2]
    headers = {"Headcount-Share": token}
    request = urllib.request.Request(f"{server.url}/api/v1/share", headers=headers)
    wait_until("the link is known", lambda: answers(request))
    return headers


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def check(server, headers, *only):
    sent = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    command = [
        pathlib.Path(sys.executable).with_name("st"),
        *("--config-file", HERE / "schemathesis.toml"),
        *("run", f"{server.url}/api/v1/openapi.json"),
        *("--checks", CHECKS, "--seed", SEED, "--max-examples", EXAMPLES, "--phases", "examples,coverage,fuzzing"),
        *sent,
        *("--request-timeout", "30", "--continue-on-failure"),
        # Cookies and sign-in have tests of their own; here they would lock the user out.
        *("--exclude-path-regex", "^/api/v1/(session|claim)$", "--no-color", "--warnings", "off", *only),
    ]
    # Its cache of examples goes with the run: what an earlier one found would make this one differ.
    return subprocess.run(command, env=server.environment, cwd=server.scratch).returncode


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        server = Server(program, pathlib.Path(scratch))
        try:
            read, admin = fill(server)
            owns = ("--include-path-regex", "^/api/v1/(sites|audit|goals|funnels|annotations)")
            failed = (
                check(server, bearer(read), "--include-method", "GET")
                or check(server, reader(server), "--include-tag", "reading", "--include-path", "/api/v1/share")
                or check(server, bearer(admin))
                or check(server, owner(server), *owns)
            )
        finally:
            server.stop()
        if failed:
            print(pathlib.Path(scratch, "server.log").read_text(errors="replace")[-4000:], file=sys.stderr)
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
