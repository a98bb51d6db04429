"""The practice repository's past: who did what when, and what each file looked like before.

The newest files are the service's own and those under template/. An older state is made from
them: files that came later are left out, and later changes are taken back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MIRA = "Mira Okafor <mira@corner.example>"
JONAS = "Jonas Lind <jonas@corner.example>"
INES = "Ines Duarte <ines@corner.example>"


@dataclass(frozen=True)
class Change:
    """A passage of a file, before a step and after it."""

    path: str
    before: str
    after: str

    def taken_back(self, text: str) -> str:
        """The file before the change. Raises ValueError where the passage is not there once."""
        if text.count(self.after) != 1:
            raise ValueError(f"{self.path} does not hold exactly once:\n{self.after}")
        return text.replace(self.after, self.before)


@dataclass(frozen=True)
class NewSection:
    """A section of a Markdown file that comes with a step."""

    path: str
    title: str

    def taken_back(self, text: str) -> str:
        """The file without the section. Raises ValueError where there is none."""
        section = rf"\n## {re.escape(self.title)}\n.*?(?=\n## |\Z)"
        without, found = re.subn(section, "", text, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"{self.path} has no section {self.title}")
        return without


@dataclass(frozen=True)
class Step:
    """One commit. when: as git reads it, with a time zone.

    adds: paths that are new; one that ends in "/" stands for all below it. tag: the release that
    it is. branch: where it lies on a branch of its own, which is then merged into main.
    """

    author: str
    when: str
    message: str
    adds: tuple[str, ...] = ()
    changes: tuple[Change | NewSection, ...] = ()
    tag: str = ""
    branch: str = ""


def _version(before: str, after: str) -> Change:
    line = '__version__ = "{}"'
    return Change("checkout/__init__.py", line.format(before), line.format(after))


def _service(*names: str) -> tuple[str, ...]:
    return tuple(f"checkout/{name}.py" for name in names)


NO_DEPENDENCIES = Change(
    "pyproject.toml",
    "dependencies = []\n",
    """dependencies = [
    "fastapi>=0.115",
    "prometheus-client>=0.21",
    "pydantic-settings>=2.7",
    "uvicorn>=0.34",
]
""",
)

HALF_A_CENT = Change(
    "checkout/pricing.py",
    """    return round(cents * percent / 100)
""",
    """    return (cents * percent + 50) // 100
""",
)

HISTORY = (
    Step(
        MIRA,
        "2025-03-03 09:41:00 +0100",
        "Price a basket in whole cents\n\nSums of floats drift by a cent; the till then disagrees "
        "with the receipt.",
        (
            "README.md",
            "pyproject.toml",
            ".gitignore",
            ".gitattributes",
            "tests/test_pricing.py",
            *_service("__init__", "pricing"),
        ),
    ),
    Step(
        JONAS,
        "2025-03-04 15:20:00 +0100",
        "Keep payments in one SQLite file, one for each key\n\nA till that lost its network asks "
        "again. The database refuses the second charge,\nnot our code.",
        ("tests/test_ledger.py", *_service("ledger")),
    ),
    Step(
        INES,
        "2025-03-06 11:05:00 +0100",
        "Add settings, logs, counters and one form for errors\n\nEvery service here has these; "
        "they come before the first request does.",
        _service("settings", "logs", "metrics", "problems", "observe"),
        (NO_DEPENDENCIES,),
    ),
    Step(
        MIRA,
        "2025-03-11 16:48:00 +0100",
        "Serve it: price, voucher, payment, health",
        ("tests/test_app.py", *_service("__main__", "app", "decisions", "limit", "schemas")),
        (_version("0.1.0", "1.0.0"), NewSection("README.md", "Run it")),
        tag="v1.0.0",
    ),
    Step(
        JONAS,
        "2025-03-12 10:30:00 +0100",
        "Lint, test and build at each push\n\nMira's branch passed on her laptop and failed on "
        "mine.",
        (".github/", ".actrc", "ci/", "hooks/"),
        (NewSection("README.md", "Pipeline"),),
    ),
    Step(
        MIRA,
        "2025-03-18 14:12:00 +0100",
        "Build an image that runs without root",
        ("Dockerfile", ".dockerignore", "requirements.txt"),
        (NewSection("README.md", "Image"),),
    ),
    Step(
        INES,
        "2025-03-20 08:55:00 +0100",
        "Round half a cent to the customer's favour\n\nround() takes 2.5 to 2. A customer with "
        "5 % off 0.50 noticed.",
        ("tests/test_rounding.py",),
        (HALF_A_CENT, _version("1.0.0", "1.0.1")),
        tag="v1.0.1",
    ),
    Step(
        JONAS,
        "2025-03-25 17:02:00 +0100",
        "Run the same pipeline on Jenkins\n\nThe shops in the north build on their own server.",
        ("Jenkinsfile",),
        branch="jenkins",
    ),
    Step(
        INES,
        "2025-04-01 13:37:00 +0200",
        "Call somebody when the error budget burns\n\n99.9 % of requests without our error, 99 % "
        "within a tenth of a second. What the cluster is to run lies in deploy/.",
        ("monitoring/", "deploy/"),
        (
            _version("1.0.1", "1.1.0"),
            NewSection("README.md", "Watch it"),
            NewSection("README.md", "Deploy"),
        ),
        tag="v1.1.0",
    ),
)


def states(newest: Mapping[str, str]) -> list[dict[str, str]]:
    """The files after each step of the history, from path to text, given the newest ones.

    Raises ValueError where a file belongs to no step, or a change is not to be found in it.
    """
    files, made = dict(newest), []
    for step in reversed(HISTORY):
        made.append(dict(files))
        for change in step.changes:
            files[change.path] = change.taken_back(files[change.path])
        files = {path: text for path, text in files.items() if not _is_new(path, step)}
    if files:
        raise ValueError(f"no step of the history adds {', '.join(sorted(files))}")
    return made[::-1]


def _is_new(path: str, step: Step) -> bool:
    return any(path == new or (new.endswith("/") and path.startswith(new)) for new in step.adds)
