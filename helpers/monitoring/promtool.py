"""Rules held by promtool: what it says of a file of rules and of the tests beside it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from helpers.monitoring.rules import service_rules
from helpers.programs import run
from helpers.tools import tool

RULES_TEST = Path(__file__).with_name("rules_test.yml")
# Lesson 16 asks the short window of the first alert for the long one's figure.
SPOILT = ("checkout:errors:ratio_rate5m > 14.4", "checkout:errors:ratio_rate1h > 14.4")
# What promtool 2.42 says of the two; a test compares.
PASSED = "Unit Testing:  rules_test.yml\n  SUCCESS"
FAILED = """\
Unit Testing:  rules_test.yml
  FAILED:
    expr: "ALERTS{alertname=\\"CheckoutErrorBudgetBurn\\",severity=\\"page\\"}", time: 1h40m,
        exp: nil
        got: {__name__="ALERTS", alertname="CheckoutErrorBudgetBurn", alertstate="firing", \
severity="page"} 1E+00"""


def tested(rules: str, tests: str | None = None, recorded: str | None = None) -> str:
    """What `promtool test rules` prints when tests hold these rules (both YAML).

    tests: the course's own where they are left out. recorded: what promtool printed for them on
    another machine. Without promtool, how to get it is said, and what is recorded is given; the
    course has recordings for the rules that lesson 16 tries.

    Raises LookupError where nothing is recorded.
    """
    if has_promtool():
        return test_rules(rules, tests or RULES_TEST.read_text(encoding="utf-8"))[1]
    print(f"promtool is not on this machine: {tool('promtool').how_to_get()}. Recorded:")
    if recorded is None and tests is None:
        whole = service_rules()
        recorded = {whole: PASSED, whole.replace(*SPOILT): FAILED}.get(rules)
    if recorded is None:
        raise LookupError("There is no recording for these rules.")
    return recorded


def test_rules(rules: str, tests: str) -> tuple[bool, str]:
    """Whether rules (YAML) pass their tests (YAML, which names rules.yml), and what was printed.

    Raises ProgramMissing, which says how to get it, where promtool is not on this machine.
    """
    return _asked("test", rules, {"rules_test.yml": tests})


def check_rules(rules: str) -> tuple[bool, str]:
    """Whether promtool can read the rules, and what it printed. Raises as `test_rules` does."""
    return _asked("check", rules, {})


def has_promtool() -> bool:
    """Whether promtool is on this machine."""
    return tool("promtool").find() is not None


def _asked(what: str, rules: str, others: dict[str, str]) -> tuple[bool, str]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"rules.yml": rules, **others}.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        file = "rules_test.yml" if what == "test" else "rules.yml"
        ran = run("promtool", what, "rules", file, cwd=Path(folder), check=False, quiet=True)
    return ran.code == 0, ran.output.strip()


# pytest collects functions by their names, also those that a test imports.
test_rules.__test__ = tested.__test__ = False
