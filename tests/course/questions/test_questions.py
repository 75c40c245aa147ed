"""The self-checks of the lessons: right answers pass, wrong ones are named, hints come one by one.

The cases of a lesson stand in its own test_<lesson>.py, in two lists, RIGHT and WRONG.
"""

import importlib
import numbers
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

from bplib.authoring.declared import declared, known_to_the_checks
from bplib.check.report import Finding
from bplib.course import questions
from bplib.course.exercise import Question, question
from bplib.course.questions import chain_rule

LESSONS = [
    importlib.import_module(f"bplib.course.questions.{module.name}")
    for module in pkgutil.iter_modules(questions.__path__)
    if not module.name.startswith("ps")
]

RIGHT, WRONG = [], []
for lesson in LESSONS:
    if any(isinstance(found, Question) for found in vars(lesson).values()):
        cases = importlib.import_module(f"tests.course.questions.test_{lesson.__name__.split('.')[-1]}")
        RIGHT, WRONG = RIGHT + cases.RIGHT, WRONG + cases.WRONG
TEXTS = Path(__file__).parents[3] / "notebooks" / "src"


def of_lessons():
    """Every Question in bplib.course.questions, but for the assignments'."""
    for lesson in LESSONS:
        yield from (each for each in vars(lesson).values() if isinstance(each, Question))


def named(case):
    return case.__name__ if isinstance(case, Question) else None


@pytest.mark.parametrize(("ask", "answer"), RIGHT, ids=named)
def test_a_right_answer_is_right_in_every_style(ask, answer):
    report = ask(*answer)
    assert report.verdict == "right", str(report)
    assert not report.hint


@pytest.mark.parametrize(("ask", "answer", "mistake"), WRONG, ids=named)
def test_a_wrong_answer_is_named(ask, answer, mistake):
    report = ask(*answer)
    assert report.verdict == "not yet"
    assert mistake in report.mistakes
    assert report.hint


def test_every_question_of_the_lessons_has_right_and_wrong_answers_here():
    for cases in (RIGHT, WRONG):
        assert {case[0] for case in cases} == set(of_lessons())


# Cutting at the input and at the output is one, at the numbers that this question draws.
CANNOT_BE_HEARD = {"vector_jacobians.first_relu": {"cut by both"}}


@pytest.mark.parametrize("ask", list(of_lessons()), ids=named)
def test_every_mistake_that_a_question_declares_has_a_wrong_answer_here(ask):
    heard = {mistake for asked, _, mistake in WRONG if asked is ask}
    excused = CANNOT_BE_HEARD.get(f"{ask.__module__.split('.')[-1]}.{ask.__name__}", set())
    assert declared(ask) - heard == excused


@pytest.mark.parametrize("ask", list(of_lessons()), ids=named)
def test_a_question_is_asked_in_its_lesson(ask):
    [text] = TEXTS.glob(f"*_{ask.__module__.split('.')[-1]}*.py")
    assert re.search(rf"\bcheck\.{ask.__name__}\(", text.read_text("utf-8"))


@pytest.mark.parametrize(("ask", "answer", "mistake"), WRONG, ids=named)
def test_a_question_names_only_what_it_declares(ask, answer, mistake):
    assert set(ask(*answer).mistakes) <= declared(ask) | known_to_the_checks()


@pytest.mark.parametrize(("ask", "right"), dict(RIGHT).items(), ids=named)
def test_a_question_without_an_answer_says_that_it_is_your_turn(ask, right):
    for nothing in (None, ...):
        if not any(map(callable, right)):  # a function says so itself: see the next test
            report = ask(*[nothing] * len(right))
            assert report.verdict == "your turn"
            assert "not answered yet" in str(report)
            assert not report.hint


def test_a_function_that_is_still_to_be_written_is_your_turn_too():
    def back_through_square(E, x):
        raise NotImplementedError

    assert chain_rule.signal_through_a_square(back_through_square).verdict == "your turn"


@pytest.mark.parametrize("ask", list(of_lessons()), ids=named)
def test_a_question_has_three_hints_of_growing_help(ask):
    assert len(ask.hints) == 3
    assert len(set(ask.hints)) == 3


@pytest.mark.parametrize(("ask", "answer", "mistake"), WRONG, ids=named)
def test_advice_on_a_wrong_number_does_not_show_the_right_one(ask, answer, mistake):
    right = next(right for asked, right in RIGHT if asked is ask)
    text = " ".join(f.says + f.advice for f in ask(*answer).findings if not f.ok)
    for number, yours in zip(right, answer, strict=True):
        if not all(isinstance(each, numbers.Real) for each in (number, yours)):
            continue  # a function is tried on random numbers: showing the slope there gives nothing away
        if not np.isclose(float(number), float(yours), rtol=1e-2):
            assert f"{number:g}" not in text.replace(f"{yours:g}", "").split(), text


def test_hints_advance_with_wrong_attempts_only_and_the_last_one_stays():
    ask = question("one plus one", "first", "second")(lambda n: [Finding("n", n == 2, "")])
    assert [ask(3).hint, ask(2).hint, ask(3).hint, ask(3).hint] == [
        "first (1 of 2)",
        "",
        "second (2 of 2)",
        "second (2 of 2)",
    ]


def test_whatever_an_answer_raises_becomes_a_finding(capsys):
    @question("a function")
    def ask(f):
        yield Finding("the value", f(1) == 1, "")

    def leaves(x):
        raise SystemExit

    def warns(x):
        np.log(np.zeros(1))
        return 1

    assert "raised ZeroDivisionError: division by zero" in str(ask(lambda x: x / 0))
    assert "raised SystemExit" in str(ask(leaves))
    assert ask(warns).ok
    assert capsys.readouterr().err == ""
