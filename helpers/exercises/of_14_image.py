"""Exercises of lesson 14 on what an image is: digests, layers over each other, what they keep."""

import hashlib
from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case, before, in_order

GIVEN = "import hashlib"


def _blobs(rng: np.random.Generator) -> Iterator[Case]:
    data = rng.bytes(40)
    true = hashlib.sha256(data).hexdigest()
    last = "0" if true[-1] != "0" else "1"
    yield Case((f"sha256:{true}", data), "an unchanged blob")
    yield Case((f"sha256:{true}", data + b"!"), "a blob with one byte more")
    yield Case((f"sha256:{true[:-1]}{last}", data), "a name of which the last digit is another")


INTACT = Exercise(
    id="14.1",
    title="Check a digest by hand",
    task="Finish `intact(name, data)`: True where the bytes are those that the name promises.",
    answer="intact",
    given=GIVEN,
    trial=Calls(fresh=_blobs, show=f"'sha256:{hashlib.sha256(b'hello').hexdigest()}', b'hello'"),
    solution=(
        "def intact(name, data):\n"
        "    computed = hashlib.sha256(data).hexdigest()\n"
        '    return name == "sha256:" + computed'
    ),
    why="The name is computed from the bytes, so nobody can change the bytes and keep the name.",
    hints=(
        "Print `name` and `computed` for a small blob. What has one that the other lacks?",
        'The name is "sha256:" followed by the 64 digits in `computed`. Compare them whole.',
    ),
    also=(
        "def intact(name, data):\n"
        '    kind, _, digits = name.partition(":")\n'
        '    return kind == "sha256" and digits == hashlib.sha256(data).hexdigest()',
    ),
    mistakes=(
        Mistake(
            "without the prefix",
            "def intact(name, data):\n    return name == hashlib.sha256(data).hexdigest()",
            "The name begins with `sha256:` and the computed digits do not, so this is never "
            "True. Put the prefix before the digits.",
        ),
        Mistake(
            "the short form",
            "def intact(name, data):\n"
            "    return name[7:19] == hashlib.sha256(data).hexdigest()[:12]",
            "This compares twelve digits only, as tools show them. The promise is in all 64: "
            "compare the whole name.",
        ),
        Mistake(
            "looks at the form",
            'def intact(name, data):\n    return name.startswith("sha256:")',
            "This says only that the name looks like a digest. Compute the digest of `data` and "
            "compare.",
        ),
        Mistake(
            "gives the digest",
            'def intact(name, data):\n    return "sha256:" + hashlib.sha256(data).hexdigest()',
            "This is the right name of the bytes, but the question is whether it is the name "
            "that was given. Compare the two.",
        ),
    ),
)


def _layers(rng: np.random.Generator) -> Iterator[Case]:
    for count in (3, 6):
        layers = []
        for n in range(count):
            paths = rng.choice(["app.py", "key", "notes", "data"], 2, replace=False)
            files = {str(path): f"{n}-{rng.integers(100)}" for path in paths}
            layers.append((files, [str(rng.choice(["key", "notes", "gone"]))]))
        layers.append(({"key": "new"}, ["key"]))
        yield Case((layers,), f"{count + 1} layers, the last of which replaces a file")


SHOW = "[({'app.py': '1', 'key': 's'}, []), ({'app.py': '2'}, ['key', 'app.py'])]"

