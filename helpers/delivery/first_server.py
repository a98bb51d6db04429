"""The checkout as a web service: `PORT=8000 python serve.py`, and POST a basket to /total.

The file `current` names the version that answers, and releases/<version>/checkout.py is its code.
`current` is read anew for each request, so to change that one word is to change the version.
"""

import json
import os
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

SHOP = Path(__file__).resolve().parent


@cache
def checkout(version: str) -> ModuleType:
    """The code of one released version; a release never changes, so it is loaded once."""
    file = SHOP / "releases" / version / "checkout.py"
    module = ModuleType(f"checkout_{version}")
    exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), module.__dict__)
    return module


def total(basket: dict) -> dict:
    """The answer to a basket: its total in cents, and the version that worked it out."""
    version = (SHOP / "current").read_text(encoding="utf-8").strip()
    return {"total": checkout(version).total(**basket), "version": version}


class Till(BaseHTTPRequestHandler):
    """One connection of a till."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one packet

    def do_GET(self) -> None:
        self.answer(200, {"answers": "POST a basket to /total"})

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        try:
            self.answer(200, total(json.loads(self.rfile.read(size))))
        except Exception as error:  # what goes wrong in the code is the till's answer 500
            self.answer(500, {"error": f"{type(error).__name__}: {error}"})

    def answer(self, code: int, content: dict) -> None:
        """Send a status code and JSON."""
        body = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Till).serve_forever()
