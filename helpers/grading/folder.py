"""A folder graded from end to end: collected, run on all cores, written up."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from helpers.grading.bar import Bar
from helpers.grading.kept import Kept
from helpers.grading.limits import Limits, limits_of
from helpers.grading.report import report
from helpers.grading.room import Done, rooms
from helpers.grading.settings import Settings, cores
from helpers.grading.starting import grade_in_a_process
from helpers.grading.submissions import Folder, Submission, collect
from helpers.grading.table import table
from helpers.grading.verdicts import Graded


def grade_folder(root: Path, settings: Settings) -> list[Done]:
    """Grade what lies in `root` and write `results.csv` and `report.html`; gives what was done.

    Raises NothingToGrade for a folder without notebooks, OSError where the results cannot be
    written. KeyboardInterrupt ends all that runs; what was done by then is kept.
    """
    folder = collect(root, settings.into)
    kept = Kept(settings.into / ".runs")
    results = _all_graded(folder, settings, kept)
    _put_back(folder)
    done = [Done(one, results.get(one.place)) for one in folder.submissions]
    settings.into.mkdir(parents=True, exist_ok=True)
    # A spreadsheet takes a file for UTF-8 when it begins so.
    (settings.into / "results.csv").write_text(table(done, folder.progress), encoding="utf-8-sig")
    page = report(folder, done, rooms(done))
    (settings.into / "report.html").write_text(page, encoding="utf-8")
    return done


def _all_graded(folder: Folder, settings: Settings, kept: Kept) -> dict[Path, Graded]:
    found, waiting = {}, []
    for one in folder.submissions:
        if one.problem:
            continue
        before = None if settings.again else kept.find(one, *_how(one, folder, settings))
        if before is not None:
            found[one.place] = before
        else:
            waiting.append(one)
    if waiting:
        found |= _run(waiting, folder, settings, kept)
    return found


def _run(
    waiting: list[Submission], folder: Folder, settings: Settings, kept: Kept
) -> dict[Path, Graded]:
    found, stop, bar = {}, threading.Event(), Bar(len(waiting))
    fonts, threads = _fonts(), max(1, cores() // settings.jobs)
    bar.show()
    with ThreadPoolExecutor(settings.jobs) as pool:
        tasks: dict[Future[Graded], Submission] = {}
        for one in waiting:
            seed, limits = _how(one, folder, settings)
            task = pool.submit(grade_in_a_process, one, limits, seed, fonts, threads, stop)
            tasks[task] = one
        try:
            for task in as_completed(tasks):
                one, graded = tasks[task], task.result()
                found[one.place] = graded
                if graded.verdicts:
                    kept.keep(one, *_how(one, folder, settings), graded)
                bar.done(_said(one, graded))
        except BaseException:  # nobody waits for the others then, whatever it was
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        finally:
            bar.close()
    return found


def _how(one: Submission, folder: Folder, settings: Settings) -> tuple[int | None, Limits]:
    seed = folder.progress.get(one.learner, {}).get("seed")
    return seed, limits_of(one.lesson, settings.seconds, settings.memory)


def _said(one: Submission, graded: Graded) -> str:
    solved = sum(verdict.state == "solved" for verdict in graded.verdicts)
    return f"{one.learner}, lesson {one.lesson}: {solved} of {len(graded.verdicts)} solved"


def _put_back(folder: Folder) -> None:
    """Bring back what a notebook deleted or altered where nothing kept it from doing so."""
    for one in folder.submissions:
        path = folder.root / one.place
        if one.content and (not path.is_file() or path.read_bytes() != one.content):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(one.content)


def _fonts() -> Path:
    import matplotlib
    import matplotlib.font_manager  # writes its list of fonts where there is none yet

    return Path(matplotlib.get_cachedir())
