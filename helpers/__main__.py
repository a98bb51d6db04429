"""The course's command line: `python -m helpers audit`, `reset`, `progress`, `new`, `nbgrader`."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code is 0 where all is well, 1 where not, 2 for a bad call."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="python -m helpers", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    auditing = commands.add_parser("audit", help="try every exercise, its solution and mistakes")
    auditing.add_argument("lessons", nargs="*", metavar="22", help="only these lessons")
    auditing.set_defaults(do=_audit)

    resetting = commands.add_parser("reset", help="put a lesson back, keep yours as a dated copy")
    resetting.add_argument("lesson", metavar="22")
    resetting.add_argument("--from", dest="revision", default="HEAD", metavar="REVISION")
    resetting.set_defaults(do=_reset)

    keeping = commands.add_parser("progress", help="show your progress, save it, bring it back")
    keeping.add_argument("--save", type=Path, metavar="FILE")
    keeping.add_argument("--load", type=Path, metavar="FILE")
    keeping.set_defaults(do=_progress)

    making = commands.add_parser("new", help="lay out a new lesson (for authors)")
    making.add_argument("number", metavar="17")
    making.add_argument("name", metavar="trace_requests")
    making.add_argument("title", metavar="'Trace requests'")
    making.set_defaults(do=_new)

    assigning = commands.add_parser("nbgrader", help="lessons as assignments (for instructors)")
    assigning.add_argument("lessons", nargs="*", metavar="22", help="only these lessons")
    assigning.add_argument("--into", type=Path, required=True, metavar="COURSE_FOLDER")
    assigning.add_argument("--points", type=float, default=1, help="for each exercise (1)")
    assigning.add_argument("--replace", action="store_true", help="write over those that are there")
    assigning.set_defaults(do=_nbgrader)

    grading = commands.add_parser("formgrader", help="JupyterLab with nbgrader's menus")
    grading.add_argument("folder", type=Path, metavar="COURSE_FOLDER")
    grading.add_argument("options", nargs=argparse.REMAINDER, help="JupyterLab's own options")
    grading.set_defaults(do=_formgrader)

    chosen = parser.parse_args(arguments)
    return chosen.do(chosen)


def _audit(chosen: argparse.Namespace) -> int:
    from helpers.exercises.audit import audit

    try:
        findings = audit(chosen.lessons)
    except KeyError as error:
        return _refuse(error.args[0])
    for finding in findings:
        print(finding)
    faulty = sum(bool(finding.faults) for finding in findings)
    print(f"{len(findings)} exercises, {faulty} faulty")
    return 1 if faulty or not findings else 0


def _reset(chosen: argparse.Namespace) -> int:
    from helpers.lesson.restoring import CannotRestore, reset

    try:
        kept = reset(chosen.lesson, revision=chosen.revision)
    except (CannotRestore, OSError) as error:
        return _refuse(str(error))
    except KeyError as error:
        return _refuse(error.args[0])
    if kept is None:
        print(f"Lesson {chosen.lesson} is as it came; there was nothing to put back.")
    else:
        print(f"Lesson {chosen.lesson} is as it came. Yours is kept as notebooks/{kept.name}.")
    return 0


def _progress(chosen: argparse.Namespace) -> int:
    from helpers.lesson import course_map, progress

    try:
        if chosen.load:
            progress.bring_back(chosen.load.read_text(encoding="utf-8"))
        if chosen.save:
            chosen.save.write_text(progress.path().read_text(encoding="utf-8"), encoding="utf-8")
    except (OSError, progress.BadProgress) as error:
        return _refuse(str(error))
    print(course_map())
    return 0


def _new(chosen: argparse.Namespace) -> int:
    from helpers.notebooks.new import lay_out

    try:
        made = lay_out(chosen.number, chosen.name, chosen.title)
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    print(*("/".join(path.parts[-2:]) for path in made), sep="\n")
    print("Next: add its step in helpers/lesson/steps.py; then see CONTRIBUTING.md.")
    return 0


def _nbgrader(chosen: argparse.Namespace) -> int:
    from helpers.notebooks.course_folder import fill
    from helpers.notebooks.lessons import named

    try:
        made = fill(chosen.into, named(chosen.lessons), chosen.points, chosen.replace)
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    print(*made, sep="\n")
    if shutil.which("nbgrader") is None:  # it calls programs beside it
        print(f"First: . {Path(sys.executable).with_name('activate')}")
    print(f"Next, in {chosen.into}: nbgrader generate_assignment {made[0].stem}")
    print(f"Or with menus: python -m helpers formgrader {chosen.into}")
    return 0


def _formgrader(chosen: argparse.Namespace) -> int:
    from helpers.setup.formgrader import open_lab

    try:
        return open_lab(chosen.folder, chosen.options)
    except OSError as error:
        return _refuse(str(error))


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
