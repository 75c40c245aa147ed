"""The graded cell: fair shares, a plain float at the end, kind words, and nothing on stderr."""

import statistics
import sys
import warnings
from types import SimpleNamespace

import IPython
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

from bplib.check.compare import Mistake, compare
from bplib.check.report import Finding
from bplib.course.exercise import Checks, Unusable, course_seed, question
from bplib.errors import InputError


@question("is it four?")
def four(n):
    yield Finding("n", n == 4, f"{n} it is")


@question("two parts")
def two_parts(a, b):
    yield Finding("a", a == 1, "a is 1?")
    yield Finding("b", b == 2, "b is 2?")


def run(points, *asked):
    with Checks(points) as check:
        for ask, answer, weight in asked:
            check(ask, *answer, weight=weight)
    return check.score()


def test_everything_right_earns_all_points_and_everything_wrong_none():
    assert run(3, (four, [4], 1), (two_parts, [1, 2], 2)) == 3.0
    assert run(3, (four, [5], 1), (two_parts, [0, 0], 2)) == 0.0


def test_questions_count_by_their_weight_and_parts_by_their_share():
    assert run(3, (four, [4], 1), (two_parts, [0, 0], 2)) == 1.0
    assert run(3, (four, [5], 1), (two_parts, [1, 0], 2)) == 1.0
    assert run(4, (four, [4], 3), (two_parts, [0, 2], 1)) == 3.5


def test_the_visible_part_alone_reaches_all_points():
    assert run(5, (four, [4], 1)) == run(5, (four, [4], 1), (two_parts, [1, 2], 7)) == 5.0


@pytest.mark.parametrize("points", [1, 3, np.float64(2.5)])
def test_the_score_is_a_plain_float_between_0_and_the_points(points):
    score = run(points, (four, [4], np.int64(1)), (two_parts, [1, 0], 3))
    assert type(score) is float
    assert 0 <= score <= points
    assert float(repr(score)) == score


def test_a_cell_that_asks_nothing_earns_nothing(capsys):
    assert run(3) == 0.0
    assert "nothing was asked" in capsys.readouterr().out


def test_a_name_that_is_missing_scores_0_and_says_what_to_do(capsys):
    with Checks(3) as check:
        check(four, 4)
        check(four, undefined_answer)  # noqa: F821
    assert check.score() == 0.0
    assert "undefined_answer is not there: has its cell been run" in capsys.readouterr().out


def test_an_error_in_the_cell_itself_scores_0_whatever_was_earned_before(capsys):
    with Checks(3) as check:
        check(four, 4)
        1 / 0  # noqa: B018
    assert check.score() == 0.0
    assert "the cell stopped with ZeroDivisionError" in capsys.readouterr().out


def test_an_interrupt_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt), Checks(3):
        raise KeyboardInterrupt


def test_an_answer_that_raises_costs_its_own_question_only(capsys):
    @question("calls it")
    def calls(f):
        yield Finding("first", f(1) == 1, "fine")
        yield Finding("second", f(0) == 1, "fine")

    score = run(2, (calls, [lambda x: 1 / x], 1), (four, [4], 1))
    assert score == 1.5
    assert "raised ZeroDivisionError" in capsys.readouterr().out


def test_what_an_early_end_leaves_out_counts_as_wrong_and_the_reason_is_told(capsys):
    @question("a pair", parts=4)
    def pair(x):
        yield Finding("first", True, "fine")
        raise Unusable("the rest is missing")

    assert run(2, (pair, [1], 1)) == 0.5
    assert "a pair: the rest is missing" in capsys.readouterr().out


def test_a_stub_is_not_answered_yet_and_scores_0(capsys):
    def stub():
        raise NotImplementedError

    @question("calls it")
    def calls(f):
        yield Finding("value", f() == 1, "fine")

    assert run(2, (calls, [stub], 1)) == 0.0
    out = capsys.readouterr().out
    assert "calls it: not answered yet" in out
    assert "NotImplementedError" not in out


