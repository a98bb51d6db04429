"""Builds the wheel into dist/ and prints its name, as `wheel=checkout-...whl`.

`python -m build` does the same in an environment of its own, which needs the network.
"""

import contextlib
import sys

from setuptools import build_meta

with contextlib.redirect_stdout(sys.stderr):
    name = build_meta.build_wheel("dist")
print(f"wheel={name}")
