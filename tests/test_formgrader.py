"""nbgrader's menus: off where learners are, on where an instructor asks for them."""

import json
import sys
import sysconfig
import urllib.request
from pathlib import Path

import pytest

from helpers.__main__ import main
from helpers.notebooks import named
from helpers.notebooks.course_folder import fill
from helpers.programs import Server, free_port
from helpers.setup.formgrader import MENUS_ON, command
from helpers.workspace import ROOT

OFF = MENUS_ON.parent / "off"
SERVER = "jupyter_server_config.d/two-loops.json"
PAGE = "labconfig/page_config.d/two-loops.json"


def extensions(path: Path) -> dict[str, bool]:
    return json.loads(path.read_text())["ServerApp"]["jpserver_extensions"]


def test_all_that_nbgrader_switches_on_is_named_in_both_settings():
    its_own = extensions(Path(sys.prefix, "etc/jupyter/jupyter_server_config.d/nbgrader.json"))
    assert its_own == extensions(MENUS_ON / "jupyter_server_config.json")
    assert dict.fromkeys(its_own, False) == extensions(OFF / SERVER)


def test_beside_nbgraders_own_settings_those_of_the_course_win(tmp_path):
    from jupyter_server.extension.config import ExtensionConfigManager

    folder = tmp_path / "jupyter_server_config.d"
    folder.mkdir()
    its_own = Path(sys.prefix, "etc/jupyter", folder.name, "nbgrader.json").read_text()
    (folder / "nbgrader.json").write_text(its_own)
    (folder / "two-loops.json").write_text((OFF / SERVER).read_text())
    found = ExtensionConfigManager(read_config_path=[str(tmp_path)]).get_jpserver_extensions()
    assert found and not any(found.values())


def test_the_courses_installation_has_put_its_settings_into_the_environment():
    if not list(Path(sysconfig.get_path("purelib")).glob("two_loops-*.dist-info")):
        pytest.skip("the course is on the path here, not installed")
    for name in (SERVER, PAGE):
        assert Path(sys.prefix, "etc/jupyter", name).read_text() == (OFF / name).read_text()


def test_an_instructors_jupyterlab_has_them(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # as with .venv/bin/python, nothing activated
    own = {n: str(tmp_path / n) for n in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    own["JUPYTER_RUNTIME_DIR"] = str(tmp_path / "runtime")
    port = free_port()
    fill(tmp_path, named(["43"]))
    options = ["--no-browser", "--allow-root", "--LanguageServerManager.autodetect=False"]
    options += [f"--ServerApp.port={port}", "--IdentityProvider.token=t"]
    line, environment = command(options)
    server = Server(
        *line, port=port, log=tmp_path / "log", cwd=tmp_path, env=environment | own, quiet=True
    )
    with server.wait("/api?token=t", limit=90):
        page = urllib.request.urlopen(f"{server.url}/lab?token=t").read().decode()
        config = json.loads(
            page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
        )
        assert "@jupyter/nbgrader" not in config["disabledExtensions"]
        listed = urllib.request.urlopen(f"{server.url}/formgrader/api/assignments?token=t")
        assert [one["name"] for one in json.load(listed)] == ["43_which_loop_whose_job"]


def test_a_folder_that_is_no_course_is_refused(tmp_path, capsys):
    assert main(["formgrader", str(tmp_path)]) == 1
    assert "python -m helpers nbgrader --into" in capsys.readouterr().err


def test_the_settings_are_where_pyproject_takes_them_from():
    text = (ROOT / "pyproject.toml").read_text()
    for name in (SERVER, PAGE):
        assert f'"{(OFF / name).relative_to(ROOT).as_posix()}"' in text
