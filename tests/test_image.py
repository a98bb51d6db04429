"""Images by hand: the same bytes give the same digests, and nothing hides in a layer."""

import gzip
import hashlib
import io
import json
import platform
import subprocess
import sys
import tarfile
from importlib import metadata

import pytest

from helpers.delivery.image import (
    Image,
    archive,
    bill_of_materials,
    faults,
    instructions,
    layer,
    layers_with,
    printing,
    read,
    rebuilt,
    try_in_docker,
    visible,
    write,
)
from helpers.delivery.practice import practice_files

KEY = "pin-of-the-till"


@pytest.fixture
def image():
    return Image(
        [
            layer({"srv/app.py": "print('one')\n", "etc/secret": KEY}, created_by="COPY . ."),
            layer({"srv/app.py": "print('two')\n"}, removed=["etc/secret"], created_by="RUN rm"),
        ],
        run={"Cmd": ["python3", "/srv/app.py"], "User": "10001"},
    )


@pytest.fixture
def folder(image, tmp_path):
    return write(image, tmp_path / "layout", tag="1.0")


def test_the_order_in_which_files_are_given_does_not_matter():
    one, other = layer({"b": "2", "a/c": "1"}), layer({"a/c": "1", "b": "2"})
    assert (one.digest, one.diff_id) == (other.digest, other.diff_id)
    assert layer({"b": "2", "a/c": "3"}).digest != one.digest


def test_nothing_of_this_machine_is_in_a_layer():
    with tarfile.open(fileobj=io.BytesIO(layer({"a/b": "x"}).tar)) as tar:
        assert {(e.mtime, e.uid, e.gid, e.uname) for e in tar} == {(0, 0, 0, "")}
        assert tar.getnames() == ["a", "a/b"]


def test_only_what_is_named_executable_may_be_run():
    made = layer({"bin/run": "x", "srv/data": "y"}, executable=["bin/run"])
    with tarfile.open(fileobj=io.BytesIO(made.tar)) as tar:
        assert {e.name: e.mode for e in tar if e.isfile()} == {"bin/run": 0o755, "srv/data": 0o644}


def test_a_layer_has_two_digests_one_packed_and_one_not(image):
    one = image.layers[0]
    assert one.digest == "sha256:" + hashlib.sha256(one.blob).hexdigest()
    assert one.diff_id == "sha256:" + hashlib.sha256(gzip.decompress(one.blob)).hexdigest()


def test_each_name_leads_to_the_next_from_the_index_down(image, folder):
    index = json.loads((folder / "index.json").read_text())
    assert index["manifests"][0]["digest"] == image.digest
    blobs = folder / "blobs" / "sha256"
    manifest = json.loads((blobs / image.digest[7:]).read_text())
    for one in (manifest["config"], *manifest["layers"]):
        data = (blobs / one["digest"][7:]).read_bytes()
        assert (one["size"], one["digest"][7:]) == (len(data), hashlib.sha256(data).hexdigest())
    config = json.loads((blobs / manifest["config"]["digest"][7:]).read_text())
    assert config["rootfs"]["diff_ids"] == [one.diff_id for one in image.layers]


def test_a_tag_moves_and_a_digest_does_not(image, folder):
    newer = Image([layer({"srv/app.py": "print('three')\n"})])
    write(newer, folder, tag="1.0")
    write(image, folder, tag="0.9")
    index = json.loads((folder / "index.json").read_text())
    assert len(index["manifests"]) == 2, "a moved tag leaves no second entry of its name"
    assert visible(read(folder, "1.0"))["srv/app.py"] == b"print('three')\n"
    assert visible(read(folder, "0.9"))["srv/app.py"] == b"print('two')\n"
    with pytest.raises(KeyError, match=r"0\.9, 1\.0"):
        read(folder, "2.0")


def test_what_a_later_layer_removes_is_still_in_the_earlier_one(folder):
    layers = read(folder, "1.0")
    assert layers[1].removed == ("etc/secret",)
    assert set(visible(layers)) == {"srv/app.py"}
    (found,) = layers_with(layers, KEY)
    assert (found.layer, found.path, found.visible) == (0, "etc/secret", False)
    assert [f.visible for f in layers_with(layers, "app.py")] == [False, True]


