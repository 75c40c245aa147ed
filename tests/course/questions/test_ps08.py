"""Assignment 8: what the notebook does with a finished engine, and what its questions can tell apart."""

import math

import pytest

from bplib.authoring.rehearsal import Assignment, is_test, run
from bplib.course.questions import ps08 as ask


@pytest.fixture(scope="module")
def ps08(root):
    return Assignment(root / "assignments", "ps08")


def test_the_engine_in_the_corner_finds_a_line_and_uses_no_line_of_bplib(ps08):
    corner = ps08.notebook.cells[-1]
    corner.source = corner.source.replace("# a_line()", "a_line()")
    said = run(ps08.notebook, tests=[])[corner.id].stdout
    assert said.startswith("loss 9.00 → 0.000") and said.endswith("y = 2.000 x + 1.000\n")


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_every_slip_of_a_sweep_gives_wrong_gradients_in_some_graph(seed):
    x, y = ask._numbers(seed, 2)
    told = set()
    for f in ask.GRAPHS.values():
        right = ask.numerical_gradient(f, (x, y))
        for slip in ask._slips_of_a_sweep(f, x, y):
            if not all(math.isclose(a, b, rel_tol=1e-6) for a, b in zip(slip.gives, right, strict=True)):
                told.add(slip.name)
    everything = (
        "overwritten at a fork, parents in a set, upstream ignored, before the users are done, visited twice"
    )
    assert told == set(everything.split(", "))


def test_a_drawn_graph_has_forks_and_names_that_the_output_does_not_need():
    for seed in range(1, 9):
        parents = ask._drawn(seed)
        under = ask._under(parents, next(reversed(parents)))
        uses = [parent for name in under for parent in parents[name]]
        assert len(uses) > len(set(uses)) and len(under) > 4
    assert any(len(ask._under(p := ask._drawn(seed), next(reversed(p)))) < len(p) for seed in range(9))


def test_every_test_cell_of_the_engine_asks_about_what_the_task_lists(ps08):
    (engine,) = [cell.source for cell in ps08.notebook.cells if is_test(cell) and "Value" in cell.source]
    for each in (
        "operators",
        "plain_numbers",
        "rules",
        "a_router",
        "forks",
        "deep_chain",
        "one_after_another",
    ):
        assert f"ask.{each}, Value" in engine
