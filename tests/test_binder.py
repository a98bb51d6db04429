"""Binder: the recipe of its image, rendered and not built, and the link that opens it."""

import os
import re
import subprocess

import pytest

from helpers.setup.binder import binder_link, main, remote_of
from helpers.workspace import ROOT

# How repo2docker installs what a binder/apt.txt asks for.
APT = re.compile(r"^apt-get install --yes --no-install-recommends (.+?) &&", re.MULTILINE)
OPENS = "?urlpath=lab/tree/notebooks/00_start_here.ipynb"


@pytest.fixture(scope="module")
def recipe():
    """What repo2docker makes of this repository: the build pack that takes it, and its text."""
    from repo2docker.app import Repo2Docker

    app, before = Repo2Docker(), os.getcwd()
    os.chdir(ROOT)
    try:
        packs = (pack(base_image=app.base_image) for pack in app.buildpacks)
        pack = next(pack for pack in packs if pack.detect())
        pack.platform = "linux/amd64"
        return pack, pack.render({})
    finally:
        os.chdir(before)


def test_the_image_has_the_python_that_the_lock_allows(recipe):
    pack, text = recipe
    assert pack.python_version == "3.12"
    assert "environment-2epy-2d3-2e12-2dlinux-2d64" in text


def test_the_image_installs_the_lock_once_the_repository_is_there(recipe):
    install = 'pip install --no-cache-dir -r "binder/requirements.txt"'
    assert recipe[1].count(install) == 1
    assert recipe[1].index("COPY --chown=1000:1000 src/ ${REPO_DIR}/") < recipe[1].index(install)


def test_binders_requirements_are_the_lock():
    words = (ROOT / "binder" / "requirements.txt").read_text().split()
    assert words[0] == "-r" and len(words) == 2
    lock = (ROOT / "binder" / words[1]).resolve()
    assert lock == ROOT / "requirements.txt"
    assert "-e ." in lock.read_text().splitlines()  # pip stands in the repository's root there


def test_the_image_has_the_system_packages_that_the_lessons_call(recipe):
    """git and make come with buildpack-deps, on which Binder builds; the lessons need no other."""
    pack, text = recipe
    assert "buildpack-deps:" in pack.base_image
    assert APT.findall(text) == []


@pytest.mark.parametrize(
    ("remote", "repository"),
    [
        ("https://github.com/corner/two-loops.git", "gh/corner/two-loops"),
        ("https://github.com/corner/two-loops/", "gh/corner/two-loops"),
        ("https://someone:secret@github.com/corner/two-loops", "gh/corner/two-loops"),
        ("git@github.com:corner/two-loops.git", "gh/corner/two-loops"),
        ("ssh://git@github.com/corner/two-loops.git", "gh/corner/two-loops"),
        ("ssh://git@github.com:22/corner/two-loops.git", "gh/corner/two-loops"),
        ("git@gitlab.com:corner/school/two.loops.git", "gl/corner%2Fschool%2Ftwo.loops"),
    ],
)
def test_the_link_follows_the_remote(remote, repository):
    assert binder_link(remote) == f"https://mybinder.org/v2/{repository}/HEAD{OPENS}"


@pytest.mark.parametrize(
    "remote",
    ["https://git.corner.example/two-loops.git", "/srv/git/two-loops", "https://github.com.evil/x"],
)
def test_no_link_for_a_host_that_binder_does_not_know(remote):
    with pytest.raises(ValueError, match="GitHub and GitLab"):
        binder_link(remote)


@pytest.fixture
def checkout(tmp_path):
    """An empty git repository, and a way to give it remotes."""

    def git(*arguments):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    return tmp_path, lambda name, url: git("remote", "add", name, url)


def test_the_link_is_printed_for_the_checkouts_own_remote(checkout, capsys):
    folder, add = checkout
    add("fork", "git@github.com:someone/two-loops.git")
    assert remote_of(folder) == "git@github.com:someone/two-loops.git"
    add("origin", "git@github.com:corner/two-loops.git")
    assert main(folder) == 0
    assert capsys.readouterr().out.strip().endswith(f"gh/corner/two-loops/HEAD{OPENS}")


def test_without_a_remote_one_learns_what_to_do(checkout, capsys):
    folder, add = checkout
    assert main(folder) == 1
    assert "Push it to GitHub or GitLab" in capsys.readouterr().err
    add("one", "x")
    add("two", "y")
    assert main(folder) == 1
    assert "None of one, two is called origin" in capsys.readouterr().err