def test_a_removed_folder_takes_its_files_along(tmp_path):
    image = Image([layer({"a/b/c": "1", "ab": "2"}), layer({}, removed=["a"])])
    assert set(visible(read(write(image, tmp_path / "x")))) == {"ab"}


def test_a_blob_that_somebody_changed_is_found(image, folder):
    assert faults(folder) == []
    blob = folder / "blobs" / "sha256" / image.layers[1].digest[7:]
    blob.write_bytes(blob.read_bytes()[:-1] + b"!")
    assert len(faults(folder)) == 1 and faults(folder)[0].startswith(blob.name[:12])
    with pytest.raises(ValueError, match="has been changed"):
        read(folder, "1.0")


@pytest.mark.parametrize("path", ["/etc/passwd", "../out", "a/../../b", ""])
def test_no_path_leads_out_of_the_image(path):
    with pytest.raises(ValueError, match=r"srv/app\.py"):
        layer({path: "x"})


def test_the_bill_names_each_package_once_with_its_version():
    bill = bill_of_materials("checkout", "1.0", ["fastapi", "pydantic_core", "fastapi"])
    names = [one["purl"] for one in bill["components"]]
    version = metadata.version
    assert names == [
        f"pkg:pypi/fastapi@{version('fastapi')}",
        f"pkg:pypi/pydantic-core@{version('pydantic_core')}",
    ]
    with pytest.raises(metadata.PackageNotFoundError):
        bill_of_materials("checkout", "1.0", ["no-such-package"])


def test_a_dockerfile_is_read_into_instructions():
    steps = instructions("# a\nFROM x\n\nRUN a && \\\n  # why\n  b\ncopy . /srv\n")
    assert [(s.line, str(s)) for s in steps] == [
        (2, "FROM x"),
        (4, "RUN a && b"),
        (7, "COPY . /srv"),
    ]


def test_a_change_of_code_installs_nothing_again():
    steps = instructions(practice_files()["Dockerfile"])
    assert [str(s) for s in rebuilt(steps, "checkout/app.py")] == ["COPY checkout checkout"]
    assert [s.word for s in rebuilt(steps, "requirements.txt")] == ["COPY", "RUN", "COPY"]
    assert rebuilt(steps, "README.md") == []
    everything = instructions("FROM x\nCOPY . .\nRUN install\n")
    assert [s.word for s in rebuilt(everything, "README.md")] == ["COPY", "RUN"]


@pytest.mark.needs_tool("docker")
def test_a_docker_engine_loads_the_image_under_the_digest_computed_here(image, tmp_path):
    name = "two-loops-test:by-hand"
    file = archive(image, tmp_path / "image.tar", name)

    def docker(*words):
        return subprocess.run(
            ["docker", *words], check=True, capture_output=True, text=True, timeout=60
        ).stdout

    try:
        docker("load", "--input", str(file))
        told = json.loads(docker("image", "inspect", name))[0]
        assert told["RootFS"]["Layers"] == [one.diff_id for one in image.layers]
        config = "sha256:" + hashlib.sha256(image.config()).hexdigest()
        assert told["Id"] in (config, image.digest)  # the older image store, the newer one
    finally:
        subprocess.run(["docker", "image", "rm", "--force", name], capture_output=True)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="a program for Linux, x86-64"
)
def test_the_smallest_program_runs(tmp_path):
    program = tmp_path / "hello"
    program.write_bytes(printing("Grüße\n"))
    program.chmod(0o755)
    done = subprocess.run([program], capture_output=True, timeout=10, check=True)
    assert done.stdout.decode() == "Grüße\n"


@pytest.fixture
def hello():
    program = layer({"hello": printing("Hello from an image made by hand\n")}, executable=["hello"])
    run = {"Cmd": ["/hello"], "User": "10001:10001"}
    return Image([program, layer({"srv/version": "1.0\n"})], run)


@pytest.mark.needs_tool("docker")
def test_a_docker_engine_runs_an_image_made_by_hand(hello, capfd):
    assert try_in_docker(hello) is True
    said = capfd.readouterr().out
    assert "2 layers, user 10001:10001" in said and "\nHello from an image made by hand\n" in said


def test_without_an_engine_what_was_recorded_is_shown(hello, capfd, monkeypatch):
    monkeypatch.setattr("helpers.tools.Tool.found_version", lambda self: None)
    assert try_in_docker(hello) is False
    said = capfd.readouterr().out
    assert "No Docker Engine answers here" in said and "Recorded" in said
