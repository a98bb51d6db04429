"""The exercises' own modules, put back as they were whenever a notebook has altered them."""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType
from typing import Any

TRUSTED = "helpers.exercises"


class Whole:
    """Remembers what every module of the exercises held when no learner's code had run."""

    def __init__(self) -> None:
        names = [n for n in sys.modules if n == TRUSTED or n.startswith(TRUSTED + ".")]
        self._modules = {name: sys.modules[name] for name in names}
        self._held = {name: dict(vars(module)) for name, module in self._modules.items()}
        self._codes: dict[FunctionType, tuple[Any, ...]] = {}
        self._classes: dict[type, dict[str, Any]] = {}
        for name, held in self._held.items():
            for value in held.values():
                self._remember(name, value)

    def put_back(self) -> list[str]:
        """Undo every change to them, and give the names of what was changed."""
        changed = [name for name, one in self._modules.items() if sys.modules.get(name) is not one]
        sys.modules.update(self._modules)
        for name, module in self._modules.items():
            changed += self._restored(module, self._held[name], name)
        for one, held in self._classes.items():
            changed += self._restored(one, held, f"{one.__module__}.{one.__qualname__}")
        for function, (code, defaults, keywords) in self._codes.items():
            now = (function.__code__, function.__defaults__, function.__kwdefaults__)
            if any(x is not y for x, y in zip(now, (code, defaults, keywords), strict=True)):
                function.__code__, function.__defaults__ = code, defaults
                function.__kwdefaults__ = keywords
                changed.append(f"{function.__module__}.{function.__qualname__}")
        return changed

    def _remember(self, module: str, value: Any) -> None:
        if getattr(value, "__module__", None) != module:
            return
        if isinstance(value, FunctionType):
            self._codes[value] = (value.__code__, value.__defaults__, value.__kwdefaults__)
        if isinstance(value, type) and value not in self._classes:
            self._classes[value] = {k: v for k, v in vars(value).items() if _is_ours(k)}
            for member in vars(value).values():
                self._remember(module, member)

    def _restored(self, owner: ModuleType | type, held: dict[str, Any], name: str) -> list[str]:
        now = dict(vars(owner))
        changed = [key for key, value in held.items() if now.get(key, self) is not value]
        for key in changed:
            setattr(owner, key, held[key])
        return [f"{name}.{key}" for key in changed if key != "__builtins__"]


def _is_ours(name: str) -> bool:
    # Python fills in some of a class's own names as it goes.
    return not name.startswith("__") or name in {
        "__init__",
        "__call__",
        "__eq__",
        "__getattribute__",
    }
