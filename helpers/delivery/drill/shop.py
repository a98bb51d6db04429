"""A shop that can be watched: the checkout as a process, its Prometheus, its customers."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from helpers.monitoring.prometheus import Prometheus
from helpers.monitoring.rules import service_rules
from helpers.programs import ProgramFailed, Server, free_port, run
from helpers.workspace import python_path, workspace

from .faults import ACTIONS, FAULTS, Fault
from .names import RELEASE, SERVING
from .watched import SCRAPE, Watched

CONFIG = """\
global: {scrape_interval: 500ms, evaluation_interval: 500ms}
rule_files: [rules.yml]
scrape_configs:
  - job_name: checkout
    static_configs: [{targets: ["127.0.0.1:PORT"]}]
"""
START_SECONDS = 30.0
BACKUP = """\
import sqlite3, time
ledger = sqlite3.connect("ledger.sqlite", timeout=30, isolation_level=None)
ledger.execute("BEGIN IMMEDIATE")
time.sleep(3600)
"""


class Shop(Watched):
    """A checkout that runs, its Prometheus, and customers when they are called.

    config: prometheus.yml, with PORT where the checkout's port goes. speed_up: as in
    `service_rules`; the alerts' windows are so many times shorter than a real shop's. Everything
    lies in a folder of its own, so several shops can be open at once, and ends with the kernel.

    Raises ProgramMissing where there is no Prometheus.
    """

    live = True
    replicas = 1  # how many there are that Prometheus has to find

    def __init__(self, config: str = CONFIG, speed_up: int = 60, quiet: bool = False) -> None:
        self._home = tempfile.TemporaryDirectory(dir=workspace("shops"), ignore_cleanup_errors=True)
        self.folder, self.port, self._quiet = Path(self._home.name), free_port(), quiet
        self._checkouts: list[Server] = []
        self._customers: list[Server] = []
        self._backup: Server | None = None
        self.release: dict[str, str] = {"version": RELEASE}
        self.prometheus = Prometheus(
            self.folder / "prometheus",
            self._found_by(config),
            service_rules(speed_up=speed_up),
            quiet=quiet,
        )
        self.switch("")
        self.deploy(quiet=quiet)

    def deploy(self, quiet: bool = True, **release: str) -> None:
        """Start a release, wait until it serves, and stop the one before.

        release: `version` and `vouchers` (a JSON list), as in the checkout's settings; what is
        left out is as before. Raises ProgramFailed where the new one does not come up; the one
        before then serves on.
        """
        wanted = {**self.release, **release}
        settings = {f"CHECKOUT_{name.upper()}": value for name, value in wanted.items()}
        module = "helpers.delivery.drill.service"
        command = ("-m", "helpers.delivery.drill.keeper", "-m", module, self.port, "switch")
        new = Server(
            sys.executable,
            *map(str, command),
            log=self.folder / f"checkout-{len(self._checkouts):03}.log",
            port=self.port,
            cwd=self.folder,
            env={"PYTHONPATH": python_path(), "CHECKOUT_LEDGER": "ledger.sqlite", **settings},
            quiet=quiet,
        )
        _wait_for_start(new)
        for old in self._checkouts:
            old.stop()
        self._checkouts, self.release = [*self._checkouts, new], wanted

    def roll_back(self) -> None:
        """Bring the last good release back."""
        self.deploy(version=RELEASE)

    def do_not_wait(self) -> None:
        """Start what has crashed again at once: nothing to do, for its keeper does not wait."""

    def switch(self, fault: str) -> None:
        """Switch a fault on in the running checkout, or off with an empty text."""
        beside = self.folder / "switch.new"
        beside.write_text(fault, encoding="utf-8")
        os.replace(beside, self.folder / "switch")

    def switched_on(self) -> str:
        """The fault that is switched on, or an empty text."""
        return (self.folder / "switch").read_text(encoding="utf-8")

    def start_backup(self) -> None:
        """Another program takes the ledger for itself, and keeps it."""
        self._backup = Server(
            sys.executable,
            "-c",
            BACKUP,
            log=self.folder / "backup.log",
            cwd=self.folder,
            quiet=True,
        )

    def stop_backup(self) -> None:
        """The ledger is free again. No error where no backup runs."""
        if self._backup:
            self._backup.stop()
            self._backup = None

    def begin(self, fault: Fault) -> None:
        """Make a fault."""
        fault.begin(self)

    def act(self, action: str) -> None:
        """Do one of the things that can be done about a fault (see `actions`)."""
        ACTIONS[action](self)

    def well(self) -> bool:
        """Whether customers come and none of the eight faults shows."""
        return not any(fault.shows(self) for fault in FAULTS)

    def trade(self, seconds: float, rate: float = 40.0) -> None:
        """Let customers come for so many seconds, and wait until the last has an answer."""
        self._get_ready()
        line = (sys.executable, *self._load(seconds, rate))
        run(*line, cwd=self.folder, env={"PYTHONPATH": python_path()}, quiet=self._quiet)
        time.sleep(SCRAPE)  # until the last of them has been counted

    def open(self, seconds: float = 900.0, rate: float = 40.0) -> None:
        """Let customers come while you do something else, for 15 minutes or until `close`."""
        self._get_ready()
        line = self._load(seconds, rate)
        self._customers.append(
            Server(
                sys.executable,
                *line,
                log=self.folder / "load.log",
                cwd=self.folder,
                env={"PYTHONPATH": python_path()},
                quiet=self._quiet,
            )
        )

    def close(self) -> None:
        """End all that runs and remove the folder. Closing twice is no error."""
        self.stop_backup()
        self._send_home()
        self.prometheus.stop()
        self._end_checkouts()
        self._home.cleanup()

    def _found_by(self, config: str) -> str:
        """The configuration by which Prometheus finds the checkout."""
        return config.replace("PORT", str(self.port))

    def _end_checkouts(self) -> None:
        for server in self._checkouts:
            server.stop()

    def _get_ready(self) -> None:
        """Nobody else comes, and Prometheus has found all, which takes it five seconds."""
        self._send_home()
        until = time.monotonic() + START_SECONDS
        while len(self.prometheus.query("up == 1")) < self.replicas and time.monotonic() < until:
            time.sleep(0.1)

    def _send_home(self) -> None:
        for server in self._customers:
            server.stop()

    def _load(self, seconds: float, rate: float) -> tuple[str, ...]:
        number = len(list(self.folder.glob("load-*.csv")))
        # Another seed each time: nobody has used their voucher before.
        options = {"rate": rate, "seconds": seconds, "seed": number, "out": f"load-{number:03}.csv"}
        flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        return ("-m", "helpers.delivery.load", self.url, *flags)


def _wait_for_start(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.running:
        if SERVING in server.log.read_text(encoding="utf-8", errors="replace"):
            return
        time.sleep(0.05)
    server.stop()
    raise ProgramFailed(f"The checkout did not start.\n{server.tail()}")
