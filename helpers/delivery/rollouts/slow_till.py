"""A till on a slow line: the second half of its request comes a moment after the first."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from urllib.parse import urlsplit

from .customers import BASKET


class SlowTill(threading.Thread):
    """Begins a request at once and ends it `pause` seconds later; `answer` is what it got.

    answer: "200 OK", or why there was none. Raises OSError where the service cannot be reached.
    """

    def __init__(self, url: str, pause: float = 1.0) -> None:
        super().__init__(daemon=True)
        place = urlsplit(url)
        self.answer, self._pause = "", pause
        self._line = socket.create_connection((place.hostname, place.port), timeout=10)
        head = f"POST /basket/price HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(BASKET)}\r\n\r\n"
        self._line.sendall((head + BASKET[:20]).encode())
        time.sleep(0.2)  # until the service has read the first half
        self.start()

    def run(self) -> None:
        """Wait, send the rest, and read the answer."""
        time.sleep(self._pause)
        try:
            self._line.sendall(BASKET[20:].encode())
            answer = http.client.HTTPResponse(self._line)
            answer.begin()
            self.answer = f"{answer.status} {answer.reason}"
        except (OSError, http.client.HTTPException) as error:
            self.answer = f"no answer ({type(error).__name__})"
        finally:
            self._line.close()
