"""A web server that answers every GET: what the pods of a benchmark run."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(BaseHTTPRequestHandler):
    """Says ok, and writes no log."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    """Lets many wait while it is busy."""

    request_queue_size = 128


Server((sys.argv[1], int(sys.argv[2])), Answer).serve_forever()
