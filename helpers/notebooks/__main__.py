"""The command line: `python -m helpers.notebooks run [NAME...]` and `... check [NAME...]`."""

import argparse
import sys
from pathlib import Path

from helpers.notebooks.lessons import named
from helpers.notebooks.running import LessonError, run
from helpers.notebooks.stored import problems


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; 0 when all is well, 1 when a lesson is not, 2 for a wrong name."""
    parser = argparse.ArgumentParser(prog="python -m helpers.notebooks", description=__doc__)
    commands = {"run": ("re-run lessons and store them", _run), "check": ("look at them", _check)}
    options = parser.add_subparsers(dest="command", required=True)
    for name, (purpose, _) in commands.items():
        command = options.add_parser(name, help=purpose)
        command.add_argument("names", nargs="*", metavar="NAME", help="22 or 22_clean_and_prepare")
    chosen = parser.parse_args(arguments)
    try:
        paths = named(chosen.names)
    except (FileNotFoundError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return commands[chosen.command][1](paths)


def _run(paths: list[Path]) -> int:
    for number, path in enumerate(paths, 1):
        print(f"[{number}/{len(paths)}] {path.name} ...", flush=True)
        try:
            usage = run(path)
        except LessonError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            return 1
        print(f"[{number}/{len(paths)}] {path.name}: {usage}", flush=True)
    return 0


def _check(paths: list[Path]) -> int:
    found = [problem for path in paths for problem in problems(path)]
    print("\n".join(found) or f"{len(paths)} lessons are stored as they should be.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
