"""The kernel in which a submission runs: IPython's own, fenced in, with a question of the grader's.

Started as `python -c "from helpers.grading.kernel import main; main()" SETTINGS -f CONNECTION`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

from helpers.grading.examiner import Examiner
from helpers.grading.fence import close_fence

QUESTION, REPLY = "grade_request", "grade_reply"


class Shortened(OutStream):
    """What a cell prints, up to a limit; the rest is not sent, however much it is."""

    limit = 1_000_000
    left = limit

    def write(self, string: str) -> int | None:
        """Send the text on, as long as the cell has not printed too much."""
        if self.left <= 0 or not isinstance(string, str):
            return super().write("" if isinstance(string, str) else string)
        kept = string[: self.left]
        self.left -= len(string)
        super().write(kept)
        return len(string)


class ExaminedKernel(IPythonKernel):
    """IPython's kernel, which also answers the grader's question."""

    examiner: Examiner
    msg_types = (*IPythonKernel.msg_types, QUESTION)

    async def execute_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Run a cell; each may print as much as the limit says."""
        for one in (self._stdout, self._stderr):
            if isinstance(one, Shortened):
                one.left = one.limit
        await super().execute_request(stream, ident, parent)

    async def grade_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Try an answer; a question without an exercise only asks whether the kernel listens."""
        asked = parent["content"]
        found = self.examiner.ask(self.shell.user_ns, **asked) if asked else {}
        self.session.send(stream, REPLY, found, parent, ident)


def main() -> None:
    """Close the fence, remember the exercises as they are, then wait for cells."""
    settings = json.loads(sys.argv[1])
    close_fence(Path(settings["folder"]), settings["largest_file"], settings["run_by"])
    Shortened.limit = Shortened.left = settings["shown"]
    ExaminedKernel.examiner = Examiner(settings["lesson"])
    IPKernelApp.launch_instance(
        sys.argv[2:],
        kernel_class=ExaminedKernel,
        outstream_class=f"{__name__}.{Shortened.__name__}",
    )