@pytest.mark.parametrize(
    "answer",
    [lambda: None, lambda: print("4"), lambda: ..., lambda: {}.get("W")],
    ids=["none", "print", "dots", "key"],
)
def test_an_answer_that_returns_nothing_is_told_so_and_never_that_it_is_not_there(answer):
    @question("calls it")
    def calls(f):
        yield compare("value", f(), 4)

    report = calls(answer)
    assert report.verdict == "not yet"
    assert report.mistakes == ("left at None",)
    assert "not answered" not in str(report)


def test_a_name_without_a_value_is_still_the_students_turn():
    @question("two numbers")
    def both(a, b):
        yield compare("a", a, 1)
        yield compare("b", b, 2)

    assert both(None, 2).verdict == both(..., ...).verdict == both(1, None).verdict == "your turn"


def test_a_product_of_matrices_that_do_not_fit_is_told_by_their_shapes():
    X, dY = np.ones((3, 4)), np.ones((2, 4))
    for product in (lambda X, dY: X @ dY, lambda X, dY: np.dot(X, dY), lambda X, dY: np.matmul(X, dY)):
        ask = question("a product")(lambda product: iter([product(X, dY)]))
        said = str(ask(product))
        assert "raised ValueError: (3, 4) @ (2, 4): inner sizes 4 and 2" in said
        assert "gufunc" not in said
    ask = question("a product")(lambda product: iter([product(X, dY)]))
    assert "inner sizes 3 and 4" in str(ask(lambda X, dY: (X + 0).T @ (dY + 0).T))


def test_warnings_and_messages_of_an_answer_stay_off_stderr(capsys):
    @question("noisy")
    def noisy(f):
        yield Finding("value", f() == 4, "fine")

    def f():
        warnings.warn("careful", stacklevel=1)
        np.log(np.zeros(2))
        print("to stderr", file=sys.stderr)
        return 4

    assert run(2, (noisy, [f], 1)) == 2.0
    assert capsys.readouterr().err == ""


def test_the_text_names_right_questions_in_a_line_and_wrong_ones_in_full(capsys):
    run(3, (four, [4], 1), (two_parts, [1, 7], 1))
    assert capsys.readouterr().out.splitlines() == [
        "is it four?: right",
        "two parts: not yet",
        "  ok       a: a is 1?",
        "  not yet  b: b is 2?",
        "2.2 of 3 points in this cell",
    ]


def test_the_course_seed_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("BPLIB_COURSE_SEED", raising=False)
    assert course_seed() == 1
    monkeypatch.setenv("BPLIB_COURSE_SEED", "42")
    assert course_seed() == 42


@pytest.mark.parametrize("seed", ["0", "-1", "1.5", "spring", ""])
def test_a_course_seed_that_gives_the_visible_numbers_or_none_is_refused(seed, monkeypatch):
    monkeypatch.setenv("BPLIB_COURSE_SEED", seed)
    with pytest.raises(InputError, match=f"BPLIB_COURSE_SEED: needs a whole number above 0; got '{seed}'"):
        course_seed()


def test_an_answer_that_raises_hears_what_its_error_means():
    @question("rows times columns")
    def product(f):
        yield Finding("product", bool(f(np.ones((2, 3)), np.ones((2, 3))).size), "a product")

    said = str(product(lambda A, B: A @ B))
    assert "raised ValueError" in said and "inner sizes" in said


def test_an_answer_by_what_is_banned_scores_0_and_the_reason_is_told(capsys):
    @question("the middle", bans=["statistics.median"], asked="the task asks for a sort of your own")
    def middle(f):
        yield Finding("value", f([3, 1, 2]) == 2, "it is 2")

    assert run(2, (middle, [statistics.median], 1)) == 0.0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "not yet  the middle: does not count",
        "         library used: statistics.median did the work here; the task asks for a sort of your own",
    ]
    assert run(2, (middle, [lambda x: sorted(x)[1]], 1)) == 2.0


