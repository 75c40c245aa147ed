"""The self-checks of the lessons: right answers pass, wrong ones are named, hints come one by one.

The cases of lessons 0 and 1 stand here, those of a later lesson in its own test_questions_<lesson>.py.
"""

import importlib
import inspect
import math
import numbers
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

from bplib import questions
from bplib.exercise import Question, question
from bplib.questions import chain_rule, start_here
from bplib.report import Finding

# question, a right answer in one or more styles
RIGHT = [
    (chain_rule.dearer_apple, (2.2,)),
    (chain_rule.dearer_apple, (2 * 1.1,)),
    (chain_rule.three_links, (2, 4, -0.6536, -5.2291)),
    (chain_rule.three_links, (2.0, np.float64(4), math.cos(4), 2 * 4 * math.cos(4))),
    (chain_rule.signal_through_a_square, (lambda E, x: E * 2 * x,)),
    (chain_rule.signal_through_a_square, (lambda E, x: np.array(E) * (x + x),)),
    (chain_rule.circuit, (5, 5, 2)),
    (chain_rule.circuit, (np.float32(5), 5.0, np.array(2))),
    (chain_rule.two_fruits, (165, 650)),
    (chain_rule.two_fruits, (150 * 1.1, 650.0)),
    (chain_rule.cost, (2_000_000, 1)),
    (chain_rule.cost, (2e6, 1.0)),
    (start_here.shape_of_a_product, (32, 50)),
    (start_here.slope, (lambda x: 2 * x,)),
]

# question, a wrong answer, the name of the mistake
WRONG = [
    (chain_rule.dearer_apple, (1,), "one apple only"),
    (chain_rule.dearer_apple, (2,), "tax left out"),
    (chain_rule.dearer_apple, (1.1,), "count left out"),
    (chain_rule.dearer_apple, (222.2,), "the new bill"),
    (chain_rule.three_links, (2, 1, -0.6536, -1.307), "taken at x"),
    (chain_rule.three_links, (2, 4, math.cos(0.5), 7.02), "taken at x"),
    (chain_rule.three_links, (2, 4, math.cos(math.radians(4)), 7.98), "degrees"),
    (chain_rule.three_links, (2, 4, -0.6536, 2 + 4 + math.cos(4)), "added"),
    (chain_rule.three_links, (2, 4, -0.6536, 4 * math.cos(4)), "inner factor forgotten"),
    (chain_rule.three_links, (2, 4, -0.6536, math.cos(4)), "last link only"),
    (chain_rule.signal_through_a_square, (lambda E, x: 2 * x,), "upstream ignored"),
    (chain_rule.signal_through_a_square, (lambda E, x: E + 2 * x,), "upstream added"),
    (chain_rule.signal_through_a_square, (lambda E, x: E * x * x,), "value for derivative"),
    (chain_rule.signal_through_a_square, (lambda E, x: E,), "local derivative left out"),
    (chain_rule.signal_through_a_square, (lambda E, x: E * x,), "factor 2"),
    (chain_rule.circuit, (1, 5, 2), "upstream ignored"),
    (chain_rule.circuit, (2, 2, 5), "inputs swapped"),
    (chain_rule.circuit, (5, 5, 10), "values for gradients"),
    (chain_rule.two_fruits, (150, 650), "upstream ignored"),
    (chain_rule.two_fruits, (3.3, 650), "inputs swapped"),
    (chain_rule.two_fruits, (495, 650), "all oranges"),
    (chain_rule.two_fruits, (165, 715), "the bill itself"),
    (chain_rule.two_fruits, (165, 450), "one fruit only"),
    (chain_rule.two_fruits, (165, 200), "one fruit only"),
    (chain_rule.two_fruits, (165, 6.5), "per cent"),
    (chain_rule.cost, (1e6, 1), "forward difference"),
    (chain_rule.cost, (1e6 + 1, 1), "forward difference"),
    (chain_rule.cost, (2, 1), "one input only"),
    (chain_rule.cost, (2e6, 1e6), "one sweep each"),
    (start_here.shape_of_a_product, (784, 50), "inner size"),
    (start_here.shape_of_a_product, (50, 32), "rows and columns swapped"),
    (start_here.slope, (lambda x: x,), "factor 2"),
    (start_here.slope, (lambda x: x * x,), "value for derivative"),
    (start_here.slope, (lambda x: 2,), "constant"),
]

for path in sorted(Path(__file__).parent.glob("test_questions_*.py")):
    cases = importlib.import_module(path.stem)
    RIGHT, WRONG = RIGHT + cases.RIGHT, WRONG + cases.WRONG

LESSONS = [
    importlib.import_module(f"bplib.questions.{module.name}")
    for module in pkgutil.iter_modules(questions.__path__)
    if not module.name.startswith("ps")
]


def of_lessons():
    """Every Question in bplib.questions, but for the assignments'."""
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


def test_every_mistake_that_a_lesson_can_name_has_a_wrong_answer_here():
    sources = "".join(inspect.getsource(lesson) for lesson in LESSONS)
    assert set(re.findall(r'Mistake\(\s*"([^"]+)"', sources)) == {mistake for *_, mistake in WRONG}


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
