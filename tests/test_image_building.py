"""The service's image, built and started by a real Docker Engine."""

import os
import subprocess

import pytest

from helpers.delivery.image import building, built_and_run
from helpers.delivery.practice import practice_repository
from helpers.programs import ProgramFailed
from helpers.setup import wheels


@pytest.fixture
def repository():
    return practice_repository()


def needs_base(repository):
    """Skip where the base image cannot be had, or fail where every tool has to be there."""
    if lacking := building._lacking(repository):
        (pytest.fail if os.environ.get("REQUIRE_TOOLS") == "1" else pytest.skip)(lacking)


@pytest.mark.needs_tool("docker")
def test_an_engine_makes_anew_what_the_recipe_says_and_the_service_is_well(repository):
    needs_base(repository)
    before = {path: path.read_bytes() for path in repository.glob("*") if path.is_file()}
    builds = built_and_run(repository)
    assert builds["layers made anew"].tolist() == [3, 1, 0]
    assert builds["health"].tolist() == ["healthy"] * 3
    assert set(builds["user"]) == {"10001:10001"}
    assert {path: path.read_bytes() for path in before} == before
    listed = subprocess.run(["docker", "image", "ls"], capture_output=True, text=True).stdout
    assert "corner-checkout" not in listed
    listed = subprocess.run(["docker", "ps", "-a"], capture_output=True, text=True).stdout
    assert "corner-checkout" not in listed


@pytest.mark.needs_tool("docker")
def test_a_service_that_cannot_start_is_not_healthy(repository):
    needs_base(repository)
    app = repository / "checkout" / "app.py"
    app.write_text("raise SystemExit('no till today')\n")
    builds = built_and_run(repository)
    assert "healthy" not in set(builds["health"])


@pytest.mark.needs_tool("docker")
def test_a_recipe_that_fails_shows_the_end_of_the_build(repository):
    needs_base(repository)
    recipe = repository / "Dockerfile"
    recipe.write_text(recipe.read_text() + "RUN no-such-program\n")
    with pytest.raises(ProgramFailed, match="no-such-program"):
        built_and_run(repository)


def test_without_an_engine_a_recorded_table_is_shown_as_such(repository, capsys, monkeypatch):
    monkeypatch.setattr("helpers.tools.Tool.found_version", lambda self: None)
    builds = built_and_run(repository)
    said = capsys.readouterr().out
    assert "No Docker Engine answers here" in said and "Recorded on another machine" in said
    assert builds["layers made anew"].tolist() == [3, 1, 0]


def test_the_base_is_the_recipes_own_unless_another_is_named(repository, monkeypatch):
    monkeypatch.delenv(building.BASE, raising=False)
    assert building.base(repository) == "python:3.12-slim"
    monkeypatch.setenv(building.BASE, "corner/base:1")
    assert building.base(repository) == "corner/base:1"


@pytest.mark.parametrize(
    ("machine", "processor"), [("x86_64", "x86_64"), ("AMD64", "x86_64"), ("arm64", "aarch64")]
)
def test_wheels_are_those_of_containers_on_this_processor(
    machine, processor, tmp_path, monkeypatch
):
    monkeypatch.setattr(wheels.platform, "machine", lambda: machine)
    line = wheels.command("3.12", tmp_path)
    assert f"--platform=manylinux_2_28_{processor}" in line and "--only-binary=:all:" in line
