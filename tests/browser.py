"""A JupyterLab and a Chromium for the browser tests: open a lesson, run it, look at it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.programs import Server, free_port
from helpers.workspace import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SETTINGS = {
    # All cells are in the page at once, so that a test sees every one of them.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
_CELLS = "[...document.querySelectorAll('.jp-CodeCell')]"
_PROMPT = "c.querySelector('.jp-InputPrompt').textContent"
_TEXT = "c.querySelector('.cm-content').textContent"
_BEGUN = f"{_CELLS}.some(c => /\\[[\\d*]+\\]/.test({_PROMPT}))"
_LEFT = (
    f"{_CELLS}.filter(c => {_TEXT}.trim() !== '' && !/\\[\\d+\\]/.test({_PROMPT}))"
    f".map(c => {_PROMPT} + ' ' + {_TEXT}.slice(0, 60))"
)


class Page:
    """One lesson in a browser."""

    def __init__(self, page, url: str) -> None:
        from playwright.sync_api import TimeoutError

        self.page, self.problems, self.page_timeout = page, [], TimeoutError
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on("console", self._heard)
        page.goto(url)
        page.locator(".jp-Notebook").first.wait_for(timeout=90_000)
        self.idle()

    def _heard(self, message) -> None:
        if message.type == "error" and "favicon" not in message.text:
            self.problems.append(f"console: {message.text}")

    def idle(self) -> None:
        """Wait for a kernel that is started and has nothing to do."""
        self.page.get_by_text("| Idle").first.wait_for(timeout=120_000)

    def run_all(self) -> None:
        """Run > Run All Cells, to the last one."""
        self._press_run_all()
        try:
            self.page.wait_for_function(f"() => {_BEGUN}", timeout=30_000)
        except self.page_timeout:
            self._press_run_all()  # the first press met a menu that was not ready
        left = before = None
        while left != 0:
            try:
                self.page.wait_for_function(
                    f"before => {_LEFT}.length !== before", arg=before, timeout=150_000
                )
            except self.page_timeout:
                raise AssertionError(self._where_it_stands()) from None
            left = before = self.page.evaluate(f"() => {_LEFT}.length")
        self.idle()

    def _press_run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()

    def _where_it_stands(self) -> str:
        cells = self.page.evaluate(f"() => {_LEFT}.slice(0, 3)")
        status = self.page.locator("#jp-bottom-panel, #jp-main-statusbar").all_inner_texts()
        dialogs = self.page.locator(".jp-Dialog").all_inner_texts()
        return (
            f"no cell has ended for 150 s; next: {cells}; status bar: {status}; "
            f"dialogs: {dialogs}; errors: {self.errors()}"
        )

    def errors(self) -> list[str]:
        """The texts of all error outputs, and what the page itself complained of."""
        outputs = self.page.locator('[data-mime-type="application/vnd.jupyter.error"]')
        return [*outputs.all_inner_texts(), *self.problems]

    def cell(self, text: str):
        """The code cell that holds `text`."""
        return self.page.locator(".jp-CodeCell").filter(has_text=text).first

    def replace(self, cell, code: str) -> None:
        """Write `code` into a cell in place of what stands there, and run it."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Control+Enter")


@contextlib.contextmanager
def lab(folder: Path) -> Iterator[str]:
    """A JupyterLab on a copy of the notebooks in `folder`; gives its address, `{}` for a name."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", dirs_exist_ok=True)
    settings = folder / "settings"
    for plugin, values in _SETTINGS.items():
        file = settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    own = {
        name: str(folder / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    port = free_port()
    server = Server(
        *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t"),
        f"--ServerApp.root_dir={folder}",
        "--LanguageServerManager.autodetect=False",  # it asks npm, which writes logs at home
        port=port,
        log=folder / "lab.log",
        cwd=folder,
        env={
            **own,
            # As where the course is installed; the tests' own Python may find it by path alone.
            "JUPYTER_CONFIG_PATH": str(ROOT / "helpers" / "setup" / "jupyter" / "off"),
            "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "PYTHONPATH": str(ROOT),
            "TWO_LOOPS_WORKSPACE": os.environ.get("TWO_LOOPS_WORKSPACE", str(folder / "workspace")),
        },
        quiet=True,
    )
    with server.wait("/api?token=t", limit=90):
        # A workspace of its own for each lesson: a tab that opened those of other tabs as well
        # would ask, before all else, what to do when one of these changes on disk.
        yield f"{server.url}/lab/workspaces/lesson-{{0:.2}}/tree/notebooks/{{0}}?token=t"


@contextlib.contextmanager
def chromium(width: int = 1280, height: int = 1000) -> Iterator:
    """A headless Chromium; gives a function that opens a new tab."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        try:
            yield lambda: browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()
