"""Mutants: which there are, how each is shown, and which tests notice."""

import contextlib

import pytest

from helpers.delivery.killing import WrongTest, build, fails, suite_in, survivors
from helpers.delivery.mutants import mutants


def changes(source):
    return {(one.line, one.after.strip()) for one in mutants(source)}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("return a + b", {"return a - b"}),
        ("return (a) * (b)", {"return (a) / (b)"}),
        ("return a // b % c", {"return a * b % c", "return a // b * c"}),
        ("return a < b", {"return a <= b", "return a >= b"}),
        ("return a == b", {"return a != b"}),
        ("return a not in b", {"return a in b"}),
        ("return a is not b", {"return a is b"}),
        ("return a < b < c", {f"return a {x} b < c" for x in ("<=", ">=")}
         | {f"return a < b {x} c" for x in ("<=", ">=")}),
        ("return a and b and c", {"return a or b and c", "return a and b or c"}),
        ("return not a", {"return a"}),
        ("return True", {"return False"}),
        ("return 7", {"return 8", "return 6"}),
        ("return 'x'", {"return ''"}),
        ("return max(a, b - c)", {"return a", "return (b - c)", "return max(a, b + c)"}),
        ("return a if b else c", {"return a if False else c", "return a if not b else c"}),
        ("a += b", {"a -= b"}),
        ("print(a)", {"pass"}),
        ("raise ValueError(f'{a + 1} is less than 2')", {"pass"}),
    ],
)  # fmt: skip
def test_each_kind_of_change(line, wanted):
    assert changes(f"def f(a, b, c):\n    {line}\n") == {(2, one) for one in wanted}


def test_what_is_no_code_is_left_alone():
    source = '''
def f(a: "int" = None, *rest: "str") -> "int":
    """Adds 1 < 2 and 3."""
    return f"{a} + 1"
'''
    assert mutants(source) == []


def test_columns_are_counted_in_bytes():
    assert changes('def f(a):\n    "é"; return "é€" + a  # é < a\n') == {
        (2, '"é"; return "é€" - a  # é < a'),
        (2, "\"é\"; return '' + a  # é < a"),
    }


def test_only_one_line_changes_and_it_is_shown():
    source = "def f(a):\n    if a >= 10:\n        return 1\n    return 2\n"
    for one in mutants(source):
        pairs = zip(source.splitlines(), one.source.splitlines(), strict=True)
        assert [n for n, (x, y) in enumerate(pairs, 1) if x != y] == [one.line]
    assert "line 2  - if a >= 10:\n        + if a > 10:" in map(str, mutants(source))


def test_of_a_source_that_is_no_python():
    with pytest.raises(SyntaxError):
        mutants("def f(:")


COUNT = """
def down(n):
    turns = 0
    while n > 0:
        n -= 1
        turns += 1
    return turns
"""


def test_a_mutant_that_never_ends_is_cut_off_and_counts_as_noticed():
    endless = next(one for one in mutants(COUNT) if "n += 1" in one.after)

    def swallows(down):
        with contextlib.suppress(Exception):
            assert down(3) == 3

    assert fails(swallows, build(endless))
    assert not fails(swallows, build(COUNT))


def test_the_right_program_may_loop():
    assert build(COUNT)(9_999) == 9_999


def test_survivors_are_what_no_test_notices():
    def three(down):
        assert down(3) == 3

    def twice(down):
        assert down(1) * 2 == down(2)

    every = {str(one) for one in mutants(COUNT)}
    alone = [{str(one) for one in survivors(COUNT, test)} for test in (three, twice)]
    both = {str(one) for one in survivors(COUNT, three, twice)}
    assert {str(one) for one in survivors(COUNT)} == every
    assert alone[0] < every and alone[1] < every and alone[1] - alone[0]
    assert both == alone[0] & alone[1]


def test_a_failure_of_pytest_itself_is_one():
    def refuses(down):
        with pytest.raises(ValueError):
            down(3)

    assert fails(refuses, build(COUNT))


def test_a_test_that_fails_on_the_program_is_named():
    def wrong(down):
        assert down(3) == 4, "three is not four"

    with pytest.raises(WrongTest, match=r"wrong fails .* AssertionError: three is not four"):
        survivors(COUNT, wrong)


def test_a_program_uses_what_is_given():
    assert build("def f(a):\n    return g(a) + 1\n", {"g": lambda a: 10 * a})(2) == 21
    with pytest.raises(ValueError, match="no function"):
        build("a = 1")


def test_the_tests_of_a_file_take_what_they_test(tmp_path):
    (tmp_path / "test_down.py").write_text(
        "down = None\n\ndef test_three():\n    assert down(3) == 3\n\n"
        "def test_none():\n    assert down(0) == 0\n"
    )
    tests = suite_in(tmp_path / "test_down.py", "down")
    assert [test.__name__ for test in tests] == ["test_three", "test_none"]
    assert [fails(test, lambda n: 3) for test in tests] == [False, True]