def test_naming_an_error_is_no_use_of_the_library():
    def product(x):
        return np.ones((2, 3)) @ np.ones((2, 3))

    ask = question("a product", bans=["bplib.check"])(lambda product: iter([product(1)]))
    assert ask(product).mistakes == ("shapes do not fit",)


def test_a_numerical_derivative_is_told_by_its_precision_and_a_wrong_one_hears_what_is_wrong():
    @question("the slope of x²", exact=lambda slope: [(slope(3.0), 6.0)])
    def squares(slope):
        yield Finding("slope", abs(slope(2.0) - 4) < 1e-6, "about 4?")

    assert squares(lambda x: 2 * x)
    assert squares(lambda x, h=1e-5: ((x + h) ** 2 - (x - h) ** 2) / (2 * h)).mistakes == (
        "numerical derivative",
    )
    assert squares(lambda x: x).mistakes == ()
    assert squares(lambda x: 4.0)


@pytest.mark.parametrize(
    ("points", "right", "said"),
    [(4, 2, "2.7 of 4"), (3, 3, "3 of 3"), (2, 0, "0 of 2"), (200, 2999, "199.9 of 200")],
)
def test_a_score_has_one_decimal_and_is_never_rounded_up_to_all_points(points, right, said, capsys):
    of = {4: 3, 3: 3, 2: 3, 200: 3000}[points]
    run(points, (four, [4], right), (four, [5], of - right))
    assert capsys.readouterr().out.splitlines()[-1] == f"{said} points in this cell"


def test_a_diagnosis_that_fits_several_cases_is_said_once(capsys):
    @question("three cases")
    def three(slope):
        for x in (1.0, 2.0, 3.0):
            yield compare(f"at {x}", slope(x), 2 * x, [Mistake("half of it", "a 2 is missing", x)])

    run(3, (three, [lambda x: x], 1))
    said = capsys.readouterr().out
    assert said.count("a 2 is missing") == 1
    assert [said.count(f"at {x}") for x in (1.0, 2.0, 3.0)] == [1, 1, 1]
    card = three(lambda x: x)._repr_html_()
    assert card.count("a 2 is missing") == 1 and "The same in 2 more." in card


def test_validate_is_told_the_same_words_where_points_are_missing(capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    run(3, (four, [4], 1), (two_parts, [1, 7], 1))
    told = capsys.readouterr()
    assert told.err == told.out and "not yet  b: b is 2?" in told.err
    run(3, (four, [4], 1))
    assert capsys.readouterr().err == ""


@pytest.fixture
def notebook(monkeypatch, tmp_path):
    """As in a student's notebook, where a diary is kept."""
    monkeypatch.setenv("BPLIB_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))


def test_a_student_sees_cards_and_no_bare_number_and_nbgrader_a_number(notebook, capsys):
    score = run(4, (four, [4], 2), (two_parts, [1, 7], 1), (four, [5], 0.1))
    assert capsys.readouterr().out == ""
    assert score == pytest.approx(3.2258, abs=1e-4)
    formats, _ = DisplayFormatter().format(score)
    assert formats["text/plain"] == repr(float(score))
    shown = formats["text/html"]
    assert [shown.count(f"<b>{title}</b>") for title in ("two parts", "3.2 of 4 points in this cell")] == [
        1,
        1,
    ]
    assert "b is 2?" in shown and str(float(score)) not in shown


def test_a_cell_that_stopped_says_so_on_a_card_too(notebook):
    with Checks(3) as check:
        check(four, undefined_answer)  # noqa: F821
    assert "undefined_answer is not there" in check.score()._repr_html_()


def test_a_notebook_that_is_graded_prints_and_returns_a_plain_float(notebook, monkeypatch, capsys):
    monkeypatch.setenv("BPLIB_PROGRESS", "off")
    assert type(run(3, (four, [4], 1))) is float
    assert "3 of 3 points" in capsys.readouterr().out
