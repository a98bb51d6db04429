"""13.4, a secret found in a log: as it is, in base64, and backwards."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import numpy as np

from helpers.exercises.base import Exercise, Mistake
from helpers.exercises.trials import Calls, Case

GIVEN = "import base64"


def _logs(rng: np.random.Generator) -> Iterator[Case]:
    letters = list("abcdefghkmnpqrstuvwxyz23456789-")
    secret = "".join(rng.choice(letters, int(rng.integers(9, 14))))
    other = "".join(rng.choice(letters, 12))
    coded = base64.b64encode(secret.encode()).decode()
    yield Case((f"[a] | the token is ***\n[a] | {other}", secret), "a log that is clean")
    yield Case((f"[a] | {secret}\n[b] | done", secret), "a log with the secret as it is")
    inside = f"[a] | GET /pay?key={secret}&n=1"
    yield Case((inside, secret), "a log with the secret inside a word")
    yield Case((f"[a] | Authorization: Basic {coded}\n", secret), "a log with the secret in base64")
    yield Case((f"[a] | {secret[::-1]}x\n", secret), "a log with the secret backwards")
    both = f"[a] | {secret[::-1]}\n[a] | ***\n[b] | q={coded}"
    yield Case((both, secret), "a log with the secret in two forms")


SOLUTION = """\
def leaks(log, secret):
    forms = {
        "plain": secret,
        "base64": base64.b64encode(secret.encode()).decode(),
        "backwards": secret[::-1],
    }
    return {name for name, form in forms.items() if form in log}"""

LEAKS = Exercise(
    id="13.4",
    title="Find the leak",
    task='Write `leaks(log, secret)`: the set of the ways, out of "plain", "base64" and '
    '"backwards", in which the log holds the secret.',
    answer="leaks",
    given=GIVEN,
    trial=Calls(
        fresh=_logs, show=f"'a: ***, b: {base64.b64encode(b'child').decode()}, c: dlihc', 'child'"
    ),
    solution=SOLUTION,
    why="Who looks for the secret as it is sees what masking sees. One has to look for what others "
    "can make of it.",
    hints=(
        "Write down the three texts that the secret can have become, and look for each in the log.",
        "`base64.b64encode` takes bytes and gives bytes: `secret.encode()` makes bytes of a text, "
        "`.decode()` a text of bytes. Backwards is `secret[::-1]`.",
    ),
    also=(
        "def leaks(log, secret):\n"
        "    found = set()\n"
        "    if secret in log:\n"
        "        found.add('plain')\n"
        "    if base64.b64encode(bytes(secret, 'utf-8')) in log.encode():\n"
        "        found.add('base64')\n"
        "    if ''.join(reversed(secret)) in log:\n"
        "        found.add('backwards')\n"
        "    return found",
    ),
    mistakes=(
        Mistake(
            "as masking does",
            "def leaks(log, secret):\n    return {'plain'} if secret in log else set()",
            "This sees what masking sees already: the secret as it is. Look for the two other "
            "forms as well.",
        ),
        Mistake(
            "the bytes as text",
            SOLUTION.replace("base64.b64encode(secret.encode()).decode()", "").replace(
                '"base64": ,', '"base64": str(base64.b64encode(secret.encode())),'
            ),
            "`str` of bytes is a text with a `b` and quotes round it, and no log holds that. Make "
            "a text of bytes with `.decode()`.",
        ),
        Mistake(
            "stops at the first",
            "def leaks(log, secret):\n"
            "    coded = base64.b64encode(secret.encode()).decode()\n"
            "    for name, form in (('plain', secret), ('base64', coded), "
            "('backwards', secret[::-1])):\n"
            "        if form in log:\n"
            "            return {name}\n"
            "    return set()",
            "It returns the first way that it finds. A log may leak a secret in several, and each "
            "is a hole to be closed: give all of them.",
        ),
        Mistake(
            "looks for the mask",
            SOLUTION.replace('"plain": secret', '"plain": "***"'),
            "`***` is where the mask worked. The leak is where the secret itself stands.",
        ),
        Mistake(
            "turns the log round",
            SOLUTION.replace("if form in log}", "if form in log or form in log[::-1]}"),
            "In a log turned round, the secret as it is looks backwards, and the one that is "
            "backwards looks as it is: both names come out. Turn the secret alone.",
        ),
    ),
)
