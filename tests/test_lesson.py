"""What a learner calls: each call's words, as plain text and as HTML."""

import pytest

from helpers.lesson import check, hint, predict, progress, quiz, solution, your_data
from helpers.lesson.panel import Panel


@pytest.fixture
def said(capsys):
    return lambda: " ".join(capsys.readouterr().out.split())


def test_check_begins_with_the_state_and_is_recorded(toy, said):
    check("90.1", ...)
    assert said().startswith("Not answered yet: 90.1")
    check("90.1", lambda p: p["amount"].sum())
    text = said()
    assert text.startswith("Not yet: 90.1") and "one sum for the whole shop" in text
    check("90.1", lambda p: p.groupby("terminal_id")["amount"].sum())
    assert said().startswith("Right: 90.1")
    assert progress.exercise("90.1")["state"] == "right"
    assert progress.exercise("90.1")["tries"] == 2


def test_the_letters_of_buttons_stay_in_the_saved_notebook(toy, monkeypatch):
    from helpers.lesson import order

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda panel, **how: shown.append(how))
    lines = order("90.2")
    check("90.2", lines)
    lines.move(0, 1)
    check("90.2", lines)
    assert shown == [{}, {"metadata": {"two_loops": {"order": "B A C"}}}]


def test_hints_open_one_at_a_time_and_stay_open(toy, said):
    hint("90.1")
    text = said()
    assert "Which rows belong together?" in text and "Group by" not in text
    hint("90.1")
    text = said()
    assert "Which rows belong together?" in text and "Group by" in text
    assert "solution('90.1')" in text
    hint("90.1")
    assert "Hint 2 of 2" in said()


def test_a_solution_can_be_copied_says_why_and_is_on_record(toy, capsys):
    solution("90.1")
    text = capsys.readouterr().out
    assert "    return payments.groupby('terminal_id')['amount'].sum()" in text
    assert "one sum for each group" in text
    assert progress.exercise("90.1")["solution"] is True


def test_your_data_are_yours(toy, said):
    mine = your_data("90.3")
    check("90.3", mine.mean())
    assert said().startswith("Right")
    check("90.3", mine.sum())
    assert "That is the sum" in said()


def test_a_guess_is_kept_and_shown_again_and_never_wrong(toy, said):
    predict("90.a")
    assert "How much is it?" in said()
    predict("90.a", came=61.2)
    assert "It came out as 61.2%. You made no guess" in said()
    predict("90.a", 40)
    said()
    predict("90.a", came=61.2)
    assert "You guessed 40%. It came out as 61.2%." in said()
    predict("90.b", "b")
    assert "the second" in said()


def test_a_guess_of_the_wrong_form_says_what_is_wanted(toy):
    with pytest.raises(ValueError, match="is a number"):
        predict("90.a", "many")
    with pytest.raises(ValueError, match="one of the letters a, b"):
        predict("90.b", "c")


def test_the_widget_of_a_guess_keeps_it(toy):
    from helpers.lesson.asking import _ask

    box = _ask(toy.LESSON.predictions[0]).widget
    _, slider, keep, answer = box.children
    slider.value = 70
    keep.click()
    assert "Your guess is kept: 70%" in answer.value
    assert progress.read()["guesses"] == {"90.a": 70}


def test_one_is_not_spoken_of_in_the_plural(toy):
    from helpers.lesson.asking import _figure

    assert [_figure(n, "layers") for n in (0, 1, 2)] == ["0 layers", "1 layer", "2 layers"]
    assert _figure(1, "%") == "1%"


def test_whole_numbers_are_asked_for_as_whole_numbers(toy):
    from dataclasses import replace

    from helpers.lesson.asking import _slider

    asked = toy.LESSON.predictions[0]
    assert isinstance(_slider(asked).value, int)
    assert isinstance(_slider(replace(asked, step=0.01)).value, float)


def test_a_quiz_in_plain_text(toy, said):
    quiz("90")
    assert "1. Question 1? a) no b) yes 2. Question 2? a) no b) yes" in said()
    quiz("90", "b a b" + " a" * (len_quiz() - 3))
    text = said()
    assert "1. Right: Indeed. 2. Not yet: Look up." in text
    assert progress.read()["quiz"]["90.q2"] == {"right": False, "tries": 1}
    with pytest.raises(ValueError, match="this quiz has"):
        quiz("90", "a")
    with pytest.raises(ValueError, match="has the choices a, b"):
        quiz("90", "x" * len_quiz())


def test_no_letter_gives_a_quiz_away():
    from helpers.exercises import numbers, quiz_questions

    for number in numbers():
        letters = [[c.right for c in q.choices].index(True) for q in quiz_questions(number)]
        assert len(set(letters)) > 1, f"in the quiz of {number} every right choice is the same"


def len_quiz():
    from helpers.exercises import quiz_questions

    return len(quiz_questions("90"))


def test_a_quiz_asks_again_from_one_and_three_lessons_back(monkeypatch, toy):
    from dataclasses import replace

    from helpers import exercises

    def lesson(number):
        questions = [replace(q, id=q.id.replace("90", number)) for q in toy.LESSON.questions]
        return replace(toy.LESSON, number=number, questions=tuple(questions))

    monkeypatch.setattr(exercises, "numbers", lambda: ["50", "60", "70", "80"])
    monkeypatch.setattr(exercises, "lesson", lesson)
    ids = [q.id for q in exercises.quiz_questions("80")]
    assert ids[:3] == ["80.q1", "80.q2", "80.q3"]
    assert [id.split(".")[0] for id in ids[3:]] == ["70", "50"]
    assert len(exercises.quiz_questions("50")) == 3


def test_the_quiz_widget_replies_to_each_choice(toy):
    from helpers.lesson.asking import _question_widget

    _, choices, answer = _question_widget(1, toy.LESSON.questions[0]).children
    assert choices.value is None
    choices.value = 1
    assert "Look up." in answer.value and "Not yet" in answer.value
    choices.value = 0
    assert "Indeed." in answer.value


def test_a_panel_cannot_be_broken_out_of():
    page = Panel("a < b & 'c'", "Your code raised <script>alert(1)</script>").html()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert "a &lt; b &amp;" in page


def test_a_panel_reads_as_plain_text_with_its_code_untouched():
    text = str(Panel("Title", "A long line. " * 20 + "\n\n```\nx = 1\n\n    y = 2\n```\n\nEnd."))
    assert "    x = 1\n\n        y = 2" in text
    assert max(map(len, text.splitlines())) <= 88


def test_a_panel_is_told_to_a_screen_reader():
    page = Panel("Right: 22.1").html()
    assert 'role="status"' in page and 'aria-label="Right: 22.1"' in page


def test_every_step_says_what_it_is_in_the_other_loop():
    from helpers.lesson import place
    from helpers.lesson.steps import STEPS

    for one in STEPS:
        assert one.title in str(place(one.number))
        assert bool(one.other) == (one.loop in ("DevOps", "MLOps", "again"))
        assert one.other in str(place(one.number))
