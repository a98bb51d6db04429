"""A small HTTP server that gives Jenkins' documented answers, for tests of the client.

Only what the client asks is there: crumb, createItem, a branch job after a scan, build with and
without parameters (201 and the queue item's Location), the queue item with its executable, and the
log in pieces (X-Text-Size, X-More-Data).
Source: "Remote Access API", https://www.jenkins.io/doc/book/using/remote-access-api/.
"""

import base64
import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

MULTIBRANCH = "org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject"
JOB = "org.jenkinsci.plugins.workflow.job.WorkflowJob"


@dataclass
class State:
    """What the server knows and does. log: the bytes of a build's log, in the pieces it comes."""

    token: str = "right"
    may_create: bool = True
    branches: tuple[str, ...] = ("main",)
    takes: tuple[str, ...] = ()
    result: str = "SUCCESS"
    log: tuple[bytes, ...] = (
        b"Started\n[Pipeline] sh\n",
        b"+ echo gr",
        b"\xc3",
        b"\xbcn\n",
    )
    stages: bool = True
    cancelled: bool = False
    jobs: dict[str, str] = field(default_factory=dict)
    scanned: bool = False
    builds: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    polls: int = 0


@contextmanager
def jenkins(state):
    """Run the server on a free port; gives its address."""

    class Handler(_Handler):
        pass

    Handler.state = state
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    state: State

    def log_message(self, *_):
        pass

    @property
    def root(self):
        return f"http://127.0.0.1:{self.server.server_port}/"

    def answer(self, code, body=b"", **headers):
        body = json.dumps(body).encode() if isinstance(body, dict | list) else body
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.state.asked.append(f"{self.command} {path}")
        told = base64.b64encode(f"you:{self.state.token}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {told}":
            return self.answer(401)
        if self.command == "POST" and self.headers.get("Jenkins-Crumb") != "a-crumb":
            return self.answer(403, b"No valid crumb was included in the request")
        for pattern, act in ROUTES:
            if found := re.fullmatch(pattern, f"{self.command} {path}"):
                return act(self, *found.groups(), query=query, body=body)
        return self.answer(404)

    do_GET = do_POST = handle_any


def crumb(one, **_):
    one.answer(200, {"crumbRequestField": "Jenkins-Crumb", "crumb": "a-crumb"})


def root(one, **_):
    jobs = [
        {"_class": MULTIBRANCH, "name": name, "url": f"{one.root}job/{name}/"}
        for name in one.state.jobs
    ]
    one.answer(200, {"_class": "hudson.model.Hudson", "jobs": jobs})


def create(one, query, body):
    name = query["name"][0]
    if not one.state.may_create:
        return one.answer(403)
    if name in one.state.jobs:
        return one.answer(400, X_Error=f"A job already exists with the name {name}")
    assert one.headers["Content-Type"].startswith(("text/xml", "application/xml"))
    one.state.jobs[name] = body.decode()
    return one.answer(200)


def config(one, name, **_):
    one.answer(200, one.state.jobs[name].encode())


def scan(one, name, **_):
    one.state.scanned = True
    one.answer(302, Location=f"{one.root}job/{name}/")


def branches(one, name, **_):
    found = one.state.branches if one.state.scanned else ()
    jobs = [
        {
            "_class": JOB,
            "name": quote(branch, safe=""),
            "url": f"{one.root}job/{name}/job/{quote(quote(branch, safe=''), safe='')}/",
        }
        for branch in found
    ]
    one.answer(200, {"_class": MULTIBRANCH, "jobs": jobs})


def scan_log(one, _, **__):
    one.answer(200, b"Checking branches...\nFinished: SUCCESS\n")


def branch_job(one, *_, **__):
    known = one.state.takes if one.state.builds else ()  # the first build reads the file
    properties = [{"parameterDefinitions": [{"name": name} for name in known]}] if known else []
    one.answer(200, {"_class": JOB, "property": properties})


def build(one, _, __, how, query, **___):
    if how == "buildWithParameters" and not one.state.builds:
        return one.answer(400, X_Error="This job is not parameterized")
    one.state.builds.append({key: value[0] for key, value in query.items()})
    one.state.polls = 0
    number = len(one.state.builds)
    return one.answer(201, Location=f"{one.root}queue/item/{number}/")


def queue(one, number, **_):
    one.state.polls += 1
    if one.state.cancelled:
        return one.answer(200, {"_class": "hudson.model.Queue$LeftItem", "cancelled": True})
    if one.state.polls == 1:
        waits = {"_class": "hudson.model.Queue$WaitingItem", "why": "In the quiet period"}
        return one.answer(200, waits)
    run = {"number": int(number), "url": f"{one.root}job/checkout/job/main/{number}/"}
    return one.answer(200, {"_class": "hudson.model.Queue$LeftItem", "executable": run})


def log(one, *_, query, **__):
    whole, start = b"".join(one.state.log), int(query["start"][0])
    ends = [sum(map(len, one.state.log[: n + 1])) for n in range(len(one.state.log))]
    # One piece at each question; after the last the server has no more, as Jenkins does.
    end = next((e for e in ends if e > start), len(whole))
    more = {"X_More_Data": "true"} if start < len(whole) else {}
    one.answer(200, whole[start:end], X_Text_Size=str(end), **more)


def result(one, *_, **__):
    one.answer(200, {"building": False, "result": one.state.result})


def stages(one, *_, **__):
    if not one.state.stages:
        return one.answer(404)
    made = [("Lint", "SUCCESS", 1500), ("Release", "NOT_EXECUTED", 0), ("Test", "FAILED", 20)]
    keys = ("name", "status", "durationMillis")
    return one.answer(200, {"stages": [dict(zip(keys, one_, strict=True)) for one_ in made]})


NAME = "([^/]+)"
ROUTES = (
    ("GET /crumbIssuer/api/json", crumb),
    ("GET /api/json", root),
    ("POST /createItem", create),
    (f"GET /job/{NAME}/config.xml", config),
    (f"POST /job/{NAME}/build", scan),
    (f"GET /job/{NAME}/api/json", branches),
    (f"GET /job/{NAME}/indexing/consoleText", scan_log),
    (f"GET /job/{NAME}/job/{NAME}/api/json", branch_job),
    (f"POST /job/{NAME}/job/{NAME}/(build|buildWithParameters)", build),
    (f"GET /queue/item/{NAME}/api/json", queue),
    (f"GET /job/{NAME}/job/{NAME}/{NAME}/logText/progressiveText", log),
    (f"GET /job/{NAME}/job/{NAME}/{NAME}/api/json", result),
    (f"GET /job/{NAME}/job/{NAME}/{NAME}/wfapi/describe", stages),
)
