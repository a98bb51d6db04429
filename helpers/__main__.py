"""The course's command line: what learners, instructors and authors can ask of it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
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

    showing = commands.add_parser(
        "slides", help="make slides of lessons, to show without a network"
    )
    showing.add_argument("lessons", nargs="*", metavar="22")
    showing.add_argument("--all", action="store_true", help="of every lesson")
    showing.add_argument("--to", type=Path, metavar="FOLDER", help="workspace/slides if not said")
    showing.set_defaults(do=_slides)

    grading = commands.add_parser("grade", help="grade a folder of notebooks (for instructors)")
    grading.add_argument("folder", type=Path, metavar="FOLDER", help="what was handed in")
    grading.add_argument(
        "--into", type=Path, metavar="FOLDER", help="for the report and the table (FOLDER/graded)"
    )
    grading.add_argument(
        "--jobs", type=_above_zero(int), metavar="N", help="notebooks at once (one for each core)"
    )
    grading.add_argument(
        "--seconds", type=_above_zero(float), metavar="S", help="limit for a notebook (180)"
    )
    grading.add_argument(
        "--memory", type=_above_zero(float), metavar="GB", help="limit for a notebook (2; large: 3)"
    )
    grading.add_argument("--again", action="store_true", help="also what is finished already")
    grading.set_defaults(do=_grade)

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

    forming = commands.add_parser("formgrader", help="JupyterLab with nbgrader's menus")
    forming.add_argument("folder", type=Path, metavar="COURSE_FOLDER")
    forming.add_argument("options", nargs=argparse.REMAINDER, help="JupyterLab's own options")
    forming.set_defaults(do=_formgrader)

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


def _slides(chosen: argparse.Namespace) -> int:
    from helpers.notebooks import named
    from helpers.notebooks.slides import write
    from helpers.workspace import workspace

    if bool(chosen.lessons) == chosen.all:
        return _refuse("Which lessons? Name them, as in `slides 22 23`, or say `slides --all`.")
    try:
        for lesson in named(chosen.lessons):
            print(write(lesson, chosen.to or workspace() / "slides"))
    except (ValueError, OSError) as error:
        return _refuse(str(error))
    return 0


def _grade(chosen: argparse.Namespace) -> int:
    from helpers.grading.folder import grade_folder
    from helpers.grading.settings import Settings, usual_jobs
    from helpers.grading.submissions import NothingToGrade

    settings = Settings(
        into=chosen.into or chosen.folder / "graded",
        jobs=chosen.jobs or usual_jobs(),
        seconds=chosen.seconds,
        memory=round(chosen.memory * 1e9) if chosen.memory else None,
        again=chosen.again,
    )
    try:
        done = grade_folder(chosen.folder, settings)
    except (NothingToGrade, OSError) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return _refuse("Stopped. What was done is kept: the same command goes on from here.")
    missing = [one for one in done if one.graded is None or not one.graded.verdicts]
    for one in missing:
        why = one.submission.problem or (one.graded.ended if one.graded else "")
        print(f"{one.submission.place}: {why}", file=sys.stderr)
    print(f"{len(done) - len(missing)} notebooks graded, {len(missing)} not.")
    print(settings.into / "report.html", settings.into / "results.csv", sep="\n")
    return 1 if missing else 0


def _above_zero(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    def read(text: str) -> int | float:
        number = kind(text)
        if not 0 < number < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not above zero")
        return number

    read.__name__ = kind.__name__
    return read


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