SEEN = Exercise(
    id="14.2",
    title="What a container sees",
    task="Put the lines in order: the files that a container sees when all layers are laid over "
    "each other.",
    answer="lines",
    given=GIVEN,
    lines=(
        "    seen.update(files)",
        "return seen",
        "for files, removed in layers:",
        "        seen.pop(path, None)",
        "seen = {}",
        "    for path in removed:",
    ),
    trial=Calls(fresh=_layers, show=SHOW, prepare=in_order("def visible_files(layers):")),
    solution='lines = "E C F D A B"',
    why="What a layer removes lies below it. So it removes first, and then adds its own files.",
    hints=(
        "Before the first layer a container sees nothing.",
        "In each layer: first the loop over what it removes, then its own files.",
    ),
    also=('lines = ["e", "c", "f", "d", "a", "b"]',),
    mistakes=(
        Mistake(
            "returns early",
            'lines = "B E C F D A"',
            "What follows a `return` never runs, so `return` comes last.",
            lambda letters: letters[-1] != "B",
        ),
        Mistake(
            "begins after the loop",
            'lines = "C F D A E B"',
            "The loop uses `seen` before it is there, or it is emptied at the end. Begin with "
            "the empty dictionary.",
            before("C", "E"),
        ),
        Mistake(
            "adds before it removes",
            'lines = "E C A F D B"',
            "A layer that replaces a file would remove its own new one. Remove what lies below "
            "first, then add.",
        ),
    ),
)


def _with_secret(rng: np.random.Generator) -> Iterator[Case]:
    secret = f"pin-{rng.integers(1000, 9999)}"
    clean = ({"app.py": "print(1)"}, [])
    first = ({"settings": f"a={secret}\n", "app.py": "x"}, [])
    yield Case(([clean, first, ({}, ["settings"])], secret), "a secret that is removed later")
    yield Case(([first, clean, ({"log": secret}, [])], secret), "a secret in two layers")
    yield Case(([clean, ({"key": "none"}, [])], secret), "no secret")


LEAKS = Exercise(
    id="14.3",
    title="Find a secret in the layers",
    task="Write `leaking(layers, secret)`: the numbers, from 0, of all layers in which the content "
    "of some file holds the secret.",
    answer="leaking",
    given=GIVEN,
    trial=Calls(
        fresh=_with_secret,
        show="[({'app.py': 'run()'}, []), ({'key': 'pin 4711'}, []), ({}, ['key'])], '4711'",
    ),
    solution=(
        "def leaking(layers, secret):\n"
        "    return [\n"
        "        number\n"
        "        for number, (files, _) in enumerate(layers)\n"
        "        if any(secret in content for content in files.values())\n"
        "    ]"
    ),
    why="Every layer is sent to whoever pulls the image. A later layer hides a file and takes "
    "nothing back.",
    hints=(
        "`enumerate(layers)` gives each layer with its number.",
        "`any(secret in content for content in files.values())` says whether one layer holds it. "
        "What the layers remove does not matter.",
    ),
    also=(
        "def leaking(layers, secret):\n"
        "    found = []\n"
        "    for number in range(len(layers)):\n"
        "        if secret in '\\n'.join(layers[number][0].values()):\n"
        "            found.append(number)\n"
        "    return found",
    ),
    mistakes=(
        Mistake(
            "skips what was removed",
            "def leaking(layers, secret):\n"
            "    gone = {path for _, removed in layers for path in removed}\n"
            "    return [n for n, (files, _) in enumerate(layers)\n"
            "            if any(secret in c for p, c in files.items() if p not in gone)]",
            "Files that a later layer removes are left out here. They are still in the image: "
            "look at each layer by itself.",
        ),
        Mistake(
            "looks at names",
            "def leaking(layers, secret):\n"
            "    return [n for n, (files, _) in enumerate(layers)\n"
            "            if any(secret in path for path in files)]",
            "This looks at the names of files. A secret stands in their content: go through "
            "`files.values()`.",
        ),
        Mistake(
            "counts from 1",
            "def leaking(layers, secret):\n"
            "    return [n for n, (files, _) in enumerate(layers, 1)\n"
            "            if any(secret in c for c in files.values())]",
            "The layers are right and their numbers are one too high. Count from 0.",
        ),
        Mistake(
            "stops at the first",
            "def leaking(layers, secret):\n"
            "    return [n for n, (files, _) in enumerate(layers)\n"
            "            if any(secret in c for c in files.values())][:1]",
            "Only the first layer is given. A secret can be in several, and each has to be made "
            "anew: give them all.",
        ),
    ),
)
