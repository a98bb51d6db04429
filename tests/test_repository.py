"""What no file in the repository may hold: a registry's host, or the path of a machine."""

import re
import shutil
import subprocess

import pytest

from helpers.workspace import ROOT

TEXT = {".py", ".md", ".ipynb", ".toml", ".txt", ".cfg", ".json", ".yml", ".yaml", ".sh", ".csv"}
# Spelt so that this file does not hold what it looks for.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "registry" + ".npmjs", "deb" + ".debian"]
HOSTS += ["conda" + ".anaconda", "proxy" + ".golang"]
PLACES = ["/ro" + "ot/", "/wo" + "rk/", "/opt/" + "wheels", r"/ho" + r"me/(?!jovyan\b)\w+/"]
FORBIDDEN = re.compile("|".join([*map(re.escape, HOSTS), *(rf"(?<![\w.)}}-]){p}" for p in PLACES)]))


def tracked():
    """The files that git keeps, or would keep at the next `git add`."""
    answer = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.needs_tool("git")
def test_no_file_names_a_registry_or_a_machines_path():
    files = [path for path in tracked() if path.suffix in TEXT or not path.suffix]
    assert len(files) > 20
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := FORBIDDEN.search(line))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", [f"pip install -i https://{HOSTS[0]}/simple", "cd " + "/ro" + "ot/x", "'/wo" + "rk/a'"]
)
def test_such_a_line_would_be_seen(line):
    assert FORBIDDEN.search(line)


def test_the_code_is_clean():
    for arguments in (["check"], ["format", "--check"]):
        answer = subprocess.run(
            [shutil.which("ruff"), *arguments, "."], cwd=ROOT, capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
