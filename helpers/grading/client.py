"""nbclient's client for a notebook that nobody has looked at: it keeps no output, and asks back."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty
from typing import Any

import zmq.asyncio
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

LARGEST = 20_000_000  # bytes of a message; a larger one is refused, and never in memory
STARTUP, SETTLE = 120, 5  # seconds
_DIED = "Kernel died"  # nbclient's words
_CUT_OFF = f"it sent a message of more than {LARGEST // 1_000_000} MB"
_NAME = "graded"
_START = "from helpers.grading.kernel import main; main()"


class Client(NotebookClient):
    """Runs cells one by one and puts the grader's questions; use `start` and `stop`."""

    def __init__(self, nb: NotebookNode, folder: Path, settings: dict[str, Any]) -> None:
        command = [sys.executable, "-c", _START, json.dumps(settings), "-f", "{connection_file}"]
        spec = folder / "kernels" / _NAME / "kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text(json.dumps({"argv": command, "display_name": _NAME, "language": "python"}))
        manager = AsyncKernelManager(
            kernel_name=_NAME,
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(folder / "kernels")]),
            connection_file=str(folder / "connection.json"),
        )
        super().__init__(nb, km=manager, allow_errors=True, record_timing=False)
        self.error: tuple[str, str] | None = None
        self._idle = False
        self.on_cell_executed = self._remember

    async def start(self, cwd: Path, env: dict[str, str]) -> int:
        """Start the kernel and wait until it listens; gives its process id.

        Raises DeadKernelError where it ends before that.
        """
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        await self.km.start_kernel(cwd=str(cwd), env=env, **quiet)
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, LARGEST)
        context.setsockopt(zmq.SNDTIMEO, SETTLE * 1000)
        self.kc = self.km.client(context=context)
        self.kc.start_channels()
        self.kc.allow_stdin = False
        try:
            await self.kc.wait_for_ready(timeout=STARTUP)
        except RuntimeError as error:
            raise DeadKernelError(f"the kernel did not start: {error}") from None
        return self.km.provisioner.process.pid

    def stop(self) -> None:
        """Let go of the kernel, which is dead by now."""
        if self.kc is not None:
            self.kc.stop_channels()
            self.kc.context.destroy(linger=0)

    async def run(self, place: int, seconds: float) -> tuple[str, str] | None:
        """Run a cell; what it raised, as the exception's name and text, or None.

        Raises CellTimeoutError where it takes longer and the kernel listens again, DeadKernelError
        where it listens no more.
        """
        self.timeout, self.error, self._idle = max(1, round(seconds)), None, False
        try:
            await self.async_execute_cell(self.nb.cells[place], place)
        except CellTimeoutError:
            await self._interrupted()
            raise
        except zmq.Again:
            raise DeadKernelError(_CUT_OFF) from None
        if not self._idle:  # what it showed was too large: nothing more comes, so do not wait
            self.iopub_timeout = 0
        return self.error

    async def ask(self, content: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Put the grader's question; its answer. Raises as `run` does."""
        message = self.kc.session.msg("grade_request", content)
        try:
            self.kc.shell_channel.send(message)
        except zmq.Again:
            raise DeadKernelError(_CUT_OFF) from None
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                reply = await self.kc.shell_channel.get_msg(timeout=0.5)
            except Empty:
                await self._async_check_alive()
                continue
            asked = reply["parent_header"].get("msg_id") == message["header"]["msg_id"]
            if asked and reply["msg_type"] == "grade_reply":
                return reply["content"]
        if content:
            await self._interrupted()
        raise CellTimeoutError(f"It gave no answer within {seconds:.0f} s")

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> None:
        """Keep nothing of what a cell shows, and see only when it has done."""
        if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
            self._idle = True
            raise CellExecutionComplete

    def why(self, error: DeadKernelError) -> str:
        """Why the kernel is no more, as far as it can be told from here."""
        if str(error) != _DIED:
            return str(error)
        process = self.km.provisioner.process if self.km.provisioner else None
        code = process.poll() if process else None
        return "it ended the kernel" + (f" (exit code {code})" if code is not None else "")

    def _remember(self, cell: NotebookNode, cell_index: int, execute_reply: dict) -> None:
        content = execute_reply["content"]
        if content["status"] == "error":
            self.error = str(content.get("ename"))[:200], str(content.get("evalue"))[:2000]

    async def _interrupted(self) -> None:
        """Stop what runs; raises DeadKernelError where the kernel does not listen after that."""
        await self.km.interrupt_kernel()
        try:
            await self.ask({}, SETTLE)
        except CellTimeoutError:
            raise DeadKernelError("it took too long and would not be stopped") from None
